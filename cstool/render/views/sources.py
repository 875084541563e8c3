"""The list of sources as a view."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.model.entries import Source
from cstool.render.blocks import Block, Card, Grid, View

_HEADER = ("id", "title", "author", "publisher", "year", "address")


def sources_view(sources: Sequence[Source]) -> View:
    """One source a line; a single one as a card, which breaks no address."""
    records = [{**{name: getattr(source, name) for name in _HEADER}, "kind": source.kind} for source in sources]
    rows = [[record[name] for name in _HEADER] for record in records]
    people = ["id", "title", "publisher", "year", "address"]
    blocks: list[Block] = [Grid(people, [[record[name] for name in people] for record in records])]
    if len(records) == 1:
        blocks = [Card(sources[0].title, sources[0].kind, facts=_facts(records[0]))]
    return View(records, records, _HEADER, rows, blocks, [source.title for source in sources])


def _facts(record: dict[str, str]) -> list[tuple[str, str]]:
    return [(name.capitalize(), record[name]) for name in _HEADER if name != "title" and record[name]]
