"""Health scores against an earlier list of accounts: what changed, and which component moved a score most."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cstool import scratch as scratch_folders
from cstool.accounts.signals import SIGNALS, health_of_accounts, reads_accounts
from cstool.accounts.table import ACCOUNT, ACCOUNT_ID
from cstool.compute import run
from cstool.compute.formulas.resolve import computable
from cstool.compute.joins.aliases import undefused
from cstool.errors import InputError, UsageError, and_more
from cstool.glossary.find.finding import Finder
from cstool.glossary.health_config import Component, read_health_config
from cstool.ingest.source.table import open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Reading
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value

SCORE = "health_score"
BEFORE, CHANGE, MOVED = f"{SCORE}_before", f"{SCORE}_change", "moved_most"
PLACES = 9  # of a change: beyond them the division of a score shows


def scored_since(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Health scores with those of an earlier list, their change, and the component that moved each most.

    Raises UsageError where something else than scores is asked for, InputError where the earlier list lacks a column
    that the weights name, and what scoring raises.
    """
    assert request.since
    names = [kind.name for one in request.metrics if (kind := computable(glossary, finder, one).table)]
    if names != ["health-score"]:
        raise UsageError("--since compares health scores; ask for health-score alone", code="option-not-applicable")
    asked = replace(request, since=None)
    if reads_accounts(glossary, finder, asked):
        now = health_of_accounts(glossary, finder, asked)
    else:
        now = run.calculate(glossary, finder, asked)
    earlier = scores_of(glossary, finder, request, request.since)
    before = {undefused(str(row[ACCOUNT])): row for row in earlier.rows}
    components = read_health_config(request.weights).components
    columns = [*now.columns, Column(BEFORE, "beside", "score"), Column(CHANGE, "beside", "score"), Column(MOVED)]
    rows = [_with_change(row, before.get(undefused(str(row[ACCOUNT]))), components) for row in now.rows]
    gone = sorted(before.keys() - {undefused(str(row[ACCOUNT])) for row in now.rows})
    notes = [f"{request.since}: {one}" for one in earlier.notes if "missing in" in one]
    if gone and not (request.where or request.by):
        what = "1 account is" if len(gone) == 1 else f"{len(gone)} accounts are"
        notes.append(f"{request.since}: {what} not there any more: {', '.join(and_more(gone, 3))}")
    return now._replace(columns=columns, rows=rows, notes=(*now.notes, *notes))


def scores_of(glossary: Glossary, finder: Finder, request: CalcRequest, file: str) -> Result:
    """The health scores of an earlier list of accounts, by the weights of a request."""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        columns = open_table(file, {ACCOUNT, ACCOUNT_ID}, Path(folder), Reading()).columns
    asked = replace(
        request,
        metrics=("health-score",),
        files=(file,),
        sets=(),
        given={},
        joined=None,
        aliases=None,
        where=None,
        by=(),
        as_of=None,
        since=None,
        mapping={ACCOUNT: ACCOUNT} if ACCOUNT in columns else {},
        shape=SIGNALS,
        preset=None,
        reading=Reading(),
    )
    try:
        return run.calculate(glossary, finder, asked)
    except InputError as error:
        if error.code == "unknown-column":
            error.hint = f"give an earlier `cstool accounts -f csv`; {error.hint}"
        raise


def _with_change(
    row: Mapping[str, Value], before: Mapping[str, Value] | None, components: Sequence[Component]
) -> Mapping[str, Value]:
    now, then = row[SCORE], before[SCORE] if before else None
    change = None
    if isinstance(now, float) and isinstance(then, float):
        change = round(now - then, PLACES)
    moved = _moved_most(row, before, components) if before and change is not None else None
    return {**row, BEFORE: then, CHANGE: change, MOVED: moved}


def _moved_most(now: Mapping[str, Value], before: Mapping[str, Value], components: Sequence[Component]) -> str | None:
    """The component whose part of the score changed most; None where none did."""
    new, old = _parts(now, components), _parts(before, components)
    changes = {one.key: round(abs(new[one.key] - old[one.key]), PLACES) for one in components}
    most = max(changes, key=lambda key: changes[key], default=None)
    return most if most and changes[most] else None


def _parts(row: Mapping[str, Any], components: Sequence[Component]) -> dict[str, float]:
    """What each component adds to a score; one that is missing adds nothing, and its weight drops out."""
    whole = sum(float(one.weight) for one in components if row[one.key] is not None)
    return {
        one.key: float(one.weight) * float(row[one.key]) / whole if row[one.key] is not None else 0.0
        for one in components
    }
