"""Rows that a column marks as departed accounts, trials or tests of a survey, and that count all the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from cstool.backends.duck import quoted
from cstool.compute.filtering import where_option
from cstool.compute.recognize.header_matching import Columns, has_word
from cstool.compute.recognize.shapes import Fit

_STATUS_WORDS = ("status", "state", "phase", "stage", "lifecycle")
_LEFT = frozenset(
    "churn churned lost canceled cancelled expired terminated inactive closed former formercustomer trial trialing"
    " intrial freetrial prospect".split()
)
_TESTS = frozenset("surveypreview preview surveytest test spam testresponse".split())
_SAYING = {"book": _LEFT, "seats": _LEFT, "responses": _TESTS}  # by input type
_WHOSE = {"book": "accounts", "seats": "accounts", "responses": "answers"}
_DEPARTED = ("churn*", "cancel*", "terminat*", "deactivated", "departed", "lost")
_DAYS = ("at", "on", "date")


def notes_on(columns: Columns, best: Fit, free: Sequence[str]) -> list[str]:
    """One line where a column that is not used marks rows that count, with the option that leaves them out."""
    words = _SAYING.get(best.shape.shape)
    if not words:
        return []
    whose = f"{columns.table.name}: {_WHOSE[best.shape.shape]}"
    for column, found in _by_status(columns, free, words).items():
        named = " and ".join(f"'{one}'" for one in found[:3])
        where = where_option(column, *(f"is distinct from {quoted(one)}" for one in found[:3]))
        return [f"{whose} whose {column} is {named} count, too; --where {where} leaves them out"]
    ends = [one for one in free if has_word(one, _DEPARTED) and has_word(one, _DAYS) and columns.cells(one)]
    if best.shape.shape == "responses" or not ends or not columns.fits_kind(ends[0], "date"):
        return []
    return [f"{whose} with a day in {ends[0]} count, too; --where {where_option(ends[0], 'is null')} leaves them out"]


def _by_status(columns: Columns, free: Sequence[str], words: Collection[str]) -> Mapping[str, list[str]]:
    """The cells of each column of statuses that are some words, as words are compared."""
    found = {
        column: sorted(cell for cell in set(columns.cells(column)) if re.sub(r"[\W_]+", "", cell.casefold()) in words)
        for column in free
        if has_word(column, _STATUS_WORDS)
    }
    return {column: cells for column, cells in found.items() if cells}
