"""Answers -> characters. Knows results and entries, never a connection or a file."""
