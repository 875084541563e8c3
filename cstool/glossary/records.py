"""Entries as data: what json prints of them."""

from __future__ import annotations

from typing import Any

from cstool.model.entries import Metric, Term


def entry_record(term: Term) -> dict[str, Any]:
    return {
        "id": term.id,
        "term": term.term,
        "definition": term.definition,
        "note": term.note,
        "example": term.example,
        "computed": term.computed,
        "variants": [variant._asdict() for variant in term.variants],
        "acronyms": list(term.all_acronyms),
        "synonyms": list(term.synonyms),
        "category": term.category,
        "broader": term.broader,
        "related": list(term.related),
        "sources": list(term.sources),
        "metric": metric_record(term.metric) if term.metric else None,
        "table": {"name": term.table.name, "columns": [part._asdict() for part in term.table.columns]}
        if term.table
        else None,
    }


def metric_record(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "formula": metric.formula,
        "unit": metric.unit,
        "better": metric.better,
        "window": metric.window,
        "example": dict(metric.example),
        "benchmarks": [benchmark._asdict() for benchmark in metric.benchmarks],
    }
