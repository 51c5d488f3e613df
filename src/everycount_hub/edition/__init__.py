"""Editions of the portal: folders made from what is published, read by pages, API and export.

`write` makes one from the inputs that `queries.published` gathers; `read` opens it. Nothing here
knows accounts, drafts or the database.
"""
