"""Which shape a file has: the one whose required roles its headers fill."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cstool.data.header import header_key
from cstool.data.table import Table, column_list
from cstool.errors import InputError, UsageError
from cstool.glossary.entries import Glossary, Role, Shape


@dataclass(frozen=True, slots=True)
class Recognised:
    """A shape and the column header that fills each of its roles."""

    shape: Shape
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Fit:
    """How far a shape fits a file."""

    shape: Shape
    roles: Mapping[str, str]
    missing: Sequence[str]
    unclear: Mapping[str, Sequence[str]]  # role -> the columns that could all fill it

    @property
    def fits(self) -> bool:
        return not self.missing and not self.unclear


def known_headers(glossary: Glossary, more: Collection[str] = ()) -> set[str]:
    """Every header spelling that fills some role, as headers are compared."""
    spellings = (name for role in glossary.roles.values() for name in (role.role, *role.headers, *role.fallback))
    return {header_key(name) for name in (*spellings, *more)}


def recognise(
    glossary: Glossary,
    table: Table,
    becomes: str,
    mapping: Mapping[str, str],
    shape: str | None = None,
) -> Recognised:
    """The shape of a file, among those that become the relation `becomes`.

    Raises UsageError for a mapping or shape that does not exist, InputError where no shape fits or a role is unclear.
    """
    candidates = [one for one in glossary.shapes.values() if one.becomes == becomes]
    if shape:
        candidates = [one for one in candidates if one.shape == shape]
        if not candidates:
            names = ", ".join(one.shape for one in glossary.shapes.values() if one.becomes == becomes)
            raise UsageError(
                f"no shape '{shape}' gives what these metrics need", hint=f"shapes that do: {names or 'none'}"
            )
    chosen = _mapped(glossary, table, mapping)
    fits = [_fit(glossary, table, one, chosen) for one in candidates]
    fitting = [fit for fit in fits if fit.fits]
    if fitting:
        best = max(fitting, key=lambda fit: len(fit.shape.required))
        return Recognised(best.shape, best.roles)
    raise _no_shape(glossary, table, fits)


def _mapped(glossary: Glossary, table: Table, mapping: Mapping[str, str]) -> dict[str, str]:
    """The columns that --map names, by role."""
    chosen = {}
    for role, name in mapping.items():
        if role not in glossary.roles:
            near = difflib.get_close_matches(role, glossary.roles, 1)
            raise UsageError(
                f"--map: '{role}' is no role",
                hint=f"did you mean {near[0]}?" if near else f"roles: {', '.join(glossary.roles)}",
            )
        chosen[role] = named_column(table, name, f"--map {role}")
    return chosen


def named_column(table: Table, name: str, asked_by: str) -> str:
    """The header of the column a user names. Raises InputError listing the columns there are."""
    index = table.column(name)
    if index is not None:
        return table.columns[index]
    alike = [own for own in table.columns if header_key(own) == header_key(name)]
    if len(alike) > 1:
        raise InputError(f"{table.name}: {asked_by}: several columns are named '{name}'")
    raise InputError(
        f"{table.name}: {asked_by}: there is no column '{name}'", hint=f"columns: {column_list(table.columns)}"
    )


def _fit(glossary: Glossary, table: Table, shape: Shape, chosen: Mapping[str, str]) -> _Fit:
    roles: dict[str, str] = {}
    unclear: dict[str, Sequence[str]] = {}
    taken = set(chosen.values())
    for name in (*shape.required, *shape.optional):
        if name in chosen:
            roles[name] = chosen[name]
            continue
        columns = [column for column in _filling(glossary.roles[name], table) if column not in taken]
        if len(columns) == 1:
            roles[name] = columns[0]
        elif columns:
            unclear[name] = columns
    missing = [name for name in shape.required if name not in roles and name not in unclear]
    return _Fit(shape, roles, missing, unclear)


def _filling(role: Role, table: Table) -> list[str]:
    """The columns that could play a role: by its proper spellings, and only without those by its fallback ones."""
    for spellings in ((role.role, *role.headers), role.fallback):
        keys = {header_key(spelling) for spelling in spellings}
        columns = [column for column in table.columns if header_key(column) in keys]
        if columns:
            return columns
    return []


def _no_shape(glossary: Glossary, table: Table, fits: Sequence[_Fit]) -> InputError:
    closest = min(fits, key=lambda fit: (len(fit.missing), len(fit.unclear), -len(fit.roles)))
    if not closest.missing:
        role, columns = next(iter(closest.unclear.items()))
        return InputError(
            f"{table.name}: {len(columns)} columns could be {role}: {', '.join(columns)}",
            hint=f'choose one: --map {role}="{columns[0]}"',
        )
    needs = ", ".join(closest.shape.required)
    first = closest.missing[0]
    near = _misspelt(glossary.roles[first], table)
    return InputError(
        f"{table.name}: no column for {' and '.join(closest.missing)} (a {closest.shape.shape} needs {needs});"
        f" columns: {column_list(table.columns)}",
        hint=f'did you mean {near}? say so with --map {first}="{near}"'
        if near
        else f"name the column: --map {first}=COLUMN",
    )


def _misspelt(role: Role, table: Table) -> str | None:
    """A column whose name is nearly one that fills the role."""
    columns = {header_key(column): column for column in table.columns if column}
    for spelling in (role.role, *role.headers):
        near = difflib.get_close_matches(header_key(spelling), columns, 1, cutoff=0.86)
        if near:
            return columns[near[0]]
    return None
