"""Formulas taken apart for semantic layers: aggregates of plain expressions, and arithmetic over them.

Import this module only where it is needed: sqlglot is an extra.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

Node = exp.Expr

# What every warehouse writes alike.
_PLAIN = (
    *(exp.Column, exp.Identifier, exp.Literal, exp.Boolean, exp.Null, exp.Paren, exp.Case, exp.If, exp.Coalesce),
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Not, exp.And, exp.Or, exp.Is, exp.In, exp.Between, exp.Like),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Nullif, exp.Abs, exp.Floor, exp.Greatest, exp.Least),
    *(exp.Cast, exp.DataType, exp.DataTypeParam, exp.Lower, exp.Upper, exp.Trim, exp.Pow, exp.Sqrt, exp.Round),
)


class NotPlainError(ValueError):
    """A formula that is no arithmetic over aggregates; the text is why."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A sum, count or the like over rows: how it adds up, and of what."""

    how: str
    of: str
    percentile: str = ""


def inlined(sql: str, known: Mapping[str, str]) -> str:
    """An expression in which names stand for the expressions they are known to be."""
    tree: Node = exp.Paren(this=sqlglot.parse_one(sql, read="duckdb"))
    for column in list(tree.find_all(exp.Column)):
        if column.name in known:
            value = sqlglot.parse_one(known[column.name], read="duckdb")
            column.replace(exp.Paren(this=value) if isinstance(value, exp.Binary | exp.Not) else value)
    return str(tree.this.sql("duckdb"))


def taken_apart(sql: str, name: str) -> tuple[str, dict[str, Aggregate]]:
    """A measure as an expression over aggregates, and these by name: `name` itself where there is but one.

    Raises NotPlainError.
    """
    tree: Node = exp.Paren(this=sqlglot.parse_one(sql, read="duckdb"))
    if window := tree.find(exp.Window):
        raise NotPlainError(f"it compares a row with others ({window.this.sql().lower()} over ...)")
    found: dict[Aggregate, Node] = {}
    for one in list(tree.find_all(exp.IgnoreNulls)):
        one.replace(one.this)
    places = [one for one in tree.find_all(exp.Filter, exp.WithinGroup, exp.AggFunc) if not _inside(one)]
    for place in places:
        found.setdefault(_aggregate(place), place)
    names = {one: name if len(found) == 1 else f"{name}_{i}" for i, one in enumerate(found, 1)}
    for place in places:
        place.replace(exp.column(names[_aggregate(place)]))
    return arithmetic(tree.this.sql("duckdb"), {}), {own: one for one, own in names.items()}


def _inside(node: Node) -> bool:
    return node.find_ancestor(exp.Filter, exp.WithinGroup, exp.AggFunc) is not None


def _aggregate(place: Node) -> Aggregate:
    condition = place.expression.this if isinstance(place, exp.Filter) else None
    own = place.this if isinstance(place, exp.Filter) else place
    if isinstance(own, exp.WithinGroup) and isinstance(own.this, exp.PercentileCont):
        of = own.expression.expressions[0].this
        return Aggregate("percentile", _said(_chosen(of, condition)), own.this.this.sql())
    if isinstance(own, exp.PercentileCont) and own.expression:  # as quantile_cont(value, share)
        share = own.expression.find(exp.Literal)
        return Aggregate("percentile", _said(_chosen(own.this, condition)), share.name if share else "")
    if isinstance(own, exp.Count):
        if isinstance(own.this, exp.Distinct):
            if len(own.this.expressions) != 1 or isinstance(own.this.expressions[0], exp.Tuple):
                raise NotPlainError("it counts different pairs")
            return Aggregate("count_distinct", _said(_chosen(own.this.expressions[0], condition)))
        there = None if isinstance(own.this, exp.Star) else own.this.copy().is_(exp.null()).not_()
        both = exp.and_(*(one.copy() for one in (condition, there) if one is not None)) if condition or there else None
        counted = _chosen(exp.Literal.number(1), both, exp.Literal.number(0)) if both else exp.Literal.number(1)
        return Aggregate("sum", _said(counted))
    if isinstance(own, exp.Sum):
        return Aggregate("sum", _said(_chosen(own.this, condition, exp.Literal.number(0))))
    if isinstance(own, exp.Max | exp.Min | exp.AnyValue):
        return Aggregate("min" if isinstance(own, exp.Min) else "max", _said(_chosen(own.this, condition)))
    raise NotPlainError(
        f"a semantic model has no {own.sql_name().lower() if isinstance(own, exp.Func) else 'such sum'}"
    )


def _chosen(value: Node, condition: Node | None, otherwise: Node | None = None) -> Node:
    if condition is None:
        return value
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())], default=otherwise)


def _said(node: Node) -> str:
    for one in node.walk():
        if not isinstance(one, _PLAIN):
            raise NotPlainError(
                f"warehouses differ in {one.sql_name().lower() if isinstance(one, exp.Func) else one.key}"
            )
    return str(_divisions(node.copy()).sql())


def _divisions(node: Node) -> Node:
    """No division of whole numbers, and none by zero."""
    root: Node = exp.Paren(this=node)
    for one in reversed(list(root.find_all(exp.Div))):
        if isinstance(one.this, exp.Mul) and one.this.this.sql() == "1.0":
            continue  # it has been through this
        divisor = one.expression
        if not divisor.is_number and not isinstance(divisor, exp.Nullif):
            divisor = exp.func("nullif", divisor.copy(), exp.Literal.number(0))
        top = exp.Mul(this=exp.Literal.number("1.0"), expression=_wrapped(one.this))
        one.replace(exp.Div(this=top, expression=divisor.copy(), typed=False, safe=False))
    settled: Node = root.this
    return settled


def _wrapped(node: Node) -> Node:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Binary) else node.copy()


def arithmetic(sql: str, known: Mapping[str, str]) -> str:
    """A formula over names as plain SQL. Raises NotPlainError."""
    tree = sqlglot.parse_one(inlined(sql, known), read="duckdb")
    return tree.sql("duckdb") if not known else _said(tree)


def ratio(sql: str) -> tuple[str, str] | None:
    """The two names of a formula that is one divided by the other."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    if isinstance(tree, exp.Div) and isinstance(tree.this, exp.Column) and isinstance(tree.expression, exp.Column):
        return tree.this.name, tree.expression.name
    return None


def names(sql: str) -> list[str]:
    """The names in an expression, each once, in their order."""
    return list(
        dict.fromkeys(one.name for one in sqlglot.parse_one(sql, read="duckdb").find_all(exp.Column, bfs=False))
    )
