"""The file of targets: goals, each with the metrics that measure it; read as strictly as the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from cstool.errors import InputError, and_more
from cstool.glossary.yaml_entries import Located, read_list

START = "`cstool sample targets` prints one to start from"


class Kpi(NamedTuple):
    """A metric and what it has to reach, `>= 90%`; without an operator, the metric's better side."""

    metric: str
    target: str


class Goal(NamedTuple):
    """What a team wants, and how it is measured.

    `where` is an SQL condition on the rows, `every` the period that is looked at, `plays` the plays that serve it.
    """

    name: str
    kpis: tuple[Kpi, ...] = ()
    goal: str = ""
    where: str = ""
    every: Literal["week", "month", "quarter", "year"] = "month"
    plays: tuple[str, ...] = ()

    @staticmethod
    def lone_items() -> tuple[str, ...]:
        """The lists that may be written without brackets where they hold one item."""
        return ("plays",)


class TargetsEntry(NamedTuple):
    """What the file holds."""

    goals: tuple[Goal, ...]


class Targets(NamedTuple):
    """An opened file of targets, and the line of each of its values (`goals.0.kpis.1.target`)."""

    file: Path
    goals: tuple[Goal, ...]
    lines: Mapping[str, int]

    def place(self, at: str) -> str:
        """Where a value stands, for messages: `targets.yaml:4`."""
        while at not in self.lines and "." in at:
            at = at.rpartition(".")[0]
        return f"{self.file}:{self.lines.get(at, 1)}"


def read_targets(path: str) -> Targets:
    """The goals of a YAML file, which is a list of them. Raises InputError naming every problem by file and line."""
    file = Path(path)
    if not file.exists() or file.is_dir():
        what = "is a folder" if file.is_dir() else "no such file"
        raise InputError(f"{path}: {what}", hint=START, code="bad-configuration")
    located, problems = read_list(file, TargetsEntry, "goals")
    texts = [str(one) for one in problems] if not located else list(_problems(located))
    if texts or not located:
        raise InputError("the targets cannot be used:", problems=and_more(texts), code="bad-configuration")
    return Targets(file, located.entry.goals, located.lines)


def _problems(located: Located[TargetsEntry]) -> Iterator[str]:
    goals = located.entry.goals
    if not goals:
        yield str(located.problem("no goals"))
    for i, one in enumerate(goals):
        if one.name in [other.name for other in goals[:i]]:
            yield str(located.problem(f"goal '{one.name}' stands twice", f"goals.{i}"))
        if not one.kpis and not one.plays:
            yield str(located.problem(f"goal '{one.name}' has neither kpis nor plays", f"goals.{i}"))
