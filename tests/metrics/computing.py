"""The library as the tests of this folder call it: a table of text in, a result out."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cstool.api import Book
from cstool.model.reading import Reading
from cstool.model.request import CalcRequest
from cstool.model.results import Result, Value

_READING = {field.name for field in fields(Reading)}


@cache
def book() -> Book:
    return Book()


def table(header: str, rows: Iterable[Sequence[object]]) -> str:
    """CSV of a header written as `account,mrr` and rows; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return out.getvalue()


def calc(data: str | bytes | None, *metrics: str, name: str = "data.csv", **options: Any) -> Result:
    """What `calc` makes of the text of a file (None: of no file). Options of `CalcRequest` and `Reading` by name.

    `by` is one column or several; `given` may hold whole numbers and texts.
    """
    reading = Reading(**{key: options.pop(key) for key in _READING & set(options)})
    if isinstance(by := options.get("by"), str):
        options["by"] = (by,)
    options["given"] = {key: Decimal(value) for key, value in options.get("given", {}).items()}
    if data is None:
        return book().calc(CalcRequest(metrics=metrics, reading=reading, **options))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return book().calc(CalcRequest(metrics=metrics, files=(str(path),), reading=reading, **options))


def answer(data: str | bytes | None, *metrics: str, **options: Any) -> dict[str, Value]:
    """The only row of a result: its groups, period and values, and with `explain` its measures."""
    result = calc(data, *metrics, **options)
    assert len(result.rows) == 1, result.rows
    return {column.key: result.rows[0][column.key] for column in result.columns}


def rows(result: Result, *keys: str) -> list[tuple[Value, ...]]:
    """The rows of a result, only the columns named (all of them otherwise)."""
    names = keys or tuple(column.key for column in result.columns)
    return [tuple(row[name] for name in names) for row in result.rows]


def value(data: str | bytes | None, metric: str, **options: Any) -> Value:
    """The only value of a result."""
    return answer(data, metric, **options)[metric.replace("-", "_")]


def mrr_by_month(text: str, **options: Any) -> dict[str, Value]:
    """The MRR of each month that a file tells of."""
    result = calc(text, "mrr", every="month", **options)
    return {str(row["period"]): row["mrr"] for row in result.rows}
