"""The blocks as Markdown, for tickets and wikis."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.render.blocks import Block, Card, Grid
from cstool.render.escapes import visible

_MARKS = re.compile(r"([\\`*_~\[\]<>|]|&(?=#?\w+;))")
_LINE_MARKS = re.compile(r"^(\d*)([-+=#.)])")  # heading, list or rule, where they begin a line
_GUARDED = r"\1\\\2"


def as_markdown(blocks: Sequence[Block]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    if isinstance(block, Card):
        return _card(block)
    return _grid(block) if isinstance(block, Grid) else ""


def _card(card: Card) -> str:
    tag = f" ({_escape(card.tag)})" if card.tag else ""
    lines = [f"## {_escape(card.title)}{tag}", ""]
    if card.lead:
        lines += [_LINE_MARKS.sub(_GUARDED, _escape(card.lead)), ""]
    # A fact without a label goes on with the one above it.
    lines += [
        f"- **{_escape(label)}:** {_escape(text)}" if label else f"  - {_LINE_MARKS.sub(_GUARDED, _escape(text))}"
        for label, text in card.facts
    ]
    return "\n".join(lines).rstrip() + "\n"


def _grid(grid: Grid) -> str:
    rule = ["---:" if i in grid.right else "---" for i in range(len(grid.header))]
    rows = [[_escape(cell) for cell in row] for row in (grid.header, *grid.rows)]
    return "".join(f"| {' | '.join(row)} |\n" for row in [rows[0], rule, *rows[1:]])


def _escape(text: str) -> str:
    """One line of text in which nothing is Markdown or HTML."""
    return _MARKS.sub(r"\\\1", visible(text.replace("\n", " ")))
