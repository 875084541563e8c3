"""Several files in one request: a project's files, which gives what, and results side by side."""
