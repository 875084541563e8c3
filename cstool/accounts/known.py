"""The list of accounts: who they are by key, name and alias, and the columns that it has of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cstool.backends.duck import DuckDB, identifier, quoted
from cstool.compute.joins.account_lists import ACCOUNTS
from cstool.compute.joins.aliases import Aliases
from cstool.compute.joins.joining import Joined
from cstool.compute.recognize.header_matching import Columns
from cstool.compute.recognize.shapes import findable, fit
from cstool.compute.shaped import SQL_TYPES
from cstool.errors import InputError
from cstool.ingest.source.header import excerpt, header_key
from cstool.ingest.source.table import open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Column
from cstool.model.request import JoinedFile

_PLAIN_NUMBER = "-?(0|[1-9][0-9]{0,17})([.][0-9]{1,18})?"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Known:
    """The accounts that are listed: for each its key and name (None for none), and the cells of its own columns.

    `types` are the SQL types of these by name; `roles` the role of some. `texts` are the keys, names and aliases with
    what each account is called here, its key or else its name; `unclear` are keys and names that could be two of them.
    """

    file: str = ""
    accounts: Sequence[tuple[str | None, str | None]] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    cells: Sequence[tuple[Any, ...]] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    unclear: frozenset[str] = frozenset()
    notes: Sequence[str] = ()

    @property
    def called(self) -> list[str]:
        """What each account is called here, in the order of the list."""
        return [key or name or "" for key, name in self.accounts]

    def meant(self, text: str) -> list[int]:
        """The accounts that a key, name or alias names, by their place in the list."""
        called = self.texts.get(text)
        if called is not None:
            return [i for i, one in enumerate(self.called) if one == called]
        return [i for i, names in enumerate(self.accounts) if text in names]

    def refuse_unclear(self, texts: Sequence[str], file: str) -> None:
        """Raises InputError where a file names an account by what could be two of the list."""
        odd = next((one for one in texts if one in self.unclear), None)
        if odd is not None:
            raise InputError(
                f"{file}: {excerpt(odd)} could be several accounts of {self.file}, by key or by name",
                hint="rename one of them, or read the file by another column: --map account=COLUMN",
                code="contradicting-cells",
            )


def read_known(
    glossary: Glossary, joined: JoinedFile | None, aliases: str | None, names: Mapping[str, str], scratch: Path
) -> Known:
    """The accounts of a list and their aliases; nothing where there is no list.

    `names` are exact names of columns by header key, which a column of the list takes. Raises InputError where an
    account stands twice in it, or where it is open which columns name them.
    """
    known = _listed(glossary, joined, names, scratch) if joined else Known()
    if not aliases:
        return known
    read = Aliases(aliases, scratch)
    others = {alias: known.texts.get(said.account, said.account) for alias, said in read.accounts.items()}
    free = {alias: account for alias, account in others.items() if alias not in known.texts}
    return replace(known, texts={**known.texts, **free}, notes=[*known.notes, *read.notes])


def _listed(glossary: Glossary, joined: JoinedFile, names: Mapping[str, str], scratch: Path) -> Known:
    engine = DuckDB()
    try:
        table = open_table(joined.file, findable(glossary, (joined.key, joined.name)), scratch, joined.reading)
        found = Joined(glossary, replace(joined, left=""), table, joined.key or "account", scratch, engine)
        shape = glossary.shapes.get(ACCOUNTS)
        roles = fit(glossary, Columns(glossary.roles, table), shape, {}).roles if shape else {}
        kinds = {header: role for role, header in roles.items()}
        own = [one for one in table.columns if one and one not in (found.key, found.name)]
        called = {header: names.get(header_key(header), header) for header in own}
        columns = [_column(i, header, glossary, kinds.get(header, "")) for i, header in enumerate(own)]
        found.asked = {header: header for header in own}
        found.read(columns)
        engine.seal()
        types = {called[one.header]: SQL_TYPES.get(one.kind) or _told_type(engine, one.name) for one in columns}
        listed = ", ".join(
            f"cast({identifier(one.name)} as {types[called[one.header]]}) as {identifier(one.name)}" for one in columns
        )
        rows = engine.run(
            f"select joined_key, joined_name{', ' if columns else ''}{listed} from joined_file"
            " where coalesce(joined_key, joined_name) is not null order by rowid"
        )
        texts, unclear = _texts(rows)
        return Known(
            table.name,
            [(key, name) for key, name, *_ in rows],
            types,
            {called[header]: role for header, role in kinds.items() if header in called},
            [tuple(cells) for _, _, *cells in rows],
            texts,
            unclear,
            [*table.notes, *found.notes],
        )
    finally:
        engine.close()


def _column(i: int, header: str, glossary: Glossary, role: str) -> Column:
    kind = glossary.roles[role].kind if role and role not in ("account", "account_name") else "text"
    dated = kind in ("date", "time")
    return Column(f"c{i}", header, kind, optional=True, open=dated, unused=kind != "text")


def _told_type(engine: DuckDB, column: str) -> str:
    """The SQL type of a column of texts that all are plain numbers or days; else that of texts."""
    name = identifier(column)
    count, *fits = engine.row(
        f"select count({name}), count(*) filter (where regexp_full_match({name}, {quoted(_PLAIN_NUMBER)})),"
        f" count(*) filter (where regexp_full_match({name}, {quoted(_DAY)}) and try_cast({name} as date) is not null)"
        " from joined_file"
    )
    if not count:
        return "varchar"
    return "decimal(38, 18)" if fits[0] == count else "date" if fits[1] == count else "varchar"


def _texts(rows: Sequence[Sequence[Any]]) -> tuple[dict[str, str], frozenset[str]]:
    """What each key and name stands for, and those that could stand for two accounts."""
    found: dict[str, str] = {}
    unclear = set()
    for key, name, *_ in rows:
        called = key or name
        for text in dict.fromkeys(one for one in (key, name) if one):
            if found.setdefault(text, called) != called:
                unclear.add(text)
    return {text: called for text, called in found.items() if text not in unclear}, frozenset(unclear)
