"""What a join leaves open: accounts without a row in the joined file, and those that a file names in two ways."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cstool.backends.duck import identifier, quoted
from cstool.compute.joins.joining import MATCHED
from cstool.ingest.checks.likeness import alike, skeleton, skeleton_sql, with_forms
from cstool.ingest.checks.problems import percent
from cstool.ingest.source.header import excerpt

if TYPE_CHECKING:
    from cstool.compute.joins.joining import Joined
    from cstool.compute.source import Source

_LARGEST = 3
_COMPARED = 50  # accounts that are looked for in other spellings, the largest first
_CANDIDATES = 2000
_AMOUNTS = ("mrr", "ending_mrr", "arr", "amount", "unit_price")  # what rows are worth, the first that they have
_BEFORE, _LEFT_OUT = "unmatched", "unmatched_left_out"


class Unmatched:
    """The rows of accounts that the joined file does not have, before a condition on its columns leaves any out.

    `rows` is a table, or SQL in brackets, of those that the other conditions of --where choose.
    """

    def __init__(self, source: Source, joined: Joined, by: str, rows: str) -> None:
        self._source = source
        self._joined = joined
        self._by = by
        self._amount, self._amount_sql = _amount_of(source)
        self._rows, self._total = 0, Decimal(0)
        self._any = bool(source.engine.run(f"select 1 from {rows} where not {MATCHED} limit 1"))
        if self._any:
            self._rows, self._total = source.engine.row(
                f"select count(*), coalesce(sum({self._amount_sql}), 0) from {rows}"
            )
            source.engine.run(f"create or replace temp table {_BEFORE} as {self._among(rows)}")

    def _among(self, rows: str) -> str:
        """SQL of the accounts without a row among some rows, with how many they have there and their amount."""
        return (
            f"select {self._by} as value, count(*) as rows, coalesce(sum({self._amount_sql}), 0) as amount"
            f" from {rows} where not {MATCHED} group by 1"
        )

    def say(self, *, conditional: bool) -> None:
        """Names what a condition on joined columns has left out, and what counts under an empty group."""
        if not self._any:
            return
        kept = _BEFORE
        if conditional:
            kept = f"({self._among(self._source.cells)})"
            self._source.engine.run(
                f"create or replace temp table {_LEFT_OUT} as select b.value, b.rows - coalesce(k.rows, 0) as rows,"
                f" b.amount - coalesce(k.amount, 0) as amount from {_BEFORE} as b left join {kept} as k"
                " on b.value is not distinct from k.value where b.rows > coalesce(k.rows, 0)"
            )
            self._say(_LEFT_OUT, "left out by --where")
        if set(self._source.groups.values()) & set(self._joined.asked):
            self._say(kept, "counted under an empty group")

    def _say(self, table: str, done: str) -> None:
        source, joined = self._source, self._joined
        count, blank, rows, amount = source.engine.row(
            "select count(value), coalesce(sum(rows) filter (value is null), 0), coalesce(sum(rows), 0),"
            f" coalesce(sum(amount), 0) from {table}"
        )
        if not rows:
            return
        what = [f"{count} account{'s' if count > 1 else ''} not in {joined.table.name}"] if count else []
        what += [f"{blank} row{'s' if blank > 1 else ''} without {joined.left}"] if blank else []
        share = f"{percent(Decimal(rows) / self._rows)} of the rows"
        if self._amount and self._total:
            share = f"{percent(Decimal(amount) / Decimal(self._total))} of {self._amount}"
        names = [
            name
            for (name,) in source.engine.run(
                f"select value from {table} where value is not null order by amount desc, rows desc, value"
                f" limit {_COMPARED}"
            )
        ]
        largest = f"{'; the largest' if count > _LARGEST else ''}: {', '.join(map(excerpt, names[:_LARGEST]))}"
        near = ""
        if self._any_alike(names):
            near = f"; some differ only in how they are written: {joined.match_command} proposes aliases"
        source.notes.append(f"{source.name}: {' and '.join(what)} {done}, {share}{largest if names else ''}{near}")

    def _any_alike(self, names: list[str]) -> bool:
        """Whether some of these accounts stand in the joined file in another spelling."""
        bones = sorted({skeleton(form) for name in names for form in with_forms(name)} - {""})
        if not bones:
            return False
        listed = ", ".join(f"({quoted(one)})" for one in bones)
        found = self._source.engine.run(
            f"select text from ({self._joined.texts}) join (values {listed}) as one(bones)"
            f" on {skeleton_sql('text')} = bones limit {_CANDIDATES}"
        )
        spelled = {alike(name) for name in names}
        return any(alike(text) in spelled for (text,) in found)


def say_named_twice(source: Source, joined: Joined, by: str) -> None:
    """Names the accounts that the rows name by their key and by their name, where rows are counted by account."""
    if by != "account" or "account" not in (*source.shape.required, *source.shape.unique):
        return
    found = source.engine.run(joined.named_twice(f"select account from {source.cells}"))
    if not found:
        return
    shown = ", ".join(f"{excerpt(key)} and {excerpt(name)}" for key, name in found[:_LARGEST])
    more = f" and {len(found) - _LARGEST} more" if len(found) > _LARGEST else ""
    what = "are one account" if len(found) == 1 else "are one account each"
    source.notes.append(
        f"{source.name}: {shown}{more} {what} in {joined.table.name} and counted as two;"
        f" {joined.match_command} proposes aliases that make them one"
    )


def _amount_of(source: Source) -> tuple[str, str]:
    """What a row of the file is worth: the header of its amount, '' where it has none, and SQL of it."""
    months = source.recognised.months
    if months:
        return "MRR", " + ".join(f"coalesce(m{month}, 0)" for month in months)
    kinds = {role: source.kind(role) for role in source.roles}
    amounts = [role for role in _AMOUNTS if role in kinds] or [role for role, kind in kinds.items() if kind == "amount"]
    return (source.roles[amounts[0]], identifier(amounts[0])) if amounts else ("", "0")
