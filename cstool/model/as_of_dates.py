"""What --as-of names: a day, an ISO week, a month, quarter or year, in the spellings people use, as one text each.

The texts are `2026-10-15`, `2026-W42`, `2026-10`, `2026-Q4`, `2026`, and `FY2026-Q4` or `FY2026` for fiscal ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Literal

from cstool.errors import UsageError
from cstool.model.month_names import YEARS, months

Step = Literal["week", "month", "quarter", "year"]
Series = Step | Literal["own"]  # a period each: as rows have it, or a longer one
STEP_MONTHS: Mapping[Step, int] = {"month": 1, "quarter": 3, "year": 12}

_HINT = "write a month as 2026-10, a quarter as 2026-Q4, a year as 2026, a day as 2026-10-31"
_CLOCK = r"[T ]\d{1,2}:\d\d.*"


def moment(text: str) -> str:
    """The one text for a moment. Raises UsageError for what is none, or is out of reach of any file."""
    bare = " ".join(text.split())
    found = _fiscal(bare) or _week(bare) or _quarter(bare) or _day(bare, text) or _month(bare) or _year(bare)
    if not found:
        raise UsageError(f"'{text}' is no period", hint=_HINT, code="bad-period")
    year = int(found.removeprefix("FY")[:4])
    if not YEARS[0] <= year <= YEARS[1]:
        raise UsageError(f"'{text}' is no period that a file could reach", hint=_HINT, code="bad-period")
    return found


def day_of(text: str) -> date | None:
    """The day that a moment names, of a week its Sunday; None where it is a longer period."""
    if is_week(text):
        return date.fromisocalendar(int(text[:4]), int(text[6:]), 7)
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def is_week(period: str) -> bool:
    """Whether a period is an ISO week, Monday to Sunday."""
    return period[4:6] == "-W"


def is_fiscal(period: str) -> bool:
    """Whether a period is one of a fiscal year, whose first month is not known."""
    return period.startswith("FY")


def _fiscal(text: str) -> str:
    year, quarter = r"FY ?'?(?P<year>\d{4}|\d\d)", r"Q ?(?P<quarter>[1-4])"
    found = re.fullmatch(rf"{year}(?:[- /]?{quarter})?", text, re.I) or re.fullmatch(
        rf"{quarter}[- /]?{year}", text, re.I
    )
    if not found:
        return ""
    return f"FY{_full_year(found['year'])}" + (f"-Q{found['quarter']}" if found["quarter"] else "")


def _week(text: str) -> str:
    found = re.fullmatch(r"(?P<year>\d{4})[- /]?(?:C?W|KW) ?(?P<week>\d\d?)(?:-?(?P<day>[1-7]))?", text, re.I)
    found = found or re.fullmatch(r"(?:C?W|KW) ?(?P<week>\d\d?)(?P<day>)[- /]?(?P<year>\d{4})", text, re.I)
    if not found:
        return ""
    try:
        day = date.fromisocalendar(int(found["year"]), int(found["week"]), int(found["day"] or 7))
        return day.isoformat() if found["day"] else f"{int(found['year']):04d}-W{int(found['week']):02d}"
    except ValueError:
        return ""


def _quarter(text: str) -> str:
    year, short = r"(?P<year>\d{4})", r"'?(?P<year>\d{4}|\d\d)"
    found = (
        re.fullmatch(rf"{year}[- /.]?Q ?(?P<quarter>[1-4])", text, re.I)
        or re.fullmatch(rf"Q ?(?P<quarter>[1-4])[- /.]?{short}", text, re.I)
        or re.fullmatch(rf"(?P<quarter>[1-4])[. ]?Q[- /.]?{short}", text, re.I)
        or re.fullmatch(rf"{year}[- /.]?(?P<quarter>[1-4])Q", text, re.I)
    )
    return f"{_full_year(found['year'])}-Q{found['quarter']}" if found else ""


def _day(text: str, asked: str) -> str:
    bare = re.sub(_CLOCK + "$", "", text)
    if found := re.fullmatch(r"(\d{4})([-/.]?)(\d\d?)\2(\d\d?)", bare):
        return _date(int(found[1]), int(found[3]), int(found[4]))
    if found := re.fullmatch(r"(\d\d?)([-/.])(\d\d?)\2(\d{4})", bare):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if first <= 12 and second <= 12 and first != second and found[2] != ".":
            raise UsageError(
                f"'{asked}' has the day or the month first", hint="write a day as 2026-10-31", code="bad-period"
            )
        return _date(year, first, second) if second > 12 else _date(year, second, first)
    if found := re.fullmatch(r"(\d\d?)\.?[- ]([^\W\d_]{3,})\.?[- ,]{1,2}(\d{4})", bare):
        return _date(int(found[3]), months().get(found[2].lower(), 0), int(found[1]))
    if found := re.fullmatch(r"([^\W\d_]{3,})\.? (\d\d?),? (\d{4})", bare):
        return _date(int(found[3]), months().get(found[1].lower(), 0), int(found[2]))
    return ""


def _month(text: str) -> str:
    if found := re.fullmatch(r"(\d{4})(?:[-/.]|M| M)?(\d\d)", text, re.I) or re.fullmatch(r"(\d{4})[-/.M](\d)", text):
        return _date(int(found[1]), int(found[2]), 1)[:7]
    if found := re.fullmatch(r"(\d\d?)[-/.](\d{4})", text):
        return _date(int(found[2]), int(found[1]), 1)[:7]
    if found := re.fullmatch(r"([^\W\d_]{3,})\.?[- ,/]{0,2}('?\d\d|\d{4})", text):
        return _date(_full_year(found[2].lstrip("'")), months().get(found[1].lower(), 0), 1)[:7]
    if found := re.fullmatch(r"(\d{4})[- /]?([^\W\d_]{3,})\.?", text):
        return _date(int(found[1]), months().get(found[2].lower(), 0), 1)[:7]
    return ""


def _year(text: str) -> str:
    found = re.fullmatch(r"(?:CY ?)?(\d{4,5})", text, re.I)
    return f"{int(found[1]):04d}" if found else ""


def _date(year: int, month: int, day: int) -> str:
    """A date as text; nothing where there is none. Years that no date can have are left for the check of years."""
    if not 1 <= year <= 9999:
        return f"{year:04d}-{month:02d}" if 1 <= month <= 12 else ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _full_year(text: str) -> int:
    return int(text) + (2000 if len(text) < 4 else 0)
