"""How numbers are written: one format for a whole column, and only if the column decides it.

A value's mask is the value with every digit written 9, but for a 0 right before the first mark, which cannot be
thousands: a column of millions has a handful of masks, and a format is judged by them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from itertools import product
from typing import NamedTuple

from cstool.backends.duck import quoted
from cstool.model.currencies import CURRENCY, SIGN, SYMBOLS, currencies_as_sign, currency_of

_GAP = "[ \t\u00a0\u2000-\u200b\u202f]"
_GROUPS = {"": "", ",": "[,]", ".": "[.]", "space": _GAP, "'": "['’`´]"}
_MINUS = "[-−]"
_DASHES = "[-–—−]{1,2}"  # behind the decimal mark: no cents, as in 1200,- and 1'200.--

_NOTHING = """
    n/a na n.a. n.a #n/a #na null (null) nan none nil nil. nat - -- --- – — ? . .. ... tbd tba unknown missing
    notavailable notapplicable \\n <na> (blank) (none) #div/0! #value! #ref! #name? #num! #null! #error! -? –?
""".split()
# What stands where an amount is unknown, in small letters without spaces: words, errors, and the dash that accounting
# formats print. Never zero until the user says so.
MISSING = frozenset((*_NOTHING, *(form for sign in SYMBOLS for dash in "-–—" for form in (sign + dash, dash + sign))))


class Scale(NamedTuple):
    """A decimal type: digits in all, and behind the mark."""

    digits: int
    places: int

    @property
    def type(self) -> str:
        return f"decimal({self.digits}, {self.places})"


FAST_DIGITS = 18  # as many as 64 bits hold; all beyond is far slower


def scale(whole: int, places: int) -> Scale:
    """The fastest type that holds numbers of so many digits before and behind the mark exactly."""
    places = max(places, 2)
    return Scale(FAST_DIGITS if whole + places <= FAST_DIGITS else 38, places)


WIDEST = 18  # digits behind the mark; what is written with more is refused, not rounded
ANY = Scale(38, WIDEST)


class NumberFormat(NamedTuple):
    """A decimal mark, a mark between thousands ('' for none), whether currencies stand beside the numbers, and whether
    dashes do for cents; `taken` where nothing but the amounts' being money says that the mark is one of thousands.
    """

    decimal: str
    group: str
    currency: bool = True
    dashes: bool = True
    taken: bool = False

    def pattern(self, places: int = WIDEST) -> str:
        """A regular expression (of both Python's and RE2's dialect) that a number fits as a whole; a currency is ¤."""
        mark, group = re.escape(self.decimal), _GROUPS[self.group]
        grouped = [rf"[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+"] if group else []
        if self.group == ",":
            grouped.append("[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")  # lakh and crore: 4,00,000.00

        def written(fraction: str) -> str:
            each = "".join(rf"{one}{fraction}|" for one in grouped)
            return rf"(?:{each}[0-9]+{fraction}(?:[eE][+-]?[0-9]{{1,2}})?|{mark}[0-9]{{1,{places}}})"

        # A minus never follows the mark itself: what does is a dash.
        number, ended = written(rf"(?:{mark}[0-9]{{0,{places}}})?"), written(rf"(?:{mark}[0-9]{{1,{places}}})?")
        if self.dashes:
            number = rf"(?:{number}|(?:{'|'.join([*grouped, '[0-9]+'])}){mark}{_DASHES})"
        before, after = (rf"(?:¤{_GAP}*(?:¤{_GAP}*)?)?", rf"(?:{_GAP}*¤)?") if self.currency else ("", "")
        sign = rf"(?:[+]|{_MINUS})?{_GAP}*"
        signed = rf"{sign}{before}{sign}(?:{ended}(?:{after}{_MINUS}|{_GAP}*{_MINUS}{after})|{number}{after})"
        return rf"'?(?:{signed}|\({_GAP}*{before}{number}{after}{_GAP}*\)|{before}\({number}\){after})"

    def fits(self, mask: str) -> bool:
        if self.group and not re.search(_GROUPS[self.group], mask):
            return self._replace(group="").fits(mask)  # the same, and fewer long patterns to compile
        bare = currencies_as_sign(mask)
        form = self._replace(currency=self.currency and bare != mask, dashes=self.dashes and has_dashes(mask))  # too
        return re.fullmatch(form.pattern(), bare) is not None

    def size(self, mask: str) -> tuple[int, int]:
        """How many digits of a mask stand before and behind the decimal mark; (99, 99) where an exponent moves it."""
        digits, _, exponent = currencies_as_sign(mask).replace(SIGN, "").lower().partition("e")
        whole, _, fraction = digits.rpartition(self.decimal) if self.decimal in digits else (digits, "", "")
        return (99, 99) if exponent else (_digits(whole), _digits(fraction))

    @staticmethod
    def plain_sql(text: str, kept: Scale) -> str:
        """The exact decimal of 1234.5 and the like, NULL of anything else: what most files hold, and cheap to tell."""
        digits = rf"-?[0-9]{{1,{kept.digits - kept.places}}}(?:\.[0-9]{{1,{kept.places}}})?"
        return f"case when regexp_full_match({text}, {quoted(digits)}) then cast({text} as {kept.type}) end"

    def even_sql(self, text: str, kept: Scale, places: int) -> str:
        """As `plain_sql`, and told in half the time of what is written with just so many places.

        A text that its own number is written as has lost nothing on the way: no digit, sign, space or exponent.
        """
        if kept.digits > FAST_DIGITS:
            return self.plain_sql(text, kept)
        number = f"try_cast({text} as {Scale(kept.digits, places).type})"
        return (
            f"case when cast({number} as varchar) = {text} then try_cast({number} as {kept.type})"
            f" else {self.plain_sql(text, kept)} end"
        )

    def sql(self, text: str, kept: Scale) -> str:
        """The exact decimal of a trimmed text, NULL where it does not fit, or not into the type."""
        bare = f"regexp_replace({text}, {quoted(CURRENCY)}, '¤', 'g')" if self.currency else text
        digits = f"regexp_replace({bare}, {quoted('[^0-9' + re.escape(self.decimal) + 'eE+-]')}, '', 'g')"
        dotted = f"replace({digits}, {quoted(self.decimal)}, '.')" if self.decimal != "." else digits
        value = f"try_cast(replace(replace({dotted}, '-', ''), '+', '') as {kept.type})"
        dashed = quoted(re.escape(self.decimal) + _DASHES)
        signed = f"regexp_replace({text}, {dashed}, '')" if self.dashes else text
        negative = f"regexp_matches({signed}, {quoted('[(−-]')})"
        full = (
            f"case when not regexp_full_match({bare}, {quoted(self.pattern(kept.places))}) then null "
            f"when regexp_matches({text}, '[0-9.,][eE][0-9+-]') then {_scientific(dotted, kept)} "
            f"when {negative} then -{value} else {value} end"
        )
        return f"coalesce({self.plain_sql(text, kept)}, {full})" if self.decimal == "." else full


def _scientific(dotted: str, kept: Scale) -> str:
    """The value of 4.00E+03, NULL where the type would round it."""
    value = f"try_cast({dotted} as {kept.type})"
    return f"case when cast({value} as double) = try_cast({dotted} as double) then {value} end"


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


PLAIN = NumberFormat(".", "", currency=False, dashes=False)
FORMATS = tuple(NumberFormat(decimal, group) for decimal, group in product(".,", _GROUPS) if decimal != group)


def has_dashes(mask: str) -> bool:
    """Whether a dash stands for cents."""
    return re.search("[.,]" + _DASHES, mask) is not None


def mask(text: str) -> str:
    masked = re.sub("[0-9]", "9", text)
    return masked.replace("9", "0", 1) if re.match(r"[^0-9]*0[.,]", text) else masked


def mask_sql(text: str) -> str:
    masked = f"translate({text}, '012345678', '999999999')"
    return (
        f"case when regexp_matches({text}, '^[^0-9]*0[.,]') then regexp_replace({masked}, '9', '0') else {masked} end"
    )


def is_missing(text: str) -> bool:
    """Whether a trimmed text says that there is no number."""
    return not text or text.lower().replace(" ", "") in MISSING


def is_missing_sql(text: str) -> str:
    words = ", ".join(map(quoted, sorted(MISSING)))
    return f"({text} = '' or lower(replace({text}, ' ', '')) in ({words}))"


class UndecidedError(Exception):
    """A column that does not say how it is written: masks of cells that show it, why, and what to do."""

    def __init__(self, masks: Collection[str], why: str, remedy: str) -> None:
        super().__init__(why)
        self.masks = tuple(masks)
        self.why = why
        self.remedy = remedy


def fitting(masks: Collection[str], decimal: str | None = None) -> list[NumberFormat]:
    """The formats that all readable masks fit; masks that no format fits are left to be named as bad cells.

    Raises UndecidedError where amounts are written in two ways, or in two currencies.
    """
    formats = [one for one in FORMATS if decimal in (None, one.decimal)]
    fits = {mask: frozenset(one for one in formats if one.fits(mask)) for mask in masks}
    readable = [mask for mask in masks if fits[mask]]
    common = [one for one in formats if all(one in fits[mask] for mask in readable)]
    if not common:
        pairs = ((a, b) for a, b in product(readable, repeat=2) if not fits[a] & fits[b])
        odd = next(pairs, tuple(readable[:2]))
        raise UndecidedError(odd, "numbers of the column are written in two ways", "write all of them in one way")
    by_currency = {currency_of(mask): mask for mask in readable}
    by_currency.pop("", None)
    if len(by_currency) > 1:
        raise UndecidedError(
            list(by_currency.values())[:2],
            f"amounts in {' and '.join(sorted(by_currency))} stand in one column",
            "split the file by currency first",
        )
    return common


def decide(
    masks: Collection[str], decimal: str | None = None, elsewhere: str | None = None, *, money: int = 0
) -> NumberFormat:
    """The one format of a column with these masks; `elsewhere` is the decimal mark that other columns show.

    `money` is the number of cells of all amounts where the column is one, 0 of any other column. Raises
    UndecidedError where it could be read in two ways, naming the option that settles it.
    """
    common = fitting(masks, decimal)
    readable = [mask for mask in masks if common[0].fits(mask)]
    if elsewhere and any(one.decimal == elsewhere for one in common):
        common = [one for one in common if one.decimal == elsewhere]
    if decimal is None and money and (thousands := _thousands(common, readable, money)):
        common = [thousands]
    for mask in readable:
        if len({one.size(mask) for one in common}) > 1:
            raise UndecidedError(
                [mask], "which could be thousands or a fraction; nothing in the column decides it", _REMEDY
            )
    chosen = common[0]
    if decimal is None:
        _refuse_odd_thousands(chosen, readable)
    return chosen._replace(
        currency=any(currencies_as_sign(mask) != mask for mask in readable), dashes=any(map(has_dashes, readable))
    )


_FEWEST_THOUSANDS = 3  # cells that show which mark stands between thousands, where no currency stands beside them
_THREE_DECIMALS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")  # currencies whose amounts have three


def _thousands(common: Collection[NumberFormat], masks: Collection[str], money: int) -> NumberFormat | None:
    """The format of amounts without cents, as in $2,280: nobody writes money with three decimals.

    Without a currency beside them, at least three cells are all written like 100,000, or short of a thousand.
    """
    signed = [mask for mask in masks if currencies_as_sign(mask) != mask]
    if any(currency_of(mask) in _THREE_DECIMALS for mask in signed):
        return None
    bare = [currencies_as_sign(mask).replace(SIGN, "").strip(" -+()\u00a0\u202f") for mask in masks]
    for mark in ",." if signed else ",":
        whole = rf"[09]{{1,3}}(?:\{mark}999)*"
        marked = [one for one in bare if mark in one]
        if marked and all(re.fullmatch(whole, one) for one in bare) and (signed or money >= _FEWEST_THOUSANDS):
            found = [one for one in common if one.group == mark]
            return found[0]._replace(taken=True) if found and len({one.decimal for one in common}) > 1 else None
    return None


_REMEDY = "say which mark is the decimal mark: --decimal . or --decimal ,"


def _refuse_odd_thousands(chosen: NumberFormat, readable: Collection[str]) -> None:
    """Among amounts with two decimals, one with three is likelier a thousand of another country's."""
    behind = {mask: 2 if has_dashes(mask) else chosen.size(mask)[1] for mask in readable}
    if 2 not in behind.values() or not set(behind.values()) <= {0, 2, 3}:
        return
    for mask in (mask for mask, places in behind.items() if places == 3):
        if len({one.size(mask) for one in FORMATS if one.fits(mask)}) > 1:
            raise UndecidedError([mask], "which could be thousands among amounts with two decimals", _REMEDY)


def decimal_mark(masks: Collection[str], decimal: str | None) -> str | None:
    """The decimal mark that a column shows beyond doubt, None where it shows none."""
    try:
        common = fitting(masks, decimal)
    except UndecidedError:
        return None
    marks = {one.decimal for one in common}
    return marks.pop() if len(marks) == 1 else None


def even_places(form: NumberFormat, masks: Collection[str]) -> int | None:
    """How many digits behind the mark all numbers with these masks have; None where they differ."""
    found = {form.size(mask)[1] for mask in masks if form.fits(mask)}
    return found.pop() if len(found) == 1 else None


def widest(masks: Mapping[NumberFormat, Collection[str]], more_places: int = 0) -> Scale:
    """The type that holds every number with these masks; ANY where an exponent leaves that to the number itself."""
    sizes = [form.size(mask) for form, own in masks.items() for mask in own if form.fits(mask)]
    whole = max((size[0] for size in sizes), default=1)
    places = max((size[1] for size in sizes), default=0) + more_places
    return scale(whole, places) if places <= WIDEST else ANY
