"""Which accounts a play is for: its condition over the columns of a list of accounts, a health score and the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from cstool.backends.duck import DuckDB, EngineError, identifier, quoted
from cstool.compute.formulas.expressions import Expression, ExpressionError, parse_condition
from cstool.compute.tables.health import AS_OF, SCORE, scored_relation
from cstool.errors import InputError
from cstool.glossary.health_config import HealthConfig
from cstool.glossary.play_rules import Plays
from cstool.ingest.source.header import header_key
from cstool.plays.account_list import NUMBER, AccountList, as_table
from cstool.plays.tasks import in_words


class Held(NamedTuple):
    """The rows of the list for which a condition holds, and how many it cannot be judged for."""

    rows: tuple[int, ...]
    unknown: int


class MisfitError(ValueError):
    """A condition compares what cannot be compared, as a text with a number."""


class Judge:
    """Accounts in an engine of their own, sealed, in which the conditions of plays are tried."""

    def __init__(self, accounts: AccountList, config: HealthConfig | None, day: date | None, scratch: Path) -> None:
        """`day` is `as_of` in conditions; without one it is a column of the list."""
        self.accounts = accounts
        self.engine = DuckDB(scratch)
        self.scores: dict[int, float | None] = {}
        as_table(self.engine, accounts, "listed")
        self.engine.seal()
        self.columns = dict(accounts.columns)
        relation = "listed"
        if SCORE not in self.columns and config and config.components:
            relation = self._scored(config)
            self.columns[SCORE] = "number"
        if day:
            given = f"cast({quoted(day.isoformat())} as date) as {AS_OF}"
            listed = "* replace" if AS_OF in accounts.columns else "*,"
            given = f"({given})" if AS_OF in accounts.columns else given
            relation = f"(select {listed} {given} from {relation})"
            self.columns[AS_OF] = "date"
        self.relation = relation

    def _scored(self, config: HealthConfig) -> str:
        """The list with the score of each account, and what it is kept as."""
        components = {f"c{i}": one for i, one in enumerate(config.components)}
        found = {name: self.column(one.column) for name, one in components.items()}
        missing = [components[name].column for name, column in found.items() if column is None]
        if missing:
            raise InputError(
                f"{self.accounts.name}: no column {', '.join(missing)}, which the health score is made of",
                hint="the health file names columns of `cstool accounts`",
                code="missing-column",
            )
        for column in found.values():
            if column and self.columns[column] != "number" and any(row[column] for row in self.accounts.rows):
                raise InputError(
                    f"{self.accounts.name}: {column} holds no numbers, and the health score is made of it",
                    code="bad-cells",
                )
        parts = ", ".join(
            f"try_cast({identifier(column)} as double) as {name}" for name, column in found.items() if column
        )
        scored = scored_relation(f"(select {NUMBER}, {parts} from listed)", components)
        self.scores = dict(self.engine.run(f"select {NUMBER}, {SCORE} from ({scored})"))
        return (
            f"(select listed.*, {SCORE} from listed join (select {NUMBER}, {SCORE} from ({scored})) using ({NUMBER}))"
        )

    def column(self, name: str) -> str | None:
        """The column of a name: as written, else whatever its case, else compared as headers are."""
        for same in (str, str.lower, header_key):
            found = [column for column in self.columns if same(column) == same(name)]
            if len(found) == 1:
                return found[0]
        return None

    def unknown_names(self, condition: Expression) -> list[str]:
        """The names in a condition that are no columns here."""
        lowered = {column.lower() for column in self.columns}
        return sorted(name for name in condition.names if name.lower() not in lowered)

    def held(self, condition: Expression) -> Held:
        """Where a condition holds. Raises MisfitError where it does not fit the columns."""
        holds = f"({condition.text}\n)"
        try:
            rows = self.engine.run(f"select {NUMBER} from {self.relation} as accounts where {holds} order by {NUMBER}")
            unknown = self.engine.row(f"select count(*) from {self.relation} as accounts where {holds} is null")[0]
        except EngineError as error:
            raise MisfitError(f"a comparison does not fit its columns: {self._kinds(condition)}") from error
        return Held(tuple(row[0] for row in rows), int(unknown))

    def _kinds(self, condition: Expression) -> str:
        kinds = {name.lower(): kind for name, kind in self.columns.items()}
        return ", ".join(f"{name} holds {kinds[name.lower()]}s" for name in sorted(condition.names))

    def why(self, condition: Expression, row: int) -> str:
        """The values that made a condition hold: `days_to_renewal = 42, health_score = 61`."""
        return ", ".join(
            f"{name} = {self.shown(name, row)}" for name in sorted(condition.names) if name.lower() != AS_OF
        )

    def shown(self, name: str, row: int) -> str:
        """A value of an account as people read it."""
        column = next((one for one in self.accounts.columns if one.lower() == name.lower()), "")
        value = self.accounts.rows[row].get(column) if column else self.scores.get(row)
        return "blank" if value is None else in_words(value)

    def close(self) -> None:
        self.engine.close()


def conditions_of(plays: Plays, config: HealthConfig | None, judge: Judge) -> Iterator[tuple[Expression | None, str]]:
    """The condition of each play, and what is wrong with it; a faulty one is None."""
    rules = {rule.rule: rule.when for rule in config.rules} if config else {}
    for play in plays.plays:
        if play.rule and play.rule not in rules:
            known = f"; its rules: {', '.join(rules)}" if rules else "; `health` of the project or --config names it"
            yield None, f"the health file has no rule '{play.rule}'{known}"
        else:
            yield _parsed(judge, play.when or rules[play.rule])


def _parsed(judge: Judge, text: str) -> tuple[Expression | None, str]:
    try:
        condition = parse_condition(judge.engine, text)
    except ExpressionError as error:
        return None, str(error)
    unknown = judge.unknown_names(condition)
    if not unknown:
        return condition, ""
    more = "; `health` of the project or --config FILE gives a health_score" if SCORE in unknown else ""
    return None, f"no column {', '.join(unknown)}{near(unknown[0], judge.columns)}{more}"


def near(name: str, columns: Mapping[str, object]) -> str:
    """The columns that a name may have meant, for a message."""
    import difflib

    found = difflib.get_close_matches(name.lower(), [column.lower() for column in columns], 2, 0.7)
    return f" (did you mean {' or '.join(found)}?)" if found else ""
