"""The file of plays: for which accounts which tasks are due, when and for whom; read as strictly as the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from cstool.errors import InputError, and_more
from cstool.glossary.yaml_entries import Located, read_list
from cstool.model.entries import Day, Due

START = "`cstool sample plays` prints one to start from"
ACCOUNT = "account"


class PlayTask(NamedTuple):
    """One task of a play.

    `{column}` in `do` is the account's value; `due` counts from the day of the run, or from that of a column.
    """

    do: str
    due: Due = ""
    priority: Literal["", "A", "B", "C"] = ""


class Owner(NamedTuple):
    """Who has the tasks: the person in a column of the account, or the same one for all accounts."""

    column: str = ""
    name: str = ""

    @staticmethod
    def short_key() -> str:
        """The key that a text alone stands for."""
        return "column"


class Play(NamedTuple):
    """Tasks for each account for which a condition holds.

    `when` is an SQL condition over an account's columns, its `health_score` and `as_of`; `rule` is one of the health
    file instead. The tasks are made once for each value of the columns in `once`, which is the account if not given.
    """

    play: str
    tasks: tuple[PlayTask, ...]
    when: str = ""
    rule: str = ""
    once: tuple[str, ...] = (ACCOUNT,)
    owner: Owner | None = None
    outcome: str = ""
    holidays: tuple[Day, ...] = ()

    @property
    def condition(self) -> str:
        """The key under which its condition stands."""
        return "when" if self.when else "rule"

    @staticmethod
    def lone_items() -> tuple[str, ...]:
        """The lists that may be written without brackets where they hold one item."""
        return ("once",)


class PlaysEntry(NamedTuple):
    """What the file holds. `holidays` are no workdays."""

    plays: tuple[Play, ...]
    holidays: tuple[Day, ...] = ()


class Plays(NamedTuple):
    """An opened file of plays, and the line of each of its values (`plays.0.when`)."""

    file: Path
    plays: tuple[Play, ...]
    holidays: tuple[str, ...]
    lines: Mapping[str, int]

    def line(self, at: str) -> int:
        """The line of a value, or of the nearest one that holds it."""
        while at not in self.lines and "." in at:
            at = at.rpartition(".")[0]
        return self.lines.get(at, 1)


def read_plays(path: str) -> Plays:
    """The plays of a YAML file: a list of them, or `plays` beside `holidays`.

    Raises InputError naming every problem by file and line.
    """
    file = Path(path)
    if not file.exists() or file.is_dir():
        what = "is a folder" if file.is_dir() else "no such file"
        raise InputError(f"--plays {path}: {what}", hint=START, code="bad-configuration")
    located, problems = read_list(file, PlaysEntry, "plays")
    texts = [str(one) for one in problems] if not located else list(_problems(located))
    if texts or not located:
        raise InputError("the plays cannot be used:", problems=and_more(texts), code="bad-configuration")
    return Plays(file, located.entry.plays, located.entry.holidays, located.lines)


def _problems(located: Located[PlaysEntry]) -> Iterator[str]:
    names = [one.play for one in located.entry.plays]
    for i, one in enumerate(located.entry.plays):
        at = f"plays.{i}"
        if one.play in names[:i]:
            yield str(located.problem(f"play '{one.play}' stands twice", at))
        if bool(one.when) == bool(one.rule):
            text = "has both `when` and `rule`; leave one out" if one.when else "needs `when` or `rule`"
            yield str(located.problem(f"play '{one.play}' {text}", at))
        if one.owner and bool(one.owner.column) == bool(one.owner.name):
            yield str(located.problem("an owner is a column, or {name: Ana} for one person", f"{at}.owner"))
        if not one.once:
            yield str(located.problem("once names a column, or is left out", f"{at}.once"))
        if not one.tasks:
            yield str(located.problem(f"play '{one.play}' has no tasks", f"{at}.tasks"))
        texts = [task.do for task in one.tasks]
        for j, text in enumerate(texts):
            if text in texts[:j]:
                yield str(located.problem(f"task '{text}' stands twice", f"{at}.tasks.{j}"))
    for at, day in _days(located.entry):
        if not _is_day(day):
            yield str(located.problem(f"{day} is no day of the calendar", at))


def _days(entry: PlaysEntry) -> Iterator[tuple[str, str]]:
    yield from ((f"holidays.{i}", day) for i, day in enumerate(entry.holidays))
    for i, play in enumerate(entry.plays):
        yield from ((f"plays.{i}.holidays.{j}", day) for j, day in enumerate(play.holidays))


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
