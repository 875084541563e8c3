"""Rows that have a date: each in the period its date falls in, with the columns that its input type derives."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cstool.backends.duck import identifier
from cstool.compute.compose import words_of
from cstool.compute.relation.months import closing_month, first_day_of, last_day_of, last_month_of
from cstool.compute.relation.steps import Steps
from cstool.compute.shaped import Shaped
from cstool.errors import UsageError
from cstool.model.as_of_dates import STEP_MONTHS, Step
from cstool.model.inputs import Derived
from cstool.model.weeks import monday_sql, sunday_sql, week_sql

BOUNDS = ("period_start", "period_end", "period_weekdays")
# Whole weeks have five; a Monday that every warehouse has, and 10,000 weeks more, so that no number is below 0.
_DAYS = "(date_diff('day', date '1970-01-05', {}) + {})"
_BEFORE, _UP_TO = _DAYS.format("period_start", 70_000), _DAYS.format("period_end", 70_001)
_WEEKDAYS = f"{_UP_TO} // 7 * 5 + least({_UP_TO} % 7, 5) - {_BEFORE} // 7 * 5 - least({_BEFORE} % 7, 5)"


def step_of(rows: Shaped, every: Step | None, per: Step | None, rolling: int) -> Step | None:
    """How long the periods are: as asked for, or as `per` says; None where all rows are one.

    `rolling` is how many days up to the last one are looked at instead of a period.
    """
    if rows.by_week and not rolling:
        return "week"
    if rolling and every:
        raise UsageError(f"the last {rolling} days are one period; leave --every out", code="option-not-applicable")
    if rolling or every:
        return every
    asked = rows.request.as_of
    step = rows.year.last_month(asked)[1] if asked else per
    own = rows.own_step
    return own if own and per and not asked and STEP_MONTHS[own] > STEP_MONTHS[per] else step


def dated_steps(
    rows: Shaped,
    cells: str,
    derived: Sequence[Derived],
    step: Step | None,
    *,
    series: bool,
    rolling: int = 0,
    words: Collection[str],
    end: str = "as_of",
    months: str = "",
) -> Steps:
    """The rows of `cells` in periods of a step: all in a `series`, else that of --as-of, or the newest whole one.

    Only those of the columns provided are made that are among the `words`. `end` is SQL of the last day looked at, and
    `months` a relation with the `row_month` of each row, the last step where there is none.
    """
    name, before = cells, list[tuple[str, str]]()

    def add(step_name: str, columns: Sequence[str]) -> None:
        nonlocal name
        if columns:
            before.append((step_name, f"select *, {', '.join(columns)} from {name}"))
            name = step_name

    dated = rows.shape.dated
    if dated in rows.roles and (step or "row_month" in words):
        add("timed", [f"{last_month_of(dated, rows.kind(dated), rows.year.ahead)} as row_month"])
    add("placed", [f"{_closing(rows, step)} as closing", "0 as span"])
    bounds = _bounds(rows, step, rolling, end)
    weekdays = "period_weekdays" in words
    bounded = [f"{sql} as {bound}" for bound, sql in zip(BOUNDS, bounds, strict=False) if bound in words or weekdays]
    counted = [f"{_WEEKDAYS} as period_weekdays"] if weekdays else []
    overlapping = step == "week" and (rows.request.weeks or 1) > 1
    if not overlapping:
        add("bounded", bounded)
        add("counted", counted)
    for number, level in enumerate(levels(derived), 1):
        add(f"derived_{number}", [f"{one.sql} as {one.column}" for one in level])
    if overlapping:  # each row counts in the windows that close with its week or a later one
        before.append(("overlapping", _overlapping(name, rows.request.weeks or 1)))
        name = "overlapping"
        add("bounded", bounded)
        add("counted", counted)
    chosen = ""
    if rolling:
        chosen = f"date_diff('day', cast({identifier(dated)} as date), {end}) between 0 and {rolling - 1}"
    elif step == "week":
        chosen = f"closing between {rows.weeks[0]} and {rows.weeks[-1]}" if rows.weeks else "false"
    elif step:
        chosen = _in_period(rows, _newest(months or name, _closing(rows, step), step), series=series)
    return Steps(before, f"select * from {name}{f' where {chosen}' if chosen else ''}", step=step)


def _closing(rows: Shaped, step: Step | None) -> str:
    """SQL of the number that a row's period goes by: of its last month, or of the week."""
    if step == "week":
        return week_sql(identifier(rows.shape.dated))
    if step in ("quarter", "year"):
        return closing_month("row_month", STEP_MONTHS[step], rows.year.offset)
    return "row_month" if step else "cast(null as integer)"


def _bounds(rows: Shaped, step: Step | None, rolling: int, end: str) -> tuple[str, str]:
    """SQL of the first and the last day of a row's period."""
    if rolling:
        return f"cast({end} - interval {rolling - 1} day as date)", end
    if step == "week":
        return monday_sql(f"(closing - {(rows.request.weeks or 1) - 1})"), sunday_sql("closing")
    if not step:
        return "cast(null as date)", "cast(null as date)"
    length = STEP_MONTHS[step]
    return first_day_of(f"(closing - {length - 1})" if length > 1 else "closing"), last_day_of("closing")


def _overlapping(rows: str, weeks: int) -> str:
    later = ", ".join(f"({n})" for n in range(weeks))
    return f"select * exclude (n) replace (closing + n as closing) from {rows} cross join (values {later}) as later(n)"


def levels(derived: Sequence[Derived]) -> list[list[Derived]]:
    """Derived columns, those first that others are made of."""
    levels: list[list[Derived]] = []
    depth: dict[str, int] = {}
    for one in derived:
        depth[one.column] = 1 + max((depth[other] for other in words_of(one.sql) & set(depth)), default=-1)
        levels += [[] for _ in range(depth[one.column] + 1 - len(levels))]
        levels[depth[one.column]].append(one)
    return levels


def _newest(months: str, closing: str, step: Step) -> str:
    """What closes the newest period that is whole, or where there is none the newest."""
    if step == "month":
        return f"(select max(row_month) from {months})"
    whole = f"(select max({closing}) from {months} where {closing} <= (select max(row_month) from {months}))"
    return f"coalesce({whole}, (select max({closing}) from {months}))"


def _in_period(rows: Shaped, newest: str, *, series: bool) -> str:
    asked = rows.request.as_of
    if not asked:
        return "closing is not null" if series else f"closing = {newest}"
    chosen = f"closing {'<=' if series else '='} {rows.year.last_month(asked)[0]}"
    dated = rows.shape.dated
    if rows.request.day and rows.kind(dated) != "period":
        chosen += f" and cast({identifier(dated)} as date) <= date '{rows.request.day}'"
    return chosen
