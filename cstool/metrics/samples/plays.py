"""Plays that run on the accounts of the samples."""

from __future__ import annotations

PLAYS = """\
# Rules that make tasks, for the accounts for which `when` holds.
#   cstool sample accounts > accounts.csv
#   cstool plays accounts.csv --plays plays.yaml

- play: renewal near
  when: renewal_date - as_of between 0 and 90 and status = 'active'
  once: [account, renewal_date]
  owner: csm
  outcome: renewed at or above the old price
  tasks:
    - {do: "Check usage and open tickets of {account}", due: +1 workday, priority: A}
    - {do: "Ask the sponsor of {account} about plans", due: renewal_date - 60 days, priority: B}

# No workdays, beside Saturdays and Sundays.
- holidays: [2026-12-25, 2027-01-01]
"""
