"""Which line is the header, and what separates its fields: decided by looking for names that are known."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from cstool.errors import InputError
from cstool.model.currencies import without_currency

DELIMITERS = (",", ";", "\t", "|")
_SELDOM = ("^", "~", ":", "#", "!", "\x01", "\x1f", "\x1e")  # taken where they show known names, and none above does
_MARK_MISREAD = "ï»¿"  # the mark of UTF-8, read as Windows-1252 and saved again
LINES_LOOKED_AT = 30
_FEWEST_MONTHS = 2  # headings that make a line the header of a table of months
LONGEST_LINE = 1 << 20
MOST_COLUMNS = 16_384  # what a spreadsheet holds
LONGEST_FIELD = 1 << 24

# White space, and marks that are not seen: joiners, directions, breaks. Not U+202E, which is there to mislead.
WHITE = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "".join(
    map(chr, (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202E), 0x2060, *range(0x2066, 0x206A), 0xFEFF))
)

_NOT_COMPARED = re.compile(r"[\W_]+")
_NUMBER_OF_DATA = re.compile(r"0|[1-9]\d{0,2}|\d+[.,]\d+")  # which no table of months is headed with
_NUMBER = re.compile(r"\D{0,3}[0-9][0-9.,' ]*\D{0,3}")
# What pivot tables, SQL and pandas write around the name of what they added up.
_SUM = r"(?:sum of|summe von|somme de|suma de|somma di|soma de|som van|total|sum)[\s_(:]+(.+?)\)?|(.+?)[\s_]+\(?sum\)?"
_ADDS_UP = "mrr|arr|recurringrevenue"  # whose sums are what they are: not so of prices, scores or shares
# Exports of several objects write which one before each field: Deal - Status, Subscription: Status, customers.id.
_OF_AN_OBJECT = re.compile(r"[^\W\d_][^\W\d]*(?: [^\W\d_][^\W\d]*){0,3}(?: - |: |\.)([^\W\d_][^.:]*)")
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?[,;\t|]*", re.IGNORECASE)

csv.field_size_limit(LONGEST_FIELD)


class Header(NamedTuple):
    """Column names as written (white space folded), the delimiter, and the lines the header stands on (1 = first)."""

    columns: tuple[str, ...]
    delimiter: str
    first_line: int
    last_line: int
    known: int  # how many of the names were known


@lru_cache(4096)  # the same names are compared with every role of every shape
def header_key(name: str) -> str:
    """A header as it is compared: without case, spaces, underscores and punctuation."""
    return _NOT_COMPARED.sub("", name.casefold())


def header_keys(name: str) -> set[str]:
    """What a header may be known by: as a whole, without the currency at its end, as what was added up, or as what
    it says of an object.
    """
    others = (without_currency(name)[0], without_sum(name), without_object(name))
    return {header_key(one) for one in (name, *others)}


def without_object(name: str) -> str:
    """What a header says of an object that it names first, as `Deal - Won time` and `Subscription: Status`; else ''."""
    found = _OF_AN_OBJECT.fullmatch(name.strip())
    return found[1] if found else ""


def without_sum(name: str) -> str:
    """What a header says was added up, as `Sum of Starting MRR` does, where sums of it are MRR or ARR; else ''."""
    found = re.fullmatch(_SUM, without_currency(name)[0], re.IGNORECASE)
    what = (found[1] or found[2]) if found else ""
    return what if re.search(_ADDS_UP, header_key(what)) else ""


def excerpt(text: str, longest: int = 60) -> str:
    """A value quoted for a message, on one line and shortened."""
    flat = " ".join(text[: 4 * longest].split())
    return f"'{flat}'" if len(flat) <= longest else f"'{flat[: longest - 1]}…'"


class Known:
    """What headers are looked for by: the names that are known, as headers are compared, and headings of months."""

    def __init__(
        self, names: Collection[str], months: Callable[[Sequence[str]], Collection[str]] | None = None
    ) -> None:
        self.names = frozenset(names)
        self._months = months

    def count(self, columns: Sequence[str]) -> int:
        """How many of some columns are known: by their names, or as one of several months."""
        numbers = any(_NUMBER_OF_DATA.fullmatch(one) for one in columns)
        months = self._months(columns) if self._months and len(columns) > _FEWEST_MONTHS and not numbers else ()
        named = {key for name in columns for key in header_keys(name)} & self.names
        return len(named) + (len(months) if len(months) >= _FEWEST_MONTHS else 0)


NOTHING_KNOWN = Known(())


def find_header(name: str, path: Path, known: Known, delimiter: str | None = None, line: int | None = None) -> Header:
    """The header among the first lines: the one with the most known names, the earliest of equals.

    Where no name is known, the first line that has the most fields. Raises InputError where that line holds numbers,
    so that it is data.
    """
    with path.open(encoding="utf-8-sig", newline="") as source:
        text = source.read(LONGEST_LINE)
        whole = not source.read(1)
    ends = re.finditer(r"\r\n|\n|\r", text)
    starts = [0, *(found.end() for found in islice(ends, LINES_LOOKED_AT if line is None else line))]
    if len(starts) == 1 and not whole:
        raise InputError(
            f"{name}:1: the line is longer than {LONGEST_LINE >> 20} MB; this is no table", code="not-a-table"
        )
    stated = _SEPARATOR_LINE.match(text)
    delimiters = (delimiter,) if delimiter else (stated[1],) if stated else DELIMITERS
    headers = list(_headers(text, starts, delimiters, known, line))
    if not delimiter and not stated and max((len(one.columns) for one in headers if one.known), default=1) < 2:
        headers += [one for one in _headers(text, starts, _SELDOM, known, line) if one.known > 1]
    if stated and line is None:
        headers = [header for header in headers if header.first_line > 1]
    if not headers:
        where = f"no header on line {line}" if line else "the file is empty"
        raise InputError(f"{name}: {where}", code="header-not-found")
    best = max(headers, key=lambda one: (one.known, len(one.columns) if not one.known else 0, -one.first_line))
    _refuse_no_header(name, best, known, line)
    _refuse_quoted_lines(name, best, known)
    return best


def _headers(
    text: str, starts: list[int], delimiters: Collection[str], known: Known, only: int | None
) -> Iterator[Header]:
    source = io.StringIO(text, newline="")
    lines = [only] if only else range(1, LINES_LOOKED_AT + 1)
    counted: dict[tuple[str, ...], int] = {}  # a line without any of some delimiters is one and the same by each
    for line in lines:
        if line > len(starts):
            return
        for separator in delimiters:
            source.seek(starts[line - 1])
            reader = csv.reader(source, delimiter=separator, skipinitialspace=True)
            try:
                fields = next(reader, [])
            except csv.Error:
                continue
            if line == 1 and fields:
                fields[0] = fields[0].removeprefix(_MARK_MISREAD)
            names = tuple(" ".join(field.strip(WHITE).split()) for field in fields)
            if any(names):
                if names not in counted:
                    counted[names] = known.count(names)
                yield Header(names, separator, line, line + reader.line_num - 1, counted[names])


def _refuse_quoted_lines(name: str, header: Header, known: Known) -> None:
    """Some programs quote each line as a whole, so that it is a single field."""
    if len(header.columns) != 1:
        return
    for mark in DELIMITERS:
        names = next(csv.reader([header.columns[0]], delimiter=mark, skipinitialspace=True))
        if sum(header_key(one) in known.names for one in names) > 1:
            raise InputError(
                f"{name}:{header.first_line}: the header is a single field, {excerpt(header.columns[0])}:"
                " whole lines stand in quotes",
                hint="remove the quote marks around whole lines, or export the table again",
                code="bad-quoting",
            )


def _refuse_no_header(name: str, header: Header, known: Known, asked: int | None) -> None:
    if len(header.columns) > MOST_COLUMNS:
        raise InputError(
            f"{name}:{header.first_line}: {len(header.columns):,} columns; at most {MOST_COLUMNS:,} are read",
            code="file-too-large",
        )
    if asked or not known.names or header.known:
        return
    numbers = [column for column in header.columns if _NUMBER.fullmatch(column)]
    if numbers:
        raise InputError(
            f"{name}:{header.first_line}: no header line; the first line of data is"
            f" {excerpt(header.delimiter.join(header.columns))}",
            hint="write the column names (like account, starting_mrr, ending_mrr) above the data, or say which line"
            " holds them with --header-line",
            code="header-not-found",
        )
