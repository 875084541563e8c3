"""Large files with a few odd rows: what is read with care only in part is as if all of it had been."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from cstool.errors import CstoolError
from cstool.ingest.read import row_by_row
from cstool.model.reading import Column
from tests.reading.reader import ACCOUNT, SNAPSHOT, read

SEATS = Column("seats", "seats", "count", optional=True)
ODD = (
    *("N/A", "", "-5", "(3.00)", "4k", "$5.00", "1e3", "1.234", "4.000,00", "Total", "K1", "nan", "x,y", '"q', "125%"),
    *("€ 5", '"a\nb"', "-", "Total Wine"),
)
OPTIONS: tuple[dict[str, Any], ...] = (
    *({}, {}, {"skip_bad": True}, {"blank": "zero"}, {"blank": "skip"}, {"negative": "zero"}, {"negative": "keep"}),
    *({"duplicates": "sum"}, {"skip_bad": True, "negative": "zero"}),
)


def spoiled(seed: int) -> str:
    """A file of some hundred rows, a few of them spoiled."""
    chosen = random.Random(seed)
    rows = [f"K{i},{i % 977}.00,{i * 7 % 500}.50,{i % 9}" for i in range(260)]
    for _ in range(chosen.choice((0, 1, 2, 5))):
        at, what = (
            chosen.randrange(len(rows)),
            chosen.choice(("cell", "cell", "twice", "short", "long", "blank", "sum")),
        )
        parts = rows[at].split(",")
        if what == "cell":
            parts[chosen.randrange(len(parts))] = chosen.choice(ODD)
            rows[at] = ",".join(parts)
        elif what == "twice":
            rows.insert(chosen.randrange(len(rows)), rows[at])
        elif what == "short":
            rows[at] = ",".join(parts[:-1])
        elif what == "long":
            rows[at] += ",more"
        elif what == "blank":
            rows.insert(at, "")
        else:
            rows.append(f"{chosen.choice(('Total', 'K'))},{sum(i % 977 for i in range(260))}.00,64805.00,1036")
    return "account,opening_mrr,closing_mrr,seats\n" + "\n".join(rows) + "\n"


def outcome(path: Path, options: dict[str, Any]) -> tuple[object, ...]:
    try:
        found = read(str(path), (*SNAPSHOT, SEATS), **options)
    except CstoolError as error:
        return tuple(error.lines())
    return (sorted(map(repr, found.rows)), found.notes)


@pytest.mark.parametrize("seed", range(27))
def test_reading_some_rows_with_care_is_like_reading_all(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(spoiled(seed), encoding="utf-8")
    options = OPTIONS[seed % len(OPTIONS)]
    in_part = outcome(path, options)
    monkeypatch.setattr(row_by_row, "set_apart", lambda *_: None)
    assert in_part == outcome(path, options)


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        ("K250,5.00,N/A", "accounts.csv:252 (row 250): closing_mrr (ending_mrr) is 'N/A'"),
        ("K250,5.00,1.00,7", "accounts.csv:252 (row 250): has 4 fields where the header has 3"),
        ("K250,5.00", "accounts.csv:252 (row 250): has 2 fields where the header has 3"),
        ("K7,5.00,1.00", "duplicate account: 1 in more than one row"),
        ("Some Total,1.00,2.00", "'Some Total' looks like a totals row"),
    ],
)
def test_one_odd_row_needs_no_second_look_at_all_others(
    odd: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("all rows were read again")

    monkeypatch.setattr(row_by_row, "read_carefully", refuse)
    rows = [f"K{i},{i}.00,{i % 250}.00" for i in range(300)]
    rows[249] = odd
    rows.insert(5, "")  # a blank line is no record, but a line
    path = tmp_path / "accounts.csv"
    path.write_text("account,opening_mrr,closing_mrr\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(CstoolError) as raised:
        read(str(path), SNAPSHOT)
    assert told in " ".join(raised.value.lines())


def test_duplicates_are_not_looked_for_where_that_was_asked(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("account,opening_mrr,closing_mrr\nK1,1,2\nK1,3,4\nK2,5,6\n", encoding="utf-8")
    found = read(str(path), duplicates="unchecked")
    assert len(found.rows) == 3
    assert found.notes == ["not looked for: rows that bear the same account"]


def test_a_blank_count_is_not_zero_because_negatives_are(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("account,seats\nK1,\nK2,N/A\nK3,-4\nK4,2\n", encoding="utf-8")
    found = read(str(path), (ACCOUNT, SEATS), negative="zero")
    assert [row[1] for row in found.rows] == [None, None, 0, 2]
