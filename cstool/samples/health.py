"""A configuration that makes a health score of signals."""

from __future__ import annotations

CONFIG = """\
# What a health score is made of, and which signs are warnings:
#   cstool sample signals > signals.csv
#   cstool calc health-score signals.csv --config health.yaml
#   cstool calc early-warning signals.csv --config health.yaml --as-of 2026-10

# Each column of the file that counts. Values up to `low` score 0, from `high` on 100, between them in proportion;
# `better: lower` turns that round. Only the proportions of the weights matter. A blank drops out with its weight.
components:
  - {column: weekly_users, weight: 4, low: 0, high: 40}
  - {column: features_used, weight: 2, low: 1, high: 8}
  - {column: open_escalations, weight: 2, low: 0, high: 3, better: lower}
  - {column: nps_answer, weight: 2, low: 0, high: 10, name: nps}

# The score at which each band begins; a score on the edge belongs to the band that begins there.
bands: {red: 0, yellow: 50, green: 75}

# Conditions over an account's columns. `health_score` is the score, `as_of` the last day of --as-of.
rules:
  - rule: usage fell by half
    when: weekly_users <= weekly_users_before * 0.5
  - rule: several escalations
    when: open_escalations >= 2
  - rule: renewal near and not green
    when: renewal_date - as_of between 0 and 90 and health_score < 75

# Columns of the rules that hold no numbers.
texts: [plan]
dates: [renewal_date]
"""
