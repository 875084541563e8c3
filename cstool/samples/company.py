"""Further files of the company that `story` tells of: portfolios, signs of health, a survey of many questions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from cstool.model.windows import first_day
from cstool.samples.account_lists import PLANS, Account
from cstool.samples.revenue import LAST
from cstool.samples.story import TODAY, Maker, domain, mrr_in, on, paying, trouble

Row = Sequence[object]

_LOYALTY = ("loyalty: recommend", "loyalty: buy again", "loyalty: try other products")


def _book(company: Sequence[Account], _: random.Random) -> Iterator[Row]:
    """Whose account each is, and its MRR now and a year ago; one in twenty is nobody's."""
    yield "csm", "account_id", "account", "segment", "arr", "starting_mrr", "ending_mrr"
    for number, one in enumerate(company, 1):
        before, now = mrr_in(one, LAST - 12), mrr_in(one, LAST)
        if before or now:
            yield "" if number % 20 == 0 else one.csm, one.key, one.name, one.segment, now * 12, before, now


def _responses(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """Two people an account answer one to three questions; one in twelve leaves a loyalty form unfinished."""
    yield "account_id", "Respondent", "Segment", "Question", "Score", "Response date"
    for one, month in paying(company, 6):
        for person in (1, 2):
            if chance.random() < 0.45:
                head = (one.key, f"user{person}@{domain(one)}", one.segment)
                yield from _answers(head, chance.gauss(0.2, 0.8) - 2.5 * trouble(one, month), on(month, chance), chance)


def _answers(head: Row, mood: float, day: date, chance: random.Random) -> Iterator[Row]:
    yield *head, "nps", _answer(7.8 + 1.9 * mood, 0, 10), day
    if chance.random() < 0.6:
        yield *head, "csat", _answer(4.1 + 0.9 * mood, 1, 5), day
    if chance.random() < 0.5:
        yield *head, "ces", _answer(5.3 + 1.4 * mood, 1, 7), day
    if chance.random() < 0.5:
        for question in _LOYALTY[:2] if chance.random() < 1 / 12 else _LOYALTY:
            yield *head, question, _answer(7.4 + 1.5 * mood + chance.gauss(0, 1), 0, 10), day


def _answer(value: float, lowest: int, highest: int) -> int:
    return min(highest, max(lowest, round(value)))


def _invitations(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "Email", "Segment", "Sent at", "Answered at"
    for one, month in paying(company, 6):
        sent = first_day(month) + timedelta(days=chance.randrange(5))
        answered = sent + timedelta(days=chance.randrange(10)) if chance.random() < 0.27 else ""
        yield one.key, f"user{1 + month % 2}@{domain(one)}", one.segment, sent, answered


def _signals(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """Signs of each customer; those of an account that is about to shrink or leave are bad."""
    yield (
        "account", "segment", "plan", "weekly_users", "weekly_users_before", "features_used",
        "open_escalations", "nps_answer", "renewal_date",
    )  # fmt: skip
    for one, month in paying(company, 1):
        bad = trouble(one, month)
        before = int(chance.uniform(5, 60))
        users = max(0, int(before * (chance.choice((0.7, 0.9, 1, 1, 1.1, 1.3)) - 0.6 * bad)))
        answer = chance.choice((5, 6, 7, 8, 8, 9, 9, 10)) - round(4 * bad)
        yield (
            one.key, one.segment, PLANS[one.segment], users, before,
            max(1, chance.randrange(2, 11) - round(6 * bad)), chance.choice((0, 0, 0, 0, 1, 1, 2)) + round(2 * bad),
            "" if chance.random() < 0.4 else answer, max(first_day(one.renewal), TODAY + timedelta(days=1)),
        )  # fmt: skip


FURTHER: Mapping[str, Maker] = {
    "book": _book,
    "responses": _responses,
    "invitations": _invitations,
    "signals": _signals,
}
