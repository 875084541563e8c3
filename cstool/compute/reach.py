"""How far files go: the newest month and day that they tell of."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cstool.compute.source import Source
from cstool.model import windows
from cstool.model.as_of_dates import Step
from cstool.model.periods import CALENDAR, FiscalYear


class Reach(NamedTuple):
    """How far files go: the last month they tell of, None without dates, and the step they have to be counted by.

    The rows of files that look `ahead`, as those with due dates, go on up to a month after that.
    Quarters and years are of `year`; `unknown_year` is a period of a fiscal year of which no month is known.
    `until` is the last day that they tell of, for months and periods the last of theirs.
    """

    name: str
    last: int | None
    step: Step | None
    year: FiscalYear = CALENDAR
    unknown_year: str = ""
    ahead: int | None = None
    until: date | None = None


def reach_of(source: Source, per: Step | None) -> Reach:
    """How far files go, once they are read; `per` is the step that what is asked for is counted by."""
    step, year = source.own_step or per, source.year
    if source.has_months:
        newest = max(source.months)
        return Reach(source.name, newest, step, year, until=source.file_until or windows.last_day(newest))
    if source.periods:
        closing = source.year.last_month(source.periods[-1])[0]
        return Reach(source.name, closing, step, year, source.unknown_year, until=windows.last_day(closing))
    if source.shape.dated not in source.roles:
        return Reach(source.name, None, None)
    day = source.last_day
    latest = max(source.months, default=None)
    last = windows.month_number(day.year, day.month) if day else latest
    ahead = latest if source.shape.dated in source.shape.ahead else None
    if source.kind(source.shape.dated) == "period" and last is not None:
        day = windows.last_day(last)
    return Reach(source.name, last, step, year, source.unknown_year, ahead, day)
