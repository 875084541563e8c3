"""The columns that plays name outside of their conditions: for once, owner, due days and in a task's text."""

from __future__ import annotations

from collections.abc import Iterator

from cstool.compute.tables.health import AS_OF, SCORE
from cstool.glossary.play_rules import Play, Plays
from cstool.plays.conditions import Judge, near
from cstool.plays.due import due_rule
from cstool.plays.findings import Finding, finding
from cstool.plays.tasks import PLACEHOLDER


def faults_of_names(plays: Plays, judge: Judge) -> list[Finding]:
    """What is wrong with the columns that plays name, each with its line."""
    return [finding(plays, i, at, fault) for i, play in enumerate(plays.plays) for at, fault in _faults(play, judge)]


def _faults(play: Play, judge: Judge) -> Iterator[tuple[str, str]]:
    named = [(f"once.{j}", name) for j, name in enumerate(play.once)]
    if play.owner and play.owner.column:
        named.append(("owner", play.owner.column))
    for j, task in enumerate(play.tasks):
        rule = due_rule(task.due) if task.due else None
        if rule and rule.column:
            named.append((f"tasks.{j}.due", rule.column))
            column = judge.column(rule.column)
            if column and judge.columns[column] != "date" and any(row.get(column) for row in judge.accounts.rows):
                yield f"tasks.{j}.due", f"{rule.column} holds no days, so nothing can be due by it"
        for found in PLACEHOLDER.finditer(task.do):
            name = found[1].strip()
            if name.lower() not in {AS_OF, SCORE, *(column.lower() for column in judge.columns)}:
                yield f"tasks.{j}.do", f"{{{name}}} is no column{near(name, judge.columns)}"
    for place, name in named:
        if judge.column(name) is None:
            yield place, f"no column {name}{near(name, judge.columns)}"
