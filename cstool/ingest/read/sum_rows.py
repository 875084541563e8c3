"""Rows that are sums of others, footers or repeated headers: taken out, and noted in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cstool.backends.duck import identifier, quoted
from cstool.errors import InputError
from cstool.ingest.checks import totals
from cstool.ingest.checks.problems import ASIDE, FILE_BITS
from cstool.ingest.formats import alike
from cstool.ingest.formats.numbers import is_missing
from cstool.ingest.read.raw_rows import RawRows
from cstool.ingest.source.header import excerpt
from cstool.model.reading import shown_name

_FEWEST_PERCENTAGES = 2  # columns of amounts that a row of rates stands under
_RATES = "growth|change|churn|retention|margin|rate|mom|qoq|yoy|%|nrr|grr|wachstum|croissance|crecimiento"


def find_sums(raw: RawRows) -> None:
    """Rows that are sums: the first or last one, subtotals, or one whose name begins with `Total`, or is `Max`."""
    if raw.reading.negative == "keep":
        return
    ids = [i for i, column in enumerate(raw.columns) if column.kind == "id"]
    found = dict.fromkeys(_unnamed_sums(raw, ids), "total")
    sums = totals.sums_at_the_ends(raw.engine, raw.into, raw.columns, f"place >> {FILE_BITS}", "place")
    found |= dict.fromkeys(sums, "sum")
    for name in (identifier(raw.columns[i].name) for i in ids):
        perhaps = []
        suspects = raw.engine.run(
            f"select place, {name} from {raw.into} where {totals.is_suspect_sql(name)} order by place limit 20"
        )
        for place, label in suspects:
            fewest = 1 if totals.ends_like_one(label) else 2
            if place in found or (_may_be_a_figure(raw, place, name, label) and _adds_up(raw, place, fewest)):
                found[place] = "total"
            elif fewest == 1:
                found[place] = "doubtful"
            elif not totals.is_also_a_name(label):
                raw.notes.append(_counted(label))
            else:
                perhaps.append((place, label))
        doubtful = [place for place, _ in perhaps]
        raw.notes += [_counted(label) for place, label in perhaps if not _is_ordinary(raw, place, name, doubtful)]
    _set_apart(raw, found, ids)
    _check_totals(raw, ids)


def _adds_up(raw: RawRows, place: int, fewest: int) -> bool:
    """Whether the amounts of a row are the sums of those above it, or a statistic of the others."""
    return totals.equals_rows_above(raw.engine, raw.into, raw.columns, place, fewest) or totals.is_statistic(
        raw.engine, raw.into, raw.columns, place
    )


def _may_be_a_figure(raw: RawRows, place: int, name: str, label: str) -> bool:
    """Whether a row can be a sum or statistic: one whose label is a name as well has amounts alone."""
    if not totals.may_be_a_figure(label):
        return False
    return not totals.is_also_a_name(label) or not _has_more_than_amounts(raw, place, name)


def _has_more_than_amounts(raw: RawRows, place: int, name: str) -> bool:
    others = [identifier(one.name) for one in raw.columns if one.kind not in ("amount", "count")]
    told = " or ".join(f"{one} is not null" for one in others if one != name) or "false"
    return bool(raw.engine.run(f"select 1 from {raw.into} where place = {place} and ({told})"))


def _counted(label: str) -> str:
    return f"{excerpt(label)} is counted as a customer, not as a totals row"


def _is_ordinary(raw: RawRows, place: int, name: str, doubtful: Sequence[int]) -> bool:
    """Whether a row whose name may be that of a figure has more than amounts, or stands above other rows or a total."""
    below = f"place >> {FILE_BITS} = {place >> FILE_BITS} and place > {place}"
    aside = ", ".join(map(str, doubtful))
    return _has_more_than_amounts(raw, place, name) or bool(
        raw.engine.run(
            f"select 1 from {raw.into} where {below} and place not in ({aside})"
            f" union all select 1 from raw where code = 'total' and {below} limit 1"
        )
    )


def _check_totals(raw: RawRows, ids: Sequence[int]) -> None:
    """What each file's last row called a total says of its rows: some may be sums, too, or stand below it."""
    amounts = [i for i, column in enumerate(raw.columns) if column.kind in ("amount", "count")]
    if not amounts:
        return
    word = f"raw where code = 'total' and {totals.is_word_sql('note')}"
    called = raw.engine.run(f"{alike.with_values(amounts, raw.value, word, 'place, line')} order by 1")
    for at, (place, line, *own) in enumerate(called):
        same_file = at + 1 < len(called) and called[at + 1][0] >> FILE_BITS == place >> FILE_BITS
        if same_file:
            continue
        before = called[at - 1][0] if at else -1
        unread = [
            one
            for (one,) in raw.engine.run(
                f"select distinct place from problems where code not in ('sum', {', '.join(map(quoted, ASIDE))})"
                f" and place >> {FILE_BITS} = {place >> FILE_BITS} order by 1"
            )
        ]
        stated = totals.stated(raw.engine, raw.into, raw.columns, place, own, before, unread)
        if stated.agrees:  # what is the sum of others is no customer, as the total is right without it
            same = f"code = 'sum' and place >> {FILE_BITS} = {place >> FILE_BITS}"
            raw.engine.run(f"update problems set code = 'total' where {same}")
        if stated.below:
            raw.engine.run(f"delete from problems where place in ({', '.join(map(str, stated.below))})")
        found = dict.fromkeys(stated.subtotals, "total") | dict.fromkeys(stated.below, "below")
        _set_apart(raw, found, ids)
        if stated.column is not None and raw.reading.blank != "skip":
            header = shown_name(raw.columns[amounts[stated.column]])
            raw.notes.append(
                f"{raw.problems.where(place, line)}: the total of {header} is {stated.own.normalize():f},"
                f" and the rows add up to {stated.added.normalize():f}"
            )


def _set_apart(raw: RawRows, found: Mapping[int, str], ids: Sequence[int]) -> None:
    """Takes rows that are no rows of their own out, each with a code that says what it is."""
    text = f"t{ids[0]}" if ids else "t0"
    raw.fetch(list(found))
    for place, code in found.items():
        raw.problems.add(
            f"select place, line, -1, coalesce(nullif({text}, ''), head), '{code}' from raw where place = {place}"
        )
        raw.engine.run(f"delete from {raw.into} where place = {place}")
        raw.engine.run(f"update raw set code = '{code}' where place = {place}")


def _unnamed_sums(raw: RawRows, ids: Sequence[int]) -> list[int]:
    """The rows without a name whose amounts are the sums of the rows above."""
    blank = f"code = 'blank' and col in ({', '.join(map(str, ids)) or 'null'})"
    rows = raw.engine.run(
        f"select distinct place from problems where {blank} and place not in (select place from problems"
        f" where not ({blank})) order by 1 limit 20"
    )
    found = []
    for (place,) in rows:
        raw.engine.run(f"insert into {raw.into} {raw.values(f'place = {place}')}")
        if totals.equals_rows_above(raw.engine, raw.into, raw.columns, place):
            found.append(place)
        raw.engine.run(f"delete from {raw.into} where place = {place}")
    raw.engine.run(f"delete from problems where place in ({', '.join(map(str, found)) or 'null'})")
    return found


def find_percentages(raw: RawRows) -> None:
    """Rows such as MoM growth in a table of amounts: percentages alone under a name that is no customer's."""
    ids = [i for i, column in enumerate(raw.columns) if column.kind == "id"]
    amounts = [i for i, column in enumerate(raw.columns) if column.kind in ("amount", "count")]
    if not ids or len(amounts) < _FEWEST_PERCENTAGES:
        return
    found = raw.engine.run(
        f"select place from raw where code = '' and regexp_matches(lower(t{ids[0]}), {quoted(_RATES)})"
        " and place in (select place from problems where code = 'percent') order by 1 limit 20"
    )
    cells = ", ".join(f"t{i}" for i in amounts)
    for (place,) in found:
        row = raw.engine.row(f"select {cells} from raw where place = {place}")
        if all(is_missing(cell) or cell.endswith("%") for cell in row):
            raw.engine.run(f"delete from problems where place = {place}")
            _set_apart(raw, {place: "rate"}, ids)


def refuse_table_twice(raw: RawRows) -> None:
    """Raises InputError where a second table with the same header repeats a row of the first."""
    if raw.reading.duplicates in ("sum", "unchecked"):
        return
    names = ", ".join(identifier(column.name) for column in raw.columns)
    again = raw.engine.run("select place, line from problems where code = 'header' order by 1 limit 5")
    for place, line in again:
        same_file = f"place >> {FILE_BITS} = {place >> FILE_BITS}"
        above, below = (f"select {names} from {raw.into} where {same_file} and place {mark} {place}" for mark in "<>")
        count = raw.engine.row(f"select count(*) from ({above} intersect {below})")[0]
        if count:
            raise InputError(
                f"{raw.problems.where(place, line)}: a second table begins, and {count} of its rows"
                f" {'stand' if count > 1 else 'stands'} in the first, too",
                hint="remove one of them; --duplicates sum counts both, --duplicates drop counts such rows once",
                code="duplicate-rows",
            )


def set_aside(raw: RawRows) -> None:
    """Takes totals rows, footers and repeated headers out of the problems: they are noted in one line."""
    listed = ", ".join(map(quoted, ASIDE))
    found = raw.engine.run(
        f"select code, count(*), arg_min(line, place), arg_min(value, place) from problems"
        f" where code in ({listed}) group by 1 order by min(place)"
    )
    if found:
        parts = (
            f"{ASIDE[code][count > 1].format(count=count)}"
            f" ({'first: ' if count > 1 else ''}line {line}: {excerpt(value)})"
            for code, count, line, value in found
        )
        raw.notes.append(f"{raw.problems.names}: left out {'; '.join(parts)}")
        raw.engine.run(f"delete from problems where code in ({listed})")
