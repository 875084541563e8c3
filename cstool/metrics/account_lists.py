"""Lists of accounts, which other files are joined with: when a file is one, and which columns are its key and name."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.data.header import header_key
from cstool.data.table import Table
from cstool.metrics.filling import Columns
from cstool.metrics.shapes import Fit

ACCOUNTS = "accounts"  # the input type, and the relation that it becomes
_IDS = ("id", "key", "number", "no", "code", "uuid")  # how the header of a key ends
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


def key_and_name(table: Table, key: str = "", name: str = "") -> tuple[int | None, int | None]:
    """The indices of the columns of the key and the name of an account, as they are named or by their headers.

    None where there is no such column; a list with one of them only has no name.
    """
    found_key, found_name = (table.column(one) if one else None for one in (key, name))
    keys = [i for i, one in enumerate(table.columns) if _of_accounts(one) and _is_key(one)]
    names = [i for i, one in enumerate(table.columns) if _of_accounts(one) and not _is_key(one)]
    if found_key is None and not key:
        found_key = next((i for i in (*keys, *names) if i != found_name), found_name)
    if found_name is None and not name:
        found_name = next((i for i in names if i != found_key), None)
    return found_key, found_name


def _of_accounts(header: str) -> bool:
    text = header_key(header)
    bare = next((text.removesuffix(end) for end in (*_IDS, "name") if text != end and text.endswith(end)), text)
    things = ("account", "customer", "client", "company", "organization", "organisation", "org", "tenant", "workspace")
    return bare in things or text in ("id", "key", "name", "accountid18")


def _is_key(header: str) -> bool:
    return header_key(header).endswith(_IDS)
