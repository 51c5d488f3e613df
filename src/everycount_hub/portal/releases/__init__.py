"""Releases: what was published together, what changed, and everything in one file."""
