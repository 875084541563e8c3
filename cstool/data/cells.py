"""Text columns -> exact typed columns. A cell that cannot be read is an error naming file, line, column and value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from cstool.data import dates, numbers
from cstool.data.header import header_key
from cstool.data.options import Column, Reading
from cstool.data.table import Table, excerpt, ragged
from cstool.engines.duck import DuckDB, EngineError, identifier
from cstool.errors import InputError, and_more

SAMPLE = 100  # records looked at for a first guess
SHOWN = 5  # places named per kind of problem
_WHITE = numbers.SPACES + "\r\n\ufeff"
_WORDS = {"amount": "not an amount", "month": "not a month", "period": "not a month, quarter or year"}


def read(
    engine: DuckDB,
    tables: Sequence[Table],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str = "cells",
) -> list[str]:
    """Creates the table `into` with the given columns, typed, from all files; returns what to tell the user.

    id and text are trimmed text, amount is an exact decimal of zero or more, month counts months since year 0, period
    is `2026-10`, `2026-Q4` or `2026`. The columns of `unique` together name a row once. Raises InputError naming up
    to five places of each kind of problem.
    """
    return _Reader(engine, tables, columns, unique, reading, into).read()


class _Reader:
    def __init__(
        self,
        engine: DuckDB,
        tables: Sequence[Table],
        columns: Sequence[Column],
        unique: Sequence[str],
        reading: Reading,
        into: str,
    ) -> None:
        self.engine = engine
        self.tables = tables
        self.columns = columns
        self.unique = [name for name in unique if any(column.name == name for column in columns)]
        self.reading = reading
        self.into = into
        self.notes = [note for table in tables for note in table.notes]
        # Cheap first guesses; they stand only if every cell agrees.
        self.formats: dict[str, numbers.AmountFormat | dates.DateFormat | None] = {
            column.name: self._guess(column) for column in columns
        }

    def read(self) -> list[str]:
        self._create()
        if self._doubtful():
            for column in self.columns:
                self.formats[column.name] = self._decided(column)
            self._create()
            self._refuse_bad_cells()
        self._skip_blanks()
        self._settle_duplicates()
        return self.notes

    def _guess(self, column: Column) -> dates.DateFormat | None:
        if column.kind != "month":
            return None
        index = _index(self.tables[0], column)
        records = islice(self.tables[0].records(), SAMPLE)
        samples = {text for record in records if len(record.fields) > index and (text := record.fields[index].strip())}
        return dates.guess(samples, "month")

    def _create(self) -> None:
        selects = [self._select(table) for table in self.tables]
        self._scan(f"create or replace temp table {self.into} as {' union all '.join(selects)}")

    def _scan(self, sql: str) -> list[tuple[object, ...]]:
        """Runs SQL that reads the files; a file that is no table of its header's width is told by its lines."""
        try:
            return self.engine.run(sql)
        except EngineError as error:
            for table in self.tables:
                if table.misshapen():
                    raise ragged(table, str(error)) from error
            raise ragged(self.tables[0], str(error)) from error

    def _select(self, table: Table) -> str:
        values = [
            f"{self._typed(column, _text(table, column))} as {identifier(column.name)}" for column in self.columns
        ]
        amounts = [column for column in self.columns if column.kind == "amount"]
        unsure = [numbers.is_unsure_sql(_text(table, column)) for column in amounts if not self.formats[column.name]]
        values.append(f"coalesce({' or '.join(unsure) or 'false'}, false) as unsure")
        distinct = "distinct" if self.reading.duplicates == "drop" else ""
        source = f"(select {distinct} * from {table.scan()})" if distinct else table.scan()
        return f"select {', '.join(values)} from {source} where {_not_empty(table)}"

    def _typed(self, column: Column, text: str) -> str:
        form = self.formats[column.name]
        if column.kind == "amount":
            value = form.sql(text) if form else numbers.plain_sql(text)
            if self.reading.blank == "zero":
                return f"case when {numbers.is_blank_sql(text)} then cast(0 as {numbers.TYPE}) else {value} end"
            return value
        if column.kind == "month":
            assert isinstance(form, dates.DateFormat)
            date = form.sql(text)
            return f"year({date}) * 12 + month({date}) - 1"
        if column.kind == "period":
            return _period_sql(text)
        return f"nullif({text}, '')"

    def _doubtful(self) -> bool:
        """Whether any cell is NULL, negative or could mean two things under the first guesses."""
        return bool(self.engine.row(f"select count(*) from {self.into} where unsure or {self._bad_sql()}")[0])

    def _bad_sql(self) -> str:
        bad = [f"{identifier(c.name)} is null" for c in self.columns if c.kind != "text" and not c.optional]
        bad += [f"{identifier(column.name)} < 0" for column in self.columns if column.kind == "amount"]
        return " or ".join(bad) or "false"

    def _decided(self, column: Column) -> numbers.AmountFormat | dates.DateFormat | None:
        """The format that the whole column decides."""
        if column.kind not in ("amount", "month"):
            return None
        texts = " union all ".join(f"select {_text(table, column)} as v from {table.scan()}" for table in self.tables)
        where = f"{self._place(column)}: {column.header or column.name}"
        if column.kind == "amount":
            masks = self._scan(
                f"select distinct {numbers.mask_sql('v')} from ({texts}) where not {numbers.is_blank_sql('v')}"
            )
            return numbers.decide(where, sorted(str(row[0]) for row in masks), self.reading.decimal)
        rows = self._scan(
            "select regexp_replace(v, '[0-9]', '9', 'g'), max(try_cast(regexp_extract(v, '^([0-9]+)', 1) as int)), "
            "max(try_cast(regexp_extract(v, '^[0-9]+[^0-9]+([0-9]+)', 1) as int)) "
            f"from ({texts}) where v <> '' group by 1"
        )
        largest: dict[str, tuple[int, int]] = {}
        for text, first, second in rows:
            key = dates.mask(str(text))
            before = largest.get(key, (0, 0))
            largest[key] = max(before[0], _int(first)), max(before[1], _int(second))
        return dates.decide(where, largest, "month")

    def _place(self, column: Column) -> str:
        return ", ".join(table.name for table in self.tables) if column else ""

    def _refuse_bad_cells(self) -> None:
        problems: list[str] = []
        blanks = False
        for table in self.tables:
            for column in self.columns:
                if column.kind == "text":
                    continue
                told, blank = self._bad_cells(table, column)
                problems += told
                blanks = blanks or blank
        if problems:
            first, *rest = problems
            hint = "--blank zero or --blank skip says what a blank amount means" if blanks else ""
            raise InputError(first, problems=rest, hint=hint)

    def _bad_cells(self, table: Table, column: Column) -> tuple[list[str], bool]:
        """The bad cells of a column, told; and whether some of them are blanks that an option settles."""
        text = _text(table, column)
        value = self._typed(column, text)
        blank = numbers.is_blank_sql(text) if column.kind == "amount" else f"{text} = ''"
        skipped = f"not {blank} and" if self._may_skip(column) else ""
        negative = f" or ({value}) < 0" if column.kind == "amount" else ""
        rows = self._scan(
            f"select n, v, is_blank, count(*) over () from (select n, {text} as v, {blank} as is_blank, *"
            f" from (select row_number() over () as n, * from {table.scan()}) where {_not_empty(table)}"
            f" and {skipped} (({value}) is null{negative})) order by n limit {SHOWN}"
        )
        if not rows:
            return [], False
        lines = table.lines([_int(row[0]) for row in rows])
        told = [
            f"{table.name}:{lines.get(_int(n), '?')} (row {n}): {column.name} "
            + self._complaint(column, str(v), bool(is_blank))
            for n, v, is_blank, _ in rows
        ]
        more = _int(rows[0][3]) - len(rows)
        if more > 0:
            told.append(f"... and {more} more in {column.name}")
        return told, any(row[2] for row in rows) and column.kind == "amount"

    def _complaint(self, column: Column, value: str, blank: bool) -> str:
        if blank:
            return "is blank"
        if header_key(value) == header_key(column.header) and value:
            return f"is {excerpt(value)}: the header stands again in the middle; remove that line"
        if column.kind == "amount" and self.formats[column.name] and "-" in value + ("-" if "(" in value else ""):
            form = self.formats[column.name]
            if isinstance(form, numbers.AmountFormat) and form.fits(value):
                return f"is {excerpt(value)}; amounts cannot be negative"
        return f"is {excerpt(value)}, {_WORDS.get(column.kind, 'not readable')}"

    def _may_skip(self, column: Column) -> bool:
        return self.reading.blank == "skip" and column.kind == "amount"

    def _skip_blanks(self) -> None:
        """Rows with a blank amount are left out when that was asked for, and counted."""
        amounts = [identifier(column.name) for column in self.columns if column.kind == "amount"]
        if self.reading.blank != "skip" or not amounts:
            return
        blank = " or ".join(f"{name} is null" for name in amounts)
        left_out = self.engine.row(f"select count(*) from {self.into} where {blank}")[0]
        if left_out:
            self.engine.run(f"delete from {self.into} where {blank}")
            self.notes.append(f"{left_out} row{'s' if left_out > 1 else ''} with a blank amount left out")

    def _settle_duplicates(self) -> None:
        if not self.unique:
            return
        key = ", ".join(identifier(name) for name in self.unique)
        more = self.engine.row(f"select count(*) - count(distinct hash({key})) from {self.into}")[0]
        if not more:
            return
        if self.reading.duplicates == "sum":
            self._sum_duplicates(key)
            return
        twice = self.engine.run(
            f"select {key} from {self.into} group by all having count(*) > 1 order by all limit {SHOWN}"
        )
        if twice:
            raise self._duplicates(key, twice)

    def _sum_duplicates(self, key: str) -> None:
        others = [column for column in self.columns if column.name not in self.unique]
        values = [
            f"sum({identifier(column.name)})::{numbers.TYPE} as {identifier(column.name)}"
            if column.kind == "amount"
            else f"min({identifier(column.name)}) as {identifier(column.name)}"
            for column in others
        ]
        before = self.engine.row(f"select count(*) from {self.into}")[0]
        self.engine.run(
            f"create or replace temp table {self.into} as select {key}, {', '.join(values)}, false as unsure"
            f" from {self.into} group by {key}"
        )
        after = self.engine.row(f"select count(*) from {self.into}")[0]
        self.notes.append(f"{before} rows were summed to {after}, one per {' and '.join(self.unique)}")

    def _duplicates(self, key: str, twice: Sequence[tuple[object, ...]]) -> InputError:
        """The first duplicates, with their lines."""
        total = self.engine.row(f"select count(*) from (select 1 from {self.into} group by {key} having count(*) > 1)")[
            0
        ]
        problems = [self._duplicate(row) for row in twice]
        return InputError(
            f"{self.tables[0].name}: duplicate {' and '.join(self.unique)}: {total} stand{'s' if total == 1 else ''} in more than one row",
            problems=and_more([*problems, *[""] * (total - len(problems))], SHOWN),
            hint="--duplicates sum where each row is a subscription, --duplicates drop where whole rows repeat",
        )

    def _duplicate(self, values: tuple[object, ...]) -> str:
        wanted = dict(zip(self.unique, values, strict=True))
        columns = [column for column in self.columns if column.name in wanted]
        places = []
        for table in self.tables:
            selected = ", ".join(f"{self._typed(c, _text(table, c))} as {identifier(c.name)}" for c in columns)
            shown = ", ".join(f"{_text(table, c)} as {identifier('as written ' + c.name)}" for c in columns)
            same = " and ".join(
                f"{identifier(name)} is not distinct from {_literal(value)}" for name, value in wanted.items()
            )
            rows = self._scan(
                f"select n, {', '.join(identifier('as written ' + c.name) for c in columns)} from (select n, {selected}, {shown} from"
                f" (select row_number() over () as n, * from {table.scan()})) where {same} order by n limit 3"
            )
            lines = table.lines([_int(row[0]) for row in rows])
            places += [f"{table.name}:{lines.get(_int(row[0]), '?')}" for row in rows]
            names = [excerpt(str(value)) for value in rows[0][1:]] if rows else []
            written = ", ".join(names) or ", ".join(str(value) for value in wanted.values())
        return f"{written} at {', '.join(places)}"


def _index(table: Table, column: Column) -> int:
    index = table.column(column.header)
    assert index is not None, f"{column.header} was looked for before"
    return index


def _text(table: Table, column: Column) -> str:
    """A column's cells as trimmed text, '' where there is nothing."""
    return f"coalesce(trim(c{_index(table, column)}, '{_WHITE}'), '')"


def _not_empty(table: Table) -> str:
    """Whether a record holds anything at all: Excel ends its sheets in rows of delimiters."""
    cells = ", ".join(f"nullif(trim(c{i}, '{_WHITE}'), '')" for i in range(len(table.columns)))
    return f"coalesce({cells}) is not null"


def _period_sql(text: str) -> str:
    """`2026-10`, `2026-Q4` or `2026` from the ways people write them; NULL from anything else."""
    month = (
        f"coalesce(try_strptime({text}, ['%Y-%m', '%Y-%m-%d', '%Y/%m', '%b %Y', '%B %Y', '%b-%y', '%Y%m', '%Y/%m/%d',"
        " '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S']))"
    )
    return (
        f"case when regexp_full_match({text}, '[0-9]{{4}}') then {text} "
        f"when regexp_full_match({text}, '(?i)[0-9]{{4}}[- ]?Q[1-4]') then substr({text}, 1, 4) || '-Q' || right({text}, 1) "
        f"when regexp_full_match({text}, '(?i)Q[1-4][- /]?[0-9]{{4}}') then right({text}, 4) || '-Q' || substr({text}, 2, 1) "
        f"else strftime({month}, '%Y-%m') end"
    )


def _literal(value: object) -> str:
    return (
        "null" if value is None else str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"
    )


def _int(value: object) -> int:
    return int(str(value)) if value is not None else 0
