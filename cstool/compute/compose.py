"""Formulas, groups and windows -> one SQL query over a relation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from importlib.resources import files
from typing import NamedTuple

from cstool.backends.duck import identifier
from cstool.compute.formulas.given_values import literal
from cstool.model.inputs import Derived, Measure

SUMMED = "summed"


class Asked(NamedTuple):
    """A formula with the measures it uses and the length of its window in months, 0 for none."""

    key: str
    formula: str
    measures: frozenset[str]
    window: int


class Output(NamedTuple):
    """A column of the query's result after its groups: a formula or a measure, over a window."""

    name: str
    window: int
    is_measure: bool


class Query(NamedTuple):
    """A query in two parts: the sums of rows, and what is made of them, which knows them as `summed`."""

    sums: str
    rest: str

    def over(self, summed: str) -> str:
        """The second part over a relation that holds the first."""
        return f"with {SUMMED} as (select * from {summed}),\n{self.rest}"


def template(name: str) -> str:
    """The text of a named SQL relation."""
    return files("cstool.compute").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def table_sql(name: str, groups: Sequence[str], **filled: object) -> str:
    """A named query with its groups in every form that it lists them in, and with what else is to be filled in."""
    names = ", ".join(groups)
    return template(name).format(
        groups="".join(f"{group}, " for group in groups),
        order="".join(f"{group} nulls last, " for group in groups),
        group_by=f"group by {names}" if groups else "",
        order_by=f"order by {names}" if groups else "",
        partition=f"partition by {names}" if groups else "",
        **filled,
    )


def query(
    relation: str,
    asked: Sequence[Asked],
    measures: Mapping[str, Measure],
    given: Mapping[str, Decimal],
    groups: Sequence[str],
    covered: Sequence[tuple[int, int]] = (),
    *,
    everywhere: bool = False,
) -> tuple[Query, list[Output]]:
    """The whole query, and what its columns after `closing` and the groups hold: formulas, then measures.

    `covered` are the windows (closing, span) that have sums even where no row falls into them, with `everywhere` for
    each group that there is.
    """
    windows = f"(values {', '.join(map(str, covered))}) as covered(closing, span)" if covered else ""
    steps, outputs = composed(relation, asked, measures, given, groups, windows, everywhere=everywhere)
    _, (summed, sums), *more, (_, last) = steps
    assert summed == SUMMED
    listed = ",\n".join(f"{name} as (\n{sql}\n)" for name, sql in more)
    first = f"with relation as (\n{relation}\n)\n{sums}"
    return Query(first, f"{listed}\n{last} order by {_order(groups)}"), outputs


def composed(
    relation: str,
    asked: Sequence[Asked],
    measures: Mapping[str, Measure],
    given: Mapping[str, Decimal],
    groups: Sequence[str],
    covered: str = "",
    *,
    explained: bool = True,
    everywhere: bool = False,
) -> tuple[list[tuple[str, str]], list[Output]]:
    """The steps of the query, each a name and a select from the ones before, and what the last one's columns hold.

    Each formula runs as it is written, over the measures of its own window: sums first, then measures made of sums.
    `covered` is a relation `covered(closing, span)` of the windows that have sums even where no row falls into them;
    the measures are columns where the formulas are to be `explained`.
    """
    used = [name for name in measures if any(name in one.measures for one in asked)]
    keys = ", ".join(["closing", *map(identifier, groups)])
    sums = [f"{_summed(measures[name])} as {identifier(name)}" for name in used if measures[name].sql]
    empty = ["0" if measures[name].empty == "zero" else "null" for name in used if measures[name].sql]
    told = [
        f"{literal(given[name])} as {identifier(name)}" for name in used if name in given and not measures[name].sql
    ]
    derived = [
        f"{measures[name].formula} as {identifier(name)}"
        for name in used
        if not measures[name].sql and name not in given
    ]
    formulas = [f"{one.formula} as {formula_name(one.key)}" for one in asked]
    windows = sorted({one.window for one in asked})
    outputs = [Output(one.key, one.window, False) for one in asked]
    outputs += [
        Output(name, window, True)
        for window in windows
        for name in used
        if explained and any(one.window == window and name in one.measures for one in asked)
    ]
    columns = [f"{_pick(output, windows)} as {output_name(i)}" for i, output in enumerate(outputs)]
    return [
        ("relation", relation),
        ("summed", f"  select {_list([keys, 'span', *sums])}\n  from relation group by {keys}, span"),
        ("sums", f"  {_completed(groups, empty, covered, everywhere=everywhere)}"),
        ("known", f"  select {_list(['*', *told])} from sums"),
        ("measured", f"  select {_list(['*', *derived])} from known"),
        ("valued", f"  select {_list(['*', *formulas])}\n  from measured"),
        ("results", f"select {_list([keys, *columns])}\nfrom valued group by {keys}"),
    ], outputs


def formula_name(key: str) -> str:
    """The column of a formula's value."""
    return identifier(f"formula_{key}")


def output_name(index: int) -> str:
    """The column of the result that holds an output."""
    return f"out_{index}"


def _completed(groups: Sequence[str], empty: Sequence[str], windows: str, *, everywhere: bool) -> str:
    """The sums, with nothing summed for the windows in which a group has no rows: of those that close with a month in
    which it has others, or `everywhere`.
    """
    if not windows:
        return "select * from summed"
    names = ["closing", *map(identifier, groups), "span"]
    listed = ", ".join(names[:-1])
    if everywhere and groups:
        spine = f"(select distinct {', '.join(map(identifier, groups))} from summed) as present cross join {windows}"
        return _with_empty(names, empty, spine)
    spine = f"(select distinct {listed} from summed) join {windows} using (closing)" if groups else windows
    return _with_empty(names, empty, spine)


def _with_empty(names: Sequence[str], empty: Sequence[str], spine: str) -> str:
    return (
        f"select * from summed union all select {', '.join([*names, *empty])} from"
        f" (select {', '.join(names)} from {spine} except select {', '.join(names)} from summed)"
    )


def _summed(measure: Measure) -> str:
    return f"coalesce({measure.sql}, 0)" if measure.empty == "zero" else measure.sql


def _pick(output: Output, windows: Sequence[int]) -> str:
    """The value of a column in the row of its window: each group and period has one row a window."""
    value = f"any_value({identifier(output.name) if output.is_measure else formula_name(output.name)})"
    return value if len(windows) == 1 else f"{value} filter (where span = {output.window})"


def _list(parts: Sequence[str]) -> str:
    return ",\n    ".join(parts)


def _order(groups: Sequence[str]) -> str:
    return ", ".join(["closing nulls first", *(f"{identifier(group)} nulls last" for group in groups)])


def words_of(sql: str) -> set[str]:
    """The words of some SQL, names of columns among them."""
    return set(re.findall(r"\w+", sql))


def mentioned(derived: Sequence[Derived], used: str, settled: Callable[[str], str] = str) -> list[Derived]:
    """The derived columns that some SQL mentions, those that these are made of first; `settled` as SQL of their own."""
    found: list[Derived] = []
    words = words_of(used)
    for one in reversed(derived):
        if one.column in words:
            found.insert(0, Derived(one.column, settled(one.sql)))
            words |= words_of(found[0].sql)
    return found
