"""How months, dates and periods are written: one way for a whole column, and only if the column decides it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cstool.engines.duck import quoted
from cstool.errors import InputError

DAY_FIRST, MONTH_FIRST = "day first", "month first"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A way to write a date: the mask it fits (digits as 9, letters as a), and how it is parsed.

    `order` is set where day and month could be swapped; `finest` is `day` or `month`.
    """

    pattern: str
    parse: tuple[str, ...]
    finest: str = "day"
    order: str = ""

    def fits(self, mask: str) -> bool:
        return re.fullmatch(self.pattern, mask) is not None

    def sql(self, text: str) -> str:
        """The date (a month's first day) of a trimmed text, NULL where it is none."""
        formats = ", ".join(quoted(form) for form in self.parse)
        return f"cast(try_strptime({text}, [{formats}]) as date)"


_CLOCK = r"(?:[ T]9{1,2}:99(?::99(?:\.9{1,9})?)?(?: ?[aA]{1,2}[mM]?)?(?: ?(?:Z|UTC|GMT|[+-]99:?99|[+-]99))?)?"


def _dated(*days: str) -> tuple[str, ...]:
    """Day formats alone and with the clock times that exports add."""
    clocks = ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M", "T%H:%M", " %H:%M:%S.%f", "T%H:%M:%S.%f", "T%H:%M:%SZ",
              "T%H:%M:%S.%fZ", " %H:%M:%S UTC", "T%H:%M:%S%z", " %H:%M:%S%z", " %I:%M %p", " %I:%M:%S %p")  # fmt: skip
    return tuple(day + clock for day in days for clock in clocks)


FORMATS = (
    DateFormat(rf"9999[-/.]9{{1,2}}[-/.]9{{1,2}}{_CLOCK}", _dated("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d")),
    DateFormat(r"99999999", ("%Y%m%d",)),
    DateFormat(rf"9{{1,2}}[-/.]9{{1,2}}[-/.]9999{_CLOCK}", _dated("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"), order=DAY_FIRST),
    DateFormat(
        rf"9{{1,2}}[-/.]9{{1,2}}[-/.]9999{_CLOCK}", _dated("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"), order=MONTH_FIRST
    ),
    DateFormat(rf"a{{3,9}}\.? 9{{1,2}},? 9999{_CLOCK}", _dated("%b %d, %Y", "%b %d %Y", "%B %d, %Y", "%B %d %Y")),
    DateFormat(rf"9{{1,2}}[- ]a{{3,9}}[- ]9999{_CLOCK}", _dated("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d-%B-%Y")),
    DateFormat(r"9999[-/.]9{1,2}", ("%Y-%m", "%Y/%m", "%Y.%m"), "month"),
    DateFormat(r"9{1,2}[-/.]9999", ("%m-%Y", "%m/%Y", "%m.%Y"), "month"),
    DateFormat(r"999999", ("%Y%m",), "month"),
    DateFormat(r"9999[mM]99", ("%YM%m", "%Ym%m"), "month"),
    DateFormat(r"a{3,9}[- ]9999", ("%b %Y", "%b-%Y", "%B %Y", "%B-%Y"), "month"),
    DateFormat(r"a{3,9}[- ]99", ("%b-%y", "%b %y", "%B-%y", "%B %y"), "month"),
    DateFormat(r"9999[- ]a{3,9}", ("%Y-%b", "%Y %b", "%Y-%B", "%Y %B"), "month"),
)


def mask(text: str) -> str:
    """A text as its format is judged: digits as 9, letters of words as a."""
    return re.sub(r"[^\W\d_]{3,}", lambda word: "a" * len(word[0]), re.sub(r"\d", "9", text))


def guess(samples: Collection[str], finest: str) -> DateFormat:
    """The first format that fits every sample; ISO days where none does. Only a guess: all cells are checked later."""
    fitting = _fitting({mask(sample) for sample in samples}, finest)
    return fitting[0] if len(fitting) == 1 else FORMATS[0]


def decide(column: str, masks: Mapping[str, tuple[int, int]], finest: str) -> DateFormat:
    """The one format of a column. `masks` gives by mask the largest first and second number that stand in it.

    Raises InputError where formats are mixed, or where nothing says whether day or month comes first.
    """
    readable = [one for one in masks if any(form.fits(one) for form in FORMATS)]
    fitting = _fitting(readable, finest)
    orders = {form.order for form in fitting}
    if {DAY_FIRST, MONTH_FIRST} <= orders:
        first, second = (max(masks[one][i] for one in readable) for i in (0, 1))
        if first > 12 and second > 12:
            raise InputError(f"{column}: some dates have the day first and some the month")
        if first <= 12 and second <= 12:
            raise InputError(
                f"{column}: nothing in the column says whether the day or the month comes first",
                hint="say it with --date-order dmy or --date-order mdy",
            )
        wanted = DAY_FIRST if first > 12 else MONTH_FIRST
        return next(form for form in fitting if form.order == wanted)
    if not fitting and readable:
        raise InputError(f"{column}: dates are written in several ways, like {' and '.join(sorted(readable)[:2])}")
    return fitting[0] if fitting else FORMATS[0]


def _fitting(masks: Collection[str], finest: str) -> list[DateFormat]:
    allowed = [form for form in FORMATS if finest == "month" or form.finest == "day"]
    return [form for form in allowed if masks and all(form.fits(one) for one in masks)]
