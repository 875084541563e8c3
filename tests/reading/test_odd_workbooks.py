"""A workbook with a stray cell, a damaged one, and cells of several lines are read or refused in one line."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cstool.errors import InputError
from tests.reading.reader import CLOSING, HEADER, OPENING, ROWS, read


def _book(path: Path, **more: str) -> str:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [HEADER, *([*row[:2], float(row[2]), float(row[3])] for row in ROWS)]:
        sheet.append(row)  # type: ignore[arg-type]
    for address, value in more.items():
        sheet[address] = value
    book.save(path)
    return str(path)


@pytest.mark.parametrize("address", ["XFD1048576", "Z1048576", "XFD9000"])
def test_a_cell_far_from_the_others_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(InputError, match=f"the cell {address} stands far from the others"):
        read(_book(tmp_path / "a.xlsx", **{address: "x"}))


@pytest.mark.parametrize("text", ["North\rEast", "North_x000D_\nEast", "North\r\nEast"])
def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path, text: str) -> None:
    assert read(_book(tmp_path / "a.xlsx", B2=text)).totals == (OPENING, CLOSING)
