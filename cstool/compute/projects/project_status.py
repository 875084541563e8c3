"""What each file of a project is, how far it goes, whose accounts it has, and what is wrong with it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cstool import scratch as scratch_folders
from cstool.backends.duck import DuckDB, EngineError
from cstool.compute.joins.account_lists import ACCOUNTS, AccountList, read_account_list
from cstool.compute.projects.givers import Resolve, feed_of
from cstool.compute.projects.project_files import file_set, options_of
from cstool.compute.read_options import ReadOptions
from cstool.compute.recognize import headings
from cstool.compute.recognize.inspection import understood
from cstool.compute.recognize.shapes import findable
from cstool.errors import CstoolError, and_more
from cstool.glossary.project import Project
from cstool.ingest.read import files
from cstool.ingest.source.table import Table, open_table, same_header
from cstool.model import windows
from cstool.model.entries import Glossary
from cstool.model.reading import Column

_LATER = ("end_date", "service_end", "renewal_date", "due_date", "due", "trial_end")  # days that lie ahead


class FileStatus(NamedTuple):
    """One file of a project.

    `shape` is its input type and `account` the header of the account, None where there is none. `rows` are counted,
    `matched` are the different accounts that the accounts file has, of `accounts` in the file; `until` is the newest
    day, month or period in it.
    """

    name: str
    path: str
    shape: str | None = None
    account: str | None = None
    rows: int | None = None
    matched: int | None = None
    until: str | None = None
    problems: tuple[str, ...] = ()
    accounts: int | None = None


def project_status(glossary: Glossary, resolve: Resolve, project: Project) -> list[FileStatus]:
    """Each file of the project, in its order. What cannot be read is a problem of its file and raises nothing."""
    engine = DuckDB()
    try:
        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
            looking = _Looking(glossary, resolve, project, engine, Path(scratch))
            return [looking.status(name) for name in project.files]
    finally:
        engine.close()


class _Looking:
    """The project with its accounts file, which every other file is compared with."""

    def __init__(self, glossary: Glossary, resolve: Resolve, project: Project, engine: DuckDB, scratch: Path) -> None:
        self._glossary = glossary
        self._resolve = resolve
        self._project = project
        self._engine = engine
        self._scratch = scratch
        self._accounts = self._account_list()

    def _account_list(self) -> AccountList | None:
        own = self._project.accounts
        if own is None:
            return None
        try:
            table = self._tables(own.file)[0]
            aliases = None
            if own.aliases and (path := self._project.path(own.aliases)).exists():  # else it is named as missing
                aliases = open_table(str(path), {"alias", "account"}, self._scratch, ReadOptions().reading())
            return read_account_list(self._glossary, table, own.key, own.name, aliases)
        except CstoolError as error:
            return AccountList(problems=[error.message])

    def _tables(self, name: str) -> Sequence[Table]:
        options = options_of(self._project, name)
        paths = self._project.paths[name] or (self._project.path(self._project.files[name].path),)
        known = findable(self._glossary, options.map.values())
        tables = [open_table(str(one), known, self._scratch, options.reading()) for one in paths]
        same_header(tables)
        return tables

    def status(self, name: str) -> FileStatus:
        one = self._project.files[name]
        found = FileStatus(name, one.path)
        try:
            for feed in one.feeds:
                feed_of(self._glossary, self._resolve, feed, file_set(self._project, name, ReadOptions()))
            return self._looked_at(found, self._tables(name))
        except CstoolError as error:
            problems = (*self._own_problems(name), *error.lines()[: 1 + len(error.problems)])
            return found._replace(problems=tuple(dict.fromkeys(problems)))
        except EngineError:
            return found._replace(problems=(f"{one.path}: its rows cannot be read",))

    def _own_problems(self, name: str) -> list[str]:
        """What is wrong with the accounts, where the file is theirs."""
        own = self._project.accounts
        return and_more(self._accounts.problems) if own and own.file == name and self._accounts else []

    def _looked_at(self, found: FileStatus, tables: Sequence[Table]) -> FileStatus:
        options = options_of(self._project, found.name)
        own = self._project.accounts
        is_list = bool(own) and own is not None and own.file == found.name
        seen = understood(self._glossary, tables[0], options.map, options.shape, options.preset)
        shape = ACCOUNTS if is_list else seen.shape
        account = seen.roles.get("account")
        if is_list and self._accounts and self._accounts.header:
            account = self._accounts.header
        problems = self._own_problems(found.name)
        if shape is None:
            problems.append(f"{found.path}: no input type was recognized; `cstool columns @{found.name}` shows why")
        rows, named, until = self._read(tables, account, seen.roles, list(seen.months), options)
        matched = None
        if account and self._accounts:
            lost = sorted(one for one in named if not self._accounts.has(one))
            matched = len(named) - len(lost)
            if lost and not is_list:
                shown = ", ".join(and_more(lost, 3))
                problems.append(
                    f"{found.path}: {len(lost)} of {len(named)} accounts {'is' if len(lost) == 1 else 'are'} not in"
                    f" @{own.file if own else ''}: {shown}"
                )
        return found._replace(
            shape=shape,
            account=account,
            rows=rows,
            matched=matched,
            until=until,
            problems=tuple(problems),
            accounts=len(named) if account else None,
        )

    def _read(
        self,
        tables: Sequence[Table],
        account: str | None,
        roles: object,
        months: list[str],
        options: ReadOptions,
    ) -> tuple[int, list[str], str | None]:
        """The number of rows, the different accounts, and the newest date."""
        assert isinstance(roles, dict)
        columns = [Column("account", account, "text", optional=True)] if account else []
        dates = {
            role: self._glossary.roles[role].kind
            for role in roles
            if self._glossary.roles[role].kind in ("date", "time", "month", "period") and role not in _LATER
        }
        columns += [
            Column(f"d{i}", roles[role], kind, optional=True, open=kind in ("date", "time"), unused=True)
            for i, (role, kind) in enumerate(dates.items())
        ]
        if not columns:
            columns = [Column("first", next(filter(None, tables[0].columns)), "text", optional=True)]
        files.read(self._engine, tables, columns, (), options.reading())
        rows = int(self._engine.row("select count(*) from cells")[0])
        named = []
        if account:
            listed = self._engine.run("select distinct trim(account) from cells where trim(account) <> '' order by 1")
            named = [row[0] for row in listed]
        newest = [self._newest(f"d{i}", kind) for i, kind in enumerate(dates.values())]
        newest += [windows.month_name(max(headings.months(months).values()))] if months else []
        return rows, named, max((one for one in newest if one), default=None)

    def _newest(self, column: str, kind: str) -> str | None:
        value = self._engine.row(f"select max({column}) from cells")[0]
        if value is None:
            return None
        if kind == "month":
            return windows.month_name(int(value))
        return str(value)[:10]
