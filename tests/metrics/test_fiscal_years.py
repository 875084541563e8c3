"""Fiscal years and quarters: whatever month the year starts in, their values are those of the months they have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from cstool.errors import UsageError
from cstool.model.periods import CALENDAR, FiscalYear, earlier, fiscal_month
from cstool.model.windows import month_name, month_number
from tests.conftest import Run
from tests.metrics.computing import answer, calc, table

Named = Literal["end", "start"]
FIRST = month_number(2024, 1)
LEDGER = table("account,month,mrr", [("A", month_name(FIRST + i), 100 + i) for i in range(40)])
TICKETS = table(
    "ticket,opened_at",
    [(i * 40 + n, f"{month_name(FIRST + i)}-{n + 1:02d}") for i in range(40) for n in range(i % 7 + 1)],
)
OPENED = {FIRST + i: i % 7 + 1 for i in range(40)}


def months_of(year: FiscalYear, label: str) -> list[int]:
    """The months of a label by its definition: the fiscal year is named for the calendar year it ends or starts in."""
    number, _, quarter = label.removeprefix("FY").partition("-Q")
    first = month_number(int(number), year.starts) - (12 if year.differs and year.named == "end" else 0)
    return list(range(first, first + 12)) if not quarter else [first + 3 * (int(quarter) - 1) + i for i in range(3)]


@pytest.mark.parametrize("starts", range(1, 13))
@pytest.mark.parametrize("named", ["end", "start"])
def test_a_fiscal_year_has_the_months_that_its_name_says(starts: int, named: Named) -> None:
    year = FiscalYear(starts, named)
    for label in ("FY2027", "FY2027-Q1", "FY2026-Q4"):
        months = months_of(year, label)
        step: Literal["quarter", "year"] = "quarter" if "Q" in label else "year"
        assert year.last_month(label) == (months[-1], step)
        assert {year.closing(month, step) for month in months} == {months[-1]}
        assert year.period_name(months[-1], step) == (label if year.differs else label.removeprefix("FY"))
        assert months_of(year, earlier(label, "previous"))[-1] == months[0] - 1
        assert months_of(year, earlier(label, "year-ago"))[0] == months[0] - 12


@pytest.mark.parametrize("starts", [pytest.param(n, marks=[] if n == 2 else pytest.mark.slow) for n in range(2, 13)])
@pytest.mark.parametrize("named", ["end", pytest.param("start", marks=pytest.mark.slow)])
@pytest.mark.parametrize("every", ["quarter", pytest.param("year", marks=pytest.mark.slow)])
def test_series_and_single_periods_add_up_the_same_months(
    starts: int, named: Named, every: Literal["quarter", "year"]
) -> None:
    year = FiscalYear(starts, named)
    rows = calc(TICKETS, "ticket-volume", every=every, year=year, compare="previous").rows
    for row in rows:
        label = str(row["period"])
        assert row["ticket_volume"] == sum(OPENED.get(month, 0) for month in months_of(year, label))
        before = sum(OPENED.get(month, 0) for month in months_of(year, earlier(label, "previous"))) or None
        assert row["ticket_volume_before"] == before
        if row in (rows[0], rows[-1]):
            assert answer(TICKETS, "ticket-volume", as_of=label, year=year)["ticket_volume"] == row["ticket_volume"]
    for row in calc(LEDGER, "mrr", every=every, year=year).rows:
        assert row["mrr"] == 100 + months_of(year, str(row["period"]))[-1] - FIRST


def test_one_line_says_what_a_label_means() -> None:
    assert FiscalYear(2).meaning(["FY2026", "FY2027"]) == "FY2027 is 2026-02 to 2027-01"
    result = calc(TICKETS, "ticket-volume", as_of="FY2026-Q4", year=FiscalYear(2))
    assert result.notes[0] == "FY2026 is 2025-02 to 2026-01, FY2026-Q4 is 2025-11 to 2026-01"


def test_in_january_names_stay_those_of_the_calendar() -> None:
    assert calc(LEDGER, "mrr", every="quarter", year=FiscalYear(1)).rows == calc(LEDGER, "mrr", every="quarter").rows


def test_a_quarter_of_the_calendar_is_refused_where_a_fiscal_one_could_be_meant() -> None:
    with pytest.raises(UsageError, match=r"is it FY2026-Q1, 2025-02 to 2025-04, or the quarter that ends with 2026-03"):
        calc(LEDGER, "mrr", as_of="2026-Q1", year=FiscalYear(2))
    assert answer(LEDGER, "mrr", as_of="2026-03", year=FiscalYear(2)) == {"period": "2026-03", "mrr": 126}


def test_a_fiscal_label_needs_a_fiscal_year_where_months_are_needed() -> None:
    with pytest.raises(UsageError, match="no fiscal year is known"):
        calc(LEDGER, "mrr", as_of="FY2026-Q1")


@pytest.mark.parametrize("year", [CALENDAR, FiscalYear(2), FiscalYear(7, "start")])
def test_fiscal_labels_of_a_file_keep_their_order_with_and_without_a_fiscal_year(year: FiscalYear) -> None:
    rows = [(f"FY{2025 + i // 4}-Q{i % 4 + 1}", 100 + i, 10, 5) for i in range(8)]
    text = table("period,starting_mrr,new_mrr,churned_mrr", rows)
    result = calc(text, "new-mrr", every="year", year=year, compare="previous")
    assert [(row["period"], row["new_mrr"], row["new_mrr_before"]) for row in result.rows] == [
        ("FY2025", 40, None),
        ("FY2026", 40, 40),
    ]
    assert calc(text, "new-mrr", as_of="FY2026-Q2", year=year).rows[0]["period"] == "FY2026-Q2"


def test_quarters_of_the_calendar_in_a_file_stay_what_they_are() -> None:
    text = table("period,starting_mrr,new_mrr", [(f"2026-Q{i + 1}", 100, 10 + i) for i in range(4)])
    rows = calc(text, "new-mrr", every="quarter", year=FiscalYear(2)).rows
    assert [(row["period"], row["new_mrr"]) for row in rows] == [(f"2026-Q{i + 1}", 10 + i) for i in range(4)]


def test_months_in_a_file_make_up_fiscal_quarters() -> None:
    text = table("period,starting_mrr,new_mrr", [(f"2026-{i + 1:02d}", 100, 10**i) for i in range(7)])
    assert answer(text, "new-mrr", as_of="FY2027-Q1", year=FiscalYear(2))["new_mrr"] == 1110
    with pytest.raises(UsageError, match="is it FY2026-Q1"):
        calc(text, "new-mrr", as_of="2026-Q1", year=FiscalYear(2))


@pytest.mark.parametrize("text", ["february", "Feb", "2", " FEBRUARY "])
def test_a_month_is_named_or_numbered(text: str) -> None:
    assert fiscal_month(text) == 2


@pytest.mark.parametrize("text", ["", "13", "0", "ma", "octember", "²"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no month"):
        fiscal_month(text)


def test_the_project_says_the_fiscal_year(cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text(LEDGER)
    project = tmp_path / "cstool.yaml"
    project.write_text("files: {billing: ledger.csv}\nfiscal_year_starts: february\n")
    asked = ("calc", "mrr", "--project", str(project), "--as-of", "FY2027-Q1", "-f", "json")
    ran = cstool(*asked)
    assert json.loads(ran.out) == [{"period": "FY2027-Q1", "mrr": 127}]
    assert "FY2027 is 2026-02 to 2027-01" in ran.err
    project.write_text("files: {billing: ledger.csv}\nfiscal_year_starts: february\nfiscal_year_named: start\n")
    assert json.loads(cstool(*asked[:5], "FY2026-Q1", "-f", "json").out) == [{"period": "FY2026-Q1", "mrr": 127}]
