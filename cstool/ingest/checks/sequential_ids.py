"""Names that are a number behind one start, as acct_0001: told apart by a bit each, and no names of totals."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.backends.duck import identifier, quoted
from cstool.backends.engine import Engine
from cstool.ingest.checks import totals
from cstool.ingest.formats.formats import SAMPLE

_BITS = 64  # names that share a group; of numbers close to each other there are far fewer groups than names


def all_numbered(engine: Engine, table: str, column: str, *, once: bool) -> bool:
    """Whether every name of a column is a number behind one start, and with `once` no number stands twice.

    Then none is like that of a totals row, and with `once` no name stands twice either.
    """
    name = identifier(column)
    start = common_start([row[0] for row in engine.run(f"select {name} from {table} limit {SAMPLE}")])
    if start is None or totals.sounds_like_one(start):
        return False
    # A cast takes 1e3 and ' 1' for numbers too: to read two names as one only sends them to a closer look.
    number = f"case when prefix({name}, {quoted(start)}) then try_cast(substr({name}, {len(start) + 1}) as ubigint) end"
    if not once:
        return bool(engine.row(f"select count(*) = count({number}) from {table}")[0])
    groups = (
        f"select bit_count(bit_or(cast(1 as ubigint) << (number % {_BITS}))) as bits, count(*) as names"
        f" from (select {number} as number from {table}) group by number // {_BITS}"
    )
    return bool(engine.row(f"select coalesce(bool_and(bits is not null and bits = names), false) from ({groups})")[0])


def common_start(names: Sequence[str | None]) -> str | None:
    """What stands before the digits of each name, where it is the same in all; else None."""
    first = next(iter(names), None)
    if first is None:
        return None
    start = first.rstrip("0123456789")
    ends = [name.removeprefix(start) for name in names if name and name.startswith(start)]
    return start if len(ends) == len(names) and all(end.isascii() and end.isdigit() for end in ends) else None
