"""Customers without money: counts from dates, monthly counts and flags; the company's MRR without accounts."""

from __future__ import annotations

import pytest

from cstool.errors import CstoolError
from tests.conftest import Run
from tests.metrics.computing import answer, calc, rows, table, value

DATES = [("a", "2026-01-05", ""), ("b", "2026-01-10", "2026-03-10"), ("c", "2026-02-01", "active")]
DATES += [("d", "2026-02-02", "2026-03-20")]


def counts(header: str = "customer,start_date,end_date") -> str:
    return table(header, DATES)


def test_customers_are_counted_from_dates_alone() -> None:
    row = answer(counts(), "logo-churn", "retention-rate", "customer-lifetime")
    assert (row["period"], row["logo_churn"], row["retention_rate"]) == ("2026-03", 0.5, 0.5)
    assert value(counts(), "logo-churn", as_of="2026-02") == 0
    assert value(counts(), "logo-churn", as_of="2026-03", annualise=True) == pytest.approx(1 - 0.5**12)


@pytest.mark.parametrize("header", ["id,subscription_start,subscription_end", "Account,Start Date,Ended At"])
def test_customers_are_counted_under_other_headers(header: str) -> None:
    assert value(counts(header), "logo-churn", as_of="2026-03") == 0.5


@pytest.mark.parametrize("metric", ["nrr", "mrr", "arpa", "grr", "new-mrr", "concentration", "revenue-churn"])
def test_amounts_are_refused_of_customers_without_any(metric: str) -> None:
    with pytest.raises(CstoolError, match="needs amounts"):
        calc(counts(), metric)


def test_cohorts_of_customers_without_amounts_have_no_revenue() -> None:
    found = calc(counts(), "cohort-retention", as_of="2026-03")
    cohort = [row for row in found.rows if row["cohort"] == "2026-02"]
    assert [(row["size"], row["customers"], row["mrr"], row["revenue_retention"]) for row in cohort] == [
        (2, 2, None, None),
        (2, 1, None, None),
    ]


def test_columns_promises_counts_of_customers_without_amounts_and_no_more(cstool: Run) -> None:
    found = cstool("columns", "-", "-f", "json", stdin=counts()).json
    assert found["shape"] == "customers"
    assert {"logo-churn", "retention-rate", "cohort-retention"} <= set(found["metrics"])
    assert not {"nrr", "mrr", "arpa", "concentration", "recurring-revenue-forecast"} & set(found["metrics"])


SERIES = [("2024-01-01", 200), ("2024-02-01", 210), ("2024-03-01", 220), ("2024-04-01", 250)]


@pytest.mark.parametrize("header", ["month_start,mrr", "Month,MRR", "Date,Monthly recurring revenue", "period,mrr"])
def test_growth_of_the_company_needs_no_accounts(header: str) -> None:
    row = answer(table(header, SERIES), "mom", "qoq", "mrr", "arr")
    assert row == {"period": "2024-04", "mom": pytest.approx(30 / 220), "qoq": 0.25, "mrr": 250, "arr": 3000}
    assert value(table(header, SERIES), "cmgr") == pytest.approx(1.25 ** (1 / 3) - 1)
    assert [row[1] for row in rows(calc(table(header, SERIES), "mrr", every="month"))] == [200, 210, 220, 250]


@pytest.mark.parametrize("metric", ["nrr", "logo-churn", "new-mrr", "arpa", "cohort-retention", "concentration"])
def test_what_needs_accounts_is_refused_of_the_company_as_a_whole(metric: str) -> None:
    with pytest.raises(CstoolError, match="MRR of each account"):
        calc(table("month,mrr", SERIES), metric)


def test_a_month_twice_in_a_series_of_the_company_is_refused() -> None:
    with pytest.raises(CstoolError, match="duplicate month"):
        calc(table("month,mrr", [*SERIES, SERIES[0]]), "mom")


ZERO = [("1", "a", "2024-09-13", "", 100, "Active"), ("2", "b", "2024-09-20", "2026-02-01", 0, "Churned")]
ZERO += [("3", "c", "2024-09-22", "", 200, "Active")]
ZERO_HEADER = "subscription_id,account_id,start_date,end_date,mrr,status"


def test_a_customer_that_ended_and_stands_with_mrr_0_is_counted_by_its_dates() -> None:
    found = calc(table(ZERO_HEADER, ZERO), "logo-churn", as_of="2026-02")
    assert rows(found) == [("2026-02", 1 / 3)]
    assert any("MRR 0 that ended, of b" in note for note in found.notes)


@pytest.mark.parametrize("asked", [("nrr",), ("grr", "logo-churn"), ("mrr-movements",), ("churned-mrr",)])
def test_an_amount_before_the_end_of_a_customer_with_mrr_0_is_refused(asked: tuple[str, ...]) -> None:
    with pytest.raises(CstoolError, match="b ended 2026-02-01 and stands with MRR 0"):
        calc(table(ZERO_HEADER, ZERO), *asked, as_of="2026-02")


def test_amounts_after_the_end_of_a_customer_with_mrr_0_are_known() -> None:
    assert value(table(ZERO_HEADER, ZERO), "mrr", as_of="2026-02") == 300
    assert answer(table(ZERO_HEADER, ZERO), "nrr", as_of="2026-03", window=1)["nrr"] == 1


def test_a_running_row_with_mrr_0_is_no_customer() -> None:
    free = [*ZERO[::2], ("4", "f", "2024-09-22", "", 0, "Active")]
    assert answer(table(ZERO_HEADER, free), "arpa", as_of="2026-02")["arpa"] == 150


def test_who_left_with_mrr_0_and_without_an_end_cannot_be_counted() -> None:
    left = [*ZERO[::2], ("2", "b", "2024-09-20", "", 0, "Churned")]
    with pytest.raises(CstoolError, match="no end date says since when"):
        calc(table(ZERO_HEADER, left), "logo-churn", as_of="2026-02")


CHANGES = [("a", "2025-01-05", 100), ("b", "2025-01-20", 50), ("a", "2025-03-01", 20), ("b", "2025-03-10", -50)]


@pytest.mark.parametrize("header", ["account,change_date,mrr_movement", "customer,Event Date,MRR change"])
def test_changes_add_up_without_the_mrr_after_each(header: str) -> None:
    text = table(header, CHANGES)
    assert answer(text, "mrr", "nrr", "logo-churn", window=1) == {
        "period": "2025-03",
        "mrr": 120,
        "nrr": pytest.approx(120 / 150),
        "logo_churn": 0.5,
    }


def test_a_loss_written_without_a_minus_is_known_by_its_type() -> None:
    lines = [(*line[:2], abs(line[2]), "Churn" if line[2] < 0 else "New") for line in CHANGES]
    assert value(table("account,change_date,mrr_movement,movement_type", lines), "mrr") == 120


def test_changes_that_do_not_begin_at_the_beginning_are_refused() -> None:
    with pytest.raises(CstoolError, match="the changes of b add up to an MRR of -50"):
        calc(table("account,change_date,mrr_movement", [CHANGES[0], CHANGES[3]]), "mrr")


FLAGS = [("a", "yes"), ("b", "no"), ("c", "no"), ("d", "Yes")]


@pytest.mark.parametrize("header", ["customer,churned", "Customer ID,Churn", "account,is_churned"])
def test_a_flag_counts_who_left_once_the_start_is_stated(header: str) -> None:
    text = table(header, FLAGS)
    with pytest.raises(CstoolError, match="customers_start") as refused:
        calc(text, "logo-churn")
    assert "--set customers_start" in refused.value.hint
    assert value(text, "logo-churn", given={"customers_start": 4}) == 0.5


def test_a_flag_of_the_start_states_it() -> None:
    lines = [("a", 1, 0), ("b", 1, 1), ("c", 0, 1), ("d", 1, 1)]
    text = table("customer,active_at_start,active_at_end", lines)
    assert answer(text, "logo-churn", "retention-rate") == {
        "logo_churn": pytest.approx(1 / 3),
        "retention_rate": pytest.approx(2 / 3),
    }
