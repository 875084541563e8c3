"""What is shown, before any format: cards and grids for people, records and rows for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

Format = Literal["table", "json", "jsonl", "csv", "tsv", "md", "value"]


class Card(NamedTuple):
    """A heading with labelled paragraphs."""

    title: str
    tag: str = ""
    lead: str = ""
    facts: Sequence[tuple[str, str]] = ()


class Grid(NamedTuple):
    """A table for people; `right` names the columns set flush right, `styles` by row and column `gain` or `loss`."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    styles: Mapping[tuple[int, int], str] = {}


class Picture(NamedTuple):
    """Lines of a drawing, each of runs of text with a style: `gain`, `loss`, `dim`, `head`, or `heat0` to `heat10`."""

    lines: Sequence[Sequence[tuple[str, str]]]


Block: TypeAlias = Card | Grid | Picture


class View(NamedTuple):
    """One answer in every form: `document` is the json, `records` its lines, `rows` the csv under `header`.

    `pictured` are the blocks for a terminal, where they differ from `blocks`.
    """

    document: Any
    records: Sequence[Any]
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    blocks: Sequence[Block]
    values: Sequence[Any] = ()  # what `value` prints, one a line
    pictured: Sequence[Block] = ()
