"""A sheet of a workbook (xlsx, xlsm, xlsb, xls, ods) as CSV: a line a row, so that places are those of the sheet."""

from __future__ import annotations

import csv
import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

from cstool.errors import InputError, and_more

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_MOST_SPANNED = 8_000_000  # cells of a rectangle, however few of them hold something
_SPARSEST = 20  # and for each that does
# A cell that holds something, by its address.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Z]{1,9})([0-9]{1,20})[\"'](?:[^>]*[^/>])?>")
_EXACT = 10**15  # a workbook keeps 15 digits of a number


def is_workbook(name: str) -> bool:
    """Whether a file is called like one; what only turns out to be one may be a mistake, and is said."""
    return name.lower().endswith(ENDINGS)


def write_sheet(name: str, path: Path, sheet: str | None, copy: Path) -> None:
    """Writes the sheet of that name, or else the only one with rows, to `copy`.

    Raises InputError where the workbook cannot be read, or does not say which sheet is meant.
    """
    import python_calamine

    _refuse_far_cells(name, path)
    try:
        with _without_stderr():
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            names = [sheet] if sheet in book.sheet_names else [] if sheet else book.sheet_names
            filled = [one for one in names if book.get_sheet_by_name(one).total_height]
            if len(filled) != 1:
                raise _not_one(name, sheet, filled or book.sheet_names)
            rows = book.get_sheet_by_name(filled[0]).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError(f"{name}: the workbook cannot be read: {' '.join(str(error).split())}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the library's own faults become
            raise
        raise InputError(f"{name}: the workbook is damaged", hint="save it again, or save the sheet as CSV") from None
    with copy.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(map(_text, row) for row in rows)


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


def _refuse_far_cells(name: str, path: Path) -> None:
    """Raises InputError where few cells span so large a rectangle that it would fill the memory.

    The library fills the whole rectangle, so the cells are looked at before it is asked.
    """
    try:
        with zipfile.ZipFile(path) as book:
            for member in book.namelist():
                if member.startswith("xl/worksheets/") and member.endswith(".xml"):
                    with book.open(member) as sheet:
                        _refuse_wide_span(name, sheet)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return  # no zip, or a damaged one: the library says what it makes of it


def _refuse_wide_span(name: str, sheet: IO[bytes]) -> None:
    cells = last_row = last_column = 0
    rest = b""
    while chunk := sheet.read(1 << 20):
        text = rest + chunk
        end = text.rfind(b"<")
        rest = text[end:]
        for letters, digits in _CELL.findall(text[:end]):
            row, column = int(digits), 0
            for letter in letters:
                column = column * 26 + letter - 64
            cells += 1
            last_row, last_column = max(last_row, row), max(last_column, column)
            if last_row * last_column > _MOST_SPANNED + _SPARSEST * cells:
                raise InputError(
                    f"{name}: the cell {letters.decode()}{row} stands far from the others",
                    hint="clear it, or save the sheet as CSV",
                )


def _not_one(name: str, sheet: str | None, sheets: list[str]) -> InputError:
    listed = ", ".join(and_more(sheets, 12))
    if sheet:
        return InputError(f"{name}: no rows in a sheet '{sheet}'; sheets: {listed}")
    return InputError(f"{name}: which sheet is meant? {listed}", hint="--sheet NAME says it")


def _text(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else format(value, ".15g")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(re.split("\r\n|\r|\n", str(value).replace("_x000D_", "\r")))
