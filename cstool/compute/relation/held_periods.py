"""Which weeks of a file are asked for, and which periods it holds only a part of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from cstool.backends.duck import identifier
from cstool.compute.source import Source
from cstool.errors import UndefinedError
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS, Step
from cstool.model.weeks import sunday, week_name, week_number, week_sql

IN_FILE = " is in the file "  # of a period of which it holds a part


def asked_weeks(source: Source) -> range:
    """The weeks that are asked for, those without rows among them. Raises UndefinedError where the file has none."""
    number, request = week_sql(identifier(source.shape.dated)), source.request
    first, newest = source.engine.row(f"select min({number}), max({number}) from {source.told or source.cells}")
    last, length = newest, request.weeks or 1
    if request.as_of:
        day = source.year.last_day_of(request.as_of)
        last = week_number(day) if request.day else week_number(day + timedelta(days=1)) - 1
    series = bool(request.every)
    if series:
        last = min(last, newest)
    if last - length + 1 < first or last > newest:
        asked = f"{length} weeks up to " if length > 1 else ""
        raise UndefinedError(
            f"{source.name}: the file does not hold {asked}{week_name(last)}; it holds {week_name(first)} to"
            f" {week_name(newest)}",
            code="period-not-covered",
        )
    if source.file_until and last == newest and source.file_until < sunday(last):
        source.notes.append(f"{source.name}: {week_name(last)}{IN_FILE}up to {source.file_until}")
    return range(first + length - 1 if series else last, last + 1)


def say_partial(source: Source, names: Mapping[int, str], ends: Sequence[int], step: Step) -> None:
    """Says of the first and the last of the periods that are compared where the file holds only a part of them."""
    first = ends[0] - STEP_MONTHS[step] + 1
    if first < source.months[0] <= ends[0] and not source.request.where:
        begun = windows.month_name(source.months[0])
        source.notes.append(f"{source.name}: {names[ends[0]]}{IN_FILE}from {begun} on")
    newest = windows.last_day(ends[-1])
    if source.file_until and ends[-1] in names and source.file_until < newest and not source.request.day:
        source.notes.append(f"{source.name}: {names[ends[-1]]}{IN_FILE}up to {source.file_until}")
