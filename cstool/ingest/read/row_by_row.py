"""Reads a file row by row: all cells of a column decide its format, and each that cannot be read is named by place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cstool.backends.duck import DuckDB, quoted
from cstool.ingest.checks import duplicates
from cstool.ingest.checks.problems import NEVER_SKIPPED, SHOWN, percent
from cstool.ingest.formats import alike
from cstool.ingest.formats.formats import taken_for_granted
from cstool.ingest.formats.kinds import Cell
from cstool.ingest.read import rows
from cstool.ingest.read.decided_formats import decided_by_all, refuse_two_currencies
from cstool.ingest.read.option_notes import note_options
from cstool.ingest.read.raw_rows import RawRows, listed
from cstool.ingest.read.rows_in_doubt import Apart, Fitting, set_apart
from cstool.ingest.read.scan import scan_into
from cstool.ingest.read.sum_rows import find_percentages, find_sums, refuse_table_twice, set_aside
from cstool.ingest.source.header import excerpt
from cstool.ingest.source.table import Table
from cstool.model.reading import Column, Reading, shown_name

_MOST_SCANS = 3  # each for formats that the one before has shown
_DROP = "drop table if exists raw; drop table if exists problems"


def read_carefully(
    engine: DuckDB,
    tables: Sequence[Table],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str,
) -> list[str]:
    """Creates the table `into`; its helper column `place` orders rows as they stand in the files.

    Raises InputError naming the first places of each kind of problem.
    """
    try:
        return _Careful(engine, tables, columns, unique, reading, into).read()
    finally:
        engine.run(_DROP)


def read_doubtful(
    engine: DuckDB,
    tables: Sequence[Table],
    fitting: Sequence[Fitting | None],
    cells: Sequence[Cell],
    unique: Sequence[str],
    reading: Reading,
    into: str,
) -> list[str] | None:
    """Reads with care what is in doubt of the table `into` as it was scanned, and adds it there; returns what to tell.

    With `fitting` nothing was scanned, and these files are to be. None where all needs care: too much is in doubt, or
    what is shows other formats than the scan took for granted. Raises InputError naming the first places of each kind
    of problem, EngineError where the scan fails.
    """
    known = [one for one in fitting if one]
    if len(known) < len(fitting):
        return None
    files = [one.table for one in known] or tables
    if known:
        scan_into(engine, files, cells, into)
    for _ in range(_MOST_SCANS):
        apart = set_apart(engine, tables, known, cells, reading, into)
        if apart is None:
            return None
        try:
            return _Careful(engine, tables, [cell.column for cell in cells], unique, reading, into, apart).read(cells)
        except _OtherFormatsError as other:
            cells = other.cells
            scan_into(engine, files, cells, into)
        finally:
            engine.run(_DROP)
    return None


class _OtherFormatsError(Exception):
    def __init__(self, cells: list[Cell]) -> None:
        super().__init__()
        self.cells = cells


class _Careful(RawRows):
    def __init__(
        self,
        engine: DuckDB,
        tables: Sequence[Table],
        columns: Sequence[Column],
        unique: Sequence[str],
        reading: Reading,
        into: str,
        apart: Apart | None = None,
    ) -> None:
        super().__init__(engine, tables, columns, reading, into, apart)
        self.key = duplicates.keys(columns, unique, reading)

    def read(self, scanned: Sequence[Cell] = ()) -> list[str]:
        """With rows set apart, `scanned` are the formats that the others were read with."""
        drop = self.reading.duplicates == "drop"
        records = self.apart.records if self.apart else None
        self.notes += rows.load(self.engine, self.tables, self.columns, digest=drop, records=records)
        if drop:
            self._drop_repeated()
        self.cells = decided_by_all(self.problems, self.reading)
        if self.apart and self.cells != list(scanned):
            raise _OtherFormatsError(self.cells)
        self.notes += taken_for_granted(self.cells)
        refuse_two_currencies(self.problems)
        self._find_problems()
        self._create()
        find_sums(self)
        find_percentages(self)
        refuse_table_twice(self)
        set_aside(self)
        self._settle_problems()
        note_options(self)
        self._settle_duplicates()
        return self.notes

    # Problems

    def _find_problems(self) -> None:
        self.problems.add("select place, line, -1, note, code from raw where code <> ''")
        for i, cell in enumerate(self.cells):
            if cell.column.unused:
                self._note_unused(i, cell, self._bad(i, f"t{i}"))
        used = [i for i, cell in enumerate(self.cells) if not cell.column.unused]
        for same in alike.grouped(used, lambda i, text: self._bad(i, text) + self.cells[i].value(text)):
            cell = self.cells[same[0]]
            cells = alike.as_rows(same, "place, line", "raw where code = ''")
            settled = "code in ('blank', 'missing')" if cell.blank_means(self.reading) in ("zero", "skip") else "false"
            self.problems.add(
                f"select place, line, col, t, code from (select *, {self._bad(same[0], 't')} as code"
                f" from (select *, {cell.value('t')} as v from ({cells}))) where code is not null and not {settled}"
            )

    def _bad(self, index: int, text: str) -> str:
        return self.cells[index].bad(text, "v", keep_negative=self.reading.negative != "refuse")

    def _note_unused(self, index: int, cell: Cell, bad: str) -> None:
        """Notes the cells that cannot be read of a column that the result does not need."""
        text = f"t{index}"
        count, first, line, value = self.engine.row(
            f"select count(*), min(place), arg_min(line, place), arg_min({text}, place) from (select *, {bad} as bad"
            f" from (select *, {cell.value(text)} as v from raw where code = '')) where bad is not null and v is null"
        )
        if count:
            more = "" if count == 1 else f", {count} such cells"
            self.notes.append(
                f"{self.problems.where(first, line)}: {shown_name(cell.column)} is {excerpt(value)}{more};"
                " ignored, as the result does not use the column"
            )

    def _create(self) -> None:
        target = f"insert into {self.into}" if self.apart else f"create or replace temp table {self.into} as"
        good = f"place not in (select place from problems) and not ({self.blank_rows()})"
        self.engine.run(f"{target} {self.values(good)}")

    def _settle_problems(self) -> None:
        bad = self.problems.rows()
        if not bad:
            return
        self.problems.write_rejects()
        if not self.reading.skip_bad or self.problems.rows(f"code in ({', '.join(map(quoted, NEVER_SKIPPED))})"):
            raise self.problems.error(skippable=not self.reading.skip_bad)
        lost = "place in (select place from problems)"
        every = self.engine.row(f"select count(*) from {self.into}")[0] + bad
        shares = self.left_out(lost)
        most = max([Decimal(bad) / every, *(part.share for part in shares)])
        parts = listed(shares)
        rows = f"{bad} of {every:,} rows ({percent(Decimal(bad) / every)})"
        if most > self.reading.skip_limit:
            raise self.problems.too_many(f"{rows} cannot be read{', with ' + parts if parts else ''}", most)
        lines = self.engine.run(f"select distinct line, place from problems order by place limit {SHOWN + 1}")
        named = ", ".join(str(line) for line, _ in lines[:SHOWN]) + (", ..." if len(lines) > SHOWN else "")
        self.notes.append(
            f"{self.problems.names}: {rows} left out that cannot be read"
            f" (line{'s' if bad > 1 else ''} {named}){': ' + parts if parts else ''}"
        )

    def _drop_repeated(self) -> None:
        before = self.engine.row("select count(*) from raw")[0]
        self.engine.run("delete from raw where place not in (select min(place) from raw group by digest)")
        dropped = before - self.engine.row("select count(*) from raw")[0]
        if dropped:
            self.notes.append(f"{self.problems.names}: {dropped} repeated row{'s' if dropped > 1 else ''} dropped")

    def _settle_duplicates(self) -> None:
        if not self.key:
            return
        if self.reading.duplicates == "sum":
            self.notes += duplicates.add_up(self.engine, self.into, self.columns, self.key, "place")
        elif not duplicates.any_twice(self.engine, self.into, self.key):
            return
        elif error := duplicates.refusal(self.problems, self.into, self.key, self.columns, self.fetch):
            raise error
