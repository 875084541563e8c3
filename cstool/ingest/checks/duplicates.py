"""Rows that bear the same key: none where rows are whole, else added up, dropped, or refused by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from cstool.backends.duck import identifier
from cstool.backends.engine import Engine
from cstool.errors import Code, InputError, and_more
from cstool.ingest.checks.problems import SHOWN, Problems
from cstool.ingest.formats.kinds import NUMBERS
from cstool.ingest.source.header import excerpt
from cstool.model.reading import Column, Reading, shown_name

_MONTHS_IN_BITS = 120


class DuplicateRowsError(InputError):
    """Rows of one key. `alike` says whether they are the same as a whole."""

    default: ClassVar[Code] = "duplicate-rows"
    alike = False


def keys(columns: Sequence[Column], unique: Sequence[str], reading: Reading) -> list[Column]:
    """The columns of a key that are there; none where nobody is to look for duplicates."""
    if reading.duplicates == "unchecked":
        return []
    return [column for name in unique for column in columns if column.name == name]


def unchecked(columns: Sequence[Column], unique: Sequence[str], reading: Reading) -> list[str]:
    """What to tell where nobody looks for duplicates that there could be."""
    if reading.duplicates != "unchecked" or not keys(columns, unique, Reading()):
        return []
    names = [column.name for column in keys(columns, unique, Reading())]
    return [f"not looked for: rows that bear the same {' and '.join(names)}"]


def any_twice(engine: Engine, table: str, key: Sequence[Column], suspect: str = "false") -> bool:
    """Whether a key stands in two rows (or a hash of it: seldom yes without), or `suspect` holds of a row's names.

    `suspect` is SQL over the columns of the key that are no months.
    """
    if not key:
        return bool(engine.row(f"select count(*) from {table} where {suspect}")[0])
    names = [identifier(column.name) for column in key]
    months = [identifier(column.name) for column in key if column.kind == "month"]
    others = [name for name in names if name not in months]
    if len(months) == 1 and others:
        first, last = engine.row(f"select min({months[0]}), max({months[0]}) from {table}")
        if first is not None and last - first < _MONTHS_IN_BITS:
            # A bit a month: as many rows as bits, or some month stands twice. Far less work than grouping by month.
            bits = f"bit_count(bit_or(cast(1 as hugeint) << ({months[0]} - {first})))"
            sql = f"select 1 from {table} group by {', '.join(others)} having count(*) <> {bits} or {suspect} limit 1"
            return bool(engine.run(sql))
    if engine.row(f"select count(*) from {table} where {suspect}")[0]:
        return True
    return bool(engine.row(f"select count(*) <> count(distinct hash({', '.join(names)})) from {table}")[0])


def add_up(
    engine: Engine, table: str, columns: Sequence[Column], key: Sequence[Column], order: str = "rowid"
) -> list[str]:
    """Rows of one key become one, their numbers added; returns what to tell. `order` is that of the files."""
    names = ", ".join(identifier(column.name) for column in key)
    before = engine.row(f"select count(*) from {table}")[0]
    added = [column for column in columns if column.kind in NUMBERS and column.kind != "share" and column not in key]
    others = [column for column in columns if column not in added and column not in key]
    notes = []
    for column in others:
        name = identifier(column.name)
        differ = engine.row(
            f"select count(*) from (select 1 from {table} group by {names} having count(distinct {name}) > 1)"
        )[0]
        if differ:
            notes.append(
                f"{shown_name(column)} differs between rows that were summed, {differ} times; the first was taken"
            )
    values = [
        f"{f'cast(sum({name}) as bigint)' if kind == 'count' else f'sum({name})'} as {name}"
        for name, kind in ((identifier(column.name), column.kind) for column in added)
    ]
    values += [f"arg_min({identifier(c.name)}, {order}) as {identifier(c.name)}" for c in others]
    engine.run(
        f"create or replace temp table {table} as select {', '.join([names, *values, 'min(place) as place'])}"
        f" from {table} group by {names}"
    )
    after = engine.row(f"select count(*) from {table}")[0]
    if after < before:
        notes.insert(0, f"{before} rows were summed to {after}, one per {' and '.join(column.name for column in key)}")
    return notes


def refusal(
    problems: Problems,
    table: str,
    key: Sequence[Column],
    columns: Sequence[Column],
    fetch: Callable[[Sequence[int]], None],
) -> InputError | None:
    """The keys that stand in several rows, with their places from the table `raw`; None where there are none.

    `fetch` sees to it that `raw` has the rows at some places.
    """
    engine = problems.engine
    names = ", ".join(identifier(column.name) for column in key)
    every = ", ".join(identifier(column.name) for column in columns)
    rows = engine.run(
        f"select list(place order by place)[:3], count(*), count(distinct row({every})) = 1, count(*) over ()"
        f" from {table} group by {names} having count(*) > 1 order by min(place) limit {SHOWN}"
    )
    if not rows:
        return None
    total = rows[0][3]
    indices = [list(columns).index(column) for column in key]
    fetch([place for places, *_ in rows for place in places])
    told = []
    for places, count, _, _ in rows:
        found = engine.run(
            f"select place, line, {', '.join(f't{i}' for i in indices)} from raw"
            f" where place in ({', '.join(map(str, places))}) order by place"
        )
        written = ", ".join(excerpt(text) for text in found[0][2:] if text)
        where = ", ".join(problems.where(place, line) for place, line, *_ in found)
        told.append(f"{written} at {where}{', ...' if count > len(places) else ''}")
    what = " and ".join(shown_name(column) for column in key)
    head = f"{problems.names}: duplicate {what}: {total} in more than one row"
    alike = all(row[2] for row in rows)
    remedy = (
        "the rows are alike: --duplicates drop where whole rows repeat, sum where each is a subscription"
        if alike
        else "the rows differ: --duplicates sum where each row is a subscription; else remove the wrong one"
    )
    error = DuplicateRowsError(head, problems=and_more([*told, *[""] * (total - len(told))], SHOWN), hint=remedy)
    error.alike = alike
    return error


def refuse_twice(engine: Engine, table: str, key: Sequence[Column], name: str) -> None:
    """Raises DuplicateRowsError where a key stands in several of the rows that are left of a file."""
    names = ", ".join(identifier(column.name) for column in key)
    found = engine.run(
        f"select {names}, count(*) over () from {table} group by {names} having count(*) > 1 order by {names} limit 1"
    )
    if found:
        first = ", ".join(excerpt(str(value)) for value in found[0][:-1])
        what = " and ".join(shown_name(column) for column in key)
        raise DuplicateRowsError(
            f"{name}: duplicate {what} among the rows of --where: {found[0][-1]} in more than one (first: {first})"
        )
