"""The query of a computation for people whose rows are in a warehouse: printed in its dialect instead of run."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.backends.dialects import DIALECTS
from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.compute.build_result import value_columns
from cstool.compute.compose import composed, output_name
from cstool.compute.described import Described
from cstool.compute.formulas import given_values
from cstool.compute.formulas.expressions import ExpressionError, parse_condition, transpilable
from cstool.compute.formulas.resolve import ALL, Formula, needed, wanted
from cstool.compute.plan import TOTAL, Plan
from cstool.compute.relation.dated_statements import dated_table_steps
from cstool.compute.relation.months import period_of
from cstool.compute.relation.statements import month_steps, row_steps
from cstool.compute.relation.steps import Steps
from cstool.errors import UsageError
from cstool.export.table_statements import table_query
from cstool.export.telling import comment, notes
from cstool.extras import to_install
from cstool.glossary.find.finding import Finder
from cstool.model.entries import Glossary
from cstool.model.request import CalcRequest

# What --sql cannot say, by the metric's name, and why.
_WEIGHTS = "its scores are made from a file of weights and rules"
REFUSED = {
    "backlog": "its periods begin with the first row that a file has",
    "cohort-retention": "each cohort has a row for each month up to the last, also where nothing happened",
    "early-warning": _WEIGHTS,
    "engagement-score": "each user's score hangs on that of all others",
    "health-score": _WEIGHTS,
    "journey": "it counts stays up to the newest day that a file has",
    "recurring-revenue-forecast": "each month ahead is made from the one before it",
    "risk-score": _WEIGHTS,
    "x-score": "it is made of values, not of rows",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A query with a comment that says what it computes and expects, and what else to tell the user."""

    sql: str
    notes: tuple[str, ...]


def warehouse_query(glossary: Glossary, finder: Finder, request: CalcRequest, dialect: str, table: str) -> Printed:
    """What is asked, over a table that is not read. A file of the request is an example: only its header counts.

    Raises UsageError for what does not exist, does not fit together or cannot be expressed in the dialect.
    """
    if dialect not in DIALECTS:
        raise UsageError(
            f"--sql {dialect}: no such dialect", hint=f"dialects: {', '.join(DIALECTS)}", code="unknown-name"
        )
    _refuse_missing_package()
    if len(request.files) > 1:
        raise UsageError("--sql takes one file, as an example of the table's header", code="option-not-applicable")
    engine = DuckDB()
    try:
        asked = wanted(glossary, finder, engine, replace(request, files=request.files or (table,)))
        for one in asked:
            if one.name in REFUSED:
                raise UsageError(
                    f"--sql cannot say {one.name}: {REFUSED[one.name]}",
                    hint="compute it from a file",
                    code="unsupported-in-dialect",
                )
        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
            source = Described(glossary, engine, request, asked, table, dialect)
            source.choose(Path(scratch), asked)
            return Printing(glossary, engine, request, asked, source).printed()
    finally:
        engine.close()


def _refuse_missing_package() -> None:
    try:
        import cstool.backends.transpile  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "--sql needs sqlglot", hint=f"install it: {to_install('sql')}", code="missing-package"
        ) from error


class Printing(Plan[Described]):
    """One request on its way to a text."""

    source: Described

    def printed(self) -> Printed:
        from cstool.backends.transpile import transpile

        self.refuse_missing()
        self._settle()
        table = self.asked[0].table
        if table and table.sql:
            steps, query, titles = table_query(self, table)
            return self._told(steps, transpile(query, self.source.dialect, titles))
        lengths = [self.length(formula) for formula in self.formulas]
        if ALL in lengths and len(set(lengths)) > 1:
            raise UsageError(
                "a window from the first month to the last stands alone",
                hint="ask one by one, or --window",
                code="option-not-applicable",
            )
        formulas = self.annualised(lengths)
        asked = self.asked_of(formulas, lengths)
        steps = self.steps(lengths)
        groups = list(self.source.groups)
        if self.request.total and groups:
            groups = self._with_total(steps, groups)
        explained, checked = self.request.explain, list[tuple[str, str]]()
        if self.checks:
            where = steps.before[-1][0] if groups != list(self.source.groups) else "relation"
            checked = [("checked", self.unfit(where))]
        made, outputs = composed(
            steps.relation,
            asked,
            self.measures,
            self.given,
            groups,
            steps.covered,
            explained=explained or bool(self.request.every),
        )
        listed = ",\n".join(f"{name} as (\n{sql}\n)" for name, sql in _shortened([*steps.before, *made, *checked]))
        keys = [column.key for column in value_columns(formulas, outputs)][: None if explained else len(formulas)]
        last = self._last(steps, keys, groups, len(outputs))
        return self._told(steps, transpile(f"with {listed}\n{last}", self.source.dialect))

    def _settle(self) -> None:
        """Measures with their parameters, and what the table is known to have, in place."""
        from cstool.backends.transpile import fold

        source = self.source
        self.known = {f"has_{role}": str(role in source.roles).lower() for role in source.shape.could_have}
        self.known |= {name: _plain(value) for name, value in self.parameters.items()}
        self.known["year_starts"] = str(source.year.offset)
        self.known["chosen_rows"] = str(bool(self.request.where)).lower()
        if self.request.as_of:
            self.known["as_of"] = f"date '{self.source.year.last_day_of(self.request.as_of)}'"
        for name in needed(self.formulas, self.measures, self.given):
            measure = self.measures[name]
            if measure.sql and source.shape.dated:
                sql = fold(measure.sql, self.known, list(source.groups))
                self.measures[name] = measure._replace(sql=sql)
        self.checks: dict[str, str] = {}  # what must not be, and what is then to be said
        for name, check in self.checks_of_rows:
            sql = fold(check.sql, self.known, list(source.groups))
            if check.on == "row":
                sql = "false" if sql.lower() == "true" else f"count(*) filter (where not ({sql})) > 0"
            if check.then == "refuse" and sql.lower() == "true":
                raise UsageError(f"{name}: {check.text}", code="unsupported-in-dialect")
            if check.then == "refuse" and sql.lower() != "false":
                self.checks[sql] = check.text
            if check.then == "say" and sql.lower() == "true":
                self.notes.append(check.text)

    def unfit(self, rows: str) -> str:
        """How many of the checks do not hold for the rows of a relation."""
        return f"select {' + '.join(f'case when {sql} then 1 else 0 end' for sql in self.checks)} as unfit from {rows}"

    def steps(self, lengths: Sequence[int]) -> Steps:
        source = self.source
        if source.by_week:
            raise UsageError(
                "--sql: weeks cannot be printed",
                hint="compute them from a file, or ask for --every month",
                code="unsupported-in-dialect",
            )
        where = self.where()
        if source.has_months:
            return month_steps(
                source, where, lengths, self.every(), history=self.asks_history, counting=self.counts_only
            )
        if not source.shape.dated:
            return row_steps(source, where, lengths, self.series if "period" in source.roles else self.request.every)
        used = self.used_sql(self.checks)
        rolling = int(self.parameters.get("rolling", 0))
        return dated_table_steps(source, where, self.known, self.every(), self.counted_by(), used=used, rolling=rolling)

    def length(self, formula: Formula) -> int:
        if formula.months == ALL and self.source.has_months and not self.request.window:
            return ALL
        return super().length(formula)

    def where(self) -> str:
        """--where, ready to be transpiled: allowed by the engine's parser, and but a condition to the translator's."""
        if not self.request.where:
            return ""
        try:
            condition = parse_condition(self.engine, self.request.where)
            text = transpilable(condition, self.source.dialect, self.source.compared)
        except ExpressionError as error:
            raise UsageError(
                f"--where: {error}", hint=error.hint or "write a condition on the table's columns", code="bad-condition"
            ) from error
        if dotted := sorted(name for name in condition.names if "." in name):
            raise UsageError(f"--where: {dotted[0]} is no column's name alone", code="bad-condition")
        return f" where {text}"

    def _with_total(self, steps: Steps, groups: Sequence[str]) -> list[str]:
        """Every row once more in a group of its own: all groups together."""
        if steps.grouped:
            raise UsageError(
                "--total: a row's value hangs on its group here",
                hint="ask once with --by and once without",
                code="unsupported-in-dialect",
            )
        names = ", ".join(
            f"case when whole = 0 then {name} else {'null' if i else quoted(TOTAL)} end as shown_{name}"
            for i, name in enumerate(groups)
        )
        steps.before.append(("rows_of_groups", steps.relation))
        steps.relation = (
            f"select whole, {names}, rows_once.* from rows_of_groups as rows_once"
            " cross join (values (0), (1)) as wholes(whole)"
        )
        return ["whole", *(f"shown_{name}" for name in groups)]

    def _last(self, steps: Steps, keys: Sequence[str], groups: Sequence[str], outputs: int) -> str:
        """The columns under the names that people know them by, and their order."""
        shown = [name for name in groups if name != "whole"]
        columns = [
            f"{name} as {self.source.group(header)}"
            for name, header in zip(shown, self.source.groups.values(), strict=True)
        ]
        if steps.step:
            year = self.source.year
            columns.append(
                f"{period_of('results.closing', steps.step, year.ahead if year.differs else None)} as period"
            )
        fit = "case when unfit = 0 then {} end" if self.checks else "{}"
        first = {key: i for i, key in reversed(list(enumerate(keys)))}  # a measure may bear the name of a value
        columns += [f"{fit.format(output_name(first[key]))} as {identifier(key)}" for key in dict.fromkeys(keys)]
        order = ["results.whole"] if groups != shown else []
        order += ["results.closing nulls first", *(f"results.{name} nulls last" for name in shown)]
        told, joined = "", " cross join checked" if self.checks else ""
        if self.request.every:  # before the first whole window there is nothing to tell
            known = ", ".join(f"cast({output_name(i)} as double)" for i in range(outputs))
            told = f" where coalesce({known}) is not null"
        return f"select {', '.join(columns)} from results{joined}{told} order by {', '.join(order)}"

    def _told(self, steps: Steps, query: str) -> Printed:
        told = comment(self, self.source, steps, self.checks.values())
        if steps.step in ("quarter", "year") and (
            label := self.source.year.meaning(["FY2027", self.request.as_of or ""])
        ):
            self.notes.append(label)
        return Printed(f"{told}{query};\n", tuple(dict.fromkeys([*notes(self, self.source, steps), *self.notes])))


def _shortened(steps: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The steps without those that are no more than the one before."""
    kept: list[tuple[str, str]] = []
    same: dict[str, str] = {}
    for name, sql in steps:
        for other, origin in same.items():
            sql = re.sub(rf"\b(from|join) {other}\b", rf"\1 {origin}", sql)
        if whole := re.fullmatch(r"\s*select \*\s+from (\w+)\s*", sql):
            same[name] = whole[1]
        else:
            kept.append((name, sql))
    return kept


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isdigit() else given_values.literal(value)  # type: ignore[arg-type]
