"""A time belongs to the day it is written on, however many digits its seconds have: it is cut off, never rounded."""

from __future__ import annotations

import base64
import struct
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from cstool.ingest.source.last_moments import in_last_moments
from cstool.model.reading import Column
from tests.conftest import Run
from tests.reading.reader import column, one_column, read

LAST = date(2024, 1, 31)
# Account a, with 5 in 45291.999999999 and 10 in 45322.999999999, in the format of Excel 97, packed.
XLS = (
    "eNrtWE1oE0EU/maTND+0aRLTYiuWWLRqbA/iRQp1q6A9WaoeFCnUNAlEahLZRqQebLXmKAieFC+FevBS9eIPetCbB6GiB0EQUgUvngQFD23WN2"
    "93Y1IrNKCF6nxh37x5M+/Ny8ybN7P7aj5cmrnfvoBl2AcXyqYfDVUyQY/fqYRA7aYpWaf00WMqrCv4fbSQDR48aXrplWso13sBGu65nxMFPtAz"
    "jLMYzOfSsTXEAfYhIaQPfUQFbpEkiDb2KsI0yXQD07vc8ynTfpZcZdpHfUviJOb1wfheO4pPaJ3cFoS0+5B13rFkN1rwQkbx5DVh9fVgv3E6cW"
    "adNXS4GzELWtCBdC5tyPpG3KaZwgShJ5vtSaVimUxvNts7Pl5ClFZ9Ft/MGPDV2d7PYkq+tnIBkn+vlXt/I/fRai6XX9fcwBTMU7xbipSpw24r"
    "KI4tYitFBiDrFBSJZDJ/LlcgSTafK2RcVBoGBVAiIBM8J4RQTUJo4o3SSDSFZubDvF1C5MjinS+vD48O6SMsmeJDwDoqtkmHYOKS1CDlILe4Kj"
    "TOGruYXmarm5hvZxolj6nsGmqxmUPT3OcKt3bROHsYb/TtVfwO4oufjzzqKH7UdxI/N7BwITr3Vp9BJ01IivTlbxrdolvcvCHxWHdKYaeV90zb"
    "fkkxPi1k+27a52EzlhBgNszUqsnZEZWaZs+V1BYraAvWlvPhohmS3kVwnhLz5OZP/Rc12S4ttNoWtBUsaDUWtIqFkS2WBY0txOWhrkXwQHanFP"
    "kTASgoKCgoKCgoKPw3EHxFtS7k8rrusa/8Xvu7zhI9ZfWZ5J/FUeTpV6B3yYPIUWlgoq74aYVHOLbEKnWc74USx2l0A2MYZT/G6o5femUT1f9n"
    "1YqhP7eF6h2/XI+ff3n8H/B331w="
)


@pytest.mark.parametrize(
    "written",
    [
        "2024-01-31 23:59:59.9999999",
        "2024-01-31T23:59:59.999999999Z",
        "2024-01-31T23:59:59,9999999+02:00",
        "31.01.2024 23:59:59.9999996",
        "01/31/2024 11:59:59.9999999 PM",
        "31. Januar 2024 23:59:59.9999999",
    ],
)
def test_the_last_moment_of_a_day_is_of_that_day(tmp_path: Path, written: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(one_column([written, written.replace(".9999", ".1")]), encoding="utf-8")
    columns = [Column("account", "account", "id"), column("date")]
    assert [row[1] for row in read(str(path), columns).rows] == [LAST, LAST]
    month = [Column("account", "account", "id"), column("month")]
    assert {row[1] for row in read(str(path), month).rows} == {2024 * 12}


def test_a_time_keeps_its_digits(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(one_column(["2024-01-31 23:59:59.9999999", "2024-02-01 10:00:00.5"]), encoding="utf-8")
    columns = [Column("account", "account", "id"), column("time")]
    assert [row[1] for row in read(str(path), columns).rows] == [
        datetime(2024, 1, 31, 23, 59, 59, 999999),
        datetime(2024, 2, 1, 10, 0, 0, 500000),
    ]


@pytest.mark.parametrize("serial", ["45322.9999999", "45322.999999999999", "45322.99999", "45322"])
def test_a_day_number_is_of_its_day(tmp_path: Path, serial: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(one_column([serial, "45322.5"]), encoding="utf-8")
    columns = [Column("account", "account", "id"), column("date")]
    assert [row[1] for row in read(str(path), columns, date_order="serial").rows] == [LAST, LAST]


def test_parquet_with_nanoseconds_is_of_its_month(tmp_path: Path, cstool: Run) -> None:
    path = tmp_path / "a.parquet"
    duckdb.connect().execute(
        "copy (select 'a' as account, timestamp_ns '2023-12-31 23:59:59.999999999' as month, 5 as mrr union all"
        f" select 'a', timestamp_ns '2024-01-31 23:59:59.999999999', 10) to '{path}' (format parquet)"
    )
    ran = cstool("calc", "mrr", str(path), "--every", "month", "-f", "csv")
    assert ran.out == "period,mrr\n2023-12,5\n2024-01,10\n"


@pytest.mark.parametrize("moment", [1e-11, 1e-9, 5.5e-9, 1e-7, 0.0000058])  # of a day: the last is half a second
@pytest.mark.parametrize("form", ["yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "mmm yyyy"])
def test_the_last_moment_in_a_workbook_is_of_its_month(tmp_path: Path, cstool: Run, moment: float, form: str) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["account", "month", "mrr"])
    for row, (day, mrr) in enumerate(((45291, 5), (45322, 10)), 2):  # 2023-12-31, 2024-01-31
        book.active.append(["a", day + 1 - moment, mrr])
        book.active.cell(row, 2).number_format = form
    book.save(tmp_path / "a.xlsx")
    ran = cstool("calc", "mrr", str(tmp_path / "a.xlsx"), "--every", "month", "-f", "csv")
    assert ran.out == "period,mrr\n2023-12,5\n2024-01,10\n"


@pytest.mark.parametrize("kind", ["timestamp_ns", "timestamp", "varchar", "timestamp_s"])
@pytest.mark.parametrize("header", ["account,start_date,end_date,mrr", "account,month,mrr", "user,timestamp"])
def test_a_printed_query_cuts_times_off(tmp_path: Path, cstool: Run, kind: str, header: str) -> None:
    example = tmp_path / "a.csv"
    days = ["2023-12-31", "2024-01-31"]
    example.write_text(f"{header}\n" + "".join(f"a{',' + day if 'end' in header else ''},{day},1\n" for day in days))
    last = ".999999999" if kind in ("timestamp_ns", "varchar") else ""
    moments = [f"cast('{day} 23:59:59{last}' as {kind})" for day in days]
    names = header.split(",")
    rows = " union all ".join(
        f"select 'a' as {names[0]}, {moments[0] if 'end' in header else moment} as {names[1]}"
        + (f", {moment} as end_date" if "end" in header else "")
        + (", 5 as mrr" if "mrr" in names else "")
        for moment in (moments[1:] if "end" in header else moments)
    )
    metric = "mau" if names[0] == "user" else "mrr"
    ran = cstool("calc", metric, str(example), "--every", "month", "--sql", "duckdb", "--table", "t")
    connection = duckdb.connect()
    connection.execute(f"create table t as {rows}")
    found = connection.execute(ran.out).fetchall()
    assert [row[0] for row in found] == (["2023-12"] if "end" in header else ["2023-12", "2024-01"])


def test_a_midnight_in_a_workbook_is_of_its_own_day(tmp_path: Path, cstool: Run) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["account", "month", "mrr"])
    for row, (day, mrr) in enumerate(((45323, 5), (45352 + 1e-10, 10)), 2):  # 2024-02-01, 2024-03-01
        book.active.append(["a", day, mrr])
        book.active.cell(row, 2).number_format = "yyyy-mm-dd hh:mm:ss"
    book.save(tmp_path / "a.xlsx")
    ran = cstool("calc", "mrr", str(tmp_path / "a.xlsx"), "--every", "month", "-f", "csv")
    assert ran.out == "period,mrr\n2024-02,5\n2024-03,10\n"


def test_the_last_moment_in_an_old_workbook_is_of_its_month(tmp_path: Path, cstool: Run) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(zlib.decompress(base64.b64decode(XLS)))
    ran = cstool("calc", "mrr", str(path), "--every", "month", "-f", "csv")
    assert ran.out == "period,mrr\n2023-12,5\n2024-01,10\n"
    path.write_bytes(path.read_bytes()[:3000])  # a damaged one is no reason to fail here
    assert in_last_moments(path) == set()


NUMBER = "<v>45322.999999999</v>"
CELLS = {
    "behind an empty cell": f'<row r="2"><c r="A2" s="1"/><c r="B2" s="1">{NUMBER}</c></row>',
    "without an address": f'<row r="2"><c><v>1</v></c><c s="1">{NUMBER}</c></row>',
    "in a row without one": f"<row><c/></row><row><c/><c><f>A1</f>{NUMBER}</c></row>",
    "with a power of ten": '<row r="2"><c r="B2"><v>4.5322999999999E+04</v></c></row>',
}


@pytest.mark.parametrize("cells", CELLS)
def test_the_last_moment_of_a_cell_is_found_by_its_place(tmp_path: Path, cells: str) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{CELLS[cells]}</sheetData></worksheet>")
    assert in_last_moments(path) == {(2, 2)}


def test_the_last_moment_in_a_binary_workbook_is_found(tmp_path: Path) -> None:
    path, rows = tmp_path / "a.xlsb", b""
    for row, number in enumerate((45322.999999999, 45322.5, 45323.0)):
        rows += bytes([0, 17]) + struct.pack("<I", row) + bytes(13)
        rows += bytes([5, 16]) + struct.pack("<IId", 1, 0, number)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/worksheets/sheet1.bin", rows)
    assert in_last_moments(path) == {(1, 2)}
