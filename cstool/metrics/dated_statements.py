"""The steps from a table whose rows have a date to the relation that measures are summed over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from cstool.engines.duck import identifier
from cstool.errors import UsageError
from cstool.glossary.inputs import Derived
from cstool.metrics import windows
from cstool.metrics.described import Described, mentioned
from cstool.metrics.months import closing_month, first_day_of, last_day_of, last_month_of
from cstool.metrics.request import STEP_MONTHS, Step
from cstool.metrics.statements import cells, mentions
from cstool.metrics.steps import Steps


def dated_steps(
    source: Described,
    where: str,
    known: Mapping[str, str],
    every: Step | None,
    per: Step | None,
    *,
    used: str,
    rolling: int,
) -> Steps:
    """Rows as they are, each in the period its date falls in, with the columns that its shape derives.

    `known` are the parameters, `per` the step that is taken where no period is asked for, `used` the SQL that reads
    the relation, and `rolling` the days up to the last one that are looked at instead of a period.
    """
    request, shape = source.request, source.shape
    if rolling and every:
        raise UsageError(f"the last {rolling} days are one period; leave --every out")
    step = every or (windows.last_month(request.as_of)[1] if request.as_of and not rolling else None)
    step = step or (None if rolling else per)
    has_date = shape.dated in source.roles
    if not has_date and (every or request.as_of):
        raise UsageError(f"{source.shown}: --as-of and --every need a column for {shape.dated}")
    step = step if has_date else None
    levels = _levels(source, known, used)
    text = " ".join([used, *(one.sql for level in levels for one in level)])
    words = set(mentioned(["as_of", "file_until", "row_month", "period_start", "period_end", "period_weekdays"], text))
    roles = mentioned([*shape.required, *shape.could_have], text)
    if has_date and (step or rolling or "row_month" in words) and shape.dated not in roles:
        roles.append(shape.dated)
    told = []
    hangs = "as_of" not in known and bool(rolling or words & {"as_of", "period_weekdays"})
    if hangs or "file_until" in words:
        days = [role for role in source.days if request.files or role in roles or role == shape.dated]
        roles += [role for role in days if role not in roles]
        other = "; --as-of sets another" if hangs else ""
        told.append(f"The last day that is told of is the last one in {', '.join(days)}{other}.")
    else:
        days = []
    chosen = where and any(mentions(where, source.roles[day]) for day in days)
    before = [
        (
            "cells",
            cells(source, [r for r in roles if r in source.roles], where, [r for r in roles if r not in source.roles]),
        )
    ]
    if where and days and not chosen:  # rows that are not asked for tell, too, how far the table goes
        before.append(("all_cells", cells(source, days, "")))
    before += _placed(source, known, step, rolling, days, words, before[-1][0])
    name = before[-1][0]
    for number, level in enumerate(levels, 1):
        columns = ", ".join(f"{one.sql} as {one.column}" for one in level)
        before.append((f"derived_{number}", f"select *, {columns} from {name}"))
        name = f"derived_{number}"
    relation = f"select * from {name}{_in_period(source, known, step, every, rolling, name)}"
    grouped = "each_group" in " ".join(d.sql for d in shape.derived if d.column in mentioned([d.column], text))
    return Steps(before, relation, step=step, told=told, grouped=grouped and bool(source.groups))


def _levels(source: Described, known: Mapping[str, str], used: str) -> list[list[Derived]]:
    """The derived columns that some SQL mentions, those first that others are made of."""
    from cstool.engines.transpile import fold

    found: list[Derived] = []
    for one in reversed(source.shape.derived):
        if mentioned([one.column], used):
            one = Derived(one.column, fold(one.sql, known, list(source.groups)))
            found.insert(0, one)
            used += f" {one.sql}"
    levels: list[list[Derived]] = []
    depth: dict[str, int] = {}
    for one in found:
        depth[one.column] = 1 + max((depth[other] for other in mentioned(list(depth), one.sql)), default=-1)
        levels += [[]] * (depth[one.column] + 1 - len(levels))
        levels[depth[one.column]] = [*levels[depth[one.column]], one]
    return levels


def _placed(
    source: Described,
    known: Mapping[str, str],
    step: Step | None,
    rolling: int,
    days: Sequence[str],
    words: set[str],
    telling: str,
) -> list[tuple[str, str]]:
    """The rows with the month number of their date, the last day that `telling` tells of, and their period."""
    shape = source.shape
    numbered = shape.dated in source.roles and (step or "row_month" in words)
    length = STEP_MONTHS[step] if step else 1
    steps = []
    if numbered:
        steps = [("timed", f"select *, {last_month_of(shape.dated, source.kind(shape.dated))} as row_month from cells")]
    rows = steps[-1][0] if steps else "cells"
    if days:
        last = [f"max(cast({identifier(day)} as date))" for day in days]
        told = f"greatest({', '.join(last)})" if len(last) > 1 else last[0]
        names = ["file_until", *([] if "as_of" in known else ["as_of"])]
        steps.append(("told", f"select {', '.join(f'{told} as {name}' for name in names)} from {telling}"))
    closing = closing_month("row_month", length) if length > 1 else "row_month"
    columns = [f"{closing if step else 'cast(null as integer)'} as closing", "0 as span"]
    end = known.get("as_of", "as_of")
    joined = " cross join told" if days else ""
    steps.append(("placed", f"select *, {', '.join(columns)} from {rows}{joined}"))
    bounds = []
    if "period_start" in words:
        first = f"closing - {length - 1}"
        start = first_day_of(f"({first})") if step else "cast(null as date)"
        bounds.append(f"{f'cast({end} - interval {rolling - 1} day as date)' if rolling else start} as period_start")
    if "period_end" in words:
        last_day = last_day_of("closing") if step else "cast(null as date)"
        bounds.append(f"{end if rolling else last_day} as period_end")
    if "period_weekdays" in words:
        bounds.append(f"{_weekdays(known, step, rolling)} as period_weekdays")
    if bounds:
        steps.append(("bounded", f"select *, {', '.join(bounds)} from placed"))
    return steps


def _weekdays(known: Mapping[str, str], step: Step | None, rolling: int) -> int:
    """The days from Monday to Friday of the period, where it is known beforehand."""
    if "as_of" not in known or not (step or rolling):
        raise UsageError(
            "--sql: weekdays are counted for a period that is named", hint="add --as-of, for example 2026-10"
        )
    end = date.fromisoformat(known["as_of"].split("'")[1])
    first = end - timedelta(days=rolling - 1) if rolling else None
    if first is None:
        month = windows.month_number(end.year, end.month) - STEP_MONTHS[step] + 1  # type: ignore[index]
        first = windows.first_day(month)
    return windows.weekdays(first, end)


def _in_period(
    source: Described, known: Mapping[str, str], step: Step | None, every: Step | None, rolling: int, rows: str
) -> str:
    """The condition on rows of the periods asked for."""
    as_of = source.request.as_of
    if rolling:
        day = f"cast({identifier(source.shape.dated)} as date)"
        return f" where date_diff('day', {day}, {known.get('as_of', 'as_of')}) between 0 and {rolling - 1}"
    if not step:
        return ""
    last = windows.last_month(as_of)[0] if as_of else None
    until = ""
    if source.request.day and source.kind(source.shape.dated) != "period":
        until = f" and cast({identifier(source.shape.dated)} as date) <= date '{source.request.day}'"
    if every:
        return " where closing is not null" + (f" and closing <= {last}" if last is not None else "") + until
    if last is not None:
        return f" where closing = {last}{until}"
    if step == "month":
        return f" where closing = (select max(closing) from {rows})"
    over = f"(select max(row_month) from {rows})"
    return (
        f" where closing = coalesce((select max(closing) from {rows} where closing <= {over}),"
        f" (select max(closing) from {rows}))"
    )
