"""Which columns of any file name accounts: those that a join goes by, and those that `match` compares."""

from __future__ import annotations

from cstool.compute.recognize.header_matching import TIERS, Columns, words_of
from cstool.errors import InputError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table, column_list
from cstool.model.entries import Glossary

_IDS = frozenset(
    "id ids number no nr num key code uuid guid oid ref reference handle nummer numero sfid pk external".split()
)
# Names of accounts, those that are surely meant first.
_NAMES = (
    "account name, customer name, company name, client name, organization name, organisation name, account, customer,"
    " company, client, organization, organisation, name, logo, logo name, tenant name, kunde, kundenname, firma,"
    " cliente, klant, domain"
).split(",")


def account_column(glossary: Glossary, table: Table) -> str:
    """The column by which the rows of any file name accounts, in the surest spelling there is.

    Raises InputError where there is none, or where several could be meant.
    """
    columns = Columns(glossary.roles, table)
    for tier in TIERS:
        found = [one for one in columns.of("account", tier) if header_key(one) not in ("id", "name", "domain")]
        if len(found) > 1 and not columns.same(found, "id"):
            raise _unclear(table, found)
        if found:
            return found[0]
    raise InputError(
        f"{table.name}: no column names accounts; columns: {column_list(table.columns)}",
        hint="name it: --map account=COLUMN, or with --join FILE --on LEFT=RIGHT",
        code="missing-column",
    )


def key_and_name(glossary: Glossary, table: Table, left: str) -> tuple[str, str]:
    """The column of keys in a list of accounts, and that of names where it has one beside the keys.

    `left` is the header of what is to match, which decides among several. Raises InputError where it is open.
    """
    columns = Columns(glossary.roles, table)
    found = list(dict.fromkeys(one for tier in TIERS[:-1] for one in columns.of("account", tier)))
    ids = [one for one in found if _IDS & set(words_of(one))]
    names = [one for one in found if one not in ids]
    ids = [one for one in ids if header_key(one) != "id"] or ids
    key = _chosen(table, ids, left)
    name = _best_name(names)
    if not (key or name):
        raise InputError(
            f"{table.name}: no column names accounts; columns: {column_list(table.columns)}",
            hint="say which one matches: --on LEFT=RIGHT",
            code="missing-column",
        )
    return (key, name) if key else (name, "")


def _chosen(table: Table, found: list[str], left: str) -> str:
    same = [one for one in found if header_key(one) == header_key(left)]
    found = same if len(same) == 1 else found
    if len(found) > 1:
        raise _unclear(table, found)
    return found[0] if found else ""


def _best_name(found: list[str]) -> str:
    order = [header_key(one) for one in _NAMES]
    known = [one for one in found if header_key(one) in order]
    return min(known, key=lambda one: order.index(header_key(one)), default=found[0] if found else "")


def _unclear(table: Table, found: list[str]) -> InputError:
    return InputError(
        f"{table.name}: {' and '.join(found)} could all name accounts",
        hint="say which one matches: --on LEFT=RIGHT",
        code="ambiguous-column",
    )
