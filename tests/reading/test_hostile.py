"""Files made to hurt end in a plain line: nothing acts on the terminal, nothing is left behind."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cstool.errors import InputError
from tests.conftest import Run
from tests.reading.reader import CLOSING, OPENING, csv_of, read

PLAIN = csv_of(header=["account", "segment", "starting_mrr", "ending_mrr"])


def test_a_terminal_sequence_in_a_value_is_written_out(cstool: Run, write: Callable[..., str]) -> None:
    ran = cstool("calc", "nrr", write("a.csv", PLAIN.replace("610.00", "\x1b]0;owned\x07[2J")))
    assert ran.code == 3
    assert "\x1b" not in ran.err
    assert "\x07" not in ran.err
    assert "\\x1b" in ran.err


@pytest.mark.parametrize(
    ("name", "other"),
    [("a[1].csv", "a1.csv"), ("a*.csv", "ab.csv"), ("a?.csv", "ab.csv"), ("d[1]/a.csv", "d1/a.csv")],
)
@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet"])
def test_a_name_that_could_be_a_pattern_is_only_a_name(name: str, other: str, kind: str, tmp_path: Path) -> None:
    for path, end in ((tmp_path / name, 0), (tmp_path / other, 10)):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_packed(f"account,opening_mrr,closing_mrr\nA,10,{end}\nB,10,{end}\n", kind, tmp_path))
    assert read(str(tmp_path / name)).totals == (Decimal(20), Decimal(0))


def _packed(text: str, kind: str, folder: Path) -> bytes:
    if kind == "parquet":
        plain, packed = folder / "plain.csv", folder / "packed.parquet"
        plain.write_text(text)
        duckdb.read_csv(str(plain)).write_parquet(str(packed))
        return packed.read_bytes()
    return gzip.compress(text.encode()) if kind == "csv.gz" else text.encode()


def test_a_line_of_50_megabytes_is_refused(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="longer than"):
        read(write("a.csv", b"account,opening_mrr,closing_mrr\n" + b"x" * (50 << 20)))


def test_a_million_columns_are_refused(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r"longer than|columns"):
        read(write("a.csv", b"account,opening_mrr" + b",c" * 1_000_000 + b"\nK1,1" + b",1" * 1_000_000))


@pytest.mark.slow
def test_a_million_fields_in_one_row_are_refused(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r"row 1.*has 1000001 fields where the header has 3"):
        read(write("a.csv", b"account,opening_mrr,closing_mrr\nK1" + b",1" * 1_000_000))


@pytest.mark.slow
def test_a_quote_that_never_closes_is_refused_by_its_line(write: Callable[..., str]) -> None:
    rows = b"".join(b"K%d,5.00,6.00\n" % i for i in range(300_000))
    with pytest.raises(InputError, match=":2: a quote mark opens in this row"):
        read(write("a.csv", b'account,opening_mrr,closing_mrr\n"K,5.00,6.00\n' + rows))


def test_a_zip_of_many_files_is_refused(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for i in range(3):
            packed.writestr(f"{i}.csv", "account\n")
    with pytest.raises(InputError, match="the zip file holds 3 files"):
        read(str(tmp_path / "a.zip"))


def test_a_workbook_is_said_to_be_one(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.csv", "w") as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(InputError, match=r"Excel workbook \(xlsx\)"):
        read(str(tmp_path / "a.csv"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_read_once(tmp_path: Path, cstool: Run) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([sys.executable, "-c", f"open({str(pipe)!r}, 'w').write({PLAIN!r})"]):
        assert cstool("calc", "mrr", str(pipe), "-f", "value").out == "10540\n"


def test_an_interrupted_run_leaves_nothing_behind(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "cstool", "calc", "nrr", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert process.stdin
    process.stdin.write(PLAIN.encode())
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not list(scratch.rglob("*.spooled")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(scratch.iterdir()) == []


def test_a_query_that_is_stopped_ends_like_ctrl_c() -> None:
    code = (
        "import os, signal, threading\n"
        "from cstool.backends.duck import DuckDB\n"
        "engine = DuckDB()\n"
        "engine.run('create table t as select range as n from range(2000000)')\n"
        "threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()\n"
        "try:\n"
        '    engine.run(f\'select max(hash(n)) from ({" union all ".join(["select n from t"] * 1000)})\')\n'
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("stopped\n", "")


def test_a_run_leaves_nothing_behind(tmp_path: Path, cstool: Run, write: Callable[..., str]) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for text in (PLAIN, PLAIN.replace("610.00", "n/a")):
        cstool("calc", "nrr", write("in/a.csv", text.encode("utf-16")), env={"TMPDIR": str(scratch)}, cwd=tmp_path)
    assert list(scratch.iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "scratch"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_of_blank_lines_is_refused(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes((csv_of() + "\n" * 6_000_000).replace("\n", end).encode())
    with pytest.raises(InputError, match="more than 5,000,000 blank lines"):
        read(str(path))


def test_a_file_with_a_blank_line_behind_every_row_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of().replace("\n", "\n\n").encode())
    assert read(str(path)).totals == (OPENING, CLOSING)
