"""Users from signup to payment."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

Row = Sequence[object]

FIRST, LAST = date(2026, 5, 1), date(2026, 10, 31)
DAYS = (LAST - FIRST).days
_CHANNELS = ("Search", "Referral", "Partner")


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


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    "users": _users,
}
