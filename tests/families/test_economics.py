"""What customers cost and bring, and how long the cash lasts, on small tables whose answers are worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from cstool.samples import sample_csv
from tests.families.understanding import understood
from tests.metrics.computing import answer, calc, rows, table, value

# What a customer costs


def test_cac_divides_all_cost_by_all_customers_won() -> None:
    data = table("month,acquisition_cost,new_customers", [["2026-01", 1000, 1], ["2026-02", 3000, 4]])
    assert value(data, "cac") == 800
    assert rows(calc(data, "cac", every="month"), "period", "cac") == [("2026-01", 1000), ("2026-02", 750)]


def test_published_costs_of_winning_and_keeping() -> None:
    assert value(table("period,acquisition_cost,new_customers", [["2026-Q1", 200000, 160]]), "cac") == 1250
    assert value(table("period,retention_cost,retained_customers", [["2026", 200000, 5000]]), "crc") == 40


def test_a_group_has_its_own_cost_and_the_whole_that_of_all_rows() -> None:
    data = table(
        "month,channel,acquisition_cost,new_customers",
        [["2026-01", "ads", 900, 3], ["2026-01", "events", 1100, 1], ["2026-02", "ads", 300, 1]],
    )
    assert rows(calc(data, "cac", by="channel"), "channel", "cac") == [("ads", 300), ("events", 1100)]
    assert value(data, "cac") == 460


def test_no_customer_won_leaves_cac_undefined_with_its_reason() -> None:
    with pytest.raises(UndefinedError, match="new_customers"):
        calc(table("period,acquisition_cost,new_customers", [["2026-01", 100, 0]]), "cac")


def test_a_blank_cell_is_refused_naming_its_line() -> None:
    data = table("period,acquisition_cost,new_customers", [["2026-01", 100, 1], ["2026-02", None, 1]])
    with pytest.raises(InputError, match=r"data\.csv:3 .*blank"):
        calc(data, "cac")


def test_a_missing_column_is_named_and_may_be_given_as_a_value() -> None:
    data = table("period,acquisition_cost", [["2026-01", 100]])
    with pytest.raises(UsageError, match="no column gives new_customers"):
        calc(data, "cac")
    assert value(data, "cac", given={"new_customers": 4}) == 25


def test_crc_is_of_the_last_period_and_of_a_year_with_the_mean_number_kept() -> None:
    data = table("month,retention_cost,retained_customers", [["2026-01", 900, 90], ["2026-02", 1100, 110]])
    assert answer(data, "crc") == {"period": "2026-02", "crc": 10}
    assert answer(data, "crc", as_of="2026") == {"period": "2026", "crc": 20}


def test_cac_payback_from_a_file_takes_the_arpa_of_new_customers() -> None:
    data = table("period,acquisition_cost,new_customers,new_mrr,gross_margin", [["2026-Q1", 30000, 10, 2000, "80%"]])
    assert value(data, "cac-payback") == 18.75


def test_gross_margins_of_several_periods_are_weighted_by_revenue() -> None:
    header = "period,acquisition_cost,new_customers,new_mrr,revenue,gross_margin"
    data = table(header, [["2026-01", 500, 1, 100, 3000, "60%"], ["2026-02", 500, 1, 100, 1000, "100%"]])
    assert value(data, "cac-payback") == pytest.approx(500 / (100 * 0.7))


def test_what_a_file_lacks_for_cac_payback_can_be_given() -> None:
    data = table("period,acquisition_cost,new_customers", [["2026-01", 150000, 50]])
    assert value(data, "cac-payback", given={"arpa": 200, "gross_margin": "0.8"}) == 18.75


def test_gross_margin_and_the_cost_of_customer_success() -> None:
    assert value(table("period,revenue,cogs", [["2026-01", 1000, 100], ["2026-02", 1000, 300]]), "gross-margin") == 0.8
    data = table("month,cs_cost,arr", [["2026-01", 50000, 9e6], ["2026-02", 100000, 15e6]])
    assert value(data, "cs-cost-ratio") == 0.06  # 150,000 in two months are 900,000 a year
    assert value(None, "cs-cost-ratio", given={"retention_cost": 900000, "arr": 15000000}) == 0.06


# Cash

CASH = "period,cash_in,cash_out,cash"
MONTHS = [["2026-01", 10, 40, 100], ["2026-02", 20, 40, 80], ["2026-03", 35, 45, 70]]


def test_burn_is_net_and_per_month_gross_as_a_variant() -> None:
    data = table(CASH, MONTHS)
    assert answer(data, "burn-rate") == {"period": "2026-03", "burn_rate": 10}
    assert answer(data, "burn-rate", as_of="2026-Q1") == {"period": "2026-Q1", "burn_rate": 20}
    assert value(data, "burn-rate", variants=("gross",)) == 45
    assert value(data, "gross-burn") == 45
    assert value(table(CASH, [["2026-Q1", 65, 125, 70]]), "burn-rate") == 20


def test_rows_of_one_month_are_one_month() -> None:
    data = table("month,entity,cash_in,cash_out", [["2026-01", "US", 10, 40], ["2026-01", "UK", 5, 15]])
    assert value(data, "burn-rate") == 40


def test_a_published_net_burn() -> None:
    spent = 50000 + 15000 + 10000 + 5000
    assert value(table("period,cash_in,cash_out", [["2026-01", 30000, spent]]), "burn-rate") == 50000


def test_runway_is_the_last_cash_over_the_monthly_burn() -> None:
    assert answer(table(CASH, MONTHS), "runway") == {"period": "2026-03", "runway": 7}
    assert value(table(CASH, MONTHS), "runway", as_of="2026-Q1") == 3.5
    assert value(table(CASH, [["2026-Q1", 65, 125, 70]]), "runway") == 3.5
    assert value(None, "runway", given={"cash": 1000000, "net_burn": 100000}) == 10


@pytest.mark.parametrize("cash_in", [45, 60])
def test_without_burn_there_is_no_runway(cash_in: int) -> None:
    with pytest.raises(UndefinedError, match="net_burn"):
        calc(table(CASH, [["2026-03", cash_in, 45, 70]]), "runway")


def test_cash_of_two_rows_in_one_period_is_refused() -> None:
    with pytest.raises(InputError, match="several rows"):
        calc(table(CASH, [["2026-01", 1, 2, 3], ["2026-01", 1, 2, 3]]), "runway")


BURN = "period,cash_in,cash_out,new_arr"


def test_the_burn_multiple_is_of_the_same_period() -> None:
    data = table(BURN, [["2026-01", 100000, 500000, 200000], ["2026-02", 100000, 900000, 600000]])
    assert value(data, "burn-multiple") == 1.5


@pytest.mark.parametrize("gained", [0, -5])
def test_without_new_arr_there_is_no_burn_multiple(gained: int) -> None:
    with pytest.raises(UndefinedError, match="net_new_arr"):
        calc(table(BURN, [["2026-01", 1, 2, gained]]), "burn-multiple")


# Growth

QUARTERS = [["2026-Q1", 5000, 2400], ["2026-Q2", 5480, 3000], ["2026-Q3", 5480, 1]]
SPENT = "period,revenue,sales_marketing_cost"


def test_a_month_in_which_a_series_is_undefined_keeps_its_row_and_says_why() -> None:
    data = table("period,cash,cash_in,cash_out", [("2026-01", 9, 0, 3), ("2026-02", 9, 5, 3), ("2026-03", 8, 0, 4)])
    found = calc(data, "runway", every="month")
    assert rows(found, "period", "runway") == [("2026-01", 3), ("2026-02", None), ("2026-03", 2)]
    assert found.undefined() == [
        "runway is undefined in 2026-02: net_burn (cash spent less cash received, sum(cash_out) - sum(cash_in))"
        " is not above zero"
    ]


def test_the_magic_number_takes_the_spending_of_the_quarter_before() -> None:
    found = calc(table(SPENT, QUARTERS), "magic-number", every="quarter")
    assert rows(found, "period", "magic_number") == [("2026-Q1", None), ("2026-Q2", pytest.approx(0.8)), ("2026-Q3", 0)]
    assert answer(table(SPENT, QUARTERS[:2]), "magic-number")["period"] == "2026-Q2"


def test_a_published_magic_number() -> None:
    data = table(SPENT, [["2026-Q1", 0, 1800], ["2026-Q2", 480, 5]])
    assert round(float(str(value(data, "magic-number"))), 2) == 1.07


def months(*quarters: Sequence[int]) -> list[list[object]]:
    """Months of 2026 of quarters, each of which has so much revenue and cost in every month."""
    return [
        [f"2026-{3 * i + month:02d}", revenue, cost]
        for i, (revenue, cost) in enumerate(quarters)
        for month in (1, 2, 3)
    ]


def test_months_make_quarters_and_an_unfinished_one_is_not_taken() -> None:
    data = months((1000, 400), (1160, 999), (5000, 1))
    assert answer(table(SPENT, data[:7]), "magic-number") == {
        "period": "2026-Q2",
        "magic_number": pytest.approx(160 * 3 * 4 / 1200),
    }


def test_a_quarter_after_an_incomplete_one_has_no_magic_number() -> None:
    data = table(SPENT, months((1000, 400), (1160, 999))[1:])
    with pytest.raises(UndefinedError):
        calc(data, "magic-number")


def test_a_quarter_after_a_gap_has_no_magic_number() -> None:
    with pytest.raises(UndefinedError):
        calc(table(SPENT, [QUARTERS[0], QUARTERS[2]]), "magic-number")


def test_each_group_has_its_own_quarter_before() -> None:
    data = table(
        "period,region,revenue,sales_marketing_cost",
        [["2026-Q1", "EU", 10, 4], ["2026-Q1", "US", 90, 50], ["2026-Q2", "EU", 12, 1], ["2026-Q2", "US", 115, 1]],
    )
    assert rows(calc(data, "magic-number", by="region"), "region", "magic_number") == [("EU", 2), ("US", 2)]


def test_the_magic_number_by_month_is_refused() -> None:
    with pytest.raises(UsageError, match="by quarter"):
        calc(table(SPENT, months((1000, 400), (1160, 999))), "magic-number", every="month")


def two_years(margin: str = "-18%") -> list[list[object]]:
    """Months of 2025 with 100 each and of 2026 with 160 each."""
    return [
        [f"{year}-{month:02d}", revenue, margin]
        for year, revenue in ((2025, 100), (2026, 160))
        for month in range(1, 13)
    ]


def test_the_rule_of_40_adds_growth_over_the_year_before_to_the_margin() -> None:
    found = answer(table("period,revenue,operating_margin", two_years()), "rule-of-40")
    assert found == {"period": "2026-12", "rule_of_40": pytest.approx(0.42)}
    yearly = table("period,revenue,operating_margin", [["2025", 10, "9%"], ["2026", 12, "20%"]])
    assert value(yearly, "rule-of-40") == pytest.approx(0.4)
    assert value(None, "rule-of-40", given={"growth": "0.2", "margin": "0.2"}) == Decimal("0.4")


def test_without_two_whole_years_there_is_no_rule_of_40() -> None:
    with pytest.raises(UndefinedError):
        calc(table("period,revenue,operating_margin", two_years()[1:]), "rule-of-40")


# Periods


def test_periods_of_mixed_lengths_are_refused() -> None:
    with pytest.raises(InputError, match="mixes months, quarters and years"):
        calc(table(CASH, [["2026-01", 1, 2, 3], ["2026-Q2", 1, 2, 3]]), "burn-rate")


def test_quarters_cannot_be_told_by_month() -> None:
    with pytest.raises(UsageError, match="periods are quarters"):
        calc(table(CASH, [["2026-Q1", 1, 2, 3]]), "burn-rate", every="month")


# What there is

EVERY = (
    "cac crc cac-payback burn-rate gross-burn runway burn-multiple magic-number rule-of-40 gross-margin cs-cost-ratio"
)


@pytest.mark.parametrize("metric", EVERY.split())
def test_every_metric_can_be_computed_from_the_sample(metric: str) -> None:
    assert answer("".join(sample_csv("spend")), metric)[metric.replace("-", "_")] is not None


def test_only_what_the_columns_give_is_offered_for_a_file() -> None:
    found = understood(table("period,cash_in,cash_out", [["2026-01", 1, 2]]))
    assert {"burn-rate", "gross-burn"} <= set(found.metrics)
    assert found.lacking("runway") == ["cash"]
    assert found.lacking("cac") == ["acquisition_cost", "new_customers"]
    assert {"acquisition_cost", "new_customers"} <= set(found.lacking("cac-payback"))
