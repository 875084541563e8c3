"""Every metric and table of the catalogue, on the samples of its shapes: the same rows on Spark as here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cstool.compute.formulas.catalog import Available, catalogue
from cstool.samples import SAMPLES, sample_csv
from tests.metrics.computing import book
from tests.spark.conftest import Ask

NO_FILE = "x-score"  # is made of the scores of other metrics, which are given
MONTHLY = "ledger"  # tables of revenue are asked of one shape

# What has to be said for a sample's rows to carry the metric.
SAID: Mapping[str, Mapping[str, Any]] = {
    "ces": {"where": "Question = 'ces'"},
    "csat": {"where": "Question = 'csat'"},
    "cli": {"where": "Question like 'loyalty%'"},
    "happiness-index": {"where": "Question = 'csat'"},
    "nps": {"where": "Question = 'nps'"},
    "pulse-trend": {"where": "Question = 'nps'"},
    "product-qualified-leads": {"where": "invited >= 3"},
    "early-warning": {"as_of": "2026-10"},
}


def questions() -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Shape, metrics and the measures to be given: what can be asked in one go is."""
    together: dict[tuple[object, ...], list[Available]] = {}
    for one in catalogue(book().glossary):
        for shape in one.shapes:
            if shape.shape not in SAMPLES or (one.table and one.of == "revenue" and shape.shape != MONTHLY):
                continue
            if shape.shape == "movements" and one.name in ("yoy", "qoq"):
                continue  # the sample's periods are months, from which no other window is cut
            needs = one.metric and (one.metric.per or one.metric.needs)
            alone = one.table or one.given or needs or one.name in SAID
            together.setdefault((shape.shape, one.of, one.name if alone else ""), []).append(one)
    for (kind, *_), ones in together.items():
        given = (name for one in ones if not one.table for name in one.given)
        yield str(kind), tuple(one.name for one in ones), tuple(given)


QUESTIONS = list(questions())


def test_no_metric_is_left_out() -> None:
    asked = {name for _, names, _ in QUESTIONS for name in names}
    assert {one.name for one in catalogue(book().glossary)} - asked == {NO_FILE}


@pytest.mark.parametrize(("shape", "metrics", "given"), QUESTIONS, ids=[f"{q[0]}-{q[1][0]}" for q in QUESTIONS])
def test_a_sample_gives_the_same_rows(
    shape: str, metrics: tuple[str, ...], given: tuple[str, ...], tmp_path: Path, both: Ask
) -> None:
    sample = tmp_path / f"{shape}.csv"
    sample.write_text("".join(sample_csv(shape)))
    config = None
    if shape == "signals":
        (tmp_path / "weights.yaml").write_text("".join(sample_csv("health-config")))
        config = str(tmp_path / "weights.yaml")
    values = {name: Decimal("0.75") for name in given}
    said = dict(SAID.get(metrics[0], {"by": ("Question",)} if shape == "responses" else {}))
    found = both(sample, *metrics, given=values, config=config, **said)
    assert found.rows
    assert not found.here
