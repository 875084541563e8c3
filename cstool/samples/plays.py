"""Plays, and a health score, over the accounts of the sample project."""

from __future__ import annotations

HEALTH = """\
# What the health score of an account is made of, over columns of `cstool accounts`, and which signs are warnings.
# `cstool sample health-config` prints one with every key explained.
components:
  - {column: utilization, weight: 4, low: 0.3, high: 0.9}
  - {column: tickets_90d, weight: 2, low: 0, high: 6, better: lower}
  - {column: csat_last_score, weight: 2, low: 1, high: 5, name: csat}
  - {column: nps_last_score, weight: 2, low: 0, high: 10, name: nps}
bands: {red: 0, yellow: 50, green: 75}
rules:
  - rule: notice given
    when: notice_at is not null and mrr > 0
dates: [notice_at]
"""

PLAYS = """\
# Rules that make tasks for accounts; they run on the sample project, whose plays.yaml this is:
#   cstool sample project -o acme && cd acme
#   cstool plays --as-of 2026-10-31
#   cstool plays --as-of 2026-10-31 --check

# `when` is a condition on the columns of `cstool accounts`, health_score and as_of, the day that is looked at.
- play: renewal at risk
  when: days_to_renewal between 0 and 90 and health_score < 75
  once: [account, renewal_date]     # a new renewal date makes new tasks; without it, the tasks are made once
  owner: csm                        # a column, or {name: Ana}
  outcome: renewed at or above the old price
  tasks:
    - {do: "Check usage and open tickets of {account}", due: +1 workday, priority: A}
    - {do: "Ask the sponsor about plans", due: renewal_date - 60 days, priority: B}

- play: renewal near
  when: days_to_renewal between 0 and 30 and health_score >= 75
  once: [account, renewal_date]
  owner: csm
  outcome: renewed, with the seats that are needed
  tasks:
    - {do: "Send {account} the quote for {seats_used} of {seats_purchased} seats in use", due: +1 week, priority: B}

# `rule` is one of the health file.
- play: save
  rule: notice given
  once: [account, notice_at]
  owner: csm
  outcome: notice withdrawn
  tasks:
    - {do: "Ask {account} what would have to change", due: +1 workday, priority: A}
    - {do: "Agree on a plan with the sponsor", due: +2 weeks, priority: A}

- play: behind plan
  when: milestones_late > 0 and notice_at is null and days_to_renewal > 90
  owner: csm
  outcome: milestones reached
  tasks:
    - {do: "Agree on new dates with {account}", due: +3 workdays, priority: C}

# No workdays, beside Saturdays and Sundays.
- holidays: [2026-12-25, 2027-01-01]
"""
