"""The careful way: whole columns decide their formats, and all that cannot be read is told by its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from cstool.data import alike, duplicates, numbers, rows, totals
from cstool.data.deciding import decided_by_all, refuse_two_currencies
from cstool.data.doubts import Apart, Fitting, set_apart
from cstool.data.fast import kept_negatives, negative_cells, scan_into
from cstool.data.formats import taken_for_granted
from cstool.data.header import excerpt
from cstool.data.kinds import Cell
from cstool.data.options import Column, Reading, shown_name
from cstool.data.problems import ASIDE, FILE_BITS, NEVER_SKIPPED, SHOWN, Problems, percent
from cstool.data.table import Table
from cstool.engines.duck import DuckDB, identifier, quoted

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


class _LeftOut(NamedTuple):
    """What rows that are left out hold of an amount: its share, and the same in words."""

    share: Decimal
    text: str


def _listed(shares: Sequence[_LeftOut]) -> str:
    """The shares in words; of many columns those that lose most."""
    if len(shares) <= SHOWN:
        return "; ".join(part.text for part in shares)
    most = sorted(shares, key=lambda part: part.share, reverse=True)[:SHOWN]
    return f"{'; '.join(part.text for part in most)}; and of {len(shares) - SHOWN} more columns no more than that"


class _OtherFormatsError(Exception):
    def __init__(self, cells: list[Cell]) -> None:
        super().__init__()
        self.cells = cells


class _Careful:
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
        self.engine = engine
        self.tables = tables
        self.columns = columns
        self.reading = reading
        self.into = into
        self.apart = apart
        self.key = duplicates.keys(columns, unique, reading)
        self.problems = Problems(engine, tables, columns, reading.rejects)
        self.cells: list[Cell] = []
        self.notes: list[str] = []

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
        self._find_sums()
        self._set_aside()
        self._settle_problems()
        self._say_settled()
        self._settle_duplicates()
        return self.notes

    def _fetch(self, places: Sequence[int]) -> None:
        """Sees to it that `raw` has the rows at some places."""
        if self.apart:
            own = {place for (place,) in self.engine.run("select place from raw")}
            rows.add(self.engine, self.tables, self.columns, self.apart.fetched(set(places) - own))

    # Problems

    def _value(self, index: int, text: str) -> str:
        """The value of a column's text, after what the options say of blanks and negatives."""
        cell = self.cells[index]
        value = cell.value(text)
        if cell.column.kind in ("amount", "count") and self.reading.negative == "zero":
            value = f"case when ({value}) < 0 then 0 else {value} end"
        if cell.blank_means(self.reading) == "zero":
            value = f"case when {numbers.is_missing_sql(text)} then 0 else {value} end"
        return value

    def _values(self, where: str) -> str:
        """A query of all columns, by their names, and the places of the rows of `raw` that fit a condition."""
        every = range(len(self.columns))
        names = ", ".join(f"v{i} as {identifier(self.columns[i].name)}" for i in every)
        values = alike.with_values(every, self._value, f"raw where {where}", "place")
        return f"select {names}, place from ({values})"

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

    def _blank_rows(self, column: Column | None = None) -> str:
        """Whether a row is left out because a cell is blank, of some column or of the one given."""
        return alike.any_of(
            {
                i: cell.absent
                for i, cell in enumerate(self.cells)
                if cell.blank_means(self.reading) == "skip" and column in (None, cell.column)
            }
        )

    def _create(self) -> None:
        target = f"insert into {self.into}" if self.apart else f"create or replace temp table {self.into} as"
        good = f"place not in (select place from problems) and not ({self._blank_rows()})"
        self.engine.run(f"{target} {self._values(good)}")

    def _find_sums(self) -> None:
        """Rows that are sums: the first or last one, subtotals, or one whose name begins with `Total`, or is `Max`."""
        if self.reading.negative == "keep":
            return
        ids = [i for i, column in enumerate(self.columns) if column.kind == "id"]
        found = dict.fromkeys(self._unnamed_sums(ids), "total")
        sums = totals.sums_at_the_ends(self.engine, self.into, self.columns, f"place >> {FILE_BITS}", "place")
        found |= dict.fromkeys(sums, "sum")
        for name in (identifier(self.columns[i].name) for i in ids):
            suspects = self.engine.run(
                f"select place, {name} from {self.into} where {totals.is_suspect_sql(name)} order by place limit 20"
            )
            for place, label in suspects:
                fewest = 1 if totals.ends_like_one(label) else 2
                if (
                    place in found
                    or totals.equals_rows_above(self.engine, self.into, self.columns, place, fewest)
                    or totals.is_statistic(self.engine, self.into, self.columns, place)
                ):
                    found[place] = "total"
                elif fewest == 1:
                    found[place] = "doubtful"
                else:
                    self.notes.append(f"{excerpt(label)} is counted as a customer, not as a totals row")
        self._set_apart(found, ids)
        self._check_totals(ids)

    def _check_totals(self, ids: Sequence[int]) -> None:
        """What each file's last row called a total says of its rows: some may be sums, too, or stand below it."""
        amounts = [i for i, column in enumerate(self.columns) if column.kind in ("amount", "count")]
        if not amounts:
            return
        word = f"raw where code = 'total' and {totals.is_word_sql('note')}"
        called = self.engine.run(f"{alike.with_values(amounts, self._value, word, 'place, line')} order by 1")
        for at, (place, line, *own) in enumerate(called):
            same_file = at + 1 < len(called) and called[at + 1][0] >> FILE_BITS == place >> FILE_BITS
            if same_file:
                continue
            before = called[at - 1][0] if at else -1
            unread = [
                one
                for (one,) in self.engine.run(
                    f"select distinct place from problems where code not in ('sum', {', '.join(map(quoted, ASIDE))})"
                    f" and place >> {FILE_BITS} = {place >> FILE_BITS} order by 1"
                )
            ]
            stated = totals.stated(self.engine, self.into, self.columns, place, own, before, unread)
            if stated.agrees:  # what is the sum of others is no customer, as the total is right without it
                same = f"code = 'sum' and place >> {FILE_BITS} = {place >> FILE_BITS}"
                self.engine.run(f"update problems set code = 'total' where {same}")
            if stated.below:
                self.engine.run(f"delete from problems where place in ({', '.join(map(str, stated.below))})")
            found = dict.fromkeys(stated.subtotals, "total") | dict.fromkeys(stated.below, "below")
            self._set_apart(found, ids)
            if stated.column is not None and self.reading.blank != "skip":
                header = shown_name(self.columns[amounts[stated.column]])
                self.notes.append(
                    f"{self.problems.where(place, line)}: the total of {header} is {stated.own.normalize():f},"
                    f" and the rows add up to {stated.added.normalize():f}"
                )

    def _set_apart(self, found: Mapping[int, str], ids: Sequence[int]) -> None:
        """Takes rows that are no rows of their own out, each with a code that says what it is."""
        text = f"t{ids[0]}" if ids else "t0"
        self._fetch(list(found))
        for place, code in found.items():
            self.problems.add(
                f"select place, line, -1, coalesce(nullif({text}, ''), head), '{code}' from raw where place = {place}"
            )
            self.engine.run(f"delete from {self.into} where place = {place}")
            self.engine.run(f"update raw set code = '{code}' where place = {place}")

    def _unnamed_sums(self, ids: Sequence[int]) -> list[int]:
        """The rows without a name whose amounts are the sums of the rows above."""
        blank = f"code = 'blank' and col in ({', '.join(map(str, ids)) or 'null'})"
        rows = self.engine.run(
            f"select distinct place from problems where {blank} and place not in (select place from problems"
            f" where not ({blank})) order by 1 limit 20"
        )
        found = []
        for (place,) in rows:
            self.engine.run(f"insert into {self.into} {self._values(f'place = {place}')}")
            if totals.equals_rows_above(self.engine, self.into, self.columns, place):
                found.append(place)
            self.engine.run(f"delete from {self.into} where place = {place}")
        self.engine.run(f"delete from problems where place in ({', '.join(map(str, found)) or 'null'})")
        return found

    def _set_aside(self) -> None:
        """Takes totals rows, footers and repeated headers out of the problems: they are noted in one line."""
        listed = ", ".join(map(quoted, ASIDE))
        found = self.engine.run(
            f"select code, count(*), arg_min(line, place), arg_min(value, place) from problems"
            f" where code in ({listed}) group by 1 order by min(place)"
        )
        if found:
            parts = (
                f"{ASIDE[code][count > 1].format(count=count)}"
                f" ({'first: ' if count > 1 else ''}line {line}: {excerpt(value)})"
                for code, count, line, value in found
            )
            self.notes.append(f"{self.problems.names}: left out {'; '.join(parts)}")
            self.engine.run(f"delete from problems where code in ({listed})")

    def _settle_problems(self) -> None:
        bad = self.problems.rows()
        if not bad:
            return
        self.problems.write_rejects()
        if not self.reading.skip_bad or self.problems.rows(f"code in ({', '.join(map(quoted, NEVER_SKIPPED))})"):
            raise self.problems.error(skippable=not self.reading.skip_bad)
        lost = "place in (select place from problems)"
        every = self.engine.row(f"select count(*) from {self.into}")[0] + bad
        shares = self._left_out(lost)
        most = max([Decimal(bad) / every, *(part.share for part in shares)])
        parts = _listed(shares)
        rows = f"{bad} of {every:,} rows ({percent(Decimal(bad) / every)})"
        if most > self.reading.skip_limit:
            raise self.problems.too_many(f"{rows} cannot be read{', with ' + parts if parts else ''}", most)
        lines = self.engine.run(f"select distinct line, place from problems order by place limit {SHOWN + 1}")
        named = ", ".join(str(line) for line, _ in lines[:SHOWN]) + (", ..." if len(lines) > SHOWN else "")
        self.notes.append(
            f"{self.problems.names}: {rows} left out that cannot be read"
            f" (line{'s' if bad > 1 else ''} {named}){': ' + parts if parts else ''}"
        )

    def _left_out(self, lost: str) -> list[_LeftOut]:
        """How much of each amount the rows hold that are left out; without those that lose nothing."""
        amounts = [i for i, one in enumerate(self.columns) if one.kind in ("amount", "count") and not one.unused]
        sums = totals.sums(self.engine, [identifier(self.columns[i].name) for i in amounts], f"from {self.into}")
        kept = dict(zip(amounts, sums, strict=True))
        found: dict[int, _LeftOut] = {}
        for same in alike.grouped(amounts, self._value):
            rows = alike.as_rows(same, f"{lost} as lost", "raw")
            for i, out, unknown in self.engine.run(
                f"select col, coalesce(sum(v) filter (lost), 0) as out, count(*) filter (lost and v is null) as unknown"
                f" from (select col, lost, {self._value(same[0], 't')} as v from ({rows})) group by col"
                " having out <> 0 or unknown <> 0"
            ):
                share = Decimal(out) / Decimal(out + kept[i]) if out + kept[i] else Decimal(0)
                rest = f" and {unknown} amount{'s' if unknown > 1 else ''} unknown" if unknown else ""
                found[i] = _LeftOut(share, f"{percent(share)} of {shown_name(self.columns[i])}{rest}")
        return [found[i] for i in amounts if i in found]

    # What the options settled, or what the type of the file says

    def _say_settled(self) -> None:
        self._say_zeros()
        if self.reading.negative != "refuse":
            self._say_negative()
        for cell in self.cells:
            if cell.column.blank == "skip":
                self._say(
                    self._blank_rows(cell.column), "left out", "row", f" without an answer in {shown_name(cell.column)}"
                )
        if self.reading.blank == "skip":
            blank = " or ".join(self._blank_rows(one.column) for one in self.cells if one.column.blank != "skip")
            parts = _listed([part for part in self._left_out(f"code = '' and ({blank})") if part.share])
            self._say(blank or "false", f"left out{': ' + parts if parts else ''}", "row", " with a blank cell")

    def _say_zeros(self) -> None:
        """One line for all blank cells that count as 0."""
        zeros = [i for i, cell in enumerate(self.cells) if cell.blank_means(self.reading) == "zero"]
        if not zeros:
            return
        kept = "raw where code = '' and place not in (select place from problems)"
        cells = f"({alike.as_rows(zeros, 'place, line', kept)}) where {numbers.is_missing_sql('t')}"
        count, columns, line, col = self.engine.row(
            "select count(*), count(distinct col), arg_min(line, (place, col)), arg_min(col, (place, col))"
            f" from {cells}"
        )
        if count == 0:
            return
        what = f"{count} blank cell{'s' if count > 1 else ''}"
        name = shown_name(self.columns[col])
        if columns == 1:
            self.notes.append(f"{what} of {name} counted as 0")
        else:
            self.notes.append(f"{what} in {columns} columns counted as 0 (first: line {line}, {name})")

    def _say_negative(self) -> None:
        """One line for each column with negative cells, or for all where they are many."""
        if self.reading.negative == "keep":
            self.notes += kept_negatives(self.engine, self.columns, self.into)
            return
        signed = [i for i, one in enumerate(self.columns) if one.kind in ("amount", "count")]
        kept = "raw where code = '' and place not in (select place from problems)"
        counts: dict[int, int] = {}
        for same in alike.grouped(signed, lambda i, text: self.cells[i].value(text)):
            below = f"({alike.as_rows(same, 'place', kept)}) where ({self.cells[same[0]].value('t')}) < 0"
            counts |= dict(self.engine.run(f"select col, count(*) from {below} group by 1"))
        self.notes += negative_cells([(self.columns[i], counts[i]) for i in signed if i in counts], "taken as 0")

    def _say(self, where: str, done: str, what: str, more: str = "") -> None:
        own = f"select count(*) from raw where code = '' and place not in (select place from problems) and ({where})"
        self._tell(self.engine.row(own)[0], done, what, more)

    def _tell(self, count: int, done: str, what: str, more: str = "") -> None:
        if count:
            self.notes.append(f"{count} {what}{'s' if count > 1 else ''}{more} {done}")

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
        elif error := duplicates.refusal(self.problems, self.into, self.key, self.columns, self._fetch):
            raise error
