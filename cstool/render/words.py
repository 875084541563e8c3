"""Parts of an entry in words: its unit, its worked example, the command that computes it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cstool.glossary.entries import Metric, Term, Variant
from cstool.render.cells import plain_number
from cstool.render.units import shown


def compute_hint(term: Term, shape: str | None) -> str:
    """A command that computes the metric as it stands: from a sample of a kind of file, else from its own example."""
    kind = term.metric or term.table
    assert kind is not None
    if shape or not term.metric:
        return f"cstool sample {shape} | cstool calc {kind.name} - {kind.sample}".rstrip()
    values = (f"--set {name}={plain_number(value)}" for name, value in term.metric.example.items() if name != "value")
    return f"cstool calc {kind.name} {' '.join(values)}"


def typed(term: Term) -> str:
    """How one would type the term on a command line: its acronym, or its id."""
    return term.acronyms[0].lower() if term.acronyms else term.id


def unit_words(metric: Metric) -> str:
    better = {"higher": "higher is better", "lower": "lower is better", "depends": "neither high nor low is better"}
    window = f", over {metric.window} by default" if metric.window else ""
    return f"{metric.unit}, {better[metric.better]}{window}"


def worked_example(metric: Metric) -> str:
    given = [f"{name} {plain_number(value)}" for name, value in metric.example.items() if name != "value"]
    return f"{', '.join(given)} gives {shown(metric.example.get('value', Decimal(0)), metric.unit)}"


def variant_words(variant: Variant) -> str:
    cited = f" [{', '.join(variant.sources)}]" if variant.sources else ""
    return f"{variant.label}: {variant.text}{cited}"


def name_of(id_: str, terms: Mapping[str, Term]) -> str:
    return terms[id_].term if id_ in terms else id_
