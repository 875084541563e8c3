"""Every digit counts: of prices and quantities, chances and shares, amounts of large currencies, and in JSON."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cstool.errors import InputError
from tests.conftest import Run
from tests.metrics.computing import calc, rows, table, value

PRICES = "account,start_date,end_date,amount,interval,quantity"


@pytest.mark.parametrize(
    ("amount", "interval", "quantity", "mrr"),
    [
        ("1000000", "month", "0.0005", "500"),
        ("100", "month", "0.3333", "33.33"),
        ("0.0000004", "month", "1000000", "0.4"),
        ("1.0000005", "year", "", "0.083333375"),
        ("120000000000", "year", "", "10000000000"),
        ("999999999999999.99", "year", "12", "999999999999999.99"),
        ("1000000000000", "week", "3", "13000000000000"),
        ("0.00000001", "month", "0.0000000001", "0.000000000000000001"),
        ("1234567890.12", "quarter", "1.5", "617283945.06"),
    ],
)
def test_a_price_times_a_quantity_keeps_its_digits(amount: str, interval: str, quantity: str, mrr: str) -> None:
    text = table(PRICES, [("a", "2025-01-01", "", amount, interval, quantity)])
    assert value(text, "mrr") == Decimal(mrr)


@pytest.mark.parametrize(
    ("amount", "quantity", "why"),
    [("0.0000000001", "0.0000000001", "digits behind the mark"), ("99999999999999999999", "3", "too large")],
)
def test_a_product_of_more_digits_than_fit_is_refused(amount: str, quantity: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        calc(table(PRICES, [("a", "2025-01-01", "", amount, "year", quantity)]), "mrr")


def test_a_chance_keeps_its_digits() -> None:
    header = "account,due_date,amount,status,probability"
    due = [("a", "2026-01-31", 10**9, "open", "0.333333333333"), ("b", "2026-01-31", 10**9, "open", "66.6666666666%")]
    assert value(table(header, due), "renewal-forecast") == Decimal("999999999.999")
    sure = [("a", "2026-01-31", "123456789012345.67", "open", "100%")]
    assert value(table(header, sure), "renewal-forecast") == Decimal("123456789012345.67")


@pytest.mark.parametrize("amount", ["0.00006", "0.000000000001", "60", "1000000000000", "10000000000000000000"])
def test_two_equal_accounts_are_half_each_whatever_the_currency(amount: str) -> None:
    data = table("account,month,mrr", [("a", "2025-01", amount), ("b", "2025-01", amount)])
    assert rows(calc(data, "concentration"), "top_1_share", "hhi") == [(0.5, 0.5)]


def test_json_has_every_digit_of_a_decimal(tmp_path: Path, cstool: Run) -> None:
    path = tmp_path / "a.csv"
    path.write_text("account,starting_mrr,ending_mrr\na,999999999999999.123456,1000000000.000000003\n")
    for form in ("json", "jsonl"):
        ran = cstool("calc", "mrr,nrr", str(path), "--explain", "-f", form)
        assert "999999999999999.123456" in ran.out
        assert ran.json if form == "json" else ran.out
    assert "1000000000.000000003" in ran.out


COLUMNS = "account,starting_mrr,ending_mrr,seats_used,seats_bought,plan,old_plan"
SEATS = [("a", 100, 50, 9, 10, "S", "S"), ("b", 100, 100, 20, 10, "M", "S"), ("c", 100, 70, 100, 20, "S", "S")]


@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ("seats_used > seats_bought", "bc"),
        ("seats_used >= seats_bought", "bc"),
        ("seats_used between seats_bought and starting_mrr", "bc"),
        ("seats_bought between 0 and seats_used", "bc"),
        ("greatest(seats_used, seats_bought) = seats_bought", "a"),
        ("seats_used > 9.5 and seats_used > seats_bought", "bc"),
        ("starting_mrr > seats_used", "ab"),
        ("seats_used / seats_bought > 1", "bc"),
        ("case when seats_used > seats_bought then false else true end", "a"),
        ("plan = old_plan", "ac"),
        ("seats_used in (seats_bought, starting_mrr)", "c"),
    ],
)
def test_two_columns_of_numbers_are_compared_as_numbers(where: str, chosen: str) -> None:
    found = rows(calc(table(COLUMNS, SEATS), "nrr", by="account", where=where), "account")
    assert "".join(str(account) for (account,) in found) == chosen


@pytest.mark.parametrize("cell", ["1,000", "007", "10 seats", "€20"])
def test_columns_of_which_only_some_cells_are_numbers_are_not_compared(cell: str) -> None:
    seats = [*SEATS, ("d", 100, 100, cell, 10, "S", "S")]
    with pytest.raises(InputError, match="not every cell of seats_used is a plain number"):
        calc(table(COLUMNS, seats), "nrr", where="seats_used > seats_bought")


def test_a_position_is_one_column_in_all_files(tmp_path: Path, cstool: Run) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("account,segment,plan,starting_mrr,ending_mrr\na,x,p,100,50\n")
    other.write_text("account,plan,segment,starting_mrr,ending_mrr\nb,q,y,100,80\n")
    same = tmp_path / "same.csv"
    same.write_text(one.read_text().replace("a,x", "c,x"))
    assert cstool("calc", "nrr", str(one), str(same), "--by", "#2", "-f", "csv").out.splitlines()[1:] == ["x,0.5"]
    ran = cstool("calc", "nrr", str(one), str(other), "--map", "starting_mrr=#4", "--by", "#2", "-f", "csv")
    assert ran.out.splitlines()[1:] == ["x,0.5", "y,0.8"] or (ran.code == 3 and "another order" in ran.err)


@pytest.mark.parametrize(
    ("where", "chosen"),
    [
        ("seats > '50'", "a number stands without quotes: 50"),
        ("'50' <= seats", "a number stands without quotes: 50"),
        ("seats between '5' and '9'", "a number stands without quotes"),
        ("since > '2024-02-01'", "write days as 2024-01-31"),
        ("since < '01/02/2024'", "write days as 2024-01-31"),
        ("seats > 50", "c"),
        ("seats = '20'", "b"),
        ("day > '2024-02-01' and day <= '2025'", "b"),
        ("starting_mrr < '90'", "c"),
        ("plan > 'M'", "ac"),
    ],
)
def test_digits_in_quotes_never_order_numbers_and_days_by_their_first_digit(where: str, chosen: str) -> None:
    columns = "account,starting_mrr,ending_mrr,seats,since,day,plan"
    file = table(
        columns,
        [
            ("a", 100, 50, 9, "31/01/2024", "2024-01-31", "S"),
            ("b", 100, 100, 20, "15/03/2024", "2024-03-15", "M"),
            ("c", 50, 35, 100, "02/12/2025", "2025-12-02", "S"),
        ],
    )
    if len(chosen) < 3:
        assert "".join(str(row[0]) for row in rows(calc(file, "nrr", by="account", where=where), "account")) == chosen
    else:
        with pytest.raises(InputError) as refused:
            calc(file, "nrr", by="account", where=where)
        assert chosen in refused.value.hint
