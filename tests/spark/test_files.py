"""Files read by Spark: as people write them, many at a time, in folders and patterns, by address, and as Parquet."""

from __future__ import annotations

import errno
import gzip
import os
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from cstool.backends.duck import DuckDB
from cstool.ingest.read.spark_paths import _inside
from tests.spark.conftest import Ask, Outcome, asked

HEADER = "account,segment,opening_mrr,closing_mrr\n"
ROWS = "K1,North,7000.00,8250.00\nK2,North,1200.00,1200.00\nK3,South,940.00,610.00\nK4,South,35.00,0.00\n"
TABLE = HEADER + ROWS
OTHER = TABLE.replace("K", "L")

WRITTEN = {
    "crlf": TABLE.replace("\n", "\r\n"),
    "no last line end": TABLE.rstrip("\n"),
    "byte order mark": "\ufeff" + TABLE,
    "semicolons, decimal commas": TABLE.replace(",", ";").replace(".", ","),
    "tabs": TABLE.replace(",", "\t"),
    "quotes": TABLE.replace("North", '"North, ""far"" off"'),
    "empty first field in quotes": "note," + HEADER + "".join(f'"",{row}\n' for row in ROWS.splitlines()),
    "currency and thousands": TABLE.replace("7000.00", '"$7,000.00"').replace("1200.00", '"$1,200.00"'),
    "blank lines": TABLE.replace("K3", "\n\nK3"),
    "white space": TABLE.replace("North", "\u00a0North\t").replace("940.00", " 940.00 "),
    "lines above the header": "Report\nby me,\n" + TABLE,
    "many digits": TABLE.replace("940.00", "940.123456789012345678"),
    "letters beyond ASCII": TABLE.replace("North", "Åre ✓ 東京"),
    "a column without a name": "".join(line + ",\n" for line in TABLE.splitlines()),
}
HERE = {  # read on this machine, with what it says there
    "exponents": TABLE.replace("7000.00", "7.00E+03"),
    "a field over two lines": TABLE.replace("North", '"No\nrth"'),
    "quote marks in a field": TABLE.replace("South", '24" South'),
    "an account of two rows": TABLE + "K1,North,1.00,2.00\n",
    "an amount that is none": TABLE.replace("940.00", "N/A"),
    "a blank amount": TABLE.replace("940.00", ""),
    "a negative amount": TABLE.replace("940.00", "-940.00"),
    "a row too short": TABLE + "K9,North,5.00\n",
    "a row too long": TABLE + "K9,North,5.00,6.00,7.00\n",
    "the header again": TABLE + HEADER + "K9,North,5.00,6.00\n",
    "a totals row by name": TABLE + "Total,,9175.00,10060.00\n",
    "a totals row by its sums": TABLE + "Firm,,9175.00,10060.00\n",
    "a footnote": TABLE + "Source: the CRM.\n",
    "a quote that is not closed": TABLE.replace("K3", '"K3'),
    "two currencies": TABLE.replace("940.00", "€940.00").replace("35.00", "$35.00"),
    "thousands or decimals": HEADER + "A,x,4.000,600\nB,y,1.000,2.000\n",
    "no rows": HEADER,
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_a_file_is_read_by_spark_however_it_is_written(text: str, tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(text.encode())
    found = both(path, "nrr", "mrr", by=("segment",))
    assert found.rows
    assert not found.here


@pytest.mark.parametrize("text", HERE.values(), ids=HERE)
def test_what_is_in_doubt_is_told_as_without_spark(text: str, tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(text.encode())
    found = both(path, "nrr", "mrr", by=("segment",))
    assert found.error or found.here


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (TABLE.replace("940.00", ""), {"blank": "zero"}),
        (TABLE.replace("940.00", "-940.00"), {"negative": "keep"}),
        (TABLE + "K1,North,1.00,2.00\n", {"duplicates": "sum"}),
        (TABLE + "K1,North,7000.00,8250.00\n", {"duplicates": "drop"}),
        (TABLE + "K1,North,1.00,2.00\n", {"duplicates": "unchecked"}),
        (TABLE.replace("940.00", "abc"), {"skip_bad": True, "skip_limit": Decimal(1)}),
        (HEADER + "A,x,4.000,600\nB,y,1.000,2.000\n", {"decimal": ","}),
    ],
)
def test_reading_options_mean_the_same(text: str, options: dict[str, object], tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(text)
    assert both(path, "nrr", "mrr", **options).rows


def test_files_of_other_encodings_and_packed_ones_are_made_readable_first(tmp_path: Path, both: Ask) -> None:
    for name, data in {"wide": TABLE.encode("utf-16"), "packed": gzip.compress(TABLE.encode())}.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert not both(path, "nrr").here


def test_many_files_are_one_table_and_an_account_in_two_of_them_is_refused(tmp_path: Path, both: Ask) -> None:
    texts = [TABLE, OTHER, "closing_mrr,segment,account,opening_mrr\n1.50,East,M1,1.00\n"]
    files = [tmp_path / f"{i}.csv" for i in range(3)]
    for path, text in zip(files, texts, strict=True):
        path.write_text(text)
    assert not both(files, "nrr", "mrr", by=("segment",)).here
    files[1].write_text(TABLE)
    assert "duplicate account: 4" in both(files[:2], "nrr").error[0]


def test_names_that_look_like_patterns_are_names(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "a%20b [1] {x} *?.csv"
    path.write_text(TABLE)
    assert not both(path, "nrr").here


ALIKE = ["a1", "a[1]", "a{1,2}", "a?", "a*", "b\\c", "x%20y z"]  # each other's patterns, were they patterns


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_whose_names_would_be_patterns_of_each_other_are_read_once_each(
    kind: str, tmp_path: Path, on_spark: Ask
) -> None:
    files = [tmp_path / f"{name}.{kind}" for name in ALIKE]
    for number, path in enumerate(files):
        rows = "".join(f"{number}-{i},{10 * number + i},{7 * number}\n" for i in range(3))
        path.write_text("account,starting_mrr,ending_mrr\n" + rows)
        if kind == "parquet":
            path.rename(tmp_path / "rows")
            parquet(path, f"from read_csv('{tmp_path}/rows')")
            (tmp_path / "rows").unlink()
    for address, own in [(tmp_path, files), (files[1], files[1:2]), (files[3], files[3:4])]:
        expected = asked("duckdb", own, "nrr", "mrr")
        assert expected.rows
        for form in ("{}", "file://{}"):
            found = on_spark(form.format(address), "nrr", "mrr")
            assert found == expected
            assert not found.here


@pytest.mark.parametrize("address", ["{}", "file://{}"])
def test_a_name_that_looks_like_a_pattern_is_a_name_where_its_file_is_copied_too(
    address: str, tmp_path: Path, on_spark: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = "select 'A' as account, '1e3' as starting_mrr, 500 as ending_mrr"
    path = parquet(tmp_path / "q[1].parquet", sql)
    (scratch := tmp_path / "for {a} while").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    found = on_spark(address.format(path), "nrr", "mrr")
    assert found == asked("duckdb", path, "nrr", "mrr")
    assert found.here


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "parts"
    (made / "sub").mkdir(parents=True)
    (made / "a.csv").write_text(TABLE)
    (made / "sub" / "b.csv").write_text(OTHER)
    (made / "_SUCCESS").write_text("")
    (made / ".a.csv.crc").write_text("no table")
    return made


def parts(folder: Path) -> Outcome:
    return asked("duckdb", [folder / "a.csv", folder / "sub" / "b.csv"], "nrr", "mrr")


@pytest.mark.parametrize("address", ["{}", "file://{}"])
def test_a_folder_is_the_files_in_it(address: str, folder: Path, on_spark: Ask) -> None:
    found = on_spark(address.format(folder), "nrr", "mrr")
    assert found == parts(folder)
    assert not found.here


@pytest.mark.parametrize("address", ["{}/*.csv", "file://{}/*.csv"])
def test_a_pattern_is_the_files_it_fits(address: str, folder: Path, on_spark: Ask) -> None:
    (folder / "b.csv").write_text(OTHER)
    found = on_spark(address.format(folder), "nrr", "mrr")
    assert found == parts(folder)
    assert not found.here


@pytest.mark.parametrize("address", ["{}/*/*.csv", "{}/s*/b.csv", "file://{}/*/*.csv", "{}/[s]ub/b.c[s]v"])
def test_a_pattern_may_stand_in_the_name_of_a_folder(address: str, folder: Path, on_spark: Ask) -> None:
    for name in ("_temporary", ".old"):
        (folder / name).mkdir()
        (folder / name / "b.csv").write_text(OTHER.replace("L", "M"))
    found = on_spark(address.format(folder), "nrr", "mrr")
    assert found == asked("duckdb", folder / "sub" / "b.csv", "nrr", "mrr")


def test_what_is_hidden_is_read_where_it_is_asked_for(folder: Path) -> None:
    files = [folder / ".old" / name / "b.csv" for name in ("x", "_y")]
    for path in files:
        path.parent.mkdir(parents=True)
        path.write_text(TABLE)
    assert _inside(f"{folder}/.old/*/b.csv") == [str(files[0])]
    assert _inside(f"{folder}/.*/_*/*.csv") == [str(files[1])]
    assert _inside(f"{folder}/.old") == [str(files[0])]


def test_files_by_address_with_other_headers_than_the_first_are_read_one_by_one(folder: Path, on_spark: Ask) -> None:
    (folder / "sub" / "b.csv").write_text("Title\n" + OTHER)
    found = on_spark(f"file://{folder}", "nrr", "mrr")
    assert found == parts(folder)
    assert found.here


def test_a_bad_cell_far_down_a_file_by_address_is_told_by_its_place(tmp_path: Path, on_spark: Ask) -> None:
    path = tmp_path / "long.csv"
    path.write_text(HEADER + "".join(f"A{i},North,{i}.25,{i}.50\n" for i in range(70_000)) + "Z,North,4k,1.00\n")
    assert path.stat().st_size > 1 << 20  # more than its head
    found = on_spark(f"file://{path}", "nrr")
    assert found.error[0].startswith(f"file://{path}:70002 (row 70001): opening_mrr (starting_mrr) is '4k'")


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that cannot be read even by root")
def test_what_cannot_be_read_is_told_as_without_spark(tmp_path: Path, both: Ask) -> None:
    (link := tmp_path / "a.csv").symlink_to("/proc/self/mem")
    assert both(link, "nrr").error == [f"{link}: cannot be read: Input/output error"]
    assert both(tmp_path / "none.csv", "nrr").error == [f"{tmp_path / 'none.csv'}: no such file"]


def test_a_folder_that_is_closed_is_told_and_not_empty(
    folder: Path, on_spark: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scan(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", scan)
    assert on_spark(folder, "nrr").error == [f"{folder / 'sub'}: cannot be read: Permission denied"]
    monkeypatch.undo()
    (folder / "sub" / "b.csv").unlink()
    (folder / "a.csv").unlink()
    assert on_spark(folder, "nrr").error == [f"{folder}: holds no files"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere.csv", "no such file"),
        ("file:///nowhere/x.csv", "no such file"),
        ("nosuch://bucket/x.csv", "cannot be read"),
    ],
)
def test_an_address_of_nothing_is_refused(address: str, said: str, on_spark: Ask) -> None:
    assert said in on_spark(address, "nrr").error[0]


def parquet(path: Path, sql: str) -> Path:
    engine = DuckDB()
    engine.run(f"copy ({sql}) to '{path}' (format parquet)")
    engine.close()
    return path


def test_parquet_is_read_by_its_types(tmp_path: Path, both: Ask) -> None:
    for number in ("cast(i * 37 % 9000 as decimal(18, 2))", "cast(1e7 + i * 0.25 as double)", "i"):
        sql = (
            "select 'A' || (i % 40) as account, cast(date '2025-01-01' + to_months(i // 40) as date) as month,"
            f" {number} as mrr, if(i % 3 = 0, 'x', null) as segment from range(560) t(i)"
        )
        path = parquet(tmp_path / "ledger.parquet", sql)
        assert not both(path, "nrr", "mrr", every="month").here


def test_parquet_with_a_gap_is_refused_by_its_place(tmp_path: Path, both: Ask) -> None:
    sql = "select 'A' || i as account, i as starting_mrr, nullif(i, 7) as ending_mrr from range(20) t(i)"
    assert "is blank" in both(parquet(tmp_path / "a.parquet", sql), "nrr").error[0]


def test_a_folder_of_parquet_is_one_table(tmp_path: Path, on_spark: Ask) -> None:
    sql = "select '{}-' || i as account, 2.5 + i as starting_mrr, 2.0 as ending_mrr from range(5) t(i)"
    files = [parquet(tmp_path / f"{name}.parquet", sql.format(name)) for name in "ab"]
    found = on_spark(f"file://{tmp_path}", "nrr", "mrr")
    assert found == asked("duckdb", files, "nrr", "mrr")
    assert not found.here
