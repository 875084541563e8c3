"""A file is what stands at its path, all of it: every packed stream, no second meaning of a name, within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cstool.errors import InputError
from cstool.model.reading import Column
from tests.conftest import Run
from tests.reading.reader import CLOSING, OPENING, csv_of, read

TEXT = csv_of().encode()
FIRST, SECOND = TEXT[:40], TEXT[40:]
PACKERS: dict[str, Callable[[bytes], bytes]] = {".bz2": bz2.compress, ".xz": lzma.compress, ".gz": gzip.compress}


@pytest.mark.parametrize("ending", PACKERS)
def test_every_stream_is_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.csv{ending}"
    path.write_bytes(PACKERS[ending](FIRST) + PACKERS[ending](SECOND))
    assert read(str(path)).totals == (OPENING, CLOSING)


def test_padding_of_xz_is_skipped(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.xz"
    path.write_bytes(lzma.compress(FIRST) + bytes(8) + lzma.compress(SECOND) + bytes(4))
    assert read(str(path)).totals == (OPENING, CLOSING)


def _flipped(packed: bytes) -> bytes:
    return packed[:-20] + bytes([packed[-20] ^ 4]) + packed[-19:]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a flipped bit": _flipped,
    "no end": lambda packed: packed[:-9],
    "another beginning": lambda packed: b"\x01" + packed[1:],
    "something behind it": lambda packed: packed + b"and more",
}


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_in_a_later_stream_is_refused(tmp_path: Path, ending: str, damage: str) -> None:
    path = tmp_path / f"a.csv{ending}"
    path.write_bytes(PACKERS[ending](FIRST) + DAMAGE[damage](PACKERS[ending](SECOND)))
    with pytest.raises(InputError, match="the packed file is damaged"):
        read(str(path))


def test_padding_of_xz_comes_in_fours(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.xz"
    path.write_bytes(lzma.compress(TEXT) + bytes(3))
    with pytest.raises(InputError, match="the packed file is damaged"):
        read(str(path))


def test_what_unpacks_to_far_more_than_an_export_is_refused(tmp_path: Path, cstool: Run) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT + (b"\n" + b" " * 99) * (21 << 20 >> 6)))
    ran = cstool("calc", "nrr", str(path))
    assert (ran.code, ran.out) == (3, "")
    assert "unpacks to more than 200 times its size" in ran.err
    assert "--unpack-limit" in ran.err
    assert read(str(path), unpack_limit=40 << 20).totals == (OPENING, CLOSING)


def test_the_limit_that_is_set_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(TEXT))
    with pytest.raises(InputError, match="more than --unpack-limit allows"):
        read(str(path), unpack_limit=len(TEXT) - 1)


@pytest.mark.parametrize("size", ["12", "much", "-1GB", "0MB"])
def test_a_limit_is_a_size(size: str, cstool: Run) -> None:
    ran = cstool("calc", "nrr", "a.csv", "--unpack-limit", size)
    assert (ran.code, "--unpack-limit is a size like" in ran.err) == (2, True)


def _parquet(path: Path, sql: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.connect().execute(f"copy ({sql}) to '{path.as_posix().replace(chr(39), chr(39) * 2)}' (format parquet)")
    return str(path)


SNAPSHOT = "select 'K1' as account, 'North' as segment, 9175.00 as opening_mrr, 10540.00 as closing_mrr"


@pytest.mark.parametrize("folder", ["segment=SMB", "opening_mrr=7", "more=1"])
def test_a_folder_names_no_column_of_parquet(tmp_path: Path, folder: str) -> None:
    path = _parquet(tmp_path / folder / "a.parquet", SNAPSHOT)
    segment = Column("g0", "segment", "text")
    found = read(
        path, [*(Column(n, h, "amount") for n, h in (("a", "opening_mrr"), ("b", "closing_mrr"))), segment], ()
    )
    assert [tuple(map(str, row)) for row in found.rows] == [("9175.00", "10540.00", "North")]


def test_parquet_of_very_many_rows_is_refused(tmp_path: Path) -> None:
    path = _parquet(tmp_path / "a.parquet", f"{SNAPSHOT} from range(10000000)")
    with pytest.raises(InputError, match="unpacks to more than"):
        read(path)


@pytest.mark.parametrize("folder", ["~", "file:", "s3:", "a=b", "{x,y}", "a*b", "[a]", "x?y=z", "#1", "%41"])
def test_a_path_has_no_second_meaning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    (tmp_path / folder).mkdir()
    for other in (tmp_path, tmp_path / "elsewhere", tmp_path / "a", tmp_path / "aXb"):
        other.mkdir(exist_ok=True)
        (other / "a.csv.gz").write_bytes(TEXT.replace(b"7000", b"1"))
        _parquet(other / "a.parquet", f"{SNAPSHOT} from range(3)")
    (tmp_path / folder / "a.csv.gz").write_bytes(TEXT)  # plain text, whatever its name says
    assert read(f"{folder}/a.csv.gz").totals == (OPENING, CLOSING)
    _parquet(tmp_path / "made.parquet", SNAPSHOT)
    (tmp_path / "made.parquet").rename(tmp_path / folder / "a.parquet")
    assert read(f"{folder}/a.parquet").totals == (OPENING, CLOSING)


def test_rejects_are_written_where_the_path_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "~").mkdir()
    (tmp_path / "a.csv").write_bytes(TEXT.replace(b"7000.00", b"about 7"))
    with pytest.raises(InputError):
        read("a.csv", rejects="~/x.csv")
    assert (tmp_path / "~" / "x.csv").read_text(encoding="utf-8").count("about 7") == 1
    assert not list((tmp_path / "elsewhere").iterdir())
