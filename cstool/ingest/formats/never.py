"""Words and days that systems write for an end or event that has not come: `active`, `0000-00-00`, `9999-12-31`."""

from __future__ import annotations

import re

from cstool.backends.duck import quoted

FROM = "2099-12-31"  # a day from here on is never meant
_ZERO = "0001-01-01"  # an empty date of some programs
_WORDS = (
    "active actif activo aktiv current currently present topresent never ongoing on-going open openend openended"
    " open-end open-ended offen laufend unbefristet encours none noend noenddate notended notyet notyetended"
    " stillactive still running inprogress live continuing continuous indefinite indefinitely perpetual evergreen"
    " forever unlimited permanent untilfurthernotice bisaufweiteres month-to-month monthtomonth rolling noexpiry"
    " noexpiration neverexpires doesnotexpire pending notcompleted incomplete outstanding unresolved notresolved"
    " unsolved notsolved notdone notstarted infinity +infinity inf +inf ∞ 0 0.0"
).split()
_DAYS = (
    r"0000[-/.]?00[-/.]?00(?:t?\d\d?:.*)?",
    r"00[-/.]00[-/.]0000",
    r"(?:9999|2999|2199|2099)[-/.]?12[-/.]?31(?:t?\d\d?:.*)?",
    r"(?:31[-/.]12|12[-/.]31)[-/.](?:9999|2999|2199|2099)(?:t?\d\d?:.*)?",
)
PATTERN = "|".join([*map(re.escape, _WORDS), *_DAYS])


def is_never(text: str) -> bool:
    """Whether a trimmed text is one of the words or days, however the column writes its dates."""
    return re.fullmatch(PATTERN, text.lower().replace(" ", "")) is not None


def is_never_sql(text: str) -> str:
    """As `is_never`; NULL of NULL."""
    return f"regexp_full_match(lower(replace({text}, ' ', '')), {quoted(PATTERN)})"


def never_day_sql(day: str) -> str:
    """Whether a date or time is a day that stands for never."""
    return f"cast({day} as date) <= date '{_ZERO}' or cast({day} as date) >= date '{FROM}'"


def unless_never_sql(day: str) -> str:
    """A date or time, NULL where it stands for never."""
    return f"case when not ({never_day_sql(day)}) then {day} end"
