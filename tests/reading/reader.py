"""A small accounts table, ways to spoil it, and the reading room as the tests call it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cstool.backends.duck import DuckDB
from cstool.ingest.read import cells
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import open_table, same_header
from cstool.model.reading import Column, Kind, Reading

HEADER = ["account", "segment", "opening_mrr", "closing_mrr"]
ROWS = [
    ["K1", "North", "7000.00", "8250.00"],
    ["K2", "North", "1200.00", "1200.00"],
    ["K3", "South", "940.00", "610.00"],
    ["K4", "South", "35.00", "0.00"],
    ["K5", "West", "0.00", "480.00"],
]
OPENING, CLOSING = Decimal("9175.00"), Decimal("10540.00")

ACCOUNT = Column("account", "account", "id")
STARTING = Column("starting_mrr", "opening_mrr", "amount")
ENDING = Column("ending_mrr", "closing_mrr", "amount")
SNAPSHOT = (ACCOUNT, STARTING, ENDING)
KNOWN = frozenset(map(header_key, (*HEADER, "mrr", "month", "start_date", "currency")))


@dataclass(frozen=True)
class Read:
    """What came of reading: the rows in the order of the file, and what was told."""

    rows: list[tuple[Any, ...]]
    notes: list[str]

    def total(self, index: int) -> Decimal:
        return sum((Decimal(str(row[index])) for row in self.rows if row[index] is not None), Decimal(0))

    @property
    def totals(self) -> tuple[Decimal, Decimal]:
        return self.total(1), self.total(2)


def read(
    files: str | Sequence[str],
    columns: Sequence[Column] = SNAPSHOT,
    unique: Sequence[str] = ("account",),
    known: frozenset[str] = KNOWN,
    **options: Any,
) -> Read:
    """Reads files as `calc` does. Raises what it raises."""
    names = [files] if isinstance(files, str) else list(files)
    reading = Reading(**options)
    engine = DuckDB()
    try:
        with tempfile.TemporaryDirectory() as scratch:
            tables = [open_table(name, known, Path(scratch), reading) for name in names]
            same_header(tables)
            notes = cells.read(engine, tables, columns, unique, reading)
            listed = ", ".join(f'"{column.name}"' for column in columns)
            return Read(engine.run(f"select {listed} from cells order by place, rowid"), notes)
    finally:
        engine.close()


def csv_of(
    rows: Sequence[Sequence[str]] = ROWS, header: Sequence[str] = HEADER, delimiter: str = ",", end: str = "\n"
) -> str:
    return "".join(delimiter.join(row) + end for row in (header, *rows))


def amounts(form: dict[str, str], delimiter: str = ",") -> str:
    """The table with amounts written in another way, by their plain writing."""
    return csv_of([[form.get(cell, cell) for cell in row] for row in ROWS], delimiter=delimiter)


def column(kind: Kind, header: str = "value", *, optional: bool = False) -> Column:
    return Column(header, header, kind, optional)


def one_column(values: Sequence[str], header: str = "value", delimiter: str = ";") -> str:
    """A table of an account and one more column."""
    rows = [[f"K{i}", value] for i, value in enumerate(values, 1)]
    return csv_of(rows, ["account", header], delimiter)
