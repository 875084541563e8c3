"""Which line is the header, and what separates its fields: decided by looking for names that are known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

DELIMITERS = (",", ";", "\t", "|")
LINES_LOOKED_AT = 30
# Reading stops here even where a "line" never ends.
_LONGEST = 1 << 18

_NOT_COMPARED = re.compile(r"[\W_]+")

csv.field_size_limit(1 << 30)


@dataclass(frozen=True, slots=True)
class Header:
    """Column names as written (trimmed), the delimiter, and the lines the header stands on (1 = first)."""

    columns: tuple[str, ...]
    delimiter: str
    first_line: int
    last_line: int
    known: int  # how many of the names were known


def header_key(name: str) -> str:
    """A header as it is compared: without case, spaces, underscores and punctuation."""
    return _NOT_COMPARED.sub("", name.casefold())


def find_header(path: Path, known: Collection[str], delimiter: str | None = None) -> Header:
    """The header among the first lines: the one with the most known names, the earliest of equals.

    Where no name is known, the first line that has the most fields.
    """
    with path.open(encoding="utf-8-sig", newline="") as source:
        text = source.read(_LONGEST)
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\n|\r", text))][:LINES_LOOKED_AT]
    best: tuple[tuple[int, int, int], Header] | None = None
    for line, start in enumerate(starts, 1):
        for separator in (delimiter,) if delimiter else DELIMITERS:
            reader = csv.reader(io.StringIO(text[start:], newline=""), delimiter=separator)
            fields = _next(reader)
            if not any(fields):
                continue
            names = tuple(field.strip().strip("\ufeff") for field in fields)
            count = len({header_key(name) for name in names} & set(known))
            last = line + reader.line_num - 1
            rank = (count, len(names) if count == 0 else 0, -line)
            if best is None or rank > best[0]:
                best = rank, Header(names, separator, line, last, count)
    if best is None:
        return Header((), ",", 1, 1, 0)
    return best[1]


def _next(reader: object) -> list[str]:
    try:
        return next(reader)  # type: ignore[call-overload,no-any-return]
    except (StopIteration, csv.Error):
        return []
