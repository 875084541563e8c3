"""Months in SQL: the number of a date's month, and from such numbers dates, weekdays and periods as people write them.

A month number counts the months since year 0; `windows` has the same of months that are known already.
"""

from __future__ import annotations

from cstool.backends.duck import identifier


def month_of(day: str) -> str:
    """The number of a date's month."""
    return f"year({day}) * 12 + month({day}) - 1"


def last_month_of(role: str, kind: str, ahead: int) -> str:
    """The number of the month that a date falls in, or that a period (`2026-10`, `2026-Q3`, `2026`) ends with.

    A period of a fiscal year ends so many months before one of the calendar that has its name.
    """
    name = identifier(role)
    if kind != "period":
        return month_of(name)
    earlier = f" - case when {name} like 'FY%' then {ahead} else 0 end" if ahead else ""
    name = f"replace({name}, 'FY', '')"
    year = f"cast(left({name}, 4) as integer) * 12"
    return (
        f"case when {name} like '%Q%' then {year} + cast(right({name}, 1) as integer) * 3 - 1"
        f" when length({name}) = 7 then {year} + cast(right({name}, 2) as integer) - 1 else {year} + 11 end{earlier}"
    )


def closing_month(month: str, length: int, offset: int) -> str:
    """The number of the last month of the quarter or year, so many months long, that a month lies in.

    `offset` are the months of the calendar year before the first one of the fiscal year.
    """
    offset %= length
    before, behind = (f"({month} - {offset})", length - 1 + offset) if offset else (month, length - 1)
    return f"{before} // {length} * {length} + {behind}"


def first_day_of(month: str) -> str:
    return f"make_date({month} // 12, {month} % 12 + 1, 1)"


def last_day_of(month: str) -> str:
    return f"last_day({first_day_of(month)})"


def month_text(month: str) -> str:
    """`2026-10`."""
    return f"printf('%04d-%02d', {month} // 12, {month} % 12 + 1)"


def period_of(closing: str, step: str, ahead: int | None = None) -> str:
    """The period that ends with a month number, as people write it; `own` is one that the table says.

    `ahead` is that of a fiscal year, None where quarters and years are those of the calendar.
    """
    if step == "own":
        return closing
    mark = ""
    if ahead is not None and step != "month":
        closing, mark = f"({closing} + {ahead})" if ahead >= 0 else f"({closing} - {-ahead})", "'FY' || "
    year = f"{mark}lpad(cast({closing} // 12 as varchar), 4, '0')"
    if step == "year":
        return year
    if step == "quarter":
        return f"{year} || '-Q' || cast({closing} % 12 // 3 + 1 as varchar)"
    return f"{year} || '-' || lpad(cast({closing} % 12 + 1 as varchar), 2, '0')"
