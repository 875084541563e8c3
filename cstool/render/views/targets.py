"""Goals, how far they are met, and the open tasks of their plays, as a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cstool.compute.projects.goals import Measured, Scorecard
from cstool.plays.tasks import Task
from cstool.render.blocks import Block, Card, Grid, View
from cstool.render.units import changes_shown, shown
from cstool.render.views.tasks import tasks_grid

KEYS = ("name", "metric", "period", "value", "before", "change", "target", "state")
_PEOPLE = ("metric", "period", "value", "before", "change", "target", "state")
_STYLES = {"met": "gain", "missed": "loss", "undefined": "loss"}


def targets_view(card: Scorecard, tasks: Mapping[str, Sequence[Task]], day: date) -> View:
    """A row a metric of a goal; for people a table a goal, with the open tasks of its plays by the goal's name.

    Tasks that were due before a `day` are marked.
    """
    records = [_record(row) for row in card.rows]
    blocks: list[Block] = []
    for goal in dict.fromkeys(row.goal for row in card.rows):
        rows = [row for row in card.rows if row.goal == goal]
        blocks += [Card(goal.name, goal.where, goal.goal), _grid(rows)]
        if tasks.get(goal.name):
            blocks += [Card("", lead="Open tasks of its plays"), tasks_grid(tasks[goal.name], day)]
    rows_ = [[record[key] for key in KEYS] for record in records]
    return View(records, records, KEYS, rows_, blocks, [row.state for row in card.rows])


def _record(row: Measured) -> dict[str, object]:
    own = {key: getattr(row, key) for key in KEYS if hasattr(row, key)}
    return {key: {"name": row.goal.name, "metric": row.metric.name}.get(key, own.get(key)) for key in KEYS}


def _grid(rows: Sequence[Measured]) -> Grid:
    return Grid(
        _PEOPLE,
        [_cells(row) for row in rows],
        [2, 3, 4, 5],
        {(i, 6): _STYLES[row.state] for i, row in enumerate(rows)}
        | {(i, 4): style for i, row in enumerate(rows) if (style := _better(row))},
    )


def _cells(row: Measured) -> list[str]:
    unit = row.metric.unit
    before = "" if row.before is None else shown(row.before, unit)
    change = "" if row.change is None else changes_shown([row.change], unit)[0]
    return [row.metric.name, row.period or "", shown(row.value, unit), before, change, row.target, row.state]


def _better(row: Measured) -> str:
    """The style of a change for the better or the worse; '' where it is neither."""
    better = row.metric.better
    if not isinstance(row.change, (Decimal, float, int)) or not row.change or better == "depends":
        return ""
    return "gain" if (row.change > 0) == (better == "higher") else "loss"
