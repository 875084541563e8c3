"""The list of accounts as a view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cstool.accounts.table import AccountTable, ListedColumn
from cstool.render.blocks import Grid, View
from cstool.render.units import shown_alike


def accounts_view(table: AccountTable, width: int = 0) -> View:
    """A row an account; for machines every column, for people those that hold anything and fit the `width`, if any."""
    header = [one.key for one in table.columns]
    records = [{key: _plain(row[key]) for key in header} for row in table.rows]
    rows = [list(one.values()) for one in records]
    filled = [one for one in table.columns if any(row[one.key] is not None for row in table.rows)]
    cells = [_people(table, one) for one in filled]
    if width:
        kept = _fitting(filled, cells, width)
        filled, cells = [filled[i] for i in kept], [cells[i] for i in kept]
    grid = Grid(
        [one.key for one in filled],
        [list(row) for row in zip(*cells, strict=True)],
        [i for i, one in enumerate(filled) if one.kind == "number"],
    )
    names = [row["account"] for row in records]
    return View(records, records, header, rows, [grid], names)


def columns_shown(table: AccountTable, view: View) -> tuple[int, int]:
    """How many columns people see, and how many there are."""
    grid = view.blocks[0]
    assert isinstance(grid, Grid)
    return len(grid.header), len(table.columns)


def _fitting(columns: Sequence[ListedColumn], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """The columns that fit: the account, then what files count, then texts and days, in the order of the list."""
    ranks = [
        0 if one.key == "account" else 1 if one.kind == "number" and (one.file or one.unit) else 2 for one in columns
    ]
    kept: list[int] = []
    left = width
    for i in sorted(range(len(columns)), key=lambda i: (ranks[i], i)):
        needs = max(map(len, [columns[i].key, *cells[i]])) + _GAP
        if needs <= left or not kept:
            kept.append(i)
            left -= needs
    return sorted(kept)


def _plain(value: Any) -> Any:
    return value.isoformat()[:10] if isinstance(value, date) else value


_GAP = 2  # between columns
_WHOLE = ("", "days", "score")  # units of numbers that are shown as they are


def _number(value: Any) -> str:
    text = "" if value is None else f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _people(table: AccountTable, column: ListedColumn) -> list[str]:
    values = [_plain(row[column.key]) for row in table.rows]
    if column.kind == "number":
        told = [_number(value) for value in values] if column.unit in _WHOLE else shown_alike(values, column.unit)
        return ["" if value is None else text for value, text in zip(values, told, strict=True)]
    return ["" if value is None else str(value) for value in values]
