"""Shares above 100% are refused with what was probably meant; what may be above 100% is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Run
from tests.metrics.computing import table

Write = Callable[..., str]

MISTYPED = [
    ("ltv", "arpa=120 churn=2% gross_margin=78", "did you mean 78%?"),
    ("ltv", "arpa=120 churn=2 gross_margin=78%", "did you mean 2%?"),
    ("logo-churn", "customers_lost=200 customers_start=180", "customers_lost is counted among customers_start"),
    ("activation-rate", "activated=12 signed_up=10", "activated is counted among signed_up"),
    ("csat", "satisfied=12 responses=10", "satisfied is counted among responses"),
]


@pytest.mark.parametrize(("metric", "values", "hint"), MISTYPED)
def test_a_value_above_its_whole_is_refused_with_the_likely_meaning(
    cstool: Run, metric: str, values: str, hint: str
) -> None:
    ran = cstool("calc", metric, *(word for value in values.split() for word in ("--set", value)))
    assert (ran.code, ran.out) == (2, "")
    assert hint in ran.err


@pytest.mark.parametrize(
    ("metric", "values"),
    [
        ("utilization", "seats_used=12 seats_purchased=10"),
        ("quota-attainment", "attained=12 quota=10"),
        ("nrr", "starting=100 expansion=300 contraction=0 churned=0"),
        ("rule-of-40", "growth=1.4 margin=-0.2"),
        ("logo-churn", "customers_lost=180 customers_start=180"),
    ],
)
def test_what_may_be_above_its_whole_is_computed(cstool: Run, metric: str, values: str) -> None:
    assert cstool("calc", metric, *(word for value in values.split() for word in ("--set", value))).code == 0


@pytest.mark.parametrize("metric", ["logo-churn", "retention-rate"])
def test_a_file_that_states_more_customers_lost_than_there_were_is_refused(
    cstool: Run, write: Write, metric: str
) -> None:
    text = table("period,starting_mrr,churned_mrr,customers_start,customers_lost", [("2026-01", 100, 10, 10, 20)])
    ran = cstool("calc", metric, write("a.csv", text))
    assert (ran.code, ran.out) == (3, "")
    assert "2026-01" in ran.err
    assert cstool("calc", "revenue-churn", write("a.csv", text)).code == 0
