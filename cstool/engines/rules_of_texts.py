"""How days, texts and comparisons are said in each dialect."""

from __future__ import annotations

from sqlglot import exp

from cstool.engines.rules_of_numbers import ONE, SPARK, Node, Rule, joined, key, wrapped
from cstool.errors import UsageError

# Days


def _days(node: Node, dialect: str) -> Node:
    """The days between two days; a time counts as its day."""
    if str(node.args.get("unit")).upper() == "DAY":
        days = {"this": _day(node.this), "expression": _day(node.expression), "unit": exp.var("DAY")}
        return exp.DateDiff(**days, date_part_boundary=True)
    if dialect == "bigquery":
        return exp.func("datetime_diff", node.this.copy(), node.expression.copy(), node.args["unit"].copy())
    return node


def _day(node: Node) -> Node:
    return node.copy() if isinstance(node, exp.Cast) and node.is_type("date") else exp.cast(node.copy(), "date")


def _made_date(node: Node, dialect: str) -> Node:
    parts = [node.args[name].copy() for name in ("year", "month", "day")]
    if dialect == "postgres":
        return exp.func("make_date", *(exp.cast(part, "int") for part in parts))
    if dialect == "clickhouse":
        return exp.func("makeDate", *parts)
    if dialect in ("redshift", "trino"):
        texts = (exp.cast(exp.cast(part, "int"), "varchar") for part in parts)
        padded = [
            exp.func("lpad", text, exp.Literal.number(size), exp.Literal.string("0"))
            for text, size in zip(texts, (4, 2, 2), strict=True)
        ]
        return exp.cast(
            joined([padded[0], exp.Literal.string("-"), padded[1], exp.Literal.string("-"), padded[2]]), "date"
        )
    return node


def _part_of_day(node: Node, dialect: str) -> Node:
    """The year, month or quarter of a day as a whole number."""
    if dialect not in ("postgres", "redshift"):
        return node
    return exp.cast(exp.Extract(this=exp.var(type(node).__name__.upper()), expression=node.this.copy()), "int")


def _weekday(node: Node, dialect: str) -> Node:
    """1 for Monday to 7 for Sunday."""
    if dialect == "postgres":
        return exp.cast(exp.Extract(this=exp.var("ISODOW"), expression=node.this.copy()), "int")
    if dialect == "redshift":
        sunday = exp.Extract(this=exp.var("DOW"), expression=node.this.copy())
        return exp.Case(
            ifs=[exp.If(this=sunday.copy().eq(exp.Literal.number(0)), true=exp.Literal.number(7))], default=sunday
        )
    return node


# Texts and comparisons


def _pattern(node: Node, dialect: str) -> Node:
    """Whether a pattern is found anywhere in a text; Snowflake's own test is of the whole text."""
    if dialect == "snowflake":
        return exp.func("regexp_instr", node.this.copy(), node.expression.copy()) > 0
    return node


def _replaced(node: Node, dialect: str) -> Node:
    """All places of a pattern: most dialects need not be told so, and take no letter for it."""
    if dialect not in ("duckdb", "postgres") and node.args.get("modifiers"):
        node.set("modifiers", None)
    return node


def _whole_pattern(node: Node, dialect: str) -> Node:
    if dialect == "duckdb":
        return node
    pattern = exp.Literal.string(f"^({node.expression.name})$")
    return _pattern(exp.RegexpLike(this=node.this.copy(), expression=pattern), dialect)


def _contains(node: Node, _: str) -> Node:
    return exp.Paren(this=exp.StrPosition(this=node.this.copy(), substr=node.expression.copy()) > 0)


def _concatenated(node: Node, dialect: str) -> Node:
    """Texts one after the other, of which those that are not there are empty."""
    if dialect in ("duckdb", "postgres", *SPARK):
        return node
    empty = exp.Literal.string("")
    texts = [exp.func("coalesce", exp.cast(one.copy(), "text"), empty.copy()) for one in node.expressions]
    return exp.Paren(this=joined(texts))


def _begins(node: Node, _: str) -> Node:
    size = exp.Length(this=node.expression.copy())
    return exp.Paren(this=exp.Left(this=node.this.copy(), expression=size).eq(node.expression.copy()))


def _ends(node: Node, _: str) -> Node:
    size = exp.Length(this=node.expression.copy())
    return exp.Paren(this=exp.Right(this=node.this.copy(), expression=size).eq(node.expression.copy()))


def _named(node: Node, dialect: str) -> Node:
    """Functions that sqlglot does not know."""
    if dialect == "duckdb":
        return node
    name, arguments = node.name.lower(), node.expressions
    if name == "row":
        return key(arguments)
    if name in ("prefix", "suffix"):
        found = exp.StartsWith(this=arguments[0].copy(), expression=arguments[1].copy())
        return _begins(found, dialect) if name == "prefix" else _ends(found, dialect)
    if name in ("percentile", "intdiv", "div", "make_date", "makedate", "datetime_diff", "regexp_instr"):
        return node
    raise UsageError(f"{name} cannot be said in {dialect}")


def _same(node: Node, dialect: str) -> Node:
    """`a is not distinct from b`: two NULLs are the same."""
    if dialect not in ("redshift", "clickhouse"):
        return node
    a, b = node.this, node.expression
    nothing = exp.and_(a.copy().is_(exp.null()), b.copy().is_(exp.null()))
    equal = exp.func("coalesce", exp.Paren(this=a.copy().eq(b.copy())), exp.false())
    same: Node = exp.Paren(this=exp.or_(equal, nothing))
    return same if isinstance(node, exp.NullSafeEQ) else exp.not_(same)


def _listed(node: Node, dialect: str) -> Node:
    """Numbers of a range as rows."""
    series = node.this
    if not isinstance(series, exp.GenerateSeries) or dialect in ("duckdb", *SPARK):
        return node
    start, end = series.args["start"].copy(), series.args["end"].copy()
    if dialect == "postgres":
        return exp.Anonymous(this="generate_series", expressions=[start, exp.Sub(this=wrapped(end), expression=ONE)])
    if dialect == "clickhouse":
        return exp.Anonymous(this="arrayJoin", expressions=[exp.Anonymous(this="range", expressions=[start, end])])
    raise UsageError(f"{dialect} cannot make a row of each number of a range")


TEXTS: dict[type[Node], Rule] = {
    exp.Anonymous: _named,
    exp.Concat: _concatenated,
    exp.Contains: _contains,
    exp.DateDiff: _days,
    exp.DateFromParts: _made_date,
    exp.DayOfWeekIso: _weekday,
    exp.EndsWith: _ends,
    exp.Explode: _listed,
    exp.Month: _part_of_day,
    exp.NullSafeEQ: _same,
    exp.NullSafeNEQ: _same,
    exp.Quarter: _part_of_day,
    exp.RegexpFullMatch: _whole_pattern,
    exp.RegexpLike: _pattern,
    exp.RegexpReplace: _replaced,
    exp.StartsWith: _begins,
    exp.Year: _part_of_day,
}
