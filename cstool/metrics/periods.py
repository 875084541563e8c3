"""Periods by their labels: the one before, the one of a year ago, and the last that a file has in full."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Literal

from cstool.metrics import windows
from cstool.metrics.as_of_dates import day_of, is_fiscal
from cstool.metrics.request import STEP_MONTHS, Step

Against = Literal["previous", "year-ago"]
YEAR = 12  # months


def earlier(period: str, against: Against) -> str:
    """The period that one is compared with: the one before it, of the same length, or that of twelve months earlier.

    `period` is a label as `as_of_dates.moment` spells it. Of a day it is the same day a month or a year earlier, or the
    last day of a shorter month; the last day of a month is compared with the last day of another.
    """
    last, step = windows.last_month(period)
    back = YEAR if against == "year-ago" else STEP_MONTHS[step]
    if day := day_of(period):
        return _day_in(last - back, day).isoformat()
    return ("FY" if is_fiscal(period) else "") + windows.period_name(last - back, step)


def _day_in(month: int, day: date) -> date:
    """The day of another month that stands where a day does in its own."""
    length = calendar.monthrange(day.year, day.month)[1]
    last = windows.last_day(month)
    return last if day.day == length else last.replace(day=min(day.day, last.day))


def last_complete(until: date, step: Step) -> str:
    """The last month, quarter or year of which a file that reaches up to a day has every day."""
    month = windows.month_number(until.year, until.month)
    if until < windows.last_day(month):
        month -= 1
    length = STEP_MONTHS[step]
    return windows.period_name((month + 1) // length * length - 1, step)
