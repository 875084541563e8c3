"""Every record as a row of the table `raw`, with its place and its oddities: what `row_by_row` starts from."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cstool.backends.duck import DuckDB, EngineError, quoted, quoted_file
from cstool.ingest.checks import totals
from cstool.ingest.checks.problems import FILE_BITS
from cstool.ingest.formats.formats import index_in
from cstool.ingest.formats.kinds import DATES
from cstool.ingest.read.rows_in_doubt import Records
from cstool.ingest.read.scan import currency_columns
from cstool.ingest.source.header import LONGEST_FIELD, WHITE
from cstool.ingest.source.table import WIDEST_SCANNED, Record, Table
from cstool.ingest.source.unpack_limit import scratch_file
from cstool.model.reading import Column

_NUMBERS = ("place", "line")
# code and note: what is odd about the row (see `problems.WHY`); extra: what stands in columns without a name;
# head: the first cell that is not blank; lone: the same, where it is the only one; digest: the same for rows that are
# the same.
_TEXTS = ("code", "note", "extra", "head", "lone", "digest", "currency")
_PROSE = r"[^\pL\pN].*|.*[.:]|(?:[^ ]+ ){3,}[^ ]+"  # a title or a footnote, and not a name
_MOST_FOOTERS = 1000
_APART = 4  # rows from one line of a footer to the next: blank ones may stand between them
# What reports end with, also where a table has two columns only.
_FOOTER = (
    r"(?i)(?:copyright\b|©|\(c\) ?(?:19|20)|confidential\b|vertraulich\b|all rights reserved"
    r"|end of (?:report|file|data)"
    r"|(?:report )?(?:generated|created|exported|printed|prepared|produced|downloaded|run) (?:by|on|at|from)\b"
    r"|(?:sources?|notes?|filters?|filtered by|as of|date range|currency|report(?: name| date)?|erstellt(?: am| von)?"
    r"|exportiert(?: am| von)?|stand|quelle|hinweis|généré|édité|generado|fuente) ?(?::|am\b|von\b|le\b|el\b|[0-9])"
    r"|page [0-9]+|seite [0-9]+).*"
)


def load(
    engine: DuckDB,
    tables: Sequence[Table],
    columns: Sequence[Column],
    *,
    digest: bool = False,
    records: Records | None = None,
) -> list[str]:
    """Creates `raw` (place, line, code, note, ..., t0, t1, ...) of all records or some; returns what to tell.

    t0 ... are the trimmed texts of the columns, '' where there is nothing. `code` is '' for a row like any other. Rows
    without any text are left out.
    """
    texts = [f"t{i}" for i in range(len(columns))]
    fields = ", ".join([*(f"{name} bigint" for name in _NUMBERS), *(f"{name} varchar" for name in (*_TEXTS, *texts))])
    engine.run(f"create or replace temp table raw ({fields})")
    notes = []
    for source in _sources(tables, columns, digest=digest):
        if records is not None:
            notes += source.parsed(engine, records.get(source.file, ()))
        elif not source.scanned(engine):
            notes += source.parsed(engine, source.table.records())
    _mark(engine, tables, columns)
    return notes


def add(engine: DuckDB, tables: Sequence[Table], columns: Sequence[Column], records: Records) -> None:
    """Adds further records to `raw`, whatever they hold."""
    for source in _sources(tables, columns):
        if own := records.get(source.file):
            source.parsed(engine, own)


def _sources(tables: Sequence[Table], columns: Sequence[Column], *, digest: bool = False) -> Iterator[_Source]:
    for file, table in enumerate(tables):
        wanted = [index_in(table, column) for column in columns]
        yield _Source(file, table, wanted, currency_columns(table, columns), digest)


def _mark(engine: DuckDB, tables: Sequence[Table], columns: Sequence[Column]) -> None:
    """Marks the rows that are no rows of the table by what they hold."""

    def mark(code: str, note: str, where: str, over: str = "") -> None:
        codes = ", ".join(map(quoted, ("", over)))
        engine.run(f"update raw set code = '{code}', note = left({note}, 200) where code in ({codes}) and {where}")

    wide = [file for file, table in enumerate(tables) if len(table.columns) > 2]
    among = f"place >> {FILE_BITS} in ({', '.join(map(str, wide)) or 'null'})"
    prose = f"{among} and regexp_full_match(lone, {quoted(_PROSE)})"
    mark("unnamed", "extra", "extra <> ''")
    mark("footnote", "lone", f"lone <> '' and (regexp_full_match(lone, {quoted(_FOOTER)}) or {prose})", "misfit")
    if beside := _beside_footnotes(engine):
        mark("footnote", "lone", f"place in ({', '.join(map(str, beside))})", "misfit")
    # As lists: the time to plan a comparison of each column grows with the square of their number.
    own = ", ".join(f"lower(t{i})" for i in range(len(columns)))
    headers = ", ".join(quoted(column.header.lower()) for column in columns)
    mark("header", "t0", f"[{own}] = [{headers}]")
    for i, column in enumerate(columns):
        if column.kind in ("id", *DATES):
            mark("total", f"t{i}", totals.is_label_sql(f"t{i}"))
    ids = [i for i, column in enumerate(columns) if column.kind == "id"]
    names = ids or [i for i, column in enumerate(columns) if column.kind in (*DATES, "text")]
    unnamed = " and ".join(["true", *(f"t{i} in ('', head)" for i in names)])
    mark("total", "head", f"{totals.is_word_sql('head')} and {unnamed}")


def _beside_footnotes(engine: DuckDB) -> list[int]:
    """The rows with a single cell that stand next to a footnote, at the end of all rows that have more."""
    rows = engine.run(
        "select place, code from raw as own where lone <> '' and code in ('', 'misfit', 'footnote') and place >"
        f" coalesce((select max(place) from raw where lone = '' and place >> {FILE_BITS} = own.place >> {FILE_BITS}),"
        f" 0) order by place limit {_MOST_FOOTERS}"
    )
    found: list[int] = []
    block: list[tuple[int, str]] = []
    for place, code in [*rows, (-1, "")]:
        if block and not 0 < place - block[-1][0] <= _APART:
            if any(code == "footnote" for _, code in block):
                found += [own for own, code in block if code != "footnote"]
            block = []
        block.append((place, code))
    return found


@dataclass(slots=True)
class _Source:
    """One file on its way into `raw`: which of its columns are wanted, and which ones hold currencies."""

    file: int
    table: Table
    wanted: Sequence[int]
    currencies: Sequence[int]
    digest: bool

    @property
    def _width(self) -> int:
        return len(self.table.columns)

    @property
    def _named(self) -> int:
        """How many columns there are up to the last one with a name."""
        return max((i for i, name in enumerate(self.table.columns) if name), default=-1) + 1

    def scanned(self, engine: DuckDB) -> bool:
        """Loads the file by DuckDB's scan if a record is a line there, so that places are known; else False."""
        if self.table.quotes or self._width == 1 or self._width > WIDEST_SCANNED:
            return False
        trimmed = ", ".join(f"coalesce({self.table.text(i)}, '') as c{i}" for i in range(self._width))
        blank, every = "''", [f"c{i}" for i in range(self._width)]
        nonblank = [f"nullif({one}, '')" for one in every]
        values = [
            f"{self.file << FILE_BITS} + n",
            f"n + {self.table.first_line - 1}",
            "''",
            "''",
            f"concat({', '.join([blank, *every[self._named :]])})",
            f"coalesce({', '.join(nonblank)}, '')",
            f"if({self._width} > 1 and concat({', '.join([blank, *every[1:]])}) = '', c0, '')",
            f"md5(concat_ws(chr(31), {', '.join(every)}))" if self.digest else "''",
            self._currency_sql(),
            *(f"c{i}" for i in self.wanted),
        ]
        try:
            if engine.row(f"select count(*) from {self.table.scan()}")[0] != self.table.lines():
                return False
            engine.run(
                f"insert into raw select {', '.join(values)} from (select row_number() over () as n, {trimmed}"
                f" from {self.table.scan()}) where concat({', '.join(every)}) <> ''"
            )
        except EngineError:
            return False
        return True

    def _currency_sql(self) -> str:
        """The currencies that a row names, as one text."""
        if len(self.currencies) < 2:
            return f"upper(c{self.currencies[0]})" if self.currencies else "''"
        texts = ", ".join(f"upper(c{i})" for i in self.currencies)
        return f"array_to_string(list_sort(list_distinct(list_filter([{texts}], x -> x <> ''))), ' and ')"

    def parsed(self, engine: DuckDB, records: Iterable[Record]) -> list[str]:
        """Loads records one by one, whatever they look like; returns what to tell."""
        copy = scratch_file(self.table.scratch, ".rows")
        short = 0
        with copy.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            for record in records:
                if "".join(record.fields).strip(WHITE):
                    row = self._row(record)
                    short += len(record.fields) < self._width and not row[2]
                    writer.writerow(row)
        names = [*_TEXTS, *(f"t{i}" for i in range(len(self.wanted)))]
        kinds = ", ".join([*(f"'{name}': 'BIGINT'" for name in _NUMBERS), *(f"'{name}': 'VARCHAR'" for name in names)])
        texts = ", ".join(f"coalesce({name}, '')" for name in names)
        engine.run(
            f"insert into raw select {', '.join(_NUMBERS)}, {texts} from read_csv({quoted_file(copy)},"
            " auto_detect = false, header = false, delim = ',', quote = '\"', escape = '\"',"
            f" max_line_size = {4 * LONGEST_FIELD}, columns = {{{kinds}}})"
        )
        copy.unlink()
        if not short:
            return []
        ends = "rows end" if short > 1 else "row ends"
        return [f"{self.table.name}: {short} {ends} early, before cells that are not needed"]

    def _row(self, record: Record) -> tuple[object, ...]:
        fields = [field.strip(WHITE) for field in record.fields]
        own = len(fields)
        code = note = ""
        if any(fields[self._width :]) or own <= max(self.wanted):
            text = " ".join(self.table.delimiter.join(fields)[:200].split())[:60]
            code, note = (
                "misfit",
                f"has {own} field{'' if own == 1 else 's'} where the header has {self._width}: '{text}'",
            )
        elif record.last_line > record.line and self._swallows(fields):
            code, note = "swallowed", max(fields, key=len)[:200]
        return (
            (self.file << FILE_BITS) + record.number,
            record.line,
            code,
            note,
            "".join(fields[self._named : self._width]),
            next(filter(None, fields), ""),
            fields[0] if self._width > 1 and not any(fields[1:]) else "",
            hashlib.md5("\x1f".join(fields).encode(), usedforsecurity=False).hexdigest() if self.digest else "",
            " and ".join(sorted({fields[i].upper() for i in self.currencies if i < own} - {""})),
            *(fields[i] if i < own else "" for i in self.wanted),
        )

    def _swallows(self, fields: Sequence[str]) -> bool:
        """Whether a field holds lines that are as wide as rows: two quote marks that do not belong together."""
        marks = self._width - 1
        inner = (line for field in fields if "\n" in field for line in field.split("\n")[1:-1])
        return marks > 0 and any(line.count(self.table.delimiter) >= marks for line in inner)
