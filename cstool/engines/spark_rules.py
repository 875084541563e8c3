"""DuckDB's SQL in Spark's words, so that every digit comes out the same.

Most of it is said as for any warehouse. The rules here are for what Spark alone says otherwise, for what reads files,
and for percentiles, which lie between two rows by DuckDB's own arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from cstool.engines.duck import EngineError
from cstool.engines.spark_dates import shaped
from cstool.engines.spark_selects import SELECTS, call, filled
from cstool.engines.translating import RULES, Node


@lru_cache(maxsize=256)
def to_spark(sql: str) -> str:
    """A query in Spark's SQL. Raises EngineError for what is no SQL, or what Spark cannot say."""
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
        for node in reversed(list(tree.bfs())):
            own, shared = _RULES.get(type(node)), RULES.get(type(node))
            changed = own(node) if own else shared(node, "spark") if shared else node
            if changed is not node:
                node.replace(changed)
        return tree.sql("spark", identify=True, unsupported_level=sqlglot.ErrorLevel.RAISE)
    except SqlglotError as error:
        raise EngineError(f"Spark cannot say this: {str(error).splitlines()[0]}") from error


def _number(value: int) -> Node:
    return exp.Literal.number(value)


# Numbers


def _whole_part(node: Node) -> Node:
    """`div` gives 64 bits; of what is wider, the part that divides is divided."""
    whole, divisor = exp.paren(node.this), _not_zero(node.expression)
    if not any(cast.is_type("decimal", "int128") for cast in whole.find_all(exp.Cast)):
        return filled("whole div divisor", whole=whole, divisor=divisor)
    exact = "cast((whole - whole % divisor) / divisor as decimal(38, 0))"
    return filled(exact, whole=whole, divisor=divisor)


def _remainder(node: Node) -> Node:
    return filled("whole % divisor", whole=exp.paren(node.this), divisor=_not_zero(node.expression))


def _not_zero(divisor: Node) -> Node:
    """Nothing for zero, by which Spark refuses to divide."""
    if divisor.is_number and float(divisor.name):
        return divisor
    return filled("nullif(divisor, 0)", divisor=divisor)


# Aggregates


_BETWEEN = """
    transform(array(sort_array(listed)), l -> element_at(l, int(floor((size(l) - 1) * share)) + 1)
      * (1 - ((size(l) - 1) * share - floor((size(l) - 1) * share)))
      + element_at(l, int(ceil((size(l) - 1) * share)) + 1)
      * ((size(l) - 1) * share - floor((size(l) - 1) * share)))[0]
"""


def _percentile(node: Node) -> Node:
    """Between the two nearest values; the list of all of them is sorted, as is Spark's own percentile's."""
    if isinstance(node.parent, exp.Filter) or not isinstance(node.this, exp.PercentileCont):
        return node
    return _between(node, None)


def _between(node: Node, chosen: Node | None) -> Node:
    share = exp.cast(node.this.this.copy(), "double")
    values: Node = exp.ArrayAgg(this=exp.cast(node.expression.expressions[0].this.copy(), "double"))
    if chosen:
        values = exp.Filter(this=values, expression=chosen.copy())
    nothing = exp.func("nullif", call("size", values), _number(0))
    between = filled(_BETWEEN, listed=values, share=share)
    return exp.Case(ifs=[exp.If(this=nothing.is_(exp.null()).not_(), true=between)])


def _filtered(node: Node) -> Node:
    if isinstance(node.this, exp.WithinGroup) and isinstance(node.this.this, exp.PercentileCont):
        return _between(node.this, node.expression)
    return node


def _sum(node: Node) -> Node:
    """Doubles summed in an order are a list that is sorted."""
    order = node.this
    if not isinstance(order, exp.Order):
        return node
    listed = "aggregate(array_sort(collect_list(struct(place as k, value as v))), 0D, (s, x) -> s + x.v)"
    return filled(listed, place=order.expressions[0].this, value=order.this)


def _distinct(node: Node) -> Node:
    """A pair counts also where a part of it is missing."""
    parts = node.expressions
    pair = len(parts) == 1 and isinstance(parts[0], exp.Tuple)
    return exp.Distinct(expressions=[call("struct", *parts[0].expressions)]) if pair else node


def _extreme(node: Node) -> Node:
    """The greatest or least of one value is that value."""
    return node if node.expressions else node.this


def _sorted(node: Node) -> Node:
    """`list_sort(list(distinct x))`."""
    listed = node.this
    if isinstance(listed, exp.ArrayAgg) and isinstance(listed.this, exp.Distinct):
        return call("sort_array", call("collect_set", listed.this.expressions[0]))
    return node


# Times


def _difference(node: Node) -> Node:
    """Days, months and seconds by the boundaries that lie between two moments."""
    unit, last, first = str(node.args["unit"]).lower(), node.this, node.expression
    if unit == "day":
        return filled("datediff(last, first)", last=last, first=first)
    if unit == "month":
        months = "((year(last) * 12 + month(last)) - (year(first) * 12 + month(first)))"
        return filled(months, last=last, first=first)
    if unit == "second":
        seconds = "(unix_seconds(cast(last as timestamp_ltz)) - unix_seconds(cast(first as timestamp_ltz)))"
        return filled(seconds, last=last, first=first)
    raise EngineError(f"Spark cannot say how many {unit}s lie between two moments")


def _weekday(node: Node) -> Node:
    return filled("(weekday(day) + 1)", day=node.this)


def _parsed_time(given: Sequence[Node]) -> Node:
    text, formats = given
    found = [
        filled(
            "case when text rlike shape then try_to_timestamp(text, pattern) end",
            text=text,
            shape=exp.Literal.string(shape),
            pattern=exp.Literal.string(pattern),
        )
        for shape, pattern in shaped([str(one.this) for one in formats.expressions])
    ]
    return found[0] if len(found) == 1 else exp.Coalesce(this=found[0], expressions=found[1:])


# Texts


def _whole_match(node: Node) -> Node:
    pattern = exp.Literal.string(rf"\A(?:{node.expression.this})\z")
    return exp.RegexpLike(this=node.this.copy(), expression=pattern)


def _replaced(node: Node) -> Node:
    """A group is named $1 by Java, and \\1 by DuckDB; every place is replaced without being told so."""
    text = node.args.get("replacement")
    made = node.copy()
    made.set("modifiers", None)
    if text is not None and text.is_string:
        made.set("replacement", exp.Literal.string(re.sub(r"\\(\d)", r"$\1", str(text.this).replace("$", r"\$"))))
    return made


_NAMED: Mapping[str, Callable[[Sequence[Node]], Node]] = {
    "row": lambda given: call("struct", *given),
    "strlen": lambda given: call("octet_length", *given),
    "to_minutes": lambda given: call("make_dt_interval", _number(0), _number(0), *given),
    "to_seconds": lambda given: call("make_dt_interval", _number(0), _number(0), _number(0), *given),
    "try_strptime": _parsed_time,
}


def _named(node: Node) -> Node:
    made = _NAMED.get(node.name.lower())
    return made(node.expressions) if made else node


_RULES: Mapping[type[Node], Callable[[Node], Node]] = {
    **SELECTS,
    exp.Anonymous: _named,
    exp.ArraySort: _sorted,
    exp.DateDiff: _difference,
    exp.DayOfWeekIso: _weekday,
    exp.Distinct: _distinct,
    exp.Filter: _filtered,
    exp.Greatest: _extreme,
    exp.IntDiv: _whole_part,
    exp.Least: _extreme,
    exp.Mod: _remainder,
    exp.RegexpFullMatch: _whole_match,
    exp.RegexpReplace: _replaced,
    exp.Sum: _sum,
    exp.WithinGroup: _percentile,
}
