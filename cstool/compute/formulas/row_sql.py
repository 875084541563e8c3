"""The SQL in a glossary: which names it may use, and what is wrong with it.

Measures, derived columns and checks are single expressions over rows. Besides the roles of its input type, its derived
columns and the parameters of metrics, the engine provides the names listed here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from cstool.backends.engine import Engine
from cstool.compute.formulas.expressions import ExpressionError, parse, parse_row_sql
from cstool.compute.recognize.shapes import becomes, shapes_of
from cstool.errors import InputError
from cstool.model.entries import Check, Glossary, Metric, Relational
from cstool.model.inputs import Measure, Shape

# Of every row of an input type whose rows have a date.
PROVIDED: Mapping[str, str] = {
    "as_of": "the last day looked at: of --as-of, else of the file (a date)",
    "file_until": "the newest day in the file, whatever rows --where selects (a date)",
    "row_month": "the month of the row's date as a number: years x 12 + months - 1; null without a date",
    "year_starts": "the months of the calendar year before the fiscal year's first one: 1 where it starts in February",
    "each_group": "the row's groups of --by as one value, for windows over the rows of a group",
    "chosen_rows": "whether --where selects rows (true or false)",
}
# Of the same rows once each is in its period: for measures and checks, not for derived columns.
OF_PERIODS: Mapping[str, str] = {
    "closing": "the number of the period's last month, as in row_month; null where all rows are one period",
    "span": "the length of the window in months, 0 where the period is the window",
    "closes": "of rows that hold the sums of a period: whether it is the last of the window (true or false)",
    "period_start": "the first day of the period (a date)",
    "period_end": "the last day of the period (a date)",
    "period_weekdays": "how many days of the period are Monday to Friday",
}
# Of recurring revenue: one row an account and window, whatever file it comes from.
REVENUE: Mapping[str, str] = {
    "account": "the customer",
    "starting_mrr": "MRR at the start of the window, 0 for none",
    "ending_mrr": "MRR at its end, 0 for none",
    "customer_before": "whether the account paid at any time before the window (true or false)",
    "closing": OF_PERIODS["closing"],
    "span": OF_PERIODS["span"],
}
# Of the rows that the columns per account are made of.
OF_ACCOUNTS: Mapping[str, str] = {
    "later": "whether anything in the row happened only after the day looked at (true or false)",
}
OF_LEDGERS: Mapping[str, str] = {
    "closing": OF_PERIODS["closing"],
    "reaches_back": "whether it is known what was paid in the month before (true or false)",
    "paid_since": "the first day of service, or of the first month with MRR (a date)",
}
HAS = "has_"  # has_ROLE: whether the file has a column for an optional role (true or false)
_REVENUE = "revenue"


class Fault(NamedTuple):
    """What is wrong with one expression: whose it is, its key in the entry (`measures.0.sql`), and why."""

    owner: str
    at: str
    why: str


def columns_of(shape: Shape) -> set[str]:
    """The columns of an input type's rows: its roles, which of them a file has, and what is derived."""
    roles = {*shape.required, *shape.unique, *shape.could_have, *([shape.dated] if shape.dated else [])}
    return {*roles, *(f"{HAS}{role}" for role in shape.could_have), *(one.column for one in shape.derived)}


def applies(glossary: Glossary, check: Check, shape: Shape) -> bool:
    """Whether the rows of an input type have all columns that a check of a metric names."""
    words = set(re.findall(r"[a-z_]\w*", check.sql))
    own = columns_of(shape)
    return not any(words & columns_of(other) - own for other in shapes_of(glossary, becomes(glossary, shape)))


def refuse_faults(engine: Engine, glossary: Glossary, rule: Metric | Relational) -> None:
    """Raises InputError for SQL of a team's glossary that is not what SQL there may be, before any of it runs."""
    faults = [*faults_of_relation(engine, glossary, rule.of), *faults_of_rule(engine, glossary, rule)]
    for shape in shapes_of(glossary, rule.of):
        faults += faults_of_shape(engine, glossary, shape)
    refuse(faults)


def refuse(faults: Sequence[Fault]) -> None:
    """Raises InputError for the first of some faults."""
    if faults:
        raise InputError(
            f"the glossary's SQL cannot run: {faults[0].owner}: {faults[0].why}",
            hint="`cstool glossary check PATH` lists every problem with file and line",
            code="bad-glossary",
        )


def faults_of_shape(engine: Engine, glossary: Glossary, shape: Shape) -> Iterator[Fault]:
    """Everything wrong with the derived columns and measures of an input type."""
    everything = {*columns_of(shape), *_parameters(glossary, becomes(glossary, shape)), *PROVIDED}
    known = everything - {one.column for one in shape.derived}
    for i, derived in enumerate(shape.derived):
        owner = f"{shape.shape}: {derived.column}"
        yield from _faults(engine, derived.sql, known, owner, f"derived.{i}.sql")
        known = known | {derived.column}  # those that stand above may be used
    measures = _names_in_formulas(glossary, becomes(glossary, shape))
    for i, measure in enumerate(shape.measures):
        owner = f"{shape.shape}: {measure.measure}"
        if measure.sql:
            yield from _faults(engine, measure.sql, {*everything, *OF_PERIODS}, owner, f"measures.{i}.sql")
        if measure.formula:
            yield from _formula_faults(engine, measure.formula, measures, owner, f"measures.{i}.formula")
    of_accounts = {*everything, *OF_ACCOUNTS, *(OF_LEDGERS if shape.shape == "ledger" else ())}
    for i, column in enumerate(shape.per_account):
        owner = f"{shape.shape}: {column.column}"
        yield from _faults(engine, column.sql, of_accounts, owner, f"per_account.{i}.sql")


def faults_of_relation(engine: Engine, glossary: Glossary, relation: str) -> Iterator[Fault]:
    """Everything wrong with the measures that all input types of a relation share."""
    known = set(REVENUE) if relation == _REVENUE else _columns_of_any(glossary, relation)
    measures = _measures(glossary, relation)
    for i, measure in enumerate(measures):
        owner = f"{relation}: {measure.measure}"
        if measure.sql:
            yield from _faults(engine, measure.sql, known, owner, f"measures.{i}.sql")
        if measure.at_most not in ("", "1", *(one.measure for one in measures)):
            yield Fault(owner, f"measures.{i}.at_most", f"'{measure.at_most}' is not a measure")
        if measure.formula:
            named = _names_in_formulas(glossary, relation)
            yield from _formula_faults(engine, measure.formula, named, owner, f"measures.{i}.formula")


def faults_of_rule(engine: Engine, glossary: Glossary, rule: Metric | Relational) -> Iterator[Fault]:
    """Everything wrong with the SQL over rows of a metric or table.

    A check must suit one input type of its relation at least, the order of --accounts all of them.
    """
    for i, check in enumerate(rule.checks):
        yield from _faults(engine, check.sql, _columns_of_any(glossary, rule.of), "check", f"checks.{i}.sql")
    own = [columns_of(shape) for shape in shapes_of(glossary, rule.of)]
    known = set(REVENUE) if rule.of == _REVENUE else set.intersection(*own) if own else set()
    for i, order in enumerate(rule.accounts_order):
        yield from _faults(engine, order.removesuffix(" desc"), known, "accounts_order", f"accounts_order.{i}")


def _columns_of_any(glossary: Glossary, relation: str) -> set[str]:
    columns = {name for shape in shapes_of(glossary, relation) for name in columns_of(shape)}
    provided = {*PROVIDED, *OF_PERIODS, *(REVENUE if relation == _REVENUE else ())}
    return {*columns, *provided, *_parameters(glossary, relation)}


def _measures(glossary: Glossary, relation: str) -> Collection[Measure]:
    known = glossary.relations.get(relation)
    return known.measures if known else ()


def _names_in_formulas(glossary: Glossary, relation: str) -> set[str]:
    """What the formula of a measure may name: the relation's measures, and the window's length in months."""
    return {"span", *(one.measure for one in _measures(glossary, relation))}


def _parameters(glossary: Glossary, relation: str) -> set[str]:
    """The parameters of every metric and table of a relation, and of their variants."""
    return {
        name
        for term in glossary.terms.values()
        if relation in (term.metric and term.metric.of, term.table and term.table.of)
        for holder in (term.metric, term.table, *term.variants)
        for name in (holder.parameters if holder else ())
    }


def _faults(engine: Engine, sql: str, known: Collection[str], owner: str, at: str) -> Iterator[Fault]:
    try:
        names = parse_row_sql(engine, sql).names
    except ExpressionError as error:
        yield Fault(owner, at, str(error))
        return
    for name in sorted(names - set(known)):
        yield Fault(owner, at, f"'{name}' is not a column that this SQL can use")


def _formula_faults(engine: Engine, formula: str, measures: Collection[str], owner: str, at: str) -> Iterator[Fault]:
    try:
        names = parse(engine, formula).names
    except ExpressionError as error:
        yield Fault(owner, at, str(error))
        return
    for name in sorted(names - set(measures)):
        yield Fault(owner, at, f"'{name}' is not a measure")
