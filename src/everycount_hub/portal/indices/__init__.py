"""The pages of composite indices: ranking, units, comparison, editions, own weights, audit."""
