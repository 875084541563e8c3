"""A row an account from all files: the list of accounts with what each other file tells of them on a day."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cstool import scratch as scratch_folders
from cstool.accounts.conditions import chosen
from cstool.accounts.known import Known, read_known
from cstool.accounts.naming import Placed, placed
from cstool.accounts.sources import Telling, telling, the_list
from cstool.accounts.states import State, columns_of, read_state
from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.compute.joins.account_lists import ACCOUNTS
from cstool.errors import InputError, and_more
from cstool.ingest.source.header import header_key
from cstool.model.entries import Glossary
from cstool.model.inputs import AccountColumn
from cstool.model.request import CalcRequest

ACCOUNT, ACCOUNT_ID = "account", "account_id"
TABLE = "accounts"
_SURVEYS = ("nps", "csat", "ces")  # what the answers of a file may be asked for
_DEFAULT = "decimal(38, 18)"


class ListedColumn(NamedTuple):
    """A column of the list: its name, what it holds, its unit, and the file that tells it ('' for the list itself)."""

    key: str
    kind: str  # text, number or date
    unit: str = ""
    file: str = ""


class AccountTable(NamedTuple):
    """A row an account, by its name, on a day.

    Numbers are exact decimals, or floats where they are quotients, days are dates. What nothing is known of is None.
    """

    day: date
    columns: Sequence[ListedColumn]
    rows: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    states: Sequence[State] = ()
    known: Known = Known()


def account_table(glossary: Glossary, request: CalcRequest, of: str | None = None) -> AccountTable:
    """The accounts of all files of a request on the day of its `as_of`, those for which its `where` holds.

    `of` is an account whose details are wanted, by its key, name or alias; then files are read that only tell of these.
    Raises InputError where a file cannot be read or no file tells of accounts, UsageError for a condition that names
    no column.
    """
    assert request.day
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        scratch = Path(folder)
        found = telling(glossary, request, scratch)
        joined, others = the_list(found, request)
        names = _names(glossary)
        known = read_known(glossary, joined, request.aliases, names, scratch)
        states, notes = _states(glossary, request, others, known, scratch, of)
    if not known.accounts and not states:
        raise InputError(
            "no file tells of accounts",
            problems=notes,
            hint="`cstool columns FILE` shows what a file is read as",
            code="not-given-by-file",
        )
    return _Joining(glossary, request, known, states).table([*known.notes, *notes])


def _names(glossary: Glossary) -> dict[str, str]:
    """By header key, the names of all columns that files may tell."""
    return {header_key(one.column): one.column for shape in glossary.shapes.values() for one in shape.per_account}


def _states(
    glossary: Glossary,
    request: CalcRequest,
    others: Sequence[Telling],
    known: Known,
    scratch: Path,
    of: str | None,
) -> tuple[list[State], list[str]]:
    """What each file tells, and why some tell nothing."""
    states, notes = [], []
    called = None if of is None else known.texts.get(of, of)
    for one in others:
        shape = glossary.shapes.get(one.shape)
        if shape is None:
            notes.append(f"{one.files.shown}: no input type was recognized; it tells nothing of accounts")
            continue
        if not any(columns_of(glossary, shape)) and (of is None or not shape.happenings):
            continue
        if ACCOUNT not in one.seen.roles:
            notes.append(f"{one.files.shown}: no column names accounts; it tells nothing of them")
            continue
        state = read_state(
            glossary,
            _asked_of(request, one),
            one.shape,
            one.name,
            list(known.texts.items()),
            scratch,
            [feed for feed in (*one.files.feeds, one.name) if feed in _SURVEYS][:1],
            called,
        )
        known.refuse_unclear([row[0] for row in state.values], one.files.shown)
        states.append(state)
        notes += state.notes
    return states, notes


def _asked_of(request: CalcRequest, one: Telling) -> CalcRequest:
    files = one.files
    how = {name: value for name, value in files.how.items() if name not in ("joined", "aliases")}
    return replace(
        request, files=tuple(files.files), sets=(), joined=None, aliases=None, where=None, given=files.given, **how
    )


class _Joining:
    """The list and the states, brought together in one engine."""

    def __init__(self, glossary: Glossary, request: CalcRequest, known: Known, states: Sequence[State]) -> None:
        assert request.day
        self.request = request
        self.day: date = request.day
        self.known = known
        self.states = states
        self.derived = self._derived(glossary)
        self.placed, self.notes = placed(known, self.derived, states)

    def _derived(self, glossary: Glossary) -> list[AccountColumn]:
        """The columns that the list's own columns give, as the days until a renewal."""
        roles = {role: header for header, role in self.known.roles.items()}
        shape = glossary.shapes.get(ACCOUNTS)
        return [
            one
            for one in (shape.per_account if shape else ())
            if one.column not in self.known.types and all(set(need.split("|")) & set(roles) for need in one.needs)
        ]

    def table(self, notes: Sequence[str]) -> AccountTable:
        engine = DuckDB(limits=self.request.limits)
        try:
            self._load(engine)
            engine.seal()
            engine.run(f"create temp table {TABLE} as {self._joined()}")
            columns = self._columns(engine)
            where = chosen(engine, TABLE, [one.key for one in columns], self.request.where)
            listed = ", ".join(identifier(one.key) for one in columns)
            values = engine.run(f"select {listed} from {TABLE}{where} order by listed_at nulls last, called")
            told = self._told(engine)
        finally:
            engine.close()
        rows = [dict(zip((one.key for one in columns), row, strict=True)) for row in values]
        return AccountTable(
            self.day, columns, rows, [*told, *self.notes, *sorted(notes, key=_says_columns)], self.states, self.known
        )

    def _load(self, engine: DuckDB) -> None:
        known = self.known
        types = {"called": "varchar", ACCOUNT_ID: "varchar", "own_name": "varchar"}
        types |= {f"c{i}": kind for i, kind in enumerate(known.types.values())}
        cells = known.cells or [()] * len(known.accounts)
        engine.load(
            "listed",
            {**types, "listed_at": "integer"},
            [
                (called, key, name or key, *own, i)
                for i, (called, (key, name), own) in enumerate(zip(known.called, known.accounts, cells, strict=True))
            ],
        )
        for i, state in enumerate(self.states):
            types = {f"v{j}": kind for j, kind in enumerate(state.types.values())}
            engine.load(f"state{i}", {"called": "varchar", **types}, state.values)

    def _joined(self) -> str:
        others = [f"select called from state{i}" for i in range(len(self.states))]
        everyone = " union ".join(["select called from listed", *others])
        own = [f"l.c{i} as {identifier(name)}" for i, name in enumerate(self.known.types)]
        derived = [f"{self._over_list(one.sql)} as {identifier(one.column)}" for one in self.derived]
        told = [self._value(one) for one in self.placed]
        columns = ", ".join(
            [f"coalesce(l.own_name, e.called) as {ACCOUNT}", f"l.{ACCOUNT_ID} as {ACCOUNT_ID}", *own, *derived, *told]
        )
        joins = " ".join(f"left join state{i} as s{i} on s{i}.called = e.called" for i in range(len(self.states)))
        return (
            f"select {columns}, e.called as called, l.listed_at as listed_at from ({everyone}) as e"
            f" left join listed as l on l.called = e.called {joins}"
        )

    def _over_list(self, sql: str) -> str:
        """The SQL of a column of the list's input type, over the one row of an account: its roles as they are named."""
        names = list(self.known.types)
        roles = [f"r.c{names.index(header)} as {identifier(role)}" for header, role in self.known.roles.items()]
        day = f"cast({quoted(self.day.isoformat())} as date) as as_of"
        row = f"select {', '.join([*roles, day])} from listed as r where r.called = e.called"
        return f"(select {sql} from ({row}) group by as_of)"

    def _value(self, one: Placed) -> str:
        value = f"s{one.state}.v{one.at}"
        value = f"coalesce({value}, 0)" if one.column.empty == "zero" else value
        return f"{value} as {identifier(one.key)}"

    def _columns(self, engine: DuckDB) -> list[ListedColumn]:
        units = {one.key: (one.column.unit, self.states[one.state].file) for one in self.placed}
        units |= {one.column: (one.unit, "") for one in self.derived}
        kinds = [(str(key), _kind(str(kind))) for key, kind, *_ in engine.run(f"describe {TABLE}")]
        return [
            ListedColumn(key, kind, *units.get(key, ("", "")))
            for key, kind in kinds
            if key not in ("called", "listed_at")
        ]

    def _told(self, engine: DuckDB) -> list[str]:
        if not self.known.accounts:
            return []
        names = [name for (name,) in engine.run(f"select called from {TABLE} where listed_at is null order by 1")]
        if not names:
            return []
        count = "1 account stands" if len(names) == 1 else f"{len(names)} accounts stand"
        return [f"{count} in other files only, not in {self.known.file}: {', '.join(and_more(names, 3))}"]


def _says_columns(note: str) -> bool:
    """Whether a note says which column is read as what: told after all others."""
    return ": read as " in note


def _kind(kind: str) -> str:
    if kind in ("DATE", "TIMESTAMP"):
        return "date"
    return "text" if kind in ("VARCHAR", "BOOLEAN") else "number"
