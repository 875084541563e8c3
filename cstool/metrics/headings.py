"""Months as people head columns with them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.metrics.windows import month_number

_NAMES = "january february march april may june july august september october november december".split()
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<m>0?[1-9]|1[0-2])"
_NAME = r"(?P<n>[A-Za-z]{3,9})\.?"
_MIDNIGHT = r"(?:[ T]00:00(?::00)?)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<y>\d{{4}})[-/. ]?{_MONTH}(?:[-/.]{_DAY})?{_MIDNIGHT}",
        rf"{_MONTH}[-/.](?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[mM]{_MONTH}",
        rf"{_NAME}[-/' ]*(?P<y>\d{{4}}|\d{{2}})",
        rf"(?P<y>\d{{4}})[-/ ]*{_NAME}",
        rf"{_DAY}[-/ ]{_NAME}[-/ ](?P<y>\d{{4}}|\d{{2}})",
        rf"{_NAME} {_DAY},? (?P<y>\d{{4}})",
    )
)
_NUMBERED = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_MIDNIGHT}")
_AROUND = re.compile(r"^(?:mrr|revenue|amount|m)[ _-]+(?=\w)|[ _-]+(?:mrr|revenue|amount)$", re.I)


def months(headers: Sequence[str]) -> dict[str, int]:
    """The month that each header names, for those that name one: `2026-01`, `Jan 2026`, `31.01.2026`, `mrr_2026_01`.

    Where a date is all numbers, the headers together must tell the day from the month, or none is taken for a month.
    """
    found = {header: month for header in headers if (month := _named(header)) is not None}
    return found | _numbered([header for header in headers if header not in found])


def _named(header: str) -> int | None:
    text = _AROUND.sub("", header.strip()).replace("_", "-")
    for pattern in _PATTERNS:
        parts = fitting.groupdict() if (fitting := pattern.fullmatch(text)) else {}
        month = int(parts["m"]) if parts.get("m") else _by_name(parts.get("n") or "")
        if month:
            year = int(parts["y"])
            return month_number(year + 2000 if year < 100 else year, month)
    return None


def _by_name(name: str) -> int | None:
    folded = "sep" if name.lower() == "sept" else name.lower()
    return next((i for i, full in enumerate(_NAMES, 1) if folded and full.startswith(folded)), None)


def _numbered(headers: Sequence[str]) -> dict[str, int]:
    """Dates like `1/2/2026`: the part that goes above 12, or else is always 1, is the day."""
    dates = {header: fitting for header in headers if (fitting := _NUMBERED.fullmatch(header.strip()))}
    first, second = ({int(date[i]) for date in dates.values()} for i in (1, 2))
    for days, others, month_part in ((first, second, 2), (second, first, 1)):
        is_day = days and (max(days) > 12 or (days == {1} and len(others) > 1))
        if is_day and max(others) <= 12:
            return {header: month_number(int(date[3]), int(date[month_part])) for header, date in dates.items()}
    return {}
