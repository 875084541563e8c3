"""Quotas and stages of a subscription company."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

Row = Sequence[object]

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 10, 31)
_CSMS = ("Ines Okafor", "Jonas Weber", "Mei Tanaka", "Sam Rivera", "Tess Moreau")
_STAGES = {"Kickoff": 8, "Setup": 20, "Training": 12, "Live": 0}


def _day(chance: random.Random, first: date = FIRST, last: date = LAST) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _quotas(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "csm", "month", "quota", "attained"
    for number in range(accounts):
        csm, month = _CSMS[number % len(_CSMS)], number // len(_CSMS) % 10 + 1
        quota = chance.choice((20_000, 30_000, 50_000))
        yield csm, f"2026-{month:02d}", quota, int(round(quota * chance.uniform(0.5, 1.3), -2))


def _stages(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "stage", "entered_at", "exited_at", "churned_at"
    for number in range(1, accounts + 1):
        entered = _day(chance, last=TODAY)
        stays: list[tuple[str, date, date | None]] = []
        for stage, usual in _STAGES.items():
            stay = timedelta(days=max(1, int(chance.lognormvariate(0, 0.5) * usual)))
            left = entered + stay if usual and entered + stay <= TODAY else None
            stays.append((stage, entered, left))
            if left is None:
                break
            entered = left
        lost = entered + (TODAY - entered) / 2 if number % 9 == 0 else ""
        yield from ((f"A-{number:03d}", stage, begun, end or "", lost) for stage, begun, end in stays)


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    "quotas": _quotas,
    "stage-history": _stages,
}
