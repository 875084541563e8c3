"""Rows of one shape: what is known of them before one is seen, whether they stand in files or in a warehouse."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date

from cstool.backends.engine import Engine
from cstool.compute.recognize.recognition import Recognised
from cstool.errors import InputError, UsageError
from cstool.model.as_of_dates import Step, is_fiscal
from cstool.model.entries import Glossary
from cstool.model.inputs import Measure, Shape
from cstool.model.periods import CALENDAR, FiscalYear
from cstool.model.reading import Kind
from cstool.model.request import CalcRequest

SQL_TYPES: Mapping[str, str] = {
    "amount": "decimal(38, 18)",
    "number": "decimal(38, 18)",
    "count": "bigint",
    "duration": "decimal(38, 18)",
    "share": "decimal(38, 18)",
    "month": "integer",
    "date": "date",
    "time": "timestamp",
    "flag": "boolean",
}
ENDS = ("end_date", "service_end")  # first day without service, or with --end-inclusive the last day with it
CURRENT = "cells"


class Shaped(ABC):
    """The shape of rows, who plays its roles, and the relation that the rows are now."""

    recognised: Recognised
    roles: dict[str, str]
    groups: dict[str, str]  # by the column that holds it, the header that --by names

    def __init__(self, glossary: Glossary, engine: Engine, request: CalcRequest) -> None:
        self.glossary = glossary
        self.engine = engine
        self.request = request
        self.cells = CURRENT
        self.months: list[int] = []
        self.periods: list[str] = []
        self.weeks = range(0)  # those that are asked for, by their numbers
        self.last_day: date | None = None  # the last one told of, or that of --as-of
        self.file_until: date | None = None  # the last one told of, whatever is asked for
        self.told = ""  # the cells that tell it, where they are not those that --where chose
        self.own_step: Step | None = None  # of a column of periods
        self.unknown_mrr: list[tuple[int, int, str, str]] = []  # first and last month, account and end of each
        self.fiscal = False  # whether the column's periods are of a fiscal year
        self.notes: list[str] = []

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call the rows by."""

    @abstractmethod
    def lacks(self, metric: str, roles: Sequence[str]) -> InputError:
        """What to say where no column plays any of the roles a metric needs."""

    def lacks_amounts(self, metric: str) -> InputError:
        """What to say where a metric needs amounts that rows of this shape do not have."""
        if self.shape.shape == "mrr-series":
            what, role = "the MRR of each account, and the rows are of the whole company", "account"
        else:
            what, role = "amounts, and no column of MRR was recognized", "mrr"
        return InputError(
            f"{self.name}: {metric} needs {what}",
            hint=f"name the column, if there is one: --map {role}=COLUMN"
            + ("; for an amount of another interval --map amount=COLUMN" if role == "mrr" else ""),
            code="missing-column",
        )

    @property
    def shape(self) -> Shape:
        return self.recognised.shape

    @property
    def group_names(self) -> list[str]:
        return list(self.groups)

    @property
    def has_months(self) -> bool:
        """Whether windows are cut from months, rather than given by the file."""
        return bool(self.shape.months)

    @property
    def measures(self) -> dict[str, Measure]:
        """The sums of a shape whose rows are sums already."""
        return {
            measure.measure: measure
            for measure in self.shape.measures
            if all(set(need.split("|")) & set(self.roles) for need in measure.needs)
        }

    @property
    def untold(self) -> set[str]:
        """The measures of such a shape for which this file has no columns."""
        return {*(measure.measure for measure in self.shape.measures), *self.shape.lacks} - set(self.measures)

    @property
    def knows_before(self) -> bool:
        """Whether months before the file's first are known to be empty, as they are where contracts have dates."""
        return self.shape.months == "dates" and self.shape.shape not in ("mrr-changes", "mrr-deltas")

    @property
    def days(self) -> list[str]:
        """The roles whose days the rows tell of; those that lie ahead tell of none."""
        return [role for role in self.roles if self.kind(role) in ("date", "time") and role not in self.shape.ahead]

    def open(self, role: str) -> bool:
        """Whether a day of a role may be written as never to come; the day that places a row in time may not."""
        placing = role == self.shape.dated and role not in self.shape.ahead
        return self.glossary.roles[role].open == "yes" and not placing

    @property
    def sums_periods(self) -> bool:
        """Whether each row holds the sums of a period already."""
        return self.shape.becomes == "revenue" and bool(self.shape.measures) and "account" not in self.shape.required

    @property
    def asked_period(self) -> str | None:
        """The period that --as-of names, as a column of periods holds it: of a day, its month."""
        asked = self.request.as_of
        if not asked or self.request.day:
            return asked and asked[:7]
        same = (one for one in self.periods if self.year.last_month(one) == self.year.last_month(asked))
        return next(same, asked)

    @property
    def year(self) -> FiscalYear:
        """The fiscal year that quarters and years are of; rows that hold those of the calendar keep to it."""
        return CALENDAR if self.own_step in ("quarter", "year") and not self.fiscal else self.request.year

    @property
    def unknown_year(self) -> str:
        """A period of a fiscal year that the rows are of and of which no month is known; '' where there is none."""
        return next(iter(self.periods), "its fiscal year") if self.fiscal and not self.request.year.starts else ""

    def period_name(self, last: int, step: Step | None) -> str:
        """What the period that ends with a month is called, in a fiscal year where the rows are of one."""
        prefix = "FY" if self.fiscal and not self.year.differs and step in ("quarter", "year") else ""
        return prefix + self.year.period_name(last, step)

    def kind(self, role: str) -> Kind:
        return self.glossary.roles[role].kind

    def step(self) -> Step:
        """What a period of the result is called by."""
        if self.request.every:
            return self.request.every
        return self.year.last_month(self.request.as_of)[1] if self.request.as_of else "month"

    def refuse_options(self) -> None:
        """Raises UsageError for options that rows of this shape have no use for."""
        if not self.has_months and self.request.window and not (self.sums_periods and "period" in self.roles):
            raise UsageError(
                f"--window has no meaning for {self.shape.shape}: each row has its own window",
                hint="give a file with one row per account and month",
                code="option-not-applicable",
            )
        if (asked := self.request.as_of) and not any(self.kind(role) == "period" for role in self.roles):
            if is_fiscal(asked) and not self.request.year.starts:
                raise UsageError(
                    f"--as-of {asked}: the file has no fiscal periods, and no fiscal year is known",
                    hint="name a period of the calendar, or the year's first month: --fiscal-year-starts february",
                    code="bad-period",
                )
            self.request.year.refuse_calendar_label(asked)
        if self.request.by_week:
            self._refuse_weeks()
        if self.request.interval:
            self._refuse_interval()
        if self.request.end_inclusive and not any(role in self.roles for role in ENDS):
            raise UsageError("--end-inclusive: the file has no end date", code="option-not-applicable")

    @property
    def by_week(self) -> bool:
        """Whether the rows are counted by weeks: they have days, and that is asked for."""
        return self.request.by_week and bool(self.shape.dated) and self.kind(self.shape.dated) in ("date", "time")

    def _refuse_weeks(self) -> None:
        """Raises UsageError for weeks of rows that have months or longer periods."""
        if self.request.weeks and self.request.every not in (None, "week"):
            raise UsageError(
                f"--window {self.request.weeks}w: a window of weeks ends with a week",
                hint="ask for --every week",
                code="option-not-applicable",
            )
        if self.by_week or not (self.request.weeks or self.request.every == "week"):
            return
        option = f"--window {self.request.weeks}w" if self.request.weeks else "--every week"
        revenue = self.has_months or self.shape.becomes == "revenue"
        why = "a month is the unit of recurring revenue" if revenue else f"rows of {self.shape.shape} have no days"
        raise UsageError(
            f"{option}: {why}",
            hint="ask for --every month" if self.shape.dated or revenue else f"leave {option} out",
            code="option-not-applicable",
        )

    def _refuse_interval(self) -> None:
        """Raises UsageError for an --interval where amounts are per month, or where a column says what they are per."""
        asked = f"--interval {self.request.interval}"
        if "interval" not in self.shape.could_have:
            raise UsageError(
                f"{asked} has no meaning for {self.shape.shape}", hint="leave it out", code="option-not-applicable"
            )
        if "mrr" in self.roles:
            header = self.roles["mrr"]
            raise UsageError(
                f"{asked}: {header} is taken as the amount of a month",
                hint=f'leave it out, or, if it is the amount of a {self.request.interval}: --map amount="{header}"',
                code="option-not-applicable",
            )
        if "interval" in self.roles:
            raise UsageError(
                f"{asked}: {self.roles['interval']} says the interval of each row",
                hint="leave it out, or add --map interval=none",
                code="option-not-applicable",
            )
