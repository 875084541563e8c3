"""How numbers and aggregates are said in each dialect, so that their digits are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import sqlglot
from sqlglot import exp

from cstool.errors import UsageError

Node = exp.Expr
Rule = Callable[[Node, str], Node]

SPARK = ("spark", "databricks")
ONE = exp.Literal.number(1)


# Numbers


def _double(node: Node, dialect: str) -> Node:
    """The double nearest to a number; ClickHouse finds it only by way of a text."""
    if isinstance(node, exp.Cast) and node.is_type("double"):
        return node.copy()
    return exp.cast(exp.cast(node.copy(), "text") if dialect == "clickhouse" else node.copy(), "double")


def _divided(node: Node, dialect: str) -> Node:
    """Two doubles, whatever the types; nothing where the divisor is zero."""
    divisor: Node = node.expression.copy()
    if not (divisor.is_number and float(divisor.name)):
        divisor = exp.func("nullif", _double(divisor, dialect), exp.Literal.number(0))
    return exp.Div(this=_double(node.this, dialect), expression=divisor, typed=False, safe=False)


def _whole_part(node: Node, dialect: str) -> Node:
    """How many times a whole number goes into another, both above zero."""
    a: Node = node.this.copy()
    b: Node = node.expression.copy()
    if dialect in ("bigquery", "duckdb", *SPARK):
        return node
    if dialect == "clickhouse":
        return exp.func("intDiv", a, b)
    if dialect == "postgres":
        return exp.func("div", a, b)
    rest = exp.Sub(this=wrapped(a), expression=exp.Mod(this=wrapped(a), expression=wrapped(b)))
    quotient = exp.Div(this=exp.Paren(this=rest), expression=wrapped(b), typed=True, safe=False)
    return exp.cast(quotient, "decimal(38, 0)")


def wrapped(node: Node) -> Node:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Binary) else node.copy()


def _rounded(node: Node, dialect: str) -> Node:
    """A double brought to so many places; PostgreSQL rounds only exact numbers, and makes them of 15 digits."""
    if dialect != "postgres" or not node.args.get("decimals"):
        return node
    exact = exp.cast(exp.cast(node.this.copy(), "text"), "decimal")
    return exp.cast(exp.Round(this=exact, decimals=node.args["decimals"].copy()), "double")


def _logarithm(node: Node, dialect: str) -> Node:
    """Of base 10 where none is named; of another base, one of base 10 divided by that of the base."""
    if dialect == "duckdb":
        return node
    if not node.expression or node.this.name == "10":
        return _of_ten(node.expression or node.this, dialect)
    base = exp.func("nullif", _of_ten(node.this, dialect), exp.Literal.number(0))
    return exp.Paren(this=exp.Div(this=_of_ten(node.expression, dialect), expression=base, typed=False, safe=False))


def _of_ten(value: Node, dialect: str) -> Node:
    given = [_double(value, dialect)]
    if dialect == "snowflake":
        given = [exp.Literal.number(10), *given]
    name = {"snowflake": "LOG", "postgres": "LOG", "redshift": "DLOG10"}.get(dialect, "LOG10")
    return exp.Anonymous(this=name.lower() if dialect == "clickhouse" else name, expressions=given)


def _cast(node: Node, dialect: str) -> Node:
    if node.is_type("int128") and dialect not in ("duckdb", "clickhouse"):
        # Not exp.cast(), which leaves a decimal of any digits as it is.
        return exp.Cast(this=node.this.copy(), to=exp.DataType.build("decimal(38, 0)"))
    if dialect == "postgres" and node.is_type("decimal") and isinstance(node.this, exp.Div):
        # A double has 17 digits as text, and only 15 where it becomes a number at once.
        return exp.cast(exp.cast(node.this.copy(), "text"), node.args["to"].copy())
    return node


def _larger(node: Node, dialect: str) -> Node:
    """The greatest or least of what is there: a NULL beside a value is passed over."""
    if dialect not in ("bigquery", "trino", "clickhouse"):
        return node
    kind = type(node)

    def of_two(a: Node, b: Node) -> Node:
        both: Node = kind(this=a.copy(), expressions=[b.copy()])
        if a.is_number or b.is_number:
            return exp.func("coalesce", both, (a if a.is_number else b).copy())
        return exp.func("coalesce", both, a.copy(), b.copy())

    values: list[Node] = [node.this, *node.expressions]
    return reduce(of_two, values)


# Aggregates


def _filtered(node: Node, dialect: str) -> Node:
    """`sum(x) filter (where y)` as the sum of a case."""
    over_rows = isinstance(node.parent, exp.Window) and dialect != "duckdb"
    if dialect not in ("snowflake", "bigquery", "redshift") and not over_rows:
        return node
    aggregate: Node = node.this.copy()
    condition = node.expression.this

    def chosen(value: Node) -> Node:
        return exp.Case(ifs=[exp.If(this=condition.copy(), true=value.copy())])

    inner = aggregate.expression.expressions[0] if isinstance(aggregate, exp.WithinGroup) else aggregate
    if isinstance(inner.this, exp.Distinct):
        inner.this.set("expressions", [chosen(one) for one in inner.this.expressions])
    elif isinstance(inner.this, exp.Star):
        inner.set("this", chosen(exp.Literal.number(1)))
    else:
        inner.set("this", chosen(inner.this))
    return aggregate


def _any(node: Node, dialect: str) -> Node:
    """Any value is the greatest one, which does not depend on the order of rows."""
    if dialect == "duckdb" or not isinstance(node.this, exp.AnyValue):
        return node
    value = node.this.this.copy()
    if isinstance(value.unnest(), exp.Predicate | exp.Connector | exp.Not | exp.Boolean):
        one, none = exp.Literal.number(1), exp.Literal.number(0)
        found = exp.Case(ifs=[exp.If(this=value, true=one)], default=none)
        return exp.Paren(this=exp.EQ(this=exp.Max(this=found), expression=one.copy()))
    return exp.Max(this=value)


def _best(node: Node, dialect: str) -> Node:
    """The value beside the greatest or least of another, of the rows that have both."""
    if dialect == "duckdb":
        return node
    value, order = node.this, node.expression
    if dialect == "redshift":
        raise UsageError("redshift cannot say the value beside the greatest of another (max_by)")
    if dialect == "postgres":
        listed = exp.ArrayAgg(
            this=exp.Order(
                this=value.copy(),
                expressions=[exp.Ordered(this=order.copy(), desc=isinstance(node, exp.ArgMax), nulls_first=False)],
            )
        )
        there = exp.and_(value.copy().is_(exp.null()).not_(), order.copy().is_(exp.null()).not_())
        found = exp.Filter(this=listed, expression=exp.Where(this=there))
        return exp.Bracket(this=exp.Paren(this=found), expressions=[exp.Literal.number(1)], offset=1)
    known = exp.Case(ifs=[exp.If(this=value.copy().is_(exp.null()).not_(), true=order.copy())])
    return type(node)(this=value.copy(), expression=known)


def _percentile(node: Node, dialect: str) -> Node:
    """A percentile between the two nearest values, as in a spreadsheet."""
    if not isinstance(node.this, exp.PercentileCont) or dialect == "duckdb":
        return node
    if dialect in ("bigquery", "trino"):
        raise UsageError(f"{dialect} has no exact percentile of a group (percentile_cont), which this needs")
    share, value = node.this.this.copy(), node.expression.expressions[0].this.copy()
    if dialect in SPARK:
        return exp.Anonymous(this="percentile", expressions=[value, share])
    if dialect == "clickhouse":
        return sqlglot.parse_one(f"quantileExactInclusive({share.sql()})({value.sql(dialect)})", read=dialect)
    return node


def key(parts: Sequence[Node]) -> Node:
    """Several values as one text, different wherever one of them is."""

    def told(part: Node) -> Node:
        text = exp.cast(part.copy(), "text")
        size = exp.cast(exp.Length(this=text.copy()), "text")
        return exp.func("coalesce", joined([size, exp.Literal.string(" "), text]), exp.Literal.string(""))

    return joined([told(part) for part in parts])


def joined(texts: Sequence[Node]) -> Node:
    """Texts one after the other, NULL where one of them is."""

    def behind(a: Node, b: Node) -> Node:
        return exp.DPipe(this=a, expression=b, safe=False)

    return reduce(behind, texts)


def _framed(node: Node, dialect: str) -> Node:
    """In a frame by distance, rows without a value see only each other, wherever they stand in the order."""
    spec = node.args.get("spec")
    if not spec or str(spec.args.get("kind")).upper() != "RANGE":
        return node
    if dialect == "redshift":
        raise UsageError("redshift has no window frame by distance (range between), which this needs")
    if dialect == "bigquery":
        for ordered in node.args["order"].expressions:
            ordered.set("nulls_first", not ordered.args.get("desc"))
    return node


def _several(node: Node, dialect: str) -> Node:
    """A count of different pairs."""
    parts = node.expressions
    if dialect == "duckdb" or not (len(parts) == 1 and isinstance(parts[0], exp.Tuple)):
        return node
    return exp.Distinct(expressions=[key(parts[0].expressions)])


NUMBERS: dict[type[Node], Rule] = {
    exp.ArgMax: _best,
    exp.ArgMin: _best,
    exp.Cast: _cast,
    exp.Distinct: _several,
    exp.Div: _divided,
    exp.Filter: _filtered,
    exp.Greatest: _larger,
    exp.IgnoreNulls: _any,
    exp.IntDiv: _whole_part,
    exp.Least: _larger,
    exp.Log: _logarithm,
    exp.Round: _rounded,
    exp.Window: _framed,
    exp.WithinGroup: _percentile,
}
