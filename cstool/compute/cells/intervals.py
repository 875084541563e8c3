"""How long an amount pays for: `month`, `every 3 months`, `28 days`, read as so many units of a length."""

from __future__ import annotations

import re
from typing import NamedTuple

from cstool.backends.duck import quoted
from cstool.compute.source import Source
from cstool.errors import InputError, UsageError


class Interval(NamedTuple):
    """An interval: `times` of it in `per` months; `months` it lasts, or where that is no whole number `days`."""

    times: int
    per: int
    months: int
    days: int


_UNITS = {
    Interval(365, 12, 0, 1): "d day days daily p1d tag tage täglich",
    Interval(52, 12, 0, 7): "w wk week weeks weekly woche wochen wöchentlich",
    Interval(26, 12, 0, 14): "biweekly fortnight fortnights fortnightly",
    Interval(1, 1, 1, 0): "m mo mon month months monthly mth mths monat monate monatlich monthtomonth mois mes",
    Interval(1, 2, 2, 0): "bimonthly",
    Interval(1, 3, 3, 0): "q qtr quarter quarters quarterly quartal vierteljährlich trimester trimestral",
    Interval(1, 6, 6, 0): "halfyear halfyears halfyearly semiannual semiannually biannual biannually halbjährlich",
    Interval(1, 12, 12, 0): "y yr yrs year years yearly annual annually annum jahr jahre jährlich an ans année año",
    Interval(1, 24, 24, 0): "biennial biennially",
    Interval(1, 36, 36, 0): "triennial triennially",
}
_BY_WORD = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_FILLERS = "every each per once billed paid charged recurring renews plan billing subscription a in advance".split()
KNOWN = "month, quarter, year, week, 28 days, every 3 months"


def parsed(text: str) -> Interval | None:
    """The interval that a text names; a bare number counts months. None where it names none."""
    words = [word for word in re.findall(r"\d+|[^\W\d_]+", text.casefold()) if word not in _FILLERS]
    counts = [int(word) if word.isdigit() else _NUMBERS[word] for word in words if word.isdigit() or word in _NUMBERS]
    names = [word for word in words if not word.isdigit() and word not in _NUMBERS]
    if re.fullmatch(r"p\d+[dwmy]", "".join(words)):
        names = names[1:]  # ISO 8601: P3M
    if len(counts) > 1 or (counts and not counts[0]):
        return None
    unit = _BY_WORD.get("".join(names)) if names else _BY_WORD["month"] if counts else None
    if unit is None:
        return None
    count = counts[0] if counts else 1
    return Interval(unit.times, unit.per * count, unit.months * count, unit.days * count)


def joined(source: Source, amount: str, *, counting: bool = False) -> str:
    """SQL that joins to each row of the source's cells, as `lengths`, the interval of its amount.

    The columns are `of`, `times`, `per`, `months` and `days`. Where customers are only counted (`counting`) no interval
    needs to be stated. Raises UsageError where nothing says what the interval is, InputError where it is none that is
    known.
    """
    preset = source.recognised.preset
    stated = source.request.interval or (preset.interval if preset else "") or ("month" if counting else "")
    if "interval" not in source.roles and not stated:
        raise UsageError(
            f"{source.name}: {amount} is an amount per what?",
            hint="name the column (--map interval=COLUMN) or the interval: --interval month, quarter or year",
            code="unknown-interval",
        )
    text = 'cast("interval" as varchar)' if "interval" in source.roles else quoted(stated)
    found = [row[0] for row in source.engine.run(f"select distinct {text} from {source.cells} order by 1 limit 1000")]
    lengths = {one: parsed(one) for one in found if one is not None}
    unknown = [f"'{one}'" for one, length in lengths.items() if length is None] + ["a blank"] * (None in found)
    if unknown:
        header = source.roles.get("interval", "--interval")
        raise InputError(
            f"{source.name}: {header} is {', '.join(unknown[:3])}, no interval that is known",
            hint=f"known: {KNOWN}",
            code="unknown-interval",
        )
    rows = ", ".join(
        f"({quoted(one)}, {length.times}, {length.per}, {length.months}, {length.days})"
        for one, length in lengths.items()
        if length
    )
    return f"join (values {rows}) as lengths(of_interval, times, per, months, days) on of_interval = {text}"
