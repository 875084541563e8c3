"""Rows of invoices that pay back or bill nothing, and columns beside an amount: used, or named."""

from __future__ import annotations

import pytest

from cstool.errors import InputError, UsageError
from tests.metrics.computing import calc, rows, table, value


def billed(header: str, *more: tuple[str, str]) -> str:
    """A month of three invoices of 500 in all, and more rows of a type and an amount."""
    own = [
        ("a", "2026-01-05", "Invoice", "300"),
        ("b", "2026-01-06", "Invoice", "120"),
        ("c", "2026-01-07", "Invoice", "80"),
    ]
    return table(header, [*own, *(("a", "2026-01-09", kind, amount) for kind, amount in more)])


@pytest.mark.parametrize("header", ["Customer,Date,Type,Amount", "Customer,Invoice Date,Transaction Type,Amount"])
@pytest.mark.parametrize("kind", ["Credit Memo", "Refund", "credit_note", "Chargeback"])
@pytest.mark.parametrize("amount", ["50", "-50"])
def test_what_is_paid_back_is_taken_off_whatever_its_sign(header: str, kind: str, amount: str) -> None:
    result = calc(billed(header, (kind, amount)), "mrr")
    assert rows(result, "mrr") == [(450,)]
    assert any("1 row taken off the amounts, 50 in all" in note and kind in note for note in result.notes)


@pytest.mark.parametrize(
    ("kind", "amount"), [("Payment", "300"), ("Payment", "-300"), ("Estimate", "900"), ("Payout", "-12")]
)
def test_what_bills_nothing_is_left_out_and_named(kind: str, amount: str) -> None:
    result = calc(billed("Customer,Date,Type,Amount", (kind, amount)), "mrr")
    assert rows(result, "mrr") == [(500,)]
    assert any("left out" in note and kind in note and "--map line_type=none" in note for note in result.notes)


def test_in_a_list_of_payments_the_payments_count() -> None:
    paid = [
        ("a", "2026-01-05", "payment", "30"),
        ("b", "2026-01-06", "charge", "20"),
        ("b", "2026-01-08", "refund", "-5"),
    ]
    assert value(table("Customer,Date,Type,Amount", paid), "mrr") == 45


def test_a_negative_amount_of_another_type_is_refused() -> None:
    data = billed("Customer,Date,Type,Amount", ("Refund", "-5"), ("Invoice", "-7"))
    with pytest.raises(InputError, match="1 row with a negative amount") as refused:
        calc(data, "mrr")
    assert "--negative keep" in refused.value.hint


def test_without_the_role_all_rows_count() -> None:
    data = billed("Customer,Date,Type,Amount", ("Credit Memo", "50"))
    assert value(data, "mrr", mapping={"line_type": "none"}) == 550


@pytest.mark.parametrize(
    ("header", "said"), [("Total", "Total could be the amount"), ("Discount", "Discount not taken off")]
)
def test_another_amount_beside_the_one_that_is_used_is_named(header: str, said: str) -> None:
    notes = calc(table(f"Customer,Invoice Date,Amount,{header}", [("a", "2026-01-05", 100, 10)]), "mrr").notes
    assert any(said in note and "--map amount=" in note for note in notes)
    same = {"Total": "100", "Discount": "0.00"}[header]
    notes = calc(table(f"Customer,Invoice Date,Amount,{header}", [("a", "2026-01-05", 100, same)]), "mrr").notes
    assert not any(said in note for note in notes)


def test_a_monthly_price_beside_several_seats_is_named_as_the_whole_amount() -> None:
    data = table("customer,start_date,monthly_price,seats", [("a", "2026-01-05", 10, 4), ("b", "2026-01-05", 9, 1)])
    result = calc(data, "mrr")
    assert rows(result, "mrr") == [(19,)]
    assert any("not multiplied by seats" in note and "--map unit_price=" in note for note in result.notes)
    assert value(data, "mrr", mapping={"unit_price": "monthly_price"}, interval="month") == 49


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("account,month,mrr", ("a", "2026-01", 10)),
        ("account,starting_mrr,ending_mrr", ("a", 9, 10)),
        ("account,start_date,mrr", ("a", "2026-01-05", 10)),
        ("account,start_date,amount,interval", ("a", "2026-01-05", 10, "month")),
        ("account,invoice date,amount,service_start,service_end", ("a", "2026-01-05", 9, "2026-01-05", "2026-02-05")),
    ],
)
def test_an_interval_without_use_is_refused(header: str, row: tuple[object, ...]) -> None:
    with pytest.raises(UsageError, match="--interval year") as refused:
        calc(table(header, [row]), "mrr", interval="year")
    assert refused.value.hint.startswith("leave it out")
