"""The day that a task is due: counted from the run, or from a day of the account."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

SATURDAY = 5


class DueRule(NamedTuple):
    """`+1 workday`, or `renewal_date - 60 days` where a `column` is named; `number` is below 0 for days before it."""

    column: str = ""
    number: int = 0
    unit: str = "day"


def due_rule(text: str) -> DueRule:
    """The rule of a text that has the form of one."""
    found = re.fullmatch(r'(?:([A-Za-z_]\w*)|"([^"]+)")? *(?:([+-]) *(\d+) *([a-z]+))?', text.strip())
    assert found, text
    name, quoted, sign, number, unit = found.groups()
    return DueRule(name or quoted or "", int(f"{sign or ''}{number or 0}"), (unit or "day").removesuffix("s"))


def due_day(rule: DueRule, start: date, holidays: Collection[date] = ()) -> date | None:
    """The day a number of steps from `start`, the first of which is the day after it. None beyond the calendar."""
    try:
        if rule.unit == "workday":
            return _workdays(start, rule.number, holidays)
        if rule.unit == "month":
            return _months(start, rule.number)
        return start + timedelta(days=rule.number * (7 if rule.unit == "week" else 1))
    except (OverflowError, ValueError):
        return None


def _workdays(start: date, number: int, holidays: Collection[date]) -> date:
    """Monday to Friday, holidays left out."""
    day, step = start, timedelta(days=1 if number >= 0 else -1)
    for _ in range(abs(number)):
        day += step
        while day.weekday() >= SATURDAY or day in holidays:
            day += step
    return day


def _months(start: date, number: int) -> date:
    """The same day of another month, or its last one where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
