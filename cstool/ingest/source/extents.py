"""How far the cells of a workbook reach, looked at before it is opened: to open one fills the whole rectangle."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cstool.errors import InputError

MOST_CELLS = 20_000_000  # of a rectangle; each takes some fifty bytes
_MOST_SPANNED = 8_000_000  # however few of them hold something
_SPARSEST = 20  # and for each that does
_CHUNK = 1 << 20

# In xlsx a cell that holds something has its address, or stands in a row that has its number.
_XLSX = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]+)([0-9]+)[\"'](?:[^>]*[^/>])?>(?!\s*</)"
    rb"|<(?:\w+:)?row\s(?:[^>]*?\s)?r\s*=\s*[\"']([0-9]+)[\"'][^>]*>\s*<(?:\w+:)?c(?:>|\s(?!\s*r\s*=)[^>]*[^/>]>)"
)
_ODS = re.compile(rb"<(?:\w+:)?(table|table-row|(?:covered-)?table-cell)(\s[^>]*?)?(/?)>")
_REPEATED = re.compile(rb"(?:rows|columns)-repeated\s*=\s*[\"']([0-9]{1,9})[\"']")
_VALUE = re.compile(rb"value-type\s*=|formula\s*=")
_ROW, _CELLS = 0, range(2, 12)  # kinds of records in xlsb: the beginning of a row, and cells that hold something

Cell = tuple[int, int]  # its row and column, 1 = first


def unpacked_size(path: Path) -> int:
    """How many bytes the members of a workbook say that they unpack to; 0 where it is no zip."""
    try:
        with zipfile.ZipFile(path) as book:
            return sum(member.file_size for member in book.infolist())
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError):
        return 0


def refuse_far_cells(name: str, path: Path) -> None:
    """Raises InputError where a sheet's cells span so large a rectangle that it would fill the memory."""
    try:
        with zipfile.ZipFile(path) as book:
            for member in book.namelist():
                found = next((cells for pattern, cells in _READERS if re.fullmatch(pattern, member)), None)
                if found:
                    with book.open(member) as sheet:
                        _refuse_wide_span(name, found(sheet))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, IndexError, zlib.error):
        return  # no zip, or a damaged one: the library says what it makes of it


def _refuse_wide_span(name: str, cells: Iterator[Cell]) -> None:
    last_row = last_column = 0
    for count, (row, column) in enumerate(cells, 1):
        last_row, last_column = max(last_row, row), max(last_column, column)
        spanned = last_row * last_column
        if spanned > _MOST_SPANNED + _SPARSEST * count:
            raise InputError(
                f"{name}: the cell {address(row, column)} stands far from the others",
                hint="clear it, or save the sheet as CSV",
                code="file-too-large",
            )
        if spanned > MOST_CELLS:
            raise InputError(
                f"{name}: a sheet has more than {MOST_CELLS:,} cells",
                hint="save the sheet as CSV",
                code="file-too-large",
            )


def address(row: int, column: int) -> str:
    """A cell as spreadsheets name it: XFD1048576."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row}"


def cell_at(letters: bytes, row: bytes) -> Cell:
    """The cell of an address in its two parts."""
    column = 0
    for letter in letters[:9].upper():
        column = column * 26 + letter - 64
    return int(row[:20]), column


def _found(sheet: IO[bytes], pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The matches in a sheet of XML. In UTF-16 what is looked for has a NUL beside each letter."""
    rest = b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk.replace(b"\0", b"")
        end = text.rfind(b"<row")  # with its first cell
        end = end if end > 0 else text.rfind(b"<")
        yield from pattern.finditer(text[:end] if end >= 0 else text)
        rest = text[end:] if end >= 0 and len(text) - end < 4 * _CHUNK else b""
    yield from pattern.finditer(rest)


def _in_xlsx(sheet: IO[bytes]) -> Iterator[Cell]:
    for found in _found(sheet, _XLSX):
        letters, row, bare = found.groups()
        yield cell_at(letters or b"A", row or bare)


def _in_ods(sheet: IO[bytes]) -> Iterator[Cell]:
    """The last cell of each row that holds something, repeated rows counted."""
    rows = row = repeated = 0
    for found in _found(sheet, _ODS):
        kind, attributes, empty = found[1], found[2] or b"", found[3]
        times = int(said[1]) if (said := _REPEATED.search(attributes)) else 1
        if kind == b"table":
            rows = row = repeated = 0
        elif kind == b"table-row":
            rows, repeated, row = rows + repeated, times, 0
        else:
            row += times
            if _VALUE.search(attributes) or not empty:
                yield rows + repeated, row


def _in_xlsb(sheet: IO[bytes]) -> Iterator[Cell]:
    for kind, cell, _ in binary_cells(sheet.read()):
        if kind in _CELLS:
            yield cell


def binary_cells(data: bytes) -> Iterator[tuple[int, Cell, bytes]]:
    """The kind, place and content of each record of an xlsb sheet that may be a cell.

    A record is its kind, its size and that many bytes; numbers in groups of seven bits, the lowest first.
    """
    at = row = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if kind == _ROW:
            row = int.from_bytes(data[at : at + 4], "little") + 1
        else:
            yield kind, (row, int.from_bytes(data[at : at + 4], "little") + 1), data[at : at + size]
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    value = 0
    for i in range(most):
        value |= (data[at] & 0x7F) << 7 * i
        at += 1
        if data[at - 1] < 0x80:
            break
    return value, at


_READERS = (
    (r"xl/worksheets/[^/]+\.xml", _in_xlsx),
    (r"xl/worksheets/[^/]+\.bin", _in_xlsb),
    (r"content\.xml", _in_ods),
)
