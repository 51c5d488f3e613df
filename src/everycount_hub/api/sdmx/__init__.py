"""SDMX REST 2.x and 1.5 over what is published."""
