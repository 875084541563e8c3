"""What each kind of column makes of cells: dates, months, periods, times, shares, counts and flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pytest

from cstool.errors import InputError
from cstool.model.reading import Column, Kind
from tests.reading.reader import column, one_column, read

ACCOUNT = Column("account", "account", "id")
KNOWN = frozenset({"account", "value"})


def values(write: Callable[..., str], kind: Kind, cells: Sequence[str], *, optional: bool = False) -> list[object]:
    file = write("a.csv", one_column(cells))
    return [row[1] for row in read(file, [ACCOUNT, column(kind, optional=optional)], known=KNOWN).rows]


RIGHT: dict[str, tuple[Kind, Sequence[str], Sequence[str]]] = {
    "ISO days": ("date", ["2026-01-31", "2026-2-5"], ["2026-01-31", "2026-02-05"]),
    "ISO days with times": ("date", ["2026-01-31 00:00:00", "2026-02-05T23:59:59"], ["2026-01-31", "2026-02-05"]),
    "a day with a zone is the day as written": ("date", ["2026-02-01T00:30:00+02:00"], ["2026-02-01"]),
    "slashes": ("date", ["2026/01/31"], ["2026-01-31"]),
    "digits": ("date", ["20260131"], ["2026-01-31"]),
    "day first": ("date", ["01/02/2026", "31/01/2026"], ["2026-02-01", "2026-01-31"]),
    "month first": ("date", ["01/02/2026", "01/31/2026"], ["2026-01-02", "2026-01-31"]),
    "dots": ("date", ["31.01.2026", "1.2.2026"], ["2026-01-31", "2026-02-01"]),
    "short years": ("date", ["1/31/26", "2/1/26"], ["2026-01-31", "2026-02-01"]),
    "names of months": ("date", ["Jan 31, 2026", "February 1, 2026"], ["2026-01-31", "2026-02-01"]),
    "names in the middle": ("date", ["31-Jan-2026", "01-Feb-2026"], ["2026-01-31", "2026-02-01"]),
    "half days": ("date", ["01/31/2026 11:59 PM", "02/01/2026 1:05 AM"], ["2026-01-31", "2026-02-01"]),
    "a leap day": ("date", ["2028-02-29"], ["2028-02-29"]),
    "Unix seconds": ("time", ["1767225600", "1767225661"], ["2026-01-01 00:00:00", "2026-01-01 00:01:01"]),
    "Unix milliseconds": ("time", ["1767225600000"], ["2026-01-01 00:00:00"]),
    "UTC": ("time", ["2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z"], ["2026-01-01 10:00:00", "2026-01-01 11:00:00"]),
    "zones": (
        "time",
        ["2026-01-01T10:00:00+02:00", "2026-01-01 10:00:00-0530", "2026-01-01 10:00 UTC"],
        ["2026-01-01 08:00:00", "2026-01-01 15:30:00", "2026-01-01 10:00:00"],
    ),
    "fractions of seconds": ("time", ["2026-01-01T10:00:00.123456Z"], ["2026-01-01 10:00:00.123456"]),
    "a day among times": ("time", ["2026-01-01", "2026-01-01 10:00"], ["2026-01-01 00:00:00", "2026-01-01 10:00:00"]),
    "months": ("month", ["2026-01", "2026-12"], ["24312", "24323"]),
    "months from days": ("month", ["2026-01-31", "2026-02-01"], ["24312", "24313"]),
    "the month as written, whatever the zone": ("month", ["2026-02-01T00:00:00+01:00"], ["24313"]),
    "months by name": ("month", ["Jan 2026", "Feb 2026"], ["24312", "24313"]),
    "months by short name": ("month", ["Jan-26", "Feb-26"], ["24312", "24313"]),
    "months of six digits": ("month", ["202601", "202602"], ["24312", "24313"]),
    "months first": ("month", ["01/2026", "2/2026"], ["24312", "24313"]),
    "SAP months": ("month", ["2026M01", "2026M12"], ["24312", "24323"]),
    "periods": ("period", ["2026-01", "2026-Q4", "Q1 2026", "2026"], ["2026-01", "2026-Q4", "2026-Q1", "2026"]),
    "periods from days": ("period", ["2026-01-31", "2026-02-28"], ["2026-01", "2026-02"]),
    "counts": ("count", ["5", "1,234,567", "0"], ["5", "1234567", "0"]),
    "counts of a program": ("count", ["5.0", "7.0"], ["5", "7"]),
    "numbers of any sign": ("number", ["-5.25", "7", "(3.00)", "2.50-"], ["-5.25", "7.00", "-3.00", "-2.50"]),
    "shares": ("share", ["0.8", "1", "0"], ["0.8", "1", "0"]),
    "shares in percent": ("share", ["80%", "12.5 %", "0.5%"], ["0.8", "0.125", "0.005"]),
    "shares of both kinds": ("share", ["80%", "0.8"], ["0.8", "0.8"]),
    "flags": ("flag", ["yes", "NO", "True", "0", "y"], ["True", "False", "True", "False", "True"]),
}

WRONG: dict[str, tuple[Kind, Sequence[str], str]] = {
    "a day that does not exist": ("date", ["2026-02-30"], r":2 \(row 1\): value is '2026-02-30', not a date"),
    "a month that does not exist": ("month", ["2026-01", "2026-13"], r":3 \(row 2\): value is '2026-13', not a month"),
    "day and month alike": (
        "date",
        ["01/02/2026", "03/04/2026"],
        r":2 \(row 1\): value is '01/02/2026'.*either|day or the",
    ),
    "day first and month first": ("date", ["31/01/2026", "01/31/2026"], "some dates have the day first"),
    "two formats": (
        "date",
        ["2026-01-31", "31.01.2026"],
        r":2 \(row 1\): value is '2026-01-31', dates of the column.*\n.*:3 \(row 2\)",
    ),
    "an Excel number": ("date", ["46053"], r"value is '46053', not a date; --date-order serial"),
    "an Excel number for a month": ("month", ["46053"], r"value is '46053', not a month; --date-order serial"),
    "a short year in front": ("date", ["2026-01-31", "26-01-31"], r":3 \(row 2\): value is '26-01-31'"),
    "October that Excel made January": ("month", ["2026.1", "2026.11"], r":2 \(row 1\): value is '2026\.1'"),
    "five digits for a month": ("month", ["202601", "20261"], r":3 \(row 2\): value is '20261'"),
    "a year for a month": ("month", ["2026"], "value is '2026', not a month"),
    "a zone on some": (
        "time",
        ["2026-01-01 10:00", "2026-01-01T10:00:00Z"],
        "some times of the column have a time zone",
    ),
    "a named zone": ("time", ["2026-01-01 10:00 EST"], "value is '2026-01-01 10:00 EST'"),
    "a quarter of five": ("period", ["2026-Q5"], "value is '2026-Q5', not a month, quarter or year"),
    "half a seat": ("count", ["1.5", "2"], "value is '1.5', not a whole number"),
    "a negative count": ("count", ["-3"], "cannot be negative"),
    "a share of 80": ("share", ["80", "90"], "value is '80', which could be a fraction or percent"),
    "a flag of two": ("flag", ["yes", "2"], r":3 \(row 2\): value is '2', not yes or no"),
    "a blank flag": ("flag", ["yes", ""], r":3 \(row 2\): value is blank"),
}


@pytest.mark.parametrize("case", RIGHT)
def test_cells_become_values(case: str, write: Callable[..., str]) -> None:
    kind, cells, expected = RIGHT[case]
    found = values(write, kind, cells)
    if kind in ("share", "number"):
        assert [float(str(value)) for value in found] == [float(value) for value in expected]
    else:
        assert [str(value) for value in found] == list(expected)


@pytest.mark.parametrize("case", WRONG)
def test_cells_without_a_value_are_refused(case: str, write: Callable[..., str]) -> None:
    kind, cells, message = WRONG[case]
    with pytest.raises(InputError) as error:
        values(write, kind, cells)
    assert re.search(message, "\n".join(error.value.lines()))


@pytest.mark.parametrize("kind", ["amount", "number", "count", "share", "month", "period", "date", "time", "flag"])
def test_an_optional_cell_may_be_blank(kind: Kind, write: Callable[..., str]) -> None:
    good = {
        "flag": "yes",
        "share": "0.5",
        "period": "2026",
        "month": "2026-01",
        "date": "2026-01-31",
        "time": "2026-01-31",
    }
    found = values(write, kind, [good.get(kind, "5"), "", "  ", "N/A", "-", "null"], optional=True)
    assert [value is None for value in found] == [False, True, True, True, True, True]


def test_an_optional_cell_may_not_be_anything(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r":3 \(row 2\): value is 'soon', not a date"):
        values(write, "date", ["2026-01-31", "soon"], optional=True)


@pytest.mark.parametrize("header", ["Probability (%)", "margin_pct", "Probability (0-100)"])
def test_a_header_may_say_that_shares_are_in_percent(header: str, write: Callable[..., str]) -> None:
    file = write("a.csv", one_column(["80", "0.5"], header))
    found = read(file, [ACCOUNT, column("share", header)], known=frozenset({"account"}))
    assert [float(row[1]) for row in found.rows] == [0.8, 0.005]
