"""DuckDB's SQL said in the dialect of a warehouse: the only room that knows sqlglot.

The digits must not change on the way: sums stay exact decimals, a ratio is one division of two doubles, and NULL means
what it means in DuckDB. Each rule below is for one thing that dialects say in different ways; what one of them cannot
say is refused by name. Import this module where a query is translated, not before: sqlglot is an extra.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.simplify import simplify

from cstool.engines.dialects import DIALECTS, RESERVED
from cstool.errors import UsageError

Node = exp.Expr
Rule = Callable[[Node, str], Node]

_SPARK = ("spark", "databricks")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# NULL is what it is elsewhere: of no rows, in a join that finds nothing, and where a column bears the name of a value.
_CLICKHOUSE = "aggregate_functions_null_for_empty join_use_nulls cast_keep_nullable prefer_column_name_to_alias".split()


def translated(sql: str, dialect: str) -> str:
    """One DuckDB query in another dialect, pretty-printed, without a closing semicolon.

    Tables that are no part of the query keep their names as they are written, and so do the columns of the select that
    reads one; all other names are quoted only where they have to be, and then everywhere.

    Raises UsageError for a dialect there is none of, and for what the dialect cannot say.
    """
    if dialect not in DIALECTS:
        raise UsageError(f"--sql {dialect}: no such dialect", hint=f"dialects: {', '.join(DIALECTS)}")
    tree = _parsed(sql).copy()
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
    return sqlglot.parse_one(sql, read="duckdb")


def settled(sql: str, known: Mapping[str, str], groups: Sequence[str] = ()) -> str:
    """An expression in which names stand for what they are known to be, and what is then clear left out.

    `each_group` stands for all `groups`.
    """
    if not any(re.search(rf"\b{name}\b", sql) for name in ("each_group", *known)):
        return sql
    tree: Node = exp.Paren(this=sqlglot.parse_one(sql, read="duckdb"))
    for column in list(tree.find_all(exp.Column)):
        if column.name == "each_group" and isinstance(column.parent, exp.Window):
            column.parent.set("partition_by", [one for one in column.parent.args["partition_by"] if one is not column])
            column.parent.args["partition_by"][:0] = [exp.column(group) for group in groups]
        elif column.name == "each_group":
            own = [exp.column(group) for group in groups] or [_ONE.copy()]
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
    told = simplify(tree.this, dialect="duckdb").sql("duckdb")
    return reduce(lambda text, name: text.replace(name, kept[name]), kept, told)


def condition(sql: str, called: Callable[[str], str]) -> tuple[str, frozenset[str]]:
    """A condition on columns as it will be said, and the columns it names; there is nothing in it but a condition.

    `called` gives the SQL of a column by the name that the condition has for it. Raises UsageError.
    """
    try:
        tree = sqlglot.parse_one(f"({sql}\n)", read="duckdb")
    except sqlglot.ParseError as error:
        raise UsageError("--where: no condition that can be translated") from error
    if tree.find(exp.Query, exp.Table, exp.Command, exp.Parameter, exp.Placeholder, exp.Star):
        raise UsageError("--where: only a condition on the table's columns")
    columns = list(tree.find_all(exp.Column))
    names = {".".join(part.name for part in column.parts) for column in columns}
    for column in columns:
        column.replace(sqlglot.parse_one(called(column.sql("duckdb")), read="duckdb"))
    return tree.sql("duckdb", comments=False), frozenset(names)


# Names


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
    if dialect in ("bigquery", "duckdb", *_SPARK):
        return node
    if dialect == "clickhouse":
        return exp.func("intDiv", a, b)
    if dialect == "postgres":
        return exp.func("div", a, b)
    rest = exp.Sub(this=_wrapped(a), expression=exp.Mod(this=_wrapped(a), expression=_wrapped(b)))
    quotient = exp.Div(this=exp.Paren(this=rest), expression=_wrapped(b), typed=True, safe=False)
    return exp.cast(quotient, "decimal(38, 0)")


def _wrapped(node: Node) -> Node:
    return exp.Paren(this=node.copy()) if isinstance(node, exp.Binary) else node.copy()


def _rounded(node: Node, dialect: str) -> Node:
    """A double brought to so many places; PostgreSQL rounds only exact numbers, and makes them of 15 digits."""
    if dialect != "postgres" or not node.args.get("decimals"):
        return node
    exact = exp.cast(exp.cast(node.this.copy(), "text"), "decimal")
    return exp.cast(exp.Round(this=exact, decimals=node.args["decimals"].copy()), "double")


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
    if dialect in _SPARK:
        return exp.Anonymous(this="percentile", expressions=[value, share])
    if dialect == "clickhouse":
        return sqlglot.parse_one(f"quantileExactInclusive({share.sql()})({value.sql(dialect)})", read=dialect)
    return node


def _key(parts: Sequence[Node]) -> Node:
    """Several values as one text, different wherever one of them is."""

    def told(part: Node) -> Node:
        text = exp.cast(part.copy(), "text")
        size = exp.cast(exp.Length(this=text.copy()), "text")
        return exp.func("coalesce", _joined([size, exp.Literal.string(" "), text]), exp.Literal.string(""))

    return _joined([told(part) for part in parts])


def _joined(texts: Sequence[Node]) -> Node:
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
    return exp.Distinct(expressions=[_key(parts[0].expressions)])


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
            _joined([padded[0], exp.Literal.string("-"), padded[1], exp.Literal.string("-"), padded[2]]), "date"
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
    if not node.expression.is_string:
        raise UsageError(f"regexp_full_match in {dialect} takes a pattern in quotes")
    pattern = exp.Literal.string(f"^({node.expression.name})$")
    return _pattern(exp.RegexpLike(this=node.this.copy(), expression=pattern), dialect)


def _contains(node: Node, _: str) -> Node:
    return exp.Paren(this=exp.StrPosition(this=node.this.copy(), substr=node.expression.copy()) > 0)


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
        return _key(arguments)
    if name in ("prefix", "suffix"):
        found = exp.StartsWith(this=arguments[0].copy(), expression=arguments[1].copy())
        return _begins(found, dialect) if name == "prefix" else _ends(found, dialect)
    if name in ("nothing", "percentile", "intdiv", "div", "make_date", "makedate", "datetime_diff", "regexp_instr"):
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
    if not isinstance(series, exp.GenerateSeries) or dialect in ("duckdb", *_SPARK):
        return node
    start, end = series.args["start"].copy(), series.args["end"].copy()
    if dialect == "postgres":
        return exp.Anonymous(this="generate_series", expressions=[start, exp.Sub(this=_wrapped(end), expression=_ONE)])
    if dialect == "clickhouse":
        return exp.Anonymous(this="arrayJoin", expressions=[exp.Anonymous(this="range", expressions=[start, end])])
    raise UsageError(f"{dialect} cannot make a row of each number of a range")


_ONE = exp.Literal.number(1)

RULES: dict[type[Node], Rule] = {
    exp.Anonymous: _named,
    exp.ArgMax: _best,
    exp.ArgMin: _best,
    exp.Cast: _cast,
    exp.Contains: _contains,
    exp.DateDiff: _days,
    exp.DateFromParts: _made_date,
    exp.DayOfWeekIso: _weekday,
    exp.Distinct: _several,
    exp.Div: _divided,
    exp.EndsWith: _ends,
    exp.Explode: _listed,
    exp.Filter: _filtered,
    exp.Greatest: _larger,
    exp.IgnoreNulls: _any,
    exp.IntDiv: _whole_part,
    exp.Least: _larger,
    exp.Month: _part_of_day,
    exp.NullSafeEQ: _same,
    exp.NullSafeNEQ: _same,
    exp.Quarter: _part_of_day,
    exp.RegexpFullMatch: _whole_pattern,
    exp.RegexpLike: _pattern,
    exp.RegexpReplace: _replaced,
    exp.Round: _rounded,
    exp.StartsWith: _begins,
    exp.Window: _framed,
    exp.WithinGroup: _percentile,
    exp.Year: _part_of_day,
}
