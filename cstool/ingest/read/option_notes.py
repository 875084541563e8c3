"""Notes on what an option or the input type decided: blank cells, negative amounts, rows left out."""

from __future__ import annotations

from cstool.ingest.formats import alike, numbers
from cstool.ingest.read.raw_rows import RawRows, listed
from cstool.ingest.read.scan import kept_negatives, negative_cells
from cstool.model.reading import shown_name


def note_options(raw: RawRows) -> None:
    """Adds a note for each kind of cell that an option or the input type gives a meaning."""
    _note_zeros(raw)
    if raw.reading.negative != "refuse":
        _note_negatives(raw)
    for cell in raw.cells:
        if cell.column.blank == "skip":
            _note_rows(raw, raw.blank_rows(cell.column), "left out", f" without an answer in {shown_name(cell.column)}")
    if raw.reading.blank == "skip":
        blank = " or ".join(raw.blank_rows(one.column) for one in raw.cells if one.column.blank != "skip")
        parts = listed([part for part in raw.left_out(f"code = '' and ({blank})") if part.share])
        _note_rows(raw, blank or "false", f"left out{': ' + parts if parts else ''}", " with a blank cell")


def _note_zeros(raw: RawRows) -> None:
    """One line for all blank cells that count as 0."""
    zeros = [i for i, cell in enumerate(raw.cells) if cell.blank_means(raw.reading) == "zero"]
    if not zeros:
        return
    cells = f"({alike.as_rows(zeros, 'place, line', raw.kept)}) where {numbers.is_missing_sql('t')}"
    count, columns, line, col = raw.engine.row(
        f"select count(*), count(distinct col), arg_min(line, (place, col)), arg_min(col, (place, col)) from {cells}"
    )
    if count == 0:
        return
    what = f"{count} blank cell{'s' if count > 1 else ''}"
    name = shown_name(raw.columns[col])
    if columns == 1:
        raw.notes.append(f"{what} of {name} counted as 0")
    else:
        raw.notes.append(f"{what} in {columns} columns counted as 0 (first: line {line}, {name})")


def _note_negatives(raw: RawRows) -> None:
    """One line for each column with negative cells, or for all where they are many."""
    if raw.reading.negative == "keep":
        raw.notes += kept_negatives(raw.engine, raw.columns, raw.into)
        return
    signed = [i for i, one in enumerate(raw.columns) if one.kind in ("amount", "count")]
    counts: dict[int, int] = {}
    for same in alike.grouped(signed, lambda i, text: raw.cells[i].value(text)):
        below = f"({alike.as_rows(same, 'place', raw.kept)}) where ({raw.cells[same[0]].value('t')}) < 0"
        counts |= dict(raw.engine.run(f"select col, count(*) from {below} group by 1"))
    raw.notes += negative_cells([(raw.columns[i], counts[i]) for i in signed if i in counts], "taken as 0")


def _note_rows(raw: RawRows, where: str, done: str, what: str) -> None:
    """How many rows that are counted satisfy a condition, and what was done with them."""
    count = raw.engine.row(f"select count(*) from {raw.kept} and ({where})")[0]
    if count:
        raw.notes.append(f"{count} row{'s' if count > 1 else ''}{what} {done}")
