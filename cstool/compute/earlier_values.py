"""Metrics beside what they were in an earlier period: `<metric>_before` and `<metric>_change`.

The earlier values are those that the same request gives for the earlier period alone; in a series, those of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from cstool.compute import run
from cstool.compute.formulas.resolve import computable
from cstool.compute.plan import TOTAL
from cstool.compute.relation.held_periods import IN_FILE
from cstool.errors import CstoolError, InputError, UndatedError, UndefinedError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.ingest.source.opening import read_again
from cstool.model.as_of_dates import Step, day_of, is_week
from cstool.model.entries import Glossary, Term
from cstool.model.periods import Against, earlier
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value

PERIOD = "period"
Key = tuple[Value, ...]


def calculate(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """As `run.calculate`, with the earlier values and the changes where the request compares.

    Raises what that raises, and UndatedError where the file has no periods.
    """
    if not request.compare:
        return run.calculate(glossary, finder, request)
    refuse_uncomparable(request, [computable(glossary, finder, name) for name in request.metrics])
    with read_again():
        if request.every:
            return _series(run.calculate(glossary, finder, request), request.compare)
        return _one_period(glossary, finder, request, request.compare)


def refuse_uncomparable(request: CalcRequest, terms: Sequence[Term]) -> None:
    """Raises UsageError for what has no earlier period: tables, accounts, and values given instead of a file."""
    table = next((one.table.name for one in terms if one.table), "")
    what = "--accounts" if request.accounts else "" if request.files or request.sets else "--set"
    if table or what:
        raise UsageError(
            f"--compare: {f'{table} is a table' if table else f'{what} has no earlier period to compare with'}",
            hint=f"leave {'--compare' if table else f'--compare or {what}'} out",
            code="option-not-applicable",
        )


def compared_columns(column: Column) -> list[Column]:
    """The columns beside a metric's own: what it was, and by how much it changed."""
    return [
        Column(f"{column.key}_{kind}", kind, column.unit, column.window, metric=column.metric)
        for kind in ("before", "change")
    ]


# One period


def _one_period(glossary: Glossary, finder: Finder, request: CalcRequest, against: Against) -> Result:
    result = None if request.as_of else run.calculate(glossary, finder, request)
    period = request.as_of or (_only_period(result) if result else "")
    if is_week(period):
        result = result or run.calculate(glossary, finder, request)
        if not is_week(_only_period(result)):  # rows of months have the one in which it ends
            period = str(day_of(period))
    if not period:
        period = _newest(glossary, finder, request)
    if result is None or not _only_period(result):
        result = run.calculate(glossary, finder, replace(request, as_of=period))
    before = earlier(period, against)
    if not before:
        note = f"nothing to compare with: the year before has no week {period[6:]}"
        return _beside(result._replace(notes=(*result.notes, note)), {})
    past, notes = _at(glossary, finder, replace(request, as_of=before))
    told = [f"compared with {before}", *_lacking(past, before), *_partial(past)] if past else notes
    return _beside(result._replace(notes=(*result.notes, *told)), _by_group(past) if past else {})


def _only_period(result: Result) -> str:
    """The period that all rows are of, '' where they say none."""
    found = {row.get(PERIOD) for row in result.rows}
    only = found.pop() if len(found) == 1 else None
    return only if isinstance(only, str) else ""


def last_complete_period(glossary: Glossary, finder: Finder, request: CalcRequest, step: Step) -> str:
    """The last month, quarter or year of which the files of a request, all of one input type, have every day.

    Raises UndatedError where they have no dates, and what `run.calculate` raises.
    """
    reach = run.reach(glossary, finder, request)
    if reach.until is None:
        raise UndatedError(f"{reach.name}: its last complete {step} needs a column of months, periods or dates")
    return reach.year.last_complete(reach.until, step)


def _newest(glossary: Glossary, finder: Finder, request: CalcRequest) -> str:
    """The period that a file is asked for where nothing says one and its rows are not counted by any."""
    reach = run.reach(glossary, finder, request)
    if reach.last is None:
        raise UndatedError(f"{reach.name}: --compare needs a column of months, periods or dates")
    step = reach.step or "month"
    return reach.year.period_name(reach.year.last_whole(reach.last, step), step)


def _at(glossary: Glossary, finder: Finder, request: CalcRequest) -> tuple[Result | None, list[str]]:
    """The result of an earlier period, or None and why there is none."""
    try:
        return run.calculate(glossary, finder, request), []
    except (InputError, UndefinedError) as error:
        if not isinstance(error, UndefinedError) and error.code != "period-not-covered":
            raise
        return None, [f"nothing to compare with in {request.as_of}: {_reason(error)}"]


def _partial(past: Result) -> list[str]:
    return [note for note in past.notes if IN_FILE in note]


def _lacking(past: Result, before: str) -> list[str]:
    """Which metrics have no value in an earlier period that others have, and why."""
    told = []
    for key in (one.key for one in past.values):
        if any(row[key] is not None for row in past.rows):
            continue
        own = [why.split("undefined, ", 1)[1] for why in past.notes if why.startswith(f"{key}: undefined, ")]
        own += [why for (_, column), why in past.reasons.items() if column == key]
        told.append(f"{key}: nothing to compare with in {before}{f': {own[0]}' if own else ''}")
    return told


def _reason(error: CstoolError) -> str:
    return "; ".join([error.message, *error.problems])


def _by_group(result: Result) -> dict[Key, Mapping[str, Value]]:
    groups = [one.key for one in result.groups if one.key != PERIOD]
    return {tuple(row[key] for key in groups): row for row in result.rows}


def _beside(result: Result, past: Mapping[Key, Mapping[str, Value]]) -> Result:
    """A result of one period with the values of the same groups before; groups that are gone have a row, too."""
    groups = [one.key for one in result.groups if one.key != PERIOD]
    rows = [(row, past.get(tuple(row[key] for key in groups), {})) for row in result.rows]
    here = {tuple(row[key] for key in groups) for row in result.rows}
    gone = [key for key in past if key not in here]
    at = len(rows)
    if gone and rows and rows[-1][0].get(groups[0]) == TOTAL:
        at -= 1
    nothing: dict[str, Value] = dict.fromkeys(one.key for one in result.columns)
    period = _only_period(result) or None
    rows[at:at] = [({**nothing, **dict(zip(groups, key, strict=True)), PERIOD: period}, past[key]) for key in gone]
    reasons = {(i + (len(gone) if i >= at else 0), key): why for (i, key), why in result.reasons.items()}
    return _filled(result._replace(reasons=reasons), rows)


# A series


def _series(result: Result, against: Against) -> Result:
    """A series with each row's earlier one beside it."""
    groups = [one.key for one in result.groups]
    by_key = {tuple(row[key] for key in groups): row for row in result.rows}
    pairs = []
    for row in result.rows:
        before = earlier(str(row[PERIOD]), against)
        pairs.append((row, by_key.get(tuple(before if key == PERIOD else row[key] for key in groups), {})))
    lacking = list(dict.fromkeys(str(row[PERIOD]) for row, past in pairs if not past))
    notes = list(result.notes)
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        before = earlier(lacking[0], against) or "that week"
        notes.append(f"nothing to compare with for {lacking[0]}{more}: {before} is not in the series")
    return _filled(result._replace(notes=tuple(notes)), pairs)


def _filled(result: Result, pairs: Sequence[tuple[Mapping[str, Value], Mapping[str, Value]]]) -> Result:
    columns: list[Column] = []
    for column in result.columns:
        columns += [column, *compared_columns(column)] if column.kind == "value" else [column]
    rows = []
    for row, past in pairs:
        record: dict[str, Value] = {}
        for key in (one.key for one in result.columns):
            record[key] = row.get(key)
        for value in result.values:
            before = past.get(value.key)
            record[f"{value.key}_before"] = before
            record[f"{value.key}_change"] = difference(row.get(value.key), before)
        rows.append({one.key: record[one.key] for one in columns})
    return result._replace(columns=columns, rows=rows)


def difference(now: Value, before: Value) -> Value:
    """How much a value changed; None where one of the two is undefined. Quotients do not gain digits by it."""
    if now is None or before is None or isinstance(now, str) or isinstance(before, str):
        return None
    exact = Decimal(repr(now) if isinstance(now, float) else now) - Decimal(
        repr(before) if isinstance(before, float) else before
    )
    return float(exact) if isinstance(now, float) or isinstance(before, float) else exact
