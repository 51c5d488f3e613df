"""The public pages: read-only, from the edition that is shown and from nothing else."""
