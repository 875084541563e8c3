"""Several currencies, cents, and amounts below zero."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cstool.errors import InputError
from tests.metrics.computing import calc, rows, table, value

CURRENCIES = table("account,month,mrr,currency", [("A", "2026-01", 100, "EUR"), ("B", "2026-01", 10, "USD")])


def test_two_currencies_are_refused() -> None:
    with pytest.raises(InputError, match="EUR and USD") as refused:
        calc(CURRENCIES, "mrr")
    assert "--by currency" in refused.value.hint


def test_a_row_of_another_currency_is_told_by_its_place() -> None:
    text = table(
        "account,starting_mrr,ending_mrr,currency", [("A", 1, 1, "USD"), ("B", 2, 2, "EUR"), ("C", 3, 3, "USD")]
    )
    with pytest.raises(InputError, match=r":3 \(row 2\): currency is 'EUR'; amounts in EUR and USD"):
        calc(text, "mrr")


def test_two_currencies_are_allowed_by_currency_and_chosen_with_where() -> None:
    assert rows(calc(CURRENCIES, "mrr", by="currency")) == [("EUR", "2026-01", 100), ("USD", "2026-01", 10)]
    assert value(CURRENCIES, "mrr", where="currency = 'EUR'") == 100


def test_one_currency_in_two_cases_is_one() -> None:
    assert value(CURRENCIES.replace("USD", "eur"), "mrr") == 110


# Cents


def test_cents_become_whole_units() -> None:
    assert value(table("account,month,mrr", [("A", "2026-01", 1999)]), "mrr", cents=True) == Decimal("19.99")
    assert value(table("account,2026-01,2026-02", [("A", 1, 1999)]), "mrr", cents=True) == Decimal("19.99")


def test_cents_do_not_touch_the_quantity() -> None:
    text = table("customer_id,start_date,amount,interval,quantity", [("A", "2026-01-01", 5000, "month", 3)])
    assert value(text, "mrr", cents=True) == 150


def test_amounts_with_a_fraction_are_not_cents() -> None:
    with pytest.raises(InputError, match="they are not cents"):
        calc(table("account,month,mrr", [("A", "2026-01", "19.99")]), "mrr", cents=True)


# Below zero


@pytest.mark.parametrize(
    "text",
    [
        table("account,start_date,end_date,mrr", [("A", "2026-01-01", "", -100), ("B", "2026-01-01", "", 10)]),
        table("account,month,mrr", [("A", "2026-01", -100), ("B", "2026-01", 10)]),
        table("account,starting_mrr,ending_mrr", [("A", 100, -1), ("B", 10, 10)]),
        table("account,2026-01,2026-02", [("A", 100, -1), ("B", 10, 10)]),
        table("account,date,amount", [("A", "2026-01-01", -100), ("B", "2026-01-01", 10)]),
    ],
    ids=["subscriptions", "ledger", "snapshot", "wide", "invoices"],
)
def test_negative_amounts_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="-1"):
        calc(text, "mrr")
