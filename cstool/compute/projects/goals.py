"""Goals measured: each of their metrics in its last complete period, beside the one before and its target."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Literal, NamedTuple

from cstool.compute import run
from cstool.compute.earlier_values import calculate, last_complete_period
from cstool.compute.formulas.resolve import computable
from cstool.compute.projects import families
from cstool.errors import CstoolError, InputError, UndatedError, UndefinedError, and_more
from cstool.glossary.find.finding import Finder
from cstool.glossary.target_rules import Goal, Kpi, Targets
from cstool.ingest.source.opening import read_again
from cstool.model.entries import Glossary, Metric
from cstool.model.request import CalcRequest
from cstool.model.results import Result, Value

State = Literal["met", "missed", "undefined"]
HIGHER, LOWER = (">=", ">"), ("<=", "<")
_TARGET = re.compile(r"(>=|<=|>|<)?\s*([$€£]?)\s*(-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?)\s*(.*)", re.S)
_LENGTHS = {  # of a unit, by how it is written; a metric's own unit is 1
    "minutes": {"min": "1", "minute": "1", "h": "60", "hour": "60"},  # days may have as many hours as people work
    "days": {"": "1", "d": "1", "day": "1", "week": "7"},
    "months": {"": "1", "month": "1", "year": "12"},
    "percent": {"%": "0.01"},
    "ratio": {"": "1", "x": "1"},
}
_EXAMPLES = {"percent": "90%", "minutes": "4 h", "days": "14 days", "months": "18 months"}
_PLAIN = {"": "1"}
# How long before the end of a period the newest row may lie. Few files have a row for each day; one that ends earlier
# may be cut, and nothing in it would say so.
_QUIET_DAYS = {"week": 2, "month": 10, "quarter": 31, "year": 31}


class Target(NamedTuple):
    """What a value is held against, in the metric's unit; percentages as fractions."""

    operator: str
    number: Decimal

    def met_by(self, value: Decimal) -> bool:
        """Whether a value reaches it."""
        if self.operator in HIGHER:
            return value > self.number if self.operator == ">" else value >= self.number
        return value < self.number if self.operator == "<" else value <= self.number


class Measured(NamedTuple):
    """A metric of a goal: `value` in `period`, `before` in the one before that, both None where undefined."""

    goal: Goal
    metric: Metric
    target: str
    period: str | None
    value: Value
    before: Value
    change: Value
    state: State


class Scorecard(NamedTuple):
    """The metrics of all goals in the order of the file, why some have no value, and what else to tell."""

    rows: Sequence[Measured]
    reasons: Sequence[str]
    notes: Sequence[str]

    @property
    def missed(self) -> bool:
        """Whether a target is not met; what is undefined is not."""
        return any(row.state != "met" for row in self.rows)


def measured(glossary: Glossary, finder: Finder, targets: Targets, request: CalcRequest) -> Scorecard:
    """The goals of a file, measured on the files of a request, which has no metrics of its own.

    `request.as_of` is what is taken as today: only periods that are over by then count, and every dated file has to
    reach the last of them. Raises InputError, naming the place in the file of targets, for metrics and targets that do
    not fit and for files that cannot give the answer.
    """
    plan = _planned(glossary, finder, targets)
    rows, reasons, notes = [], [], []
    with read_again():
        for i, (goal, metric, kpi, target) in enumerate(plan):
            asked = replace(request, metrics=(metric.name,), where=goal.where or None)
            try:
                row, told = _row(glossary, finder, asked, goal, metric)
            except CstoolError as error:
                raise _placed(targets, _at(targets, i), metric, error) from error
            rows.append(_judged(row, kpi, target))
            reasons += told if row.value is None else []
            notes += told if row.value is not None else []
    return Scorecard(rows, list(dict.fromkeys(reasons)), [*dict.fromkeys(notes), *_of_several_periods(rows)])


def _planned(glossary: Glossary, finder: Finder, targets: Targets) -> list[tuple[Goal, Metric, Kpi, Target]]:
    """The metrics and targets of a file. Raises InputError naming every one that does not fit."""
    plan, problems = [], []
    for i, goal in enumerate(targets.goals):
        for j, kpi in enumerate(goal.kpis):
            try:
                term = computable(glossary, finder, kpi.metric)
                if not term.metric:
                    raise ValueError(f"{kpi.metric} is a table, and a target needs one number")
                plan.append((goal, term.metric, kpi, target_of(kpi.target, term.metric)))
            except (CstoolError, ValueError) as error:
                key = "target" if isinstance(error, ValueError) and "target" in str(error) else "metric"
                problems.append(f"{targets.place(f'goals.{i}.kpis.{j}.{key}')}: {error}")
    if problems:
        raise InputError("the targets cannot be used:", problems=and_more(problems), code="bad-configuration")
    return plan


def target_of(text: str, metric: Metric) -> Target:
    """A target as it is written, `<= 4 h`. Raises ValueError saying what is wrong with it."""
    found = _TARGET.fullmatch(text.strip())
    unit: str = metric.unit
    example = _EXAMPLES.get(unit, "1,000,000" if unit == "currency" else "40")
    if not found or (found[2] and unit != "currency"):
        raise ValueError(f"target '{text}' of {metric.name} is no number in its unit; write it like {example}")
    operator, _, number, length = found.groups()
    lengths = _LENGTHS.get(unit, _PLAIN)
    word = length.strip().lower()
    factor = lengths.get(word) or lengths.get(word.rstrip(".").removesuffix("s"))
    if factor is None:
        raise ValueError(f"target '{text}' of {metric.name} is not in its unit; write it like {example}")
    return Target(_operator(text, operator, metric), Decimal(number.replace(",", "")) * Decimal(factor))


def _operator(text: str, given: str | None, metric: Metric) -> str:
    if not given and metric.better == "depends":
        raise ValueError(f"target '{text}' of {metric.name} needs >= or <=: neither side is better in general")
    if given in LOWER and metric.better == "higher":
        raise ValueError(f"target '{text}': {metric.name} is better where it is higher; write >=")
    if given in HIGHER and metric.better == "lower":
        raise ValueError(f"target '{text}': {metric.name} is better where it is lower; write <=")
    return given or (">=" if metric.better == "higher" else "<=")


def _row(
    glossary: Glossary, finder: Finder, request: CalcRequest, goal: Goal, metric: Metric
) -> tuple[Measured, list[str]]:
    """A metric in its last complete period, not yet judged, and what to tell of it."""
    own = families.of_one_file(glossary, finder, request)
    period: str | None = None
    try:
        period, lacking = _period(glossary, finder, own, goal)
        if lacking:
            raise UndefinedError(lacking, code="period-not-covered")
        result = calculate(glossary, finder, replace(own, as_of=period, compare="previous"))
    except UndatedError:
        result = families.calculate(glossary, finder, replace(own, as_of=None))
    except (UndefinedError, InputError) as error:
        if not isinstance(error, UndefinedError) and error.code != "period-not-covered":
            raise
        nothing = Measured(goal, metric, "", period, None, None, None, "undefined")
        return nothing, [f"{metric.name}: {error.message}", *error.problems]
    key = result.values[0].key
    row: Mapping[str, Value] = result.rows[0] if result.rows else {}
    _refuse_other_rows(result, metric, goal, period)
    values = (row.get(key), row.get(f"{key}_before"), row.get(f"{key}_change"))
    return Measured(goal, metric, "", period, *values, "undefined"), _told(result, row.get(key))


def _refuse_other_rows(result: Result, metric: Metric, goal: Goal, period: str | None) -> None:
    """Raises InputError where a result has several rows, or one of a month where weeks are asked for."""
    if len(result.rows) > 1:
        raise InputError(
            f"{metric.name} has a row for each {result.groups[0].key}, and a target needs one number",
            code="bad-configuration",
        )
    if goal.every == "week" and any(row.get("period") != period for row in result.rows):
        raise InputError("its rows are counted by months here; write every: month", code="bad-configuration")


def _period(glossary: Glossary, finder: Finder, request: CalcRequest, goal: Goal) -> tuple[str, str]:
    """The last period that is over, on the day of the request or else in the files, and what the files lack of it.

    Without a day the files say themselves what they have whole, so that they lack nothing.
    """
    if request.as_of is None:
        return last_complete_period(glossary, finder, request, goal.every), ""
    reach = run.reach(glossary, finder, replace(request, as_of=None, where=None))
    if reach.until is None:
        raise UndatedError(f"{reach.name} has no dates")
    period = request.year.last_complete(request.year.day_named(request.as_of), goal.every)
    short = (request.year.last_day_of(period) - reach.until).days
    if short <= _QUIET_DAYS[goal.every]:
        return period, ""
    return period, f"{reach.name} ends on {reach.until}, {short} days before {period} does"


def _told(result: Result, value: Value) -> list[str]:
    """The notes of a result; of a value that is undefined only why."""
    if value is None:
        return list(result.undefined())
    return [note for note in result.notes if not note.startswith("compared with ")]


def _judged(row: Measured, kpi: Kpi, target: Target) -> Measured:
    if row.value is None or isinstance(row.value, str):
        return row._replace(target=kpi.target, state="undefined")
    number = Decimal(repr(row.value)) if isinstance(row.value, float) else Decimal(row.value)
    return row._replace(target=kpi.target, state="met" if target.met_by(number) else "missed")


def _at(targets: Targets, index: int) -> str:
    """The path of a metric in the file of targets, by its place among all."""
    for i, goal in enumerate(targets.goals):
        if index < len(goal.kpis):
            return f"goals.{i}.kpis.{index}"
        index -= len(goal.kpis)
    return ""


def _placed(targets: Targets, at: str, metric: Metric, error: CstoolError) -> InputError:
    """An error of one metric with its place in the file of targets."""
    return InputError(
        f"{targets.place(at)}: {metric.name}: {error.message}",
        hint=error.hint,
        problems=error.problems,
        code=error.code,
    )


def _of_several_periods(rows: Sequence[Measured]) -> list[str]:
    """Says which metrics end earlier than others of the same kind of period, as where an export is old."""
    notes = []
    for every in dict.fromkeys(row.goal.every for row in rows):
        periods = {row.metric.name: row.period for row in rows if row.goal.every == every and row.period}
        newest = max(filter(None, periods.values()), default="")
        old = [f"{name} ({period})" for name, period in periods.items() if period != newest]
        if old:
            notes.append(f"the files of {', '.join(old)} do not reach {newest}, of which the others are")
    return notes
