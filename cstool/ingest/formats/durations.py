"""Lengths of time as people write them: `2h 15m`, `1 day 3 hrs`, `26:10:05`, in seconds."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from cstool.backends.duck import quoted
from cstool.ingest.formats.numbers import Scale, UndecidedError
from cstool.model.reading import Column

_NUMBER = "([0-9]+(?:[.][0-9]+)?)"
_UNITS = {  # seconds by how a unit is written
    86400: "d|day|days|tag|tage",
    3600: "h|hr|hrs|hour|hours|std",
    60: "m|min|mins|minute|minutes",
    1: "s|sec|secs|second|seconds",
}
_AND = "(?: |,|and)*"
_WORDED = "".join(f"(?:{_NUMBER} ?(?:{words})[.]?{_AND})?" for words in _UNITS.values())
_CLOCK = "(?:([0-9]+)(?: ?d| days?)?,?[ .])?([0-9]+):([0-5]?[0-9]):([0-5][0-9](?:[.][0-9]+)?)"
_SHORT = "([0-9]+):([0-5][0-9])"
_ANY = re.compile(f"-?(?:{_WORDED}|{_CLOCK}|{_SHORT})")
_MASK_OF_SHORT = re.compile("-?9+:99")
_SHORT_UNITS = {"hours": (3600, 60), "minutes": (60, 1)}


class DurationFormat(NamedTuple):
    """How a column of lengths of time is written; `short` is the first unit of `2:15`, '' where there is none."""

    short: str = ""

    def sql(self, text: str, kept: Scale) -> str:
        """The seconds of a trimmed text, NULL where it is none. A minus before it makes it negative."""
        bare = f"lower(ltrim({text}, '-'))"
        parts = [(_WORDED, tuple(_UNITS)), (_CLOCK, tuple(_UNITS))]
        if self.short:
            parts.append((_SHORT, _SHORT_UNITS[self.short]))
        whens = " ".join(
            f"when regexp_full_match({bare}, {quoted(pattern)}) then {_added(bare, pattern, seconds)}"
            for pattern, seconds in parts
        )
        signed = f"case when {text} like '-%' then -1 else 1 end"
        return f"cast({signed} * case when {bare} = '' then null {whens} end as {kept.type})"


def _added(text: str, pattern: str, seconds: tuple[int, ...]) -> str:
    """SQL of the numbers in the groups of a pattern, in seconds, added up."""
    whole = quoted(f"^{pattern}$")
    groups = (
        f"coalesce(try_cast(nullif(regexp_extract({text}, {whole}, {i}), '') as decimal(14, 2)), 0) * {each}"
        for i, each in enumerate(seconds, 1)
    )
    return " + ".join(groups)


def is_duration(text: str) -> bool:
    """Whether a trimmed text is a length of time with its units, or as a clock writes it."""
    return bool(re.search("[0-9]", text)) and _ANY.fullmatch(text.lower()) is not None


def decide(column: Column, masks: Collection[str]) -> DurationFormat:
    """How a column with these masks is written. Raises UndecidedError where its numbers have no unit.

    `2:15` beside `1:02:15` is minutes and seconds; alone, it is what the column's `clock` says.
    """
    base = column.name.removesuffix("_time")
    plain = [mask for mask in masks if re.fullmatch("-?[09]+([.,]9+)?", mask)]
    if plain:
        raise UndecidedError(
            plain,
            "a number without a unit of time",
            f'say which: --map {base}_minutes="{column.header}", or {base}_hours, or {base}_in_seconds',
        )
    short = [mask for mask in masks if _MASK_OF_SHORT.fullmatch(mask)]
    if not short:
        return DurationFormat()
    clock = column.clock or ("minutes" if len(short) < len(masks) else "")
    if not clock:
        raise UndecidedError(
            short,
            "which could be hours and minutes, or minutes and seconds",
            f'say which: --map {base}_hours="{column.header}", or {base}_minutes for minutes and seconds',
        )
    return DurationFormat(clock)
