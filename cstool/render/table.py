"""Cards and grids on a terminal or in a pipe: the same characters, but colour and width only where a person looks.

The only room that knows rich.
"""

from __future__ import annotations

import io
import re
import shutil
import textwrap
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cstool.render.blocks import Block, Card, Grid, Picture
from cstool.render.escapes import visible
from cstool.render.units import UNDEFINED

WIDEST = 100  # columns: prose is hard to read in longer lines
SHORT = 20  # text cells up to this are never folded
WORD = 32  # nor are those of one word up to this, as names
_NO_WRAP = 100_000


def as_table(blocks: Sequence[Block], *, terminal: bool, color: bool) -> str:
    """The drawn blocks. Off a terminal nothing is wrapped, cut or coloured."""
    width = shutil.get_terminal_size().columns if terminal else _NO_WRAP
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        color_system="256" if terminal and color else None,
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
        drawn = _drawn(block, width)
        if terminal:
            own = (drawn.width if isinstance(drawn, Table) else None) or width
            console.print(drawn, width=min(width, WIDEST) if isinstance(block, Card) else own, crop=False)
        else:
            console.print(drawn, width=console.measure(drawn).maximum)  # padding to the full width takes long
    # Trailing blanks are only padding, and would differ with the width.
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _drawn(block: Block, width: int) -> RenderableType:
    if isinstance(block, Card):
        return _card(block)
    return _grid(block, width) if isinstance(block, Grid) else _picture(block, width)


# Backgrounds from nothing kept (red) to all kept (green), then growth (blue): colors of the fixed palette, as is the
# white on them, so that they read alike in dark and light themes.
_HEAT = (52, 88, 124, 130, 94, 58, 64, 28, 22, 22, 25)
_STYLES = {
    "gain": "green",
    "loss": "red",
    "dim": "dim",
    "head": "bold",
    **{f"heat{i}": f"color(231) on color({color})" for i, color in enumerate(_HEAT)},
}


def _picture(picture: Picture, width: int) -> RenderableType:
    """The drawing; of lines wider than the page only whole runs are shown, and that is said."""
    fitting = [_fitting(line, width) for line in picture.lines]
    lines = [Text.assemble(*((visible(run), _STYLES.get(style, "")) for run, style in line)) for line in fitting]
    missing = max((len(line) - len(own) for own, line in zip(fitting, picture.lines, strict=True)), default=0)
    if missing:
        what = "1 column on the right does" if missing == 1 else f"{missing} columns on the right do"
        hint = f"{what} not fit this width: --no-plot, or -f csv"
        lines += [Text(part, style="dim") for part in textwrap.wrap(hint, width)]
    for line in lines:
        line.no_wrap = True
        line.overflow = "crop"
    return Group(*lines)


def _fitting(line: Sequence[tuple[str, str]], width: int) -> Sequence[tuple[str, str]]:
    """The first runs of a line, as many as have room."""
    taken = 0
    for i, (run, _) in enumerate(line):
        taken += cell_len(visible(run))
        if taken > width:
            return line[:i]
    return line


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


NARROWEST = 7  # columns a folded heading keeps at least


def _grid(grid: Grid, width: int) -> RenderableType:
    """The grid; where it is wider than the page, headings of numbers are folded first, then the longest text is, and
    then columns move closer.

    Nothing is ever cut, a number least of all: what is still too wide runs over the edge.
    """
    cells = [[visible(cell) for cell in row] for row in grid.rows]
    header = [visible(name) for name in grid.header]
    widest = [max([len(row[i]) for row in cells], default=0) for i in range(len(header))]
    header = _fitting_header(header, widest, grid.right, width)
    rooms = [_room(name, wide) for name, wide in zip(header, widest, strict=True)]
    whole = [
        i in grid.right or wide <= SHORT or (wide <= WORD and not any(" " in row[i] for row in cells))
        for i, wide in enumerate(widest)
    ]
    least = sum(room if one else min(room, SHORT) for room, one in zip(rooms, whole, strict=True))
    gap = 2 if least + 2 * (len(header) - 1) <= width else 1
    table = Table(box=None, padding=(0, gap, 0, 0), header_style="bold", pad_edge=False, show_edge=False)
    for i, name in enumerate(header):
        table.add_column(
            Text(name),
            justify="right" if i in grid.right else "left",
            overflow="fold",
            no_wrap=whole[i],
            min_width=rooms[i] if whole[i] else None,
        )
    least += gap * (len(header) - 1)
    table.width = least if least > width else None
    for i, row in enumerate(cells):
        styles = [
            _STYLES.get(grid.styles.get((i, j), "dim" if cell == UNDEFINED else ""), "") for j, cell in enumerate(row)
        ]
        table.add_row(*(Text(cell, style=style) for cell, style in zip(row, styles, strict=True)))
    return table


def _fitting_header(header: Sequence[str], widest: Sequence[int], right: Sequence[int], width: int) -> list[str]:
    """The headings, as many of numbers folded as it takes to fit the page: those that gain the most first."""
    told = list(header)
    fold = {i: _folded(header[i], max(widest[i], NARROWEST)) for i in right}
    for i in sorted(right, key=lambda i: _room(fold[i], widest[i]) - _room(header[i], widest[i])):
        if sum(_room(name, wide) + 2 for name, wide in zip(told, widest, strict=True)) - 2 <= width:
            break
        told[i] = fold[i]
    return told


def _room(name: str, widest: int) -> int:
    """The columns that a heading and its cells take."""
    return max([widest, *map(len, name.split("\n"))])


def _folded(name: str, width: int) -> str:
    """A heading in lines of at most `width`, or of its longest word, broken behind underscores, hyphens and spaces."""
    lines: list[str] = []
    for word in re.findall(r"[^_ -]+[_ -]?|[_ -]", name):
        if lines and len(lines[-1] + word.rstrip(" _")) <= width:
            lines[-1] += word
        else:
            lines.append(word)
    return "\n".join(line.rstrip(" _") for line in lines)
