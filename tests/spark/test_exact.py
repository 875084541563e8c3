"""No digit and no moment is lost on Spark either: prices, chances, shares, times before midnight, columns compared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.metrics.computing import table
from tests.spark.conftest import Ask

PRICES = "account,start_date,end_date,amount,interval,quantity"
EXACT = {
    "quantities": (
        "mrr",
        table(
            PRICES,
            [
                ("a", "2025-01-01", "", "1000000", "month", "0.0005"),
                ("b", "2025-01-01", "", "100", "month", "0.3333"),
                ("c", "2025-01-01", "", "0.0000004", "month", "1000000"),
                ("d", "2025-01-01", "", "1.0000005", "year", ""),
                ("e", "2025-01-01", "", "10", "week", "3"),
            ],
        ),
    ),
    "a large currency": ("mrr", table(PRICES, [("a", "2025-01-01", "", "120000000000", "year", "")])),
    "chances": (
        "renewal-forecast",
        table(
            "account,due_date,amount,status,probability",
            [
                ("a", "2026-01-31", 10**9, "open", "0.333333333333"),
                ("b", "2026-01-31", 10**9, "open", "66.6666666666%"),
            ],
        ),
    ),
    **{
        f"two accounts of {amount}": (
            "concentration",
            table("account,month,mrr", [("a", "2025-01", amount), ("b", "2025-01", amount), ("c", "2025-01", "0.01")]),
        )
        for amount in ("0.00006", "60", "12345.67", "1000000000000", "10000000000000000000")
    },
    "the last moment of a month": (
        "mrr",
        table("account,date,mrr", [("a", "2023-12-31 23:59:59.9999999", 5), ("a", "2024-01-31T23:59:59.9999999", 10)]),
    ),
    "the last moments of subscriptions": (
        "mrr",
        table(
            "account,start_date,end_date,mrr",
            [
                ("a", "2023-12-31 23:59:59.9999999", "2024-02-29 23:59:59.999999999", 5),
                ("b", "2023-12-01 00:00:00", "", 7),
            ],
        ),
    ),
}


@pytest.mark.parametrize("case", EXACT)
def test_every_digit_and_moment_counts(case: str, tmp_path: Path, both: Ask) -> None:
    metric, text = EXACT[case]
    path = tmp_path / "a.csv"
    path.write_text(text)
    options: dict[str, Any] = {"every": "month"} if "moment" in case else {}
    assert both(path, metric, **options).rows


COLUMNS = "account,starting_mrr,ending_mrr,seats_used,seats_bought,plan,old_plan"
SEATS = [("a", 100, 50, 9, 10, "S", "S"), ("b", 100, 100, 20, 10, "M", "S"), ("c", 100, 70, 100, 20, "S", "S")]


@pytest.mark.parametrize(
    "where",
    [
        "seats_used > seats_bought",
        "seats_used between seats_bought and starting_mrr",
        "seats_used > 9.5 and seats_used > seats_bought",
        "starting_mrr > seats_used",
        "plan = old_plan",
    ],
)
def test_two_columns_of_numbers_are_compared_as_numbers(where: str, tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table(COLUMNS, SEATS))
    assert both(path, "nrr", by=("account",), where=where).rows


def test_columns_of_which_only_some_cells_are_numbers_are_not_compared(tmp_path: Path, both: Ask) -> None:
    path = tmp_path / "a.csv"
    path.write_text(table(COLUMNS, [*SEATS, ("d", 100, 100, "1,000", 10, "S", "S")]))
    assert "plain number" in both(path, "nrr", where="seats_used > seats_bought").error[0]
