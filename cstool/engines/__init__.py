"""Engines run a query, nothing else."""
