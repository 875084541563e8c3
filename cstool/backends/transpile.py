"""DuckDB's SQL transpiled to the dialect of a warehouse, with the digits and NULLs that DuckDB gives.

What a dialect cannot express is refused by name. Import this module, `semantic_expressions` and the files of dialects
only where they are needed: all know sqlglot, an extra.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from cstool.backends.dialects import DIALECTS, RESERVED, load
from cstool.backends.dialects.base import ONE, Dialect
from cstool.backends.unsupported import Node, UnsupportedError, read, refuse_unlisted
from cstool.errors import UsageError

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def transpile(sql: str, name: str, titles: Sequence[str] = ()) -> str:
    """One DuckDB query in another dialect, pretty-printed, without a closing semicolon; its columns have the titles.

    Tables that are no part of the query keep their names as they are written, and so do the columns of the select that
    reads one; all other names are quoted only where they have to be, and then everywhere.

    Raises UsageError for an unknown dialect, and for what the dialect cannot express.
    """
    if name not in DIALECTS:
        raise UsageError(f"--sql {name}: no such dialect", hint=f"dialects: {', '.join(DIALECTS)}", code="unknown-name")
    dialect = load(name)
    try:
        tree = _parsed(sql).copy()
    except sqlglot.ParseError as error:  # a condition may be printed in a form that the parser does not take back
        raise UnsupportedError(
            f"the condition cannot be expressed in {name}", hint="write it in a simpler way"
        ) from error
    dialect.refuse(tree)
    if titles:
        _title(tree, titles)
    _quote_names(tree, dialect)
    dialect.rewrite(tree)
    tree.set("settings", [sqlglot.parse_one(one, read=name) for one in dialect.settings] or None)
    try:
        text: str = tree.sql(dialect=name, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False)
    except sqlglot.UnsupportedError as error:
        raise UsageError(
            f"this query cannot be expressed in {name}: {str(error).splitlines()[0]}", code="unsupported-in-dialect"
        ) from error
    refuse_unlisted(tree, text, dialect)
    return text


@lru_cache(maxsize=8)
def _parsed(sql: str) -> Node:
    """A query's tree, cached for the next dialect; not to be changed."""
    return read(sql)


def fold(sql: str, known: Mapping[str, str], groups: Sequence[str] = ()) -> str:
    """An expression with known names replaced by their values, simplified.

    `each_group` stands for all `groups`.
    """
    if not any(re.search(rf"\b{name}\b", sql) for name in ("each_group", *known)):
        return sql
    tree: Node = exp.Paren(this=read(sql))
    for column in list(tree.find_all(exp.Column)):
        if column.name == "each_group" and isinstance(column.parent, exp.Window):
            column.parent.set("partition_by", [one for one in column.parent.args["partition_by"] if one is not column])
            column.parent.args["partition_by"][:0] = [exp.column(group) for group in groups]
        elif column.name == "each_group":
            own: list[Node] = [exp.column(group) for group in groups]
            own = own or [ONE.copy()]
            column.replace(own[0] if len(own) == 1 else exp.Anonymous(this="row", expressions=own))
        elif column.name in known and not column.table:
            column.replace(sqlglot.parse_one(known[column.name], read="duckdb"))
    kept: dict[str, str] = {}  # what simplifying would write differently
    for one in list(tree.find_all(exp.WithinGroup)):
        if isinstance(one.this, exp.PercentileCont):
            name = f"percentile_{len(kept)}"
            order = one.expression.expressions[0].this.sql("duckdb")
            kept[name] = f"percentile_cont({one.this.this.sql()}) within group (order by {order})"
            one.replace(exp.column(name))
    for value in list(tree.find_all(exp.IgnoreNulls)):
        if isinstance(value.this, exp.AnyValue) and isinstance(value.this.this, exp.Boolean):
            value.replace(value.this.this)
    for choice in reversed(list(tree.find_all(exp.Case))):
        choice.replace(simplify(choice.copy(), dialect="duckdb"))
    text: str = simplify(tree.this, dialect="duckdb").sql("duckdb")
    return reduce(lambda whole, name: whole.replace(name, kept[name]), kept, text)


def condition(sql: str, dialect: str, called: Callable[[str], str] = str) -> tuple[str, frozenset[str]]:
    """A condition on columns ready to be transpiled, and the columns it names.

    `called` gives the SQL of a column by the name that the condition has for it. Raises UnsupportedError for what is no
    condition, or casts in another way than the dialect; `transpile` refuses all else.
    """
    try:
        tree = read(f"({sql}\n)")
    except sqlglot.ParseError as error:
        raise UnsupportedError("no condition that can be translated") from error
    if tree.find(exp.Query, exp.Table, exp.Command, exp.Parameter, exp.Placeholder, exp.Star):
        raise UnsupportedError("only a condition on the table's columns")
    load(dialect).refuse_casts(tree)
    columns = list(tree.find_all(exp.Column))
    names = {".".join(part.name for part in column.parts) for column in columns}
    for column in columns:
        column.replace(sqlglot.parse_one(called(column.sql("duckdb")), read="duckdb"))
    return tree.sql("duckdb", comments=False), frozenset(names)


# Names


def _title(query: Node, titles: Sequence[str]) -> None:
    """The columns of a query named as they are to be shown; titles are names as SQL writes them."""
    assert isinstance(query, exp.Query)
    named = [
        exp.Alias(this=column.unalias(), alias=exp.to_identifier(sqlglot.parse_one(title, read="duckdb").this))
        for column, title in zip(query.selects, titles, strict=True)
    ]
    query.set("expressions", named)


def _quote_names(tree: Node, dialect: Dialect) -> None:
    """One way to write each name of the query's own, and an alias for every subquery that is read from."""
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    theirs: set[int] = set()
    for table in tree.find_all(exp.Table):
        if table.args.get("db") or table.name.lower() not in own:
            select = table.find_ancestor(exp.Select)
            columns = _columns(select) if select else []
            theirs.update(id(one) for part in [table, *columns] for one in part.find_all(exp.Identifier))
    for name in tree.find_all(exp.Identifier):
        text = name.name
        if id(name) in theirs:
            if not name.quoted and text.lower() in RESERVED:
                name.replace(exp.to_identifier(text.upper() if dialect.upper_names else text, quoted=True))
        elif _PLAIN.fullmatch(text):
            name.replace(exp.to_identifier(text.lower(), quoted=text.lower() in RESERVED))
    nameless = (one for one in tree.find_all(exp.Subquery) if isinstance(one.parent, exp.From | exp.Join))
    for number, one in enumerate(sub for sub in nameless if not sub.alias):
        one.set("alias", exp.TableAlias(this=exp.to_identifier(f"part_{number}")))


def _columns(select: Node) -> list[Node]:
    """The columns that a select itself reads, those of its subqueries left aside."""
    return [one for one in select.find_all(exp.Column) if one.find_ancestor(exp.Select) is select]
