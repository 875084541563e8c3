"""Selects, windows and recursions in Spark's words, and how an expression of Spark's is built."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp

from cstool.engines.duck import EngineError
from cstool.engines.translating import Node


def call(name: str, *arguments: Node) -> Node:
    """A function of Spark's, called."""
    return exp.Anonymous(this=name, expressions=[one.copy() for one in arguments])


def filled(sql: str, /, **parts: Node) -> Node:
    """An expression of Spark's SQL, its names filled with the parts."""
    made = sqlglot.parse_one(sql, read="spark")
    for column in list(made.find_all(exp.Column)):
        if column.name in parts and not column.table:
            column.replace(parts[column.name].copy())
    return made


def _select(node: Node) -> Node:
    """`* replace (...)` as `* except (...)` with the new columns behind it; lists unnested side by side as one."""
    columns: list[Node] = []
    for one in node.expressions:
        replaced = one.args.get("replace") if isinstance(one, exp.Star) else None
        if replaced:
            columns += [exp.Star(except_=[exp.to_identifier(own.alias) for own in replaced]), *replaced]
        else:
            columns.append(one)
    lists = [one for one in columns if isinstance(one, exp.Alias) and isinstance(one.this, exp.Explode)]
    if len(lists) > 1:
        zipped = call("inline", call("arrays_zip", *(one.this.this for one in lists)))
        names = [exp.to_identifier(one.alias) for one in lists]
        columns = [one for one in columns if one not in lists] + [exp.Aliases(this=zipped, expressions=names)]
    node.set("expressions", columns)
    _settle_windows(node)
    return node


def _settle_windows(select: Node) -> None:
    """A window that names a column made beside it has to say that column itself."""
    made: dict[str, Node] = {}
    for one in select.expressions:
        for window in list(one.find_all(exp.Window)):
            _say(window, made)
        if not isinstance(one, exp.Alias):
            continue
        value = exp.paren(one.this.copy())
        _say(value, made)
        if not any(column.name == one.alias for column in value.find_all(exp.Column)):
            made[one.alias] = value


def _say(node: Node, made: Mapping[str, Node]) -> None:
    for column in list(node.find_all(exp.Column)):
        if column.name in made and not column.table:
            column.replace(made[column.name].copy())


def _window(node: Node) -> Node:
    """Over a window Spark takes no filter, and counts no different values; but it can list them."""
    over = node.this
    window = node.copy()
    if isinstance(over, exp.Filter):
        chosen = exp.Case(ifs=[exp.If(this=over.expression.this.copy(), true=over.this.this.copy())])
        window.this.replace(type(over.this)(this=chosen))
        return window
    if not (isinstance(over, exp.Count) and isinstance(over.this, exp.Distinct)):
        return node
    window.set("this", call("collect_set", over.this.expressions[0]))
    return exp.cast(call("size", window), "bigint")


def _with(node: Node) -> Node:
    """A series counted up, each value from the one before: Spark has no recursion, but it can fold."""
    made = node.copy()
    for cte in made.expressions:
        if made.args.get("recursive") and isinstance(cte.this, exp.Union):
            cte.set("this", _folded(cte.this, cte.alias))
    made.set("recursive", False)
    return made


def _folded(union: Node, name: str) -> Node:
    """`select 0 as n, start as value from t union all select n + 1, next from NAME, t where n < last`."""
    first, then = union.this, union.expression
    counter, value = first.expressions
    where = then.args.get("where")
    tables = [one.name for one in then.find_all(exp.Table)]
    source = first.args["from_"].this if first.args.get("from_") else None
    if not (where and isinstance(where.this, exp.LT) and source and tables == [name, source.name]):
        raise EngineError("Spark cannot say this recursion")
    following = exp.Lambda(
        this=then.expressions[1].copy(), expressions=[exp.to_identifier(value.alias), exp.to_identifier("step")]
    )
    steps = filled("if(n > 0, sequence(1, n), array())", n=exp.column(counter.alias))
    series = filled("explode(sequence(0, last))", last=where.this.expression)
    numbered = exp.select("*", exp.alias_(series, counter.alias)).from_(source.copy())
    folded = call("aggregate", steps, value.this, following)
    return exp.select(counter.alias, exp.alias_(folded, value.alias)).from_(numbered.subquery(source.name))


SELECTS: Mapping[type[Node], Callable[[Node], Node]] = {exp.Select: _select, exp.Window: _window, exp.With: _with}
