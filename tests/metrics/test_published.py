"""Worked examples that others have published, from values given directly; compared half up at the places they state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.metrics.computing import calc, table, value


@dataclass(frozen=True)
class Case:
    """A published example: `expected` as printed there, percent as 92.5, with so many `places`."""

    id: str
    source: str
    metric: str
    measures: Mapping[str, str | int]
    expected: str
    places: int = 0
    percent: bool = False


def percent(id_: str, source: str, metric: str, expected: str, places: int = 0, **measures: str | int) -> Case:
    return Case(id_, source, metric, measures, expected, places, percent=True)


def plain(id_: str, source: str, metric: str, expected: str, places: int = 0, **measures: str | int) -> Case:
    return Case(id_, source, metric, measures, expected, places)


# fmt: off
REVENUE = [
    percent("dnoise-nrr", "DNoise: NRR/NDR", "nrr", "105",
            starting=200000, expansion=20000, contraction=4000, churned=6000),
    percent("coachpms-ndr", "CoachPMs: Net Dollar Retention", "nrr", "105",
            starting=1000000, expansion=200000, contraction=50000, churned=100000),
    percent("maxim-grr", "MaximCalculator: GRR", "grr", "90", starting=50000, churned=3000, contraction=2000),
    percent("runfutureproof-revenue-churn", "Futureproof: Logo vs revenue churn", "revenue-churn", "2.5", 1,
            starting=100000, churned=2500, contraction=0),
    percent("navigator-a-logo", "Navigator: Logo vs revenue churn", "logo-churn", "3",
            customers_start=200, customers_lost=6),
    percent("navigator-a-revenue", "Navigator: Logo vs revenue churn", "revenue-churn", "11",
            starting=500000, churned=55000, contraction=0),
    percent("navigator-b-revenue", "Navigator: Logo vs revenue churn", "revenue-churn", "2",
            starting=500000, churned=10000, contraction=0),
    percent("metrickit-logo-churn", "MetricKit glossary: Logo churn", "logo-churn", "3",
            customers_start=1000, customers_lost=30),
    percent("prime-logo-churn", "ThePrimeCalculator: Logo churn", "logo-churn", "3",
            customers_start=500, customers_lost=15),
    percent("posthog-churn-tutorial", "PostHog tutorial: churn rate", "logo-churn", "20",
            customers_start=100, customers_lost=20),
    percent("churnmiser-retention", "ChurnMiser: churn for a store", "retention-rate", "85",
            customers_start=2000, customers_retained=1700),
    percent("chartmogul-net-mrr-churn-shopify-day", "ChartMogul Help Center: Net MRR Churn Rate", "net-revenue-churn",
            "-10", starting=100, expansion=10, contraction=0, churned=0),
    percent("qoq-down", "Quarterly revenue growth explainer", "qoq", "-12.5", 1, starting=400000, ending=350000),
    plain("stripe-annual-normalised", "Stripe Support: Billing analytics", "mrr", "100", ending=100),
    plain("calculatorcity-mrr-arr", "calculator.city: subscription metrics", "arr", "600000", ending=50000),
    plain("calculatorcity-arpu", "calculator.city: subscription metrics", "arpa", "50",
          ending=50000, customers_end=1000),
    plain("productgrowth-freemium-mrr", "ProductGrowth: freemium", "mrr", "27500", ending=27500),
    plain("prime-quick-ratio-net", "ThePrimeCalculator: quick ratio", "net-new-mrr", "23000",
          new=25000, expansion=10000, churned=8000, contraction=4000),
    plain("calculatorcity-ltv", "calculator.city: subscription metrics", "ltv", "2500", arpa=50, churn="2%"),
    plain("chartmogul-ltv", "ChartMogul Help Center: Customer LTV", "ltv", "2000", arpa=100, churn="5%"),
    plain("launchrock-ltv", "Startups.com/Launchrock: LTV", "ltv", "8000", arpa=200, gross_margin="80%", churn="2%"),
    plain("metrickit-ltv", "MetricKit glossary: LTV", "ltv", "20000", arpa=500, gross_margin="0.8", churn="0.02"),
    plain("calculatorcity-lifetime", "calculator.city: subscription metrics", "customer-lifetime", "50", churn="2%"),
]
OTHERS = [
    plain("metrichq-ltv-cac", "MetricHQ: LTV to CAC vs magic number", "ltv-cac", "2.5", 1, ltv=15000, cac=6000),
    plain("lighter-cac", "Lighter Capital: LTV/CAC", "cac", "1250", acquisition_cost=200000, new_customers=160),
    plain("dnoise-cac", "DNoise: CAC payback", "cac", "3000", acquisition_cost=150000, new_customers=50),
    plain("dnoise-cac-payback", "DNoise: CAC payback", "cac-payback", "18.75", 2,
          cac=3000, arpa=200, gross_margin="80%"),
    plain("operately-crc", "Operately KPI examples: customer retention cost", "crc", "20",
          retention_cost=10000, retained_customers=500),
    plain("zorian-crc", "Zorian (after Totango): CRC", "crc", "40", retention_cost=200000, retained_customers=5000),
    plain("sacks-burn-multiple", "David Sacks, video transcript", "burn-multiple", "3", net_burn=3, net_new_arr=1),
    plain("deckmetric-burn", "DeckMetric glossary", "burn-multiple", "1.5", 1, net_burn=4800000, net_new_arr=3200000),
    plain("aibizhub-burn", "AIBizHub methodology", "burn-multiple", "2.0", 1, net_burn=500000, net_new_arr=250000),
    plain("inflection-net-burn", "Inflection CFO: burn vs runway", "burn-rate", "50000", cash_out=80000, cash_in=30000),
    plain("uxcel-runway", "Uxcel: burn and runway", "runway", "10", cash=1000000, net_burn=100000),
    plain("xlslides-magic-number", "XLSlides: magic number", "magic-number", "1.07", 2,
          revenue=480000, previous_revenue=0, previous_sales_marketing_cost=1800000),
    percent("financeband-rule40-a", "FinanceBand", "rule-of-40", "40", growth="20%", margin="20%"),
    plain("proprofs-nps", "ProProfs Survey Maker: NPS", "nps", "16", promoters=100, detractors=60, responses=250),
    percent("chatwoot-csat", "Chatwoot csat getters spec", "csat", "50.00", 2, satisfied=27, responses=54),
    percent("sparrowdesk-fcr", "SparrowDesk: FCR", "fcr", "60", first_contact=120, tickets=200),
    percent("healthtech-activation-1", "HealthTech5000: activation metrics", "activation-rate", "25",
            activated=500, signed_up=2000),
    percent("productgrowth-freemium", "ProductGrowth: freemium", "freemium-conversion", "2.2", 1,
            converted=1100, signed_up=50000),
    percent("pitchkit-dau-mau", "PitchKit glossary", "stickiness", "30", daily_active=15000, monthly_active=50000),
    percent("posthog-facebook-dau-mau", "PostHog tutorial: DAU/MAU", "stickiness", "68",
            daily_active="2.04", monthly_active="2.99"),
    percent("planhat-renewal-dollar", "Planhat: SaaS renewal rate", "renewal-rate", "80", renewed=8000, due=10000),
    percent("concentrix-in-quarter", "Concentrix: calculate your renewal rate", "on-time-renewal-rate", "82",
            renewed_on_time=82, due=100),
    percent("rekener-quota", "Rekener: quota attainment", "quota-attainment", "94", attained=235000, quota=250000),
    percent("calcacademy-quota", "Calculator Academy: quota attainment", "quota-attainment", "111.11", 2,
            attained=50000, quota=45000),
    percent("climb-quota", "ClimbTheLadder: quota attainment", "quota-attainment", "80", attained=120000, quota=150000),
    plain("legalcalc-tcv-ramp", "LegalCalcHub: contract value", "tcv", "538000",
          annual=171000, years=3, one_time_fees=25000),
    plain("legalcalc-acv-ramp", "LegalCalcHub: contract value", "acv", "171000",
          tcv=538000, one_time_fees=25000, years=3),
]
# fmt: on


def half_up(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def fraction(text: str | int) -> Decimal:
    """A value as --set reads it."""
    bare = str(text)
    return Decimal(bare[:-1]) / 100 if bare.endswith("%") else Decimal(bare)


@pytest.mark.parametrize("case", [*REVENUE, *OTHERS], ids=lambda case: case.id)
def test_a_published_example_gives_its_published_number(case: Case) -> None:
    measures = {name: fraction(number) for name, number in case.measures.items()}
    got = Decimal(str(value(None, case.metric, given=measures))) * (100 if case.percent else 1)
    assert half_up(got, case.places) == Decimal(case.expected), f"{case.source}: {got}"


def test_a_bridge_closes_with_what_calclet_says() -> None:
    text = table("starting mrr,new mrr,expansion mrr,lost mrr", [(380000, 42000, 28000, 22000)])
    assert value(text, "mrr") == 428000


# Charged by the year, seen by the month.


def test_an_annual_subscription_is_a_twelfth_a_month_as_stripe_says() -> None:
    text = table("customer,start_date,amount,interval", [("A", "2026-01-01", 1200, "year")])
    assert value(text, "mrr") == 100


def test_four_yearly_seats_are_as_much_new_mrr_as_chartmogul_says() -> None:
    text = table("customer,start_date,amount,interval,quantity", [("A", "2026-01-01", 500, "year", 4)])
    new = value(text, "new-mrr")
    assert isinstance(new, Decimal)
    assert half_up(new, 2) == Decimal("166.67")


def test_a_ramp_deal_has_the_mrr_of_its_year_as_legalcalchub_says() -> None:
    ramp = [
        ("A", "2026-01-01", "2027-01-01", 162000, "year"),
        ("A", "2027-01-01", "2028-01-01", 171000, "year"),
        ("A", "2028-01-01", "2029-01-01", 180000, "year"),
    ]
    text = table("customer,start_date,end_date,amount,interval", ramp)
    assert value(text, "mrr", as_of="2026-05") == 13500
    assert value(text, "mrr", as_of="2028-05") == 15000


def test_contracts_of_a_half_year_count_twice_in_arr_as_displayr_says() -> None:
    contracts = [
        ("A", "2016-01-01", "2017-01-01", 100, "year"),
        ("A", "2016-07-01", "2017-01-01", 100, "6 months"),
        ("B", "2016-08-01", "2017-08-01", 100, "year"),
    ]
    text = table("customer,start_date,end_date,amount,interval", contracts)
    arr = value(text, "arr", as_of="2016-08")
    assert isinstance(arr, Decimal)
    assert half_up(arr, 2) == 400


# A month's churn brought to a year.

CHURNKEY = {
    1: "11.36", 2: "21.53", 3: "30.62", 4: "38.73", 5: "45.96", 6: "52.41", 7: "58.14", 8: "63.23", 9: "67.75",
    10: "71.76", 11: "75.3", 12: "78.43", 13: "81.2", 14: "83.63", 15: "85.78", 16: "87.66", 17: "89.31", 18: "90.76",
    19: "92.02", 20: "93.13", 21: "94.09", 22: "94.93", 23: "95.66", 24: "96.29", 25: "96.83", 26: "97.3", 27: "97.71",
    28: "98.06", 29: "98.36",
}  # fmt: skip


def annual(lost: int, start: int) -> Decimal:
    """The year's churn, in percent, that a month of so much churn compounds to."""
    given = {"customers_lost": lost, "customers_start": start}
    return Decimal(str(value(None, "logo-churn", given=given, annualise=True))) * 100


def test_three_percent_a_month_compound_to_the_year_that_theprimecalculator_prints() -> None:
    assert half_up(annual(15, 500), 1) == Decimal("30.6")


@pytest.mark.parametrize("monthly", CHURNKEY)
def test_a_months_churn_compounds_to_the_year_that_churnkey_prints(monthly: int) -> None:
    assert half_up(annual(monthly, 100), 2) == Decimal(CHURNKEY[monthly])


def test_a_ledger_is_brought_to_a_year_as_the_values_are() -> None:
    lost = [(f"A{i}", "2026-01", 10) for i in range(3)]
    kept = [(f"B{i}", month, 10) for i in range(97) for month in ("2026-01", "2026-02")]
    text = table("account,month,mrr", [*lost, *kept])
    result = calc(text, "logo-churn", annualise=True)
    assert half_up(Decimal(str(result.rows[0]["logo_churn"])) * 100, 2) == Decimal("30.62")
    assert any("brought from 1 month to a year, compounded" in note for note in result.notes)
