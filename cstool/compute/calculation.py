"""A request as it flows: file -> shape -> cells -> one query -> result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cstool.compute.build_result import months_told, out_of_reach, result_of, window_notes
from cstool.compute.cells.shares import refuse_sums
from cstool.compute.compose import SUMMED, Asked, Output, Query, query
from cstool.compute.formulas import given_values
from cstool.compute.formulas.resolve import Formula
from cstool.compute.plan import TOTAL, Plan
from cstool.compute.recognize import questions
from cstool.compute.relation.customers import refuse_unknown_mrr
from cstool.compute.relation.ledgers import to_ledger
from cstool.compute.relation.movements import movements_relation
from cstool.compute.relation.relations import (
    dated_relation,
    find_periods,
    ledger_relation,
    refuse_unfit_rows,
    rows_relation,
)
from cstool.compute.source import SURVEY, Source
from cstool.compute.tables.accounts import REVENUE, accounts_result, refuse_shape
from cstool.errors import UndefinedError, UsageError
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS
from cstool.model.inputs import Measure
from cstool.model.reading import Answers
from cstool.model.results import Result

_SHORT = 40  # characters of SQL that can be read within a sentence
NO_FILE = "name one, or - for stdin; `cstool init` writes a project, whose files need not be named"


class Calculation(Plan[Source]):
    """One request on its way through the engine."""

    names: Mapping[Any, str] = {}  # of the periods, by what closes them
    covered: Sequence[tuple[int, int]] = ()  # the windows that lie in the file: closing month and length

    # From values

    def direct(self) -> Result:
        request = self.request
        if request.by or request.where or request.every or request.as_of or request.accounts:
            raise UsageError(
                "--by, --where, --every, --as-of and --accounts need a file",
                hint=NO_FILE,
                code="file-required",
            )
        # What stands beside a value needs no measures of its own.
        self.formulas = [one for one in self.formulas if not one.beside or one.expression.names <= set(self.given)]
        for one in self.asked:
            if one.table:
                raise UsageError(f"{one.name} needs a file", hint=NO_FILE, code="file-required")
            for formula in one.formulas:
                metric = formula.metric
                spare = {*metric.assumed, *metric.optional} if metric else set()
                names = set() if formula.beside else set(formula.expression.names) - spare
                if lacking := given_values.missing(one.name, names, self.given, file=False):
                    raise lacking
        self.engine.seal()
        formulas = self.annualised([request.window or formula.months for formula in self.formulas])
        measures = {name: measure._replace(sql="") for name, measure in self.measures.items()}
        asked = [Asked(one.key, one.expression.text, one.expression.names, 0) for one in formulas]
        parts, outputs = query(given_values.ROW, asked, measures, self.given, ())
        return self._result(formulas, outputs, self._run(parts))

    # From files

    def from_files(self) -> Result:
        source = self.source
        assert source is not None
        if self.request.accounts:
            refuse_shape(self.asked, source)
        self.refuse_missing()
        self.read(source)
        table = self.asked[0].table
        if table and table.sql:
            from cstool.compute.tables.tables import table_result

            relation = self._relation(source, []) if source.shape.dated and not table.at_day else ""
            return table_result(self.engine, source, self.request, table, relation)
        lengths = [self.length(formula) for formula in self.formulas]
        if not source.has_months:
            self._settle_fixed(source)
        relation = self._relation(source, lengths)
        moved = any(lengths) if source.has_months else not source.shape.measures
        if self.asked[0].of == REVENUE and "account" in source.roles and moved:
            from cstool.compute.tables.renamed import renamed

            self.notes += renamed(self.engine, relation)
        if self.request.accounts:
            return self._accounts(source, relation)
        formulas = self.annualised(lengths)
        asked = self.asked_of(formulas, lengths)
        parts, outputs = query(
            relation, asked, self.measures, self.given, source.group_names, self.covered, everywhere=source.by_week
        )
        rows = self._run(parts)
        if self.request.total and source.groups:
            if any(row[1] == TOTAL for row in rows):
                header = next(iter(source.groups.values()))
                raise UsageError(
                    f"--total: {header} has a group '{TOTAL}' of its own",
                    hint="rename it, or leave --total out",
                    code="name-taken",
                )
            parts, _ = query(relation, asked, self.measures, self.given, (), self.covered)
            blanks = [None] * (len(source.groups) - 1)
            rows += [(closing, TOTAL, *blanks, *values) for closing, *values in self._run(parts)]
        result = self._result(formulas, outputs, rows)
        if not result.rows:
            raise UndefinedError(f"{source.name}: no rows to compute from", code="no-rows")
        return result

    def read(self, source: Source) -> None:
        """Reads the files and finds the months or periods that they tell of."""
        rows_told = self.request.accounts or source.has_months or not source.shape.dated
        checks = [check.sql for rule in self.rules for check in rule.checks]
        uses = None if rows_told else self.used_sql(checks)
        source.read(self.asked[0].table, answers=self._answers(), uses=uses)
        if source.has_months:
            to_ledger(source, counting=self.counts_only)
        else:
            find_periods(source)

    def _accounts(self, source: Source, relation: str) -> Result:
        if self.asked[0].of != REVENUE:
            from cstool.compute.tables.counted_rows import listed_result

            return listed_result(self, relation, self.names)
        order = self.rules[0].accounts_order
        notes = [*source.notes, *self.notes]
        return accounts_result(self.engine, source, self.request, relation, self.names, order, notes)

    def _answers(self) -> Answers | None:
        """The scale that the answers of a survey are on; None of other files."""
        if self.asked[0].of != SURVEY:
            return None
        if self.request.reading.blank == "zero":
            raise UsageError(
                "--blank zero: a blank answer is no answer of 0", hint="leave --blank out", code="option-not-applicable"
            )
        scale = self.parameters.get("scale")
        return questions.scale_of(
            self.asked[0].name,
            int(scale or 0),
            reverse=bool(self.parameters.get("reverse")),
            reversible="reverse" in self.parameters,
        )

    def _settle_fixed(self, source: Source) -> None:
        """What is over one length only needs a file whose rows are over it: told of one that does not say.

        Raises UsageError where its periods are of another length.
        """
        step = source.year.last_month(source.periods[0])[1] if source.periods else None
        for one in self.formulas:
            if not one.metric or not one.metric.fixed or (step and STEP_MONTHS[step] == one.months):
                continue
            if step and source.sums_periods:
                continue
            if step:
                raise UsageError(
                    f"{one.key} is over {months_told(one.months)}, and {source.name} has a row a {step}",
                    hint="give a ledger, a row per account and month, from which any window is cut",
                    code="period-not-covered",
                )
            self.notes.append(f"{one.key}: the file's window is taken as {months_told(one.months)}")

    def _relation(self, source: Source, lengths: Sequence[int]) -> str:
        if source.has_months:
            return self._ledger(source, lengths)
        if source.sums_periods:
            relation, self.names = movements_relation(source, lengths, self.series)
            self._say_joined(source, lengths)
            return relation
        if not source.shape.dated:
            return rows_relation(source)
        checks = [check for _, check in self.checks_of_rows]
        step, used = self.counted_by(), self.used_sql(check.sql for check in checks)
        relation, self.names = dated_relation(source, self.parameters, self.every(), per=step, used=used)
        self.covered = [(week, 0) for week in source.weeks]
        refuse_unfit_rows(source, checks, relation)
        return relation

    def _say_joined(self, source: Source, lengths: Sequence[int]) -> None:
        """Sums over several periods hold the movements of customers who were none when the window opened."""
        rates = [
            one.key
            for one, length in zip(self.formulas, lengths, strict=True)
            if length > STEP_MONTHS[source.own_step or "month"]
            and one.unit == "percent"
            and {"churned", "contraction", "customers_lost", "customers_retained"} & one.expression.names
        ]
        if rates:
            self.notes.append(
                f"{', '.join(rates)}: movements added up over {months_told(max(lengths))}; those of customers who"
                " joined inside that time are in the sums"
            )

    def _ledger(self, source: Source, lengths: Sequence[int]) -> str:
        closing = self.closing()
        every = self.every()
        self.names = {last: source.period_name(last, every or source.step()) for last in closing}
        spans = [windows.Span(last, length) for last in closing for length in sorted(set(lengths))]
        covered = windows.covered(spans, source.months, before=source.knows_before)
        for length in sorted(set(lengths)):
            named = [one.key for one, own in zip(self.formulas, lengths, strict=True) if own == length]
            reachable = [span for span in covered if span.length == length]
            names = self.asked[0].name if self.asked[0].table else ", ".join(named)
            self.notes += window_notes(names, length, closing, reachable, source.months)
        if not covered:
            raise out_of_reach(source.name, min(lengths), closing[-1], source.months)
        if not self.counts_only and source.unknown_mrr:
            shown = self.asked[0].name if self.asked[0].table else ", ".join(one.key for one in self.formulas)
            refuse_unknown_mrr(source, shown, {m for span in covered for m in (span.first, span.last)})
        self.covered = [(span.last, span.length) for span in covered]
        return ledger_relation(source, covered, history=self.request.accounts or self.asks_history)

    # The result

    def _run(self, parts: Query) -> list[tuple[Any, ...]]:
        engine, rows = self.engine.near(parts.sums, SUMMED)
        return engine.run(parts.over(rows))

    def _result(
        self, formulas: Sequence[Formula], outputs: Sequence[Output], rows: Sequence[tuple[Any, ...]]
    ) -> Result:
        source = self.source
        self._refuse_impossible(outputs, rows)
        result = result_of(
            formulas,
            outputs,
            rows,
            groups=list(source.groups.values()) if source else [],
            periods=self.names if source and (source.periods or self.names) else None,
            abouts={name: _about(one) for name, one in self.measures.items() if one.sql and source},
            request=self.request,
        )
        notes = tuple(dict.fromkeys([*(source.notes if source else []), *self.notes]))
        if self.parameters.get("business") == 1:
            columns = [one._replace(unit="minutes on duty") if one.unit == "minutes" else one for one in result.columns]
            result = result._replace(columns=columns)
        if source and source.by_week and self.request.weeks:
            weeks = self.request.weeks
            columns = [one._replace(weeks=weeks) if one.kind == "value" else one for one in result.columns]
            result = result._replace(columns=columns)
        return result._replace(notes=notes, picture=self._picture(len(result.rows)))

    def _refuse_impossible(self, outputs: Sequence[Output], rows: Sequence[tuple[Any, ...]]) -> None:
        """Raises InputError where sums that a file itself states cannot be: more customers lost than there were."""
        source = self.source
        stated = {one.measure for one in source.measures.values() if one.sql.startswith("sum(")} if source else set()
        most = {name: limit for name, limit in self.limits.items() if name in stated}
        if not source or not most:
            return
        heads = ["period", *source.groups.values()]
        for window in {one.window for one in outputs}:
            keys = [one.name if one.is_measure and one.window == window else "" for one in outputs]
            named = [dict(zip([*heads, *keys], row, strict=True)) for row in rows]
            periods = [{**row, "period": self.names.get(row["period"], row["period"])} for row in named]
            refuse_sums(source.name, periods, most, heads)

    def _picture(self, rows: int) -> Any:
        if (table := self.asked[0].table) and table.picture:
            return table.picture
        return "series" if self.every() and rows > 1 and not self.request.by else ""


def _about(measure: Measure) -> str:
    """What a measure is, and of which columns where that is short."""
    return f"{measure.about}, {measure.sql}" if len(measure.sql) <= _SHORT else measure.about
