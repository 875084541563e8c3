"""Lists of entries as views: what there is, and what a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cstool.glossary.find.searching import Hit
from cstool.model.entries import Term
from cstool.render.blocks import Grid, View

_TERM_HEADER = ("id", "term", "acronyms", "category", "metric", "definition")
_HIT_HEADER = ("id", "term", "score", "field", "snippet")


def terms_view(terms: Sequence[Term], metric_names: Mapping[str, str], *, metrics: bool = False) -> View:
    """One entry a line; people see its metric's name, known by the entry's id, with `metrics`, machines always."""
    records = [
        {
            "id": term.id,
            "term": term.term,
            "acronyms": list(term.all_acronyms),
            "category": term.category,
            "metric": metric_names.get(term.id),
            "definition": term.definition,
        }
        for term in terms
    ]
    rows = [[_cell(record[name]) for name in _TERM_HEADER] for record in records]
    people = ["term", "acronyms", "category", *(["metric"] if metrics else [])]
    grid = Grid(people, [[_cell(record[name]) or "" for name in people] for record in records])
    return View(records, records, _TERM_HEADER, rows, [grid], [term.term for term in terms])


def _cell(value: str | Sequence[str] | None) -> str | None:
    return value if isinstance(value, str) or value is None else ", ".join(value)


def hits_view(hits: Sequence[Hit]) -> View:
    """What a search found, best first."""
    records = [
        {"id": hit.term.id, "term": hit.term.term, "score": hit.score, "field": hit.field, "snippet": hit.snippet}
        for hit in hits
    ]
    rows = [list(record.values()) for record in records]
    grid = Grid(["term", "text"], [[hit.term.term, hit.snippet] for hit in hits])
    return View(records, records, _HIT_HEADER, rows, [grid], [hit.term.term for hit in hits])
