"""Rows that are no rows of their own, rows twice, names in doubt, and cells that cannot be read."""
