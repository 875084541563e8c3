"""Tasks and what is wrong with plays as views."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cstool.plays.findings import Finding
from cstool.plays.tasks import Task
from cstool.render.blocks import Grid, View

KEYS = ("id", "play", "account", "task", "due", "owner", "priority", "why")
_PEOPLE = ("due", "priority", "owner", "task", "why")


def tasks_view(tasks: Sequence[Task], day: date) -> View:
    """A row a task."""
    records = [
        {key: getattr(task, key) for key in KEYS} | {"due": task.due.isoformat() if task.due else None}
        for task in tasks
    ]
    rows = [[record[key] for key in KEYS] for record in records]
    return View(records, records, KEYS, rows, [tasks_grid(tasks, day)], [task.task for task in tasks])


def tasks_grid(tasks: Sequence[Task], day: date) -> Grid:
    """Tasks for people, those due first before others; what is late on a day is marked."""
    people = sorted(tasks, key=lambda task: (task.due or date.max, task.priority or "Z"))
    return Grid(_PEOPLE, [[_shown(task, key, day) for key in _PEOPLE] for task in people])


def _shown(task: Task, key: str, day: date) -> str:
    if key == "due" and task.due:
        return f"{task.due} (late)" if task.due < day else str(task.due)
    if key == "task":
        return task.title
    return getattr(task, key) or ""


def findings_view(findings: Sequence[Finding]) -> View:
    """A row a finding, with its place."""
    records = [one._asdict() for one in findings]
    header = Finding._fields
    rows = [list(record.values()) for record in records]
    grid = Grid(("place", "play", "problem"), [(f"{one.file}:{one.line}", one.play, one.problem) for one in findings])
    return View(records, records, header, rows, [grid], [str(one) for one in findings])
