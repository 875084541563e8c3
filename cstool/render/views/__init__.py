"""Answers as views: what is shown of terms, results, files and projects, before any format."""
