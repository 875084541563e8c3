"""A request as it flows: metrics -> file -> shape -> cells -> one query -> result."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from cstool.engines.duck import DuckDB, EngineError
from cstool.engines.engine import Engine
from cstool.errors import InputError, UndefinedError, UsageError
from cstool.glossary.entries import Glossary, Metric, Relational
from cstool.glossary.finding import Finder
from cstool.glossary.inputs import Measure
from cstool.metrics import direct, windows
from cstool.metrics.catalogue import ALL, Formula, Wanted, annualised, measures_of, needed, wanted
from cstool.metrics.compose import SUMMED, Asked, Output, Query, query, template
from cstool.metrics.ledgers import to_ledger
from cstool.metrics.outcome import months_told, reason, refuse_nothing_defined, value_columns, window_notes
from cstool.metrics.relations import dated_relation, find_periods, ledger_relation, refuse_unfit_rows, rows_relation
from cstool.metrics.request import STEP_MONTHS, CalcRequest, Step
from cstool.metrics.results import Column, Result, Value
from cstool.metrics.source import Source

TOTAL = "total"
HEALTH = "health"  # the relation whose measures a file of weights says
HISTORY = frozenset({"new", "reactivation"})  # measures that ask who had been a customer before


def calculate(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Compute what is asked.

    Raises UsageError for what does not exist or fit together, InputError for what the files cannot carry,
    UndefinedError where nothing asked for is defined on them.
    """
    engine: Engine = DuckDB(limits=request.limits)
    try:
        asked = wanted(glossary, finder, engine, request)
        if request.engine == "spark":
            engine.close()
            engine = _spark(request)
        if request.config and asked[0].of != HEALTH:
            raise UsageError(f"--config says what health is made of; {asked[0].name} has no use for it")
        if not request.files:
            return Calculation(glossary, engine, request, asked).direct()
        with tempfile.TemporaryDirectory(prefix="cstool-") as scratch:
            if asked[0].of == HEALTH:
                from cstool.metrics.health import health_result

                return health_result(glossary, engine, request, asked[0], Path(scratch))
            source = Source(glossary, engine, request, asked[0].of, Path(scratch))
            return Calculation(glossary, engine, request, asked, source).from_files()
    except EngineError as error:  # a query that is put off until its rows are asked for may fail anywhere
        raise InputError(f"the query failed: {error}") from error
    finally:
        engine.close()


def _spark(request: CalcRequest) -> Engine:
    """Spark, for files. Raises UsageError where there are none, or where it is not installed."""
    if not request.files:
        raise UsageError("--engine spark reads files", hint="name one, or leave --engine out")
    from cstool.engines.spark import Spark

    return Spark(request.spark_master, request.limits)


class Calculation:
    """One request on its way through the engine."""

    def __init__(
        self,
        glossary: Glossary,
        engine: Engine,
        request: CalcRequest,
        asked: Sequence[Wanted],
        source: Source | None = None,
    ) -> None:
        self.engine = engine
        self.request = request
        self.asked = asked
        self.source = source
        self.formulas = list({formula.key: formula for one in asked for formula in one.formulas}.values())
        self.parameters = self._parameters()
        self.measures: dict[str, Measure] = measures_of(glossary, asked[0].of, self.formulas)
        if source:
            self.measures |= source.measures
            # A value of its own has to be given then; a table has a gap where its file tells nothing.
            nothing = "null" if asked[0].table else ""
            for name in source.untold & set(self.measures):
                if self.measures[name].sql:
                    self.measures[name] = self.measures[name]._replace(sql=nothing, empty="undefined")
        self.notes: list[str] = []
        self.given = self._given()
        self._refuse_taken_names()

    @property
    def metrics(self) -> list[Metric]:
        return [formula.metric for formula in self.formulas if formula.metric]

    def _refuse_taken_names(self) -> None:
        """A group may not hide a value of the same name in the result."""
        taken = {"period", *(formula.key for formula in self.formulas)}
        for header in self.source.groups.values() if self.source else ():
            if header in taken:
                raise UsageError(f"--by {header}: the result has a column of that name", hint="rename it in the file")

    @property
    def rules(self) -> list[Metric | Relational]:
        """What is asked for, as it says what it needs: metrics, or one table."""
        return [*self.metrics, *(one.table for one in self.asked if one.table)]

    def _parameters(self) -> dict[str, Decimal]:
        """The values that measures may use, as the metrics have them by default or as they were set."""
        parameters: dict[str, Decimal] = {}
        for metric in self.rules:
            for name, value in metric.parameters.items():
                if parameters.setdefault(name, value) != value and name not in self.request.given:
                    raise UsageError(
                        f"{metric.name} takes {name} as {value}, another metric as {parameters[name]}",
                        hint="ask for them one by one",
                    )
        return {name: self.request.given.get(name, value) for name, value in parameters.items()}

    def _given(self) -> dict[str, Decimal]:
        """The values given, those that may be left out as zero, and those that are assumed and said so."""
        used = needed(self.formulas, self.measures, self.request.given)
        for name in self.request.given:
            if name in self.parameters and self.source:
                continue
            if name not in used:
                hint = f"measures used: {', '.join(sorted(used))}" if used else ""
                raise UsageError(f"--set {name}: nothing asked for uses it", hint=hint)
            if self.source and self.measures[name].sql:
                raise UsageError(f"--set {name}: the file gives it; --set would hide that", hint="leave --set out")
        given = {name: value for name, value in self.request.given.items() if name in used}
        if self.source and self.request.by:
            self.notes += [f"{name} is taken as {value} in every row" for name, value in given.items()]
        for one in self.asked:
            for formula in one.formulas:
                if formula.metric is None:
                    continue
                if not self.source:
                    given |= {name: Decimal(0) for name in formula.metric.optional if name not in given}
                for name, value in formula.metric.assumed.items():
                    if name not in given and not self.measures[name].sql:
                        given[name] = value
                        self.notes.append(f"{one.name}: {name} is taken as {value}; --set {name}=VALUE says otherwise")
        return given

    # From values

    def direct(self) -> Result:
        request = self.request
        if request.by or request.where or request.every or request.as_of or request.accounts:
            raise UsageError(
                "--by, --where, --every, --as-of and --accounts need a file", hint="name one, or - for stdin"
            )
        # What stands beside a value needs no measures of its own.
        self.formulas = [one for one in self.formulas if not one.beside or one.expression.names <= set(self.given)]
        for one in self.asked:
            if one.table:
                raise UsageError(f"{one.name} needs a file", hint="name one, or - for stdin")
            for formula in one.formulas:
                names = set() if formula.beside else set(formula.expression.names)
                if lacking := direct.missing(one.name, names, self.given, file=False):
                    raise lacking
        self.engine.seal()
        formulas = self._annualised([request.window or formula.months for formula in self.formulas])
        measures = {name: measure._replace(sql="") for name, measure in self.measures.items()}
        asked = [Asked(one.key, one.expression.text, one.expression.names, 0) for one in formulas]
        parts, outputs = query(direct.ROW, asked, measures, self.given, ())
        return self._result(formulas, outputs, self._run(parts))

    # From files

    def from_files(self) -> Result:
        source = self.source
        assert source is not None
        self._refuse_missing()
        source.read(self.asked[0].table)
        if source.has_months:
            to_ledger(source)
        else:
            find_periods(source)
        table = self.asked[0].table
        if table and table.sql:
            from cstool.metrics.tables import table_result

            relation = self._relation(source, []) if source.shape.dated else ""
            return table_result(self.engine, source, self.request, table, relation)
        lengths = [self._length(formula) for formula in self.formulas]
        if not source.has_months:
            fixed = [one for one in self.formulas if one.metric and one.metric.fixed]
            self.notes += [f"{one.key}: the file's window is taken as {months_told(one.months)}" for one in fixed]
        relation = self._relation(source, lengths)
        if self.request.accounts:
            from cstool.metrics.accounts import accounts_result

            return accounts_result(self.engine, source, self.request, relation, [*source.notes, *self.notes])
        formulas = self._annualised(lengths)
        asked = self._asked(formulas, lengths)
        parts, outputs = query(relation, asked, self.measures, self.given, source.group_names, self.covered)
        rows = self._run(parts)
        if self.request.total and source.groups:
            parts, _ = query(relation, asked, self.measures, self.given, (), self.covered)
            blanks = [None] * (len(source.groups) - 1)
            rows += [(closing, TOTAL, *blanks, *values) for closing, *values in self._run(parts)]
        result = self._result(formulas, outputs, rows)
        if not result.rows:
            raise UndefinedError(f"{source.name}: no rows to compute from")
        return result

    def _asked(self, formulas: Sequence[Formula], lengths: Sequence[int]) -> list[Asked]:
        """The formulas with the measures and the window of each."""
        told = {name for name, one in self.measures.items() if one.told and one.sql and self.request.explain}
        used = [
            frozenset(needed([formula], self.measures, self.given) | (told if length else set()))
            for formula, length in zip(self.formulas, lengths, strict=True)
        ]
        return [
            Asked(formula.key, formula.expression.text, names, length)
            for formula, names, length in zip(formulas, used, lengths, strict=True)
        ]

    def _relation(self, source: Source, lengths: Sequence[int]) -> str:
        if source.has_months:
            return self._ledger(source, lengths)
        if not source.shape.dated:
            return rows_relation(source)
        step = self._counted_by()
        relation, self.names = dated_relation(source, self.parameters, self._every(), per=step, used=self._used_sql())
        refuse_unfit_rows(source, [check for rule in self.rules for check in rule.checks], relation)
        return relation

    def _counted_by(self) -> Step | None:
        """The step that metrics are counted by where none is asked for.

        What is counted by quarter has no value in months or years.
        """
        per = {rule.per for rule in self.rules}
        step: Step | None = "quarter" if "quarter" in per else "month" if "month" in per else None
        asked = self.request.every or (self.request.as_of and windows.last_month(self.request.as_of)[1])
        if step == "quarter" and asked and asked != step:
            name = next(rule.name for rule in self.rules if rule.per == step)
            raise UsageError(f"{name} is counted by quarter", hint="ask for --every quarter, or --as-of 2026-Q3")
        return step

    def _used_sql(self) -> str:
        """Everything that reads the relation."""
        used = [self.measures[name].sql for name in needed(self.formulas, self.measures, self.given)]
        used += [check.sql for rule in self.rules for check in rule.checks]
        table = self.asked[0].table
        return " ".join([*used, template(table.sql) if table and table.sql else ""])

    def _refuse_missing(self) -> None:
        """A measure must be given, or come from the file, or from measures that do."""
        for one in self.asked:
            used = needed(one.formulas, self.measures, self.given)
            named = {name for name in used if not self.measures[name].sql and not self.measures[name].formula}
            if lacking := direct.missing(one.name, named, self.given, file=True):
                raise lacking
        assert self.source is not None
        for metric in self.rules:
            for need in metric.needs:
                if not set(need.split("|")) & set(self.source.roles):
                    raise self.source.lacks(metric.name, need.split("|"))

    def _annualised(self, lengths: Sequence[int]) -> list[Formula]:
        if not self.request.annualise:
            return self.formulas
        if any(
            one.metric and one.metric.annualised and not length
            for one, length in zip(self.formulas, lengths, strict=True)
        ):
            raise UsageError("--annualise: the file does not say how long its window is", hint="give one with months")
        formulas = [annualised(one, length) for one, length in zip(self.formulas, lengths, strict=True)]
        for before, after, length in zip(self.formulas, formulas, lengths, strict=True):
            if after is not before:
                self.notes.append(f"{before.key}: brought from {months_told(length)} to a year, compounded")
        return formulas

    def _length(self, formula: Formula) -> int:
        """The length of a formula's window in months, 0 where it looks at one moment or the file sets the window.

        A quarter or year that is asked for, or a series of them, counts what happened in the whole of it.
        """
        source = self.source
        if source is None or not source.has_months or not formula.months:
            return 0
        if formula.metric and formula.metric.fixed:
            if self.request.window not in (None, formula.months):
                raise UsageError(f"--window: {formula.key} is over {months_told(formula.months)}, and no other window")
            return formula.months
        if formula.months == ALL and not self.request.window:
            return self._closing()[-1] - source.months[0]
        if self.request.window:
            return self.request.window
        asked = self.request.as_of and windows.last_month(self.request.as_of)[1]
        step = self._every() or asked
        return max(formula.months, STEP_MONTHS[step] if step else 0)

    def _every(self) -> Step | None:
        """The step of the series: what was asked for, or what a table is made by, unless one period was asked for."""
        if self.request.every or self.request.as_of:
            return self.request.every
        table = self.asked[0].table
        by_month = (table and table.every) or any(rule.per == "all months" for rule in self.rules)
        return "month" if by_month else None

    def _closing(self) -> list[int]:
        assert self.source is not None
        months = self.source.months
        return windows.closing_months(months, self._every(), self.request.as_of, self.source.name)

    def _ledger(self, source: Source, lengths: Sequence[int]) -> str:
        closing = self._closing()
        every = self._every()
        self.names = {last: windows.period_name(last, every or source.step()) for last in closing}
        spans = [windows.Span(last, length) for last in closing for length in sorted(set(lengths))]
        covered = windows.covered(spans, source.months, before=source.knows_before)
        for length in sorted(set(lengths)):
            named = [one.key for one, own in zip(self.formulas, lengths, strict=True) if own == length]
            reachable = [span for span in covered if span.length == length]
            names = self.asked[0].name if self.asked[0].table else ", ".join(named)
            self.notes += window_notes(names, length, closing, reachable, source.months[0])
        if not covered:
            first, last = windows.month_name(source.months[0]), windows.month_name(closing[-1])
            raise UndefinedError(
                f"{source.name}: nothing to compare with: the file starts at {first}, after the window of"
                f" {months_told(min(lengths))} that ends with {last} opens",
                hint="--window sets a shorter one, for example --window 1m",
            )
        self.covered = [(span.last, span.length) for span in covered]
        history = self.request.accounts or any(
            HISTORY & needed([one], self.measures, self.given) for one in self.formulas
        )
        return ledger_relation(source, covered, history=history)

    # The result

    names: Mapping[int, str] = {}
    covered: Sequence[tuple[int, int]] = ()

    def _run(self, parts: Query) -> list[tuple[Any, ...]]:
        try:
            engine, rows = self.engine.near(parts.sums, SUMMED)
            return engine.run(parts.over(rows))
        except EngineError as error:
            hint = "amounts may be too large to add up exactly"
            raise InputError(f"the query failed: {error}", hint=hint) from error

    def _result(
        self, formulas: Sequence[Formula], outputs: Sequence[Output], rows: Sequence[tuple[Any, ...]]
    ) -> Result:
        """Rows by column key, and why what is undefined is so."""
        source = self.source
        groups = [Column(header) for header in source.groups.values()] if source else []
        has_period = bool(source and (source.periods or self.names))
        columns = value_columns(formulas, outputs)
        values = columns[: len(formulas)]
        sums = {name: one.sql for name, one in self.measures.items() if one.sql and source}
        keyed: list[dict[str, Value]] = []
        reasons: dict[tuple[int, str], str] = {}
        for closing, *cells in rows:
            record: dict[str, Value] = dict(zip((column.key for column in groups), cells, strict=False))
            if has_period:
                record["period"] = self.names.get(closing, closing)
            record.update(zip((column.key for column in columns), cells[len(groups) :], strict=True))
            if self.request.every and all(record[column.key] is None for column in values):
                continue  # before the first whole window there is nothing to tell
            for formula, column in zip(formulas, values, strict=True):
                if record[column.key] is None and (why := reason(formula, column, columns, record, sums)):
                    reasons[len(keyed), column.key] = why
            keyed.append(record)
        refuse_nothing_defined(keyed, reasons, [column for column in values if column.kind == "value"])
        head = [*groups, *([Column("period")] if has_period else [])]
        shown = columns if self.request.explain else values
        notes = tuple(dict.fromkeys([*(source.notes if source else []), *self.notes]))
        return Result([*head, *shown], keyed, notes, reasons, self._picture(len(keyed)))

    def _picture(self, rows: int) -> Any:
        if self.asked[0].name == "mrr-movements":
            return "bridge"
        return "series" if self._every() and rows > 1 and not self.request.by else ""
