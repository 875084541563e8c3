"""What a file is: the one decision that `calc`, `columns` and `diff --data` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cstool.compute.cells import ends, taxes
from cstool.compute.cells.billing_words import says_status
from cstool.compute.formulas.catalog import available
from cstool.compute.recognize import headings, questions, unused
from cstool.compute.recognize.header_matching import Columns, has_word
from cstool.compute.recognize.no_input_type import (
    PUT_SUMS,
    no_shape,
    refuse_ends_as_months,
    refuse_months_out_of_years,
    several_columns,
)
from cstool.compute.recognize.shapes import FEWEST_MONTHS, NO_COLUMN, Fit, becomes, chosen_columns, fit, shapes_of
from cstool.errors import InputError, UsageError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table
from cstool.model.currencies import without_currency
from cstool.model.entries import Glossary
from cstool.model.inputs import Preset, Shape

SURVEY = "survey"  # the relation whose rows are answers
_CLEARLY = 1.5  # columns that another shape explains beyond all that one explains, for the file to be that other one
_FEWEST_FIGURES = 2  # names of figures among the names of rows, a quarter of which they are at least
_SPURNED = 3.0  # columns that an MRR weighs which invoices would leave unused
_SIGN, _MOST_SIGNS = 0.25, 2  # what unused headers add that speak for a shape, and how many of them count


class Recognised(NamedTuple):
    """A shape, the header that fills each of its roles, and the headers that are months.

    `left` are roles that several columns could fill and that are left alone; `yearly` the roles of a month's amount
    whose columns hold a year's; `notes` what to say of the decision.
    """

    shape: Shape
    roles: Mapping[str, str]
    months: Mapping[int, str] = {}
    preset: Preset | None = None
    left: Mapping[str, Sequence[str]] = {}
    yearly: frozenset[str] = frozenset()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is said of a file beforehand: columns by role, a shape, a preset, and the metrics that are asked of it."""

    mapping: Mapping[str, str]
    shape: str | None = None
    preset: str | None = None
    metrics: Sequence[str] = ()


def recognise(
    glossary: Glossary, table: Table, relation: str, wish: Wish, columns: Columns | None = None
) -> Recognised:
    """The shape of a file among those that become `relation`: the one that explains the most columns.

    Raises UsageError for a mapping, shape or preset that does not exist or has no use, InputError where no shape fits,
    several fit equally well, a role is unclear, or a column that no role uses could change the number.
    """
    columns = columns or Columns(glossary.roles, table)
    preset = preset_of(glossary, wish.preset) if wish.preset else _signed(glossary, table, relation, wish)
    if not wish.shape:
        _refuse_figures_as_rows(columns)
    candidates = _candidates(glossary, relation, wish, preset)
    chosen = chosen_columns(glossary, table, wish.mapping, preset)
    if relation == SURVEY and "score" not in chosen and (answers := questions.answer_column(table, wish.metrics)):
        chosen["score"] = answers
    chosen = _priced(columns, chosen)
    fits = [_settled(columns, fit(glossary, columns, one, chosen, wish.metrics), chosen) for one in candidates]
    if not any(one.fits for one in fits):
        raise no_shape(glossary, columns, fits, relation)
    fitting = [one for one in fits if not one.missing]
    serving = _serving(glossary, wish.metrics)
    fitting = [one for one in fitting if one.shape.shape in serving] or fitting
    settled = bool(wish.shape or preset)
    best = _best(columns, fitting, settled=settled)
    if best.unclear:
        raise several_columns(table, *next(iter(best.unclear.items())))
    _refuse_unused_mapping(best, wish.mapping)
    refuse_ends_as_months(columns, best.roles)
    _refuse_two_currencies(table, best)
    _refuse_other_statistics(columns, best)
    if best.months:
        _refuse_doubtful_months(table, best)
    if not settled and not wish.mapping:
        _refuse_another_type(glossary, columns, best, relation, wish)
    notes = [f"{table.name}: recognised as {_title(preset)} (--preset {preset.preset})"] if preset else []
    notes += unused.looked_at(columns, best, chosen)
    if best.months and (quarters := headings.quarters(list(best.months.values()))):
        what = f"a quarter such as {quarters[-1]} stands for its last month, its amount for what was paid a month then"
        notes.append(f"{table.name}: {what}")
    roles = {**best.roles, **unused.told_by_cells(columns, best, chosen)}
    return Recognised(best.shape, roles, best.months, preset, best.left, best.yearly, notes)


def _settled(columns: Columns, one: Fit, chosen: Mapping[str, str]) -> Fit:
    """A fit with the columns that only all of them together settle: ends, and amounts without taxes."""
    return taxes.without_tax(columns, ends.with_both(columns, one, chosen), chosen)


def _candidates(glossary: Glossary, relation: str, wish: Wish, preset: Preset | None) -> list[Shape]:
    """The shapes that a file is looked at as: one that was named, else those that have all roles of --map."""
    candidates = shapes_of(glossary, relation)
    wanted = wish.shape or (preset.shape if preset else None)
    if wanted:
        named = [one for one in candidates if one.shape == wanted]
        if not named:
            names = ", ".join(one.shape for one in candidates)
            raise UsageError(
                f"no shape '{wanted}' gives what these metrics need",
                hint=f"shapes that do: {names or 'none'}",
                code="not-given-by-file",
            )
        return named
    return [one for one in candidates if set(wish.mapping) <= {*one.required, *one.could_have}] or candidates


def _priced(columns: Columns, chosen: dict[str, str]) -> dict[str, str]:
    """What is mapped to amount is the price of one unit where its header says so: `Unit Amount`."""
    header = chosen.get("amount")
    if not header or "unit_price" in chosen or header not in columns.of("unit_price", "named"):
        return chosen
    return {**chosen, "amount": "", "unit_price": header}


def _serving(glossary: Glossary, metrics: Sequence[str]) -> set[str]:
    """The shapes that give all of some metrics."""
    terms = [glossary.metrics[name] for name in metrics if name in glossary.computed]
    given = [{shape.shape for shape in available(glossary, term).shapes} for term in terms]
    return set.intersection(*given) if given else set()


def _best(columns: Columns, fitting: Sequence[Fit], *, settled: bool) -> Fit:
    """The fit that explains most. Raises InputError where two explain as much and take amounts in different ways."""

    def rank(one: Fit) -> float:
        spare = [column for column in columns.table.columns if column not in one.roles.values()]
        signs = sum(has_word(column, one.shape.signs) for column in spare)
        said = one.roles.get("status") or one.roles.get("payment_status")
        speaks = says_status(one.shape.shape, columns.cells(said)) if said else False
        spurned = _SPURNED * (one.shape.shape == "invoices" and "mrr" in of_contracts)
        return one.explained + len(one.unclear) + _SIGN * (min(signs, _MOST_SIGNS) + speaks) - spurned

    # An amount of invoices says less than the MRR that stands beside it and that contracts of another type have.
    of_contracts = {role for one in fitting if one.shape.shape == "subscriptions" for role in one.roles}
    ranked = sorted(fitting, key=lambda one: (rank(one), len(one.shape.required)), reverse=True)
    best = ranked[0]
    rivals = [one for one in ranked[1:] if rank(one) == rank(best) and one.shape.months == best.shape.months == "dates"]
    if rivals and not settled:
        names = [best.shape.shape, *(one.shape.shape for one in rivals)]
        raise InputError(
            f"{columns.table.name}: the file may be {' or '.join(names)}, which give different numbers",
            hint=f"say which: {' or '.join(f'--shape {name}' for name in names)}",
            code="ambiguous-input-type",
        )
    return best


def preset_of(glossary: Glossary, name: str) -> Preset:
    """A preset by its name. Raises UsageError."""
    if name not in glossary.presets:
        raise UsageError(
            f"there is no preset '{name}'", hint=f"presets: {', '.join(sorted(glossary.presets))}", code="unknown-name"
        )
    return glossary.presets[name]


def _signed(glossary: Glossary, table: Table, relation: str, wish: Wish) -> Preset | None:
    """The preset whose signature the headers hold, that of the longest one; nothing where a shape was named."""
    keys = {header_key(column) for column in table.columns}
    found = [
        preset
        for preset in glossary.presets.values()
        if preset.signature
        and {header_key(one) for one in preset.signature} <= keys
        and becomes(glossary, glossary.shapes[preset.shape]) == relation
        and wish.shape in (None, preset.shape)
    ]
    return max(found, key=lambda one: len(one.signature), default=None)


def _title(preset: Preset) -> str:
    return preset.about.partition(";")[0].strip()


def _refuse_unused_mapping(best: Fit, mapping: Mapping[str, str]) -> None:
    """Raises UsageError for a mapped role that the shape does not have, or that another one stands in for."""
    names = (*best.shape.required, *best.shape.could_have)
    for role in mapping:
        if role not in names:
            raise UsageError(
                f"--map {role}: {best.shape.shape} has no use for it",
                hint=f"its roles: {', '.join(names)}",
                code="unknown-role",
            )
        priced = role == "amount" and best.roles.get("unit_price") == mapping[role]
        if role in best.shape.one_of and role not in best.roles and not priced and mapping[role] not in NO_COLUMN:
            other = next(one for one in best.shape.one_of if one in best.roles)
            raise UsageError(
                f"--map {role}: {best.roles[other]} is taken for {other}, and only one of them can be used",
                hint=f"add --map {other}=none",
                code="ambiguous-column",
            )


def _refuse_two_currencies(table: Table, best: Fit) -> None:
    """Raises InputError where the headers say that the amounts are in several currencies."""
    headers = (*best.roles.values(), *best.months.values())
    found = {currency: header for header in headers if (currency := without_currency(header)[1])}
    if len(found) > 1:
        raise InputError(
            f"{table.name}: the columns {' and '.join(found.values())} are in two currencies; they cannot be compared",
            hint="choose columns of one currency with --map",
            code="mixed-currencies",
        )


def _refuse_other_statistics(columns: Columns, best: Fit) -> None:
    """Raises InputError where a role would be taken for empty, and its average or the like is there."""
    for role in best.shape.could_have:
        if role not in best.roles and (column := columns.no_sum(role)):
            raise InputError(
                f"{columns.table.name}: {column} is no sum of {role}", hint=PUT_SUMS, code="ambiguous-column"
            )


def _refuse_doubtful_months(table: Table, best: Fit) -> None:
    """Raises InputError where a column may be one more month, or where months are named in several languages."""
    refuse_months_out_of_years(table)
    headers = list(best.months.values())
    if doubtful := headings.doubtful([one for one in table.columns if one not in best.roles.values()], headers):
        raise InputError(
            f"{table.name}: the column {doubtful} may be a month like {headers[-1]}, and cannot be read as one",
            hint="name it like 2026-03, or remove it",
            code="ambiguous-column",
        )
    if headings.languages_differ(headers):
        raise InputError(
            f"{table.name}: the months {', '.join(headers)} are named in several languages",
            hint="name them like 2026-03",
            code="ambiguous-column",
        )


def _refuse_another_type(glossary: Glossary, columns: Columns, best: Fit, relation: str, wish: Wish) -> None:
    """Raises InputError where a shape that asks for little fits a file that clearly is something else.

    That is so where another shape uses all its columns and several more.
    """
    if len(best.shape.required) > 1 or relation == "health":  # signals are whatever a file of weights names
        return
    own = set(best.roles.values())
    for other in overall(glossary, columns, {}):
        if not other.fits or becomes(glossary, other.shape) == relation:
            continue
        if own < set(other.roles.values()) and other.explained - best.explained >= _CLEARLY:
            what = ", ".join(wish.metrics) or relation
            raise InputError(
                f"{columns.table.name}: is read as {other.shape.shape}, which do not give {what}",
                hint=f"if its rows are {best.shape.shape} all the same: --shape {best.shape.shape}",
                code="not-given-by-file",
            )


def _refuse_figures_as_rows(columns: Columns) -> None:
    """Raises InputError for a statement or report with a row for each figure and a column for each month."""
    table = columns.table
    if len(headings.months([one for one in table.columns if one])) < FEWEST_MONTHS:
        return
    labels = list(dict.fromkeys(columns.cells(table.columns[0] or "#1")))
    figures = [one for one in labels if columns.is_figure(one)]
    if len(figures) >= _FEWEST_FIGURES and len(figures) * 4 >= len(labels):
        named = " and ".join(f"'{one}'" for one in figures[:2])
        raise InputError(
            f"{table.name}: its rows are figures such as {named} with a column for each month, not customers",
            hint="turn the table round: one row for each month, one column for each figure (in a spreadsheet: paste"
            " special, transpose); --shape wide if the rows are customers all the same",
            code="not-given-by-file",
        )


def overall(glossary: Glossary, columns: Columns, chosen: Mapping[str, str]) -> list[Fit]:
    """How far each shape of the glossary fits, the one that explains most first; not those with doubtful months."""
    fits = []
    for shape in glossary.shapes.values():
        try:
            fits.append(fit(glossary, columns, shape, chosen))
        except InputError:
            continue  # one month in two columns: that of another shape may not matter
    return sorted(fits, key=lambda one: (one.fits, one.explained, len(one.shape.required)), reverse=True)
