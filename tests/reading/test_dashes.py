"""Amounts whose cents are a dash: 1200,- is 1200.00, and never a negative number."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.errors import InputError
from tests.conftest import Run
from tests.reading.reader import CLOSING, OPENING, amounts, column, one_column, read
from tests.reading.test_right import written

ACCOUNT = column("id", "account")
KNOWN = frozenset({"account", "value"})


def dashed(form: dict[str, str], mark: str, dash: str) -> dict[str, str]:
    return {plain: text.replace(f"{mark}00", mark + dash) for plain, text in form.items()}


@pytest.mark.parametrize("dash", ["-", "--", "–", "—"])
@pytest.mark.parametrize(
    ("thousands", "mark", "before", "after"),
    [(".", ",", "", ""), ("", ",", "", ""), ("'", ".", "CHF ", ""), (".", ",", "", " €"), ("", ".", "", " Fr.")],
)
def test_a_dash_is_no_cents(
    dash: str, thousands: str, mark: str, before: str, after: str, write: Callable[..., str]
) -> None:
    form = dashed(written(thousands, mark, before, after), mark, dash)
    assert read(write("accounts.csv", amounts(form, ";"))).totals == (OPENING, CLOSING)


def test_a_dash_far_down_the_column_is_read_as_well(write: Callable[..., str]) -> None:
    file = write("a.csv", one_column(["100"] * 150 + ["1.200,-"]))
    found = read(file, [ACCOUNT, column("amount")], known=KNOWN)
    assert found.total(1) == 150 * 100 + 1200


@pytest.mark.parametrize(
    ("text", "value"), [("-1200,-", -1200), ("(1200,--)", -1200), ("1200,50-", Decimal("-1200.5"))]
)
def test_a_minus_stands_elsewhere(text: str, value: Decimal, write: Callable[..., str]) -> None:
    file = write("a.csv", one_column([text, "7,-"]))
    assert read(file, [ACCOUNT, column("number")], known=KNOWN).total(1) == value + 7


@pytest.mark.parametrize("text", ["1200,---", "1200,- -", "1200,-5", "1.200.-", ",-", "1200. -"])
def test_other_dashes_are_refused(text: str, write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r":2 \(row 1\): value is"):
        read(write("a.csv", one_column([text, "7"])), [ACCOUNT, column("number")], known=KNOWN)


def test_thousands_beside_a_point_and_dash_stay_a_doubt(write: Callable[..., str]) -> None:
    with pytest.raises(InputError, match=r"'4\.000', which could be thousands"):
        read(write("a.csv", one_column(["1200.-", "4.000"])), [ACCOUNT, column("amount")], known=KNOWN)


@settings(max_examples=40, deadline=None)
@given(
    whole=st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    marks=st.sampled_from([(".", ","), ("'", "."), (" ", ","), (",", "."), ("", ",")]),
    dash=st.sampled_from(["-", "--", "–"]),
    sign=st.sampled_from(["", "-", "CHF ", "€"]),
)
@pytest.mark.slow
def test_whole_amounts_with_dashes_keep_their_value(
    whole: list[int], marks: tuple[str, str], dash: str, sign: str
) -> None:
    texts = [sign + f"{one:,}".replace(",", marks[0]) + marks[1] + dash for one in whole]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        file.write_text(one_column(texts), encoding="utf-8")
        found = read(str(file), [ACCOUNT, column("number")], known=KNOWN)
    assert [row[1] for row in found.rows] == [-one if sign == "-" else one for one in whole]


def test_dashes_on_the_command_line(write: Callable[..., str], cstool: Run) -> None:
    file = write("a.csv", "account;starting_mrr;ending_mrr\nA;CHF 1'200.--;CHF 600.--\nB;CHF 800.--;CHF 900.50\n")
    assert cstool("calc", "nrr", file, "-f", "value").out == "0.75025\n"
