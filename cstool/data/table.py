"""A delimited file as rows of text: what DuckDB scans, and where each record stands for a person."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cstool.data.header import find_header, header_key
from cstool.data.opening import open_text, scratch_file
from cstool.data.options import Reading
from cstool.engines.duck import quoted
from cstool.errors import InputError, and_more


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its number among the records (1 = first under the header), its line as an editor counts, its fields."""

    number: int
    line: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file of records. `body` holds them below `skip` lines; `first_line` is the body's first line in the original."""

    name: str
    columns: tuple[str, ...]
    delimiter: str
    body: Path
    skip: int
    first_line: int
    notes: tuple[str, ...] = ()

    def scan(self) -> str:
        """The file as a DuckDB table function: every column text, named c0, c1, ..."""
        columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(len(self.columns)))
        return (
            f"read_csv({quoted(str(self.body))}, auto_detect = false, header = false, skip = {self.skip}, "
            f"delim = {quoted(self.delimiter)}, quote = '\"', escape = '\"', max_line_size = 16777216, "
            f"columns = {{{columns}}})"
        )

    def column(self, name: str) -> int | None:
        """The index of the column a user names: as written, else compared as headers are. None where none or several."""
        exact = [i for i, own in enumerate(self.columns) if own == name]
        alike = [i for i, own in enumerate(self.columns) if own and header_key(own) == header_key(name)]
        found = exact or alike
        return found[0] if len(found) == 1 else None

    def records(self) -> Iterator[Record]:
        """The records in order, for telling places; far slower than the scan."""
        with self.body.open(encoding="utf-8-sig" if self.skip else "utf-8", newline="") as source:
            for _ in range(self.skip):
                source.readline()
            reader = csv.reader(source, delimiter=self.delimiter)
            number, start = 0, self.first_line
            for fields in reader:
                line, start = start, self.first_line + reader.line_num
                # The scan passes over empty lines too, but not where a line is one field.
                if fields or len(self.columns) == 1:
                    number += 1
                    yield Record(number, line, tuple(fields))

    def lines(self, numbers: Collection[int]) -> dict[int, int]:
        """The line of each record number."""
        wanted, found = set(numbers), {}
        for record in self.records():
            if record.number in wanted:
                found[record.number] = record.line
                if len(found) == len(wanted):
                    break
        return found

    def misshapen(self) -> list[Record]:
        """The records with more or fewer fields than the header."""
        return [record for record in self.records() if len(record.fields) != len(self.columns)]


def open_table(file: str, known: Collection[str], scratch: Path, reading: Reading) -> Table:
    """A delimited file with its header found among `known` names (compared as headers are).

    Raises InputError where the file cannot be opened, is empty or has no rows.
    """
    text = open_text(file, scratch)
    header = find_header(text.path, known, reading.delimiter)
    if not header.columns:
        raise InputError(f"{text.name}: the file is empty")
    notes = list(text.notes)
    if header.first_line > 1:
        notes.append(f"{text.name}: the header was found on line {header.first_line}; the lines above it were left out")
    body, skip = text.path, 1
    if header.last_line > 1:
        body, skip = _below(text.path, header.last_line, scratch), 0
    table = Table(text.name, header.columns, header.delimiter, body, skip, header.last_line + 1, tuple(notes))
    if next(table.records(), None) is None:
        raise InputError(f"{text.name}: no rows of data under the header on line {header.first_line}")
    return table


def _below(path: Path, line: int, scratch: Path) -> Path:
    """A copy of the lines below the given one."""
    body = scratch_file(scratch, ".body")
    with path.open("rb") as source, body.open("wb") as out:
        for _ in range(line):
            source.readline()
        while chunk := source.read(1 << 20):
            out.write(chunk)
    return body


def ragged(table: Table, reason: str) -> InputError:
    """Why a file could not be scanned, by its own lines."""
    odd = table.misshapen()
    if not odd:
        return InputError(f"{table.name}: cannot be read as CSV: {reason}")
    wanted = len(table.columns)
    problems = [
        f"{table.name}:{record.line} (row {record.number}): {_count(record.fields)} where the header has {wanted}: "
        f"{excerpt(table.delimiter.join(record.fields))}"
        for record in odd
    ]
    return InputError(
        f"{table.name}: {len(odd)} row{'s do' if len(odd) > 1 else ' does'} not fit the header",
        problems=and_more(problems),
        hint="remove the line if it is a footnote or another table; quote the field if it holds the delimiter",
    )


def _count(fields: Sequence[str]) -> str:
    return f"{len(fields)} field{'' if len(fields) == 1 else 's'}"


def excerpt(text: str, longest: int = 60) -> str:
    """A value quoted for a message, shortened in the middle of nowhere."""
    flat = " ".join(text.split())
    return f"'{flat}'" if len(flat) <= longest else f"'{flat[: longest - 1]}…'"


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
            raise InputError(f"the files have different columns: {'; '.join(parts)}")


def column_list(names: Sequence[str]) -> str:
    """Column names for a message."""
    return ", ".join(name or "(unnamed)" for name in names)
