"""Users from signup to payment, onboardings, what users do, and seats."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

Row = Sequence[object]

FIRST, LAST = date(2026, 5, 1), date(2026, 10, 31)
DAYS = (LAST - FIRST).days
_CHANNELS = ("Search", "Referral", "Partner")
_SEGMENTS = ("SMB", "Mid-Market", "Enterprise")
_FEATURES = {"dashboard": 40, "reports": 25, "export": 12, "alerts": 8, "api": 4, "audit log": 2}


def _users(users: int, chance: random.Random) -> Iterator[Row]:
    yield "user_id", "signed_up_at", "channel", "invited", "activated_at", "first_value_at", "converted_at"
    for number in range(1, users * 5 + 1):
        start = FIRST + timedelta(days=chance.randrange(DAYS + 1))
        activated = _later(start, chance.expovariate(1 / 6), chance.random() < 0.45)
        value = _later(activated, chance.expovariate(1 / 8), chance.random() < 0.8) if activated else None
        paid = _later(value, chance.expovariate(1 / 25), chance.random() < 0.2) if value else None
        invited = min(8, int(chance.expovariate(0.9)) + bool(activated))
        yield f"u{number:04d}", start, chance.choice(_CHANNELS), invited, activated or "", value or "", paid or ""


def _later(start: date, days: float, happens: bool) -> date | None:
    """A day some days on, if it happens and the sample still tells of it."""
    day = start + timedelta(days=int(days))
    return day if happens and day <= LAST else None


def _onboardings(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "segment", "started_at", "completed_at"
    for number in range(1, accounts * 2 + 1):
        start = FIRST + timedelta(days=chance.randrange(DAYS + 1))
        done = _later(start, 10 + chance.expovariate(1 / 25), chance.random() < 0.85)
        yield f"A-{number:03d}", chance.choice(_SEGMENTS), start, done or ""


def _events(users: int, chance: random.Random) -> Iterator[Row]:
    """Two months of actions; users differ in how often they come, and most stay away at weekends."""
    yield "user_id", "account", "feature", "timestamp"
    rows = []
    for number in range(1, users + 1):
        habit = chance.choice((0.03, 0.1, 0.25, 0.6))
        liked = chance.sample(list(_FEATURES), chance.randint(1, 4))
        for day in range((LAST - date(2026, 9, 1)).days + 1):
            start = datetime(2026, 9, 1) + timedelta(days=day)
            if chance.random() < habit * (0.15 if start.weekday() > 4 else 1):
                for _ in range(chance.randint(1, 2)):
                    moment = start + timedelta(minutes=chance.randint(7 * 60, 19 * 60))
                    feature = chance.choices(liked, [_FEATURES[one] for one in liked])[0]
                    rows.append((f"u{number:03d}", f"A-{number % 8:02d}", feature, moment))
    yield from ((*row[:3], row[3].isoformat(" ")) for row in sorted(rows, key=lambda row: row[3]))


def _seats(accounts: int, chance: random.Random) -> Iterator[Row]:
    yield "account", "segment", "seats_purchased", "seats_used"
    for number in range(1, accounts + 1):
        segment = chance.choice(_SEGMENTS)
        bought = chance.choice({"SMB": (5, 10, 20), "Mid-Market": (25, 50, 100), "Enterprise": (200, 500)}[segment])
        yield (
            f"A-{number:03d}",
            segment,
            bought,
            min(int(bought * chance.betavariate(4, 2)), bought) + chance.randint(0, 1),
        )


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    "users": _users,
    "onboardings": _onboardings,
    "events": _events,
    "seats": _seats,
}
