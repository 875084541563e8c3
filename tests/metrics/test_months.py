"""Tables with a column a month, and months that are missing."""

from __future__ import annotations

import pytest

from cstool.compute.recognize import headings
from cstool.errors import InputError
from tests.metrics.computing import calc, mrr_by_month, rows, table


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-01", "2026-02"),
        ("2026/01", "2026/02"),
        ("2026.01", "2026.02"),
        ("202601", "202602"),
        ("2026M01", "2026M02"),
        ("Jan 2026", "Feb 2026"),
        ("January 2026", "February 2026"),
        ("jan-26", "feb-26"),
        ("Jan '26", "Feb '26"),
        ("2026 Jan", "2026 Feb"),
        ("01/2026", "02/2026"),
        ("2026-01-31", "2026-02-28"),
        ("2026-01-01 00:00:00", "2026-02-01 00:00:00"),
        ("mrr_2026_01", "mrr_2026_02"),
        ("2026-01 MRR", "2026-02 MRR"),
        ("Januar 2026", "Februar 2026"),
        ("Jän. 26", "Feb. 26"),
        ("janv.-26", "févr.-26"),
        ("enero de 2026", "febrero de 2026"),
        ("gen 2026", "feb 2026"),
        ("jan/26", "fev/26"),
        ("31. Januar 2026", "28. Februar 2026"),
        ("Jan 2026 (EUR)", "Feb 2026 (EUR)"),
        ("Jan ’26", "Feb ’26"),
        ("Jan–26", "Feb\u200b 2026"),
    ],
)
def test_months_are_known_by_many_spellings(first: str, second: str) -> None:
    text = table(f"account,{first},{second}", [("A", 100, 90), ("B", 10, 0)])
    assert mrr_by_month(text) == {"2026-01": 110, "2026-02": 90}


def test_the_months_of_a_wide_table_may_stand_in_any_order() -> None:
    text = table("account,2026-03,2026-01,2026-02", [("A", 3, 1, 2)])
    assert mrr_by_month(text) == {"2026-01": 1, "2026-02": 2, "2026-03": 3}


def test_a_month_that_two_columns_name_is_refused() -> None:
    with pytest.raises(InputError, match="2026-01 stands in two columns, 2026-01 and Jan 2026"):
        calc(table("account,2026-01,Jan 2026", [("A", 100, 90)]), "mrr")


def test_a_blank_month_counts_as_nothing_unless_blanks_are_refused() -> None:
    text = table("account,2026-01,2026-02", [("A", 100, ""), ("B", 10, 10)])
    with pytest.raises(InputError, match="blank"):
        mrr_by_month(text, blank="refuse")
    assert mrr_by_month(text) == {"2026-01": 110, "2026-02": 10}


def test_a_gap_in_the_months_is_said_and_leaves_what_needs_it_blank() -> None:
    months = ("2026-01", "2026-02", "2026-04", "2026-05")
    result = calc(table("account,month,mrr", [("A", month, 100) for month in months]), "growth", every="month")
    assert any("no rows for 2026-03" in note for note in result.notes)
    assert rows(result) == [("2026-02", 0), ("2026-05", 0)]


@pytest.mark.parametrize(
    ("headers", "months"),
    [
        (["1/1/2026", "2/1/2026", "3/1/2026"], [1, 2, 3]),  # the day is always 1
        (["01.01.2026", "01.02.2026"], [1, 2]),
        (["31/01/2026", "28/02/2026"], [1, 2]),
        (["1/31/2026", "2/28/2026"], [1, 2]),
        (["1-Jan-26", "Feb 1, 2026"], [1, 2]),
        (["1/2/2026", "2/1/2026"], []),  # nothing tells day from month
        (["plan 24", "Decatur 12", "may"], []),
        (["46023", "46054", "0001-01", "9999-12"], []),
    ],
)
def test_headings_tell_day_from_month_together(headers: list[str], months: list[int]) -> None:
    assert list(headings.months(headers).values()) == [2026 * 12 + month - 1 for month in months]


def test_a_year_of_german_months_has_all_twelve() -> None:
    names = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
    text = table(",".join(["account", *(f"{name} 2026" for name in names)]), [("A", *range(1, 13))])
    assert mrr_by_month(text) == {f"2026-{month:02}": month for month in range(1, 13)}


@pytest.mark.parametrize(
    "last",
    [
        "Mar 2026*", "Mar 2026 (preliminary)", "Mar 2026 F", "Maj 2026", "dÃ©c. 2026", "Feb 2026.1", "2026-03 (est.)",
        "Mar", "1/3/2026", "46082",
    ],
)  # fmt: skip
def test_a_column_that_may_be_one_more_month_is_refused(last: str) -> None:
    text = table(f"account,Jan 2026,Feb 2026,{last}", [("A", 100, 90, 80)])
    with pytest.raises(InputError, match="may be a month like Feb 2026") as refused:
        calc(text, "mrr")
    assert last in str(refused.value)
    assert refused.value.hint == "name it like 2026-03, or remove it"


@pytest.mark.parametrize("other", ["Total 2026", "Feb 2026 seats", "Q1 2026", "Forecast Mar 2026", "FY2026", "Notes"])
def test_columns_beside_the_months_are_left_alone(other: str) -> None:
    text = table(f"account,Jan 2026,Feb 2026,{other}", [("A", 100, 90, 1)])
    assert mrr_by_month(text) == {"2026-01": 100, "2026-02": 90}


def test_months_named_in_several_languages_are_refused() -> None:
    with pytest.raises(InputError, match="Feb 2026, Out 2026 are named in several languages"):
        calc(table("account,Jan 2026,Feb 2026,Out 2026", [("A", 100, 90, 80)]), "mrr")


def test_months_in_two_currencies_are_refused() -> None:
    with pytest.raises(InputError, match="in two currencies"):
        calc(table("account,Jan 2026 (EUR),Feb 2026 (USD)", [("A", 100, 90)]), "mrr")


def test_headings_that_are_months_without_a_year_are_named() -> None:
    with pytest.raises(InputError, match=r"Jan, Feb, Mar \.\.\. are months without a year") as refused:
        calc("Customer,Jan,Feb,Mar,Apr\nAcme,1,2,3,4\n", "nrr")
    assert refused.value.hint == "write the year into the headers, as in Jan 2026"
