"""Spark as an engine: its session, its files, and the statements of DuckDB translated for it."""
