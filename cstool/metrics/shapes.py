"""Which shape a file has: the one whose required roles its headers fill."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from cstool.data.currencies import without_currency
from cstool.data.header import Known, header_key, header_keys
from cstool.data.table import Table, column_list
from cstool.errors import InputError, UsageError
from cstool.glossary.entries import Glossary
from cstool.glossary.inputs import Preset, Shape
from cstool.metrics import filling, headings
from cstool.metrics.misnamed import close, meant
from cstool.metrics.windows import month_name

_MONTHS = "columns of months"
_PUT_SUMS = "put the sum into the pivot table, as only sums can be computed with"
FEWEST_MONTHS = 2  # month columns that make a file wide


class Recognised(NamedTuple):
    """A shape, the header that fills each of its roles, and the headers that are months."""

    shape: Shape
    roles: Mapping[str, str]
    months: Mapping[int, str] = {}
    preset: Preset | None = None


class Fit(NamedTuple):
    """How far a shape fits a file: what is missing, and which columns could all fill a role."""

    shape: Shape
    roles: Mapping[str, str]
    missing: Sequence[str]
    unclear: Mapping[str, Sequence[str]]
    months: Mapping[int, str] = {}

    @property
    def fits(self) -> bool:
        return not self.missing and not self.unclear


def known_headers(glossary: Glossary, more: Collection[str] = ()) -> set[str]:
    """Every header spelling that fills some role, as headers are compared."""
    spellings = [name for role in glossary.roles.values() for name in (role.role, *role.headers, *role.fallback)]
    spellings += [mapped.header for preset in glossary.presets.values() for mapped in preset.roles]
    return {header_key(name) for name in (*spellings, *more)}


def findable(glossary: Glossary, more: Collection[str] = ()) -> Known:
    """What the header line of a file is found by."""
    return Known(known_headers(glossary, more), headings.months)


def shapes_of(glossary: Glossary, relation: str) -> list[Shape]:
    """The shapes that become a relation, at once or through another shape."""
    return [shape for shape in glossary.shapes.values() if becomes(glossary, shape) == relation]


def becomes(glossary: Glossary, shape: Shape) -> str:
    """The relation a shape becomes in the end."""
    while shape.becomes in glossary.shapes and shape.becomes not in glossary.relations:
        shape = glossary.shapes[shape.becomes]
    return shape.becomes


def recognise(
    glossary: Glossary,
    table: Table,
    relation: str,
    mapping: Mapping[str, str],
    shape: str | None = None,
    preset: str | None = None,
) -> Recognised:
    """The shape of a file, among those that become `relation`; the one with the most required roles of several.

    Raises UsageError for a mapping, shape or preset that does not exist, InputError where no shape fits or a role is
    unclear.
    """
    candidates = shapes_of(glossary, relation)
    known = preset_of(glossary, preset) if preset else None
    wanted = shape or (known.shape if known else None)
    if wanted:
        candidates = [one for one in candidates if one.shape == wanted]
        if not candidates:
            names = ", ".join(one.shape for one in shapes_of(glossary, relation))
            raise UsageError(
                f"no shape '{wanted}' gives what these metrics need", hint=f"shapes that do: {names or 'none'}"
            )
    chosen = chosen_columns(glossary, table, mapping, known)
    fits = [fit(glossary, table, one, chosen) for one in candidates]
    fitting = [one for one in fits if one.fits]
    if fitting:
        best = max(fitting, key=lambda one: (len(one.shape.required), len(one.months), len(one.roles)))
        _refuse_two_currencies(table, best)
        _refuse_other_statistics(glossary, table, best)
        if best.months:
            _refuse_doubtful_months(table, best)
        return Recognised(best.shape, best.roles, best.months, known)
    raise _no_shape(glossary, table, fits, relation)


def _refuse_two_currencies(table: Table, best: Fit) -> None:
    """Raises InputError where the headers say that the amounts are in several currencies."""
    headers = (*best.roles.values(), *best.months.values())
    found = {currency: header for header in headers if (currency := without_currency(header)[1])}
    if len(found) > 1:
        raise InputError(
            f"{table.name}: the columns {' and '.join(found.values())} are in two currencies; they cannot be compared",
            hint="choose columns of one currency with --map",
        )


def _refuse_other_statistics(glossary: Glossary, table: Table, best: Fit) -> None:
    """Raises InputError where a role would be taken for empty, and its average or the like is there."""
    for role in best.shape.could_have:
        if role not in best.roles and (column := filling.no_sum(glossary.roles[role], table)):
            raise InputError(f"{table.name}: {column} is no sum of {role}", hint=_PUT_SUMS)


def _refuse_doubtful_months(table: Table, best: Fit) -> None:
    """Raises InputError where a column may be one more month, or where months are named in several languages."""
    headers = list(best.months.values())
    if doubtful := headings.doubtful([one for one in table.columns if one not in best.roles.values()], headers):
        raise InputError(
            f"{table.name}: the column {doubtful} may be a month like {headers[-1]}, and cannot be read as one",
            hint="name it like 2026-03, or remove it",
        )
    if headings.languages_differ(headers):
        raise InputError(
            f"{table.name}: the months {', '.join(headers)} are named in several languages",
            hint="name them like 2026-03",
        )


def preset_of(glossary: Glossary, name: str) -> Preset:
    """A preset by its name. Raises UsageError."""
    if name not in glossary.presets:
        raise UsageError(f"there is no preset '{name}'", hint=f"presets: {', '.join(sorted(glossary.presets))}")
    return glossary.presets[name]


def chosen_columns(
    glossary: Glossary, table: Table, mapping: Mapping[str, str], preset: Preset | None = None
) -> dict[str, str]:
    """The columns that a preset and --map name, by role; a preset's columns may be missing."""
    chosen = {}
    for mapped in preset.roles if preset else ():
        index = table.column(mapped.header)
        if index is not None:
            chosen[mapped.role] = table.columns[index]
    for role, name in mapping.items():
        if role not in glossary.roles:
            near = close(role, glossary.roles)
            hint = f"did you mean {near[0]}?" if near else f"roles: {', '.join(glossary.roles)}"
            raise UsageError(f"--map: '{role}' is no role", hint=hint)
        chosen[role] = named_column(table, name, f"--map {role}")
    return chosen


def named_column(table: Table, name: str, asked_by: str) -> str:
    """The header of the column a user names. Raises InputError listing the columns there are."""
    index = table.column(name)
    if index is not None:
        own = table.columns[index]
        return own if table.column(own) == index else f"#{index + 1}"
    alike = [f"#{i}" for i, own in enumerate(table.columns, 1) if header_key(own) == header_key(name)]
    if len(alike) > 1:
        raise InputError(
            f"{table.name}: {asked_by}: several columns are named '{name}'",
            hint=f"name one by its place: {' or '.join(alike)}",
        )
    raise InputError(
        f"{table.name}: {asked_by}: there is no column '{name}'",
        hint=f"{meant(table, name, asked_by)}columns: {column_list(table.columns)}",
    )


def fit(glossary: Glossary, table: Table, shape: Shape, chosen: Mapping[str, str]) -> Fit:
    """How far a shape fits: columns already chosen, then proper spellings, then those with a currency behind them or
    that are said to be sums, then fallback ones for what is missing.

    A column plays one role only.
    """
    names = (*shape.required, *shape.could_have)
    roles = {name: chosen[name] for name in names if name in chosen}
    unclear: dict[str, Sequence[str]] = {}
    for likely in (filling.named, filling.in_a_currency, filling.summed, filling.asking, filling.fallback):
        for name in names:
            if name in roles or name in unclear or (likely is not filling.named and _satisfied(shape, name, roles)):
                continue
            if likely is filling.fallback and any(f"{name} *" in one.sql for one in shape.derived):
                continue  # what is brought to a year must not be guessed to be per month
            columns = [one for one in likely(glossary.roles[name], table) if one not in roles.values()]
            if len(columns) == 1:
                roles[name] = columns[0]
            elif columns:
                unclear[name] = columns
    for spare in [name for name in shape.one_of if name in roles][1:]:
        del roles[spare]
    missing = [name for name in shape.required if name not in roles and name not in unclear]
    if shape.one_of and not any(name in roles or name in unclear for name in shape.one_of):
        missing.append(" or ".join(shape.one_of))
    if shape.any_of and not any(name in roles or name in unclear for name in shape.any_of):
        missing.append(" or ".join(shape.any_of))
    months = month_columns(table, roles.values()) if shape.months == "columns" else {}
    if shape.months == "columns" and len(months) < FEWEST_MONTHS:
        missing.append(_MONTHS)
    if any(filling.named(glossary.roles[role], table) for role in shape.without) and not chosen.keys() & roles:
        missing.append(f"a {shape.shape} file has no {' or '.join(shape.without)}")
    return Fit(shape, roles, missing, unclear, months)


def _satisfied(shape: Shape, name: str, roles: Collection[str]) -> bool:
    """Whether another role of the same choice is filled already."""
    return name in shape.one_of and any(other in roles for other in shape.one_of)


def month_columns(table: Table, taken: Collection[str]) -> dict[int, str]:
    """The headers that name months. Raises InputError where two name the same."""
    months: dict[int, str] = {}
    for header, month in headings.months([header for header in table.columns if header not in taken]).items():
        if month in months or table.columns.count(header) > 1:
            raise InputError(
                f"{table.name}: {month_name(month)} stands in two columns, {months.get(month, header)} and {header}",
                hint="remove one of them",
            )
        months[month] = header
    return dict(sorted(months.items()))


def _no_shape(glossary: Glossary, table: Table, fits: Sequence[Fit], relation: str) -> InputError | UsageError:
    if not fits:
        return UsageError(f"no file gives the measures of {relation}; give them with --set")
    known = known_headers(glossary)
    lost = not any(header_keys(column) & known for column in table.columns)
    closest = fits[0] if lost else min(fits, key=lambda one: (_lacks(glossary, table, one), len(one.unclear)))
    if not closest.missing:
        role, columns = next(iter(closest.unclear.items()))
        name = columns[0] if len(set(columns)) > 1 else f"#{table.columns.index(columns[0]) + 1}"
        return InputError(
            f"{table.name}: {len(columns)} columns could be {role}: {', '.join(columns)}",
            hint=f'choose one: --map {role}="{name}"' + (" (its place)" if name != columns[0] else ""),
        )
    if closest.missing[0].startswith(f"a {closest.shape.shape} file"):
        counted, answers = next(iter(closest.roles.items()))
        return InputError(
            f"{table.name}: {closest.missing[0]}; columns: {column_list(table.columns)}",
            hint=f'if each row is one all the same, say so with --map {counted}="{answers}"',
        )
    choices = [" or ".join(some) for some in (closest.shape.one_of, closest.shape.any_of) if some]
    needs = ", ".join([*closest.shape.required, *choices])
    near = {role: column for role in closest.missing if (column := misspelt(glossary, role, table))}
    hint = f"name the column: --map {closest.missing[0].split()[0]}=COLUMN"
    if closest.missing[0] == _MONTHS:
        hint = "a column of a month is named like 2026-01 or Jan 2026"
    if lost:
        hint = (
            "none of these names is known: --header-line says on which line the names stand, --delimiter what separates"
            f" them, --map {closest.missing[0].split()[0]}=COLUMN what a column is"
        )
    elif no_sums := [one for role in closest.missing if (one := _no_sum(glossary, role, table))]:
        hint = f"{no_sums[0]} is no sum: {_PUT_SUMS}"
    elif near:
        role, column = next(iter(near.items()))
        hint = f'did you mean {column}? say so with --map {role}="{column}"'
    return InputError(
        f"{table.name}: no column for {' and '.join(closest.missing)} ({closest.shape.shape} needs {needs});"
        f" columns: {column_list(table.columns)}",
        hint=hint,
    )


def _lacks(glossary: Glossary, table: Table, one: Fit) -> float:
    """How much a file lacks for a shape: a misspelt column is half there, and months are several columns."""
    return sum(
        FEWEST_MONTHS if missing == _MONTHS else 0.5 if misspelt(glossary, missing, table) else 1
        for missing in one.missing
    )


def misspelt(glossary: Glossary, role: str, table: Table) -> str | None:
    """A column whose name is nearly one that fills the role."""
    if role not in glossary.roles:
        return None
    columns = {header_key(column): column for column in table.columns if column}
    for spelling in (role, *glossary.roles[role].headers):
        near = close(header_key(spelling), columns, 0.86)
        if near:
            return columns[near[0]]
    return None


def _no_sum(glossary: Glossary, role: str, table: Table) -> str | None:
    return filling.no_sum(glossary.roles[role], table) if role in glossary.roles else None
