"""Files read where Spark runs: one scan of all their rows, kept only if not one cell is in doubt.

What is in doubt is read again on this machine, by DuckDB, which tells every bad cell by its place: so both engines give
the same number, or the same refusal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from cstool.backends.duck import EngineError, identifier
from cstool.ingest.checks import duplicates, totals
from cstool.ingest.checks.doubtful_names import doubtful_names
from cstool.ingest.formats.formats import UndecidedColumnError, index_in, sampled, taken_for_granted
from cstool.ingest.formats.kinds import TEXTS, Cell
from cstool.ingest.read.scan import doubts, kept_negatives, other_currency, suspects, unnamed, unnamed_totals
from cstool.ingest.read.spark_paths import Distant, on_this_machine
from cstool.ingest.source.header import WHITE
from cstool.model.reading import Column, Reading

if TYPE_CHECKING:
    from cstool.backends.spark.engine import Spark

# An even number for each file.
_PLACE = "shiftleft(shiftrightunsigned(xxhash64(file), 24), 1) as place"
_FILE_BITS = 48  # a row's order is file << 48 | its order in the file


class _DoubtError(Exception):
    """Why the rows are to be looked at one by one."""


def read_distributed(
    engine: Spark,
    tables: Sequence[Distant],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str,
) -> list[str]:
    """Creates the table `into` as `cells.read` does; returns what to tell."""
    notes = [note for table in tables for note in table.notes]
    try:
        notes += _Scan(engine, tables, columns, unique, reading, into).read()
        notes += duplicates.unchecked(columns, unique, reading)
        return notes + [note for one in columns if one.kind == "id" for note in doubtful_names(engine, into, one)]
    except (_DoubtError, EngineError) as doubt:
        why = str(doubt)
    from cstool.ingest.read.cells import read

    own = on_this_machine(engine.files, tables, reading)
    notes = read(engine.local, own, columns, unique, reading, into)
    engine.adopt(into)
    names = ", ".join(table.name for table in tables)
    return [*notes, f"{names}: read on this machine, not by Spark: {why}"]


class _Scan:
    """The rows of all files on their way into one table."""

    def __init__(
        self,
        engine: Spark,
        tables: Sequence[Distant],
        columns: Sequence[Column],
        unique: Sequence[str],
        reading: Reading,
        into: str,
    ) -> None:
        self.engine = engine
        self.tables = tables
        self.columns = columns
        self.key = duplicates.keys(columns, unique, reading)
        self.reading = reading
        self.into = into

    def read(self) -> list[str]:
        if self.reading.duplicates == "drop":
            raise _DoubtError("--duplicates drop compares whole rows")
        try:
            cells = sampled(self.tables, self.columns, self.reading)
        except UndecidedColumnError as error:
            raise _DoubtError("the whole of a column has to say how it is written") from error
        selects = [self._select(i, group, cells) for i, group in enumerate(self._groups())]
        self.engine.run(f"create or replace temp table {self.into} as {' union all '.join(selects)}")
        self._refuse_doubt(cells)
        notes = taken_for_granted(cells)
        notes += kept_negatives(self.engine, self.columns, self.into) if self.reading.negative == "keep" else []
        if self.reading.duplicates == "sum" and self.key:
            notes += duplicates.add_up(self.engine, self.into, self.columns, self.key)
        return notes

    def _groups(self) -> Iterator[list[Distant]]:
        """Files that are written alike, which are scanned as one. Sums take the first of several rows: file by file."""
        if self.reading.duplicates == "sum":
            yield from ([table] for table in self.tables)
            return
        for _, group in groupby(self.tables, lambda one: (one.columns, one.delimiter, one.skip, one.parquet)):
            yield list(group)

    def _select(self, number: int, group: Sequence[Distant], cells: Sequence[Cell]) -> str:
        table, view = group[0], f"scan_{number}"
        addresses = [address for one in group for address in one.addresses]
        if table.parquet:
            stored = f"stored_{number}"
            self.engine.view_parquet(stored, addresses, [f"c{i}" for i in range(len(table.columns))])
            self.engine.view(view, f"select *, false as misfit, {_PLACE} from {stored}")
            odd = True
        else:
            odd = self._view_text(view, f"lines_{number}", table, addresses)
        return _typed(number, table.with_spaces(odd), cells, view)

    def _view_text(self, view: str, lines: str, table: Distant, addresses: Sequence[str]) -> bool:
        """Makes a view of the fields of text files; returns whether white space other than blanks stands in them."""
        if not table.skip and not table.local:
            raise _DoubtError("its header is not on the first line")
        self.engine.view_lines(lines, addresses)
        header = table.header_text()
        well = _literal(_well_quoted(table.delimiter))
        spaces = _literal(f"[{_odd_spaces(table.delimiter)}]")
        quote = "instr(line, '\"') > 0"
        facts = self.engine.native(
            f"select min_by(line, n), count_if(line = {_literal(header)}), count(*), bool_or({quote}),"
            f" bool_or(line rlike {spaces}), bool_or(not is_valid_utf8(line) or instr(line, char(0)) > 0),"
            f" bool_or({quote} and not line rlike {well}) from {lines} group by file"
        )
        if any(fact[5] for fact in facts):
            raise _DoubtError("it is not all UTF-8")
        if any(fact[6] for fact in facts):
            raise _DoubtError("quoted fields run over lines, or quote marks stand within a field")
        if table.skip and any(fact[:2] != (header, 1) for fact in facts):
            raise _DoubtError("not every file begins with the same header, or it stands again further down")
        if sum(fact[2] for fact in facts) <= (len(facts) if table.skip else 0):
            raise _DoubtError("there are no rows")
        width = len(table.columns)
        quoted_ones = any(fact[3] for fact in facts)
        fields = _fields(table.delimiter, quoted_ones)
        each = ", ".join(f"nullif(get(fields, {i}), '') as c{i}" for i in range(width))
        body = f"line <> {_literal(header)}" if table.skip else "true"
        blank = "line <> ''" if width > 1 else "true"
        self.engine.view(
            view,
            f"select {each}, size(fields) <> {width} as misfit, {_PLACE}, n"
            f" from (select file, n, {fields} as fields from {lines} where {body} and {blank})",
        )
        return any(fact[4] for fact in facts)

    def _refuse_doubt(self, cells: Sequence[Cell]) -> None:
        doubtful = f"{doubts(cells, self.reading)} or {suspects(self.columns)}"
        if self.engine.row(f"select count(*) from {self.into} where {doubtful}")[0]:
            raise _DoubtError("some cells need a closer look")
        if totals.sums_at_the_ends(self.engine, self.into, self.columns, "place", "rowid"):
            raise _DoubtError("a row may be the sum of the others")
        names = ", ".join(identifier(column.name) for column in self.key)
        twice = f"select 1 from {self.into} group by {names} having count(*) > 1 limit 1"
        if self.key and self.reading.duplicates != "sum" and self.engine.run(twice):
            raise _DoubtError("some rows bear the same name")


def _typed(number: int, table: Distant, cells: Sequence[Cell], view: str) -> str:
    """The rows of a view of texts as typed cells; `place` tells files apart and is odd where a row is in doubt."""
    found = ["misfit", *unnamed(table), *other_currency(table, cells), *unnamed_totals(table, cells)]
    values = []
    for cell in cells:
        text = table.text(index_in(table, cell.column))
        value = cell.quick_value(text)
        if cell.column.optional and cell.column.kind not in TEXTS:
            found.append(f"{text} is not null and ({value}) is null{cell.unless_open(text)}")
        values.append(f"{value} as {identifier(cell.column.name)}")
    doubt = " or ".join(f"coalesce({one}, false)" for one in found)
    return (
        f"select {', '.join(values)}, place + if({doubt}, 1, 0) as place,"
        f" cast({number << _FILE_BITS} as bigint) + n as rowid from {view}"
    )


def _literal(text: str) -> str:
    """A text in Spark's own SQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _odd_spaces(delimiter: str) -> str:
    """White space that is no blank, as a set of Java's expressions."""
    return "".join(f"\\u{ord(one):04x}" for one in WHITE if one not in (" ", "\r", "\n", delimiter))


def _mark(delimiter: str) -> str:
    """A delimiter in Java's expressions."""
    return f"\\u{ord(delimiter):04x}"


def _field(delimiter: str) -> str:
    return f'"(?:[^"]++|"")*+"|[^"{_mark(delimiter)}]*+'


def _well_quoted(delimiter: str) -> str:
    """A line whose fields are each without a quote mark, or quoted as a whole."""
    field = _field(delimiter)
    return rf"\A(?:{field})(?:{_mark(delimiter)}(?:{field}))*+\z"


def _fields(delimiter: str, quotes: bool) -> str:
    """The fields of a line as a list, in Spark's own SQL."""
    plain = f"split(line, {_literal(_mark(delimiter))}, -1)"
    if not quotes:
        return plain
    field = _literal(f"{_mark(delimiter)}({_field(delimiter)})")
    each = f"regexp_extract_all(concat({_literal(delimiter)}, line), {field}, 1)"
    bare = "if(x like '\"%', replace(substr(x, 2, length(x) - 2), '\"\"', '\"'), x)"
    return f"if(instr(line, '\"') > 0, transform({each}, x -> {bare}), {plain})"
