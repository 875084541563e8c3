"""What is run on a file and what is printed for a table mean the same: every metric, input type and kind of period."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from cstool.compute.described import UNSUPPORTED
from cstool.model.periods import FiscalYear
from cstool.samples import SAMPLES, sample_csv
from tests.warehouse.comparing import CHOSEN, compare, shapes, sql_table
from tests.warehouse.conftest import Memory

PERIODS: tuple[Mapping[str, Any], ...] = (
    {"every": "month"},
    {"as_of": "2026-Q2"},
    {"as_of": "2026-06-15"},
    {"as_of": "2026-06", "every": "quarter"},
    {"window": 3},
    {"every": "year", "year": FiscalYear(2)},
    {"as_of": "FY2026-Q3", "year": FiscalYear(10)},
)
EVERY = [(name, shape) for name in CHOSEN for shape in shapes(name) if shape in SAMPLES and shape not in UNSUPPORTED]
QUICK = [
    ("nrr", "subscriptions", {"every": "quarter"}),
    ("logo-churn", "customers", {"as_of": "2026-06-15"}),
    ("yoy", "movements", {"every": "quarter"}),
    ("dau", "events", {"as_of": "2026-09"}),
    ("dau", "events", {"every": "quarter", "given": {"weekdays": Decimal(1)}}),
    ("first-response-time", "tickets", {"every": "month"}),
    ("rule-of-40", "spend", {}),
    ("concentration", "mrr-changes", {}),
    ("mrr", "ledger", {"every": "quarter", "year": FiscalYear(2)}),
    ("new-mrr", "movements", {"every": "year", "year": FiscalYear(8, "start")}),
    ("magic-number", "spend", {"every": "quarter", "year": FiscalYear(3)}),
    ("ticket-volume", "tickets", {"as_of": "FY2027-Q1", "year": FiscalYear(6)}),
]


@pytest.mark.parametrize(("name", "shape", "options"), QUICK)
def test_a_metric_of_each_kind_is_the_same(memory: Memory, name: str, shape: str, options: Mapping[str, Any]) -> None:
    compare(memory, name, shape, **options)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "shape"), EVERY)
def test_every_metric_and_input_type_is_the_same(memory: Memory, name: str, shape: str) -> None:
    compare(memory, name, shape, explain=not sql_table(name))
    for options in PERIODS:
        compare(memory, name, shape, **options)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "shape"), EVERY)
def test_every_metric_and_input_type_is_the_same_by_group(memory: Memory, name: str, shape: str) -> None:
    header = next(sample_csv(shape)).strip().split(",")
    groups = [one for one in header if one.lower() in ("segment", "group", "channel")]
    if groups:
        compare(memory, name, shape, by=tuple(groups[:1]))
        compare(memory, name, shape, by=tuple(groups[:1]), total=True, every="year")
