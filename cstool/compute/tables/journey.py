"""The journey of accounts through their stages: each stage on a day, and the accounts that are stuck in one."""

from __future__ import annotations

from typing import Any

from cstool.backends.duck import quoted
from cstool.backends.engine import Engine
from cstool.compute.compose import table_sql
from cstool.compute.relation.steps import make_views
from cstool.compute.source import Source
from cstool.errors import UndefinedError, and_more

STAYS = "stays"
STUCK = 2  # times the median stay of its stage, beyond which an account is named
NAMED = 5  # accounts that are named


def journey_rows(engine: Engine, source: Source) -> tuple[list[tuple[Any, ...]], list[str]]:
    """A row a stage, in the order in which accounts pass them, and notes: the day that is taken, and who is stuck.

    The day is the last one of --as-of, or the newest day of the file. Raises UndefinedError where it has none.
    """
    if not source.last_day:
        raise UndefinedError(f"{source.name}: no rows to compute journey from", code="no-rows")
    day = f"cast({quoted(source.last_day.isoformat())} as date)"
    make_views(engine, [(STAYS, table_sql(STAYS, source.group_names, cells=source.cells, day=day))])
    rows = engine.run(table_sql("journey", source.group_names, stays=STAYS))
    newest = "" if source.request.as_of else ", its newest day; --as-of names another"
    return rows, [f"{source.name}: stages as of {source.last_day}{newest}", *_again(engine), *_stuck(engine)]


def _again(engine: Engine) -> list[str]:
    """Says that stays are counted, where accounts came back to a stage."""
    sums = f"select count(*) as stays from {STAYS} group by account, stage"
    count = engine.row(f"select coalesce(sum(stays - 1), 0) from ({sums})")[0]
    return [f"{count} stay{'s' if count > 1 else ''} in a stage entered before by the same account; each counts"][
        :count
    ]


def _stuck(engine: Engine) -> list[str]:
    """The accounts in a stage for more than twice the median time to move on from it, the longest wait first."""
    median = "percentile_cont(0.5) within group (order by cast(days as double))"
    usual = f"select stage, {median} as median_days from {STAYS} where state = 'moved' group by stage"
    found = engine.run(
        f"select account, stage, wait from {STAYS} join ({usual}) as usual using (stage)"
        f" where wait > {STUCK} * median_days order by wait desc, account, stage"
    )
    if not found:
        return []
    named = and_more([f"{account} ({stage}, {wait} days)" for account, stage, wait in found], NAMED)
    return [f"stuck, in a stage for more than {STUCK} times the median time to move on: {', '.join(named)}"]
