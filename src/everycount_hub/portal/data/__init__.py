"""The data catalogue: datasets, their versions, and their files."""
