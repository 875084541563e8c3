"""--aliases: several names of one account, replaced before anything is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cstool.backends.duck import identifier, listed, quoted
from cstool.errors import InputError, UsageError, and_more
from cstool.ingest.checks import duplicates
from cstool.ingest.formats.kinds import DATES, NUMBERS
from cstool.ingest.source.header import WHITE, excerpt
from cstool.ingest.source.table import column_list, open_table
from cstool.model.reading import Column, Reading, shown_name

if TYPE_CHECKING:
    from cstool.compute.joins.joining import Joined
    from cstool.compute.source import Source

OWN = "own_account"  # the account as its row names it
_ALIAS, _ACCOUNT = "alias", "account"
_AT_ONCE = 500  # rows of one insert
T = TypeVar("T")


class _Said(NamedTuple):
    """What a row of the file says: the account that an alias stands for, and its line."""

    account: str
    line: int


class Aliases:
    """The accounts that other names stand for, by those names; chains are followed."""

    def __init__(self, file: str, scratch: Path) -> None:
        """Raises InputError naming the lines of aliases that cannot be meant."""
        self.table = open_table(file, {_ALIAS, _ACCOUNT}, scratch, Reading())
        said, problems = self._said()
        self.accounts: dict[str, _Said] = {}
        chained = []
        for alias, (account, line) in said.items():
            path = [alias, account]
            while path[-1] in said and path[-1] not in path[:-1]:
                path.append(said[path[-1]].account)
            if path[-1] in path[:-1]:
                if alias == min(path[path.index(path[-1]) :]):
                    problems.append(f"line {line}: {' -> '.join(map(excerpt, path))} goes round in a circle")
                continue
            if len(path) > 2:
                chained.append(" -> ".join(map(excerpt, path)))
            self.accounts[alias] = _Said(path[-1], line)
        if problems:
            raise InputError(
                f"{self.table.name}: {'; '.join(and_more(problems, 1))}",
                problems=and_more(problems[1:]),
                hint="each alias stands for one account",
                code="contradicting-cells",
            )
        self.notes = [f"{self.table.name}: aliases of aliases are followed: {'; '.join(and_more(chained, 2))}"]
        self.notes = self.notes if chained else []

    def _said(self) -> tuple[dict[str, _Said], list[str]]:
        """Each alias as it is written, and what is wrong with some."""
        indices = [self.table.column(name) for name in (_ALIAS, _ACCOUNT)]
        if None in indices:
            raise InputError(
                f"{self.table.name}: no columns alias and account; columns: {column_list(self.table.columns)}",
                hint="its first line is alias,account; `cstool match LEFT RIGHT` proposes such a file",
                code="missing-column",
            )
        said: dict[str, _Said] = {}
        problems = []
        for record in self.table.records():
            alias, account = (
                undefused(record.fields[i].strip(WHITE)) if i is not None and i < len(record.fields) else ""
                for i in indices
            )
            if not alias and not account:
                continue
            if not alias or not account:
                problems.append(f"line {record.line}: no {_ACCOUNT if alias else _ALIAS}")
            elif alias in said and said[alias].account != account:
                first = said[alias]
                problems.append(
                    f"{excerpt(alias)} is {excerpt(first.account)} on line {first.line} and {excerpt(account)} on line"
                    f" {record.line}"
                )
            elif alias == account:
                problems.append(f"line {record.line}: {excerpt(alias)} stands for itself")
            else:
                said.setdefault(alias, _Said(account, record.line))
        return said, problems

    # In the cells

    def replace(self, source: Source, names: Sequence[str], joined: Joined | None) -> list[Column]:
        """Replaces aliases in the columns of the cells that name accounts; gives back a column of what stood there."""
        meant = self._meant(source, names, joined)
        source.engine.run("create or replace temp table aliases (alias varchar, account varchar)")
        for rows in _chunks(list(meant.items())):
            listed = ", ".join(f"({quoted(alias)}, {quoted(account)})" for alias, account in rows)
            source.engine.run(f"insert into aliases values {listed}")
        own = names[0]
        used, rows = source.engine.row(
            f"select count(distinct {own}), count(*) from {source.cells} where {own} in (select alias from aliases)"
        )
        joins = " ".join(f"left join aliases as a{i} on a{i}.alias = c.{name}" for i, name in enumerate(names))
        replaced = ", ".join(f"coalesce(a{i}.account, c.{name}) as {name}" for i, name in enumerate(names))
        source.replace(
            f"select c.* replace ({replaced}), c.{own} as {OWN} from {source.cells} as c {joins}", "renamed_cells"
        )
        source.notes += self.notes
        of_project = source.request.joined and not source.request.joined.asked  # they are for all its files
        if not used and not of_project:
            source.notes.append(f"{self.table.name}: none of its aliases stands in {source.name}")
        if used:
            source.notes.append(
                f"{self.table.name}: {used} alias{'es' if used > 1 else ''} replaced in {rows}"
                f" row{'s' if rows > 1 else ''} of {source.name}"
            )
        return [Column(OWN, source.roles.get("account", ""), "text", optional=True)]

    def _meant(self, source: Source, names: Sequence[str], joined: Joined | None) -> Mapping[str, str]:
        """By alias, the account as the file names it, else by its key in the joined file."""
        targets = list(dict.fromkeys(said.account for said in self.accounts.values()))
        known = set(self._known(source, names, targets))
        meant = joined.accounts_named(source, names, [one for one in targets if one not in known]) if joined else {}
        used = set(self._known(source, names, list(self.accounts)))
        lost = [
            f"{excerpt(said.account)} (line {said.line})"
            for alias, said in self.accounts.items()
            if alias in used and said.account not in known and said.account not in meant
        ]
        if lost:
            files = f"{source.name} or {joined.table.name}" if joined else source.name
            self.notes.append(f"{self.table.name}: no row of {files} has the account {', '.join(and_more(lost, 3))}")
        return {alias: meant.get(said.account, said.account) for alias, said in self.accounts.items()}

    def _known(self, source: Source, names: Sequence[str], texts: Sequence[str]) -> Iterator[str]:
        """The texts that the file names an account by."""
        listed(source.engine, "asked_accounts", texts)
        for name in names:
            sql = f"select text from asked_accounts where text in (select {name} from {source.cells})"
            yield from (text for (text,) in source.engine.run(sql))

    def add_up(self, source: Source, columns: Sequence[Column]) -> None:
        """Adds the rows up that aliases have made rows of one account, where the input type has one row for each.

        Raises InputError where such rows cannot be added up.
        """
        shape = source.shape
        key = [identifier(one.name) for one in duplicates.keys(columns, shape.unique, Reading())]
        if "account" not in source.roles:
            return
        merged = f"select account from {source.cells} group by account having count(distinct {OWN}) > 1"
        here = f"{source.cells} where account in ({merged})"
        self._refuse_currencies(source, here)
        if "account" not in shape.unique or shape.shape == "mrr-changes":
            return
        twice = source.engine.run(
            f"select min({OWN}), max({OWN}) from {here} group by {', '.join(key)} having count(*) > 1"
            " order by 1 limit 1"
        )
        if not twice:
            return
        if not source.adds_up:
            raise self._refusal(source, twice[0], f"rows of {shape.shape} are not added up")
        self._add_up(source, columns, key, here, merged)

    def _refuse_currencies(self, source: Source, here: str) -> None:
        """Raises InputError where an account has amounts in two currencies, which --by shows apart."""
        if "currency" not in source.roles:
            return
        odd = source.engine.run(
            f"select min({OWN}), max({OWN}) from {here} group by account having count(distinct upper(currency)) > 1"
            " order by 1 limit 1"
        )
        if odd:
            raise self._refusal(source, odd[0], "amounts in two currencies cannot be added up")

    def _add_up(self, source: Source, columns: Sequence[Column], key: Sequence[str], here: str, merged: str) -> None:
        added = [one for one in columns if one.kind in NUMBERS and one.kind != "share"]
        others = [one for one in columns if one not in added and one.name != OWN and identifier(one.name) not in key]
        for one in others:
            name = identifier(one.name)
            odd = source.engine.run(
                f"select min({OWN}), max({OWN}) from {here} group by {', '.join(key)}"
                f" having count(distinct {name}) > 1 order by 1"
            )
            if odd and one.kind in (*DATES, "flag") and not one.unused:
                raise self._refusal(source, odd[0], f"{shown_name(one)} differs")
            if odd:
                source.notes.append(
                    f"{self.table.name}: {shown_name(one)} differs between {excerpt(odd[0][0])} and"
                    f" {excerpt(odd[0][1])}; that of the account itself is used"
                )
        first = f"({OWN} <> account, {OWN}, place)"
        values = [
            f"{f'cast(sum({name}) as bigint)' if kind == 'count' else f'sum({name})'} as {name}"
            for name, kind in ((identifier(one.name), one.kind) for one in added)
        ]
        values += [f"arg_min({name}, {first}) as {name}" for name in (identifier(one.name) for one in others)]
        values += [f"min({OWN}) as {OWN}", "min(place) as place"]
        before = source.count()
        names = [*(identifier(one.name) for one in [*added, *others]), OWN, "place", *key]
        if source.cells == "marked":
            names.append("picked")
            values.append(f"arg_min(picked, {first}) as picked")
        listed = ", ".join(dict.fromkeys(names))
        whole = f"select {listed} from (select {', '.join([*key, *values])} from {here} group by {', '.join(key)})"
        source.replace(
            f"select {listed} from {source.cells} where account not in ({merged}) union all {whole}", "added_up"
        )
        gone = before - source.count()
        if gone:
            what = " and ".join(name.strip('"') for name in key)
            source.notes.append(f"{self.table.name}: {gone} row{'s' if gone > 1 else ''} added to others of one {what}")

    def _refusal(self, source: Source, two: Sequence[str], why: str) -> InputError:
        return InputError(
            f"{source.name}: {' and '.join(map(excerpt, two))} are one account by {self.table.name}, and {why}",
            hint="choose one of them with --where, or remove the alias",
            code="contradicting-cells",
        )


def aliases_of(source: Source, scratch: Path, names: Sequence[str]) -> Aliases | None:
    """The aliases of a request, read. Raises UsageError where the files name no accounts, by `names` or otherwise."""
    request = source.request
    if not request.aliases:
        return None
    if names:
        return Aliases(request.aliases, scratch)
    if request.joined and not request.joined.asked:
        return None
    raise UsageError(
        f"--aliases: no column of {source.name} names accounts",
        hint="leave --aliases out, or name the column: --map account=COLUMN",
        code="option-not-applicable",
    )


def undefused(text: str) -> str:
    """A cell of a file that `match` wrote, without the mark by which a spreadsheet reads it as a text: `'=x`."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") and len(text) > 1 else text


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
