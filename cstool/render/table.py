"""Cards and grids on a terminal or in a pipe: the same characters, but colour and width only where a person looks.

The only room that knows rich.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cstool.render.blocks import Block, Card, Grid
from cstool.render.cells import visible
from cstool.render.units import UNDEFINED

WIDEST = 100  # columns: prose is hard to read in longer lines
_NO_WRAP = 100_000


def as_table(blocks: Sequence[Block], *, terminal: bool, color: bool) -> str:
    """The drawn blocks. Off a terminal nothing is wrapped, cut or coloured."""
    width = shutil.get_terminal_size().columns if terminal else _NO_WRAP
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system="standard" if terminal and color else None,
        force_terminal=terminal and color,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
        _environ={},
    )
    for i, block in enumerate(blocks):
        if i:
            console.print()
        if isinstance(block, Card):
            console.print(_card(block), width=min(width, WIDEST) if terminal else width)
        else:
            console.print(_grid(block))
    # Trailing blanks are only padding, and would differ with the width.
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _card(card: Card) -> RenderableType:
    title = Text(visible(card.title), style="bold cyan")
    if card.tag:
        title.append(f"  {visible(card.tag)}", style="dim not bold")
    parts: list[RenderableType] = [title]
    if card.lead:
        parts.append(Padding(Text(visible(card.lead)), (0, 0, 0, 2)))
    if card.facts:
        facts = Table.grid(padding=(0, 2, 0, 0))
        facts.add_column(no_wrap=True)
        facts.add_column(overflow="fold")
        for label, text in card.facts:
            facts.add_row(Text(visible(label), style="green"), Text(visible(text)))
        parts += [Text(""), Padding(facts, (0, 0, 0, 2))] if card.lead else [Padding(facts, (0, 0, 0, 2))]
    return Group(*parts)


def _grid(grid: Grid) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False, show_edge=False)
    for i, name in enumerate(grid.header):
        table.add_column(Text(visible(name)), justify="right" if i in grid.right else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*(Text(visible(cell), style="dim" if cell == UNDEFINED else "") for cell in row))
    return table
