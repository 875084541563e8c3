"""Exports known by name: their own headers, cents, and which of their dates is meant."""

from __future__ import annotations

import pytest

from cstool.errors import InputError, UsageError
from tests.metrics.computing import calc, rows, table, value

STRIPE = (
    "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Start Date (UTC),Current Period End (UTC),"
    "Trial End (UTC),Canceled At (UTC),Ended At (UTC)"
)


def test_stripe_amounts_are_cents_and_service_ends_at_ended_at() -> None:
    # Quantity, interval, amount, status, then the dates of the start, a trial's end, the cancellation and the end.
    told = [
        (2, "month", 5000, "active", "2026-01-05", "", "", ""),
        (1, "year", 120000, "canceled", "2026-01-01", "", "2026-02-10", "2026-04-01"),
        (1, "month", 900, "trialing", "2026-03-01", "2026-04-01", "", ""),
        (1, "month", 700, "active", "2026-01-20", "2026-02-20", "", ""),
    ]
    subscriptions = []
    for number, (quantity, interval, amount, status, *dates) in enumerate(told):
        start, *others = (f"{date_} 00:00" if date_ else "" for date_ in dates)
        charged = (quantity, "usd", interval, amount, status)
        subscriptions.append((f"sub_{number}", f"cus_{number}", "gold", *charged, start, "2026-04-05 00:00", *others))
    result = calc(table(STRIPE, subscriptions), "mrr", every="month", preset="stripe", as_of="2026-04")
    assert rows(result) == [("2026-01", 200), ("2026-02", 207), ("2026-03", 207), ("2026-04", 107)]
    assert any("1 trial left out" in note for note in result.notes)


def test_chartmogul_mrr_is_cents_after_each_movement() -> None:
    text = table(
        "DATE,CUSTOMER_EXTERNAL_ID,MRR_MOVEMENT,MRR,MOVEMENT_TYPE,CURRENCY_CODE",
        [
            ("2026-01-03", "c1", 10000, 10000, "new_biz", "USD"),
            ("2026-02-14", "c1", 5000, 15000, "expansion", "USD"),
            ("2026-01-20", "c2", 2000, 2000, "new_biz", "USD"),
            ("2026-03-01", "c2", -2000, 0, "churn", "USD"),
        ],
    )
    result = calc(text, "mrr", "churned-mrr", "expansion-revenue", every="month", preset="chartmogul")
    assert rows(result) == [("2026-01", 120, None, None), ("2026-02", 170, 0, 50), ("2026-03", 150, 20, 0)]


def test_baremetrics_amounts_are_cents_and_service_ends_when_it_is_canceled() -> None:
    text = table(
        "plan_amount,plan_interval,customer_oid,subscription_started_at,subscription_canceled_at,subscription_quantity",
        [
            (5000, "month", "c1", "2026-01-01", "", 3),
            (120000, "year", "c2", "2026-01-01", "2026-03-01", 1),
        ],
    )
    result = calc(text, "mrr", every="month", preset="baremetrics")
    assert rows(result) == [("2026-01", 250), ("2026-02", 250), ("2026-03", 150)]


def test_recurly_subscriptions_run_until_they_expire_not_until_they_are_canceled() -> None:
    text = table(
        "account_id,activated_at,canceled_at,expires_at,unit_amount,quantity,state",
        [
            ("a1", "2026-01-01", "", "", 50, 2, "active"),
            ("a2", "2026-01-01", "2026-01-20", "2026-03-01", 30, 1, "expired"),
        ],
    )
    result = calc(text, "mrr", every="month", preset="recurly")
    assert rows(result) == [("2026-01", 130), ("2026-02", 130), ("2026-03", 100)]


def test_no_cents_takes_the_amounts_of_a_preset_as_whole_units() -> None:
    header = "plan_amount,plan_interval,customer_oid,subscription_started_at,subscription_canceled_at"
    text = table(header, [("5000", "month", "c1", "2026-01-01", "")])
    assert value(text, "mrr", preset="baremetrics") == 50
    assert value(text, "mrr", preset="baremetrics", cents=False) == 5000


def test_a_column_with_a_decimal_point_is_in_whole_units_whatever_the_preset() -> None:
    header = "plan_amount,plan_interval,customer_oid,subscription_started_at,subscription_canceled_at"
    text = table(header, [("50.50", "month", "c1", "2026-01-01", ""), ("49.50", "month", "c2", "2026-01-01", "")])
    result = calc(text, "mrr", preset="baremetrics")
    assert rows(result, "mrr") == [(100,)]
    assert any("plan_amount taken as whole units" in note for note in result.notes)
    with pytest.raises(InputError, match="not cents"):
        calc(text, "mrr", preset="baremetrics", cents=True)


def test_an_unknown_preset_is_refused_listing_those_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        calc(table("customer_id,start_date,mrr", [("A", "2026-01-01", 1)]), "mrr", preset="paddle")
    assert all(name in refused.value.hint for name in ("baremetrics", "chartmogul", "recurly", "stripe"))


@pytest.mark.parametrize(
    ("account", "mrr"),
    [("customer_id", "monthly_amount"), ("account_id", "mrr")],
)
def test_plain_subscription_tables_need_no_preset(account: str, mrr: str) -> None:
    header = f"subscription_id,{account},start_date,end_date,{mrr}"
    assert value(table(header, [("s1", "c1", "2026-01-01", "", 100)]), "mrr") == 100
