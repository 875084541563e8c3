"""Answers that are not one row a group: tables, accounts behind a number, health, comparisons."""
