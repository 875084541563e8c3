"""A sheet of a workbook is read as if it had been saved as CSV, its rows called by their numbers."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from cstool.errors import InputError
from cstool.model.reading import Column
from tests.conftest import Run
from tests.reading.reader import CLOSING, HEADER, OPENING, ROWS, read


def workbook(path: Path, **sheets: list[list[object]]) -> str:
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return str(path)


TABLE: list[list[object]] = [[*HEADER], *([*row[:2], float(row[2]), float(row[3])] for row in ROWS)]


def test_a_sheet_is_read(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "accounts.xlsx", Accounts=TABLE, Empty=[])).totals == (OPENING, CLOSING)


def test_cells_are_what_they_show(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["account", "opening_mrr", "closing_mrr", "seen"],
        ["00123", 4000.1, 0.30000000000000004, datetime.date(2026, 1, 2)],
        [17, 1e14, "4,000.50", datetime.datetime(2026, 1, 3, 4, 5, 6)],
    ]
    columns = [
        *(Column("account", "account", "id"), Column("a", "opening_mrr", "amount")),
        *(Column("b", "closing_mrr", "amount"), Column("seen", "seen", "date")),
    ]
    found = read(workbook(tmp_path / "a.xlsx", Accounts=rows), columns)
    assert found.rows == [
        ("00123", Decimal("4000.10"), Decimal("0.30"), datetime.date(2026, 1, 2)),
        ("17", Decimal("100000000000000.00"), Decimal("4000.50"), datetime.date(2026, 1, 3)),
    ]


def test_a_bad_cell_is_named_by_its_row_in_the_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Exported today"], [], *TABLE[:3], ["K3", "South\nEast", "N/A", 1]]
    with pytest.raises(InputError, match=r"a\.xlsx:6 \(row 3\): opening_mrr \(starting_mrr\) is 'N/A'"):
        read(workbook(tmp_path / "a.xlsx", Accounts=rows))


def test_of_several_sheets_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", Old=TABLE[:3], Accounts=TABLE)
    with pytest.raises(InputError, match="which sheet is meant\\? Old, Accounts") as raised:
        read(path)
    assert "--sheet" in raised.value.hint
    assert read(path, sheet="Accounts").totals == (OPENING, CLOSING)
    with pytest.raises(InputError, match="no rows in a sheet 'New'; sheets: Old, Accounts"):
        read(path, sheet="New")


def test_a_sheet_of_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("account,opening_mrr,closing_mrr\nK1,1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="this is none"):
        read(str(tmp_path / "a.csv"), sheet="Accounts")


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(InputError, match="the workbook cannot be read"):
        read(str(tmp_path / "a.xlsx"))


def test_a_workbook_that_is_called_csv_is_said(tmp_path: Path) -> None:
    Path(workbook(tmp_path / "a.xlsx", Accounts=TABLE)).rename(tmp_path / "a.csv")
    with pytest.raises(InputError, match="is an Excel workbook"):
        read(str(tmp_path / "a.csv"))


def test_calc_reads_a_named_sheet(tmp_path: Path, cstool: Run) -> None:
    path = workbook(tmp_path / "a.xlsx", Old=TABLE[:2], Accounts=TABLE)
    named = [role for pair in ("starting_mrr=opening_mrr", "ending_mrr=closing_mrr") for role in ("--map", pair)]
    ran = cstool("calc", "nrr", path, "--sheet", "Accounts", *named, "-f", "json", "--explain")
    assert json.loads(ran.out)[0]["starting"] == float(OPENING)
