"""Periods by their labels, in the calendar or a fiscal year: the one before, that of a year ago, the last complete one.

A label of a fiscal year, `FY2027-Q1`, stands for other months than it would as one of the calendar; how many lie
between is all that a fiscal year changes.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal, NamedTuple

from cstool.errors import UsageError
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS, Step, day_of, is_fiscal
from cstool.model.month_names import MONTHS
from cstool.model.weeks import week_name, week_number, week_of

Against = Literal["previous", "year-ago"]
YEAR = 12  # months


class FiscalYear(NamedTuple):
    """The month that a company's year `starts` with, 0 where it is not known and 1 for the calendar's.

    A fiscal year is `named` for the calendar year that it ends or starts in.
    """

    starts: int = 0
    named: Literal["end", "start"] = "end"

    @property
    def differs(self) -> bool:
        """Whether it is another year than the calendar's."""
        return self.starts > 1

    @property
    def offset(self) -> int:
        """The months of the calendar year before its first one."""
        return max(self.starts - 1, 0)

    @property
    def ahead(self) -> int:
        """By how many months its labels lie ahead of their months, were they of the calendar."""
        return (YEAR if self.differs and self.named == "end" else 0) - self.offset

    def last_month(self, period: str) -> tuple[int, Step]:
        """The last month of a period as `moments` spells it, and its step."""
        last, step = windows.last_month(period)
        return (last - self.ahead if is_fiscal(period) else last), step

    def last_day_of(self, moment: str) -> date:
        """The day that a moment is, or the last one of its period."""
        return day_of(moment) or windows.last_day(self.last_month(moment)[0])

    def period_name(self, last: int, step: Step | None) -> str:
        """The period that ends with a month: `2026-10`, `2026-Q4`, and in a fiscal year `FY2027-Q1`, `FY2027`."""
        if self.differs and step in ("quarter", "year"):
            return f"FY{windows.period_name(last + self.ahead, step)}"
        return windows.period_name(last, step)

    def day_named(self, moment: str) -> date:
        """As `last_day_of`. Raises UsageError for a label of which the months are not certain."""
        if is_fiscal(moment) and not self.starts:
            raise UsageError(
                f"--as-of {moment}: no fiscal year is known",
                hint="name the year's first month in cstool.yaml: fiscal_year_starts: february",
                code="bad-period",
            )
        self.refuse_calendar_label(moment)
        return self.last_day_of(moment)

    def closing(self, month: int, step: Step) -> int:
        """The last month of the period that a month lies in."""
        length = STEP_MONTHS[step]
        return (month - self.offset) // length * length + length - 1 + self.offset

    def last_whole(self, month: int, step: Step) -> int:
        """The last month of the newest period that has ended with a month."""
        closing = self.closing(month, step)
        return closing if closing == month else closing - STEP_MONTHS[step]

    def last_complete(self, until: date, step: Step) -> str:
        """The last period of which a file that reaches up to a day has every day."""
        if step == "week":
            return week_name(week_number(until + timedelta(days=1)) - 1)
        month = windows.month_number(until.year, until.month)
        if until < windows.last_day(month):
            month -= 1
        return self.period_name(self.last_whole(month, step), step)

    def meaning(self, periods: Iterable[str]) -> str:
        """What the last of some labels means, `FY2027 is 2026-02 to 2027-01`; '' where none is of this year."""
        labels = [period for period in periods if is_fiscal(period)]
        if not labels or not self.differs:
            return ""
        label = labels[-1]
        whole, quarter, _ = label.partition("-")
        own = f", {label} is {self._months(label)}" if quarter else ""
        return f"{whole} is {self._months(whole)}{own}"

    def _months(self, label: str) -> str:
        last, step = self.last_month(label)
        return f"{windows.month_name(last - STEP_MONTHS[step] + 1)} to {windows.month_name(last)}"

    def refuse_calendar_label(self, period: str) -> None:
        """Raises UsageError for a quarter or year of the calendar where there is a fiscal one that could be meant."""
        last, step = windows.last_month(period)
        if not self.differs or is_fiscal(period) or day_of(period) or step == "month":
            return
        month = windows.month_name(last)
        raise UsageError(
            f"--as-of {period}: the fiscal year starts in {MONTHS[self.starts - 1].capitalize()}; is it FY{period},"
            f" {self._months(f'FY{period}')}, or the {step} that ends with {month}?",
            hint=f"write FY{period}, or the month: {month}",
            code="bad-period",
        )


CALENDAR = FiscalYear()


def fiscal_month(text: str) -> int:
    """The month of a name, its beginning or a number: `february`, `Feb`, `2`. Raises UsageError."""
    bare = text.strip().lower()
    number = int(bare) if bare.isascii() and bare.isdigit() else 0
    found = [i for i, name in enumerate(MONTHS, 1) if (i == number or (len(bare) > 2 and name.startswith(bare)))]
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"--fiscal-year-starts: '{text}' is no month", hint="write it as february, feb or 2", code="bad-value"
    )


def earlier(period: str, against: Against) -> str:
    """The period that one is compared with: the one before it, of the same length, or that of twelve months earlier.

    `period` is a label as `as_of_dates.moment` spells it. Of a day it is the same day a month or a year earlier, or the
    last day of a shorter month; the last day of a month is compared with the last day of another. Of a week it is that
    of the same number; '' where the year before has none.
    """
    if (week := week_of(period)) is not None:
        return week_name(week - 1) if against == "previous" else _year_before(period)
    last, step = windows.last_month(period)
    back = YEAR if against == "year-ago" else STEP_MONTHS[step]
    if day := day_of(period):
        return _day_in(last - back, day).isoformat()
    return ("FY" if is_fiscal(period) else "") + windows.period_name(last - back, step)


def _year_before(week: str) -> str:
    label = f"{int(week[:4]) - 1:04d}{week[4:]}"
    try:
        return label if day_of(label) else ""
    except ValueError:  # a 53rd week
        return ""


def _day_in(month: int, day: date) -> date:
    """The day of another month that stands where a day does in its own."""
    length = calendar.monthrange(day.year, day.month)[1]
    last = windows.last_day(month)
    return last if day.day == length else last.replace(day=min(day.day, last.day))
