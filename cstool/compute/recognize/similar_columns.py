"""Columns whose names are close to one that the file does not have."""

from __future__ import annotations

from collections.abc import Iterable

from cstool.ingest.source.table import Table


def meant(table: Table, name: str, asked_by: str) -> str:
    """A hint, to stand before the list of columns; nothing where there is none."""
    parts = [part.strip() for part in name.split(",")]
    if asked_by == "--by" and len(parts) > 1 and all(table.column(part) is not None for part in parts):
        return f"name one column each: {' '.join(f'--by {part}' for part in parts)}; "
    if near := close(name, [column for column in table.columns if column], 0.75):
        return f"did you mean {near[0]}? "
    quoted = name.replace("'", "''")
    return f"if it is a text, quote it: '{quoted}'; " if asked_by == "--where" else ""


def close(word: str, words: Iterable[str], least: float = 0.6) -> list[str]:
    """The nearest word, if any is near."""
    import difflib  # only for who misspelt

    return difflib.get_close_matches(word, words, 1, least)
