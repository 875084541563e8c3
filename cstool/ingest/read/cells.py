"""Text columns -> exact typed columns. A cell that cannot be read is an error naming file, line, column and value."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.backends.duck import DuckDB, EngineError, TooLargeError
from cstool.errors import InputError
from cstool.ingest.checks import duplicates
from cstool.ingest.checks.doubtful_names import doubtful_names
from cstool.ingest.formats.formats import UndecidedColumnError, sampled, taken_for_granted
from cstool.ingest.formats.kinds import Cell
from cstool.ingest.read.scan import read_fast
from cstool.ingest.source.table import WIDEST_SCANNED, Table
from cstool.model.reading import Column, Reading


def read(
    engine: DuckDB,
    tables: Sequence[Table],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str = "cells",
) -> list[str]:
    """Creates the temp table `into` with the given columns, typed, from all files; returns what to tell the user.

    id and text are trimmed text, amount and number exact decimals, share too, count a bigint, month the months since
    year 0, period `2026-10`, `2026-Q4` or `2026`, date and time (UTC) those types, flag a boolean. A further column
    `place` is of no meaning outside. The columns of `unique` together name a row once. Raises InputError naming up to
    five places of each kind of problem.
    """
    notes = [note for table in tables for note in table.notes]
    notes += _read(engine, tables, columns, unique, reading, into)
    notes += duplicates.unchecked(columns, unique, reading)
    for column in columns:
        if column.kind == "id":
            notes += doubtful_names(engine, into, column)
    return notes


def _read(
    engine: DuckDB,
    tables: Sequence[Table],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str,
) -> list[str]:
    try:
        if reading.duplicates != "drop" and all(len(table.columns) <= WIDEST_SCANNED for table in tables):
            done = _by_scan(engine, tables, sampled(tables, columns, reading), unique, reading, into)
            if done is not None:
                return done
    except (UndecidedColumnError, EngineError):
        pass  # the whole column may show what its first cells do not; the scan may not take what is no table
    from cstool.ingest.read.row_by_row import read_carefully  # most files need no care

    try:
        return read_carefully(engine, tables, columns, unique, reading, into)
    except TooLargeError as error:
        raise InputError(
            f"{tables[0].name}: some numbers are too large to be computed with exactly",
            hint="give amounts in a larger unit, as in thousands",
            code="number-too-large",
        ) from error
    except EngineError as error:
        names = ", ".join(table.name for table in tables)
        raise InputError(
            f"{names}: cannot be read as a table",
            hint="--delimiter, --header-line and --encoding say how it is written",
            code="not-a-table",
        ) from error


def _by_scan(
    engine: DuckDB, tables: Sequence[Table], cells: Sequence[Cell], unique: Sequence[str], reading: Reading, into: str
) -> list[str] | None:
    """All cells as a scan reads them, and with care only what is in doubt; None where all needs care."""
    misfit = False
    try:
        done = read_fast(engine, tables, cells, unique, reading, into)
        if done is not None:
            return [*taken_for_granted(cells), *done]
    except EngineError:
        misfit = True
    from cstool.ingest.read.row_by_row import read_doubtful
    from cstool.ingest.read.rows_in_doubt import without_misfits

    fitting = [without_misfits(table) for table in tables] if misfit else []
    return read_doubtful(engine, tables, fitting, cells, unique, reading, into)
