"""A sheet of a workbook (xlsx, xlsm, xlsb, xls, ods) as CSV: a line a row, so that places are those of the sheet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from cstool.errors import InputError, and_more
from cstool.ingest.source.extents import Cell, refuse_far_cells
from cstool.ingest.source.last_moments import in_last_moments

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_EXACT = 10**15  # a workbook keeps 15 digits of a number


def is_workbook(name: str) -> bool:
    """Whether a file is called like one; what only turns out to be one may be a mistake, and is said."""
    return name.lower().endswith(ENDINGS)


def write_sheet(name: str, path: Path, sheet: str | None, copy: Path) -> None:
    """Writes the sheet of that name, or else the only one with rows, to `copy`.

    Raises InputError where the workbook cannot be read, or does not say which sheet is meant.
    """
    import python_calamine

    refuse_far_cells(name, path)
    try:
        with _without_stderr():
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            names = [sheet] if sheet in book.sheet_names else [] if sheet else book.sheet_names
            filled = [one for one in names if book.get_sheet_by_name(one).total_height]
            if len(filled) != 1:
                raise _not_one(name, sheet, filled or book.sheet_names)
            rows = book.get_sheet_by_name(filled[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError(
            f"{name}: the workbook cannot be read: {' '.join(str(error).split())}", code="file-unreadable"
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the library's own faults become
            raise
        raise InputError(
            f"{name}: the workbook is damaged", hint="save it again, or save the sheet as CSV", code="file-unreadable"
        ) from None
    if any(map(_is_midnight, (value for row in rows for value in row))):
        rows = _cut_off(rows, in_last_moments(path))
    with copy.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(map(_text, row) for row in rows)


def _is_midnight(value: Any) -> bool:
    """Whether a cell is a time that was rounded to a day: what is a day as it stands comes as a date."""
    return isinstance(value, datetime) and value.time() == time.min


def _cut_off(rows: list[list[Any]], last: Collection[Cell]) -> list[list[Any]]:
    """The rows with the times of some cells back on the day before the midnight that they were rounded to."""
    return [
        [
            value - timedelta(microseconds=1) if _is_midnight(value) and (at, column) in last else value
            for column, value in enumerate(row, 1)
        ]
        for at, row in enumerate(rows, 1)
    ]


@contextmanager
def _without_stderr() -> Iterator[None]:
    """What the library prints of its own faults before it raises them is left out."""
    own = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)
        os.close(nowhere)


def _not_one(name: str, sheet: str | None, sheets: list[str]) -> InputError:
    listed = ", ".join(and_more(sheets, 12))
    if sheet:
        return InputError(f"{name}: no rows in a sheet '{sheet}'; sheets: {listed}", code="unknown-name")
    return InputError(f"{name}: which sheet is meant? {listed}", hint="--sheet NAME says it", code="ambiguous-sheet")


def _text(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else format(value, ".15g")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(re.split("\r\n|\r|\n", str(value).replace("_x000D_", "\r")))
