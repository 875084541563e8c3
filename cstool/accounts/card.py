"""One account from all files: what each tells of it, its health and warnings, what happened when, and its plan."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from cstool import scratch as scratch_folders
from cstool.accounts.signals import scored
from cstool.accounts.states import State
from cstool.accounts.table import ACCOUNT, ACCOUNT_ID, AccountTable, account_table
from cstool.compute.joins.nearby import Account, Nearby
from cstool.errors import UndefinedError
from cstool.glossary.find.finding import Finder
from cstool.glossary.health_config import read_health_config
from cstool.model.entries import Glossary
from cstool.model.request import CalcRequest

_SUGGESTED = 5


class Block(NamedTuple):
    """What one file tells of the account: its newest day, how many rows the account has, its figures and plan."""

    file: str
    shape: str
    until: str | None
    rows: int
    metrics: Mapping[str, Any]
    units: Mapping[str, str]
    plan: Sequence[Mapping[str, Any]]


class Event(NamedTuple):
    """What happened on a day, and which file tells of it."""

    date: date
    file: str
    what: str


class Sign(NamedTuple):
    """A warning: the rule that holds, and what it saw."""

    rule: str
    seen: str


class Card(NamedTuple):
    """All that is known of one account on a day.

    `about` are the columns of the list of accounts, and `table` is its row in `cstool accounts`.
    """

    account: str
    account_id: str | None
    day: date
    about: Mapping[str, Any]
    blocks: Sequence[Block]
    health: Mapping[str, Any]
    warnings: Sequence[Sign]
    timeline: Sequence[Event]
    notes: Sequence[str]
    table: AccountTable


class NotOne(NamedTuple):
    """A name that is not that of one account: those that it could mean, each with its key."""

    several: bool
    candidates: Sequence[tuple[str, str | None]]
    notes: Sequence[str]


def account_card(glossary: Glossary, finder: Finder, request: CalcRequest, name: str) -> Card | NotOne:
    """The account of a key, name or alias, or those that the name could mean. Raises what `account_table` raises."""
    text = name.strip()
    table = account_table(glossary, request, text)
    places = _places(table, text)
    if len(places) != 1:
        found = [table.rows[i] for i in places] or _near(table, text)
        listed = [(row[ACCOUNT], row[ACCOUNT_ID]) for row in found]
        return NotOne(bool(places), listed, table.notes)
    row = table.rows[places[0]]
    told = {one.key for one in table.columns if one.file}
    about = {key: value for key, value in row.items() if key not in (ACCOUNT, ACCOUNT_ID, *told)}
    blocks = [_block(state, places[0], table) for state in table.states]
    events = [
        Event(day, state.file, what)
        for state in table.states
        for day, what in (state.details.happened if state.details else ())
    ]
    health, warnings, notes = _health(glossary, finder, request, table._replace(rows=[row]))
    return Card(
        row[ACCOUNT],
        row[ACCOUNT_ID],
        table.day,
        about,
        blocks,
        health,
        warnings,
        sorted(events, key=lambda one: one.date, reverse=True),
        [*table.notes, *notes],
        table._replace(rows=[row]),
    )


def _places(table: AccountTable, text: str) -> list[int]:
    """The rows that a text names: those of the list come first in the table, in its order."""
    if meant := table.known.meant(text):
        return meant
    listed = len(table.known.accounts)
    return [i for i, row in enumerate(table.rows) if i >= listed and row[ACCOUNT] == text]


def _near(table: AccountTable, text: str) -> list[Mapping[str, Any]]:
    """The accounts that a name is near to, the surest first."""
    accounts = [Account(row[ACCOUNT_ID] or "", row[ACCOUNT], i) for i, row in enumerate(table.rows)]
    found = [one.account.row for one in Nearby(accounts).of(text)]
    begins = text.casefold()
    found += [i for i, row in enumerate(table.rows) if begins and begins in row[ACCOUNT].casefold()]
    return [table.rows[i] for i in list(dict.fromkeys(found))[:_SUGGESTED]]


def _block(state: State, place: int, table: AccountTable) -> Block:
    called = table.known.called
    name = called[place] if place < len(called) else table.rows[place][ACCOUNT]
    values = next((row[1:] for row in state.values if row[0] == name), None)
    metrics = {
        one.column: (0 if one.empty == "zero" else None) if values is None else values[i]
        for i, one in enumerate(state.columns)
    }
    details = state.details
    return Block(
        state.file,
        state.shape,
        state.until,
        details.rows if details else 0,
        metrics,
        {one.column: one.unit for one in state.columns},
        details.plan if details else (),
    )


def _health(
    glossary: Glossary, finder: Finder, request: CalcRequest, table: AccountTable
) -> tuple[Mapping[str, Any], Sequence[Sign], list[str]]:
    """The score of the account and the rules that hold for it; nothing without a file of weights and rules."""
    if not request.weights:
        return {}, [], []
    config = read_health_config(request.weights)
    health: Mapping[str, Any] = {}
    signs: list[Sign] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        if config.components:
            try:
                rows = scored(glossary, finder, replace(request, metrics=("health-score",)), table, Path(folder)).rows
                health = {key: value for key, value in rows[0].items() if key != ACCOUNT}
            except UndefinedError as error:
                notes.append(error.message)
        if config.rules:
            found = scored(glossary, finder, replace(request, metrics=("early-warning",)), table, Path(folder)).rows
            signs = [Sign(str(row["rule"]), str(row["seen"])) for row in found]
    return health, signs, notes
