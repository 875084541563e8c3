"""The options that settle what a file leaves open: each does what it says, counts it and says so."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from cstool.errors import InputError
from cstool.model.reading import Column
from tests.reading.reader import CLOSING, HEADER, OPENING, ROWS, SNAPSHOT, column, csv_of, one_column, read

PLAIN = csv_of()
ACCOUNT = Column("account", "account", "id")
VALUE = frozenset({"account", "value"})


def test_blank_zero_counts_blanks_as_zero_and_says_how_many(write: Callable[..., str]) -> None:
    found = read(write("a.csv", PLAIN.replace("610.00", "N/A").replace("8250.00", "")), blank="zero")
    assert found.totals == (OPENING, CLOSING - 610 - 8250)
    assert found.notes == ["2 blank cells of closing_mrr (ending_mrr) counted as 0"]


def test_blank_skip_leaves_the_whole_row_out_and_says_so(write: Callable[..., str]) -> None:
    found = read(write("a.csv", PLAIN.replace("610.00", "-")), blank="skip")
    assert found.totals == (OPENING - 940, CLOSING - 610)
    assert found.notes == ["1 row with a blank cell left out: 10.2% of opening_mrr (starting_mrr)"]


def test_blank_settles_nothing_but_blanks(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="'six hundred'"):
        read(write("a.csv", PLAIN.replace("610.00", "six hundred")), blank="zero")


def test_a_footnote_is_no_account_of_zero(write: Callable[..., str]) -> None:
    found = read(write("a.csv", PLAIN + "* in USD,,,\n"), blank="zero")
    assert len(found.rows) == len(ROWS)


def test_negative_keep_and_zero(write: Callable[..., str]) -> None:
    file = write("a.csv", PLAIN.replace("610.00", "(610.00)"))
    kept, zero = read(file, negative="keep"), read(file, negative="zero")
    assert kept.totals == (OPENING, CLOSING - 1220)
    assert kept.notes == ["1 negative cell of closing_mrr (ending_mrr) kept"]
    assert zero.totals == (OPENING, CLOSING - 610)
    assert zero.notes == ["1 negative cell of closing_mrr (ending_mrr) taken as 0"]


def test_negative_keep_is_said_of_a_file_without_any_doubt(write: Callable[..., str]) -> None:
    kept = read(write("a.csv", PLAIN.replace("610.00", "-610.00")), negative="keep")
    assert kept.notes == ["1 negative cell of closing_mrr (ending_mrr) kept"]


def test_duplicates_sum_adds_up_and_says_so(write: Callable[..., str]) -> None:
    found = read(write("a.csv", PLAIN + "K2,South,5.00,6.00\n"), duplicates="sum")
    assert found.totals == (OPENING + 5, CLOSING + 6)
    assert len(found.rows) == 5
    assert found.notes == ["6 rows were summed to 5, one per account"]


def test_a_text_that_differs_between_summed_rows_is_said(write: Callable[..., str]) -> None:
    columns = (*SNAPSHOT, Column("g0", "segment", "text", optional=True))
    found = read(write("a.csv", PLAIN + "K2,South,5.00,6.00\n"), columns, duplicates="sum")
    assert "segment differs between rows that were summed, 1 times; the first was taken" in found.notes
    assert next(row for row in found.rows if row[0] == "K2")[3] == "North"


def test_duplicates_drop_drops_rows_that_repeat_as_a_whole(write: Callable[..., str]) -> None:
    found = read(write("a.csv", PLAIN + "K2,North,1200.00,1200.00\n"), duplicates="drop")
    assert found.totals == (OPENING, CLOSING)
    assert found.notes == [f"{write('a.csv', PLAIN)}: 1 repeated row dropped"]


def test_duplicates_drop_refuses_rows_that_differ(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="duplicate account"):
        read(write("a.csv", PLAIN + "K2,South,1200.00,1200.00\n"), duplicates="drop")


def many(*more: str) -> str:
    """Twenty rows of 10.00 and 20.00, and further lines."""
    return csv_of([[f"A{i}", "N", "10.00", "20.00"] for i in range(20)]) + "".join(f"{line}\n" for line in more)


def test_skip_bad_leaves_rows_out_and_says_which_and_their_share(write: Callable[..., str]) -> None:
    file = write("a.csv", many("B1,N,10.00,six hundred"))
    found = read(file, skip_bad=True)
    assert found.totals == (Decimal(200), Decimal(400))
    assert found.notes == [
        f"{file}: 1 of 21 rows (4.8%) left out that cannot be read (line 22):"
        " 4.8% of opening_mrr (starting_mrr); 0.0% of closing_mrr (ending_mrr) and 1 amount unknown"
    ]


@pytest.mark.parametrize(
    ("line", "what"),
    [("B1,N,,20.00", "is blank"), ("B1,N,n/a,20.00", "'n/a'"), (",N,10.00,20.00", "blank"), ("B1,N,-1,2", "negative")],
)
def test_skip_bad_never_takes_what_can_be_read(line: str, what: str, write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=what) as error:
        read(write("a.csv", many(line)), skip_bad=True)
    assert "--skip-bad" not in error.value.hint


@pytest.mark.parametrize("line", ["B1,N,40.00,x", "B1,N,9,x\nB2,N,9,x\nB3,N,9,x"], ids=["amount", "rows"])
def test_skip_bad_refuses_to_leave_out_more_than_a_tenth_unless_told_to(line: str, write: Callable[..., str]) -> None:
    file = write("a.csv", many(line))
    with pytest.raises(InputError, match="more than --skip-bad may leave out") as error:
        read(file, skip_bad=True)
    assert "--skip-limit 1" in error.value.hint
    assert read(file, skip_bad=True, skip_limit=Decimal("0.2")).totals == (Decimal(200), Decimal(400))


def test_skip_bad_does_not_choose_between_duplicates(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="duplicate account"):
        read(write("a.csv", PLAIN + "K2,South,5,6\n"), skip_bad=True)


@pytest.mark.parametrize("skip_bad", [True, False])
def test_rejects_holds_every_bad_cell(skip_bad: bool, tmp_path: Path, write: Callable[..., str]) -> None:
    rows = [[f"K{i}", "N", "5.00", "7.00" if i % 2 else "=1+1"] for i in range(40)]
    file, rejects = write("a.csv", csv_of([*rows, ["K40", "N", "5.00"]])), tmp_path / "rejects.csv"
    if skip_bad:
        assert len(read(file, skip_bad=True, skip_limit=Decimal(1), rejects=str(rejects)).rows) == 20
    else:
        with pytest.raises(InputError) as error:
            read(file, rejects=str(rejects))
        assert any("20 such cells" in line for line in error.value.lines())
    with rejects.open(encoding="utf-8", newline="") as source:
        found = list(csv.DictReader(source))
    assert len(found) == 21
    name, reason = "closing_mrr (ending_mrr)", "not an amount"
    assert list(found[1].values()) == [file, "4", "3", name, "'=1+1", reason]
    assert found[-1]["reason"] == "does not fit the header"
    assert found[-1]["line"] == "42"


def test_rejects_does_not_overwrite_what_is_read(write: Callable[..., str]) -> None:
    file = write("a.csv", PLAIN.replace("610.00", "n/a"))
    with pytest.raises(InputError, match="is the file that is read"):
        read(file, rejects=file)
    assert Path(file).read_text(encoding="utf-8") == PLAIN.replace("610.00", "n/a")


def test_rejects_that_cannot_be_written_is_said(tmp_path: Path, write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        read(write("a.csv", PLAIN.replace("610.00", "n/a")), rejects=str(tmp_path / "no" / "folder.csv"))


def test_encoding_names_what_cannot_be_seen(write: Callable[..., str]) -> None:
    file = write("a.csv", PLAIN.replace("K1", "Łódź").encode("cp1250"))
    assert read(file, encoding="cp1250").rows[0][0] == "Łódź"
    with pytest.raises(InputError, match=r"a\.csv:2: the line is not UTF-8"):
        read(file, encoding="utf-8")


def test_a_wrong_encoding_is_refused(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match="ascii"):
        read(write("a.csv", PLAIN.replace("K1", "Ł")), encoding="ascii")


def test_delimiter_takes_any_character(write: Callable[..., str]) -> None:
    assert read(write("a.csv", csv_of(delimiter="^")), delimiter="^").totals == (OPENING, CLOSING)


def test_header_line_is_believed(write: Callable[..., str]) -> None:
    text = "account,segment,opening_mrr,closing_mrr,extra\nthe real one is below,,,,\n" + PLAIN
    assert read(write("a.csv", text), header_line=3).totals == (OPENING, CLOSING)
    with pytest.raises(InputError, match="no header on line 90"):
        read(write("a.csv", text), header_line=90)


@pytest.mark.parametrize(
    ("mark", "value", "expected"), [(".", "4.000", "4"), (",", "4.000", "4000"), (",", "4,000", "4")]
)
def test_decimal_settles_what_a_mark_means(mark: str, value: str, expected: str, write: Callable[..., str]) -> None:
    file = write("a.csv", one_column([value, "600"]))
    assert read(file, [ACCOUNT, column("amount")], known=VALUE, decimal=mark).total(1) == Decimal(expected) + 600


def test_decimal_does_not_change_what_is_beyond_doubt(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r"'1\.5'"):
        read(write("a.csv", one_column(["1.5", "600"])), [ACCOUNT, column("amount")], known=VALUE, decimal=",")


@pytest.mark.parametrize(
    ("order", "value", "expected"),
    [("dmy", "02/03/2026", "2026-03-02"), ("mdy", "02/03/2026", "2026-02-03"), ("serial", "46083", "2026-03-02")],
)
def test_date_order_settles_what_a_date_means(order: str, value: str, expected: str, write: Callable[..., str]) -> None:
    file = write("a.csv", one_column([value]))
    assert str(read(file, [ACCOUNT, column("date")], known=VALUE, date_order=order).rows[0][1]) == expected


def test_several_files_are_one_table_whatever_their_dialect(write: Callable[..., str]) -> None:
    one = write("a.csv", csv_of(ROWS[:2]))
    other = write("b.csv", csv_of([row[::-1] for row in ROWS[2:]], HEADER[::-1], ";").encode("utf-16"))
    assert read([one, other]).totals == (OPENING, CLOSING)
