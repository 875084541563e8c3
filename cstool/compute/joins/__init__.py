"""Accounts across files: other names for them, columns of other files, and near names."""
