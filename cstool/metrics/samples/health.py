"""Signals of accounts, and a configuration that makes a health score of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

Row = Sequence[object]

TODAY = date(2026, 10, 31)


def _signals(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield (
        "account",
        "segment",
        "plan",
        "weekly_users",
        "weekly_users_before",
        "features_used",
        "open_escalations",
        "nps_answer",
        "renewal_date",
    )
    for number in range(1, accounts + 1):
        segment = chance.choices(("SMB", "Mid-Market", "Enterprise"), (6, 4, 2))[0]
        before = int(chance.uniform(2, 60))
        users = max(0, int(before * chance.choice((0.3, 0.7, 0.9, 1, 1, 1.1, 1.3))))
        yield (
            f"A-{number:03d}",
            segment,
            chance.choice(("Basic", "Pro", "Pro")),
            users,
            before,
            chance.randrange(1, 11),
            chance.choice((0, 0, 0, 0, 1, 1, 2, 4)),
            "" if chance.random() < 0.4 else chance.choice((2, 5, 6, 7, 8, 8, 9, 9, 10)),
            TODAY + timedelta(days=chance.randrange(5, 365)),
        )


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {"signals": _signals}

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
