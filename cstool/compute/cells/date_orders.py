"""Dates such as 10/11/2025 whose order of day and month only another column of the file shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from cstool.compute.recognize.header_matching import Columns
from cstool.ingest.formats.kinds import DATES
from cstool.ingest.source.table import Table
from cstool.model.entries import Glossary
from cstool.model.reading import Column, Reading

_NUMBERED = re.compile(r"(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})\b")


def in_order_of_others(
    glossary: Glossary, table: Table, columns: Sequence[Column], reading: Reading
) -> tuple[Reading, list[str]]:
    """How to read dates, and a line on it where the order of one column is that of another: an invoice's due date."""
    dated = [column.header for column in columns if column.kind in DATES and not column.unused]
    if reading.date_order or not dated:
        return reading, []
    cells = Columns(glossary.roles, table).cells
    doubtful = [header for header in dict.fromkeys(dated) if _lacks_order(cells(header))]
    if not doubtful:
        return reading, []
    orders = {header: order for header in table.columns if (order := _shown_order(cells(header)))}
    if len(set(orders.values())) != 1:
        return reading, []
    shown, order = next(iter(orders.items()))
    first, other = ("day", "mdy") if order == "dmy" else ("month", "dmy")
    note = (
        f"{table.name}: dates of {', '.join(doubtful)} have the {first} first, as those of {shown} show;"
        f" --date-order {other} for the other"
    )
    return replace(reading, date_order=order), [note]


def _parts(cells: Sequence[str]) -> list[tuple[int, int]]:
    """The first two numbers of dates; nothing where most cells are none, as a total or a footer may stand below."""
    found = [(int(one[1]), int(one[2])) for cell in cells if (one := _NUMBERED.match(cell))]
    return found if len(found) * 2 > len(cells) else []


def _shown_order(cells: Sequence[str]) -> Literal["dmy", "mdy"] | None:
    """The order that dates show beyond doubt; None where they show none or both."""
    parts = _parts(cells)
    day_first, month_first = any(a > 12 for a, _ in parts), any(b > 12 for _, b in parts)
    return None if day_first == month_first else "dmy" if day_first else "mdy"


def _lacks_order(cells: Sequence[str]) -> bool:
    parts = _parts(cells)
    return bool(parts) and all(max(pair) <= 12 for pair in parts)
