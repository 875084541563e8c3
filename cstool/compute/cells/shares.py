"""Shares and parts that are more than the whole: refused, with what was probably meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from cstool.errors import InputError, UsageError
from cstool.model.entries import Glossary
from cstool.model.results import Value

ALL = "1"  # `at_most` of a measure that is a share itself
_PERCENT = 100


def limits(glossary: Glossary, relation: str) -> dict[str, str]:
    """By measure, what it cannot be above: 1, or another measure."""
    known = glossary.relations.get(relation)
    return {one.measure: one.at_most for one in known.measures if one.at_most} if known else {}


def refuse_given(given: Mapping[str, Decimal], most: Mapping[str, str]) -> None:
    """Raises UsageError for a value of --set above what it is a share or a part of."""
    for name, value in given.items():
        limit = most.get(name, "")
        if limit == ALL and value > 1:
            meant = f"did you mean {value:f}%?" if value <= _PERCENT else "write a share as 78% or 0.78"
            raise UsageError(
                f"--set {name}={value:f} is {value * 100:f}%, and a share is at most 100%",
                hint=meant,
                code="impossible-value",
            )
        if limit in given and value > given[limit]:
            raise UsageError(
                f"--set {name}={value:f} is more than {limit}={given[limit]:f}, which it is a part of",
                hint=f"{name} is counted among {limit}: give both for the same period",
                code="impossible-value",
            )


def refuse_sums(name: str, rows: Sequence[Mapping[str, Value]], most: Mapping[str, str], groups: Sequence[str]) -> None:
    """Raises InputError where a row holds a measure below zero, or above what it is a part of.

    `name` is that of the files, `groups` the columns that say what a row is about.
    """
    for row in rows:
        for measure, limit in most.items():
            part, whole = row.get(measure), Decimal(1) if limit == ALL else row.get(limit)
            if not isinstance(part, (Decimal, float, int)) or not isinstance(whole, (Decimal, float, int)):
                continue
            if not 0 <= Decimal(str(part)) <= Decimal(str(whole)):
                about = ", ".join(str(row[key]) for key in groups if row.get(key) is not None)
                what = f"more than {limit}, {_plain(whole)}" if limit != ALL else "a share is at most 100%"
                what = "below 0" if part < 0 else what
                raise InputError(
                    f"{name}: {measure} is {_plain(part)}{f' in {about}' if about else ''}, {what}",
                    hint="check the columns; `cstool columns FILE` shows which one is used for what",
                    code="impossible-value",
                )


def _plain(number: Decimal | float) -> str:
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
