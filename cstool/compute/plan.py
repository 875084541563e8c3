"""What a request comes to before any row is looked at: formulas, their measures, values given, and windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Generic, TypeVar

from cstool.backends.engine import Engine
from cstool.compute.build_result import months_told
from cstool.compute.cells import shares
from cstool.compute.compose import Asked, template
from cstool.compute.formulas import given_values
from cstool.compute.formulas.resolve import ALL, Formula, Wanted, annualised, measures_of, needed
from cstool.compute.formulas.row_sql import applies
from cstool.compute.shaped import Shaped
from cstool.errors import InputError, UsageError
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS, Series, Step
from cstool.model.entries import Check, Glossary, Metric, Relational
from cstool.model.inputs import Measure
from cstool.model.request import CalcRequest

TOTAL = "total"
COUNTS = frozenset(
    {"customers_start", "customers_new", "customers_lost", "customers_retained", "customers_end", "churn", "periods"}
)


Rows = TypeVar("Rows", bound=Shaped)


class Plan(Generic[Rows]):
    """One request over rows of one shape, or over values alone. What it runs on, and what becomes of it, others say.

    Raises UsageError for values that nothing uses, and for groups that would hide a value of the result.
    """

    def __init__(
        self,
        glossary: Glossary,
        engine: Engine,
        request: CalcRequest,
        asked: Sequence[Wanted],
        source: Rows | None = None,
    ) -> None:
        self.glossary = glossary
        self.engine = engine
        self.request = request
        self.asked = asked
        self.source = source
        self.formulas = list({formula.key: formula for one in asked for formula in one.formulas}.values())
        self.parameters = self._parameters()
        self.measures: dict[str, Measure] = measures_of(glossary, asked[0].of, self.formulas)
        self.limits = shares.limits(glossary, asked[0].of)
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

    @property
    def rules(self) -> list[Metric | Relational]:
        """What is asked for, as it says what it needs: metrics, or one table."""
        return [*self.metrics, *(one.table for one in self.asked if one.table)]

    @property
    def checks_of_rows(self) -> list[tuple[str, Check]]:
        """The checks that suit the columns of this input type, each with the name of its metric or table."""
        assert self.source is not None
        shape = self.source.shape
        return [(rule.name, one) for rule in self.rules for one in rule.checks if applies(self.glossary, one, shape)]

    # What is given

    def _parameters(self) -> dict[str, Decimal]:
        """The values that measures may use, as the metrics have them by default or as they were set."""
        parameters: dict[str, Decimal] = {}
        for metric in self.rules:
            for name, value in metric.parameters.items():
                if parameters.setdefault(name, value) != value and name not in self.request.given:
                    raise UsageError(
                        f"{metric.name} takes {name} as {value}, another metric as {parameters[name]}",
                        hint="ask for them one by one",
                        code="different-inputs",
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
                raise UsageError(f"--set {name}: nothing asked for uses it", hint=hint, code="option-not-applicable")
            if self.source and self.measures[name].sql:
                raise UsageError(
                    f"--set {name}: the file gives it; --set would hide that",
                    hint="leave --set out",
                    code="option-not-applicable",
                )
        given = {name: value for name, value in self.request.given.items() if name in used}
        shares.refuse_given(given, self.limits)
        if self.source and self.request.by:
            self.notes += [f"{name} is taken as {value} in every row" for name, value in given.items()]
        for one in self.asked:
            for formula in one.formulas:
                if formula.metric is None:
                    continue
                if not self.source:
                    given |= {name: Decimal(0) for name in formula.metric.optional if name not in given}
                assumed = {
                    name: value
                    for name, value in formula.metric.assumed.items()
                    if name not in given and not self.measures[name].sql
                }
                if assumed:
                    given |= assumed
                    told = ", ".join(f"{name} is taken as {value}" for name, value in assumed.items())
                    self.notes.append(f"{one.name}: {told}; --set {next(iter(assumed))}=VALUE says otherwise")
        return given

    def _refuse_taken_names(self) -> None:
        """A group may not hide a value of the same name in the result."""
        taken = {"period", *(formula.key for formula in self.formulas)}
        for header in self.source.groups.values() if self.source else ():
            if header in taken:
                raise UsageError(
                    f"--by {header}: the result has a column of that name",
                    hint="rename it in the file",
                    code="name-taken",
                )

    def refuse_missing(self) -> None:
        """Raises UsageError for a measure that neither is given nor comes from the rows, or from measures that do."""
        roles: dict[str, str] = {}
        if self.source:
            roles = {role: role for role in self.source.shape.could_have}
            roles |= {one.measure: one.needs[0].split("|")[0] for one in self.source.shape.measures if one.needs}
        for one in self.asked:
            used = needed(one.formulas, self.measures, self.given)
            named = {name for name in used if not self.measures[name].sql and not self.measures[name].formula}
            if not one.table and (error := self.source_lacks(one.name, used)):
                raise error
            if lacking := given_values.missing(one.name, named, self.given, file=True, roles=roles):
                raise lacking
        assert self.source is not None
        for metric in self.rules:
            for need in metric.needs:
                if not set(need.split("|")) & set(self.source.roles):
                    raise self.source.lacks(metric.name, need.split("|"))

    def source_lacks(self, metric: str, measures: set[str]) -> InputError | None:
        """What to say where the rows cannot give some measures."""
        lost = set(self.source.shape.lacks) & measures - set(self.given) if self.source else set()
        return self.source.lacks_amounts(metric) if self.source and lost else None

    # What a formula runs on

    def asked_of(self, formulas: Sequence[Formula], lengths: Sequence[int]) -> list[Asked]:
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

    def used_sql(self, checks: Iterable[str]) -> str:
        """Everything that reads the relation, `checks` on it among that."""
        used = [self.measures[name].sql for name in needed(self.formulas, self.measures, self.given)]
        table = self.asked[0].table
        used += [one for rule in self.rules for one in rule.accounts_order if self.request.accounts]
        return " ".join([*used, *checks, template(table.sql) if table and table.sql else ""])

    @property
    def counts_only(self) -> bool:
        """Whether customers are counted, and no amount is asked for."""
        used = needed(self.formulas, self.measures, self.given)
        return not any(one.table for one in self.asked) and bool(used) and used <= COUNTS

    @property
    def asks_history(self) -> bool:
        """Whether a measure asks who had been a customer before."""
        used = needed(self.formulas, self.measures, self.given)
        return any("customer_before" in self.measures[name].sql for name in used)

    def annualised(self, lengths: Sequence[int]) -> list[Formula]:
        """The formulas, brought to a year where that is asked for."""
        if not self.request.annualise:
            return self.formulas
        if any(
            one.metric and one.metric.annualised and not length
            for one, length in zip(self.formulas, lengths, strict=True)
        ):
            raise UsageError(
                "--annualise: the file does not say how long its window is",
                hint="give one with months",
                code="option-not-applicable",
            )
        formulas = [annualised(one, length) for one, length in zip(self.formulas, lengths, strict=True)]
        for before, after, length in zip(self.formulas, formulas, lengths, strict=True):
            if after is not before:
                self.notes.append(f"{before.key}: brought from {months_told(length)} to a year, compounded")
        return formulas

    # Windows and periods

    def length(self, formula: Formula) -> int:
        """The length of a formula's window in months, 0 where it looks at one moment or the file sets the window.

        A quarter or year that is asked for, or a series of them, counts what happened in the whole of it.
        """
        source = self.source
        if source and source.sums_periods and "period" in source.roles:
            from cstool.compute.relation.movements import length_of

            return length_of(source, formula, self.series_of(source))
        if source is None or not source.has_months or not formula.months:
            return 0
        if formula.metric and formula.metric.fixed:
            if self.request.window not in (None, formula.months):
                raise UsageError(
                    f"--window: {formula.key} is over {months_told(formula.months)}, and no other window",
                    code="option-not-applicable",
                )
            return formula.months
        if formula.months == ALL and not self.request.window:
            return self.closing()[-1] - source.months[0]
        if self.request.window:
            return self.request.window
        asked = self.request.as_of and self.request.year.last_month(self.request.as_of)[1]
        step = self.every() or asked
        return max(formula.months, STEP_MONTHS[step] if step else 0)

    def every(self) -> Step | None:
        """The step of the series: what was asked for, or what a table is made by, unless one period was asked for."""
        if self.request.every or self.request.as_of:
            return self.request.every
        table = self.asked[0].table
        by_month = (table and table.every) or any(rule.per == "all months" for rule in self.rules)
        return "month" if by_month else None

    def series_of(self, source: Shaped) -> Step | None:
        """The step of the series of rows that hold the sums of periods, of which none is shorter than theirs."""
        return self.request.every or (source.own_step if self.every() else None)

    @property
    def series(self) -> Series | None:
        """The same for rows whose own step is not known: `own` where none is asked for."""
        return self.request.every or ("own" if self.every() else None)

    def closing(self) -> list[int]:
        """The months that the periods asked for end with."""
        assert self.source is not None
        return windows.closing_months(
            self.source.months, self.every(), self.request.as_of, self.source.name, self.source.year
        )

    def counted_by(self) -> Step | None:
        """The step that metrics are counted by where none is asked for.

        What is counted by quarter has no value in months or years.
        """
        per = {rule.per for rule in self.rules}
        step: Step | None = "quarter" if "quarter" in per else "month" if "month" in per else None
        asked = self.request.every or (self.request.as_of and self.request.year.last_month(self.request.as_of)[1])
        if step == "quarter" and self.request.by_week:
            asked = "week"
        if step == "quarter" and asked and asked != step:
            name = next(rule.name for rule in self.rules if rule.per == step)
            raise UsageError(
                f"{name} is counted by quarter",
                hint="ask for --every quarter, or --as-of 2026-Q3",
                code="option-not-applicable",
            )
        return step
