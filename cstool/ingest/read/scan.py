"""Reads a file by one query, with the formats that a sample shows: kept only if not one cell is in doubt."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.backends.engine import Engine
from cstool.ingest.checks import duplicates, totals
from cstool.ingest.checks.problems import FILE_BITS
from cstool.ingest.checks.sequential_ids import all_numbered
from cstool.ingest.formats.formats import index_in
from cstool.ingest.formats.kinds import TEXTS, Cell
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table
from cstool.model.currencies import HEADERS, is_currency_header
from cstool.model.reading import Column, Reading, shown_name

MOST_LINES = 3  # for columns of which the same is noted


def read_fast(
    engine: DuckDB, tables: Sequence[Table], cells: Sequence[Cell], unique: Sequence[str], reading: Reading, into: str
) -> list[str] | None:
    """Creates the table `into` and returns what to tell, or None where anything is in doubt.

    Raises EngineError where a row is of another width than the header, or is not quoted as it should be. Its helper
    column `place` says which file a row is from, and is odd where the row's text is in doubt.
    """
    columns = [cell.column for cell in cells]
    scan_into(engine, tables, cells, into)
    if _any_doubt(engine, tables, cells, reading, into):
        return None
    notes = kept_negatives(engine, columns, into) if reading.negative == "keep" else []
    key = duplicates.keys(columns, unique, reading)
    ids = [column.name for column in columns if column.kind == "id"]
    suspect = suspects(columns)
    if totals.sums_at_the_ends(engine, into, columns, "place", "rowid"):
        return None
    if key and not {column.name for column in key} >= set(ids):
        if duplicates.any_twice(engine, into, [], suspect):
            return None
        suspect = "false"
    if reading.duplicates == "sum" and key:
        if duplicates.any_twice(engine, into, [], suspect):
            return None
        return notes + duplicates.add_up(engine, into, columns, key)
    named_alone = len(ids) == 1 and {column.name for column in key} <= {ids[0]}
    if named_alone and all_numbered(engine, into, ids[0], once=bool(key)):
        return notes
    return None if duplicates.any_twice(engine, into, key, suspect) else notes


def kept_negatives(engine: Engine, columns: Sequence[Column], into: str) -> list[str]:
    """How many negative cells each column holds, where they were to be kept."""
    signed = [column for column in columns if column.kind in ("amount", "count")]
    below = [f"if({identifier(column.name)} < 0, 1, 0)" for column in signed]
    counts = totals.sums(engine, below, f"from {into}")
    return negative_cells([pair for pair in zip(signed, map(int, counts), strict=True) if pair[1]], "kept")


def negative_cells(found: Sequence[tuple[Column, int]], done: str) -> list[str]:
    """A line for each column with negative cells, or one for all where they are many."""
    if len(found) > MOST_LINES:
        every = sum(count for _, count in found)
        return [f"{every} negative cells in {len(found)} columns {done} (first: {shown_name(found[0][0])})"]
    return [f"{count} negative cell{'s' if count > 1 else ''} of {shown_name(one)} {done}" for one, count in found]


def scan_into(engine: DuckDB, tables: Sequence[Table], cells: Sequence[Cell], into: str) -> None:
    """Creates `into` by one scan, in the order of the files. Raises EngineError at a row of another width."""
    selects = [_select(file, table, cells) for file, table in enumerate(tables)]
    engine.run(f"create or replace temp table {into} as {' union all '.join(selects)}")


def suspects(columns: Sequence[Column]) -> str:
    """Whether a row's names are like those of a totals row, as SQL."""
    ids = [identifier(column.name) for column in columns if column.kind == "id"]
    return " or ".join(totals.is_suspect_sql(name) for name in ids) or "false"


def _select(file: int, table: Table, cells: Sequence[Cell]) -> str:
    doubts = [*unnamed(table), *other_currency(table, cells), *unnamed_totals(table, cells)]
    values = []
    for cell in cells:
        index = index_in(table, cell.column)
        text = f"c{index}"
        value = table.words(index) if cell.column.kind in TEXTS else cell.scanned_value(text)
        if cell.column.optional and cell.column.kind not in TEXTS:
            doubts.append(f"{text} is not null and ({value}) is null{cell.unless_open(text)}")
        values.append(f"{value} as {identifier(cell.column.name)}")
    place = f"cast({file << FILE_BITS} as bigint)"
    if doubts:
        place += f" + if({' or '.join(f'coalesce({doubt}, false)' for doubt in doubts)}, 1, 0)"
    return f"select {', '.join(values)}, {place} as place from {table.scan()}"


def unnamed(table: Table) -> list[str]:
    """Doubts where cells stand right of the last column that has a name."""
    named = max((i for i, name in enumerate(table.columns) if name), default=-1)
    return [f"trim(c{i}) <> ''" for i in range(named + 1, len(table.columns))]


def unnamed_totals(table: Table, cells: Sequence[Cell]) -> list[str]:
    """Doubts where the first cell is a word for totals, and no column names rows so that this would be seen."""
    return [] if any(cell.column.kind == "id" for cell in cells) else [totals.is_word_sql(table.words(0))]


def other_currency(table: Table, cells: Sequence[Cell]) -> list[str]:
    """Doubts where columns of currencies that nobody asked for hold another one than in the first row."""
    found = currency_columns(table, [cell.column for cell in cells])
    if not found:
        return []
    first = next(table.records()).fields
    if found[-1] >= len(first):
        return ["true"]
    if len({first[index].strip().upper() for index in found}) > 1:
        return ["true"]
    return [f"c{index} is distinct from {quoted(first[index])}" for index in found]


def currency_columns(table: Table, columns: Sequence[Column]) -> list[int]:
    """The columns of currencies, where amounts are read and no currency is."""
    if not any(column.kind == "amount" for column in columns):
        return []
    read = {index_in(table, column) for column in columns}
    keys = [header_key(name) for name in table.columns]
    found = [i for i, key in enumerate(keys) if key in HEADERS]
    found = found or [i for i, key in enumerate(keys) if is_currency_header(key)]
    return [] if read & set(found) else found


def doubts(cells: Sequence[Cell], reading: Reading) -> str:
    """Whether a row of the scanned table is in doubt, as SQL."""
    required = [identifier(c.column.name) for c in cells if c.column.kind != "text" and not c.column.optional]
    found = ["place & 1 = 1", *(f"{name} is null" for name in required)]
    if not required:
        found.append(" and ".join(f"{identifier(cell.column.name)} is null" for cell in cells) or "false")
    found += filter(None, (cell.out_of_range(identifier(cell.column.name)) for cell in cells))
    if reading.negative != "keep":
        signed = [identifier(c.column.name) for c in cells if c.column.kind in ("amount", "count")]
        found += [f"{name} < 0" for name in signed]
    found += [f"{identifier(c.column.name)} < 0" for c in cells if c.column.kind == "duration"]
    return " or ".join(found)


def _any_doubt(engine: DuckDB, tables: Sequence[Table], cells: Sequence[Cell], reading: Reading, into: str) -> bool:
    rows = dict(
        engine.run(f"select place >> {FILE_BITS}, count(*) from {into} group by 1")
        if any(t.quotes for t in tables)
        else []
    )
    if any(table.quotes and table.lines() > rows.get(file, 0) for file, table in enumerate(tables)):
        return True  # quoted fields run over lines, or lines are blank: neither is seen by the scan
    return bool(engine.row(f"select count(*) from {into} where {doubts(cells, reading)}")[0])
