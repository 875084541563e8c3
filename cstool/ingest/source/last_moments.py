"""Times of a workbook in the last half millisecond of a day, which the library for workbooks gives as the next day."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cstool.ingest.source.compound_file import stream
from cstool.ingest.source.extents import Cell, binary_cells, cell_at

_LAST = 1 - 0.0006 / 86400  # of a day; the library rounds to milliseconds
_TAG = re.compile(rb"<(?:\w+:)?(row|c|v)(?=[\s>/])([^>]*)>([^<]*)")
_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]*)([0-9]{1,7})[\"']")
_NUMBER = re.compile(rb"[0-9]{1,9}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?")
_DOUBLES_XLSB = (5, 9)  # kinds of records: a number, and what a formula gave
_DOUBLES_XLS = (0x0203, 0x0006)


def in_last_moments(path: Path) -> set[Cell]:
    """The cells of any sheet of an xlsx, xlsb or xls file whose number is that close below a whole one."""
    found: set[Cell] = set()
    # A damaged part ends this: the library has read the workbook all the same.
    with suppress(NotImplementedError, RuntimeError, EOFError, ValueError, IndexError, struct.error, zlib.error):
        if not zipfile.is_zipfile(path):
            return {cell for cell, number in _in_xls(path.read_bytes()) if _is_last(number)}
        with zipfile.ZipFile(path) as book:
            for member in book.namelist():
                read = next((read for pattern, read in _READERS if re.fullmatch(pattern, member)), None)
                if read:
                    found.update(cell for cell, number in read(book.read(member)) if _is_last(number))
    return found


def _is_last(number: float) -> bool:
    return number > 0 and number % 1 >= _LAST


def _in_xlsx(sheet: bytes) -> Iterator[tuple[Cell, float]]:
    """The numbers of a sheet; a row or cell without an address follows the one before it."""
    row = column = 0
    for tag in _TAG.finditer(sheet):
        kind, attributes, text = tag.groups()
        said = _PLACE.search(attributes)
        if kind == b"row":
            row, column = int(said[2]) if said else row + 1, 0
        elif kind == b"c":
            row, column = cell_at(said[1], said[2]) if said and said[1] else (row, column + 1)
        elif _NUMBER.fullmatch(text.strip()):
            yield (row, column), float(text)


def _in_xlsb(sheet: bytes) -> Iterator[tuple[Cell, float]]:
    for kind, cell, data in binary_cells(sheet):
        if kind in _DOUBLES_XLSB:
            yield cell, struct.unpack_from("<d", data, 8)[0]


def _in_xls(file: bytes) -> Iterator[tuple[Cell, float]]:
    data = stream(file, ("Workbook", "Book"))
    at = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        if kind in _DOUBLES_XLS and size >= 14:
            row, column, _, number = struct.unpack_from("<HHHd", data, at + 4)
            yield (row + 1, column + 1), number
        at += 4 + size


_READERS = ((r"xl/worksheets/[^/]+\.xml", _in_xlsx), (r"xl/worksheets/[^/]+\.bin", _in_xlsb))
