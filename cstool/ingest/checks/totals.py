"""Rows that are no rows of their own but sums of others: by their label, or because they equal the rows above.

A cell that is a word for totals and nothing else is a label; a name that ends or begins with one, as `SMB Total` does,
is one where the amounts bear it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from cstool.backends.duck import identifier, quoted
from cstool.backends.engine import Engine
from cstool.ingest.checks.problems import FILE_BITS
from cstool.model.reading import Column

_WORDS = (
    "total|totals|sub[ -]?totals?|grand[ -]?totals?|gesamt|gesamtsumme|zwischensumme|summe|insgesamt|somme|sous-total"
    "|totale|totaal|totalt|summa|suma|razem|összesen|yhteensä|итого|всего|合計|合计|总计|總計|小計|小计"
    # What Excel calls the last line of a pivot table, and in German the lines of its groups.
    "|ergebnis|gesamtergebnis|totale complessivo|total geral|eindtotaal|totalsumma|totalsum|hovedtotal|suma końcowa"
    "|végösszeg|celkový součet|genel toplam|общий итог|総計|총합계"
    "|celkem|spolu|łącznie|ogółem|toplam|ukupno|skupaj|kokku|kopā|iš viso|viso|samtals|i alt|sammanlagt|sum total"
    "|σύνολο|всього|общо|сума|jumlah|tổng|tổng cộng|รวม|총계|합계|المجموع|الإجمالي|סה״כ|סהכ"
)
_MEANS = "average|avg|mean|median|ø|durchschnitt|mittelwert|mittel|moyenne|promedio|gemiddelde|genomsnitt|gjennomsnitt"
_STATISTICS = f"{_MEANS}|minimum|maximum|std ?dev|standard deviation|variance|percentile|quartile|anzahl"
_RATES = "nrr|grr|ndr|gdr|(?:(?:net|gross) )?(?:revenue )?retention(?: rate)?|churn(?: rate)?"
_ALONE = f"{_WORDS}|{_STATISTICS}|{_RATES}|sum|sums|all|overall|total g[eé]n[eé]ral|all (?:accounts|customers)"
_WHAT = "mrr|arr|revenue|value|amount|accounts?|customers?"
LABEL = (
    rf"(?i)[^\pL]*(?:(?:overall |grand )?(?:{_ALONE})(?: \([0-9,. ]+[^()]*\))?"
    rf"|(?:sum|total|subtotal|average) (?:of|for|per)\b.*|(?:number|no|nr|count) of (?:{_WHAT})"
    rf"|(?:{_MEANS}|total|totals) (?:{_WHAT}))[^\pL]*"
)
_WORD = rf"(?i)[^\pL]*(?:(?:overall |grand )?(?:{_WORDS}))[^\pL]*"
# At the end of a name (`SMB Total`) it nearly always is one; at the start it may be a name (`Total Wine`).
AT_THE_END = rf"(?i).*[^\pL](?:{_WORDS})[^\pL]*"
# Words that are names too: told of at the end of a file, and taken out only where the amounts bear them out.
_FIGURES = "min|max|count|media|mediana"
_PERHAPS = f"{_FIGURES}|change|growth|delta|diff|difference|check"
_STARRED = r"[*]+ .*"  # as SAP marks its subtotals
SUSPECT = rf"{LABEL}|{AT_THE_END}|(?i)(?:{_WORDS})[^\pL].*|(?i)[^\pL]*(?:{_PERHAPS})[^\pL]*|{_STARRED}"

FEWEST_ROWS = 3  # with an amount above a totals row; among fewer, equal sums are chance
_MOST_GROUPED = 20_000  # rows among which subtotals are looked for: reports that people read are no longer
_FEWEST_ABOVE = 2  # rows that a total is the sum of, for what stands below it to be no row of the table
_SUM = "coalesce(sum({}), 0)"
_FEWEST_GROUPS = 2  # of several rows; a single one adds up by chance


def is_label_sql(text: str) -> str:
    return f"regexp_full_match({text}, {quoted(LABEL)})"


def is_word_sql(text: str) -> str:
    """Whether a cell is a word for totals and nothing else."""
    return f"(length({text}) < 40 and regexp_full_match({text}, {quoted(_WORD)}))"


def ends_like_one(text: str) -> bool:
    """Whether a name ends with a word for totals."""
    return re.fullmatch(AT_THE_END.replace(r"[^\pL]", r"[\W\d_]"), text) is not None


def is_also_a_name(text: str) -> bool:
    """Whether a label for a figure is as well a company's or person's name, as Delta and Max are."""
    return re.fullmatch(rf"[\W\d_]*(?:{_PERHAPS})[\W\d_]*", text, re.IGNORECASE) is not None


def may_be_a_figure(text: str) -> bool:
    """Whether a label can be that of a sum or statistic: one such as Delta is that of neither."""
    return not is_also_a_name(text) or re.fullmatch(rf"[\W\d_]*(?:{_FIGURES})[\W\d_]*", text, re.I) is not None


def is_suspect_sql(text: str) -> str:
    return f"regexp_full_match({text}, {quoted(SUSPECT)})"


def sounds_like_one(text: str) -> bool:
    """Whether a name may be like that of a totals row, told without compiling the long pattern: seldom yes without."""
    stems = tuple(re.findall("[a-z]{2,}", f"{_ALONE}|{_PERHAPS}|number|no|nr"))
    runs = re.findall("[a-z]+", text.lower())
    return not text.isascii() or text.startswith("*") or any(run.startswith(stems) for run in runs)


def summed(columns: Sequence[Column]) -> list[str]:
    """The columns that a totals row sums, as identifiers."""
    return [identifier(column.name) for column in columns if column.kind in ("amount", "count")]


def sums_at_the_ends(engine: Engine, table: str, columns: Sequence[Column], file: str, order: str) -> list[int]:
    """The `order` of each file's first or last row whose amounts are the sums of all others; `file` tells files apart.

    With a single amount, a customer's may be that by chance: then its name must stand nowhere else in the file. Where
    all rows of a file are in groups with a subtotal each, those too.
    """
    amounts = summed(columns)
    if not amounts:
        return []
    width = len(amounts)
    fewest = FEWEST_ROWS if width > 1 else FEWEST_ROWS + 1
    found = []
    for first, last, every, least, most, totals, rows in _summaries(engine, table, amounts, file, order):
        # The sum of all others is as large as the largest, where none is negative.
        ends = zip(least, most, totals, strict=True)
        if max(rows) > fewest and all((low or 0) < 0 or 2 * (high or 0) == total for low, high, total in ends):
            rows_there = f"select {order}, {', '.join(amounts)} from {table} where {order} in ({first}, {last})"
            for place, *own in engine.run(f"{rows_there} order by 1"):
                if any(own) and [2 * (value or 0) for value in own] == totals:
                    found.append(place)
        if width > 1 and every <= _MOST_GROUPED:
            found += _grouped_sums(
                engine, amounts, every, f"from {table} where {order} between {first} and {last}", order
            )
    found = list(dict.fromkeys(found))
    return [place for place in found if width > 1 or _stands_alone(engine, table, columns, order, place)]


_AT_ONCE = 50  # columns; the memory that aggregates of one query take grows with the square of their number


def sums(engine: Engine, values: Sequence[str], rows: str) -> list[Decimal]:
    """The sums of some expressions over the rows that `from ...` gives, 0 of none."""
    parts = (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
    found = (engine.row(f"select {', '.join(map(_SUM.format, part))} {rows}") for part in parts)
    return [Decimal(one) for row in found for one in row]


def _summaries(
    engine: Engine, table: str, amounts: Sequence[str], file: str, order: str
) -> list[tuple[int, int, int, list[Any], list[Any], list[Any], list[int]]]:
    """By file its first and last row and the number of rows; then by column the least, most, sum, and rows not 0."""
    each = ("min({0})", "max({0})", "coalesce(sum({0}), 0)", "count(*) filter ({0} <> 0)")
    found: dict[int, tuple[int, int, int, list[Any], list[Any], list[Any], list[int]]] = {}
    for start in range(0, len(amounts), _AT_ONCE):
        some = amounts[start : start + _AT_ONCE]
        told = ", ".join(one.format(name) for one in each for name in some)
        for first, last, every, *values in engine.run(
            f"select min({order}), max({order}), count(*), {told} from {table} group by {file}"
        ):
            summary = found.setdefault(first, (first, last, every, [], [], [], []))
            for i, own in enumerate(summary[3:]):
                own += values[i * len(some) : (i + 1) * len(some)]
    return list(found.values())


_MOST_FETCHED = 200_000  # cells; of more, a few columns first show whether there may be subtotals at all


def _grouped_sums(engine: Engine, amounts: Sequence[str], every: int, file: str, order: str) -> list[int]:
    """The subtotals of a file of `every` rows, above or below the rows that they are the sums of."""

    def fetched(some: Sequence[str]) -> list[tuple[Any, ...]]:
        return engine.run(f"select {order}, {', '.join(some)} {file} order by 1")

    if every * len(amounts) > _MOST_FETCHED:
        few = fetched(amounts[:: max(1, len(amounts) // 8)])
        if not any(map(_ends_in_a_sum, (few, few[:-1], few[::-1], few[:0:-1]))):
            return []
    rows = fetched(amounts)
    return _subtotals(rows) or _subtotals(rows[::-1])


def _subtotals(rows: Sequence[Sequence[Any]], groups: int = _FEWEST_GROUPS) -> list[int]:
    """The rows that are sums of the group above them, if that makes groups of all rows but a grand total at the end.

    At least `groups` of them are sums of several rows.
    """
    if not (_ends_in_a_sum(rows) or _ends_in_a_sum(rows[:-1])):
        return []
    for fewest in (2, 1):
        found, several = [], 0
        sums, count = [Decimal(0)] * len(rows[0][1:]), 0
        for place, *values in rows:
            amounts = [Decimal(value or 0) for value in values]
            if count >= fewest and any(amounts) and amounts == sums:
                found.append(place)
                several += count > 1
                sums, count = [Decimal(0)] * len(sums), 0
            else:
                sums, count = [a + b for a, b in zip(sums, amounts, strict=True)], count + 1
        if several >= groups and (not count or (count == 1 and _is_grand(sums, rows, found))):
            return found if not count else [*found, rows[-1][0]]
    return []


def _ends_in_a_sum(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether the last row is the sum of some right above it: quick to tell, as amounts are never negative."""
    if len(rows) < 2:
        return False
    left = [Decimal(value or 0) for value in rows[-1][1:]]
    for _, *values in reversed(rows[:-1]):
        left = [a - Decimal(value or 0) for a, value in zip(left, values, strict=True)]
        if not any(left) or min(left) < 0:
            break
    return not any(left)


def _is_grand(last: Sequence[Decimal], rows: Sequence[Sequence[Any]], subtotals: Collection[int]) -> bool:
    known = set(subtotals)
    own = [[Decimal(value or 0) for value in values] for place, *values in rows if place in known]
    return [sum(column) for column in zip(*own, strict=True)] == list(last)


def _stands_alone(engine: Engine, table: str, columns: Sequence[Column], order: str, last: int) -> bool:
    ids = [identifier(column.name) for column in columns if column.kind == "id"]
    if not ids:
        return True
    same = " and ".join(f"{name} = (select {name} from {table} where {order} = {last})" for name in ids)
    return bool(engine.row(f"select count(*) from {table} where {same}")[0] == 1)


def _few(columns: Sequence[Column]) -> list[Column]:
    """The first columns that a totals row sums: what does not hold for them need not be looked at for all."""
    return [column for column in columns if column.kind in ("amount", "count")][:_AT_ONCE]


def is_statistic(engine: Engine, table: str, columns: Sequence[Column], place: int) -> bool:
    """Whether a row's amounts are all the least, the largest, the number or the mean of the others in its file."""
    amounts = summed(columns)
    few = _few(columns)
    if not amounts or (len(few) < len(amounts) and not is_statistic(engine, table, few, place)):
        return False
    others = f"from {table} where place >> {FILE_BITS} = {place >> FILE_BITS} and place <> {place}"
    each = ("min({})", "max({})", "count({})", "cast(avg({}) as decimal(38, 2))")
    statistics = (f"select {', '.join(one.format(name) for name in amounts)} {others}" for one in each)
    own = engine.row(f"select {', '.join(amounts)} from {table} where place = {place}")
    return any(engine.row(statistic) == own for statistic in statistics)


def equals_rows_above(engine: Engine, table: str, columns: Sequence[Column], place: int, fewest: int = 2) -> bool:
    """Whether a row's amounts are the sums of `fewest` or more rows right above it, as a subtotal's are."""
    amounts = summed(columns)
    few = _few(columns)
    if not amounts or (len(few) < len(amounts) and not equals_rows_above(engine, table, few, place, fewest)):
        return False
    running = ", ".join(f"sum({name}) over above as {name}" for name in amounts)
    own = " and ".join(f"s.{name} = t.{name}" for name in amounts)
    return bool(
        engine.row(
            f"select count(*) from (select {running}, row_number() over above as rows from"
            f" (select * from {table} where place < {place} and place >> {FILE_BITS} = {place >> FILE_BITS}"
            f" order by place desc limit 100000) window above as (order by place desc)) as s, {table} as t"
            f" where t.place = {place} and s.rows >= {fewest} and {own}"
        )[0]
    )


class Stated(NamedTuple):
    """What the last row that is called a total states of its file.

    `agrees` where it is the sum of all rows of its file. `subtotals` and `below` are places of rows that are no rows of
    their own: sums of others, and what stands below the total. `column` is the index among the amounts of the first
    whose rows do not add up to what it states, None where all do; `own` and `added` are the two numbers.
    """

    agrees: bool = False
    subtotals: Sequence[int] = ()
    below: Sequence[int] = ()
    column: int | None = None
    own: Decimal = Decimal(0)
    added: Decimal = Decimal(0)


def stated(
    engine: Engine,
    table: str,
    columns: Sequence[Column],
    place: int,
    own: Sequence[Decimal | None],
    before: int,
    unread: Collection[int],
) -> Stated:
    """How the rows of a file add up to its last totals row, at `place`; `before` is the place of the one above it.

    `unread` are places of rows that are not in the table because they cannot be read.
    """
    amounts = summed(columns)
    told = [i for i, value in enumerate(own) if value is not None]
    if not any(own) or any(one < place for one in unread):
        return Stated()
    there = f"from {table} where place >> {FILE_BITS} = {place >> FILE_BITS}"
    names = [amounts[i] for i in told]
    totals = [Decimal(own[i] or 0) for i in told]

    def added(where: str = "true") -> list[Decimal]:
        return sums(engine, names, f"{there} and {where}")

    all_ = added()
    above = f"place < {place}"
    if totals in (added(above), added(f"{above} and place > {before}")):
        filled = " or ".join(f"{name} <> 0" for name in names)
        below = engine.run(f"select place {there} and place > {place} and ({filled}) order by 1")
        few = engine.row(f"select count(*) {there} and {above}")[0] < _FEWEST_ABOVE
        return Stated() if few else Stated(all_ == totals, below=[*(one for (one,) in below), *unread])
    if all_ == totals:
        return Stated(agrees=True)
    rows = engine.run(f"select place, {', '.join(names)} {there} and {above} order by 1 limit {_MOST_GROUPED}")
    if all_ == [2 * one for one in totals] and (subtotals := _subtotals(rows, groups=1)):
        return Stated(subtotals=subtotals)
    # A total may be rounded, or be that of rounded amounts.
    whole = all(one == one.to_integral_value() for one in (*all_, *totals))
    most = max(Decimal(1), Decimal(len(rows)) / (2 if whole else 200))
    apart = [i for i, (one, other) in enumerate(zip(totals, all_, strict=True)) if abs(one - other) > most]
    return Stated(column=told[apart[0]], own=totals[apart[0]], added=all_[apart[0]]) if apart else Stated()
