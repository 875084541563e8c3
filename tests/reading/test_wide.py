"""A table of hundreds of months is read like one of twelve: the same cells found, in a few lines and a few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cstool.errors import InputError
from cstool.model.reading import Column
from tests.conftest import Run
from tests.reading.reader import ACCOUNT, Read, read

MONTHS = [f"{year}-{month:02d}" for year in range(1990, 2005) for month in range(1, 13)]
COLUMNS = [ACCOUNT, *(Column(f"m{month}", month, "amount", blank="zero") for month in MONTHS)]


def sheet(months: list[str] = MONTHS, rows: int = 6, **cells: str) -> str:
    """Rows of whole amounts that differ, with a cell of the third row as it is given by column, `m1` the first."""
    table = [[f"K{row}", *(str((row * 37 + at * 11) % 90 + 1) for at in range(len(months)))] for row in range(rows)]
    for name, text in cells.items():
        table[2][int(name[1:])] = text
    return "".join(",".join(row) + "\n" for row in (["account", *months], *table))


Wide = Callable[..., Read]


@pytest.fixture
def wide(tmp_path: Path) -> Wide:
    def read_(text: str, **options: Any) -> Read:
        path = tmp_path / "a.csv"
        path.write_text(text, encoding="utf-8")
        return read(str(path), COLUMNS, **options)

    return read_


def test_one_odd_cell_changes_no_other(wide: Wide) -> None:
    plain, odd = wide(sheet()).rows, wide(sheet(m5="", m90="$1234.5", m170="(12)"), negative="keep").rows
    expected = [list(row) for row in plain]
    expected[2][5], expected[2][90], expected[2][170] = Decimal(0), Decimal("1234.5"), Decimal(-12)
    assert [list(row) for row in odd] == expected


def test_cells_that_cannot_be_read_are_named_by_their_place(wide: Wide) -> None:
    with pytest.raises(InputError, match=r"a.csv:4 \(row 3\): 1994-02 \(m1994-02\) is 'some', not an amount") as error:
        wide(sheet(m50="some", m120="-5"))
    (other,) = error.value.problems
    assert other.endswith("a.csv:4 (row 3): 1999-12 (m1999-12) is '-5', and amounts cannot be negative")


def test_a_row_left_out_is_one_short_line(wide: Wide) -> None:
    found = wide(sheet(m50="some"), skip_bad=True, skip_limit=Decimal(1))
    assert len(found.rows) == 5
    assert "and of 175 more columns no more than that" in found.notes[0]
    assert len(found.notes[0]) < 500


def test_negative_cells_of_many_columns_are_one_line(wide: Wide) -> None:
    many: dict[str, Any] = {f"m{at}": "-5" for at in range(10, 60, 10)}
    for option, done in (("keep", "kept"), ("zero", "taken as 0")):
        found = wide(sheet(**many), negative=option)
        assert found.notes == [f"5 negative cells in 5 columns {done} (first: 1990-10 (m1990-10))"]
        assert found.rows[2][10] == (Decimal(-5) if option == "keep" else 0)
    assert wide(sheet(m7="-5"), negative="zero").notes == ["1 negative cell of 1990-07 (m1990-07) taken as 0"]


@pytest.mark.slow
def test_a_totals_row_below_many_months_is_found(wide: Wide) -> None:
    text = sheet()
    columns = list(zip(*(line.split(",") for line in text.splitlines()[1:]), strict=True))[1:]
    total = ",".join(str(sum(map(int, column))) for column in columns)
    for label in ("Total", "Max", "K9"):
        if label == "K9":
            with pytest.raises(InputError, match="are the sums of other rows"):
                wide(f"{text}{label},{total}\n")
        else:
            assert len(wide(f"{text}{label},{total}\n").rows) == 6


@pytest.mark.slow
@pytest.mark.parametrize("odd", [{}, {"m7": ""}, {"m7": "some"}, {"m7": "$5"}, {"m7": "-5"}])
def test_2000_months_take_seconds(odd: dict[str, Any], cstool: Run, tmp_path: Path) -> None:
    months = [f"{year}-{month:02d}" for year in range(1900, 2070) for month in range(1, 13)][:2000]
    path = tmp_path / "a.csv"
    path.write_text(sheet(months, 50, **odd), encoding="utf-8")
    began = time.monotonic()
    ran = cstool("calc", "nrr,mrr", str(path), "-f", "csv")
    assert (ran.code, len(ran.err.splitlines()) < 4) == (3 if odd.get("m7") in ("some", "-5") else 0, True)
    assert time.monotonic() - began < 40  # alone 5
