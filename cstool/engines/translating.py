"""DuckDB's SQL said in the dialect of a warehouse.

The digits must not change on the way: sums stay exact decimals, a ratio is one division of two doubles, and NULL means
what it means in DuckDB. Each rule is for one thing that dialects say in different ways; what one of them cannot
say is refused by name. The rules are in `rules_of_numbers` and `rules_of_texts`, what none of them can mend in
`unsaid`. Import any of these, `plain` and `spark_rules` only where they are needed: all know sqlglot, an extra.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from cstool.engines.dialects import DIALECTS, RESERVED
from cstool.engines.rules_of_numbers import NUMBERS, ONE, Node, Rule
from cstool.engines.rules_of_texts import TEXTS
from cstool.engines.unsaid import UnsaidError, read, refuse, refuse_casts
from cstool.errors import UsageError

__all__ = ["RULES", "Node", "condition", "settled", "translated"]

RULES: dict[type[Node], Rule] = {**NUMBERS, **TEXTS}

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# NULL is what it is elsewhere: of no rows, in a join that finds nothing, and where a column bears the name of a value.
_CLICKHOUSE = "aggregate_functions_null_for_empty join_use_nulls cast_keep_nullable prefer_column_name_to_alias".split()


def translated(sql: str, dialect: str, titles: Sequence[str] = ()) -> str:
    """One DuckDB query in another dialect, pretty-printed, without a closing semicolon; its columns bear the titles.

    Tables that are no part of the query keep their names as they are written, and so do the columns of the select that
    reads one; all other names are quoted only where they have to be, and then everywhere.

    Raises UsageError for a dialect there is none of, and for what the dialect cannot say.
    """
    if dialect not in DIALECTS:
        raise UsageError(f"--sql {dialect}: no such dialect", hint=f"dialects: {', '.join(DIALECTS)}")
    tree = _parsed(sql).copy()
    refuse(tree, dialect)
    if titles:
        _title(tree, titles)
    _settle_names(tree, dialect)
    for node in reversed(list(tree.bfs())):
        rule = RULES.get(type(node))
        changed = rule(node, dialect) if rule else node
        if changed is not node:
            node.replace(changed)
    if dialect == "clickhouse":
        tree.set("settings", [sqlglot.parse_one(f"{one} = 1", read=dialect) for one in _CLICKHOUSE])
    try:
        return tree.sql(dialect=dialect, pretty=True, unsupported_level=sqlglot.ErrorLevel.RAISE, comments=False)
    except sqlglot.UnsupportedError as error:
        raise UsageError(f"this query cannot be said in {dialect}: {str(error).splitlines()[0]}") from error


@lru_cache(maxsize=8)
def _parsed(sql: str) -> Node:
    """A query's tree, kept for the next dialect; not to be changed."""
    return read(sql)


def settled(sql: str, known: Mapping[str, str], groups: Sequence[str] = ()) -> str:
    """An expression in which names stand for what they are known to be, and what is then clear left out.

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
    kept: dict[str, str] = {}  # what would come back in other words than it was said in
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
    told: str = simplify(tree.this, dialect="duckdb").sql("duckdb")
    return reduce(lambda text, name: text.replace(name, kept[name]), kept, told)


def condition(sql: str, dialect: str, called: Callable[[str], str] = str) -> tuple[str, frozenset[str]]:
    """A condition on columns as it will be said, and the columns it names; there is nothing in it but a condition.

    `called` gives the SQL of a column by the name that the condition has for it. Raises UnsaidError for what is no
    condition, or casts in another way than the dialect; all else that the dialect cannot say is left to `refuse`.
    """
    try:
        tree = read(f"({sql}\n)")
    except sqlglot.ParseError as error:
        raise UnsaidError("no condition that can be translated") from error
    if tree.find(exp.Query, exp.Table, exp.Command, exp.Parameter, exp.Placeholder, exp.Star):
        raise UnsaidError("only a condition on the table's columns")
    refuse_casts(tree, dialect)
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


def _settle_names(tree: Node, dialect: str) -> None:
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
                name.replace(exp.to_identifier(text.upper() if dialect == "snowflake" else text, quoted=True))
        elif _PLAIN.fullmatch(text):
            name.replace(exp.to_identifier(text.lower(), quoted=text.lower() in RESERVED))
    nameless = (one for one in tree.find_all(exp.Subquery) if isinstance(one.parent, exp.From | exp.Join))
    for number, one in enumerate(sub for sub in nameless if not sub.alias):
        one.set("alias", exp.TableAlias(this=exp.to_identifier(f"part_{number}")))


def _columns(select: Node) -> list[Node]:
    """The columns that a select itself reads, those of its subqueries left aside."""
    return [one for one in select.find_all(exp.Column) if one.find_ancestor(exp.Select) is select]
