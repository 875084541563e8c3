"""What each kind of column makes of a cell: its value in SQL, and why a cell has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from cstool.backends.duck import quoted
from cstool.ingest.formats import never
from cstool.ingest.formats.answers import AnswerLabels
from cstool.ingest.formats.dates import DateReading
from cstool.ingest.formats.durations import DurationFormat
from cstool.ingest.formats.numbers import PLAIN, NumberFormat, Scale, is_missing_sql
from cstool.model.month_names import YEARS
from cstool.model.reading import Column, Kind, Reading

NUMBERS: tuple[Kind, ...] = ("amount", "number", "count", "duration", "share")
DATES: tuple[Kind, ...] = ("month", "period", "date", "time")
TEXTS: tuple[Kind, ...] = ("id", "text")
Format = NumberFormat | DateReading | DurationFormat | AnswerLabels | None

NOUNS: Mapping[str, str] = {
    "amount": "an amount",
    "number": "a number",
    "count": "a number",
    "duration": "a length of time",
    "share": "a share",
    "month": "a month",
    "period": "a month, quarter or year",
    "date": "a date",
    "time": "a date or time",
    "flag": "yes or no",
    "id": "a name",
    "text": "a text",
}

_YES = ("yes", "y", "true", "t", "1", "1.0", "on", "x", "ja", "oui", "wahr", "vrai", "✓")
_NO = ("no", "n", "false", "f", "0", "0.0", "off", "nein", "non", "falsch", "faux", "✗")
_AROUND = "[^0-9A-Za-z%]*"
_MANY_DIGITS = (
    f"{_AROUND}([0-9]{{16,}}([.,][0-9]*)?|[0-9]+[.,][0-9]{{16,}}|[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+){_AROUND}"
)
_YEAR = "[12][0-9]{3}"
_QUARTER = "(?i)([12][0-9]{3})[- /]?Q([1-4])"
_QUARTER_FIRST = "(?i)Q([1-4])[- /]?([12][0-9]{3})"
_SHORT, _LONG = "(?i)FY ?''?([0-9]{2})", "(?i)FY ?([12][0-9]{3})"
_FISCAL = {  # a fiscal period as it is written, and as it is called
    f"{_LONG}[- /]?Q ?([1-4])": r"FY\1-Q\2",
    f"{_SHORT}[- /]?Q ?([1-4])": r"FY20\1-Q\2",
    "(?i)Q([1-4])[- /]?FY ?([12][0-9]{3})": r"FY\2-Q\1",
    "(?i)Q([1-4])[- /]?FY ?''?([0-9]{2})": r"FY20\2-Q\1",
    _LONG: r"FY\1",
    _SHORT: r"FY20\1",
}


class Cell(NamedTuple):
    """How the cells of one column become values: the column, its decided format, and the type its numbers get."""

    column: Column
    form: Format
    scale: Scale
    percent: bool = False  # a share whose header says that it is in percent
    places: int | None = None  # of its plain numbers, where all that decided it have as many behind the mark
    undecided: bool = False  # an unused column that does not show how it is written: its cells have no value

    def value(self, text: str) -> str:
        """The value of a trimmed text; NULL where it has none."""
        if self.undecided:
            return f"cast(null as {self._type})"
        if isinstance(self.form, AnswerLabels | DurationFormat):
            return self.form.sql(text, self.scale)
        if isinstance(self.form, NumberFormat):
            return self._number(self.form, text)
        if isinstance(self.form, DateReading):
            return self._date(self.form, text)
        if self.column.kind == "flag":
            yes, no = (", ".join(quoted(word) for word in words) for words in (_YES, _NO))
            return f"case when lower({text}) in ({yes}) then true when lower({text}) in ({no}) then false end"
        return f"nullif({text}, '')"

    def quick_value(self, text: str) -> str:
        """As `value`, but NULL also where a number is not written plainly in a column of plain numbers."""
        if self.column.kind in ("amount", "number") and self.form == PLAIN:
            return PLAIN.plain_sql(text, self.scale)
        return self.value(text)

    def scanned_value(self, text: str) -> str:
        """As `quick_value`, in a way that is quick in DuckDB."""
        if self.column.kind in ("amount", "number") and self.form == PLAIN and self.places is not None:
            return PLAIN.even_sql(text, self.scale, self.places)
        return self.quick_value(text)

    @property
    def _type(self) -> str:
        """The SQL type of its values."""
        types = {"count": "bigint", "month": "integer", "date": "date", "time": "timestamp", "flag": "boolean"}
        numeric = self.column.kind in NUMBERS
        return types.get(self.column.kind) or (self.scale.type if numeric else "varchar")

    def blank_means(self, reading: Reading) -> Literal["", "refuse", "zero", "skip"]:
        """What a blank cell means: nothing where it may be blank, else an error, 0, or a row to leave out."""
        column = self.column
        if column.optional or column.kind == "text":
            return ""
        if column.blank == "skip":
            return "skip"
        means = reading.blank or column.blank or "refuse"
        return "refuse" if means == "zero" and column.kind not in NUMBERS else means

    def out_of_range(self, value: str) -> str | None:
        """Whether a value is too odd to be meant, as SQL; None where the kind has no bounds."""
        first, last = YEARS
        if self.column.kind == "month":
            return f"{value} not between {first * 12} and {last * 12 + 11}"
        if self.column.kind in ("date", "time"):
            return f"year({value}) not between {first} and {last}"
        return (
            f"left(replace({value}, 'FY', ''), 2) not between '{first // 100}' and '{last // 100}'"
            if self.column.kind == "period"
            else None
        )

    def _number(self, form: NumberFormat, text: str) -> str:
        if self.column.kind == "count":
            number = form.sql(text, self.scale)
            return f"case when {number} = floor({number}) then cast({number} as bigint) end"
        if self.column.kind != "share":
            return form.sql(text, self.scale)
        bare = form.sql(f"rtrim(rtrim({text}, '%'))", self.scale)
        hundredth = f"cast(({bare}) * cast(0.01 as decimal(3, 2)) as {self.scale.type})"
        if self.percent:
            return hundredth
        return f"case when {text} like '%\\%' escape '\\' then {hundredth} when abs({bare}) <= 1 then {bare} end"

    def _date(self, form: DateReading, text: str) -> str:
        kind = self.column.kind
        if kind in ("date", "time"):
            value = self._day(form, text)
            return never.unless_never_sql(value) if self.column.open else value
        stamp = form.sql(text, utc=False)
        if kind == "month":
            return f"cast(date_diff('month', date '0001-01-01', {stamp}) + 12 as integer)"
        fiscal = " ".join(
            f"when regexp_full_match({text}, '{written}') then regexp_replace({text}, '{written}', '{name}')"
            for written, name in _FISCAL.items()
        )
        return (
            f"case {fiscal} when regexp_full_match({text}, '{_YEAR}') then {text} "
            f"when regexp_full_match({text}, '{_QUARTER}') then regexp_replace({text}, '{_QUARTER}', '\\1-Q\\2') "
            f"when regexp_full_match({text}, '{_QUARTER_FIRST}')"
            f" then regexp_replace({text}, '{_QUARTER_FIRST}', '\\2-Q\\1') "
            f"else strftime({stamp}, '%Y-%m') end"
        )

    def _day(self, form: DateReading, text: str) -> str:
        """A time in UTC; a day as written: 2026-02-01T00:00+01:00 is in February, whatever it is in UTC."""
        if self.column.kind == "time":
            return form.sql(text, utc=True)
        return f"cast({form.sql(text, utc=False)} as date)"

    def bad(self, text: str, value: str, *, keep_negative: bool) -> str:
        """Why a trimmed text has no place in the column, as a code of `problems.WHY`; NULL where it is good."""
        if self.column.kind == "text":
            return "cast(null as varchar)"
        codes = []
        if self.column.optional:
            codes.append(f"when {self.absent(text)} then null")
        codes.append(f"when {text} = '' then 'blank'")
        if self.column.kind not in TEXTS:
            codes.append(f"when {self.absent(text)} then 'missing'")
        codes.append(f"when {value} is null then {self._unread(text)}")
        if odd := self.out_of_range(value):
            codes.append(f"when {odd} then 'unread'")
        if self.column.kind in ("amount", "count") and not keep_negative:
            codes.append(f"when {value} < 0 then 'negative'")
        if self.column.kind == "duration":
            codes.append(f"when {value} < 0 then 'negative-time'")
        return f"case {' '.join(codes)} end"

    def absent(self, text: str) -> str:
        """Whether a trimmed text says that there is no value."""
        if self.column.kind in TEXTS:
            return f"{text} = ''"
        if isinstance(self.form, AnswerLabels):
            return f"({is_missing_sql(text)} or {self.form.is_none(text)})"
        if not self.column.open or not isinstance(self.form, DateReading):
            return is_missing_sql(text)
        day = never.never_day_sql(self._day(self.form, text))
        return f"({is_missing_sql(text)} or {never.is_never_sql(text)} or coalesce({day}, false))"

    def unless_open(self, text: str) -> str:
        """A further condition on a cell without a value to be in doubt: that it does not stand for never."""
        return f" and not {self.absent(text)}" if self.column.open else ""

    def _unread(self, text: str) -> str:
        kind, form = self.column.kind, self.form
        if kind == "count" and isinstance(form, NumberFormat):
            return f"case when {form.sql(text, self.scale)} is not null then 'fraction' else 'unread' end"
        if kind == "share":
            return f"case when regexp_full_match({text}, '[0-9.,]+') then 'over-one' else 'unread' end"
        if kind in NUMBERS and kind != "duration":
            return (
                f"case when regexp_full_match({text}, '{_MANY_DIGITS}') then 'digits'"
                f" when regexp_full_match({text}, '.*[0-9] ?%') then 'percent'"
                f" when regexp_full_match({text}, '(?i).*[0-9] ?(k|m|mn|mio|mm|b|bn|tsd)[.]?') then 'short'"
                " else 'unread' end"
            )
        if kind in DATES:
            return f"case when regexp_full_match({text}, '[0-9]{{5}}([.][0-9]+)?') then 'serial' else 'unread' end"
        return "'unread'"
