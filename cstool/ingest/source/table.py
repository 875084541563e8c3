"""A delimited file as rows of text: what DuckDB scans, and where each record stands for a person."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from cstool.backends.duck import quoted, quoted_file
from cstool.errors import InputError
from cstool.ingest.source.encoding import LONGEST_LINE
from cstool.ingest.source.header import WHITE, Known, find_header, header_key
from cstool.ingest.source.opening import open_text
from cstool.ingest.source.second_headers import LOOKED_AT, further_lines
from cstool.ingest.source.unpack_limit import scratch_file
from cstool.model.reading import Reading

WIDEST_SCANNED = 1000  # columns; a scan of more takes far more memory and time than to read record by record


class Record(NamedTuple):
    """One record: its number (1 = first under the header), its lines as an editor counts, its fields."""

    number: int
    line: int
    last_line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file of records. `body` holds them below `skip` lines; `first_line` is the first one's line in the original.

    `labels` is what a second header line calls the columns, as Qualtrics writes the question below its code.
    """

    name: str
    columns: tuple[str, ...]
    delimiter: str
    body: Path
    skip: int
    first_line: int
    odd_spaces: bool
    quotes: bool
    scratch: Path  # where further copies may go
    notes: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    def scan(self) -> str:
        """The file as a DuckDB table function: every column text, named c0, c1, ..."""
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.columns)))
        return (
            f"read_csv({quoted_file(self.body)}, auto_detect = false, header = false, skip = {self.skip}, "
            f"delim = {quoted(self.delimiter)}, quote = '\"', escape = '\"', max_line_size = {LONGEST_LINE << 20}, "
            "compression = 'none', hive_partitioning = false, "
            f"buffer_size = {LONGEST_LINE << 20}, "
            f"columns = {{{columns}}})"
        )

    def text(self, index: int) -> str:
        """A column's cells without the white space around them, as SQL; NULL or '' where there is nothing."""
        cell = f"c{index}"
        if not self.odd_spaces:
            return f"case when {cell} like ' %' or {cell} like '% ' then trim({cell}) else {cell} end"  # most need none
        edge = quoted(f"^[{WHITE}]|[{WHITE}]$")
        return f"case when regexp_matches({cell}, {edge}) then trim({cell}, {quoted(WHITE)}) else {cell} end"

    def words(self, index: int) -> str:
        """As `text`, but NULL where there is nothing; in DuckDB the quicker of the two."""
        cell = f"c{index}"
        if self.odd_spaces:
            return f"nullif({self.text(index)}, '')"
        # '!' is the first mark behind the blank: below it stand texts that begin with one, and the empty text.
        return f"case when {cell} < '!' or suffix({cell}, ' ') then nullif(trim({cell}), '') else {cell} end"

    def column(self, name: str) -> int | None:
        """The index of the column of a name: as written, else compared as headers are, else `#2` for the second one.

        None where none or several.
        """
        exact, alike, places = _by_name(tuple(self.columns))
        found = exact.get(name) or alike.get(header_key(name)) or places.get(name, [])
        return found[0] if len(found) == 1 else None

    def lines(self) -> int:
        """How many lines the records take."""
        count, last = -self.skip, b"\n"
        with self.body.open("rb") as source:
            while chunk := source.read(1 << 20):
                count += chunk.count(b"\n")
                last = chunk[-1:]
        return count + (last != b"\n")

    def opened(self) -> TextIO:
        """The text of the records, line ends as they stand."""
        source = self.body.open(encoding="utf-8-sig" if self.skip else "utf-8", newline="")
        for _ in range(self.skip):
            source.readline()
        return source

    def records(self) -> Iterator[Record]:
        """The records in order, blank lines left out; far slower than the scan.

        Raises InputError at a quote mark that is not closed or stands in the wrong place.
        """
        with self.opened() as source:
            reader = csv.reader(source, delimiter=self.delimiter, skipinitialspace=True, strict=True)
            number, before = 0, self.first_line - 1
            try:
                for fields in reader:
                    last = self.first_line - 1 + reader.line_num
                    if fields:
                        number += 1
                        yield Record(number, before + 1, last, fields)
                    before = last
            except csv.Error as error:
                raise self._misquoted(before + 1, self.first_line - 1 + reader.line_num, str(error)) from error

    def _misquoted(self, first: int, last: int, reason: str) -> InputError:
        if "expected after" in reason and first == last:
            return InputError(
                f"{self.name}:{first}: text stands right behind a closing quote mark",
                hint='a quote mark inside a quoted field is written twice: "24"" monitor"',
                code="bad-quoting",
            )
        return InputError(
            f"{self.name}:{first}: a quote mark opens in this row and is not closed where a field ends"
            + (f" (looked as far as line {last})" if last > first else ""),
            hint="close the quote, or double it where it belongs to the text",
            code="bad-quoting",
        )


def open_table(file: str, known: Collection[str] | Known, scratch: Path, reading: Reading, name: str = "") -> Table:
    """A delimited file with its header found among `known` names (compared as headers are).

    Raises InputError where the file cannot be opened, is empty, has no header or no rows.
    """
    text = open_text(file, scratch, reading.encoding, name, reading.sheet, reading.unpack_limit)
    names = known if isinstance(known, Known) else Known(known)
    header = find_header(text.name, text.path, names, reading.delimiter, reading.header_line)
    notes = list(text.notes)
    if header.first_line > 1 and reading.header_line is None:
        notes.append(f"{text.name}: the header was found on line {header.first_line}; the lines above it were left out")
    body, skip = text.path, 1
    if header.last_line > 1:
        body, skip = _below(text.path, header.last_line, scratch), 0
    table = Table(
        text.name, header.columns, header.delimiter, body, skip, header.last_line + 1,
        text.odd_spaces, text.quotes, scratch, tuple(notes),
    )  # fmt: skip
    table = _below_further_lines(table, text.path)
    if next(table.records(), None) is None:
        raise InputError(f"{text.name}: no rows of data under the header on line {header.first_line}", code="no-rows")
    return table


def _below_further_lines(table: Table, path: Path) -> Table:
    """The table without further header lines; they name the columns that the first one leaves unnamed."""
    records = list(islice(table.records(), LOOKED_AT)) if len(table.columns) > 1 else []
    found = records[: further_lines([record.fields for record in records])]
    if not found:
        return table
    last = found[-1].last_line
    lines = (
        f"line {last} is a second header line" if len(found) == 1 else f"lines {found[0].line} to {last} are headers"
    )
    names = [*found[0].fields, *[""] * len(table.columns)]
    columns = tuple(own or " ".join(name.split()) for own, name in zip(table.columns, names, strict=False))
    note = f"{table.name}: {lines}, left out"
    return replace(
        table,
        columns=columns,
        body=_below(path, last, table.scratch),
        skip=0,
        first_line=last + 1,
        notes=(*table.notes, note),
        labels=tuple(" ".join(name.split()) for name in names[: len(columns)]),
    )


def _below(path: Path, line: int, scratch: Path) -> Path:
    """A copy of the lines below the given one."""
    body = scratch_file(scratch, ".body")
    with path.open("rb") as source, body.open("wb") as out:
        for _ in range(line):
            source.readline()
        while chunk := source.read(1 << 20):
            out.write(chunk)
    return body


def same_header(tables: Sequence[Table]) -> None:
    """Raises InputError unless all files have the same columns, in any order."""
    first = tables[0]
    own = {header_key(name) for name in first.columns}
    for table in tables[1:]:
        other = {header_key(name) for name in table.columns}
        if own != other:
            only = [name for name in first.columns if header_key(name) not in other]
            extra = [name for name in table.columns if header_key(name) not in own]
            parts = [f"{table.name} lacks {', '.join(only)}"] if only else []
            parts += [f"{first.name} lacks {', '.join(extra)}"] if extra else []
            raise InputError(
                f"the files have different columns: {'; '.join(parts)}",
                hint="compute them one by one",
                code="different-columns",
            )


def one_column_each(tables: Sequence[Table], headers: Collection[str]) -> None:
    """Raises InputError where a position such as `#3` is not the same column in all files."""
    first = tables[0]
    for place in sorted({one for one in headers if re.fullmatch("#[0-9]+", one) and one not in first.columns}):
        index = first.column(place)
        for table in tables[1:]:
            if index is not None and [*map(header_key, table.columns)] != [*map(header_key, first.columns)]:
                own, other = first.columns[index], table.columns[index]
                raise InputError(
                    f"{place} is '{own}' in {first.name}, but the columns of {table.name} stand in another order"
                    + (f" ('{other}')" if header_key(own) != header_key(other) else ""),
                    hint="name the column instead, or put the columns of all files in one order",
                    code="different-columns",
                )


def column_list(names: Sequence[str]) -> str:
    """Column names for a message."""
    return ", ".join(name or "(unnamed)" for name in names)


_Indices = Mapping[str, Sequence[int]]


@lru_cache(64)  # a table of months asks for each of its columns several times
def _by_name(columns: tuple[str, ...]) -> tuple[_Indices, _Indices, _Indices]:
    """The indices of columns by their names, by their names as headers are compared, and by their places (`#2`)."""
    exact: dict[str, list[int]] = {}
    alike: dict[str, list[int]] = {}
    for i, name in enumerate(columns):
        exact.setdefault(name, []).append(i)
        if name:
            alike.setdefault(header_key(name), []).append(i)
    return exact, alike, {f"#{i + 1}": [i] for i in range(len(columns))}
