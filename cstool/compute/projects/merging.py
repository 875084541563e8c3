"""Results of several files put side by side: a row for each group and period that one of them has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cstool.compute.plan import TOTAL
from cstool.model.entries import Term
from cstool.model.request import CalcRequest
from cstool.model.results import Column, Result, Value

PERIOD = "period"


class Part(NamedTuple):
    """What was computed from one file, and the metrics that it was asked for."""

    result: Result
    terms: Sequence[Term]


Key = tuple[Value, ...]


def merged(
    request: CalcRequest, parts: Sequence[Part], order: Sequence[str], period: str, notes: Sequence[str]
) -> Result:
    """One result with the metrics in the given order of their keys.

    `period` is the one that all of them are of, '' where the rows say theirs. Companion columns and measures are there
    with --explain, as `<metric>_<column>` where a name alone would not say whose they are.
    """
    dated = any(column.key == PERIOD for one in parts for column in one.result.columns)
    series = bool(request.every)
    columns: dict[str, list[Column]] = {}
    rows: dict[Key, dict[str, Value]] = {}
    reasons: dict[tuple[Key, str], str] = {}
    for part in parts:
        names: dict[str, str] = {}  # by the name of a column here, the one it had
        taken = {one.key for listed in columns.values() for one in listed}
        for metric, listed in _columns(part, request).items():
            renamed = [_apart(one, metric, taken) for one in listed]
            columns[metric] = [column for column, _ in renamed]
            names |= {column.key: source for column, source in renamed}
        headers = [one.key for one in part.result.groups if one.key != PERIOD]
        for i, row in enumerate(part.result.rows):
            key: Key = (row.get(PERIOD) if series else None, *(row[header] for header in headers))
            record = rows.setdefault(key, {})
            record |= {own_key: row[source] for own_key, source in names.items()}
            if dated and not series:
                record.setdefault(PERIOD, period or row.get(PERIOD))
            reasons |= {(key, column): why for (at, column), why in part.result.reasons.items() if at == i}
    listed = [column for metric in order for column in columns.get(metric, ())]
    values = [one for one in listed if one.kind != "measure"] + [one for one in listed if one.kind == "measure"]
    keys = sorted(rows, key=_sorted_by)
    heads = [*map(Column, request.by), *([Column(PERIOD)] if dated else [])]
    records = [
        {
            **dict(zip(request.by, key[1:], strict=True)),
            **({PERIOD: key[0] if series else rows[key].get(PERIOD, period or None)} if dated else {}),
            **{column.key: rows[key].get(column.key) for column in values},
        }
        for key in keys
    ]
    places = {key: i for i, key in enumerate(keys)}
    told = [note for part in parts for note in part.result.notes]
    return Result(
        [*heads, *values],
        records,
        tuple(dict.fromkeys([*notes, *told])),
        {(places[key], column): why for (key, column), why in reasons.items()},
        [line for part in parts for line in part.result.basis],
        "series" if series and len(records) > 1 and not request.by else "",
    )


def _columns(part: Part, request: CalcRequest) -> dict[str, list[Column]]:
    """By metric its columns, with the first one the measures."""
    metrics = [term.metric for term in part.terms if term.metric]
    found: dict[str, list[Column]] = {}
    for metric in metrics:
        beside = {one.column for one in metric.beside} if request.explain else set()
        found[metric.key] = [
            one
            for one in part.result.columns
            if (one.kind == "value" and one.key == metric.key)
            or (one.key in (f"{metric.key}_before", f"{metric.key}_change"))
            or (one.kind == "beside" and one.key in beside)
        ]
    if request.explain and metrics:
        found[metrics[0].key] += [one for one in part.result.columns if one.kind == "measure"]
    return found


def _apart(column: Column, metric: str, taken: set[str]) -> tuple[Column, str]:
    """A column under the name that it has beside those of other files, and the name it had."""
    if column.kind == "beside" or (column.kind == "measure" and column.key in taken):
        return column._replace(key=f"{metric}_{column.key}"), column.key
    return column, column.key


def _sorted_by(key: Key) -> tuple[tuple[int, str], ...]:
    """By period, then by groups; rows without a group after those with one, those of all groups last."""
    period, *groups = key
    total = bool(groups) and groups[0] == TOTAL and all(one is None for one in groups[1:])
    return ((1 if total else 0, str(period or "")), *((1 if one is None else 0, str(one)) for one in groups))
