"""ISO weeks as numbers: whole weeks since that of Monday, 1970-01-05, in Python and in SQL."""

from __future__ import annotations

import re
from datetime import date, timedelta

from cstool.model.as_of_dates import day_of, is_week
from cstool.model.windows import window_months

_FIRST = date(1970, 1, 5)
_BEFORE = 10_000  # weeks that the number of days is moved by, so that none is below 0 where it is divided


def week_number(day: date) -> int:
    """The number of the week that a day lies in."""
    return (day - _FIRST).days // 7


def monday(week: int) -> date:
    return _FIRST + timedelta(weeks=week)


def sunday(week: int) -> date:
    return monday(week) + timedelta(days=6)


def week_name(week: int) -> str:
    """`2026-W48`: the ISO year is that of the week's Thursday."""
    year, number, _ = monday(week).isocalendar()
    return f"{year:04d}-W{number:02d}"


def week_of(period: str) -> int | None:
    """The number of the week that a label names; None where it names something else."""
    day = day_of(period) if is_week(period) else None
    return week_number(day) if day else None


def window_fields(text: str | None) -> dict[str, int | None]:
    """A window as a field of `CalcRequest`: `4w` in weeks, all others in months. Raises UsageError for what is none."""
    found = re.fullmatch(r"\s*([1-9]\d{0,2})\s*(?:w|weeks?)\s*", (text or "").lower())
    return {"weeks": int(found[1])} if found else {"window": window_months(text) if text else None}


def week_sql(day: str) -> str:
    """SQL of the number of the week that a date lies in."""
    return f"cast((date_diff('day', date '{_FIRST}', cast({day} as date)) + {7 * _BEFORE}) // 7 - {_BEFORE} as integer)"


def monday_sql(week: str) -> str:
    """SQL of the first day of a week."""
    return f"cast(date '{_FIRST}' + cast({week} * 7 as integer) as date)"


def sunday_sql(week: str) -> str:
    """SQL of the last day of a week."""
    return f"cast(date '{monday(0) + timedelta(days=6)}' + cast({week} * 7 as integer) as date)"
