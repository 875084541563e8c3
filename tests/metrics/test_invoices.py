"""Invoice lines spread by day over the service they pay for, in whole cents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.errors import InputError
from tests.metrics.computing import calc, mrr_by_month, rows, table

FIRST_DAY = date(2025, 6, 15)


def invoice(*lines: tuple[object, ...]) -> str:
    return table("account,invoice_date,service_start,service_end,amount", lines)


def test_an_invoice_is_spread_by_day_over_the_days_it_pays_for() -> None:
    text = invoice(("A", "2026-01-15", "2026-01-15", "2026-02-15", 31))
    result = calc(text, "mrr", every="month", as_of="2026-02")
    assert rows(result) == [("2026-01", 17), ("2026-02", 14)]


def test_each_part_of_an_invoice_is_whole_cents_and_the_parts_sum_to_it() -> None:
    text = invoice(("A", "2026-01-01", "2026-01-01", "2027-01-01", 1000))
    parts = list(mrr_by_month(text, as_of="2026-12").values())
    assert len(parts) == 12
    assert all(isinstance(part, Decimal) and part * 100 % 1 == 0 for part in parts)
    assert sum(part for part in parts if isinstance(part, Decimal)) == 1000


def test_what_is_billed_for_service_after_the_horizon_is_deferred_and_said() -> None:
    text = invoice(
        ("A", "2026-01-01", "2026-01-01", "2027-01-01", 365), ("B", "2026-02-01", "2026-02-01", "2026-03-01", 28)
    )
    result = calc(text, "mrr")
    assert rows(result) == [("2026-02", 56)]
    assert any("306 billed for service after 2026-02 is deferred" in note for note in result.notes)


def test_a_line_without_service_dates_belongs_to_the_month_of_its_date() -> None:
    text = table("account,invoice_date,amount", [("A", "2026-01-31", 100), ("A", "2026-02-28", 90)])
    assert mrr_by_month(text) == {"2026-01": 100, "2026-02": 90}


def test_the_last_day_of_service_counts_with_end_inclusive() -> None:
    january = ("A", "2026-01-01", "2026-01-01", "2026-01-31", 310)
    text = invoice(january, ("A", "2026-02-01", "2026-02-01", "2026-02-28", 28))
    assert mrr_by_month(text, end_inclusive=True) == {"2026-01": 310, "2026-02": 28}


def test_a_line_whose_service_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InputError, match="ends before it starts"):
        calc(invoice(("A", "2026-01-15", "2026-03-15", "2026-02-15", 31)), "mrr")


@st.composite
def invoices(draw: st.DrawFn) -> list[tuple[str, str, str, str, Decimal]]:
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.dates(min_value=FIRST_DAY, max_value=FIRST_DAY.replace(year=2027)))
        end = draw(st.dates(min_value=start, max_value=FIRST_DAY.replace(year=2029)))
        amount = draw(st.decimals(min_value=0, max_value=10**6, places=2))
        account = draw(st.sampled_from(["A", "B"]))
        lines.append((account, start.isoformat(), start.isoformat(), end.isoformat(), amount))
    return lines


@settings(max_examples=10, deadline=None)
@given(invoices())
def test_all_months_of_invoices_sum_to_what_was_billed_in_whole_cents(
    lines: list[tuple[str, str, str, str, Decimal]],
) -> None:
    result = calc(invoice(*lines), "mrr", every="month", as_of="2029-12")
    parts = [mrr for (mrr,) in rows(result, "mrr") if isinstance(mrr, Decimal)]
    assert sum(parts) == sum(line[-1] for line in lines)
    assert all(part * 100 % 1 == 0 for part in parts)


@pytest.mark.parametrize(
    ("price", "quantity", "refunded", "mrr"),
    [
        ("50", "3", "30", "120"),  # what was paid back is of the whole line
        ("50", "3", "140", "10"),
        ("1000000", "0.0005", "0", "500"),
        ("100", "0.3333", "0", "33.33"),
        ("0.0000004", "1000000", "0", "0.4"),
    ],
)
def test_a_line_is_its_price_times_its_quantity_with_every_digit_less_what_was_paid_back(
    price: str, quantity: str, refunded: str, mrr: str
) -> None:
    text = table("customer,date,unit price,quantity,refunded", [("A", "2026-01-05", price, quantity, refunded)])
    assert rows(calc(text, "mrr")) == [("2026-01", Decimal(mrr))]


def test_more_paid_back_than_the_whole_line_is_refused() -> None:
    text = table("customer,date,unit price,quantity,refunded", [("A", "2026-01-05", 50, 3, 151)])
    with pytest.raises(InputError, match="refunded is more than unit price times the quantity in 1 row"):
        calc(text, "mrr")


def test_all_lines_of_a_late_invoice_continue_those_before() -> None:
    days = ["2026-01-31", "2026-01-31", "2026-03-01", "2026-03-01"]
    lines = [("A", day, amount, "month") for day, amount in zip(days, (10, 20, 10, 20), strict=True)]
    result = calc(table("customer,date,amount,interval", lines), "mrr", every="month")
    assert rows(result) == [("2026-01", 30), ("2026-02", 30), ("2026-03", 30)]
