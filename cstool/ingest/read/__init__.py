"""The ways to read a file: one scan, the scan and a few rows, row by row, or on Spark."""
