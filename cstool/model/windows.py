"""Months as numbers, and which months a window compares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from cstool.errors import InputError, UsageError
from cstool.model.as_of_dates import Step, day_of

if TYPE_CHECKING:
    from cstool.model.periods import FiscalYear


def month_number(year: int, month: int) -> int:
    """Months since year 0."""
    return year * 12 + month - 1


def month_name(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def last_day(number: int) -> date:
    """The last day of a month number."""
    return date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)


def first_day(number: int) -> date:
    """The first day of a month number."""
    return date(number // 12, number % 12 + 1, 1)


def period_name(last: int, step: Step | None) -> str:
    """The period that ends with month number `last`: `2026-10`, `2026-Q4`, `2026`."""
    if step == "quarter":
        return f"{last // 12:04d}-Q{last % 12 // 3 + 1}"
    return f"{last // 12:04d}" if step == "year" else month_name(last)


def last_month(period: str) -> tuple[int, Step]:
    """The last month of a period as `moments` spells it, and its step.

    A fiscal year counts as one of the calendar, a week or day as the month that it ends in.
    """
    if sunday := day_of(period):
        return month_number(sunday.year, sunday.month), "month"
    year, _, rest = period.removeprefix("FY").partition("-")
    if rest.startswith("Q"):
        return month_number(int(year), 3 * int(rest[1])), "quarter"
    if rest:
        return month_number(int(year), int(rest[:2])), "month"
    return month_number(int(year), 12), "year"


def window_months(text: str) -> int:
    """`12m`, `12 months`, `4q`, `1y` or `12` as months. Raises UsageError."""
    found = re.fullmatch(r"\s*([1-9]\d{0,3})\s*(m|months?|q|quarters?|y|years?)?\s*", text.lower())
    if not found:
        raise UsageError(
            f"'{text}' is no window",
            hint="write weeks as 4w, months as 12m, quarters as 4q, years as 1y",
            code="bad-value",
        )
    unit = (found[2] or "m")[0]
    return int(found[1]) * {"m": 1, "q": 3, "y": 12}[unit]


class Span(NamedTuple):
    """A window of `length` months that closes with month `last`; of length 0, just that month."""

    last: int
    length: int

    @property
    def first(self) -> int:
        return self.last - self.length


def closing_months(
    months: Collection[int], every: Step | None, as_of: str | None, where: str, year: FiscalYear
) -> list[int]:
    """The last months of the periods asked for, given the months a file holds.

    Raises InputError where `as_of` lies outside, UsageError where it does not fit `every`.
    """
    first, last = min(months), max(months)
    if as_of:
        asked, _ = year.last_month(as_of)
        if not first <= asked <= last:
            raise InputError(
                f"{where}: --as-of {as_of} ends with {month_name(asked)}, but the file holds"
                f" {month_name(first)} to {month_name(last)}",
                code="period-not-covered",
            )
        last = asked
    if not every:
        return [last]
    closing = [month for month in range(first, last + 1) if year.closing(month, every) == month]
    if not closing:
        raise InputError(
            f"{where}: no whole {every} ends between {month_name(first)} and {month_name(last)}",
            hint="ask for --every month",
            code="period-not-covered",
        )
    return closing


def gaps(months: Collection[int]) -> list[int]:
    """Months between the first and the last that are missing."""
    return [month for month in range(min(months), max(months) + 1) if month not in set(months)]


def covered(spans: Iterable[Span], months: Collection[int], *, before: bool = False) -> list[Span]:
    """The windows whose two ends the file holds; with `before` months ahead of its first are known to be empty."""
    held = set(months)
    first = min(held)
    return [span for span in spans if span.last in held and (span.first in held or (before and span.first < first))]


Opening = Literal[0, 1]


def emissions(spans: Sequence[Span]) -> list[tuple[int, int, int, Opening]]:
    """For each month of the ledger, the windows it closes and opens: (month, last, length, opens)."""
    closes: list[tuple[int, int, int, Opening]] = [(span.last, span.last, span.length, 0) for span in spans]
    opens: list[tuple[int, int, int, Opening]] = [
        (span.first, span.last, span.length, 1) for span in spans if span.length
    ]
    return sorted(closes + opens)
