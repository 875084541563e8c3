"""`calc --accounts` where an account has many rows: each row that a metric counted, with its part in the metric."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cstool.backends.duck import identifier
from cstool.compute.compose import SUMMED, Asked, output_name, query
from cstool.compute.formulas.resolve import Formula, needed
from cstool.compute.plan import Plan
from cstool.compute.source import Source
from cstool.compute.tables.accounts import cut, limited
from cstool.errors import UndefinedError
from cstool.model.inputs import Measure
from cstool.model.results import Column, Result

_COUNT = re.compile(r"count\(", re.IGNORECASE)
_NEVER_NULL = re.compile(r"count\(|case when .*coalesce\(sum\(", re.IGNORECASE | re.DOTALL)
_COUNTED = "counted"
_ROW = "listed_row"


@dataclass(frozen=True, slots=True)
class _Part:
    """A measure over one row, and whether that row was counted in it."""

    measure: Measure
    counted: str
    first: str = ""  # SQL of what a count of different things counts once: the row that comes first


def listed_result(plan: Plan[Source], relation: str, names: Mapping[int, str]) -> Result:
    """The rows that were counted: who and what each is, the columns that the metric looks at, and its part.

    What is counted once, as a customer with several contracts, has its part in its first row, so that parts add up.
    `names` are those of the periods by their closing month. Raises UndefinedError where none was counted.
    """
    source, request = plan.source, plan.request
    assert source is not None
    formulas = [one for one in plan.formulas if not one.beside]
    used = [name for name in plan.measures if name in needed(formulas, plan.measures, plan.given)]
    parts = [_part(plan.measures[name]) for name in used if plan.measures[name].sql]
    order = [one for wanted in plan.rules for one in wanted.accounts_order] or _by_date(source)
    roles = _shown_roles(source, " ".join([*(one.measure.sql for one in parts), *order]))
    heads = [f"r{i}" for i in range(len(roles))]
    keys = [*source.group_names, *heads, _ROW, *(f"o{i}" for i in range(len(order)))]
    measures = {**plan.measures, **{one.measure.measure: one.measure for one in parts}}
    counted = " or ".join(f"coalesce({one.counted}, false)" for one in parts) or "true"
    measures[_COUNTED] = Measure(_COUNTED, "", sql=f"case when {counted} then 1 else 0 end")
    counts = frozenset({*used, _COUNTED})
    asked = [Asked(one.key, one.expression.text, counts, 0) for one in formulas]
    parts_query, outputs = query(_numbered(source, relation, roles, order, parts), asked, measures, plan.given, keys)
    engine, sums = plan.engine.near(parts_query.sums, SUMMED)
    position = next(i for i, one in enumerate(outputs) if one.name == _COUNTED)
    shown = _columns(formulas, parts, [one.name for one in outputs], roles)
    values = [output_name(i) for i, column in enumerate(shown) if column]
    directions = ["desc nulls last" if one.endswith(" desc") else "nulls last" for one in order]
    sorts = ["closing nulls last", *(f"o{i} {direction}" for i, direction in enumerate(directions)), _ROW]
    rows = engine.run(
        f"select count(*) over (), closing, {', '.join([*heads, *map(identifier, source.group_names), *values])}"
        f" from ({parts_query.over(sums)}) where {output_name(position)} = 1"
        f" order by {', '.join(sorts)}{limited(request)}"
    )
    if not rows:
        raise UndefinedError(f"{source.name}: no row was counted", code="no-rows")
    dated = len({row[1] for row in rows}) > 1
    columns = [
        *([Column("period")] if dated else []),
        *(_role_column(source, role) for role in roles),
        *map(Column, source.groups.values()),
        *filter(None, shown),
    ]
    keys = [column.key for column in columns]
    cells = [[names.get(closing, closing), *own] if dated else own for _, closing, *own in rows]
    records = [dict(zip(keys, own, strict=True)) for own in cells]
    notes = [*source.notes, *plan.notes, *cut(rows, "rows")]
    return Result(columns, records, tuple(dict.fromkeys(notes)))


def _part(measure: Measure) -> _Part:
    counted = f"{measure.sql} <> 0" if _NEVER_NULL.match(measure.sql) else f"({measure.sql}) is not null"
    if not (found := _distinct(measure.sql)):
        return _Part(measure, counted)
    what, condition, rest = found
    name = f"first_{measure.measure}"
    place = f"row_number() over (partition by each_group, closing, {what}, ({condition}) order by {_ROW})"
    once = f"count(distinct {what}) filter (where ({condition}) and {name}){rest}"
    return _Part(measure._replace(sql=once), counted, f"{place} = 1 as {name}")


def _distinct(sql: str) -> tuple[str, str, str] | None:
    """What a count of different things counts, on which condition, and what follows it."""
    start = "count(distinct "
    if not sql.startswith(start):
        return None
    end = _closing(sql, len("count"))
    what, rest = sql[len(start) : end], sql[end + 1 :]
    if not rest.startswith(" filter (where "):
        return what, "true", rest
    end = _closing(rest, len(" filter "))
    return what, rest[len(" filter (where ") : end], rest[end + 1 :]


def _closing(sql: str, opening: int) -> int:
    """Where the parenthesis that opens at `opening` is closed."""
    depth = 0
    for i in range(opening, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[i], 0)
        if not depth:
            return i
    return len(sql)


def _numbered(source: Source, relation: str, roles: Sequence[str], order: Sequence[str], parts: Sequence[_Part]) -> str:
    """The relation with a number a row, the columns that are shown as text, and those that rows are sorted by."""
    own = ", ".join(map(identifier, roles)) or "closing"
    shown = [f"{_shown(source, role)} as r{i}" for i, role in enumerate(roles)]
    sorts = [f"({_bare(one)}) as o{i}" for i, one in enumerate(order)]
    firsts = [one.first for one in parts if one.first]
    number = "dense_rank()" if source.shape.accounts_by else "row_number()"
    numbered = f"select *, {number} over (order by {own}) as {_ROW} from ({relation})"
    return f"select {', '.join(['*', *shown, *sorts, *firsts])} from ({numbered})"


def _shown_roles(source: Source, used: str) -> list[str]:
    """Who a row is, its date, and the columns that some SQL looks at, through those derived from them, too."""
    for one in reversed(source.shape.derived):
        if re.search(rf"\b{one.column}\b", used):
            used += f" {one.sql}"
    shape = source.shape
    if shape.accounts_by:
        return [role for role in shape.accounts_by if role in source.roles]
    own = [role for role in (*shape.required, *shape.could_have) if role in source.roles]
    essential = {*shape.required, *shape.one_of, *shape.unique, shape.dated}
    ids = [role for role in own if source.kind(role) == "id"]
    named = [*ids, *(role for role in own if role in essential or source.kind(role) == "text")]
    looked_at = [role for role in own if re.search(rf"\b{role}\b", used)]
    headers = set(source.groups.values())
    listed = [role for role in dict.fromkeys(["account", *named, *looked_at]) if role in source.roles]
    return [role for role in listed if source.roles[role] not in headers and role not in headers]


def _shown(source: Source, role: str) -> str:
    """SQL of a cell as it is listed: a moment at midnight is a day."""
    kind, name = source.kind(role), identifier(role)
    if kind == "time":
        day = f"cast({name} as date)"
        return f"case when {day} = {name} then cast({day} as varchar) else cast({name} as varchar) end"
    return f"cast({name} as varchar)" if kind == "date" else name


def _role_column(source: Source, role: str) -> Column:
    kind = source.kind(role)
    unit = {"amount": "currency", "number": "currency", "count": "count", "share": "percent"}.get(kind)
    return Column(role, "value", unit) if unit else Column(role)


def _columns(
    formulas: Sequence[Formula], parts: Sequence[_Part], outputs: Sequence[str], roles: Sequence[str]
) -> list[Column | None]:
    """A column for each output that says something which no other one says.

    A value over one row where a metric is more than a count; a measure that is neither a column of the file nor the
    value itself.
    """
    measures = {one.measure.measure: one for one in parts}
    alone = {one.expression.text.strip() for one in formulas}
    columns: list[Column | None] = []
    for i, name in enumerate(outputs):
        if i < len(formulas):
            own = [measures[one] for one in formulas[i].expression.names if one in measures]
            sums = any(not _COUNT.match(one.measure.sql) for one in own)
            columns.append(Column(formulas[i].key, "value", formulas[i].unit) if sums else None)
        elif name not in measures or name in roles:
            columns.append(None)
        else:
            count = bool(_COUNT.match(measures[name].measure.sql))
            columns.append(
                None if name in alone and not count else Column(name, "value", "count" if count else "currency")
            )
    return columns


def _by_date(source: Source) -> list[str]:
    """Rows as they follow each other, where each has a day of its own."""
    shape = source.shape
    return [shape.dated] if shape.dated in source.roles and not shape.accounts_by else []


def _bare(expression: str) -> str:
    return expression.removesuffix(" desc")
