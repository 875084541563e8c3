"""Parts of an entry in words: its unit, its worked example, the command that computes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cstool.model.entries import Benchmark, Metric, Term, Variant
from cstool.render.cells import plain_number
from cstool.render.units import shown


def compute_command(term: Term, *, from_file: bool) -> str:
    """The command that computes the metric from the reader's own file, or from values where no file has them."""
    kind = term.metric or term.table
    assert kind is not None
    if not from_file and term.metric:
        return _from_values(term.metric)
    options = re.sub(r"<\(cstool sample ([a-z-]+)-config\)", r"\1.yaml", kind.sample)
    config = options if options.startswith("--config") else ""
    return f"cstool calc {kind.name} YOURFILE.csv {config}".rstrip()


def compute_hint(term: Term, shape: str | None) -> str:
    """A command that computes the metric as it stands: from a sample of a kind of file, else from its own example."""
    kind = term.metric or term.table
    assert kind is not None
    if shape or not term.metric:
        return f"cstool sample {shape} | cstool calc {kind.name} - {kind.sample}".rstrip()
    return _from_values(term.metric)


def _from_values(metric: Metric) -> str:
    values = (f"--set {name}={plain_number(value)}" for name, value in metric.example.items() if name != "value")
    return f"cstool calc {metric.name} {' '.join(values)}"


def typed(term: Term) -> str:
    """How one would type the term on a command line: its acronym, or its id."""
    return term.acronyms[0].lower() if term.acronyms else term.id


def unit_words(metric: Metric) -> str:
    better = {"higher": "higher is better", "lower": "lower is better", "depends": "neither high nor low is better"}
    window = f", over {metric.window} by default" if metric.window else ""
    return f"{metric.unit}, {better[metric.better]}{window}"


def worked_example(metric: Metric) -> str:
    given = [
        f"{name.replace('_', ' ')} {plain_number(value)}" for name, value in metric.example.items() if name != "value"
    ]
    return f"{', '.join(given)} gives {shown(metric.example.get('value', Decimal(0)), metric.unit)}"


def variant_words(variant: Variant, titles: Mapping[str, str]) -> str:
    cited = f" [{cited_titles(variant.sources, titles)}]" if variant.sources else ""
    return f"{variant.label}: {plain_prose(variant.text, titles)}{cited}"


def benchmark_words(benchmark: Benchmark, titles: Mapping[str, str]) -> str:
    source = titles.get(benchmark.source, benchmark.source)
    return f"{benchmark.what}, {benchmark.population}, {benchmark.year}; {source}"


def cited_titles(sources: Iterable[str], titles: Mapping[str, str]) -> str:
    return ", ".join(titles.get(id_, id_) for id_ in sources)


_SOURCE = re.compile(r"\b(S|s)ource `([a-z0-9-]+)`")
_CODE = re.compile(r"`([^`]+)`")


def plain_prose(text: str, titles: Mapping[str, str]) -> str:
    """Prose of an entry as people read it: no backticks, and sources by their title."""
    named = _SOURCE.sub(
        lambda found: f"{'The' if found[1] == 'S' else 'the'} {titles[found[2]]}" if found[2] in titles else found[0],
        text,
    )
    return _CODE.sub(lambda found: titles.get(found[1], found[1]), named)


def name_of(id_: str, terms: Mapping[str, Term]) -> str:
    return terms[id_].term if id_ in terms else id_
