"""Tasks as Taskwarrior imports them: `task import tasks.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cstool.plays.slugs import slug
from cstool.plays.tasks import Task
from cstool.render.escapes import visible
from cstool.render.json import json_text

_PRIORITIES = {"A": "H", "B": "M", "C": "L"}


def as_taskwarrior(tasks: Sequence[Task]) -> str:
    """A JSON array. A task imported again is the same one (uuid); its play is the project and its owner a tag."""
    return json_text([_record(task) for task in tasks])


def _record(task: Task) -> dict[str, Any]:
    made = f"{task.made:%Y%m%d}T000000Z"
    record: dict[str, Any] = {
        "uuid": task.id,
        "status": "pending",
        "entry": made,
        "description": _line(task.title),
        "project": slug(task.play),
        "priority": _PRIORITIES.get(task.priority or ""),
        "due": task.due.isoformat() if task.due else None,  # the day where it is read, not midnight of another zone
        "tags": [slug(task.owner)] if task.owner and slug(task.owner) else None,
        "annotations": [{"entry": made, "description": _line(task.why)}] if task.why else None,
    }
    return {key: value for key, value in record.items() if value}


def _line(text: str) -> str:
    return visible(" ".join(text.split())) or "-"
