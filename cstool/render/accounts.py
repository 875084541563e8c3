"""The list of accounts as a view."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from cstool.accounts.table import AccountTable, ListedColumn
from cstool.render.blocks import Grid, View
from cstool.render.units import shown_alike


def accounts_view(table: AccountTable) -> View:
    """A row an account; for machines every column, for people those that hold anything."""
    header = [one.key for one in table.columns]
    records = [{key: _plain(row[key]) for key in header} for row in table.rows]
    rows = [list(one.values()) for one in records]
    filled = [one for one in table.columns if any(row[one.key] is not None for row in table.rows)]
    cells = [_people(table, one) for one in filled]
    grid = Grid(
        [one.key for one in filled],
        [list(row) for row in zip(*cells, strict=True)],
        [i for i, one in enumerate(filled) if one.kind == "number"],
    )
    names = [row["account"] for row in records]
    return View(records, records, header, rows, [grid], names)


def _plain(value: Any) -> Any:
    return value.isoformat()[:10] if isinstance(value, date) else value


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
