"""Answers to a few survey questions, and the invitations to one of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

Row = Sequence[object]

FIRST = date(2026, 5, 1)
DAYS = 183
_LOYALTY = ("loyalty: recommend", "loyalty: buy again", "loyalty: try other products")
_SEGMENTS = ("SMB", "Mid-Market", "Enterprise")


def _responses(people: int, chance: random.Random) -> Iterator[Row]:
    """Each person answers one to three questions; one in twelve leaves a loyalty form unfinished."""
    yield "Respondent", "Segment", "Question", "Score", "Response date"
    for number in range(1, people + 1):
        person, segment = f"user{number:03d}@example.com", chance.choice(_SEGMENTS)
        day = FIRST + timedelta(days=chance.randrange(DAYS))
        mood = chance.gauss(0, 1)
        yield person, segment, "nps", _answer(7.8 + 1.9 * mood, 0, 10), day
        if chance.random() < 0.6:
            yield person, segment, "csat", _answer(4.1 + 0.9 * mood, 1, 5), day
        if chance.random() < 0.5:
            yield person, segment, "ces", _answer(5.3 + 1.4 * mood, 1, 7), day
        if chance.random() < 0.5:
            asked = _LOYALTY[:2] if chance.random() < 1 / 12 else _LOYALTY
            for question in asked:
                yield person, segment, question, _answer(7.4 + 1.5 * mood + chance.gauss(0, 1), 0, 10), day


def _answer(value: float, lowest: int, highest: int) -> int:
    return min(highest, max(lowest, round(value)))


def _invitations(people: int, chance: random.Random) -> Iterator[Row]:
    yield "Email", "Segment", "Sent at", "Answered at"
    for number in range(1, people * 3 + 1):
        sent = FIRST + timedelta(days=30 * chance.randrange(6) + chance.randrange(5))
        answered = sent + timedelta(days=chance.randrange(10)) if chance.random() < 0.27 else ""
        yield f"user{number:03d}@example.com", chance.choice(_SEGMENTS), sent, answered


SAMPLES: Mapping[str, Callable[[int, random.Random], Iterator[Row]]] = {
    "responses": _responses,
    "invitations": _invitations,
}
