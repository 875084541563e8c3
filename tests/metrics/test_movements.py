"""Files whose rows are the movements of a period already."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cstool.errors import InputError, UsageError
from tests.conftest import Run
from tests.metrics.computing import answer, calc, rows, table, value


def test_losses_written_with_a_minus_are_losses_too() -> None:
    header = "month,opening mrr,new mrr,upgrade mrr,downgrade mrr,churn mrr"
    text = table(header, [("2026-01", 1000, 50, 200, -100, -50)])
    row = answer(text, "nrr", "grr", "mrr")
    assert (row["nrr"], row["grr"], row["mrr"]) == (1.05, 0.85, 1100)


def test_losses_with_and_without_a_minus_are_refused() -> None:
    text = table("month,opening mrr,churn mrr", [("2026-01", 1000, -50), ("2026-02", 950, 30)])
    with pytest.raises(InputError, match="with and without a minus"):
        calc(text, "grr", every="month")


def test_customers_that_no_column_counts_are_not_made_up() -> None:
    text = table("month,opening mrr,churn mrr", [("2026-01", 1000, 50)])
    with pytest.raises((InputError, UsageError), match="customers"):
        calc(text, "logo-churn")


def test_losses_are_not_zero_where_only_the_opening_customers_are_counted() -> None:
    text = table("month,opening mrr,churn mrr,opening customers", [("2026-01", 1000, 50, 20)])
    with pytest.raises((InputError, UsageError), match="customers"):
        calc(text, "logo-churn")


def test_a_movement_that_is_no_number_is_refused() -> None:
    text = table("month,opening mrr,churn mrr", [("2026-01", 1000, "N/A"), ("2026-02", 950, 30)])
    with pytest.raises(InputError, match="N/A"):
        calc(text, "grr", every="month")


def test_a_blank_movement_is_refused_until_it_is_said_to_be_nothing() -> None:
    text = table("month,opening mrr,churn mrr", [("2026-01", 1000, ""), ("2026-02", 950, 95)])
    with pytest.raises(InputError, match="blank"):
        calc(text, "grr", every="month")
    assert rows(calc(text, "grr", every="month", blank="zero")) == [("2026-01", 1), ("2026-02", 0.9)]


def test_customers_that_no_column_counts_may_be_set() -> None:
    text = table("opening mrr,churn mrr", [(1000, 50)])
    assert value(text, "logo-churn", given={"customers_start": 20, "customers_lost": 1}) == 0.05


def test_the_bridge_leaves_customers_open_that_no_column_counts() -> None:
    text = table("month,opening mrr,new mrr,churn mrr", [("2026-01", 1000, 80, 50)])
    assert rows(calc(text, "mrr-movements"), "opening", "closing", "customers") == [(1000, 1030, None)]


def test_columns_does_not_promise_what_needs_customers_that_no_column_counts(cstool: Run) -> None:
    told = cstool(
        "columns", "-", "-f", "json", stdin=table("month,opening mrr,churn mrr", [("2026-01", 1000, 50)])
    ).json
    assert "grr" in told["metrics"]
    assert told["missing"]["logo-churn"] == ["customers_start", "customers_lost"]


BRIDGE = [("2026-01", 100, 20, 5), ("2026-02", 115, 0, 10), ("2026-03", 105, 1, 1)]


def gaps(lines: Sequence[tuple[object, ...]]) -> list[str]:
    found = calc(table("month,opening mrr,new mrr,churn mrr", lines), "grr", every="month")
    return [note.partition(": ")[2] for note in found.notes if "opens with" in note or "no row between" in note]


def test_periods_that_join_up_are_not_talked_about() -> None:
    assert gaps(BRIDGE) == []
    assert gaps(BRIDGE[::-1]) == []


def test_a_period_that_opens_with_another_amount_than_the_last_one_closed_with_is_told() -> None:
    assert gaps([*BRIDGE[:2], ("2026-03", 106.5, 1, 1)]) == ["2026-03 opens with 106.5, but 2026-02 closes with 105"]
    odd = [BRIDGE[0], ("2026-02", 116, 0, 10), ("2026-03", 105, 1, 1)]
    assert gaps(odd) == ["2026-02 opens with 116, but 2026-01 closes with 115, and 1 more such"]


def test_a_missing_period_is_told_and_those_around_it_are_not_compared() -> None:
    assert gaps([BRIDGE[0], ("2026-03", 999, 1, 1)]) == ["no row between 2026-01 and 2026-03"]


def test_growth_over_a_year_is_not_read_from_movements_of_fewer_months() -> None:
    with pytest.raises(InputError, match="no window of 12 months has all its periods"):
        calc(table("month,opening mrr,new mrr,churn mrr", BRIDGE), "yoy")
    assert value(table("month,opening mrr,new mrr,churn mrr", BRIDGE[:1]), "mom") == 0.15


MONTHS = [
    ("2025-01", 1000, 100, 50, 10, 40, 20, 4, 2),
    ("2025-02", 1100, 0, 50, 50, 0, 22, 0, 0),
    ("2025-03", 1100, 200, 0, 0, 100, 22, 6, 3),
    ("2025-04", 1200, 0, 0, 0, 200, 25, 1, 5),
]
SUMS = "starting_mrr,new mrr,expansion,contraction,churned mrr,customers at start,new,lost"


@pytest.mark.parametrize("header", ["month_start", "Month", "Monat", "Period", "Reporting Month", "Date", "month of"])
@pytest.mark.parametrize("day", ["", "-01"])
def test_periods_stand_under_any_header_of_months(header: str, day: str) -> None:
    found = calc(table(f"{header},{SUMS}", [(month + day, *more) for month, *more in MONTHS]), "grr")
    assert found.rows[0]["period"] == "2025-04"
    assert found.rows[0]["grr"] == pytest.approx(1000 / 1200)
    assert any("2025-04 is the last of 4 periods" in note for note in found.notes)


def test_months_of_movements_add_up_to_quarters() -> None:
    text = table(f"month,{SUMS}", MONTHS)
    asked = ("nrr", "logo-churn", "new-mrr", "churned-mrr", "mrr", "retention-rate")
    assert answer(text, *asked, as_of="Q1 2025") == {
        "period": "2025-Q1",
        "nrr": pytest.approx((1000 + 100 - 60 - 140) / 1000),
        "logo_churn": 5 / 20,
        "new_mrr": 300,
        "churned_mrr": 140,
        "mrr": 1200,
        "retention_rate": 15 / 20,
    }
    assert rows(calc(text, *asked, every="quarter")) == rows(calc(text, *asked, as_of="2025-Q1"))
    window = calc(text, *asked, window=3, as_of="2025-03")
    assert rows(window)[0][1:] == rows(calc(text, *asked, as_of="2025-Q1"))[0][1:]
    assert any("joined inside that time" in note for note in window.notes)


def test_the_closing_mrr_of_a_quarter_is_that_of_its_last_month() -> None:
    lines = [("2025-01", 100, 10, 0), ("2025-02", 105, 0, 0), ("2025-03", 90, 0, 30)]  # they do not join up
    row = answer(table("month,opening mrr,new mrr,churn mrr", lines), "mrr", "churned-mrr", as_of="2025-Q1")
    assert (row["mrr"], row["churned_mrr"]) == (60, 30)


def test_a_quarter_that_is_not_whole_is_refused() -> None:
    with pytest.raises(InputError, match="2025-Q2 is not whole: no rows for 2025-05, 2025-06"):
        calc(table(f"month,{SUMS}", MONTHS), "nrr", as_of="2025-Q2")


def test_quarters_of_movements_have_no_months() -> None:
    text = table("quarter,opening mrr,churn mrr", [("2025-Q1", 100, 5), ("2025-Q2", 95, 5)])
    with pytest.raises(UsageError, match="its periods are quarters"):
        calc(text, "grr", every="month")
    with pytest.raises(UsageError, match="its periods are quarters"):
        calc(text, "grr", as_of="2025-06")
    with pytest.raises(UsageError, match=r"over 2 months, and .* has a row a quarter"):
        calc(text, "grr", window=2)


def test_movements_annualise() -> None:
    text = table(f"month,{SUMS}", MONTHS)
    month = answer(text, "logo-churn", as_of="2025-01", annualise=True)["logo_churn"]
    quarter = answer(text, "logo-churn", as_of="2025-Q1", annualise=True)["logo_churn"]
    assert month == pytest.approx(1 - 0.9**12)
    assert quarter == pytest.approx(1 - 0.75**4)


def test_growth_over_a_quarter_adds_up_months_of_movements() -> None:
    row = answer(table(f"month,{SUMS}", MONTHS), "mom", "qoq", as_of="2025-03")
    assert row["mom"] == pytest.approx(100 / 1100)
    assert row["qoq"] == 0.2


FISCAL = [("FY2024-Q4", 100, 10, 2), ("FY2025-Q1", 108, 10, 12), ("FY2025-Q2", 106, 0, 6)]


@pytest.mark.parametrize("style", ["{0}", "FY{1} Q{2}", "FY{1}Q{2}", "Q{2} FY{1}", "Q{2} FY20{1}", "fy20{1}-q{2}"])
def test_fiscal_periods_are_taken_in_their_order(style: str) -> None:
    lines = [(style.format(name, name[4:6], name[-1]), *more) for name, *more in FISCAL]
    text = table("fiscal quarter,opening mrr,new mrr,churn mrr", lines)
    assert answer(text, "grr") == {"period": "FY2025-Q2", "grr": pytest.approx(100 / 106)}
    assert answer(text, "grr", as_of="FY25 Q1") == {"period": "FY2025-Q1", "grr": pytest.approx(96 / 108)}
    assert [row[0] for row in rows(calc(text, "grr", every="quarter"), "period")] == [name for name, *_ in FISCAL]
    with pytest.raises(UsageError, match="not of the year"):
        calc(text, "grr", as_of="2025-Q1")


def test_a_fiscal_period_is_refused_of_rows_of_the_calendar() -> None:
    with pytest.raises(UsageError, match="not of the year"):
        calc(table(f"month,{SUMS}", MONTHS), "nrr", as_of="FY2025-Q1")
    with pytest.raises(UsageError, match="no fiscal periods"):
        calc("account,month,mrr\nA,2025-01,1\n", "mrr", as_of="FY2025")


def test_rows_are_not_added_up_over_periods_that_no_role_takes() -> None:
    text = table("when it was,opening mrr,churn mrr", [("Jan 2025", 100, 5), ("Feb 2025", 95, 5)])
    with pytest.raises(InputError, match="when it was looks like the period"):
        calc(text, "grr")
    assert value(table("region,opening mrr,churn mrr", [("North", 100, 5), ("South", 100, 15)]), "grr") == 0.9


def test_customers_are_counted_without_their_mrr() -> None:
    lines = [("2025-01", 200, 10, 8), ("2025-02", 202, 5, 2), ("2025-03", 205, 1, 10)]
    text = table("Month,Customers at start,New,Lost", lines)
    assert answer(text, "logo-churn", "retention-rate", as_of="2025-01")["logo_churn"] == 0.04
    assert answer(text, "logo-churn", as_of="2025-Q1")["logo_churn"] == 0.1
    assert [row[1] for row in rows(calc(text, "logo-churn", every="month"))] == [0.04, 2 / 202, 10 / 205]
    with pytest.raises(InputError, match="nrr needs amounts, and no column of MRR"):
        calc(text, "nrr")


def test_a_closing_mrr_that_the_movements_do_not_make_is_told() -> None:
    header = "month,opening mrr,new mrr,churn mrr,closing mrr,upsells"
    told = calc(table(header, [("2026-01", 100, 10, -10, 100, 0), ("2026-02", 100, 20, -10, 150, 40)]), "grr", "mrr")
    assert any("closing mrr in 2026-02 is 150, and the movements make 110" in note for note in told.notes)
    right = calc(table(header, [("2026-01", 100, 10, -10, 100, 0), ("2026-02", 100, 20, -10, "", 0)]), "grr", "mrr")
    assert not any("closing mrr" in note and "make" in note for note in right.notes)
    assert rows(right)[-1] == ("2026-02", 0.9, 110)


def test_a_column_beside_those_of_a_year_is_of_a_year_too() -> None:
    text = table("quarter,opening arr,new arr,churned arr,lost", [("2026-Q1", 1200, 120, 60, 60)])
    assert value(text, "grr") == 0.95
    plain = text.replace("churned arr", "note")
    assert value(plain, "grr", mapping={"churned_mrr": "lost"}) == 0.95
