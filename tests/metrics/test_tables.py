"""Metrics that are tables: the bridge, cohorts, concentration, the forecast, and two metrics told apart on a file."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from tests.conftest import Run
from tests.metrics.companies import BASE, month_text
from tests.metrics.computing import calc, rows, table

Write = Callable[..., str]

# Ann and Ben join in January, Cat in February, Dan in March; Ben skips March, Ann leaves after March.
COHORTS = table(
    "account,month,mrr,plan",
    [
        ("Ann", "2026-01", 100, "pro"),
        ("Ann", "2026-02", 150, "pro"),
        ("Ann", "2026-03", 150, "pro"),
        ("Ben", "2026-01", 300, "basic"),
        ("Ben", "2026-02", 300, "basic"),
        ("Ben", "2026-03", 0, "basic"),
        ("Ben", "2026-04", 200, "basic"),
        ("Cat", "2026-02", 200, ""),
        ("Cat", "2026-03", 100, ""),
        ("Cat", "2026-04", 100, ""),
        ("Dan", "2026-03", 50, "pro"),
        ("Dan", "2026-04", 50, "pro"),
    ],
)


def test_cohorts_by_month_of_first_payment() -> None:
    result = calc(COHORTS, "cohort-retention")
    assert rows(result, "cohort", "age", "size", "customers", "mrr") == [
        ("2026-01", 0, 2, 2, 400),
        ("2026-01", 1, 2, 2, 450),
        ("2026-01", 2, 2, 1, 150),
        ("2026-01", 3, 2, 1, 200),
        ("2026-02", 0, 1, 1, 200),
        ("2026-02", 1, 1, 1, 100),
        ("2026-02", 2, 1, 1, 100),
        ("2026-03", 0, 1, 1, 50),
        ("2026-03", 1, 1, 1, 50),
        ("all", 0, 4, 4, 650),
        ("all", 1, 4, 4, 600),
        ("all", 2, 3, 2, 250),
        ("all", 3, 2, 1, 200),
    ]


def test_the_shares_of_cohorts_and_their_mean_weighted_by_size() -> None:
    result = calc(COHORTS, "cohort-retention")
    shares = {(row["cohort"], row["age"]): row for row in result.rows}
    assert shares["2026-01", 2]["logo_retention"] == 0.5
    assert shares["2026-01", 2]["revenue_retention"] == 150 / 400
    assert shares["all", 2]["logo_retention"] == pytest.approx(2 / 3)
    assert shares["all", 2]["revenue_retention"] == pytest.approx(250 / 600)
    assert ("2026-02", 3) not in shares


def test_a_cohort_of_quarters_is_counted_at_the_quarters_ends() -> None:
    result = calc(COHORTS.replace("2026-01", "2025-12"), "cohort-retention", every="quarter")
    assert rows(result, "cohort", "age", "size", "customers", "mrr") == [
        ("2025-Q4", 0, 2, 2, 400),
        ("2025-Q4", 1, 2, 1, 150),
        ("2026-Q1", 0, 2, 2, 150),
        ("all", 0, 4, 4, 550),
        ("all", 1, 2, 1, 150),
    ]


def test_cohorts_as_of_an_earlier_month_know_nothing_later() -> None:
    result = calc(COHORTS, "cohort-retention", as_of="2026-02")
    assert rows(result, "cohort", "age", "customers") == [
        ("2026-01", 0, 2),
        ("2026-01", 1, 2),
        ("2026-02", 0, 1),
        ("all", 0, 3),
        ("all", 1, 2),
    ]


def test_cohorts_by_group_keep_accounts_without_a_group() -> None:
    result = calc(COHORTS, "cohort-retention", by="plan", as_of="2026-03")
    kept = {(plan, cohort, age): n for plan, cohort, age, n in rows(result, "plan", "cohort", "age", "customers")}
    assert kept["basic", "2026-01", 0] == 1
    assert kept["basic", "2026-01", 2] == 0
    assert kept["pro", "2026-01", 2] == 1
    assert kept[None, "2026-02", 1] == 1


def test_cohorts_need_months() -> None:
    with pytest.raises(InputError, match=r"needs each account's MRR by month|no column for"):
        calc(table("account,starting_mrr,ending_mrr", [("A", 1, 2)]), "cohort-retention")


# Concentration


def test_concentration_by_hand() -> None:
    amounts = [500, 200, 100, *[20] * 10]
    text = table("account,starting_mrr,ending_mrr", [(f"A{i}", 1, mrr) for i, mrr in enumerate(amounts)])
    [(accounts, mrr, top, top_10, hhi)] = rows(calc(text, "concentration"))
    assert (accounts, mrr) == (13, 1000)
    assert (top, top_10) == (0.5, 0.94)
    assert hhi == pytest.approx(0.25 + 0.04 + 0.01 + 10 * 0.0004, abs=1e-15)


def test_one_account_is_all_there_is_and_those_without_mrr_do_not_count() -> None:
    text = table("account,starting_mrr,ending_mrr", [("A", 0, 10), ("B", 10, 0)])
    assert rows(calc(text, "concentration")) == [(1, 10, 1, 1, 1)]


def test_concentration_of_a_month_and_by_group() -> None:
    result = calc(COHORTS, "concentration", as_of="2026-03", by="plan")
    assert rows(result, "plan", "accounts", "top_1_share") == [("pro", 2, 0.75), (None, 1, 1)]
    assert any("2026-03" in note for note in result.notes)


# Forecast


def steady(months: int, growth: int) -> str:
    """A company that wins a customer of the same MRR every month and loses nothing."""
    return table(
        "account,month,mrr",
        [(f"A{i}", month_text(BASE + month), growth) for month in range(months) for i in range(month + 1)],
    )


def test_a_company_that_grows_by_a_constant_is_foreseen_exactly() -> None:
    result = calc(steady(10, 100), "recurring-revenue-forecast", ahead=4)
    assert rows(result, "period", "mrr", "low", "high") == [
        (month_text(BASE + 10 + i), 1100 + 100 * i, 1100 + 100 * i, 1100 + 100 * i) for i in range(4)
    ]
    assert any("held out" in note and "+0.0%" in note for note in result.notes)


def test_a_company_that_loses_a_constant_share_is_foreseen_exactly() -> None:
    text = table("account,month,mrr", [("A", month_text(BASE + i), Decimal(1024) / 2**i) for i in range(8)])
    result = calc(text, "recurring-revenue-forecast", ahead=2)
    assert [row["mrr"] for row in result.rows] == [pytest.approx(4), pytest.approx(2)]


def test_a_forecast_goes_on_like_the_mean_of_the_months_it_learns_from() -> None:
    # A pays 1000 throughout; the others come in alternating months with 100 and 300, and stay.
    won = [("A", 0, 1000), *((f"B{i}", i, 100 if i % 2 else 300) for i in range(1, 7))]
    told = [(who, month_text(BASE + month), mrr) for who, first, mrr in won for month in range(first, 7)]
    result = calc(table("account,month,mrr", told), "recurring-revenue-forecast", ahead=2)
    assert [row["mrr"] for row in result.rows] == [pytest.approx(2200 + 200), pytest.approx(2200 + 400)]
    # Each of the six months missed the mean by 100; 8 of 10 months lie within 1.2816 standard deviations.
    spread = 1.2816 * (6 * 100**2 / 5) ** 0.5
    assert result.rows[0]["high"] == pytest.approx(2400 + spread)
    assert result.rows[1]["low"] == pytest.approx(2600 - spread * 2**0.5)


def test_the_range_of_a_forecast_widens_and_holds_its_middle() -> None:
    text = table("account,month,mrr", [("A", month_text(BASE + i), 100 + (i * 37) % 23) for i in range(9)])
    ranges = [
        (low, mrr, high) for low, mrr, high in rows(calc(text, "recurring-revenue-forecast"), "low", "mrr", "high")
    ]
    widths = [float(str(high)) - float(str(low)) for low, _, high in ranges]
    assert all(float(str(low)) < float(str(mrr)) < float(str(high)) for low, mrr, high in ranges)
    assert widths == sorted(widths)
    assert len(ranges) == 6


def test_a_forecast_from_too_few_months_is_refused() -> None:
    with pytest.raises(UndefinedError, match="7 months are needed") as refused:
        calc(steady(4, 100), "recurring-revenue-forecast")
    assert "--window" in refused.value.hint
    assert rows(calc(steady(4, 100), "recurring-revenue-forecast", window=3, ahead=1), "mrr") == [(500,)]


def test_a_forecast_takes_no_groups() -> None:
    with pytest.raises(UsageError, match="takes no --by"):
        calc(COHORTS, "recurring-revenue-forecast", by="plan", window=2)


# The bridge


def test_the_bridge_has_a_row_for_every_month_after_the_first() -> None:
    result = calc(COHORTS, "mrr-movements")
    keys = ("period", "opening", "new", "reactivation", "expansion", "contraction", "churned", "closing", "customers")
    assert rows(result, *keys) == [
        ("2026-02", 400, 200, 0, 50, 0, 0, 650, 3),
        ("2026-03", 650, 50, 0, 0, 100, 300, 300, 3),
        ("2026-04", 300, 0, 200, 0, 0, 150, 350, 3),
    ]


def test_the_bridge_of_a_snapshot_is_one_row() -> None:
    text = table("account,starting_mrr,ending_mrr", [("A", 100, 150), ("B", 50, 0), ("C", 0, 30)])
    keys = ("opening", "new", "expansion", "contraction", "churned", "closing", "customers")
    assert rows(calc(text, "mrr-movements"), *keys) == [(100 + 50, 30, 50, 0, 50, 180, 2)]


# Two metrics on one file


def test_diff_with_data_computes_both_and_says_what_only_one_uses(cstool: Run, write: Write) -> None:
    text = table("account,starting_mrr,ending_mrr", [("A", 100, 150), ("B", 100, 60), ("C", 50, 0), ("D", 10, 90)])
    ran = cstool("diff", "nrr", "grr", "--data", write("s.csv", text), "-f", "json")
    assert ran.code == 0
    assert set(ran.json["terms"]) == {"net-revenue-retention", "gross-revenue-retention"}
    assert ran.json["written"] is True
    data = ran.json["data"]
    assert data["rows"][0]["nrr"] == pytest.approx(300 / 260)
    assert data["rows"][0]["grr"] == pytest.approx(170 / 260)
    assert data["only_in_one"] == {"expansion": {"metric": "nrr", "value": 130}}
    assert [one["account"] for one in data["accounts"]] == ["D", "A"]


def test_diff_with_data_gives_both_metrics_the_same_window(cstool: Run, write: Write) -> None:
    months = [("A", month_text(BASE + i), 100 - i) for i in range(13)]
    ran = cstool(
        "diff", "nrr", "revenue churn", "--data", write("l.csv", table("account,month,mrr", months)), "-f", "json"
    )
    [row] = ran.json["data"]["rows"]
    assert (row["nrr"], row["revenue_churn"]) == (0.88, 0.12)


def test_diff_with_data_needs_two_numbers(cstool: Run, write: Write) -> None:
    ran = cstool("diff", "nrr", "customer", "--data", write("s.csv", COHORTS))
    assert (ran.code, ran.out) == (2, "")
    assert "is not a number that calc computes" in ran.err


def test_a_table_refuses_an_option_that_it_has_no_use_for() -> None:
    with pytest.raises(UsageError, match="concentration has no use for --every"):
        calc(COHORTS, "concentration", every="month")
    with pytest.raises(UsageError, match="recurring-revenue-forecast has no use for --every"):
        calc(COHORTS, "recurring-revenue-forecast", every="quarter")
