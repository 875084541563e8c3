"""Times of a workbook in the last half millisecond of a day, which the library for workbooks gives as the next day."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from cstool.data.extents import Cell, cell_at

_LAST = 1 - 0.0006 / 86400  # of a day; the library rounds to milliseconds
_CELL = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*>(.{0,2000}?)</(?:\w+:)?c>", re.S
)
_SERIAL = re.compile(rb"<(?:\w+:)?v>\s*([0-9]{1,7}\.9{7}[0-9]*)\s*</")


def in_last_moments(path: Path) -> set[Cell]:
    """The cells of any sheet of an xlsx file whose number is that close below a whole one; none of other files."""
    found: set[Cell] = set()
    try:
        with zipfile.ZipFile(path) as book:
            for member in book.namelist():
                if not re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                    continue
                for letters, row, inner in _CELL.findall(book.read(member)):
                    serial = _SERIAL.search(inner)
                    if serial and float(serial[1]) % 1 >= _LAST:
                        found.add(cell_at(letters, row))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        pass  # the library has read it all the same
    return found
