"""Lists of accounts, which other files are joined with: when a file is one, and which accounts it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cstool.compute.recognize.account_columns import key_and_name
from cstool.compute.recognize.header_matching import Columns
from cstool.compute.recognize.shapes import Fit
from cstool.ingest.source.header import WHITE
from cstool.ingest.source.table import Table, column_list
from cstool.model.entries import Glossary

ACCOUNTS = "accounts"  # the input type, and the relation that it becomes
_SIGNALS = "signals"  # whose columns can be anything


def listed_accounts(columns: Columns, fits: Sequence[Fit]) -> Fit | None:
    """The fit as a list of accounts, where that explains every column that any other fitting type explains, and more.

    Numbers beside an account may be signs of its health: with several that it does not explain, a file is none.
    """
    own = next((one for one in fits if one.shape.shape == ACCOUNTS and one.fits), None)
    if own is None:
        return None
    explained = set(own.roles.values())
    for one in fits:
        if one is own or not one.fits or one.shape.shape == _SIGNALS:
            continue
        others = {*one.roles.values(), *one.months.values()}
        if not others <= explained or len(others) >= len(explained):
            return None
    rest = [one for one in columns.table.columns if one and one not in explained]
    numbers = [one for one in rest if columns.cells(one) and columns.fits_kind(one, "number")]
    return own if len(explained) * 2 > len(columns.table.columns) or len(numbers) < 2 else None


@dataclass
class AccountList:
    """The accounts file of a project: its keys and names, and what other names stand for them.

    `keys` and `names` give the line of each; `aliases` a key or name by another name. `problems` is what is wrong.
    """

    keys: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    header: str = ""
    problems: list[str] = field(default_factory=list)

    def has(self, account: str) -> bool:
        """Whether an account of another file is listed, by its key, name or an alias of these."""
        found = self.aliases.get(account, account)
        return found in self.keys or found in self.names


def read_account_list(glossary: Glossary, table: Table, key: str, name: str, aliases: Table | None) -> AccountList:
    """The accounts in a table; `key` and `name` are the columns that the project names, '' where it names none.

    Raises InputError where it is open which columns they are.
    """
    found = AccountList()
    for header in (key, name):
        if header and table.column(header) is None:
            found.problems.append(f"{table.name}: there is no column '{header}'; columns: {column_list(table.columns)}")
    if not key:
        key, own = key_and_name(glossary, table, "")
        name = name or own
    key_at, name_at = table.column(key), table.column(name) if name else None
    if key_at is None:
        return found
    found.header = table.columns[key_at]
    for record in table.records():
        places = (key_at, -1 if name_at is None else name_at)
        cells = [record.fields[at].strip(WHITE) if 0 <= at < len(record.fields) else "" for at in places]
        for value, seen, what in ((cells[0], found.keys, "account"), (cells[1], found.names, "name")):
            if value in seen and what == "account":
                found.problems.append(f"{table.name}:{record.line}: {what} '{value}' stands in line {seen[value]} too")
            if value:
                seen.setdefault(value, record.line)
    both = [one for one in found.names if one in found.keys and found.keys[one] != found.names[one]]
    found.problems += [
        f"{table.name}:{found.names[one]}: '{one}' is the name of this account and the key of line {found.keys[one]}"
        for one in both
    ]
    if aliases:
        found.aliases = _aliases(aliases, found)
    return found


def _aliases(table: Table, accounts: AccountList) -> dict[str, str]:
    alias, account = table.column("alias"), table.column("account")
    if alias is None or account is None:
        accounts.problems.append(f"{table.name}: needs the columns alias and account")
        return {}
    known: dict[str, str] = {}
    for record in table.records():
        if max(alias, account) < len(record.fields):
            own, of = (record.fields[i].strip(WHITE) for i in (alias, account))
            known[own] = of
            if of not in accounts.keys and of not in accounts.names:
                accounts.problems.append(f"{table.name}:{record.line}: '{of}' is no key or name of the accounts file")
    return known
