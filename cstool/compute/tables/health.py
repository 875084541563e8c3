"""Health scores, risk scores and early warnings: a row an account, from its signals and a file of weights and rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from cstool.backends.duck import EngineError, identifier, quoted
from cstool.backends.engine import Engine
from cstool.compute.build_result import telling_alike
from cstool.compute.formulas.expressions import Expression, ExpressionError, parse_condition
from cstool.compute.formulas.given_values import literal
from cstool.compute.formulas.resolve import Wanted
from cstool.compute.recognize.shapes import named_column
from cstool.compute.source import Source
from cstool.errors import InputError, UndefinedError, UsageError
from cstool.glossary.health_config import Component, HealthConfig, Rule, read_health_config
from cstool.model.entries import Glossary
from cstool.model.reading import Column as Cells
from cstool.model.reading import Kind
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value

OWN_RISK = "risk_score"
SCORE, AS_OF = "health_score", "as_of"
START = "`cstool sample health-config` prints one to start from"
PLACES = 9  # of a score: beyond them a division shows, and a score of 75 would fall below a band that begins there


def health_result(glossary: Glossary, engine: Engine, request: CalcRequest, asked: Wanted, scratch: Path) -> Result:
    """What health-score, risk-score or early-warning makes of a file of signals.

    Raises UsageError for options it does not take, InputError where the file or the configuration cannot carry it,
    UndefinedError where no account has a score.
    """
    name = asked.name
    if request.every or request.given:
        raise UsageError(
            f"{name} takes no --every and no --set",
            hint="give a file of one moment, a row an account",
            code="option-not-applicable",
        )
    if request.as_of and name != "early-warning":
        raise UsageError(
            f"{name} takes no --as-of", hint="give a file of one moment, a row an account", code="option-not-applicable"
        )
    source = Source(glossary, engine, request, asked.of, scratch)
    return telling_alike(_result(engine, source, request, name), list(source.groups.values()))


def _result(engine: Engine, source: Source, request: CalcRequest, name: str) -> Result:
    if name == "risk-score" and OWN_RISK in source.roles:
        return _own_risk(engine, source)
    if not request.weights:
        raise UsageError(
            f"{name} needs a file of weights and rules: --config FILE", hint=START, code="option-needs-another"
        )
    config = read_health_config(request.weights)
    if not request.config:
        source.notes.append(f"weights and rules: {request.health}")
    if name == "early-warning":
        return _Warnings(engine, source, request, config).result()
    return _Scores(engine, source, config).result(risk=name == "risk-score")


def _own_risk(engine: Engine, source: Source) -> Result:
    source.read()
    groups = "".join(f"{group}, " for group in source.groups)
    rows = engine.run(
        f"select account, {groups} {OWN_RISK} from {source.cells} order by {OWN_RISK} desc nulls last, account"
    )
    columns = [Column("account"), *map(Column, source.groups.values()), Column(OWN_RISK, "value", "score")]
    note = f"{source.name}: its own {source.roles[OWN_RISK]} is taken, not 100 less the health score"
    return Result(columns, _records(columns, rows), (*source.notes, note))


def _records(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[Mapping[str, Value]]:
    keys = [column.key for column in columns]
    return [dict(zip(keys, row, strict=True)) for row in rows]


class _Scores:
    """The score of each account."""

    def __init__(self, engine: Engine, source: Source, config: HealthConfig) -> None:
        self.engine = engine
        self.source = source
        self.config = config
        self.components = {f"c{i}": component for i, component in enumerate(config.components)}

    def columns(self) -> list[Cells]:
        """The components' columns as they are to be read."""
        return [
            Cells(name, named_column(self.source.table, component.column, "--config"), "number", optional=True)
            for name, component in self.components.items()
        ]

    def relation(self) -> str:
        """The cells with a score for each component (`s0`, ...) and the account's."""
        return scored_relation(self.source.cells, self.components)

    def result(self, *, risk: bool) -> Result:
        source = self.source
        if not self.components:
            raise InputError(
                f"{source.request.weights}: no components, so there is no score", hint=START, code="bad-configuration"
            )
        source.read(more=self.columns())
        listed = ", ".join(["account", *source.groups, SCORE, *(f"round(s{n[1:]}, {PLACES})" for n in self.components)])
        rows = self.engine.run(f"select {listed} from ({self.relation()}) order by {SCORE} nulls last, account")
        key = OWN_RISK if risk else SCORE
        columns = [
            Column("account"),
            *map(Column, source.groups.values()),
            Column(key, "value", "score"),
            *([Column("band")] if self.config.bands else []),
            *(Column(one.key, "beside", "score") for one in self.components.values()),
            Column("missing"),
        ]
        records = [self._record(row, risk=risk) for row in rows]
        if all(row[1 + len(source.groups)] is None for row in rows):
            raise UndefinedError(f"{source.name}: no account has any of the components", code="no-rows")
        return Result(columns, _records(columns, records), (*source.notes, *self._notes(rows)))

    def _record(self, row: Sequence[Value], *, risk: bool) -> list[Value]:
        head, score, scores = self._parts(row)
        shown = 100 - score if risk and isinstance(score, float) else score
        band: list[Value] = [self._band(score)] if self.config.bands else []
        missing = [one.key for one, own in zip(self.components.values(), scores, strict=True) if own is None]
        return [*head, shown, *band, *scores, ", ".join(missing) or None]

    def _parts(self, row: Sequence[Value]) -> tuple[Sequence[Value], Value, Sequence[Value]]:
        """Account and groups, the score, and the components' scores."""
        at = 1 + len(self.source.groups)
        return row[:at], row[at], row[at + 1 :]

    def _band(self, score: Value) -> str | None:
        """The last band that begins at or below the score."""
        if not isinstance(score, float):
            return None
        return [name for name, begin in self.config.bands.items() if score >= begin][-1]

    def _notes(self, rows: Sequence[Sequence[Value]]) -> list[str]:
        notes = []
        for i, component in enumerate(self.components.values()):
            lacking = sum(self._parts(row)[2][i] is None for row in rows)
            if lacking:
                notes.append(f"{component.key}: missing in {_accounts(lacking)}, where its weight drops out")
        none = sum(self._parts(row)[1] is None for row in rows)
        return [*notes, f"no component at all in {_accounts(none)}, which get no score"] if none else notes


def scored_relation(cells: str, components: Mapping[str, Component]) -> str:
    """SQL of the rows with a score of each component (`s0`, ...) and the account's; components by column `c0`, ..."""
    if not components:
        return f"select *, cast(null as double) as {SCORE} from {cells}"
    scores = ", ".join(f"{_scored(name, one)} as s{name[1:]}" for name, one in components.items())
    total = " + ".join(f"coalesce({literal(one.weight)} * s{n[1:]}, 0)" for n, one in components.items())
    weights = " + ".join(
        f"case when s{n[1:]} is null then 0 else {literal(one.weight)} end" for n, one in components.items()
    )
    return (
        f"select *, round(({total}) / nullif({weights}, 0), {PLACES}) as {SCORE} from (select *, {scores} from {cells})"
    )


def _accounts(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"


def _scored(name: str, component: Component) -> str:
    """A value as a score of 0 to 100; nothing is no score, and least() would skip it."""
    low, high = literal(component.low), literal(component.high)
    score = f"100 * greatest(0, least(1, ({name} - {low}) / ({high} - {low})))"
    if component.better == "lower":
        score = f"100 - {score}"
    return f"case when {name} is not null then {score} end"


class _Warnings:
    """The rules that hold, account by account."""

    def __init__(self, engine: Engine, source: Source, request: CalcRequest, config: HealthConfig) -> None:
        self.engine = engine
        self.source = source
        self.request = request
        self.config = config
        self.scores = _Scores(engine, source, config)
        self.conditions = {rule.rule: self._parsed(rule) for rule in config.rules}

    def _parsed(self, rule: Rule) -> Expression:
        try:
            condition = parse_condition(self.engine, rule.when)
        except ExpressionError as error:
            raise InputError(
                f"{self.request.weights}: rule '{rule.rule}': {error}", hint=error.hint, code="bad-configuration"
            ) from error
        if AS_OF in condition.names and not self.request.as_of:
            raise UsageError(
                f"rule '{rule.rule}' looks at as_of, a day",
                hint="say the last one with --as-of 2026-10",
                code="option-needs-another",
            )
        if SCORE in condition.names and not self.config.components:
            raise InputError(
                f"{self.request.weights}: rule '{rule.rule}' asks for a score, but has no components",
                code="bad-configuration",
            )
        return condition

    def _columns(self) -> dict[str, Cells]:
        """The columns that rules name, by that name."""
        names = {name for one in self.conditions.values() for name in one.names} - {SCORE, AS_OF}
        table = self.source.table
        kinds: dict[str, Kind] = {named_column(table, name, "--config texts"): "text" for name in self.config.texts}
        kinds |= {named_column(table, name, "--config dates"): "date" for name in self.config.dates}
        kinds = {**self.request.holds, **kinds}
        found = {name: named_column(table, name, "--config rules") for name in sorted(names)}
        return {
            name: Cells(f"r{i}", header, kinds.get(header, "number"), optional=True)
            for i, (name, header) in enumerate(found.items())
        }

    def result(self) -> Result:
        source = self.source
        if not self.config.rules:
            raise InputError(
                f"{self.request.weights}: no rules, so there is nothing to warn of",
                hint=START,
                code="bad-configuration",
            )
        columns = self._columns()
        source.read(more=[*self.scores.columns(), *columns.values()])
        listed = "".join(f", {group}" for group in source.groups)
        named = "".join(f", {column.name} as {identifier(name)}" for name, column in columns.items())
        day = self.request.year.last_day_of(self.request.as_of) if self.request.as_of else None
        shown = f"cast({quoted(str(day)) if day else 'null'} as date) as {AS_OF}"
        relation = f"select account{listed}, {SCORE}, {shown}{named} from ({self.scores.relation()})"
        # The rules are the user's own words, so all engines leave them to one.
        self.engine, relation = self.engine.near(relation, "scored")
        found: list[tuple[Value, ...]] = []
        notes: list[str] = []
        for rule in self.config.rules:
            rows, unknown = self._holds(rule, relation, listed)
            found += rows
            if unknown:
                notes.append(f"'{rule.rule}' cannot be judged in {_accounts(unknown)}: a value is blank")
        signs = Counter(row[0] for row in found)
        found.sort(key=lambda row: (-signs[row[0]], str(row[0])))
        told = [Column("account"), *map(Column, source.groups.values()), Column("rule"), Column("seen")]
        if not found:
            notes.append(f"{source.name}: no rule holds for any of {_accounts(source.count())}")
        return Result(told, _records(told, found), (*source.notes, *notes))

    def _holds(self, rule: Rule, relation: str, groups: str) -> tuple[list[tuple[Value, ...]], int]:
        """The accounts for which a rule holds with what it saw, and how many it cannot be judged for."""
        names = sorted(self.conditions[rule.rule].names - {AS_OF})
        seen = "".join(f", {identifier(name)}" for name in names)
        holds = f"({rule.when}\n)"
        try:
            rows = self.engine.run(f"select account{groups}{seen} from {relation} where {holds} order by account")
            unknown = self.engine.row(f"select count(*) from {relation} where {holds} is null")[0]
        except EngineError as error:
            hint = "columns of rules hold numbers, unless `texts` or `dates` names them"
            text = f"{self.request.weights}: rule '{rule.rule}': a comparison does not fit its columns"
            raise InputError(text, hint=hint, code="bad-configuration") from error
        at = 1 + len(self.source.groups)
        made = [(*row[:at], rule.rule, _told(names, row[at:])) for row in rows]
        return made, int(unknown)


def _told(names: Sequence[str], values: Sequence[object]) -> str:
    """What a rule saw: `logins = 3, plan = Pro`."""
    return ", ".join(f"{name} = {_plain(value)}" for name, value in zip(names, values, strict=True))


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{round(value, 1):g}" if isinstance(value, float) else "blank" if value is None else str(value)
