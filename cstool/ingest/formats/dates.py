"""How months, dates and times are written: one way for a whole column, and only if the column decides it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from cstool.backends.duck import quoted
from cstool.ingest.formats.numbers import UndecidedError
from cstool.model import month_names

Order = Literal["dmy", "mdy", "serial"]
DAY_FIRST, MONTH_FIRST = "dmy", "mdy"

_CLOCK = r"(?:[ T]9{1,2}:99(?::99(?:[.,]9{1,9})?)?)"
_HALF = r"(?: ?[aApP]\.?[mM]\.?)"
_ZONE = r"(?: ?(?:Z|UTC|GMT|\(UTC\)|[+-]99:?99|[+-]99))"
_ZONE_SQL = r" ?(Z|UTC|GMT|\(UTC\)|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})$"
_CLOCKS = ("", " %H:%M:%S", "T%H:%M:%S", " %H:%M", "T%H:%M", " %H:%M:%S.%f", "T%H:%M:%S.%f")
_HALVES = (" %I:%M %p", " %I:%M:%S %p", " %I:%M%p", " %I:%M:%S%p", " %I:%M:%S.%f %p", " %I:%M:%S.%f%p")
_FIRST = "(?:er|[.º°])?"  # behind a day: 1er, 1.
_WORD = rf"a{{3,{month_names.LONGEST}}}\.?"
_GAP = "(?:[- ,/]{0,2}| de )"


class DateFormat(NamedTuple):
    """A way to write a day or month: the mask it fits (digits as 9, words as a), and how it is parsed.

    `order` is set where day and month could be swapped; `finest` is `day` or `month`. With `translated`, the text is
    parsed as numbers with blanks between them.
    """

    pattern: str
    parse: tuple[str, ...]
    finest: str = "day"
    order: str = ""
    translated: bool = False

    def fits(self, mask: str) -> bool:
        clock = rf"(?:{_CLOCK}{_HALF}?{_ZONE}?)?" if self.finest == "day" else ""
        return re.fullmatch(self.pattern + clock, mask) is not None


_UNIX = DateFormat(r"\b", ())  # fits no mask: seconds are recognised by their size
FORMATS = (
    DateFormat(r"9999-9{1,2}-9{1,2}", ("%Y-%m-%d",)),
    DateFormat(r"9999([/.])9{1,2}(?:\1)9{1,2}", ("%Y/%m/%d", "%Y.%m.%d")),
    DateFormat(r"99999999", ("%Y%m%d",)),
    DateFormat(r"9{1,2}([-/.])9{1,2}(?:\1)9999", ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"), order=DAY_FIRST),
    DateFormat(r"9{1,2}([-/.])9{1,2}(?:\1)9999", ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y"), order=MONTH_FIRST),
    DateFormat(r"9{1,2}([/.])9{1,2}(?:\1)99", ("%d/%m/%y", "%d.%m.%y"), order=DAY_FIRST),
    DateFormat(r"9{1,2}([/.])9{1,2}(?:\1)99", ("%m/%d/%y", "%m.%d.%y"), order=MONTH_FIRST),
    DateFormat(r"a{3,9} 9{1,2},? 9999", ("%b %d, %Y", "%b %d %Y", "%B %d, %Y", "%B %d %Y")),
    DateFormat(r"9{1,2}[- ]a{3,9}[- ]9999", ("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%d-%B-%Y")),
    DateFormat(r"9{1,2}[- ]a{3,9}[- ]99", ("%d %b %y", "%d-%b-%y", "%d %B %y", "%d-%B-%y")),
    DateFormat(r"9999-9{1,2}", ("%Y-%m",), "month"),
    DateFormat(r"9999(?:/9{1,2}|\.99)", ("%Y/%m", "%Y.%m"), "month"),
    DateFormat(r"9{1,2}[-/]9999|99\.9999", ("%m-%Y", "%m/%Y", "%m.%Y"), "month"),
    DateFormat(r"999999", ("%Y%m",), "month"),
    DateFormat(r"9999 ?[mM]9{1,2}", ("%YM%m", "%Ym%m", "%Y M%m", "%Y m%m"), "month"),
    DateFormat(r"a{3,9}[- ,]{1,2}9999", ("%b %Y", "%b-%Y", "%B %Y", "%B-%Y", "%b, %Y", "%B, %Y"), "month"),
    DateFormat(r"a{3,9}[- ]'?99", ("%b-%y", "%b %y", "%B-%y", "%B %y", "%b '%y", "%B '%y"), "month"),
    DateFormat(r"9999[- ]a{3,9}", ("%Y-%b", "%Y %b", "%Y-%B", "%Y %B"), "month"),
    # Names that are not English, or written as a parser of English ones does not take them: 1. Dez. 2026, Sept 2026.
    DateFormat(rf"9{{1,2}}{_FIRST}{_GAP}{_WORD}{_GAP}9999", ("%d %m %Y",), translated=True),
    DateFormat(rf"9{{1,2}}{_FIRST}{_GAP}{_WORD}{_GAP}'?99", ("%d %m %y",), translated=True),
    DateFormat(rf"{_WORD}[- ]9{{1,2}},? 9999", ("%m %d %Y",), translated=True),
    DateFormat(rf"{_WORD}{_GAP}9999", ("%m %Y",), "month", translated=True),
    DateFormat(rf"{_WORD}{_GAP}'?99", ("%m %y",), "month", translated=True),
    DateFormat(rf"9999{_GAP}{_WORD}", ("%Y %m",), "month", translated=True),
)
# The parser itself takes digits as they come, so that 20261 would be 2026-1, but not beside these marks.
_STRICT = (("%Y-%m-%d",), ("%Y-%m",))


class DateReading(NamedTuple):
    """The decided format of a column, and which clock times, zones and parts of a second its cells have."""

    form: DateFormat
    clock: bool = False
    half: bool = False
    zone: bool = False
    fraction: bool = False
    order: Order | None = None

    def sql(self, text: str, *, utc: bool) -> str:
        """The timestamp of a trimmed text (NULL where it is none), as written, or in UTC where a zone is given.

        Its year may be out of `YEARS`: 26-10-31 is in the year 26.
        """
        clocks = ("", *_HALVES, *_CLOCKS) if self.half else _CLOCKS if self.clock else ("",)
        formats = ", ".join(quoted(day + clock) for day in self.form.parse for clock in clocks)
        local = f"regexp_replace({text}, {quoted(_ZONE_SQL)}, '')" if self.zone else text
        if self.fraction:  # cut off after six digits: rounded, the last moment of a month would be the next month
            digits = r"\1" if self.form.translated else r"\1.\2"  # there, a point is one of the marks left out
            local = f"regexp_replace({local}, '(:[0-9]{{2}})[.,]([0-9]{{1,6}})[0-9]*', '{digits}')"
        if self.form.translated:
            local = _translated_sql(local)
        if self.half:
            local = f"replace(upper({local}), '.M', 'M')"
        value = f"try_strptime({local}, [{formats}])"
        if self.form != _UNIX and not self.zone and self.form.parse in _STRICT:  # the parser takes `epoch`, too
            value = f"case when left({text}, 1) between '0' and '9' then {value} end"
        else:
            value = f"case when regexp_full_match({text}, {quoted(self._pattern())}) then {value} end"
        if self.zone and utc:
            value = f"{value} - {_offset_sql(text)}"
        if self.order == "serial":
            value = f"coalesce({_serial_sql(text)}, {value})"
        if self.form == _UNIX:
            value = _unix_sql(text)
        return value

    def _pattern(self) -> str:
        """The pattern for the cells themselves, in RE2, which knows no back reference."""
        word = self.form.pattern.replace(r"(?:\1)", "[-/.]").replace("a{3,9}", "word")
        day = word.replace("9", "[0-9]").replace("word", "[^0-9 ,'-]{3,9}").replace("a{3", r"\pL{3")
        return f"(?:{day}){'.*' if self.clock or self.half or self.zone else ''}"


def _translated_sql(text: str) -> str:
    """A text with the number of the month for its name, and blanks for what separates: 31. Mai 2026 as 31 05 2026.

    NULL where the name is no month's.
    """
    small = f"lower({text})"
    names: dict[int, list[str]] = {}
    for name, month in month_names.months().items():
        names.setdefault(month, []).append(name)
    number = " ".join(
        rf"when regexp_matches({small}, '(?:^|[^\pL])(?:{'|'.join(own)})(?:[^\pL]|$)') then ' {month:02} '"
        for month, own in names.items()
    )
    numbered = rf"replace({small}, regexp_extract({small}, '(\pL{{3,}})', 1), case {number} end)"
    return f"trim(regexp_replace({numbered}, '(?:er|[.º°])?[- ,/.'']+(?:de +)?', ' ', 'g'))"


def _offset_sql(text: str) -> str:
    zone = f"regexp_extract({text}, {quoted(_ZONE_SQL)}, 1)"
    digits = f"regexp_replace({zone}, '[^0-9]', '', 'g')"
    minutes = f"(cast(left({digits}, 2) as int) * 60 + coalesce(try_cast(substr({digits}, 3, 2) as int), 0))"
    signed = f"case when {digits} = '' then 0 when left({zone}, 1) = '-' then -{minutes} else {minutes} end"
    return f"to_minutes({signed})"


def _serial_sql(text: str) -> str:
    """Excel's day number: 1 is 1900-01-01, and 1900 had a 29 February there."""
    day = f"case when regexp_full_match({text}, '[0-9]{{5}}([.][0-9]+)?') then cast(left({text}, 5) as bigint) end"
    part = f"coalesce(try_cast(substr({text}, 6) as double), 0)"
    # A second is as near as a workbook says it, but never that of the next day.
    seconds = f"least(cast(round({part} * 86400) as bigint), 86399)"
    return f"(timestamp '1899-12-30' + to_seconds({day} * 86400 + {seconds}))"


def _unix_sql(text: str) -> str:
    """Seconds or milliseconds since 1970."""
    seconds = f"case when strlen({text}) = 10 then cast({text} as bigint) else cast({text} as bigint) // 1000 end"
    stamp = f"timestamp '1970-01-01' + to_seconds({seconds})"
    return f"case when regexp_full_match({text}, '1[0-8][0-9]{{8}}([0-9]{{3}})?') then {stamp} end"


def mask(text: str) -> str:
    """A text as its format is judged: digits as 9, words of three letters or more as a.

    Names of months that are to be translated become as long as the longest, which no English one is.
    """
    return re.sub(r"[^\W\d_]{3,}", _word, re.sub(r"[0-9]", "9", text))


def _word(found: re.Match[str]) -> str:
    if found[0] in ("UTC", "GMT"):
        return found[0]
    return "a" * (month_names.LONGEST if found[0].lower() in month_names.translated() else len(found[0]))


class Largest(NamedTuple):
    """The largest first and second number in the cells of a mask, and whether all are Unix times by their size."""

    first: int
    second: int
    unix: bool = False


def largest(texts: Collection[str]) -> dict[str, Largest]:
    """By mask, what the cells hold."""
    found: dict[str, Largest] = {}
    for text in texts:
        numbers = [int(number[:18]) for number in re.findall("[0-9]+", text)[:2]]
        first, second = (*numbers, 0, 0)[:2]
        unix = re.fullmatch("1[0-8][0-9]{8}([0-9]{3})?", text) is not None
        before = found.get(mask(text), Largest(0, 0, unix))
        found[mask(text)] = Largest(max(before.first, first), max(before.second, second), before.unix and unix)
    return found


def decide(cells: Mapping[str, Largest], finest: str, order: Order | None = None) -> DateReading:
    """The one way that dates are written in a column, known by its masks; `finest` is what it must tell: day or month.

    Raises UndecidedError where formats are mixed, or where nothing says whether day or month comes first.
    """
    readable = [one for one in cells if any(form.fits(one) for form in FORMATS)]
    if not readable and cells and all(own.unix for own in cells.values()):
        return DateReading(_UNIX)
    allowed = [form for form in FORMATS if finest == "month" or form.finest == "day"]
    fits = [form for form in allowed if readable and all(form.fits(one) for one in readable)]
    if not fits and readable and any(form.fits(one) for form in allowed for one in readable):
        pairs = ((a, b) for a in readable for b in readable if not any(f.fits(a) and f.fits(b) for f in allowed))
        odd = next(pairs, tuple(readable[:2]))
        raise UndecidedError(
            odd, "dates of the column are written in several ways", "write all of them in one way: 2026-10-31"
        )
    form = fits[0] if fits else FORMATS[0]
    if {one.order for one in fits} >= {DAY_FIRST, MONTH_FIRST}:
        wanted = order if order in (DAY_FIRST, MONTH_FIRST) else _order(cells, readable)
        form = next(one for one in fits if one.order == wanted)
    zoned = [one for one in readable if re.search(_ZONE + "$", one) and ":" in one]
    return DateReading(
        form,
        clock=any(":" in one for one in readable),
        half=any(re.search(_HALF, one) for one in readable),
        zone=bool(zoned),
        fraction=any(re.search(":99[.,]9", one) for one in readable),
        order=order,
    )


def _order(cells: Mapping[str, Largest], readable: Collection[str]) -> str:
    first = [one for one in readable if cells[one].first > 12]
    second = [one for one in readable if cells[one].second > 12]
    if first and second:
        raise UndecidedError(
            [first[0], second[0]], "some dates have the day first and some the month", "write 2026-10-31"
        )
    if not first and not second:
        raise UndecidedError(
            list(readable)[:1],
            "and nothing in the column says whether the day or the month comes first",
            "say it with --date-order dmy or --date-order mdy",
        )
    return DAY_FIRST if first else MONTH_FIRST


def mixes_zones(masks: Collection[str]) -> list[str]:
    """Two masks with a clock time, one with and one without a zone; empty where all are alike."""
    clocks = [one for one in masks if ":" in one]
    zoned = [one for one in clocks if re.search(_ZONE + "$", one)]
    bare = [one for one in clocks if one not in zoned]
    return [zoned[0], bare[0]] if zoned and bare else []
