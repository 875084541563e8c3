"""One account in a file: what happened on which day, and how far its goals and milestones are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.compute.relation.months import first_day_of
from cstool.compute.source import Source
from cstool.ingest.formats.kinds import NUMBERS


def happenings(engine: DuckDB, source: Source, rows: str, of: str, day: date) -> list[tuple[date, str]]:
    """What the input type says happened to an account up to a day, as the cells of its rows tell."""
    found: list[tuple[date, str]] = []
    for one in source.shape.happenings:
        if one.on not in source.roles:
            continue
        on = f"cast({identifier(one.on)} as date)"
        found += engine.run(
            f"select {on}, {_filled(source, one.what)} from ({rows}) where called = {quoted(of)}"
            f" and {on} <= cast({quoted(day.isoformat())} as date) order by 1, 2"
        )
    return found


def _filled(source: Source, what: str) -> str:
    """SQL of a text with the cells of roles in it; without the colon before one that the file does not have."""
    parts = re.split(r"(: )?\{(\w+)\}", what)
    made = [quoted(parts[0])]
    for colon, role, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        kind = source.kind(role)
        cell = f"cast({identifier(role)} as varchar)"
        if kind in NUMBERS and kind != "count":
            cell = f"regexp_replace({cell}, '[.]?0+$', '')"
        made.append(f"coalesce({quoted(colon or '')} || {cell}, '')" if role in source.roles else "''")
        made.append(quoted(rest or ""))
    return " || ".join(made)


def movements(engine: DuckDB, ledger: str, of: str) -> list[tuple[date, str]]:
    """Each month in which the MRR of an account changed, as `MRR 100 to 120`."""
    rows = engine.run(
        "with own as (select month, any_value(closing) as closing, sum(mrr) as mrr"
        f" from ({ledger}) where called = {quoted(of)} group by month),"
        " months as (select unnest(range(min(month), max(closing) + 1)) as month from own),"
        " filled as (select months.month, coalesce(own.mrr, 0) as mrr from months left join own using (month)),"
        " steps as (select month, mrr, lag(mrr, 1, 0) over (order by month) as before from filled)"
        f" select {first_day_of('month')}, before, mrr from steps where mrr <> before order by month"
    )
    return [(day, f"MRR {_amount(before)} to {_amount(now)}") for day, before, now in rows]


def _amount(value: Any) -> str:
    text = f"{value:,.2f}"
    return text.removesuffix(".00")


# The plan of an account: what its goals and milestones are called, and SQL of what is told of each.
_GOALS: Mapping[str, str] = {
    "goal": "coalesce(key_result, objective)",
    "due": "goal_due",
    "reached": "cast(progress as double)",
    "time_passed": "cast(time_passed as double)",
    "pace": "case when progress >= 1 then 'reached' when is_behind then 'behind' when not is_behind then 'on pace' end",
}
_MILESTONES: Mapping[str, str] = {
    "milestone": "milestone",
    "due": "due",
    "done_at": "done_at",
    "pace": "case when done_at <= due then 'done' when done_at is not null then 'done late'"
    " when due < as_of then 'late' else 'ahead' end",
}
PLANS: Mapping[str, Mapping[str, str]] = {"goals": _GOALS, "milestones": _MILESTONES}


def plan(engine: DuckDB, source: Source, rows: str, of: str) -> Sequence[Mapping[str, Any]]:
    """The goals or milestones of an account, with the share reached beside the share of time passed."""
    told = PLANS.get(source.shape.shape)
    if not told:
        return ()
    listed = ", ".join(f"{sql} as {identifier(name)}" for name, sql in told.items())
    only = " and is_newest" if source.shape.shape == "goals" else ""
    found = engine.run(
        f"select {listed} from ({rows}) where called = {quoted(of)}{only} order by {identifier('due')} nulls last, 1"
    )
    return [dict(zip(told, row, strict=True)) for row in found]
