"""Amounts per interval, quantities and trials, brought to MRR."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from cstool.errors import InputError, UsageError
from cstool.model.results import Value
from tests.metrics.computing import calc, mrr_by_month, rows, table, value

CHARGED = "customer_id,start_date,amount,interval"


def charged(amount: object, interval: str) -> Value:
    return value(table(CHARGED, [("A", "2026-01-01", amount, interval)]), "mrr")


@pytest.mark.parametrize(
    ("amount", "interval", "mrr"),
    [
        (1200, "year", 100),
        (1200, "Yearly", 100),
        (1200, "annual", 100),
        (300, "quarter", 100),
        (100, "month", 100),
        (100, "Monthly", 100),
        (600, "6 months", 100),
        (2400, "2 years", 100),
        ("19.99", "month", Decimal("19.99")),
    ],
)
def test_an_interval_is_brought_to_a_month(amount: object, interval: str, mrr: object) -> None:
    assert charged(amount, interval) == mrr


@pytest.mark.parametrize(
    ("amount", "interval", "times", "per"),
    [(100, "week", 52, 12), (100, "2 weeks", 26, 12), (100, "quarter", 1, 3), (100, "year", 1, 12)],
)
def test_a_fraction_of_an_amount_is_kept_to_eighteen_places(amount: int, interval: str, times: int, per: int) -> None:
    mrr = charged(amount, interval)
    assert isinstance(mrr, Decimal)
    assert 0 <= Decimal(amount * times) - mrr * per < per * Decimal("1e-17")


def test_twelve_yearly_contracts_of_two_thousand_are_two_thousand_a_month() -> None:
    text = table(CHARGED, [(f"A{i}", "2026-01-01", 2000, "year") for i in range(12)])
    mrr = value(text, "mrr")
    assert isinstance(mrr, Decimal)
    assert mrr.quantize(Decimal("0.01")) == Decimal("2000.00")
    assert abs(mrr - 2000) < Decimal("1e-15")


def test_the_quantity_multiplies_the_amount_and_counts_one_where_blank() -> None:
    text = table(f"{CHARGED},quantity", [("A", "2026-01-01", 50, "month", 3), ("B", "2026-01-01", 7, "month", "")])
    assert value(text, "mrr") == 157


def test_a_quantity_that_is_no_number_is_refused() -> None:
    text = table(f"{CHARGED},quantity", [("A", "2026-01-01", 50, "month", "many"), ("B", "2026-01-01", 7, "month", 1)])
    with pytest.raises(InputError, match="'many'"):
        calc(text, "mrr")


def test_an_interval_nobody_knows_is_refused_listing_those_that_are_known() -> None:
    with pytest.raises(InputError, match="'lunar'") as refused:
        charged(100, "lunar")
    assert "quarter" in refused.value.hint


def test_a_blank_interval_is_refused() -> None:
    with pytest.raises(InputError, match="interval"):
        charged(100, "")


def test_an_amount_without_an_interval_asks_per_what() -> None:
    text = table("customer_id,start_date,plan_amount", [("A", "2026-01-01", 1200)])
    with pytest.raises(UsageError, match="per what"):
        calc(text, "mrr")
    assert value(text, "mrr", interval="year") == 100


def test_trials_are_left_out_and_said() -> None:
    text = table(
        "customer_id,start_date,mrr,status",
        [("A", "2026-01-01", 100, "active"), ("B", "2026-01-01", 30, "trialing"), ("C", "2026-01-01", 7, "In_Trial")],
    )
    result = calc(text, "mrr")
    assert rows(result, "mrr") == [(100,)]
    assert any("2 trials left out" in note for note in result.notes)


ENDLESS = [("A", "2026-01-01", "", 100, "active"), ("B", "2026-01-01", "", 30, "Canceled")]


@pytest.mark.parametrize(
    "header", ["customer_id,start_date,end_date,mrr,status", "customer_id,start_date,plan,mrr,state"]
)
def test_a_status_that_says_over_without_an_end_is_refused_until_it_is_settled(header: str) -> None:
    text = table(header, ENDLESS)
    with pytest.raises(InputError, match="1 subscription, of B, is 'Canceled' by") as refused:
        calc(text, "nrr")
    assert "--map end_date=COLUMN" in refused.value.hint
    condition = re.search('--where "([^"]+)"', refused.value.hint)
    assert condition
    assert value(text, "mrr", where=condition[1]) == 100
    assert value(text, "mrr", mapping={"status": "none"}) == 130


def test_what_is_over_with_no_amount_or_starts_later_needs_no_end() -> None:
    free = table(
        "customer_id,start_date,mrr,status", [("A", "2026-01-01", 100, "active"), ("B", "2026-01-01", 0, "lost")]
    )
    assert value(free, "mrr") == 100
    later = [("A", "2026-01-01", 100, "active"), ("B", "2026-03-09", 5, "canceled")]
    assert value(table("customer_id,start_date,mrr,status", later), "mrr", as_of="2026-02-11") == 100


@pytest.mark.parametrize("header", ["customer_id,start_date,trial_end,mrr", "customer_id,start_date,trial_end,amount"])
def test_mrr_begins_when_the_trial_ends(header: str) -> None:
    text = table(header, [("A", "2026-01-01", "2026-02-01", 100), ("B", "2026-01-01", "", 10)])
    interval = "month" if "amount" in header else None
    assert mrr_by_month(text, as_of="2026-02", interval=interval) == {"2026-01": 10, "2026-02": 110}
