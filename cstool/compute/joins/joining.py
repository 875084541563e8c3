"""--join: columns of another file by account, for --by and --where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cstool.backends.duck import DuckDB, identifier, listed
from cstool.backends.engine import Engine
from cstool.compute.recognize.account_columns import account_column, key_and_name
from cstool.compute.recognize.shapes import findable, named_column
from cstool.errors import InputError, UsageError
from cstool.ingest.formats.kinds import TEXTS
from cstool.ingest.read import cells
from cstool.ingest.source.header import WHITE, excerpt, header_key
from cstool.ingest.source.table import Table, column_list, open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Column
from cstool.model.request import JoinedFile

if TYPE_CHECKING:
    from cstool.compute.source import Source

PREFIX = "accounts."  # before the name of a joined column, where the file has one of that name
MATCHED = "joined_matched"  # whether a row's account stands in the joined file
_KEY, _NAME, _BY = "joined_key", "joined_name", "joined_by"
_TABLE, _TEXTS = "joined_file", "joined_texts"
_ROW = f"{_TABLE}.rowid"
_SHOWN = 3
_QUALIFIED = re.compile(
    r"""'(?:[^']|'')*'|(?<![\w."])(?:accounts|"accounts")\s*\.\s*(?:"((?:[^"]|"")+)"|([^\W\d]\w*))|"(?:[^"]|"")*\"""",
    re.IGNORECASE,
)


def quoted_names(condition: str) -> str:
    """A condition in which `accounts.segment` is the name of one column: `"accounts.segment"`."""
    return _QUALIFIED.sub(_as_one_name, condition)


def _as_one_name(found: re.Match[str]) -> str:
    name = found[1].replace('""', '"') if found[1] else found[2]
    return identifier(PREFIX + name) if name else found[0]


def has_column(table: Table, name: str) -> bool:
    """Whether a name is that of a column, or of several."""
    return table.column(name) is not None or header_key(name) in {header_key(one) for one in table.columns if one}


def parted(source: Source, columns: Sequence[Column]) -> tuple[list[Column], list[Column], str]:
    """The columns to read from the files, those of the joined file, and the name of the one that has the account.

    The last is '' where nothing is joined. Raises UsageError for a file to join that nothing uses.
    """
    joined = source.request.joined
    opened = "joined" in vars(source)
    resolves = bool(source.request.aliases) and "account" in source.roles  # what an alias stands for
    if not joined or not (joined.asked or opened or resolves):
        return list(columns), [], ""
    assert source.joined
    further = [one for one in columns if one.header in source.joined.asked]
    own = [one for one in columns if one not in further]
    if not further and not resolves:
        if not joined.asked:  # a project's accounts file, looked at for a column that the files have themselves
            return own, [], ""
        raise UsageError(
            f"--join: neither --by nor --where names a column that only {source.joined.table.name} has",
            hint=f"its columns: {column_list([one for one in source.joined.table.columns if one])}",
            code="option-not-applicable",
        )
    left = source.joined.left
    by = next((one.name for one in own if one.header == left and one.kind in TEXTS), "")
    return (own, further, by) if by else ([*own, Column(_BY, left, "text", optional=True)], further, _BY)


class Joined:
    """The joined file: the columns of both that name accounts, and those of its columns that are asked for."""

    def __init__(
        self, glossary: Glossary, joined: JoinedFile, own: Table, account: str | None, scratch: Path, engine: Engine
    ) -> None:
        """`account` is the header of the column that the file's rows name accounts by, None where none is known.

        Raises UsageError or InputError where it is open which columns name the accounts.
        """
        assert isinstance(engine, DuckDB)
        self.engine = engine
        self.file = joined
        self.own = own
        self.table = open_table(joined.file, findable(glossary, (joined.key, joined.name)), scratch, joined.reading)
        self.left = named_column(own, joined.left, "--on") if joined.left else account or account_column(glossary, own)
        key, name = joined.key, joined.name
        if not key:
            key, found = key_and_name(glossary, self.table, self.left)
            name = name or found
        self.key = named_column(self.table, key, "--on")
        self.name = named_column(self.table, name, "--join") if name else ""
        self.asked: dict[str, str] = {}  # by the name it is shown under, the header of each column asked for
        self.notes: list[str] = []  # to be told once the rows are joined

    @property
    def by(self) -> str:
        """The columns that match, for messages."""
        return " or ".join(one for one in (self.key, self.name) if one)

    # Names

    def shown(self, name: str, asked_by: str) -> str:
        """The name under which a column that is asked for is shown.

        Raises InputError where the joined file does not have it.
        """
        qualified = name.lower().startswith(PREFIX)
        bare = name[len(PREFIX) :] if qualified else name
        try:
            header = named_column(self.table, bare, asked_by)
        except InputError as error:
            if error.code == "ambiguous-column":
                raise InputError(error.message, hint=error.hint.replace("#", f"{PREFIX}#"), code=error.code) from error
            if qualified:
                raise
            own, others = (column_list([one for one in table.columns if one]) for table in (self.own, self.table))
            hint = f"columns: {own}; of {self.table.name}: {others}"
            what = f"{asked_by}: there is no column '{name}'"
            raise InputError(
                f"{self.own.name} and {self.table.name}: {what}", hint=hint, code="unknown-column"
            ) from error
        shown = f"{PREFIX}{header}" if has_column(self.own, header) else header
        self.asked[shown] = header
        return shown

    # Reading

    def read(self, columns: Sequence[Column]) -> None:
        """Reads the accounts and the columns asked for. Raises InputError where an account stands in two rows."""
        named = [Column(_KEY, self.key, "text", optional=True)]
        named += [Column(_NAME, self.name, "text", optional=True)] if self.name else []
        asked = [one._replace(header=self.asked[one.header]) for one in columns]
        notes = cells.read(self.engine, [self.table], [*named, *asked], [], self.file.reading, _TABLE)
        self.notes += [note if self.table.name in note else f"{self.table.name}: {note}" for note in notes]
        if not self.name:
            self.engine.run(f"alter table {_TABLE} add column {_NAME} varchar")
        self._refuse_twice()
        blank = self.engine.row(f"select count(*) from {_TABLE} where {_KEY} is null")[0]
        if blank:
            rows = "1 row has" if blank == 1 else f"{blank} rows have"
            told = f"{rows} no {self.key}"
            self.notes.append(f"{self.table.name}: {told}{'; only the name matches' if self.name else ', left out'}")

    def _refuse_twice(self) -> None:
        twice = self.engine.run(
            f"select {_KEY}, count(*) over () from {_TABLE} where {_KEY} is not null group by {_KEY}"
            f" having count(*) > 1 order by {_KEY} limit {_SHOWN}"
        )
        if not twice:
            return
        lines = self._lines(self.key, [key for key, _ in twice])
        total = twice[0][1]
        told = [f"{excerpt(key)} on lines {_listed(lines[key])}" for key, _ in twice]
        told += [f"... and {total - len(told)} more"] if total > len(told) else []
        raise InputError(
            f"{self.table.name}: {total} value{'s' if total > 1 else ''} of {self.key} in more than one row",
            problems=told,
            hint="each account may stand in one row only: remove the others, or name the column that names the"
            f" accounts: --on {_option(self.left)}=COLUMN",
            code="duplicate-rows",
        )

    def _lines(self, header: str, values: Sequence[str]) -> Mapping[str, Sequence[int]]:
        """The lines on which each of some values stands in a column."""
        found: dict[str, list[int]] = {value: [] for value in values}
        index = self.table.column(header)
        for record in self.table.records():
            value = record.fields[index].strip(WHITE) if index is not None and index < len(record.fields) else ""
            if value in found:
                found[value].append(record.line)
        return found

    # Matching

    def add(self, source: Source, by: str, columns: Sequence[Column]) -> list[Column]:
        """Adds the joined columns, and whether there is a row for it, to each of the cells; `by` has the account.

        Raises InputError for an account that could be two rows of the file, or where none matches.
        """
        self.engine.run(
            f"create or replace temp table {_TEXTS} as select text, min(one) as one, min(one) <> max(one) as several"
            f" from (select {_KEY} as text, {_ROW} as one from {_TABLE} union all select {_NAME}, {_ROW} from {_TABLE})"
            " where text is not null group by text"
        )
        self._refuse_clashes(source, by)
        asked = "".join(f", j.{identifier(one.name)}" for one in columns)
        source.replace(
            f"select c.*{asked}, j.one is not null as {MATCHED} from {source.cells} as c left join"
            f" (select * from {_TEXTS} join {_TABLE} on one = {_ROW}) as j on c.{by} = j.text",
            "joined_cells",
        )
        self._refuse_no_match(source, by)
        if not self.file.key:
            self.notes.append(f"{self.table.name}: joined where {self.left} is {self.by}")
        source.notes += self.notes
        return [*columns, Column(MATCHED, "", "flag", optional=True)]

    def _refuse_no_match(self, source: Source, by: str) -> None:
        """Raises InputError where no account of the file stands in the joined file."""
        if source.engine.run(f"select 1 from {source.cells} where {MATCHED} limit 1"):
            return
        count = source.engine.row(f"select count(distinct {by}) from {source.cells}")[0]
        if count:
            raise InputError(
                f"{source.name}: none of the {count} values of {self.left} stands in {self.table.name} as {self.by}",
                hint=f"--on LEFT=RIGHT names the columns that match; {self.match_command} proposes aliases for names"
                " that are written in another way",
                code="contradicting-cells",
            )

    def _refuse_clashes(self, source: Source, by: str) -> None:
        """Raises InputError for an account of the file that is the key or name of several rows."""
        odd = self.engine.run(
            f"select text, text in (select {_KEY} from {_TABLE}) from {_TEXTS} where several"
            f" and text in (select {by} from {source.cells}) order by text limit 1"
        )
        if odd:
            self.refuse_unclear(odd[0][0], names_only=not odd[0][1])

    def refuse_unclear(self, value: str, *, names_only: bool) -> None:
        names = self._lines(self.name, [value])[value]
        if names_only:
            text = f"{excerpt(value)} is the {self.name} of several accounts, on lines {_listed(names)}"
        else:
            keys = self._lines(self.key, [value])[value]
            others = [line for line in names if line not in keys]
            text = (
                f"{excerpt(value)} is the {self.key} of the account on line {_listed(keys)} and the {self.name} of"
                f" another, on line {_listed(others)}"
            )
        raise InputError(
            f"{self.table.name}: {text}",
            hint=f"say which column is meant: --on {_option(self.left)}={_option(self.key)}, or rename one of them",
            code="contradicting-cells",
        )

    @property
    def match_command(self) -> str:
        """The command that proposes aliases for what does not match."""
        return f"`cstool match {_option(self.own.name)} {_option(self.table.name)}`"

    @property
    def texts(self) -> str:
        """SQL of the keys and names there are, as `text`."""
        return f"select text from {_TEXTS}"

    def named_twice(self, texts: str) -> str:
        """SQL of the key and name of each account that is in `texts`, SQL of one column, by both."""
        return (
            f"select {_KEY}, {_NAME} from {_TABLE} where {_KEY} <> {_NAME} and {_KEY} in ({texts})"
            f" and {_NAME} in ({texts}) order by {_ROW}"
        )

    def accounts(self) -> list[tuple[str | None, str | None, int]]:
        """The key, name and row of each account."""
        rows = self.engine.run(f"select {_KEY}, {_NAME}, {_ROW} from {_TABLE} order by {_ROW}")
        return [(key, name, row) for key, name, row in rows]

    def accounts_named(self, source: Source, by: Sequence[str], names: Sequence[str]) -> dict[str, str]:
        """Of some names those that stand in the joined file: by each, what the file calls the account, else its key.

        Raises InputError for a name that could be two accounts.
        """
        listed(self.engine, "named_accounts", names)
        stands = " or ".join(f"{{0}} in (select {one} from {source.cells})" for one in by)
        one_column = (
            f"select text, {_KEY}, {_NAME}, {stands.format(_KEY)}, {stands.format(_NAME)}, text = {_KEY}, {_ROW} as one"
            f" from named_accounts join {_TABLE} on text = {column}"
            for column in (_KEY, _NAME)
        )
        rows = self.engine.run(f"{' union '.join(one_column)} order by one")
        found: dict[str, str] = {}
        by_key = {text for text, *_, is_key, _ in rows if is_key}
        for text, key, name, has_key, has_name, *_ in rows:
            called = key if has_key or (key and not has_name) else name
            if found.setdefault(text, called) != called:
                self.refuse_unclear(text, names_only=text not in by_key)
        return found


def _listed(lines: Sequence[int]) -> str:
    shown = ", ".join(map(str, lines[:_SHOWN]))
    return f"{shown}, ..." if len(lines) > _SHOWN else shown


def _option(text: str) -> str:
    """A header or file as it is typed on a command line."""
    import shlex

    return shlex.quote(text)
