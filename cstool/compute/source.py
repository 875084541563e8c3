"""The files of a request: recognised, and read into typed cells that say what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from cstool.backends.duck import identifier
from cstool.backends.engine import Engine
from cstool.compute import filtering
from cstool.compute.cells import amounts, duplicate_rows, durations
from cstool.compute.cells.date_orders import in_order_of_others
from cstool.compute.compose import mentioned
from cstool.compute.joins.aliases import aliases_of
from cstool.compute.joins.joining import Joined, has_column, parted
from cstool.compute.joins.unmatched import Unmatched, say_named_twice
from cstool.compute.recognize.recognition import Wish, recognise
from cstool.compute.recognize.shapes import findable, named_column
from cstool.compute.shaped import SQL_TYPES, Shaped
from cstool.errors import InputError, UsageError
from cstool.ingest.checks import duplicates
from cstool.ingest.checks.same_cell import same_cell
from cstool.ingest.read import files
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table, column_list, one_column_each, same_header
from cstool.model.entries import Glossary, Relational
from cstool.model.reading import Answers, Column
from cstool.model.request import CalcRequest

SURVEY = "survey"  # the relation whose rows are answers

_STATUS_OF = {"start_date": "status", "date": "payment_status"}  # the day that a row may lack which does not count
_ROLES_NAMED = 4  # of those of which one is needed


class Source(Shaped):
    """The files of a request as cells of one shape; `ledgers` and `relations` bring them to what measures sum over."""

    def __init__(
        self,
        glossary: Glossary,
        engine: Engine,
        request: CalcRequest,
        relation: str,
        scratch: Path,
        metrics: Sequence[str] = (),
    ) -> None:
        super().__init__(glossary, engine, request)
        known = findable(glossary, (*request.mapping.values(), *request.by))
        self.tables = files.opened(engine, request.files, known, scratch, request.reading)
        same_header(self.tables)
        wish = Wish(request.mapping, request.shape, request.preset, metrics)
        self.recognised = recognise(glossary, self.tables[0], relation, wish)
        self.notes += self.recognised.notes
        self.roles = dict(self.recognised.roles)
        self._scratch = scratch
        self.groups = {f"g{i}": self.column_named(name, "--by") for i, name in enumerate(request.by)}
        self.refuse_options()

    @property
    def table(self) -> Table:
        return self.tables[0]

    @property
    def name(self) -> str:
        return ", ".join(table.name for table in self.tables)

    @cached_property
    def joined(self) -> Joined | None:
        """The file of --join, opened where one of its columns is asked for."""
        one = self.request.joined
        if not one:
            return None
        return Joined(self.glossary, one, self.table, self.roles.get("account"), self._scratch, self.engine)

    def column_named(self, name: str, asked_by: str) -> str:
        """The header of the column a user names, of the files or, where they have none, of the joined file.

        Raises InputError listing the columns there are.
        """
        one = self.request.joined
        if one and not has_column(self.table, name) and self.joined:
            return self.joined.shown(name, asked_by)
        if one and one.first and self.joined and has_column(self.joined.table, name):
            return self.joined.shown(name, asked_by)
        return named_column(self.table, name, asked_by)

    # Reading

    def read(
        self,
        table: Relational | None = None,
        more: Sequence[Column] = (),
        answers: Answers | None = None,
        uses: str | None = None,
    ) -> None:
        """The needed columns and `more` as typed cells, filtered; from here on the engine is sealed.

        `answers` is the scale of a survey, `uses` the SQL of all that is computed, where a column that it does not
        mention cannot matter. A table with a subject keeps all rows: those that --where chooses by the
        subject are `picked`.
        """
        if self.request.reading.duplicates == "sum" and not self.adds_up:
            raise UsageError(
                f"--duplicates sum: rows of {self.shape.shape} are not added up",
                hint="--duplicates drop leaves rows out that repeat another",
                code="option-not-applicable",
            )
        if self.shape.months == "columns" and self.request.reading.blank == "skip":
            raise UsageError(
                "--blank skip would leave out each account that joined or left within a table of months",
                hint="leave --blank out: a blank is no MRR that month",
                code="option-not-applicable",
            )
        columns, condition = self._columns(more, answers, uses)
        columns, further, by = parted(self, columns)
        one_column_each(self.tables, [column.header for column in columns])
        later = bool(condition) and not (table and table.subject)  # --where chooses among the rows of a key
        self._read(columns, () if later or self._counts_each_row() else self.shape.unique)
        joined = self.joined if by else None
        if joined:
            joined.read(further)
        named = list(dict.fromkeys([*(["account"] if "account" in self.roles else []), *([by] if by else [])]))
        aliases = aliases_of(self, self._scratch, named)
        self.engine.seal()
        self._say_shape()
        if aliases:
            columns += aliases.replace(self, named, joined)
        if joined and further:
            columns += joined.add(self, by, further)
            say_named_twice(self, joined, by)
        if table and table.subject:
            condition = filtering.pick(self, condition, columns, table)
        told_of = filtering.kept_by(self, condition, joined.asked, columns) if joined and further else ""
        if condition:
            if not filtering.names_days(self, condition):
                self.told = self.cells
            filtering.keep(self, condition, columns)
        if joined and further:
            conditional = bool(joined.asked.keys() & filtering.headers_in(self, condition))
            Unmatched(self, joined, by, told_of).say(conditional=conditional)
        if later and not self._counts_each_row():
            duplicate_rows.add_up_or_refuse(self, columns)
        self._settle_closed()
        amounts.refuse_several_currencies(self)
        amounts.cents_to_units(self)
        amounts.years_to_months(self)
        if aliases:
            aliases.add_up(self, columns)
        self._fill_absent()

    def _columns(self, more: Sequence[Column], answers: Answers | None, uses: str | None) -> tuple[list[Column], str]:
        """The columns that `read` needs, and --where."""
        columns = [self._column(role, header) for role, header in self.roles.items()]
        if answers:
            columns = [one._replace(answers=answers, blank="skip") if one.name == "score" else one for one in columns]
        columns += [
            Column(f"m{month}", header, "amount", blank="zero") for month, header in self.recognised.months.items()
        ]
        columns += [Column(group, header, "text", optional=True) for group, header in self.groups.items()]
        columns += more
        condition, used = filtering.condition_of(self, {column.name: column.header for column in columns})
        columns += used
        if uses is not None:
            spare = self._spare(uses) - self._named_in(condition)
            columns = [one._replace(unused=True) if one.name in spare else one for one in columns]
        if self.request.reading.blank in ("zero", "skip"):  # says what the amount of a row means that may lack it
            columns = [
                one._replace(optional=False) if one.name == "amount" and not one.unused else one for one in columns
            ]
        return columns, condition

    def _spare(self, uses: str) -> set[str]:
        """The optional roles that no result depends on, by the SQL that reads the rows."""
        uses += " " + " ".join(one.sql for one in mentioned(self.shape.derived, uses))
        needed = {self.shape.dated, "currency", "interval", *self.shape.required, *self.shape.unique}
        if self.request.as_of or self.request.every or re.search(r"\b(?:as_of|file_until|row_month)\b", uses):
            needed |= set(self.days)
        return {role for role in self.roles if role not in needed and not re.search(rf"\b(?:has_)?{role}\b", uses)}

    def _named_in(self, condition: str) -> set[str]:
        """The roles whose columns --where names."""
        headers = filtering.headers_in(self, condition)
        return {role for role, header in self.roles.items() if header in headers}

    def _read(self, columns: Sequence[Column], unique: Sequence[str]) -> None:
        reading, notes = in_order_of_others(self.glossary, self.table, columns, self.request.reading)
        self.notes += notes
        try:
            self.notes += files.read(self.engine, self.tables, columns, unique, reading)
        except duplicates.DuplicateRowsError as error:
            raise InputError(
                error.message, problems=error.problems, hint=duplicate_rows.options_for(self, error), code=error.code
            ) from error

    def _counts_each_row(self) -> bool:
        """Whether --duplicates sum needs no sums: subscriptions and invoices of an account count each on its own."""
        several = self.shape.months == "dates" and self.shape.unique and "account" not in self.shape.unique
        return self.request.reading.duplicates == "sum" and bool(several)

    @property
    def adds_up(self) -> bool:
        """Whether rows of one key can be added up: they have amounts or counts, and are no tickets or answers."""
        own = [self.kind(role) for role in (*self.shape.required, *self.shape.one_of)]
        any_of = [self.kind(role) for role in self.shape.any_of]
        return self.shape.months == "columns" or "amount" in (*own, *any_of) or "count" in own

    def _column(self, role: str, header: str) -> Column:
        kind = self.kind(role)
        if role in ("amount", "unit_price") and "line_type" in self.roles and self.request.reading.negative == "refuse":
            kind = "number"  # credit notes may be negative; `line_types` refuses what else is
        if self.sums_periods and role == "ending_mrr":  # only compared with what the movements make
            return Column(role, header, kind, optional=True, unused=True)
        optional = role in (*self.shape.optional, *self.shape.any_of) and role not in ("currency", "interval")
        optional = optional or self.open(role)
        if self.roles.get(_STATUS_OF.get(role, "")) and not self.request.reading.blank:
            optional = True  # of a row that never ran, as its status says; others are refused once that was looked at
        if self.sums_periods and kind in ("amount", "number", "count"):
            optional = False  # a blank would pass for no movement
        clock = durations.clock_of(self, role, header) if kind == "duration" else ""
        return Column(role, header, kind, optional, self.open(role), clock=clock)

    def place(self, rows: Sequence[Mapping[str, object]], role: str) -> str:
        """Where the first of some rows, given by role, stands in the files; with a role also what it is there.

        Nothing where the cells cannot be recognised as they are written.
        """
        for table in self.tables:
            places = {name: i for name, header in self.roles.items() if (i := table.column(header)) is not None}
            for record in table.records():
                texts = {name: record.fields[i].strip() for name, i in places.items() if i < len(record.fields)}
                if any(all(same_cell(text, row[name]) for name, text in texts.items()) for row in rows):
                    shown = f": {self.roles[role]} is '{texts[role]}'" if role in texts else ""
                    return f"{table.name}:{record.line} (row {record.number}){shown}"
        return ""

    def lacks(self, metric: str, roles: Sequence[str]) -> InputError:
        """What to say where no column plays any of the roles a metric needs."""
        return InputError(
            f"{self.name}: {metric} needs a column for {' or '.join(roles[:_ROLES_NAMED])};"
            f" columns: {column_list(self.table.columns)}",
            hint=durations.unit_hint(self, roles) or f"name the column: --map {roles[0]}=COLUMN",
            code="missing-column",
        )

    def count(self) -> int:
        """How many rows the cells have now."""
        return int(self.engine.row(f"select count(*) from {self.cells}")[0])

    def replace(self, sql: str, name: str) -> None:
        """Makes the result of a query the cells."""
        self.engine.run(f"create or replace temp table {name} as {sql}")
        self.cells = name

    def say_choice(self) -> None:
        """Says that the last of several periods is taken."""
        self.notes.append(
            f"{self.name}: {self.periods[-1]} is the last of {len(self.periods)} periods; --as-of names another"
        )

    def leave_out_after(self, role: str) -> None:
        """Leaves out the rows dated after the day of --as-of, in one line."""
        day = self.request.day
        later = f"cast({identifier(role)} as date) > date '{day}'"
        count = self.engine.row(f"select count(*) from {self.cells} where {later}")[0]
        if count:
            self.replace(f"select * from {self.cells} where not coalesce({later}, false)", "until_day")
            self.notes.append(f"{self.name}: {count} row{'s' if count > 1 else ''} after {day} left out")

    def _say_shape(self) -> None:
        guessed = [
            f"{role} = {header}" for role, header in self.roles.items() if header_key(role) != header_key(header)
        ]
        if guessed and not self.recognised.preset:
            self.notes.insert(0, f"{self.name}: read as {self.shape.shape} with {', '.join(guessed)}")

    def _settle_closed(self) -> None:
        """A deal was closed when it was won, or when it was lost."""
        if {"closed_at", "deal_lost_at"} <= self.roles.keys():
            closed = "coalesce(closed_at, deal_lost_at) as closed_at"
            self.replace(f"select * replace ({closed}) from {self.cells}", "closed")

    def _fill_absent(self) -> None:
        """Optional roles that no column plays, as columns of nothing."""
        absent = [name for name in self.shape.could_have if name not in self.roles]
        if not absent:
            return
        nothing = ", ".join(
            f"cast(null as {SQL_TYPES.get(self.kind(name), 'varchar')}) as {identifier(name)}" for name in absent
        )
        self.engine.run(f"create or replace temp view filled as select *, {nothing} from {self.cells}")
        self.cells = "filled"
