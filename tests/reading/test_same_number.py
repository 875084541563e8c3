"""Whatever way a table is written, the reading is its exact number, a refusal, or a guess that a note names: 1.000 EUR
is a thousand."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cstool.backends.duck import DuckDB, quoted
from cstool.errors import CstoolError
from cstool.ingest.source.packed import zstd
from tests.conftest import Run
from tests.reading.reader import CLOSING, HEADER, OPENING, csv_of, read

SYMBOLS = ["", "$", "€ ", "CHF ", "kr "]
BEHIND = ["", " EUR", " zł", " usd"]
PLAIN = {"delimiter": ",", "end": "\n", "encoding": "utf-8", "quoting": "0", "decimal": ".", "group": ""}
PLAIN |= {"before": "", "behind": "", "above": ""}


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, Decimal, Decimal]]:
    """Accounts with amounts of up to three decimals."""
    names = draw(st.lists(st.text("abcXYZ éß0123,;|\"'\n-&.", min_size=1, max_size=9), min_size=1, max_size=8))
    amounts = st.decimals(0, 10**9, places=draw(st.integers(0, 3)))
    return [(f"K{i} {name.strip()} k", draw(amounts), draw(amounts)) for i, name in enumerate(names)]


@st.composite
def ways(draw: st.DrawFn) -> dict[str, str]:
    """A dialect, an encoding and a way to write numbers."""
    decimal = draw(st.sampled_from(".,"))
    groups = [mark for mark in ["", ",", ".", " ", "\u00a0", "\u202f", "'", "’"] if mark != decimal]
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "end": draw(st.sampled_from(["\n", "\r\n", "\r"])),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])),
        "quoting": draw(st.sampled_from(["0", "1"])),
        "decimal": decimal,
        "group": draw(st.sampled_from(groups)),
        "before": draw(st.sampled_from(SYMBOLS)),
        "behind": draw(st.sampled_from(BEHIND)),
        "above": draw(st.sampled_from(["", "A report\n\n", "sep="])),
    }


def written(table: list[tuple[str, Decimal, Decimal]], way: dict[str, str]) -> bytes:
    out = io.StringIO()
    if way["above"] == "sep=":
        out.write(f"sep={way['delimiter']}\n")
    else:
        out.write(way["above"])
    writer = csv.writer(out, delimiter=way["delimiter"], quoting=int(way["quoting"]), lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(HEADER)
    for name, opening, closing in table:
        writer.writerow([name, "x", number(opening, way), number(closing, way)])
    return out.getvalue().replace("\n", way["end"]).encode(way["encoding"])


def number(amount: Decimal, way: dict[str, str]) -> str:
    marks = {",": way["group"], ".": way["decimal"]}
    text = "".join(marks.get(character, character) for character in f"{amount:,}")
    return f"{way['before']}{text}{way['behind']}"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables(), way=ways())
@pytest.mark.slow
def test_any_dialect_gives_the_exact_sums_or_a_refusal(
    table: list[tuple[str, Decimal, Decimal]], way: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        file.write_bytes(written(table, way))
        with contextlib.suppress(CstoolError):
            found = read(str(file))
            assert len(found.rows) == len(table)
            if not any("is taken as the thousands mark" in note for note in found.notes):
                assert found.totals == (sum(row[1] for row in table), sum(row[2] for row in table))


@settings(max_examples=30, deadline=None)
@given(table=tables())
@pytest.mark.slow
def test_a_plain_table_is_never_refused(table: list[tuple[str, Decimal, Decimal]]) -> None:
    cents = Decimal("0.01")
    exact = [(f"K{i}", row[1].quantize(cents), row[2].quantize(cents)) for i, row in enumerate(table)]
    opening, closing = sum(row[1] for row in exact), sum(row[2] for row in exact)
    assume((opening, closing) != (2 * exact[-1][1], 2 * exact[-1][2]))  # else the last row may be a total
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        file.write_bytes(written(exact, PLAIN))
        assert read(str(file)).totals == (opening, closing)


def test_the_number_is_the_same_from_file_pipe_packed_and_parquet(tmp_path: Path, cstool: Run) -> None:
    text = csv_of(header=["account", "segment", "starting_mrr", "ending_mrr"])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.csv.zst").write_bytes(zstd().compress(text.encode()))
    engine = DuckDB()
    engine.run(
        f"copy (from {quoted(str(tmp_path / 'a.csv'))}) to {quoted(str(tmp_path / 'a.parquet'))} (format parquet)"
    )
    engine.close()
    runs = [
        cstool("calc", "nrr", name, "-f", "value", cwd=tmp_path)
        for name in ("a.csv", "a.csv.gz", "a.csv.zst", "a.parquet")
    ]
    runs.append(cstool("calc", "nrr", "-", "-f", "value", stdin=text))
    assert {run.out for run in runs} == {runs[0].out}
    assert runs[0].code == 0
    assert float(runs[0].out) == pytest.approx(float((CLOSING - 480) / OPENING))
