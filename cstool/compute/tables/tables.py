"""Metrics that are tables of their own: each runs the named query that its entry names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cstool.backends.duck import quoted
from cstool.backends.engine import Engine
from cstool.compute.compose import table_sql, template
from cstool.compute.relation.relations import ledger_relation, refuse_unfit_rows, rows_relation
from cstool.compute.source import Source
from cstool.compute.tables.journey import journey_rows
from cstool.errors import InputError, UndefinedError, UsageError
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS, Step
from cstool.model.entries import Relational
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value
from cstool.model.weeks import monday, sunday, week_name, week_number

LOOK_BACK = 6  # months a forecast learns from
HOLD_OUT = 3  # months that are kept back to see how far off it would have been


@dataclass(frozen=True, slots=True)
class _Made:
    """Rows of a table in the order of its columns, groups first."""

    rows: Sequence[tuple[Any, ...]]
    notes: Sequence[str] = ()
    picture: Any = ""


def table_result(engine: Engine, source: Source, request: CalcRequest, table: Relational, relation: str) -> Result:
    """The table's rows, its columns and units as its entry names them.

    `relation` is what a query with no further wishes runs over.
    """
    if table.at_day:
        refuse_unfit_rows(source, table.checks, f"select * from {source.cells}")
    made = (
        _TABLES[table.sql](engine, source, request)
        if table.sql in _TABLES
        else _Made(engine.run(table_sql(table.sql, source.group_names, relation=relation)))
    )
    if not made.rows:
        raise UndefinedError(f"{source.name}: no rows to compute {table.name} from", code="no-rows")
    columns = [Column(header) for header in source.groups.values()]
    for part in table.columns:
        if part.unit == "text":
            columns.append(Column(part.column))
        else:
            columns.append(Column(part.column, "value", part.unit))
    keys = [column.key for column in columns]
    rows: list[Mapping[str, Value]] = [dict(zip(keys, row, strict=True)) for row in made.rows]
    return Result(columns, rows, tuple(dict.fromkeys([*source.notes, *made.notes])), picture=made.picture)


def _needs_months(source: Source, name: str) -> None:
    if source.shape.lacks and (name != "cohort-retention" or "customers_start" in source.shape.lacks):
        raise source.lacks_amounts(name)
    if not source.has_months:
        raise InputError(
            f"{source.name}: {name} needs each account's MRR by month, a {source.shape.shape} has one window only",
            hint="give a file with one row per account and month, or subscriptions with their dates",
            code="not-given-by-file",
        )


def _refuse(name: str, **options: object) -> None:
    """Raises UsageError for an option that the table has no use for, rather than leave it out in silence."""
    for option, value in options.items():
        if value:
            raise UsageError(
                f"{name} has no use for --{option}", hint=f"leave --{option} out", code="option-not-applicable"
            )


def _last(source: Source, request: CalcRequest, step: Step | None = None) -> int:
    return windows.closing_months(source.months, step, request.as_of, source.name, source.year)[-1]


def _cohorts(engine: Engine, source: Source, request: CalcRequest) -> _Made:
    _needs_months(source, "cohort-retention")
    step = request.every or "month"
    groups, offset = source.group_names, source.year.offset
    sql = table_sql(
        "cohort_retention",
        groups,
        minima="".join(f"arg_min({name}, month) as {name}, " for name in groups),
        joined_groups="".join(f"joined.{name}, " for name in groups),
        ledger=f"(select * replace (month - {offset} as month) from {source.cells})" if offset else source.cells,
        last=_last(source, request, step) - offset,
        step=STEP_MONTHS[step],
    )

    def named(row: tuple[Any, ...]) -> tuple[Any, ...]:
        *own, cohort = row[: len(groups) + 1]
        name = "all" if cohort is None else source.period_name((cohort + 1) * STEP_MONTHS[step] - 1 + offset, step)
        return (*own, name, *row[len(groups) + 1 :])

    made = [named(row) for row in engine.run(sql)]
    if source.shape.lacks:  # dates without amounts
        made = [(*row[:-2], None, None) for row in made]
    return _Made(made, picture="cohorts")


def _concentration(engine: Engine, source: Source, request: CalcRequest) -> _Made:
    _refuse("concentration", every=request.every, window=request.window)
    notes = []
    if source.shape.lacks:
        raise source.lacks_amounts("concentration")
    if source.has_months:
        last = _last(source, request)
        relation, mrr = f"(select * from {source.cells} where month = {last})", "mrr"
        notes.append(f"concentration: of the MRR in {windows.month_name(last)}")
    elif source.shape.shape == "snapshot":
        relation, mrr = f"({rows_relation(source)})", "ending_mrr"
    else:
        raise InputError(f"{source.name}: concentration needs one row per account", code="duplicate-rows")
    sql = table_sql("concentration", source.group_names, relation=relation, mrr=mrr)
    return _Made(engine.run(sql), notes)


def _forecast(engine: Engine, source: Source, request: CalcRequest) -> _Made:
    _refuse("recurring-revenue-forecast", every=request.every)
    _needs_months(source, "recurring-revenue-forecast")
    if source.groups:
        raise UsageError(
            "recurring-revenue-forecast takes no --by",
            hint="choose rows with --where instead",
            code="option-not-applicable",
        )
    look_back = request.window or LOOK_BACK
    last = _last(source, request)
    rows = _ahead(engine, source, last, look_back, request.ahead)
    loss, growth, gained = rows[0][4:]
    notes = [
        f"each month like the mean of the {look_back} before: {loss:.1%} of MRR lost, {growth:.1%} added by growth,"
        f" {gained:,.2f} won; the range holds 8 of 10 months if past misses repeat"
    ]
    notes.append(_hold_out(engine, source, last, look_back))
    return _Made([(windows.month_name(month), *row[:3]) for month, *row in rows], notes, "series")


def _ahead(engine: Engine, source: Source, last: int, look_back: int, ahead: int) -> list[tuple[Any, ...]]:
    spans = [windows.Span(month, 1) for month in range(last - look_back + 1, last + 1)]
    held = windows.covered(spans, source.months, before=source.knows_before)
    if len(held) < look_back or min(span.first for span in held) < source.months[0]:
        raise UndefinedError(
            f"{source.name}: {look_back + 1} months are needed to learn from, up to {windows.month_name(last)}",
            hint="--window sets fewer, for example --window 3m",
            code="period-not-covered",
        )
    relation = ledger_relation(source, held, history=False)
    rows = engine.run(template("recurring_revenue_forecast").format(relation=relation, ahead=ahead))
    if any(value is None for value in rows[0]):
        raise UndefinedError(
            f"{source.name}: no MRR in the {look_back} months before {windows.month_name(last)}", code="no-rows"
        )
    return rows


def _hold_out(engine: Engine, source: Source, last: int, look_back: int) -> str:
    """How far off the same method would have been a few months ago."""
    try:
        foreseen = _ahead(engine, source, last - HOLD_OUT, look_back, HOLD_OUT)[-1][1]
    except UndefinedError:
        return f"too few months to see how far off it would have been {HOLD_OUT} months ago"
    actual = engine.row(f"select sum(mrr) from {source.cells} where month = {last}")[0]
    if not actual:
        return f"no MRR in {windows.month_name(last)} to compare a forecast with"
    off = foreseen / float(actual) - 1
    return f"held out: {HOLD_OUT} months ago it would have foreseen {foreseen:,.2f} for now, off by {off:+.1%}"


def _backlog(engine: Engine, source: Source, request: CalcRequest) -> _Made:
    """From the first ticket on, as what is open at the end of a period hangs on all that came before."""
    step = request.every or "month"
    if not source.months or not source.last_day:
        raise UndefinedError(f"{source.name}: no rows to compute backlog from", code="no-rows")
    last = windows.month_number(source.last_day.year, source.last_day.month)
    if step == "week":
        held = range(source.weeks[0], week_number(source.last_day) + 1)
        spans = [(end, week_name(end), monday(end), sunday(end)) for end in held]
    else:
        closing, length = source.year.closing, STEP_MONTHS[step]
        ends = range(closing(source.months[0], step), closing(last, step) + 1, length)
        spans = [
            (end, source.period_name(end, step), windows.first_day(end - length + 1), windows.last_day(end))
            for end in ends
        ]
    periods = ", ".join(f"({end}, {quoted(name)}, date '{first}', date '{day}')" for end, name, first, day in spans)
    sql = table_sql("backlog", source.group_names, cells=source.cells, periods=periods)
    return _Made(engine.run(sql), picture="series" if not source.groups else "")


def _journey(engine: Engine, source: Source, request: CalcRequest) -> _Made:
    _refuse("journey", every=request.every, window=request.window)
    rows, notes = journey_rows(engine, source)
    return _Made(rows, notes, "" if source.groups else "funnel")


_TABLES: Mapping[str, Callable[[Engine, Source, CalcRequest], _Made]] = {
    "backlog": _backlog,
    "journey": _journey,
    "cohort_retention": _cohorts,
    "concentration": _concentration,
    "recurring_revenue_forecast": _forecast,
}
