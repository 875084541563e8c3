"""From accounts and plays to tasks: which rules hold, what is due when, and what was settled in an earlier run."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cstool import scratch as scratch_folders
from cstool.compute.formulas.expressions import Expression
from cstool.compute.tables.health import AS_OF, SCORE
from cstool.errors import InputError, and_more
from cstool.glossary.health_config import HealthConfig, read_health_config
from cstool.glossary.play_rules import Play, Plays, PlayTask, read_plays
from cstool.plays.account_list import ACCOUNT, AccountList, Cell, read_accounts
from cstool.plays.conditions import Held, Judge, MisfitError, conditions_of
from cstool.plays.due import DueRule, due_day, due_rule
from cstool.plays.earlier import Earlier, read_all
from cstool.plays.findings import Finding, finding
from cstool.plays.names import faults_of_names
from cstool.plays.tasks import PLACEHOLDER, Task, filled, in_words, task_id


@dataclass(frozen=True, kw_only=True)
class PlaysRequest:
    """What is asked: the accounts, the file of plays, the day, and what earlier runs left.

    `config` is a health file, `tasks` earlier results, `since` an earlier list of accounts.
    """

    accounts: str | AccountList
    plays: str
    day: date
    config: str | None = None
    tasks: tuple[str, ...] = ()
    since: str | None = None


class Planned(NamedTuple):
    """The tasks in the order of plays and accounts, and what else to tell."""

    tasks: Sequence[Task]
    notes: Sequence[str]

    def of(self, play: str) -> list[Task]:
        """The tasks of one play, by its name."""
        return [task for task in self.tasks if task.play == play]


@dataclass(frozen=True, slots=True)
class Tried:
    """Plays that were tried on accounts: `held` has the rows of each play for which it holds, before `once`."""

    plays: Plays
    judge: Judge
    conditions: Sequence[Expression | None]
    held: Sequence[Held]


def planned(request: PlaysRequest) -> Planned:
    """The tasks of a day.

    Raises InputError where the plays, the accounts or an earlier file cannot be used, naming every fault by its line.
    """
    plays, config = read_rules(request)
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        accounts = accounts_of(request, Path(scratch))
        judge = Judge(accounts, config, request.day, Path(scratch))
        try:
            tried, faults = tried_on(plays, config, judge)
            if faults:
                raise InputError(
                    "the plays cannot be used:", problems=and_more([*map(str, faults)]), code="bad-configuration"
                )
            before = _before(request, tried, config, Path(scratch)) if request.since else {}
            earlier = read_all(request.tasks, request.day)
            return _Planning(request, tried, before, earlier).result()
        finally:
            judge.close()


def read_rules(request: PlaysRequest) -> tuple[Plays, HealthConfig | None]:
    """The plays and the health file; without its score where no play looks at that."""
    plays = read_plays(request.plays)
    if not request.config:
        return plays, None
    config = read_health_config(request.config)
    scored = SCORE in _words(plays, config)
    return plays, config if scored else config._replace(components=())


def words_of_rules(plays: str, config: str | None) -> set[str]:
    """All words of a file of plays and a health file that may be names of columns, in small letters."""
    health = read_health_config(config) if config else None
    return _words(read_plays(plays), health) | {one.column.lower() for one in (health.components if health else ())}


def _words(plays: Plays, config: HealthConfig | None) -> set[str]:
    rules = {rule.rule: rule.when for rule in config.rules} if config else {}
    texts = []
    for play in plays.plays:
        texts += [play.when, rules.get(play.rule, ""), *play.once, play.owner.column if play.owner else ""]
        texts += [text for task in play.tasks for text in (task.due, *PLACEHOLDER.findall(task.do))]
    return {word for text in texts for word in re.findall(r"\w+", text.lower())}


def accounts_of(request: PlaysRequest, scratch: Path) -> AccountList:
    """The list of accounts, read where it is a file."""
    return read_accounts(request.accounts, scratch) if isinstance(request.accounts, str) else request.accounts


def tried_on(plays: Plays, config: HealthConfig | None, judge: Judge) -> tuple[Tried, list[Finding]]:
    """Each play tried on the accounts, and what is wrong with some in the order of the file; those hold for none."""
    conditions, faults, held = [], faults_of_names(plays, judge), []
    for i, (condition, fault) in enumerate(conditions_of(plays, config, judge)):
        conditions.append(condition)
        rows = Held((), 0)
        try:
            rows = judge.held(condition) if condition else rows
        except MisfitError as error:
            fault = str(error)
        held.append(rows)
        if fault:
            faults.append(finding(plays, i, plays.plays[i].condition, fault))
    return Tried(plays, judge, conditions, held), sorted(faults, key=lambda one: one.line)


def _before(request: PlaysRequest, tried: Tried, config: HealthConfig | None, scratch: Path) -> Mapping[int, set[int]]:
    """By play, the accounts for which it held in the earlier list. Raises InputError for columns that it lacks."""
    assert request.since
    accounts = read_accounts(request.since, scratch)
    folder = scratch / "since"
    folder.mkdir()
    judge = Judge(accounts, config, None, folder)
    try:
        key = tried.judge.accounts.key(accounts)
        held = {}
        for i, condition in enumerate(tried.conditions):
            assert condition
            if missing := judge.unknown_names(condition):
                raise _lacking(accounts, tried.plays.plays[i], missing)
            names = {accounts.rows[row][key] for row in judge.held(condition).rows}
            held[i] = {row for row, cells in enumerate(tried.judge.accounts.rows) if cells[key] in names}
        return held
    except MisfitError as error:
        raise InputError(f"--since {accounts.name}: {error}", code="values-do-not-fit") from error
    finally:
        judge.close()


def _lacking(accounts: AccountList, play: Play, missing: Sequence[str]) -> InputError:
    days = " (its day is not known: use columns such as days_to_renewal)" if AS_OF in missing else ""
    return InputError(
        f"--since {accounts.name}: no column {', '.join(missing)}, which play '{play.play}' looks at{days}",
        hint="give an earlier `cstool accounts -f csv`",
        code="missing-column",
    )


class _Planning:
    """The tasks of plays that were tried, and what is counted on the way."""

    def __init__(self, request: PlaysRequest, tried: Tried, before: Mapping[int, set[int]], earlier: Earlier) -> None:
        self.request = request
        self.tried = tried
        self.judge = tried.judge
        self.accounts = tried.judge.accounts
        self.before = before
        self.earlier = earlier
        self.counts: Counter[str] = Counter()
        self.notes: list[str] = []

    def result(self) -> Planned:
        made: dict[str, Task] = {}
        for i, play in enumerate(self.tried.plays.plays):
            for task in self._tasks(i, play):
                if task.id in made:
                    self.counts[
                        f"'{play.play}': {{}} not made again for rows with the same {', '.join(play.once)}"
                    ] += 1
                elif task.id in self.earlier.done:
                    self.counts["{} finished before, left out"] += 1
                else:
                    made[task.id] = self._as_before(task)
        kept = {id_: self._named(task) for id_, task in self.earlier.open.items() if id_ not in made}
        if kept:
            self.notes.append(f"{_tasks(len(kept))} open before kept, although no rule asks for them now")
        if self.earlier.others:
            self.notes.append(f"{', '.join(self.request.tasks)}: {_lines(self.earlier.others)} not of plays, left out")
        self.notes += [text.replace("{}", _tasks(count)) for text, count in self.counts.items()]
        return Planned([*made.values(), *kept.values()], self.notes)

    def _as_before(self, task: Task) -> Task:
        """An open task as it was, its due day above all; what the earlier file does not say is as it would be now."""
        before = self.earlier.open.get(task.id)
        if not before:
            return task
        if before.line:  # of todo.txt, in which names are one word
            return task._replace(due=before.due, priority=before.priority, made=before.made, line=before.line)
        known = {key: value for key, value in before._asdict().items() if value and key not in ("play", "account")}
        return task._replace(**{**known, "due": before.due})

    def _named(self, task: Task) -> Task:
        """A task whose play todo.txt names in its own spelling."""
        from cstool.plays.slugs import slug

        names = {slug(play.play): play.play for play in self.tried.plays.plays}
        return task._replace(play=names.get(task.play, task.play))

    def _tasks(self, number: int, play: Play) -> Iterator[Task]:
        held = self.tried.held[number]
        if held.unknown:
            self.notes.append(f"'{play.play}' cannot be judged in {_accounts(held.unknown)}: a value is blank")
        for row in held.rows:
            if row in self.before.get(number, ()):
                continue
            once = [self.value(name, row) for name in play.once]
            if None in once:
                empty = play.once[once.index(None)]
                self.counts[f"'{play.play}': {empty} is blank, so {{}} not made"] += len(play.tasks)
                continue
            yield from (self._task(number, task, row, once) for task in play.tasks)

    def _task(self, number: int, task: PlayTask, row: int, once: Sequence[Cell | float]) -> Task:
        """A task of a play for an account, by its row."""
        play, condition = self.tried.plays.plays[number], self.tried.conditions[number]
        assert condition
        rule = due_rule(task.due) if task.due else None
        due = self._due(rule, row, play) if rule else None
        if rule and not due:
            self.counts[f"'{play.play}': {{}} without a due day, as {rule.column or 'it'} is blank"] += 1
        return Task(
            task_id(play.play, once, task.do),
            play.play,
            in_words(self.accounts.rows[row][ACCOUNT]),
            filled(task.do, self._values(row)),
            due,
            self._owner(play, row),
            task.priority or None,
            self.judge.why(condition, row),
            self.request.day,
            play.outcome,
        )

    def _values(self, row: int) -> Mapping[str, Cell | float]:
        values: dict[str, Cell | float] = dict(self.accounts.rows[row])
        if (score := self.judge.scores.get(row)) is not None:
            values[SCORE] = score
        return {**values, AS_OF: self.request.day}

    def value(self, name: str, row: int) -> Cell | float:
        """A value of an account by the name of its column."""
        column = self.judge.column(name)
        return self._values(row).get(column) if column else None

    def _due(self, rule: DueRule, row: int, play: Play) -> date | None:
        start = self.value(rule.column, row) if rule.column else self.request.day
        holidays = {date.fromisoformat(day) for day in (*self.tried.plays.holidays, *play.holidays)}
        return due_day(rule, start, holidays) if isinstance(start, date) else None

    def _owner(self, play: Play, row: int) -> str | None:
        if not play.owner:
            return None
        return play.owner.name or in_words(self.value(play.owner.column, row)) or None


def _tasks(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"


def _lines(count: int) -> str:
    return "1 line is" if count == 1 else f"{count} lines are"


def _accounts(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"
