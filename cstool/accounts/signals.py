"""The list of accounts as the signs of health that scores and warnings read."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from cstool import scratch as scratch_folders
from cstool.accounts.table import ACCOUNT, ACCOUNT_ID, AccountTable, account_table
from cstool.compute import run
from cstool.compute.formulas.resolve import computable
from cstool.errors import CstoolError
from cstool.glossary.find.finding import Finder
from cstool.model.entries import Glossary
from cstool.model.reading import Kind, Reading
from cstool.model.request import CalcRequest
from cstool.model.results import Result

HEALTH, SIGNALS = "health", "signals"
_WRITTEN = Reading(encoding="utf-8", delimiter=",", decimal=".", header_line=1)
_KINDS: Mapping[str, Kind] = {"text": "text", "number": "number", "date": "date"}


def reads_accounts(glossary: Glossary, finder: Finder, request: CalcRequest) -> bool:
    """Whether a request is for health, of all files of a project, none of which is said to hold signs of it."""
    if not request.sets or request.files:
        return False
    terms = [computable(glossary, finder, name) for name in request.metrics]
    kinds = [term.metric or term.table for term in terms]
    if not all(kind and kind.of == HEALTH for kind in kinds):
        return False
    names = {HEALTH, SIGNALS, *(kind.name for kind in kinds if kind), *(term.id for term in terms)}
    return not any(one.how.get("shape") == SIGNALS or names & set(one.feeds) for one in request.sets)


def health_of_accounts(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Scores or warnings of the accounts of all files, on the last day of `as_of` or today.

    Raises what reading the files and `run.calculate` raise.
    """
    day = request.year.day_named(request.as_of) if request.as_of else date.today()
    bare = replace(request, as_of=day.isoformat(), where=None, by=(), config=None, metrics=())
    table = account_table(glossary, bare)
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        result = scored(glossary, finder, replace(request, as_of=day.isoformat()), table, Path(folder))
    first = f"as of {day}{'' if request.as_of else ' (today)'}: {len(table.rows)} accounts"
    return result._replace(notes=(first, *table.notes, *result.notes))


def scored(glossary: Glossary, finder: Finder, request: CalcRequest, table: AccountTable, scratch: Path) -> Result:
    """Scores or warnings of the accounts of a list, as the metrics of a request say."""
    file = scratch / "accounts.csv"
    write_accounts(table, file)
    asked = replace(
        request,
        files=(str(file),),
        sets=(),
        joined=None,
        aliases=None,
        as_of=request.as_of if _warns(glossary, finder, request) else None,
        mapping={ACCOUNT: ACCOUNT},
        shape=SIGNALS,
        preset=None,
        reading=_WRITTEN,
        holds={one.key: _KINDS[one.kind] for one in table.columns},
    )
    try:
        result = run.calculate(glossary, finder, asked)
    except CstoolError as error:
        error.message = error.message.replace(str(file), "accounts")
        error.problems = tuple(one.replace(str(file), "accounts") for one in error.problems)
        raise
    notes = [one.replace(str(file), "accounts") for one in result.notes]
    return result._replace(notes=tuple(one for one in notes if not one.startswith("accounts: read as")))


def _warns(glossary: Glossary, finder: Finder, request: CalcRequest) -> bool:
    """Whether rules are tried, which may look at the day; a score does not."""
    tables = [computable(glossary, finder, name).table for name in request.metrics]
    return any(table and table.name == "early-warning" for table in tables)


def write_accounts(table: AccountTable, file: Path) -> None:
    """The list as CSV; accounts of one name are told apart by their key."""
    names = Counter(row[ACCOUNT] for row in table.rows)
    header = [one.key for one in table.columns if one.key != ACCOUNT_ID]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        for row in table.rows:
            name = row[ACCOUNT]
            shown = f"{name} ({row[ACCOUNT_ID]})" if names[name] > 1 else name
            writer.writerow([shown if key == ACCOUNT else _written(row[key]) for key in header])


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)
