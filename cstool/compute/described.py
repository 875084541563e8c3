"""A table of a warehouse, described rather than read: its name, the columns that play roles, and how each is typed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from cstool.backends.dialects import RESERVED, load
from cstool.backends.duck import DuckDB, identifier
from cstool.compute.formulas.catalog import available
from cstool.compute.formulas.resolve import Wanted
from cstool.compute.recognize.recognition import Recognised, Wish, recognise
from cstool.compute.recognize.shapes import findable, named_column, shapes_of
from cstool.compute.shaped import SQL_TYPES, Shaped
from cstool.errors import InputError, UsageError
from cstool.ingest.formats.never import unless_never_sql
from cstool.ingest.source.table import Table, open_table
from cstool.model.entries import Glossary
from cstool.model.inputs import Shape
from cstool.model.reading import Reading
from cstool.model.request import CalcRequest
from cstool.samples import sample_csv

# Months that head columns, weights from a file, and what a warehouse would have to check first.
UNSUPPORTED = {
    "wide": "its months are columns; bring it to one row per account and month",
    "invoices": "a query cannot check the days that each line pays for; use a file, or a table of MRR by month",
    "churn-flags": "its flags are no movements; count them with a query of your own",
    "mrr-deltas": "a query cannot check that no change is missing; use a file, or a table with the MRR after each",
    "signals": "its scores are made from a file of weights",
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARTS = re.compile(r'\s*("(?:[^"]|"")*"|`[^`]+`|[^."`]+)\s*(\.|$)')
TYPES = {
    **SQL_TYPES,
    "month": "a date, or text that begins like 2026-10",
    "period": "text like 2026-10, 2026-Q3 or 2026, or a date",
    "id": "text",
    "text": "text",
    "amount": "number, zero or more",
    "number": "number",
    "duration": "seconds",
    "count": "whole number",
    "share": "number, 0.25 for 25%",
}


class Described(Shaped):
    """What is known of a table without reading it.

    Its columns are named by the roles of its shape, by --map, or by the header of a file that is given as an example.
    """

    def __init__(
        self,
        glossary: Glossary,
        engine: DuckDB,
        request: CalcRequest,
        asked: Sequence[Wanted],
        table: str,
        dialect: str,
    ) -> None:
        super().__init__(glossary, engine, request)
        self.dialect = dialect
        self._dialect = load(dialect)
        self.target = ".".join(self._written(part) for part in table_parts(table, self._dialect.quotes_whole_tables))
        self.shown = table
        self.file: Table | None = None
        self.others = _shapes(glossary, asked)

    def choose(self, scratch: Path, terms: Sequence[Wanted]) -> None:
        """Settles the shape and the column of each role. Raises UsageError, InputError."""
        request = self.request
        if request.files:
            known = findable(self.glossary, (*request.mapping.values(), *request.by))
            self.file = open_table(request.files[0], known, scratch, request.reading)
            wish = Wish(request.mapping, request.shape, metrics=[one.name for one in terms])
            self.recognised = recognise(self.glossary, self.file, terms[0].of, wish)
            self.roles = {role: self._header(header) for role, header in self.recognised.roles.items()}
            self._refuse_scaled()
        else:
            shape = self._shape()
            self.recognised = Recognised(shape, {})
            self.roles = self._assumed(shape, scratch, terms)
        if self.shape.shape in UNSUPPORTED:
            raise UsageError(
                f"--sql: {self.shape.shape} cannot be used: {UNSUPPORTED[self.shape.shape]}",
                code="unsupported-in-dialect",
            )
        self.groups = {f"g{i}": name for i, name in enumerate(request.by)}
        self.refuse_options()

    def _refuse_scaled(self) -> None:
        """Raises UsageError where the example's amounts are in cents or of a year, which a query would not know."""
        preset = self.recognised.preset
        if preset and preset.cents == "yes":
            raise UsageError(
                f"--sql: amounts of {preset.preset} may be in cents, which a query cannot decide",
                hint="bring them to whole units in the table, and name its columns with --map",
                code="unsupported-in-dialect",
            )
        if "agreed_end" in self.roles:
            raise UsageError(
                f"--sql: {self.roles['end_date']} and {self.roles['agreed_end']} both hold ends",
                hint="name one of them: --map end_date=COLUMN",
                code="unsupported-in-dialect",
            )
        if {"closed_at", "deal_lost_at"} <= self.roles.keys():
            raise UsageError(
                f"--sql: {self.roles['closed_at']} and {self.roles['deal_lost_at']} both say when deals were closed",
                hint="name one column that has both: --map closed_at=COLUMN --map deal_lost_at=none",
                code="unsupported-in-dialect",
            )
        if written := [role for role in self.roles if self.kind(role) == "duration"]:
            raise UsageError(
                f"--sql: {self.roles[written[0]]} holds lengths of time as text",
                hint=f"name a column of numbers: --map {written[0].removesuffix('_time')}_minutes=COLUMN",
                code="unsupported-in-dialect",
            )
        if self.recognised.yearly:
            role = min(self.recognised.yearly)
            raise UsageError(
                f"--sql: {self.recognised.roles.get(role, role)} is a year's amount",
                hint=f"name one of MRR: --map {role}=COLUMN",
                code="unsupported-in-dialect",
            )

    @property
    def name(self) -> str:
        return self.shown

    def lacks(self, metric: str, roles: Sequence[str]) -> InputError:
        return InputError(
            f"{self.shown}: {metric} needs a column for {' or '.join(roles)}",
            hint=f"name the column: --map {roles[0]}=COLUMN",
            code="missing-column",
        )

    def _shape(self) -> Shape:
        """The shape that was asked for, or the first that has all roles of --map and can have what else is asked."""
        request = self.request
        unknown = [role for role in request.mapping if role not in self.glossary.roles]
        if unknown:
            raise UsageError(
                f"--map: '{unknown[0]}' is no role",
                hint=f"roles: {', '.join(self.glossary.roles)}",
                code="unknown-role",
            )
        if request.shape:
            found = [one for one in self.others if one.shape == request.shape]
            if not found:
                names = ", ".join(one.shape for one in self.others)
                raise UsageError(
                    f"--shape {request.shape} does not give this",
                    hint=f"shapes that do: {names or 'none'}",
                    code="not-given-by-file",
                )
            return found[0]
        usable = [one for one in self.others if one.shape not in UNSUPPORTED]
        fitting = [one for one in usable if set(request.mapping) <= {*one.required, *one.could_have}]
        if not fitting:
            if usable:
                roles = ", ".join([*usable[0].required, *usable[0].could_have])
                raise UsageError(
                    f"--map: {usable[0].shape} has no such role", hint=f"its roles: {roles}", code="unknown-role"
                )
            raise UsageError("--sql: no table of rows gives this", code="not-given-by-file")
        moving = [one for one in fitting if one.months or one.dated]
        if (request.every or request.as_of or request.window) and moving and "period" not in request.mapping:
            return moving[0]
        return fitting[0]

    def _assumed(self, shape: Shape, scratch: Path, terms: Sequence[Wanted]) -> dict[str, str]:
        """The roles that a table of the shape is taken to have: those of its sample, and those of --map instead."""
        mapping = self.request.mapping
        sample = scratch / "sample.csv"
        sample.write_text("".join(sample_csv(shape.shape, 3)), encoding="utf-8")
        table = open_table(str(sample), findable(self.glossary), scratch, Reading())
        has = set(recognise(self.glossary, table, terms[0].of, Wish({}, shape.shape)).roles)
        if shape.one_of:
            chosen = [role for role in shape.one_of if role in mapping] or shape.one_of[:1]
            has = has - set(shape.one_of) | set(chosen)
        for need in (need for one in terms for need in needs(one)):
            if not set(need.split("|")) & (has | set(mapping)):
                has.add(need.split("|")[0])
        moment = shape.dated or ("period" if "period" in shape.could_have else "")
        if moment and (self.request.every or self.request.as_of):
            has.add(moment)
        absent = {role for role, column in mapping.items() if column.lower() == "null"}
        if lost := absent & set(shape.required):
            raise UsageError(f"--map: a {shape.shape} needs a column for {sorted(lost)[0]}", code="missing-column")
        has -= absent
        roles = [one for one in (*shape.required, *shape.could_have) if one in has or one in mapping.keys() - absent]
        return {role: self._written(mapping.get(role, role)) for role in roles}

    # Names

    def _header(self, header: str) -> str:
        """A column as a file's header has it: letters of both cases mean that it was quoted."""
        plain = _PLAIN.fullmatch(header) and header in (header.lower(), header.upper())
        return self._written(header) if plain else identifier(_clean(header))

    def _written(self, text: str) -> str:
        """A column or a part of a table's name as SQL: quoted as it was, or where it has to be."""
        bare = _clean(text.strip())
        if len(bare) > 2 and bare[0] == bare[-1] and bare[0] in '"`':
            return identifier(bare[1:-1].replace(bare[0] * 2, bare[0]))
        if not bare:
            raise UsageError("--map and --table need names", code="bad-value")
        if not _PLAIN.fullmatch(bare):
            return identifier(bare)
        if bare.lower() in RESERVED:
            return identifier(bare.upper() if self._dialect.upper_names else bare)
        return bare

    def group(self, name: str) -> str:
        """A column that --by or --where names, as SQL: where a file is the example, as its header has it."""
        return (
            self._header(named_column(self.file, _bare(name), "--by or --where")) if self.file else self._written(name)
        )

    def compared(self, name: str) -> str:
        """A column as --where sees it: that of a month or a period is text like `2026-10`, whatever its type."""
        column = self.group(name)
        kinds = {self.kind(role) for role, own in self.roles.items() if _bare(own).lower() == _bare(column).lower()}
        return f"left(cast({column} as varchar), 7)" if kinds & {"month", "period"} else column

    def cell(self, role: str) -> str:
        """A role's value, typed, from its column."""
        column, kind = self.roles[role], self.kind(role)
        if kind == "month":
            text = f"cast({column} as varchar)"
            return f"cast(left({text}, 4) as integer) * 12 + cast(substr({text}, 6, 2) as integer) - 1"
        if kind == "period":
            text = f"cast({column} as varchar)"
            return f"case when {text} like 'FY%' then {text} else left({text}, 7) end"
        if kind in ("date", "time") and self._dialect.rounds_times:
            column = f"cast({column} as varchar)"
        value = f"cast({column} as {SQL_TYPES.get(kind, 'varchar')})"
        return unless_never_sql(value) if self.open(role) else value

    def expected(self, roles: Iterable[str]) -> list[str]:
        """What each column has to hold, a line each."""
        abouts = {role: " ".join(self.glossary.roles[role].about.split()) for role in roles}
        rows = [(self.roles[role], TYPES[self.kind(role)], about) for role, about in abouts.items()]
        width = max((len(name) for name, _, _ in rows), default=0)
        return [f"{name:{width}}  {kind}: {about}" for name, kind, about in rows]


def table_parts(text: str, quoted_whole: bool) -> list[str]:
    """The parts of `db.schema.t`, each as it was written. Raises UsageError where they are no names."""
    bare = text.strip()
    if quoted_whole and bare.startswith("`") and bare.endswith("`") and bare.count("`") == 2:
        bare = bare[1:-1]
    parts, at = [], 0
    while at < len(bare) and (found := _PARTS.match(bare, at)):
        parts.append(found[1])
        at = found.end()
        if not found[2]:
            break
    if not parts or at < len(bare) or bare.endswith(".") or len(parts) > 3:
        raise UsageError(
            f"--table '{text}' is no table's name", hint="write it as in SQL: --table db.schema.t", code="bad-value"
        )
    return parts


def mentioned(names: Collection[str], sql: str) -> list[str]:
    """The names that some SQL mentions, in their order."""
    words = set(re.findall(r"\w+", sql))
    return [name for name in names if name in words]


def _bare(name: str) -> str:
    """A name without its quotes."""
    if len(name) > 2 and name[0] == name[-1] and name[0] in '"`':
        return name[1:-1].replace(name[0] * 2, name[0])
    return name


def _clean(name: str) -> str:
    if not name.isprintable():
        raise UsageError("a name holds a line break or another character that cannot be seen", code="bad-value")
    return name


def needs(one: Wanted) -> Sequence[str]:
    """The roles that a metric cannot do without; of `a|b` one is enough."""
    told = [formula.metric.needs for formula in one.formulas if formula.metric]
    return [need for some in (*told, one.table.needs if one.table else ()) for need in some]


def _shapes(glossary: Glossary, asked: Sequence[Wanted]) -> list[Shape]:
    """The shapes that give everything asked for."""
    serving = [{shape.shape for shape in available(glossary, one.term).shapes} for one in asked]
    return [shape for shape in shapes_of(glossary, asked[0].of) if all(shape.shape in names for names in serving)]
