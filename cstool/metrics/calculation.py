"""A request as it flows: metrics -> file -> shape -> cells -> one query -> result."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cstool.data import cells
from cstool.data.header import header_key
from cstool.data.options import Column as FileColumn
from cstool.data.table import Table, open_table, same_header
from cstool.engines.duck import DuckDB, EngineError
from cstool.errors import InputError, UndefinedError, UsageError
from cstool.glossary.entries import Glossary, Measure, Metric, Term
from cstool.glossary.finding import Finder
from cstool.metrics import windows
from cstool.metrics.compose import NO_WINDOW, Asked, Output, ledger_relation, query, snapshot_relation
from cstool.metrics.direct import direct_relation, missing_measures
from cstool.metrics.expressions import Expression, ExpressionError, parse
from cstool.metrics.request import STEP_MONTHS, CalcRequest
from cstool.metrics.results import Column, Result, Value
from cstool.metrics.shapes import Recognised, known_headers, named_column, recognise


@dataclass(frozen=True, slots=True)
class Wanted:
    """A metric that was asked for, with its formula parsed."""

    term: Term
    metric: Metric
    expression: Expression


def calculate(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Compute what is asked.

    Raises UsageError for what does not exist or fit together, InputError for what the files cannot carry, UndefinedError
    where nothing asked for is defined on them.
    """
    engine = DuckDB()
    try:
        wanted = [_wanted(glossary, finder, engine, name) for name in dict.fromkeys(request.metrics)]
        measures = _measures(glossary, wanted)
        _refuse_unknown_given(request, wanted)
        if not request.files:
            return _direct(engine, request, wanted, measures)
        with tempfile.TemporaryDirectory(prefix="cstool-") as scratch:
            return _from_files(glossary, engine, request, wanted, measures, Path(scratch))
    finally:
        engine.close()


def _wanted(glossary: Glossary, finder: Finder, engine: DuckDB, name: str) -> Wanted:
    """The metric of a name: its own, or any name of its term; a near miss is only a suggestion."""
    term = glossary.metrics.get(name.strip().lower())
    if term is None:
        found = finder.find(name, exact=True)
        computable = [match.term for match in found.matches if match.term.metric]
        term = computable[0] if computable else None
    if term is None or term.metric is None:
        raise _unknown_metric(glossary, finder, name)
    try:
        return Wanted(term, term.metric, parse(engine, term.metric.formula))
    except ExpressionError as error:
        raise InputError(f"the formula of {term.metric.name} cannot run: {error}") from error


def _unknown_metric(glossary: Glossary, finder: Finder, name: str) -> UsageError:
    found = finder.find(name)
    near = [match.term.metric.name for match in (*found.matches, *found.suggestions) if match.term.metric]
    if found.matches and not found.matches[0].term.metric and found.matches[0].how != "fuzzy":
        term = found.matches[0].term
        related = [glossary.terms[id_].metric for id_ in term.related if id_ in glossary.terms]
        names = [metric.name for metric in related if metric]
        hint = f"related metrics: {', '.join(names)}" if names else "`cstool lookup` tells what it is"
        return UsageError(f"'{name}' ({term.term}) is a term, but not a metric with a formula", hint=hint)
    hint = f"did you mean: {', '.join(near)}?" if near else f"metrics: {', '.join(sorted(glossary.metrics))}"
    return UsageError(f"there is no metric '{name}'", hint=hint)


def _measures(glossary: Glossary, wanted: Sequence[Wanted]) -> dict[str, Measure]:
    """The measures of the one relation that all metrics are of."""
    relations = {one.metric.of for one in wanted}
    if len(relations) > 1:
        names = "; ".join(f"{one.metric.name} is of {one.metric.of}" for one in wanted)
        raise UsageError(f"these metrics are computed from different tables: {names}", hint="ask for them one by one")
    relation = glossary.relations.get(relations.pop())
    measures = {measure.measure: measure for measure in relation.measures} if relation else {}
    for one in wanted:
        unknown = sorted(one.expression.names - set(measures))
        if unknown:
            raise InputError(
                f"the formula of {one.metric.name} uses {', '.join(unknown)}, no measure of {one.metric.of}",
                hint=f"measures of {one.metric.of}: {', '.join(measures)}",
            )
    return measures


def _refuse_unknown_given(request: CalcRequest, wanted: Sequence[Wanted]) -> None:
    used = {name for one in wanted for name in one.expression.names}
    for name in request.given:
        if name not in used:
            raise UsageError(
                f"--set {name}: no metric asked for uses it", hint=f"measures used: {', '.join(sorted(used))}"
            )


def _asked(wanted: Wanted, window: int) -> Asked:
    return Asked(wanted.metric.key, wanted.metric.formula, tuple(sorted(wanted.expression.names)), window)


def _direct(engine: DuckDB, request: CalcRequest, wanted: Sequence[Wanted], measures: Mapping[str, Measure]) -> Result:
    """Metrics of values that were given."""
    if request.by or request.where or request.every or request.as_of or request.window:
        raise UsageError("--by, --where, --every, --window and --as-of need a file", hint="name one, or - for stdin")
    missing_measures(wanted_formulas(wanted), request.given)
    relation, given = direct_relation(wanted_formulas(wanted), request.given)
    engine.seal()
    asked = [_asked(one, NO_WINDOW) for one in wanted]
    sql, outputs = query(relation, asked, given, ())
    rows = _run(engine, sql)
    return _result(request, wanted, outputs, rows, [], measures)


def wanted_formulas(wanted: Sequence[Wanted]) -> list[tuple[Metric, Expression]]:
    return [(one.metric, one.expression) for one in wanted]


def _from_files(
    glossary: Glossary,
    engine: DuckDB,
    request: CalcRequest,
    wanted: Sequence[Wanted],
    measures: Mapping[str, Measure],
    scratch: Path,
) -> Result:
    known = known_headers(glossary, (*request.mapping.values(), *request.by))
    tables = [open_table(file, known, scratch, request.reading) for file in request.files]
    same_header(tables)
    source = _Source(
        request, tables, recognise(glossary, tables[0], wanted[0].metric.of, request.mapping, request.shape)
    )
    notes = source.read(engine, glossary)
    _refuse_given_over_rows(wanted, measures, request)
    engine.seal()
    lengths = [_window(one.metric, request, source) for one in wanted]
    relation, more = source.relation(engine, wanted, lengths)
    given = {name: Measure(name, "given", f"any_value({value})") for name, value in request.given.items()}
    asked = [_asked(one, length) for one, length in zip(wanted, lengths, strict=True)]
    sql, outputs = query(relation, asked, {**measures, **given}, source.group_names)
    result = _result(request, wanted, outputs, _run(engine, sql), [*notes, *more], measures, source)
    if not result.rows:
        raise UndefinedError(f"{source.name}: no rows to compute from")
    return result


def _refuse_given_over_rows(wanted: Sequence[Wanted], measures: Mapping[str, Measure], request: CalcRequest) -> None:
    """A value given beside a file must not hide what the file says, nor may a measure stay without a value."""
    for name in request.given:
        if measures[name].sql:
            raise UsageError(f"--set {name}: the file gives this measure; --set would hide it", hint="leave --set out")
    for one in wanted:
        missing = sorted(name for name in one.expression.names if not measures[name].sql and name not in request.given)
        if missing:
            options = " ".join(f"--set {name}=VALUE" for name in missing)
            raise UsageError(f"{one.metric.name}: no column gives {', '.join(missing)}", hint=f"add {options}")


def _window(metric: Metric, request: CalcRequest, source: _Source) -> int:
    """The length of a metric's window in months, 0 where it looks at one moment or the file sets the window.

    A series by quarter or year counts what happened in the whole quarter or year.
    """
    if not metric.months or not source.has_history:
        return NO_WINDOW
    if request.window:
        return request.window
    return max(metric.months, STEP_MONTHS[request.every] if request.every else 0)


class _Source:
    """The files of a request as cells of one shape."""

    def __init__(self, request: CalcRequest, tables: Sequence[Table], recognised: Recognised) -> None:
        self.request = request
        self.tables = tables
        self.shape = recognised.shape
        self.roles = recognised.roles
        self.groups = {f"g{i}": named_column(tables[0], name, "--by") for i, name in enumerate(request.by)}
        self.group_names = list(self.groups)
        self.by_closing: dict[int | str | None, str] = {}  # how each closing month is called
        if not self.has_history and (request.window or request.every):
            option = "--window" if request.window else "--every"
            raise UsageError(
                f"{option} has no meaning for a {self.shape.shape}: its window lies between its two amounts",
                hint="give a file with one row per account and month",
            )

    @property
    def name(self) -> str:
        return ", ".join(table.name for table in self.tables)

    @property
    def has_history(self) -> bool:
        """Whether windows are cut from months, rather than given by the file."""
        return "month" in self.shape.required

    def read(self, engine: DuckDB, glossary: Glossary) -> list[str]:
        columns = [FileColumn(role, header, glossary.roles[role].kind) for role, header in self.roles.items()]
        columns += [FileColumn(group, header, "text") for group, header in self.groups.items()]
        notes = cells.read(engine, self.tables, columns, self.shape.unique, self.request.reading)
        notes += self._alike_groups(engine)
        if self._guessed():
            used = ", ".join(f"{role} = {header}" for role, header in self.roles.items())
            notes.insert(0, f"{self.name}: read as {self.shape.shape} ({used})")
        return notes

    def _guessed(self) -> bool:
        return any(header_key(role) != header_key(header) for role, header in self.roles.items())

    def _alike_groups(self, engine: DuckDB) -> list[str]:
        """Groups that differ only in case or inner spaces are probably one group; they are not joined, but said."""
        notes = []
        for group, header in self.groups.items():
            rows = engine.run(
                f"select list_sort(list(distinct {group})) from cells where {group} is not null"
                f" group by lower(regexp_replace({group}, '\\s+', ' ', 'g')) having count(distinct {group}) > 1 order by 1"
            )
            notes += [
                f"{header}: {' and '.join(repr(name) for name in row[0])} are counted as different groups"
                for row in rows
            ]
        return notes

    def relation(self, engine: DuckDB, wanted: Sequence[Wanted], lengths: Sequence[int]) -> tuple[str, list[str]]:
        """The SQL of the relation that measures are summed over, and what to say about its windows."""
        return self._ledger(engine, wanted, lengths) if self.has_history else self._snapshot(engine)

    def _snapshot(self, engine: DuckDB) -> tuple[str, list[str]]:
        notes: list[str] = []
        only = None
        has_period = "period" in self.roles
        if has_period:
            periods = [row[0] for row in engine.run("select distinct period from cells order by 1")]
            if len({len(period) for period in periods}) > 1:
                raise InputError(f"{self.name}: {self.roles['period']} mixes months, quarters and years")
            only = self.request.as_of or periods[-1]
            if only not in periods:
                raise InputError(f"{self.name}: no rows for --as-of {only}", hint=f"periods: {', '.join(periods)}")
            self.by_closing = {period: period for period in periods}
            if len(periods) > 1 and not self.request.as_of:
                notes.append(f"{self.name}: {only} is the last of {len(periods)} periods; --as-of names another")
        elif self.request.as_of:
            raise UsageError("--as-of needs a file with periods or months")
        return snapshot_relation(self.group_names, period=has_period, only=only), notes

    def _ledger(self, engine: DuckDB, wanted: Sequence[Wanted], lengths: Sequence[int]) -> tuple[str, list[str]]:
        request = self.request
        months = [row[0] for row in engine.run("select distinct month from cells order by 1")]
        if not months:
            raise UndefinedError(f"{self.name}: no rows to compute from")
        closing = windows.closing_months(months, request.every, request.as_of, self.name)
        notes = []
        if missing := windows.gaps(months):
            names = ", ".join(map(windows.month_name, missing[:5])) + (", ..." if len(missing) > 5 else "")
            notes.append(f"{self.name}: no rows for {names}; figures that need them are left blank")
        spans = [windows.Span(last, length) for last in closing for length in sorted(set(lengths))]
        covered = windows.covered(spans, months)
        for length in sorted(set(lengths)):
            names = ", ".join(one.metric.name for one, own in zip(wanted, lengths, strict=True) if own == length)
            reachable = [span for span in covered if span.length == length]
            notes += self._window_note(names, length, closing, reachable, months[0])
        if not covered:
            first = windows.month_name(months[0])
            raise UndefinedError(
                f"{self.name}: nothing to compare with: the file starts at {first}, and the window of"
                f" {min(lengths)} months that ends with {windows.month_name(closing[-1])} opens before that",
                hint="--window sets a shorter one, for example --window 1m",
            )
        self.by_closing = {last: windows.period_name(last, self._step()) for last in closing}
        history = any({"new", "reactivation"} & one.expression.names for one in wanted)
        return ledger_relation(self.group_names, covered, history=history), notes

    def _step(self) -> Any:
        if self.request.every:
            return self.request.every
        return windows.last_month(self.request.as_of)[1] if self.request.as_of else "month"

    def _window_note(
        self, names: str, length: int, closing: Sequence[int], reachable: Sequence[windows.Span], first: int
    ) -> list[str]:
        """What a reader must know to say what the numbers compare."""
        if not length:
            return []
        if not reachable:
            last = windows.month_name(closing[-1])
            return [
                f"{names}: undefined, {length} months before {last} the file had not begun ({windows.month_name(first)})"
            ]
        if len(closing) == 1:
            span = reachable[0]
            return [f"{names}: {windows.month_name(span.last)} against {windows.month_name(span.first)}"]
        if len(reachable) < len(closing):
            begin = windows.month_name(reachable[0].last)
            return [f"{names}: from {begin} on; before that the window of {length} months is not in the file"]
        return []


def _run(engine: DuckDB, sql: str) -> list[tuple[Any, ...]]:
    try:
        return engine.run(sql)
    except EngineError as error:
        raise InputError(f"the query failed: {error}", hint="amounts may be too large to add up exactly") from error


def _result(
    request: CalcRequest,
    wanted: Sequence[Wanted],
    outputs: Sequence[Output],
    rows: Sequence[tuple[Any, ...]],
    notes: Sequence[str],
    measures: Mapping[str, Measure],
    source: _Source | None = None,
) -> Result:
    """Rows by column key, and why what is undefined is so."""
    groups = [] if source is None else [Column(header) for header in source.groups.values()]
    has_period = source is not None and bool(source.by_closing)
    metrics = {one.metric.key: one.metric for one in wanted}
    several = len({output.window for output in outputs}) > 1
    columns: list[Column] = [*groups, *([Column("period")] if has_period else [])]
    valued: list[Column] = []
    for output in outputs:
        if output.name in metrics and len(valued) < len(wanted):
            valued.append(Column(output.name, metrics[output.name], window=output.window))
        else:
            suffix = f"_{output.window}m" if several and output.window else ""
            valued.append(Column(output.name + suffix, measure=output.name, window=output.window))
    keyed: list[dict[str, Value]] = []
    reasons: dict[tuple[int, str], str] = {}
    for row in rows:
        closing, *rest = row
        group_values, values = rest[: len(groups)], rest[len(groups) :]
        record: dict[str, Value] = dict(zip((column.key for column in groups), group_values, strict=True))
        if has_period and source is not None:
            record["period"] = source.by_closing[closing]
        record.update(zip((column.key for column in valued), values, strict=True))
        if has_period and all(record[column.key] is None for column in valued[: len(wanted)]) and request.every:
            continue  # before the first whole window there is nothing to tell
        for one, column in zip(wanted, valued, strict=False):
            if record[column.key] is None:
                reasons[len(keyed), column.key] = _reason(one, column, valued, record, measures)
        keyed.append(record)
    shown = [*columns, *valued] if request.explain else [*columns, *valued[: len(wanted)]]
    _refuse_nothing_defined(keyed, reasons, valued[: len(wanted)])
    return Result(shown, keyed, tuple(dict.fromkeys(notes)), reasons)


def _reason(
    one: Wanted, column: Column, valued: Sequence[Column], record: Mapping[str, Value], measures: Mapping[str, Measure]
) -> str:
    own = {
        measure.measure: record[measure.key]
        for measure in valued
        if measure.measure and measure.window == column.window
    }
    if all(value is None for value in own.values()):
        return "its window is not in the file"
    zero = [
        name for name in sorted(one.expression.divisors) if name in own and own[name] is not None and own[name] <= 0
    ]  # type: ignore[operator]
    if not zero:
        return "its formula has no value here"
    named = [f"{name} ({measures[name].sql})" if measures[name].sql else name for name in zero]
    return (
        f"{' and '.join(named)} {'is' if len(zero) == 1 else 'are'} zero or less"
        if any(own[name] != 0 for name in zero)
        else f"{' and '.join(named)} {'is' if len(zero) == 1 else 'are'} zero"
    )


def _refuse_nothing_defined(
    rows: Sequence[Mapping[str, Value]], reasons: Mapping[tuple[int, str], str], metrics: Sequence[Column]
) -> None:
    if not rows or any(row[column.key] is not None for row in rows for column in metrics):
        return
    told = dict.fromkeys(f"{column.key} is undefined: {reasons[0, column.key]}" for column in metrics)
    first, *rest = told
    raise UndefinedError(first, problems=rest)
