"""What is used, left out or refused of a file is so on Spark, too: statuses, trials, ends, intervals, refunds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.metrics.computing import table
from tests.spark.conftest import Ask, Outcome

SUBSCRIPTIONS = "customer,start_date,end_date,mrr,status,is_trial,trial_end"
RAN = [
    ("Acme Ltd", "2025-01-10", "", 100, "active", "no", ""),
    ("ACME, Ltd.", "2025-02-10", "2025-06-30", 40, "Canceled", "no", ""),
    ("b", "2025-03-01", "active", 30.5, "past_due", "no", "2025-04-01"),
    ("c", "2025-03-01", "9999-12-31", 7, "trialing", "no", ""),
    ("d", "2025-03-02", "", 9, "active", "yes", ""),
    ("e", "2025-04-02", "0000-00-00", 5, "incomplete_expired", "no", ""),
]
INVOICES = "customer,invoice date,amount,amount refunded,status,interval,interval_count"
BILLED = [
    ("a", "2024-03-10", 1200, 0, "paid", "year", 1),
    ("a", "2025-04-05", "1200.10", 100, "partially_refunded", "year", 1),
    ("b", "2025-03-01", 10, 0, "paid", "month", 1),
    ("c", "2025-03-01", 300, 0, "void", "month", 3),
    ("d", "2025-01-31", 300, 0, "open", "month", 3),
]
LINES = [
    ("a", "2025-01-05", "Invoice", "300"),
    ("b", "2025-01-06", "Credit Memo", "50"),
    ("b", "2025-02-06", "Invoice", "80.20"),
    ("a", "2025-02-07", "Refund", "-5"),
    ("a", "2025-02-08", "Payment", "300"),
]


@pytest.fixture
def ask(tmp_path: Path, both: Ask) -> Ask:
    def asked(data: str, *metrics: str, **options: Any) -> Outcome:
        path = tmp_path / "data.csv"
        path.write_text(data, encoding="utf-8")
        return both(path, *metrics, **options)

    return asked


@pytest.mark.parametrize("options", [{"every": "month"}, {"accounts": True}, {"as_of": "2025-05-20"}], ids=str)
def test_subscriptions_with_statuses_trials_and_words_for_no_end(options: dict[str, Any], ask: Ask) -> None:
    assert ask(table(SUBSCRIPTIONS, RAN), "mrr", "nrr", window=1, **options).rows


def test_a_canceled_subscription_without_an_end_is_refused(ask: Ask) -> None:
    endless = [*RAN, ("f", "2025-01-01", "", 3, "canceled", "no", "")]
    assert "without an end date" in ask(table(SUBSCRIPTIONS, endless), "mrr").error[0]


def test_invoices_with_intervals_refunds_and_statuses(ask: Ask) -> None:
    assert ask(table(INVOICES, BILLED), "mrr", every="month").rows


def test_rows_of_invoices_of_several_types(ask: Ask) -> None:
    assert ask(table("Customer,Date,Type,Amount", LINES), "mrr", every="month").rows


def test_a_years_amount_in_the_place_of_a_months(ask: Ask) -> None:
    data = table("account,month,arr", [("a", "2025-01", "1000.10"), ("a", "2025-02", 7), ("b", "2025-02", 11)])
    assert ask(data, "mrr", "arr", every="month").rows


def test_blanks_in_a_months_sheet_are_no_mrr(ask: Ask) -> None:
    data = table("account,2025-01,2025-02,2025-03", [("a", 10, "", 12), ("b", "", "5.5", ""), ("c", 1, 2, 3)])
    found = ask(data, "mrr", "logo-churn", every="month", window=1)
    assert found.rows
    assert any("counted as 0" in note for note in found.notes)


@pytest.mark.parametrize("scores", [("Extremely likely - 10", "7", "Not at all likely - 0", ""), ("9", "", "3", "10")])
def test_labels_and_blanks_of_surveys(scores: tuple[str, ...], ask: Ask) -> None:
    assert ask(table("respondent,nps", [(f"r{i}", score) for i, score in enumerate(scores)]), "nps").rows


def test_customers_without_money(ask: Ask) -> None:
    data = table("customer,start date,end date", [("a", "2025-01-01", "2025-03-01"), ("b", "2025-01-05", "")])
    assert ask(data, "logo-churn", every="month", window=1).rows


def test_fiscal_periods_of_movements(ask: Ask) -> None:
    rows = [("FY2025-Q1", 100, 10, 5), ("FY2025-Q2", 105, 10, 7)]
    assert ask(table("fiscal quarter,starting_mrr,new_mrr,churned_mrr", rows), "nrr").rows
