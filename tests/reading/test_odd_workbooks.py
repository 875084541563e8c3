"""A workbook with a stray cell, a damaged one, and cells of several lines are read or refused in one line."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from cstool.errors import InputError
from cstool.ingest.source import extents
from cstool.ingest.source.extents import refuse_far_cells
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


XLSX = '<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{}</sheetData></worksheet>'
ODS = "<office:spreadsheet><table:table><table:table-row>{}</table:table-row></table:table></office:spreadsheet>"
VALUE = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'


def _record(kind: int, data: bytes) -> bytes:
    return bytes([kind, len(data)]) + data


def _number(value: int) -> bytes:
    return value.to_bytes(4, "little")


FAR = {
    "in a row with a number": (
        "a.xlsx",
        "xl/worksheets/sheet1.xml",
        XLSX.format('<row r="9000000"><c><v>1</v></c></row>').encode(),
    ),
    "in UTF-16": (
        "a.xlsx",
        "xl/worksheets/sheet1.xml",
        XLSX.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').encode("utf-16"),
    ),
    "behind repeated rows": (
        "a.ods",
        "content.xml",
        ODS.format(
            f'{VALUE}</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell/>'
            '</table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16000"/>' + VALUE
        ).encode(),
    ),
    "repeated itself": (
        "a.ods",
        "content.xml",
        ODS.format(
            VALUE.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')
            + "</table:table-row>"
            + f'<table:table-row table:number-rows-repeated="1048576">{VALUE}'
        ).encode(),
    ),
    "in a binary workbook": (
        "a.xlsb",
        "xl/worksheets/sheet1.bin",
        _record(0, _number(0) + bytes(13))
        + _record(2, _number(0) + bytes(8))
        + _record(0, _number(1_048_575) + bytes(13))
        + _record(2, _number(16_383) + bytes(8)),
    ),
}


@pytest.mark.parametrize("where", FAR)
def test_a_far_cell_is_refused_in_every_kind_of_workbook(tmp_path: Path, where: str) -> None:
    name, member, content = FAR[where]
    with zipfile.ZipFile(tmp_path / name, "w") as book:
        book.writestr(member, content)
    with pytest.raises(InputError, match="stands far from the others"):
        read(str(tmp_path / name))


def test_cells_that_only_have_a_format_are_not_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    rows = f'{VALUE}</table:table-row><table:table-row table:number-rows-repeated="1048570"><table:table-cell/>'
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("content.xml", ODS.format(rows))
    refuse_far_cells("a.ods", path)


def test_a_sheet_of_very_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extents, "MOST_CELLS", 23)
    with pytest.raises(InputError, match="more than 23 cells"):
        read(_book(tmp_path / "a.xlsx"))


def test_a_workbook_unpacks_to_no_more_than_any_file(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/more.xml", bytes(21 << 20))
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        read(path)
    assert read(path, unpack_limit=30 << 20).totals == (OPENING, CLOSING)


def test_a_panic_of_the_library_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})

    class Broken:
        @staticmethod
        def from_path(_: str) -> None:
            raise panic("index out of bounds")

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Broken)
    with pytest.raises(InputError, match="the workbook is damaged"):
        read(_book(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("text", ["North\rEast", "North_x000D_\nEast", "North\r\nEast"])
def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path, text: str) -> None:
    assert read(_book(tmp_path / "a.xlsx", B2=text)).totals == (OPENING, CLOSING)
