"""The rows that a file gives and those that its printed query gives on a server, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from cstool.errors import CstoolError
from cstool.export.warehouse import REFUSED
from cstool.model.request import CalcRequest
from tests.metrics.computing import book
from tests.warehouse.conftest import Server

# Options without which a sample does not give the metric.
ASKED: Mapping[str, Mapping[str, Any]] = {
    "ces": {"where": "Question = 'ces'"},
    "cli": {"where": "Question in ('csat', 'nps', 'ces')"},
    "csat": {"where": "Question = 'csat'"},
    "happiness-index": {"where": "Question = 'csat'"},
    "ltv": {"given": {"gross_margin": Decimal("0.8")}},
    "ltv-cac": {"given": {"ltv": Decimal(9000)}},
    "nps": {"where": "Question = 'nps'"},
    "product-qualified-leads": {"where": "invited >= 3"},
    "product-consumption": {"given": {"features_offered": Decimal(12)}},
    "adoption-rate": {"given": {"eligible_users": Decimal(120)}},
    "pulse-trend": {"where": "Question = 'csat'"},
}
CHOSEN = [name for name in sorted(book().glossary.metrics) if name not in REFUSED]


def shapes(name: str) -> list[str]:
    return [one.shape for one in book().metric(name).shapes]


def sql_table(name: str) -> bool:
    """Whether a metric is a table made by a query of its own."""
    table = book().metric(name).table
    return bool(table and table.sql)


def number(value: object) -> object:
    """Numbers as they are told apart: whole ones and exact ones by the double nearest to them."""
    return float(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def written(text: str | None, like: object) -> object:
    return text if text is None or isinstance(like, str) else float(text)


def compare(server: Server, name: str, shape: str, **options: Any) -> None:
    """The rows of the file's sample and of the query over the same rows, or both say that there is nothing."""
    file = server.sample(shape)
    options = {**ASKED.get(name, {}), **options}
    request = CalcRequest(metrics=(name,), files=(file,), shape=shape, **options)
    try:
        printed = book().query(request, server.dialect, f'"{shape}"')
    except CstoolError as error:
        if error.code != "unsupported-in-dialect":  # which is refused by name
            with pytest.raises(CstoolError):
                book().calc(request)
        return
    found = server.run(printed.sql)
    try:
        result = book().calc(request)
    except CstoolError:
        undefined = [row[key] for row in found for key in row if key.lower() == name.replace("-", "_")]
        assert set(undefined) <= {None}, found
        return
    expected = [{column.key: row[column.key] for column in result.columns} for row in result.rows]
    assert len(found) == len(expected), (found, expected)
    for own, row in zip(found, expected, strict=True):
        assert [key.lower() for key in own] == [key.lower() for key in row]
        for text, value in zip(own.values(), row.values(), strict=True):
            assert written(text, value) == number(value), (own, row)
