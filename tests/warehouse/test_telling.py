"""What stands around a printed query: its comment, and the notes beside it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlglot

from cstool.compute.described import UNSUPPORTED
from cstool.export.warehouse import REFUSED, Printed, warehouse_query
from cstool.model.request import CalcRequest
from tests.metrics.computing import book
from tests.warehouse.test_dialects import request

BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def told(about: str, request: CalcRequest) -> Printed:
    """A query of a glossary in which that is what a role, a shape and a term say of themselves."""
    known = book().glossary
    roles = {name: role._replace(about=about) for name, role in known.roles.items()}
    shapes = {name: shape._replace(about=about) for name, shape in known.shapes.items()}
    return warehouse_query(known._replace(roles=roles, shapes=shapes), book().finder, request, "postgres", "t")


@pytest.mark.parametrize("end", BREAKS)
def test_no_line_of_a_glossary_leaves_the_comment(end: str) -> None:
    hostile = f"an account{end}; drop table customers; --"
    sql = told(hostile, CalcRequest(metrics=("nrr",))).sql
    lines = sql.splitlines()
    comment = lines[: lines.index("WITH cells AS (")]
    assert len([line for line in comment if "; drop table customers; --" in line]) == 4  # the shape and three columns
    assert all(line.startswith("-- ") and line.isprintable() for line in comment)
    assert len(sqlglot.parse(sql, read="postgres")) == 1


@pytest.mark.parametrize("shape", sorted(set(book().glossary.shapes) - set(UNSUPPORTED)))
@pytest.mark.slow
def test_what_is_said_to_be_spare_can_be_left_out(shape: str) -> None:
    for name in sorted(set(book().glossary.metrics) - set(REFUSED)):
        if shape not in {one.shape for one in book().metric(name).shapes}:
            continue
        asked = request(name, shape=shape)
        for hint in (note for note in book().query(asked, "duckdb", "t").notes if "--map" in note):
            roles = re.fullmatch(r"a table without (.+): --map \w+=null", hint)
            assert roles, hint
            for role in roles[1].split(" or "):
                book().query(replace(asked, mapping={role: "null"}), "duckdb", "t")


def test_the_only_column_of_amounts_is_not_said_to_be_spare() -> None:
    notes = book().query(CalcRequest(metrics=("mrr",), shape="subscriptions"), "postgres", "t").notes
    (hint,) = [note for note in notes if "--map" in note]
    assert hint == "a table without end_date or status: --map end_date=null"


@pytest.mark.parametrize(
    ("asked", "unchecked"),
    [
        (CalcRequest(metrics=("nrr",), shape="ledger", by=("segment",)), "a row each account and month"),
        (
            CalcRequest(metrics=("mrr",), shape="subscriptions", by=("segment",)),
            "a row each subscription, no end before its start, no MRR of 0 in place of that before an end,"
            " each account in one segment",
        ),
        (
            CalcRequest(metrics=("mrr",), shape="mrr-changes", by=("segment", "region")),
            "a row each account and change_date, each account in one segment and region",
        ),
        (
            CalcRequest(metrics=("nrr",), shape="snapshot", every="quarter"),
            "a row each account and period, periods all months, all quarters or all years, none blank",
        ),
        (CalcRequest(metrics=("burn-rate",)), "periods all months, all quarters or all years, none blank"),
        (CalcRequest(metrics=("nrr",), shape="snapshot"), "a row each account and period"),
    ],
)
def test_what_only_a_file_is_checked_for_is_said(asked: CalcRequest, unchecked: str) -> None:
    notes = book().query(asked, "postgres", "t").notes
    rest = "one currency, no blank or negative amounts"
    assert notes[-1] == f"not checked by the query: {unchecked}, {rest}"
