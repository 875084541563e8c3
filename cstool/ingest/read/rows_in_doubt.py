"""The few rows of a scanned file that are in doubt, fetched again as text: only they are read row by row."""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from cstool.backends.duck import DuckDB, identifier
from cstool.ingest.checks import totals
from cstool.ingest.checks.problems import FILE_BITS
from cstool.ingest.formats.formats import SAMPLE
from cstool.ingest.formats.kinds import Cell
from cstool.ingest.read.scan import doubts
from cstool.ingest.source.table import Record, Table
from cstool.ingest.source.unpack_limit import scratch_file
from cstool.model.reading import Reading

_BLANK = ("\n", "\r\n")
MOST = 200_000  # rows fetched one by one; with more in doubt, all are read with care

Records = Mapping[int, Sequence[Record]]  # by file


class Lines(NamedTuple):
    """Where the records of a file stand, each on one line; the scan's rows are the records that are no misfits."""

    table: Table
    blank: Sequence[int]  # how many records stand above each blank line
    misfits: Sequence[int]  # how many rows stand above each misfit

    def number(self, row: int) -> int:
        """The record that a row (0 = first) is."""
        return row + 1 + bisect_right(self.misfits, row)

    def others(self) -> list[int]:
        """The records that are no rows."""
        return [above + 1 + i for i, above in enumerate(self.misfits)]

    def records(self, numbers: Collection[int]) -> list[Record]:
        """Raises csv.Error where a line is no record as a whole."""
        rows = sorted(numbers)
        lines = [number + bisect_left(self.blank, number) for number in rows]
        found = []
        for number, line, text in zip(rows, lines, _picked(self.table, lines), strict=True):
            place = self.table.first_line + line - 1
            found.append(Record(number, place, place, _fields(self.table, text)))
        return found


def _fields(table: Table, line: str) -> list[str]:
    return next(csv.reader([line], delimiter=table.delimiter, skipinitialspace=True, strict=True))


def _picked(table: Table, lines: Sequence[int]) -> Iterator[str]:
    """Some lines of the records, 1 = first."""
    with table.opened() as source:
        at = 0
        for line in lines:
            yield next(islice(source, line - at - 1, None))
            at = line


class Fitting(NamedTuple):
    """A copy of a file's records without those of another width, and the lines that these stand on (1 = first)."""

    table: Table
    misfits: Sequence[int]


def without_misfits(table: Table) -> Fitting | None:
    """None where too many records are misfits, or some are not told by their lines."""
    misfits: list[int] = []
    marks, width = table.delimiter, len(table.columns)
    copy = scratch_file(table.scratch, ".fitting")
    with table.opened() as source, copy.open("w", encoding="utf-8", newline="") as out:
        for line, text in enumerate(source, 1):
            if text.count(marks) != width - 1 and text not in _BLANK:
                try:
                    fits = len(_fields(table, text)) == width
                except csv.Error:
                    return None
                if not fits:
                    misfits.append(line)
                    if len(misfits) > MOST:
                        return None
                    continue
            out.write(text)
    return Fitting(replace(table, body=copy, skip=0), misfits)


def _lines(table: Table, rows: int, misfits: Sequence[int]) -> Lines | None:
    """How rows, misfits and blank lines make up the lines of a file; None where they do not."""
    missing = table.lines() - rows - len(misfits)
    blank: list[int] = []
    if missing > 0:
        with table.opened() as source:
            blank = list(islice((i for i, text in enumerate(source, 1) if text in _BLANK), missing + 1))
    if len(blank) != missing:  # fields run over lines
        return None
    numbers = [line - bisect_left(blank, line) for line in misfits]
    return Lines(
        table, [line - i - 1 for i, line in enumerate(blank)], [number - i - 1 for i, number in enumerate(numbers)]
    )


class Apart:
    """What is left of a scan whose rows in doubt were set apart: their records, and where all the others stand."""

    def __init__(self, tables: Sequence[Table], lines: Sequence[Lines], records: Records) -> None:
        self.tables = tables
        self.lines = lines
        self.records = records

    def fetched(self, places: Collection[int]) -> Records:
        """The records at some places."""
        own: dict[int, list[int]] = {}
        for place in places:
            own.setdefault(place >> FILE_BITS, []).append(place % (1 << FILE_BITS))
        return {file: self.lines[file].records(numbers) for file, numbers in own.items()}


def set_apart(
    engine: DuckDB,
    tables: Sequence[Table],
    fitting: Sequence[Fitting],
    cells: Sequence[Cell],
    reading: Reading,
    into: str,
) -> Apart | None:
    """Takes the rows in doubt, and the first ones of each file, out of the table `into`, scanned from what is fitting.

    `place` of the others becomes file << FILE_BITS | record. None where records cannot be told by their lines, or too
    many are in doubt: then `into` is left as it is.
    """
    if any(len(table.columns) == 1 for table in tables):
        return None  # the scan counts blank lines there
    spans = {
        file: (first, count)
        for file, first, count in engine.run(
            f"select place >> {FILE_BITS}, min(rowid), count(*) from {into} group by 1"
        )
    }
    found = engine.run(
        f"select place >> {FILE_BITS}, rowid from {into} where {doubts(cells, reading)} or {_suspect(cells, into)}"
        f" order by rowid limit {MOST + 1}"
    )
    if len(found) > MOST:
        return None
    records: dict[int, Sequence[Record]] = {}
    lines: list[Lines] = []
    apart: set[int] = set()
    for file, table in enumerate(tables):
        start, count = spans.get(file, (0, 0))
        own = _lines(table, count, fitting[file].misfits if fitting else ())
        if own is None:
            return None
        rows = {*range(min(SAMPLE, count)), *(row - start for other, row in found if other == file)}
        apart |= {start + row for row in rows}
        try:
            records[file] = own.records([*own.others(), *(own.number(row) for row in rows)])
        except (csv.Error, StopIteration):
            return None
        odd = set(own.others())
        if any((len(one.fields) == len(table.columns)) is (one.number in odd) for one in records[file]):
            return None  # not the lines that the scan saw
        lines.append(own)
    _place(engine, into, _starts(spans, lines), apart)
    return Apart(tables, lines, records)


def _suspect(cells: Sequence[Cell], into: str) -> str:
    """Whether a row bears a name like that of a totals row; each name is looked at once."""
    names = [identifier(cell.column.name) for cell in cells if cell.column.kind == "id"]
    named = (f"{name} in (select {name} from {into} group by 1 having {totals.is_suspect_sql(name)})" for name in names)
    return " or ".join(named) or "false"


def _starts(spans: Mapping[int, tuple[int, int]], lines: Sequence[Lines]) -> Iterator[tuple[int, int]]:
    """From which row on what is to be added to a row's number for its place: each misfit above adds one."""
    for file, own in enumerate(lines):
        start = spans.get(file, (0, 0))[0]
        added = (file << FILE_BITS) + 1 - start
        yield start, added
        for i, above in enumerate(own.misfits, 1):
            yield start + above, added + i


def _place(engine: DuckDB, into: str, starts: Iterator[tuple[int, int]], apart: Collection[int]) -> None:
    """Gives each row its place, and leaves those out that were set apart."""
    added = ", ".join(f"({row}, {most})" for row, most in dict(starts).items())
    gone = ", ".join(map(str, sorted(apart))) or "null"
    engine.run(
        f"create or replace temp table {into} as select own.* exclude (rowid) replace (rowid + added as place)"
        f" from (select *, rowid from {into} where rowid not in ({gone})) as own"
        f" asof join (values {added}) as starts(first_row, added) on rowid >= first_row"
    )
