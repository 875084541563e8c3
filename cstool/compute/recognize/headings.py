"""Months as people head columns with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence

from cstool.model import month_names
from cstool.model.currencies import without_currency
from cstool.model.windows import month_number

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<m>0?[1-9]|1[0-2])"
_NAME = rf"(?P<n>[^\W\d_]{{3,{month_names.LONGEST}}})\.?"
_YEARS = range(1900, 2200)
_MIDNIGHT = r"(?:[ T]00:00(?::00)?)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<y>\d{{4}})(?:[-/. ]{_MONTH}(?:[-/.]{_DAY})?{_MIDNIGHT}|(?P<p>0[1-9]|1[0-2]))",
        rf"{_MONTH}[-/.](?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[mM]{_MONTH}",
        rf"{_NAME}(?:[-/', ]*| de )(?P<y>\d{{4}}|\d{{2}})",
        rf"(?P<y>\d{{4}})[-/ ]*{_NAME}",
        rf"{_DAY}\.?(?:[-/ ]| de |(?<=\.)){_NAME}(?:[-/ ]| de )(?P<y>\d{{4}}|\d{{2}})",
        rf"{_NAME} {_DAY},? (?P<y>\d{{4}})",
    )
)
_ISO_DAY = re.compile(rf"\d{{4}}[-/. ]\d{{1,2}}[-/.](\d{{1,2}}){_MIDNIGHT}")
_EARLIEST_LAST_DAY = 28  # of a month
_QUARTERS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"Q(?P<q>[1-4])[-/' ]*(?P<y>\d{4}|\d{2})",
        r"(?P<q>[1-4])Q[-/' ]*(?P<y>\d{4}|\d{2})",
        r"(?P<y>\d{4})[-/ ]*Q(?P<q>[1-4])",
    )
)
_FISCAL = r"(?i:(?:[QPH]\d{1,2}[-/' ]*FY[-' ]*\d{2,4}|FY[-' ]*\d{2,4}[-/' ]*[QPH]\d{1,2}))"
_NUMBERED = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_MIDNIGHT}")
_AROUND = re.compile(
    r"^(?:(?:sum of|summe von|somme de|suma de|somma di|soma de|som van) )?"
    r"(?:(?:mrr|arr|revenue|amount|m)[ _-]+(?=\w))?"
    r"|[ _-]+(?:mrr|arr|revenue|amount)$",
    re.I,
)
# What a month may be marked with: 2026-03*, Mar 2026 (preliminary), and Jan 2026.1 where pandas saw it twice.
_MARKED = r"\W*(?P<bare>.*?\w)\W*?(?:\(.*\)|(?P<again>\.\d)| [^\W\d]+)?\W*"
_LIKE_A_MONTH = r"(?P<n>[^\s\d]{3,12}?)\.?[-/'_ ]*(?P<y>\d{4}|\d{2})"
_SERIAL = "[45]\\d{4}"  # Excel's number of a day
_UNSEEN = dict.fromkeys((0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF)) | str.maketrans("_‐–—−’", "-----'")
_NO_MONTHS = frozenset(
    "total totals sum year fiscal ytd average avg mean growth change delta diff budget target plan forecast goal notes"
    " summe gesamt jahr somme totale suma somma soma totaal jaar".split()
)


def months(headers: Sequence[str]) -> dict[str, int]:
    """The month that each header names, for those that name one: `2026-01`, `Jan 2026`, `31.01.2026`, `mrr_2026_01`.

    Where a date is all numbers, the headers together must tell the day from the month, or none is taken for a month.
    Where no months are named, a quarter is its last month: `Q1 2026`, `2026-Q1`.
    """
    found = {header: month for header in headers if (month := _named(header)) is not None}
    days = {header: int(day[1]) for header in found if (day := _ISO_DAY.fullmatch(header.strip()))}
    if len({*days.values()}) > 1 and min(days.values()) < _EARLIEST_LAST_DAY:  # days of data, not a day of each month
        found = {header: month for header, month in found.items() if header not in days}
    found |= _numbered([header for header in headers if header not in found])
    return found or {header: ends for header in headers if (ends := _quarter_end(header)) is not None}


def quarters(headers: Collection[str]) -> list[str]:
    """The headers that name quarters of the calendar."""
    return [header for header in headers if _quarter_end(header) is not None]


def fiscal_periods(headers: Sequence[str]) -> list[str]:
    """The headers that name quarters or months of a fiscal year, `Q4 FY25`, where several do."""
    found = [one for one in headers if re.fullmatch(_FISCAL, _AROUND.sub("", one.strip().translate(_UNSEEN)))]
    return found if len(found) > 1 else []


def out_of_years(headers: Sequence[str]) -> list[str]:
    """The headers that name months of years that no amounts are from, as 1898-01, where several do."""
    parts = {header: _parts(header) for header in headers}
    found = [
        header
        for header, one in parts.items()
        if (one.get("m") or one.get("p") or _by_name(one.get("n") or "")) and _year(one["y"]) not in _YEARS
    ]
    return found if len(found) > 1 else []


def without_year(headers: Sequence[str]) -> list[str]:
    """The headers that are names of months and nothing else, as Jan or März, where several are."""
    found = [one for one in headers if len(one.strip()) > 2 and _by_name(one.strip().rstrip("."))]
    return found if len(found) > 1 else []


def languages_differ(headers: Collection[str]) -> bool:
    """Whether no language has the names of all months."""
    names = {(_parts(header).get("n") or "").lower() for header in headers} & month_names.months().keys()
    return not any(names <= own.keys() for own in month_names.by_language().values())


def doubtful(headers: Sequence[str], found: Collection[str]) -> str | None:
    """The first header that may be a month as well and is not among those found: `Mar 2026*`, or Maj 2026 beside them.

    `headers` are all of the table in their order.
    """
    places = [i for i, header in enumerate(headers) if header in found]
    known = set(months(list(found)).values())
    years = {month // 12 for month in known}
    for i, header in enumerate(headers):
        if header in found:
            continue
        marked = re.fullmatch(_MARKED, header)
        month = _named(marked["bare"] if marked else header)
        beside = places[0] - 1 <= i <= places[-1] + 1
        if month is not None:
            doubt = month not in known or bool(marked and marked["again"])
        elif like := re.fullmatch(_LIKE_A_MONTH, header):
            doubt = beside and _year(like["y"]) in years and like["n"].lower() not in _NO_MONTHS
        else:
            bare = beside and (header.lower().strip(".") in month_names.months() or re.fullmatch(_SERIAL, header))
            doubt = bool(bare or _NUMBERED.fullmatch(header))
        if doubt:
            return header
    return None


def _quarter_end(header: str) -> int | None:
    """The last month of the quarter that a header names."""
    text = _AROUND.sub("", without_currency(header.strip())[0].translate(_UNSEEN))
    parts = next((found.groupdict() for one in _QUARTERS if (found := one.fullmatch(text))), None)
    if parts is None or _year(parts["y"]) not in _YEARS:
        return None
    return month_number(_year(parts["y"]), 3 * int(parts["q"]))


def _named(header: str) -> int | None:
    parts = _parts(header)
    digits = parts.get("m") or parts.get("p")
    month = int(digits) if digits else _by_name(parts.get("n") or "")
    return month_number(_year(parts["y"]), month) if month and _year(parts["y"]) in _YEARS else None


def _year(digits: str) -> int:
    return int(digits) + 2000 if len(digits) < 3 else int(digits)


def _parts(header: str) -> dict[str, str]:
    """The year and the number or the name of the month that a header is made of, if it is."""
    text = unicodedata.normalize("NFC", without_currency(header.strip())[0])
    text = _AROUND.sub("", text.translate(_UNSEEN))
    return next((fitting.groupdict() for pattern in _PATTERNS if (fitting := pattern.fullmatch(text))), {})


def _by_name(name: str) -> int | None:
    """The month of a name in any language, or of how an English one begins."""
    folded = name.lower()
    begun = (month for full, month in month_names.by_language()["English"].items() if full.startswith(folded))
    return month_names.months().get(folded) or (next(begun, None) if folded else None)


def _numbered(headers: Sequence[str]) -> dict[str, int]:
    """Dates like `1/2/2026`: the part that goes above 12, or else is always 1, is the day."""
    dates = {header: fitting for header in headers if (fitting := _NUMBERED.fullmatch(header.strip()))}
    first, second = ({int(date[i]) for date in dates.values()} for i in (1, 2))
    for days, others, month_part in ((first, second, 2), (second, first, 1)):
        is_day = days and (max(days) > 12 or (days == {1} and len(others) > 1))
        if is_day and max(others) <= 12:
            return {header: month_number(int(date[3]), int(date[month_part])) for header, date in dates.items()}
    return {}
