"""Backup and restore: one archive that any hub of the same version can read."""
