"""Tickets of half a year, under the headers of a help desk's export."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

Row = Sequence[object]

FIRST = datetime(2026, 5, 1, 8)
DAYS = 184
_GROUPS = {"Billing": 120.0, "Product": 300.0, "Technical": 700.0}  # usual minutes to the first reply


def _tickets(tickets: int, chance: random.Random) -> Iterator[Row]:
    """Waits are long-tailed; the last days' tickets are partly open, a few still without a reply."""
    yield (
        "Id",
        "Created at",
        "Solved at",
        "Status",
        "Group",
        "Priority",
        "Reopens",
        "Replies",
        "First reply time in minutes",
        "First reply time in minutes within business hours",
        "Full resolution time in minutes",
        "Escalated",
    )
    end = FIRST + timedelta(days=DAYS)
    days = sorted(chance.uniform(0, DAYS) for _ in range(tickets * 6))
    for number, day in enumerate(days, 4001):
        opened = FIRST + timedelta(minutes=int(day * 24 * 60))
        group = chance.choice(list(_GROUPS))
        wait = int(chance.lognormvariate(0, 1.1) * _GROUPS[group]) + 2
        replies = chance.choices((1, 2, 3, 5, 8), (45, 25, 15, 10, 5))[0]
        reopens = chance.choices((0, 1, 2), (90, 8, 2))[0]
        effort = wait + int(chance.lognormvariate(0, 0.9) * 240 * replies * (1 + reopens))
        answered, solved = opened + timedelta(minutes=wait) <= end, opened + timedelta(minutes=effort) <= end
        yield (
            number,
            opened.isoformat(" "),
            (opened + timedelta(minutes=effort)).isoformat(" ") if solved else "",
            "Solved" if solved else "Open",
            group,
            chance.choice(("Low", "Normal", "Normal", "High")),
            reopens if solved else 0,
            replies if solved else int(answered),
            wait if answered else "",
            int(wait * 0.4) + 1 if answered else "",
            effort if solved else "",
            "yes" if chance.random() < 0.05 * replies else "no",
        )


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {"tickets": _tickets}
