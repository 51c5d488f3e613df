"""Arithmetic on arrays: every formula, without names, tables or files."""
