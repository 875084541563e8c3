"""How amounts are written: one format for a whole column, and only if the column decides it.

A value's mask is the value with every digit written 9, but for a 0 right before the first mark, which cannot be
thousands: a column of millions has a handful of masks, and a format is judged by them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from cstool.engines.duck import quoted
from cstool.errors import InputError

TYPE = "decimal(38, 18)"
PLACES = 18

SPACES = " \t\u00a0\u2007\u2009\u202f"
_SYMBOLS = "$€£¥₹₽₩₺₪₫₴฿"
_CURRENCY = rf"(?:[A-Z]{{1,2}}?[{_SYMBOLS}]|[{_SYMBOLS}]|[A-Z]{{3}}|kr|zł|Kč|Fr\.?|Rs\.?)"
_GROUPS = {"": "", ",": "[,]", ".": "[.]", "space": f"[{SPACES}]", "'": "['’]"}


@dataclass(frozen=True, slots=True)
class AmountFormat:
    """A decimal mark and a mark between thousands ('' for none)."""

    decimal: str
    group: str

    @property
    def pattern(self) -> str:
        """A regular expression (of both Python's and RE2's dialect) that the trimmed text of an amount fits as a whole."""
        mark = re.escape(self.decimal)
        fraction = rf"(?:{mark}\d*)?"
        group = _GROUPS[self.group]
        grouped = rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+{fraction}|" if group else ""
        if self.group == ",":
            grouped += rf"[1-9]\d?(?:,\d{{2}})+,\d{{3}}{fraction}|"  # lakh and crore: 4,00,000.00
        number = rf"(?:{grouped}\d+{fraction}(?:[eE][+-]?\d{{1,3}})?|{mark}\d+)"
        gap = f"[{SPACES}]*"
        money = rf"(?:[+-]?{gap}(?:{_CURRENCY}{gap})?[+-]?{number}(?:{gap}{_CURRENCY})?-?)"
        return rf"'?(?:{money}|\({gap}{money}{gap}\))"

    def fits(self, mask: str) -> bool:
        return re.fullmatch(self.pattern, mask) is not None

    def places(self, mask: str) -> int:
        """How many digits of a mask stand behind the decimal mark, exponents aside."""
        digits = re.split("[eE]", mask)[0]
        return sum(map(str.isdigit, digits.rpartition(self.decimal)[2])) if self.decimal in digits else 0

    def sql(self, text: str) -> str:
        """The exact decimal of a trimmed text, NULL where it does not fit."""
        bare = f"regexp_replace({text}, {quoted(_CURRENCY)}, '')"
        kept = f"regexp_replace({bare}, {quoted('[^0-9' + re.escape(self.decimal) + 'eE+-]')}, '', 'g')"
        dotted = f"replace({kept}, {quoted(self.decimal)}, '.')" if self.decimal != "." else kept
        value = f"try_cast(replace(replace({dotted}, '-', ''), '+', '') as {TYPE})"
        exponent = f"try_cast({dotted} as {TYPE})"
        negative = f"(contains({text}, '(') or contains({text}, '-'))"
        return (
            f"case when not regexp_full_match({text}, {quoted(self.pattern)}) then null "
            f"when regexp_matches({text}, '[0-9][eE]') then {exponent} "
            f"when {negative} then -{value} else {value} end"
        )


PLAIN = AmountFormat(".", "")
FORMATS = tuple(AmountFormat(decimal, group) for decimal, group in product(".,", _GROUPS) if decimal != group)


def plain_sql(text: str) -> str:
    """The exact decimal of text written plainly (`1234.5`): the fast way, for columns that are nothing else."""
    return f"try_cast({text} as {TYPE})"


def is_unsure_sql(text: str) -> str:
    """Whether a text that casts plainly might mean something else: a mark before just three digits, an underscore."""
    return f"({text} like '%.___' or contains({text}, '_'))"


def mask_sql(text: str) -> str:
    masked = f"regexp_replace({text}, '[0-9]', '9', 'g')"
    return (
        f"case when regexp_matches({text}, '^[^0-9]*0[.,]') then regexp_replace({masked}, '9', '0') else {masked} end"
    )


def is_blank_sql(text: str) -> str:
    """Whether a trimmed text holds no amount: nothing, or the dash that accounting formats print."""
    return f"({text} = '' or regexp_full_match({text}, '[{_SYMBOLS} ]*[-–—][{_SYMBOLS} ]*'))"


def decide(column: str, masks: Collection[str], decimal: str | None = None) -> AmountFormat:
    """The one format of a column with these masks.

    Masks that no format fits are left to be named as bad cells. Raises InputError where the column mixes formats or
    could be read in two ways, naming the option that settles it.
    """
    formats = [one for one in FORMATS if decimal in (None, one.decimal)]
    readable = [mask for mask in masks if any(one.fits(mask) for one in formats)]
    fitting = [one for one in formats if all(one.fits(mask) for mask in readable)]
    if not fitting:
        raise InputError(f"{column}: {_mixed(readable, formats)}", hint="write all amounts of the column in one way")
    currencies = {found for mask in readable for found in _currency(mask)}
    if len(currencies) > 1:
        names = " and ".join(sorted(currencies))
        raise InputError(f"{column}: amounts in {names} stand in one column", hint="split the file by currency first")
    for mask in readable:
        readings = {one.places(mask) for one in fitting}
        if len(readings) > 1:
            example = mask.replace("9", "0")
            raise InputError(
                f"{column}: '{example}' could be thousands or a fraction, and nothing in the column decides it",
                hint="say which mark is the decimal mark: --decimal . or --decimal ,",
            )
    return fitting[0]


def _mixed(readable: Sequence[str], formats: Sequence[AmountFormat]) -> str:
    """Two masks that no one format fits."""
    for first, second in product(readable, repeat=2):
        if not any(one.fits(first) and one.fits(second) for one in formats):
            return f"amounts are written in two ways, like '{first}' and '{second}' (9 stands for any digit)"
    return "amounts are written in several ways"


def _currency(mask: str) -> Iterator[str]:
    for found in re.finditer(_CURRENCY, mask):
        yield found[0]
