"""Plays: from accounts and a file of rules to tasks. In comes a list of accounts, out come tasks with stable ids.

`planning` is what the commands call; `cstool.render` writes tasks in the formats of other programs.
"""
