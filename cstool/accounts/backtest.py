"""Whether a health score told who would leave: the bands of an earlier list of accounts against who left after it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from cstool import scratch as scratch_folders
from cstool.accounts.history import scores_of
from cstool.accounts.table import ACCOUNT, ACCOUNT_ID
from cstool.backends.duck import DuckDB
from cstool.compute.joins.aliases import undefused
from cstool.compute.source import Source
from cstool.errors import InputError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.glossary.health_config import read_health_config
from cstool.ingest.source.header import WHITE
from cstool.ingest.source.table import open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Reading
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result

NAME = "health-backtest"
DEPARTURES = "departures"
WITHIN = 90  # days, where none are said
_RENEWAL, _DAYS = "renewal_date", "days_to_renewal"


class Left(NamedTuple):
    """When an account left, and when it came back, if it did."""

    lost: date
    returned: date | None


def backtest(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """By band of health, how many accounts there were and how many of them left within some days.

    Raises UsageError without an earlier list, a file of departures or bands, InputError where it is open of which day
    the list is, or where no account of the departures stands in it, and what scoring raises.
    """
    earlier = _only_file(request)
    bands = read_health_config(request.weights).bands if request.weights else {}
    if not bands:
        raise UsageError(
            f"{NAME} needs a file of weights with bands: --config FILE",
            hint="`cstool sample health-config` prints one to start from",
            code="option-needs-another",
        )
    scores = scores_of(glossary, finder, request, earlier)
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        listed = _rows(earlier, Path(folder))
        left, name = _departures(glossary, request, Path(folder))
    day, said = _day(request, earlier, listed)
    within = int(request.given.get("within", WITHIN))
    ids = {undefused(row[ACCOUNT]): row.get(ACCOUNT_ID, "") for row in listed}
    _refuse_strangers(earlier, name, ids, left)
    counted = _counted(scores, ids, left, bands, day, within)
    notes = [*said, *_precision(counted.bands, within)]
    if counted.gone:
        notes.append(f"{name}: {_accounts(counted.gone)} had left by {day} and {_are(counted.gone)} left out")
    if counted.unscored:
        notes.append(f"{_accounts(counted.unscored)} without a score {_are(counted.unscored)} left out")
    newest = max((one.lost for all_ in left.values() for one in all_), default=day)
    if newest < day + timedelta(days=within):
        notes.append(
            f"{name}: its newest departure is of {newest}; who left later, up to {within} days on, is not there"
        )
    return _result(counted.bands, notes)


class _Counted(NamedTuple):
    """By band, how many accounts there were and how many left; how many had left before, and had no score."""

    bands: Mapping[str, Sequence[int]]
    gone: int
    unscored: int


def _counted(
    scores: Result,
    ids: Mapping[str, str],
    left: Mapping[str, Sequence[Left]],
    bands: Mapping[str, object],
    day: date,
    within: int,
) -> _Counted:
    counts = {band: [0, 0] for band in bands}
    gone = unscored = 0
    for row in scores.rows:
        account = undefused(str(row[ACCOUNT]))
        own = [one for text in {account, ids.get(account, "")} for one in left.get(text, ())]
        if any(one.lost <= day and not (one.returned and one.returned <= day) for one in own):
            gone += 1
        elif row["band"] is None:
            unscored += 1
        else:
            counts[str(row["band"])][0] += 1
            counts[str(row["band"])][1] += any(day < one.lost <= day + timedelta(days=within) for one in own)
    return _Counted(counts, gone, unscored)


def _result(counts: Mapping[str, Sequence[int]], notes: Sequence[str]) -> Result:
    columns = [Column("band"), Column("accounts", "value", "count"), Column("left", "value", "count")]
    rows = [
        {"band": band, "accounts": all_, "left": lost, "share_left": lost / all_ if all_ else None}
        for band, (all_, lost) in counts.items()
    ]
    return Result([*columns, Column("share_left", "value", "percent")], rows, tuple(notes))


def _only_file(request: CalcRequest) -> str:
    files = [*request.files] or [file for one in request.sets for file in one.files]
    if len(files) != 1:
        raise UsageError(
            f"{NAME} needs one earlier list of accounts",
            hint="name a file that `cstool accounts -f csv` wrote some months ago",
            code="file-required",
        )
    if not request.joined or not request.joined.asked:
        raise UsageError(
            f"{NAME} needs to know who left: --join DEPARTURES.csv",
            hint="a file with a row for each customer who left and the day; `cstool sample departures` prints one",
            code="option-needs-another",
        )
    return files[0]


def _rows(file: str, scratch: Path) -> list[Mapping[str, str]]:
    table = open_table(file, {ACCOUNT, ACCOUNT_ID}, scratch, Reading())
    if table.column(ACCOUNT) is None:
        raise InputError(
            f"{table.name}: no column account",
            hint="`cstool accounts -f csv` writes such a list",
            code="missing-column",
        )
    names = [undefused(name.strip(WHITE)) for name in table.columns]
    return [
        dict(zip(names, [*(cell.strip(WHITE) for cell in record.fields), *[""] * len(names)], strict=False))
        for record in table.records()
    ]


def _departures(glossary: Glossary, request: CalcRequest, scratch: Path) -> tuple[dict[str, list[Left]], str]:
    """By account, when each left; and what the file is called."""
    joined = request.joined
    assert joined
    engine = DuckDB(limits=request.limits)
    try:
        mapping = {ACCOUNT: joined.key} if joined.key else {}
        asked = CalcRequest(metrics=(), files=(joined.file,), mapping=mapping, reading=joined.reading)
        source = Source(glossary, engine, asked, DEPARTURES, scratch)
        source.read()
        rows = engine.run(
            f"select account, cast(lost_at as date), cast(returned_at as date) from {source.cells}"
            " where account is not null and lost_at is not null"
        )
    finally:
        engine.close()
    found: dict[str, list[Left]] = {}
    for account, lost, returned in rows:
        found.setdefault(account, []).append(Left(lost, returned))
    return found, source.name


def _day(request: CalcRequest, file: str, rows: Sequence[Mapping[str, str]]) -> tuple[date, list[str]]:
    """The day of the earlier list: that of --as-of, or the one from which it counts the days to renewals."""
    if request.as_of:
        return request.year.day_named(request.as_of), []
    counted = set()
    for row in rows:
        day, days = _iso(row.get(_RENEWAL, "")), row.get(_DAYS, "")
        if day and days.lstrip("-").isdigit():
            counted.add(day - timedelta(days=int(days)))
    if len(counted) == 1:
        day = counted.pop()
        return day, [f"{file}: of {day}, from which it counts {_DAYS}"]
    told = [
        day for row in rows for key, text in row.items() if key.endswith(("_at", "last_active")) and (day := _iso(text))
    ]
    if told and not counted:
        return max(told), [f"{file}: taken as of {max(told)}, its newest day; --as-of DAY names another"]
    raise InputError(
        f"{file}: it is open of which day it is",
        hint="say the day on which it was made: --as-of 2026-06-30",
        code="period-not-covered",
    )


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def _refuse_strangers(file: str, name: str, ids: Mapping[str, str], left: Mapping[str, Sequence[Left]]) -> None:
    if left and not left.keys() & {*ids, *ids.values()}:
        raise InputError(
            f"{name}: none of its {len(left)} accounts stands in {file}",
            hint=f"--on LEFT=COLUMN names the column of accounts of {name}",
            code="contradicting-cells",
        )


def _precision(counts: Mapping[str, Sequence[int]], within: int) -> list[str]:
    """How sure and how complete the lowest band was."""
    band, (accounts, lost) = next(iter(counts.items()))
    everyone = sum(one for _, one in counts.values())
    precision = f"{lost / accounts:.1%}" if accounts else "undefined"
    recall = f"{lost / everyone:.1%}" if everyone else "undefined"
    return [
        f"{band}: precision {precision} ({lost} of {accounts} left within {within} days), recall {recall} ({lost} of"
        f" {everyone} who left)"
    ]


def _accounts(count: int) -> str:
    return f"{count} account{'' if count == 1 else 's'}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
