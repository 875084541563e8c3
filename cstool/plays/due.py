"""The day that a task is due: counted from the run, or from a day of the account."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

SATURDAY = 5
WEEK = 5  # workdays


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
    """Monday to Friday, holidays left out; whole weeks at once, as a long way off is asked for of many accounts."""
    day, left, sign = start, abs(number), 1 if number >= 0 else -1
    free = [one for one in holidays if one.weekday() < SATURDAY]
    while left > WEEK:
        weeks = (left - 1) // WEEK
        then = day + timedelta(weeks=sign * weeks)
        left += sum(0 < (one - day).days * sign <= (then - day).days * sign for one in free) - weeks * WEEK
        day = then
    while left:
        day += timedelta(days=sign)
        left -= day.weekday() < SATURDAY and day not in holidays
    return day


def _months(start: date, number: int) -> date:
    """The same day of another month, or its last one where it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
