"""Accounts from all files of a project: what each tells of them on a day, brought together, a row an account.

`table` is what the commands call.
"""
