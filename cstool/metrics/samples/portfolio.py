"""Contracts due, deals, portfolios, quotas, goals and stages of a subscription company."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

Row = Sequence[object]

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
TODAY = date(2026, 10, 31)
_CSMS = ("Ines Okafor", "Jonas Weber", "Mei Tanaka", "Sam Rivera", "Tess Moreau")
_SELLERS = ("Anya Petrova", "Ben Carter", "Chloe Dubois", "Dev Patel")
_OPEN = {
    "Appointment Scheduled": 0.2,
    "Qualified To Buy": 0.4,
    "Presentation Scheduled": 0.6,
    "Contract Sent": 0.9,
}
_STAGES = {"Kickoff": 8, "Setup": 20, "Training": 12, "Live": 0}


def _day(chance: random.Random, first: date = FIRST, last: date = LAST) -> date:
    return first + timedelta(days=chance.randrange((last - first).days + 1))


def _renewals(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "segment", "csm", "due_date", "amount", "status", "renewed_at", "renewed_amount", "probability"
    for number in range(1, accounts + 1):
        segment = chance.choices(("SMB", "Mid-Market", "Enterprise"), (6, 4, 2))[0]
        amount = int(round(chance.uniform(*{"SMB": (2e3, 9e3), "Mid-Market": (1e4, 4e4)}.get(segment, (5e4, 2e5))), -2))
        due = _day(chance)
        head = (f"A-{number:03d}", segment, chance.choice(_CSMS), due, amount)
        if due > TODAY:
            yield *head, "Open", "", "", f"{chance.choice((40, 60, 75, 90))}%"
        elif chance.random() < 0.86:
            signed = due + timedelta(days=chance.choice((-45, -20, -10, -5, -1, 0, 0, 6, 15)))
            yield *head, "Renewed", signed, round(amount * chance.choice((0.9, 1, 1, 1.05, 1.1)), -1), "100%"
        else:
            yield *head, "Lost", "", "", "0%"


def _notices(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "notice_date", "reason", "withdrawn_on", "churn_date"
    for number in range(1, accounts + 1):
        given = _day(chance, last=TODAY)
        reason = chance.choice(("price", "missing feature", "sponsor left", "not used"))
        if chance.random() < 0.35:
            saved = min(TODAY, given + timedelta(days=chance.randrange(3, 40)))
            again = saved + timedelta(days=chance.randrange(20, 120)) if chance.random() < 0.2 else None
            yield f"A-{number:03d}", given, reason, saved, again if again and again <= TODAY else ""
        else:
            left = given + timedelta(days=chance.randrange(30, 90))
            yield f"A-{number:03d}", given, reason, "", left if left <= TODAY else ""


def _departures(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "churn_date", "reason", "returned_at"
    for number in range(1, accounts + 1):
        left = _day(chance, last=TODAY)
        back = left + timedelta(days=chance.randrange(20, 200)) if chance.random() < 0.2 else None
        reason = chance.choice(("price", "missing feature", "sponsor left", "not used"))
        yield f"A-{number:03d}", left, reason, back if back and back <= TODAY else ""


def _deals(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield (
        "Record ID",
        "Deal Name",
        "Deal Stage",
        "Amount",
        "Deal owner",
        "Create Date",
        "Close Date",
        "Deal probability",
        "Term months",
        "Setup fee",
    )
    for number in range(1, accounts + 1):
        created = _day(chance, last=TODAY)
        years = chance.choice((1, 1, 1, 2, 3))
        fee = chance.choice((0, 0, 500, 1500))
        amount = int(round(chance.uniform(3e3, 6e4), -2)) * years + fee
        closed = created + timedelta(days=int(chance.lognormvariate(3.6, 0.6)))
        if closed <= TODAY:
            won = chance.random() < 0.3
            stage, probability = ("Closed Won", 1.0) if won else ("Closed Lost", 0.0)
        else:
            stage, probability = chance.choice(list(_OPEN.items()))
        name, owner = f"Deal {number}", chance.choice(_SELLERS)
        yield 9000 + number, name, stage, amount, owner, created, closed, probability, 12 * years, fee


def _quotas(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "csm", "month", "quota", "attained"
    for number in range(accounts):
        csm, month = _CSMS[number % len(_CSMS)], number // len(_CSMS) % 10 + 1
        quota = chance.choice((20_000, 30_000, 50_000))
        yield csm, f"2026-{month:02d}", quota, int(round(quota * chance.uniform(0.5, 1.3), -2))


def _book(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "csm", "account", "segment", "arr", "starting_mrr", "ending_mrr"
    for number in range(1, accounts + 1):
        segment = chance.choices(("SMB", "Mid-Market", "Enterprise"), (6, 4, 2))[0]
        usual = {"SMB": (100, 700), "Mid-Market": (800, 3e3)}.get(segment, (4e3, 15e3))
        before = int(round(chance.uniform(*usual), -1))
        now = int(round(before * chance.choice((0.8, 1, 1, 1, 1.1, 1.25)), -1))
        csm = "" if chance.random() < 0.05 else chance.choice(_CSMS)
        yield csm, f"A-{number:03d}", segment, now * 12, before, now


def _goals(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "objective", "key_result", "start", "target", "current"
    aims = (
        ("Keep revenue", "GRR in percent", 88, 92),
        ("Keep revenue", "monthly churn in percent", 3, 2),
        ("Faster start", "days to first value", 30, 14),
        ("Faster start", "onboardings finished in percent", 60, 85),
        ("Known by name", "accounts with a sponsor", 120, 200),
        ("Known by name", "references", 4, 12),
    )
    for number in range(accounts):
        aim, result, start, target = aims[number % len(aims)]
        current = round(start + (target - start) * chance.uniform(-0.1, 1.1), 1)
        yield aim, result if number < len(aims) else f"{result} ({number // len(aims) + 1})", start, target, current


def _milestones(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "milestone", "due", "done_at"
    for number in range(accounts):
        steps = ("Kickoff held", "Data migrated", "Admins trained", "First report used")
        due = _day(chance, last=TODAY - timedelta(days=60))
        for step in steps:
            due += timedelta(days=14)
            done = due + timedelta(days=chance.randrange(-6, 12))
            yield f"A-{number // 4 + 1:03d}-{number % 4 + 1}", step, due, done if chance.random() < 0.85 else ""


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
    "renewals": _renewals,
    "notices": _notices,
    "departures": _departures,
    "deals": _deals,
    "quotas": _quotas,
    "book": _book,
    "goals": _goals,
    "milestones": _milestones,
    "stage-history": _stages,
}
