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


def test_growth_over_a_year_is_not_read_from_movements_of_months() -> None:
    with pytest.raises(UsageError, match=r"yoy is over 12 months, and .* has a row a month"):
        calc(table("month,opening mrr,new mrr,churn mrr", BRIDGE), "yoy")
    assert value(table("month,opening mrr,new mrr,churn mrr", BRIDGE[:1]), "mom") == 0.15
