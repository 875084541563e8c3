"""Rows that are no rows of their own but sums of others: by their label, or because they equal the rows above."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.data.options import Column
from cstool.engines.duck import identifier, quoted
from cstool.engines.engine import Engine

_WORDS = (
    "total|totals|sub[ -]?totals?|grand[ -]?totals?|gesamt|gesamtsumme|zwischensumme|summe|insgesamt|somme|sous-total"
    "|totale|totaal|totalt|summa|suma|razem|összesen|yhteensä|итого|всего|合計|合计|总计|總計|小計|小计"
)
_ALONE = f"{_WORDS}|sum|sums|all|overall|average|avg|mean|median|total g[eé]n[eé]ral|all (?:accounts|customers)"
# A label as a whole, or at the end (`SMB Total`), is always refused; at the start it may be a name (`Total Wine`).
LABEL = (
    rf"(?i)[^\pL]*(?:(?:overall |grand )?(?:{_ALONE})"
    rf"|(?:sum|total|subtotal|average) (?:of|for|per)\b.*|.*[^\pL](?:{_WORDS}))[^\pL]*"
)
SUSPECT = rf"{LABEL}|(?i)(?:{_WORDS})[^\pL].*"

FEWEST_ROWS = 3  # with an amount above a totals row; among fewer, equal sums are chance


def is_label_sql(text: str) -> str:
    return f"regexp_full_match({text}, {quoted(LABEL)})"


def is_suspect_sql(text: str) -> str:
    return f"regexp_full_match({text}, {quoted(SUSPECT)})"


def summed(columns: Sequence[Column]) -> list[str]:
    """The columns that a totals row sums, as identifiers."""
    return [identifier(column.name) for column in columns if column.kind in ("amount", "count")]


def sums_at_the_ends(engine: Engine, table: str, columns: Sequence[Column], file: str, order: str) -> list[int]:
    """The `order` of each file's first or last row whose amounts are the sums of all others; `file` tells files apart.

    With a single amount, a customer's may be that by chance: then its name must stand nowhere else in the file.
    """
    amounts = summed(columns)
    if not amounts:
        return []
    own = ", ".join(f"arg_{end}(coalesce({name}, 0), {order})" for end in ("min", "max") for name in amounts)
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in amounts)
    filled = ", ".join(f"count(*) filter ({name} <> 0)" for name in amounts)
    width = len(amounts)
    fewest = FEWEST_ROWS if width > 1 else FEWEST_ROWS + 1
    found = []
    for first, last, *values in engine.run(
        f"select min({order}), max({order}), {own}, {sums}, {filled} from {table} group by {file}"
    ):
        firsts, lasts, totals, rows = (values[i * width : (i + 1) * width] for i in range(4))
        for place, ends in ((first, firsts), (last, lasts)):
            if max(rows) > fewest and any(ends) and [2 * value for value in ends] == totals:
                found.append(place)
    return [place for place in found if width > 1 or _stands_alone(engine, table, columns, order, place)]


def _stands_alone(engine: Engine, table: str, columns: Sequence[Column], order: str, last: int) -> bool:
    ids = [identifier(column.name) for column in columns if column.kind == "id"]
    if not ids:
        return True
    same = " and ".join(f"{name} = (select {name} from {table} where {order} = {last})" for name in ids)
    return bool(engine.row(f"select count(*) from {table} where {same}")[0] == 1)


def equals_rows_above(engine: Engine, table: str, columns: Sequence[Column], place: int) -> bool:
    """Whether a row's amounts are the sums of some two or more rows right above it, as a subtotal's are."""
    amounts = summed(columns)
    if not amounts:
        return False
    running = ", ".join(f"sum({name}) over above as {name}" for name in amounts)
    own = " and ".join(f"s.{name} = t.{name}" for name in amounts)
    return bool(
        engine.row(
            f"select count(*) from (select {running}, row_number() over above as rows from"
            f" (select * from {table} where place < {place} and place >> 40 = {place} >> 40"
            f" order by place desc limit 100000) window above as (order by place desc)) as s, {table} as t"
            f" where t.place = {place} and s.rows > 1 and {own}"
        )[0]
    )
