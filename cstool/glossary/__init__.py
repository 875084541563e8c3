"""Entries, loading, checking and finding."""
