"""What is shown, before any format: cards and grids for people, records and rows for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Format = Literal["table", "json", "jsonl", "csv", "tsv", "md", "value"]


@dataclass(frozen=True, slots=True)
class Card:
    """A heading with labelled paragraphs."""

    title: str
    tag: str = ""
    lead: str = ""
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table for people; `right` names the columns set flush right."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()


Block: TypeAlias = Card | Grid


@dataclass(frozen=True, slots=True)
class View:
    """One answer in every form: `document` is the json, `records` its lines, `rows` the csv under `header`."""

    document: Any
    records: Sequence[Any]
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    blocks: Sequence[Block]
    values: Sequence[Any] = field(default=())  # what `value` prints, one a line
