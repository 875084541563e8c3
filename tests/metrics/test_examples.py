"""The worked example of every metric, and the files under examples/, compute to what is said of them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from cstool.compute.formulas.catalog import Available
from tests.conftest import ROOT, Run
from tests.metrics.computing import answer, book, calc, value

EXAMPLES = sorted((ROOT / "examples").glob("*.csv"))
METRICS = [one for one in book().catalogue() if one.metric]


@pytest.mark.parametrize("one", METRICS, ids=lambda one: one.name)
def test_the_worked_example_of_a_metric_is_what_its_formula_gives(one: Available) -> None:
    assert one.metric is not None
    given = dict(one.metric.example)
    expected = given.pop("value")
    got = value(None, one.name, given=given)
    assert got is not None
    assert not isinstance(got, str)
    assert math.isclose(float(got), float(expected), rel_tol=1e-12)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_file_needs_no_option(cstool: Run, path: Path) -> None:
    told = cstool("columns", str(path), "-f", "json").json
    assert told["shape"]
    assert told["metrics"]
    ran = cstool("calc", told["metrics"][0], str(path), "-f", "json")
    assert ran.code == 0, ran.err


def test_the_example_files_tell_of_the_same_company() -> None:
    accounts, ledger = (ROOT.joinpath("examples", name).read_text() for name in ("accounts.csv", "ledger.csv"))
    assert {"accounts.csv", "ledger.csv"} <= {path.name for path in EXAMPLES}
    asked = ("nrr", "grr", "mrr", "logo-churn")
    told = answer(ledger, *asked, window=12)
    assert told.pop("period") == "2026-10"
    assert answer(accounts, *asked) == told


def test_every_column_of_the_accounts_example_serves() -> None:
    accounts = (ROOT / "examples" / "accounts.csv").read_text()
    assert len(calc(accounts, "nrr", by=("segment", "region")).rows) > 3
