"""A list of accounts, a row each, as `cstool accounts -f csv` writes it: its columns with what they hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from cstool.accounts.table import AccountTable
from cstool.backends.duck import DuckDB
from cstool.compute.joins.aliases import undefused
from cstool.errors import InputError
from cstool.ingest.source.header import WHITE, excerpt
from cstool.ingest.source.table import column_list, open_table
from cstool.model.reading import Reading

ACCOUNT, ACCOUNT_ID = "account", "account_id"
NUMBER = "row_number_of_account"  # of a row of the list, in the engine's table

Cell: TypeAlias = str | Decimal | date | None
Kind: TypeAlias = Literal["text", "number", "date"]
_TYPES: Mapping[Kind, str] = {"text": "varchar", "number": "double", "date": "date"}
_KINDS: Mapping[str, Kind] = {"number": "number", "date": "date"}
_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?")


class AccountList(NamedTuple):
    """Accounts by row; `columns` says what each column holds. A blank cell is None."""

    name: str
    columns: Mapping[str, Kind]
    rows: Sequence[Mapping[str, Cell]]

    def key(self, other: AccountList) -> str:
        """The column that names an account in both lists."""
        return ACCOUNT_ID if ACCOUNT_ID in self.columns and ACCOUNT_ID in other.columns else ACCOUNT


def read_accounts(file: str, scratch: Path) -> AccountList:
    """The accounts of a CSV file with a column `account`.

    A column holds days or numbers where each of its cells is one as programs write it (2026-10-31, 1200.5); others are
    texts. Raises InputError where there is no such column, or an account is blank.
    """
    table = open_table(file, {ACCOUNT, ACCOUNT_ID}, scratch, Reading())
    names = [undefused(name.strip(WHITE)) for name in table.columns]
    lowered = [name.lower() for name in names]
    twice = sorted({name for name in lowered if name and lowered.count(name) > 1})
    if twice:
        raise InputError(f"{table.name}: the column {twice[0]} stands twice", code="ambiguous-column")
    if ACCOUNT not in names:
        raise InputError(
            f"{table.name}: no column account; columns: {column_list(names)}",
            hint="`cstool accounts -f csv` writes such a list",
            code="missing-column",
        )
    rows, lines = [], dict[str, int]()
    for record in table.records():
        cells = [undefused(cell.strip(WHITE)) or None for cell in record.fields]
        row = dict(zip(names, [*cells, *[None] * len(names)], strict=False))
        row.pop("", None)
        if not row[ACCOUNT]:
            raise InputError(f"{table.name}:{record.line}: account is blank", code="bad-cells")
        name = row.get(ACCOUNT_ID) or row[ACCOUNT] or ""
        if name in lines:
            raise InputError(
                f"{table.name}: account {excerpt(name)} stands on lines {lines[name]} and {record.line}",
                hint="a list has one row an account; `cstool accounts FILE` makes one of other files",
                code="duplicate-rows",
            )
        lines[name] = record.line
        rows.append(row)
    return _typed(table.name, [name for name in names if name], rows)


def listed_accounts(table: AccountTable) -> AccountList:
    """What all files tell of the accounts, as a list of them."""
    kinds: dict[str, Kind] = {one.key: _KINDS.get(one.kind, "text") for one in table.columns}
    cells = [{name: _made(row[name], kind) for name, kind in kinds.items()} for row in table.rows]
    return AccountList("these files", kinds, cells)


def _made(value: Any, kind: Kind) -> Cell:
    """A value of the engine as a cell."""
    if value is None or value == "":
        return None
    if kind == "number":
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if kind == "date":
        return value.date() if isinstance(value, datetime) else value
    return str(value)


def _typed(name: str, columns: Sequence[str], rows: Sequence[Mapping[str, str | None]]) -> AccountList:
    kinds = {column: _kind(column, [cell for row in rows if (cell := row[column]) is not None]) for column in columns}
    return AccountList(
        name, kinds, [{column: _cell(row[column], kind) for column, kind in kinds.items()} for row in rows]
    )


def _kind(column: str, cells: Sequence[str]) -> Kind:
    if column in (ACCOUNT, ACCOUNT_ID) or not cells:
        return "date" if re.search(r"(^|_)(date|at|since)$", column) and not cells else "text"
    if all(_PLAIN.fullmatch(cell) for cell in cells):
        return "number"
    return "date" if all(map(_day, cells)) else "text"


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _cell(text: str | None, kind: Kind) -> Cell:
    if text is None or kind == "text":
        return text
    return Decimal(text) if kind == "number" else _day(text)


def as_table(engine: DuckDB, accounts: AccountList, name: str) -> None:
    """Makes the list a table of the engine, its rows numbered from 0 in `NUMBER`."""
    types = {NUMBER: "integer", **{column: _TYPES[kind] for column, kind in accounts.columns.items()}}
    engine.load(name, types, [(i, *row.values()) for i, row in enumerate(accounts.rows)])
