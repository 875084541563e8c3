"""Samples: of every shape, the same for the same seed, and all of one seed tell of the same company."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from cstool.cli import app
from cstool.compute.formulas.catalog import Available
from cstool.errors import UsageError
from cstool.model.results import Result
from cstool.render.words import compute_hint
from cstool.samples import SAMPLES, sample_csv
from tests.conftest import Run
from tests.metrics.computing import answer, book, calc

REVENUE = sorted({shape.shape for one in book().catalogue() if one.of == "revenue" for shape in one.shapes})


def sample(shape: str, accounts: int = 15, seed: int = 3) -> str:
    return "".join(sample_csv(shape, accounts, seed))


def test_every_shape_has_a_sample() -> None:
    assert set(book().glossary.shapes) == set(SAMPLES)


@pytest.mark.parametrize("shape", sorted(SAMPLES))
def test_a_sample_is_the_same_for_the_same_seed_and_another_for_another(shape: str) -> None:
    assert sample(shape) == sample(shape)
    assert sample(shape) != sample(shape, seed=4)


COUNTED = ("customers", "customer-counts", "churn-flags")  # customers without their MRR


@pytest.mark.parametrize("shape", REVENUE)
def test_all_samples_of_a_seed_tell_of_the_same_company(shape: str) -> None:
    text = sample(shape)
    if shape in COUNTED or shape == "mrr-series":
        asked = ("logo-churn", "retention-rate") if shape in COUNTED else ("mrr", "mom", "yoy")
        told = answer(sample("ledger"), *asked, as_of="2026-10", window=12 if shape == "churn-flags" else None)
        found = answer(text, *asked, as_of=None if shape == "churn-flags" else "2026-10")
        for key in asked:
            assert found[key.replace("-", "_")] == told[key.replace("-", "_")]
        return
    if shape == "movements":
        expected = answer(sample("ledger"), "mrr", "churned-mrr", "logo-churn")
        assert answer(text, "mrr", "churned-mrr", "logo-churn") == expected
        return
    asked = ("nrr", "grr", "mrr")
    expected = answer(sample("ledger"), *asked, as_of="2026-10")
    if shape == "snapshot":
        expected.pop("period")
        assert answer(text, *asked) == expected
    else:
        assert answer(text, *asked, as_of="2026-10") == expected


CATALOGUE = book().catalogue()
SHAPES = sorted({(one.of, shape.shape) for one in CATALOGUE for shape in one.shapes})

# What has to be said beside some files: which question is meant, what no file knows.
SAID: Mapping[str, Mapping[str, Any]] = {
    **{name: {"where": f"question = '{name}'"} for name in ("nps", "csat", "ces")},
    "happiness-index": {"where": "question = 'csat'"},
    "pulse-trend": {"where": "question = 'csat'"},
    "cli": {"where": "question like 'loyalty%'"},
    "product-qualified-leads": {"where": "invited >= 3"},
    "ltv-cac": {"given": {"ltv": 9000}},
    "adoption-rate": {"given": {"eligible_users": 500}},
    "product-consumption": {"given": {"features_offered": 12}},
    "early-warning": {"as_of": "2026-10"},
}


def serving(relation: str, shape: str) -> list[Available]:
    """What can be computed from a shape on the way to a relation."""
    return [one for one in CATALOGUE if one.of == relation and any(own.shape == shape for own in one.shapes)]


def told(result: Result) -> set[str]:
    """The values of a result that are defined in some row."""
    return {column.key for column in result.values if any(row[column.key] is not None for row in result.rows)}


@pytest.mark.parametrize("shape", REVENUE)
def test_every_revenue_metric_is_defined_in_the_sample_of_each_of_its_shapes(shape: str) -> None:
    text = sample(shape, accounts=40)
    every = None if shape in ("snapshot", "churn-flags") else "month"
    names = [one.name for one in serving("revenue", shape) if not one.table]
    if shape == "movements":  # of months, from which no other fixed window can be cut
        names = [name for name in names if name not in ("yoy", "qoq")]
    assert told(calc(text, *names, every=every)) == {name.replace("-", "_") for name in names}


@pytest.mark.parametrize("shape", REVENUE)
def test_every_revenue_table_can_be_made_of_the_sample_of_each_of_its_shapes(shape: str) -> None:
    text = sample(shape, accounts=40)
    for one in serving("revenue", shape):
        if one.table:
            assert calc(text, one.name).rows, one.name


@pytest.mark.parametrize(
    ("relation", "shape"), [pair for pair in SHAPES if pair[0] != "revenue"], ids=lambda name: str(name)
)
def test_everything_else_is_defined_in_the_sample_of_each_of_its_shapes(
    relation: str, shape: str, write: Callable[..., str]
) -> None:
    text = sample(shape, accounts=40)
    config = write("health.yaml", sample("health-config"))
    for one in serving(relation, shape):
        said = dict(SAID.get(one.name, {}))
        if one.of == "health":
            said["config"] = config
        result = calc(text, one.name, **said)
        assert told(result) or (one.table and result.rows), one.name


def test_a_sample_pipes_into_calc(cstool: Run) -> None:
    out = cstool("sample", "ledger", "--accounts", "10", "--seed", "5").out
    ran = cstool("calc", "mrr,nrr", "-", "-f", "json", stdin=out)
    assert ran.code == 0
    assert set(ran.json[0]) == {"period", "mrr", "nrr"}


def test_a_sample_that_is_none_is_refused_listing_those_there_are() -> None:
    with pytest.raises(UsageError, match="no sample of 'pivot'") as refused:
        next(iter(sample_csv("pivot")))
    assert "ledger" in refused.value.hint


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_the_command_that_a_card_names_runs(
    one: Available, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it is printed, from its sample or its own example, in this process."""
    config = tmp_path / "health.yaml"
    config.write_text("".join(sample_csv("health-config")))
    command = compute_hint(one.term, one.sample).replace("<(cstool sample health-config)", shlex.quote(str(config)))
    *sampled, computed = (shlex.split(part) for part in command.split(" | "))
    text = sample(sampled[0][2], 40, 1) if sampled else ""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert not typer.main.get_command(app).main(computed[1:], prog_name="cstool", standalone_mode=False)
    assert [*sampled, computed][0][0] == computed[0] == "cstool"
    assert capsys.readouterr().out
