"""Spark SQL 4, printed for a warehouse or run by `--engine spark`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import sqlglot
from sqlglot import exp

from cstool.backends.dialects.base import ZERO, Dialect, words, wrapped
from cstool.backends.unsupported import Node, UnsupportedError


class Spark(Dialect):
    """It refuses to divide by zero, its patterns are Java's, and it can neither recurse nor filter over a window."""

    functions = words(
        "ABS AGGREGATE AVG CAST CEIL COALESCE COLLECT_LIST COLLECT_SET CONCAT COUNT DATEDIFF DATE_ADD DATE_TRUNC DAY",
        "DENSE_RANK EXP EXPLODE FIRST_VALUE FLOOR GREATEST LAG LAST_DAY LAST_VALUE LEAD LEAST LEFT LENGTH LN LOCATE",
        "LOG10 LOWER LPAD LTRIM MAKE_DATE MAX MAX_BY MEDIAN MIN MIN_BY MONTH NULLIF PERCENTILE POWER QUARTER RANK",
        "REGEXP_REPLACE REPLACE RIGHT ROUND ROW_NUMBER RTRIM SEQUENCE SIGN SIZE SQRT STRUCT SUBSTRING SUM TRIM UPPER",
        "WEEKDAY YEAR",
        "DATE_FORMAT",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INT STRING TIMESTAMP TIMESTAMP_NTZ")
    constructs = words(
        "dpipe escape except filter ilike intdiv nullsafeeq nullsafeneq range_between regexplike rows_between tuple",
        "values",
    )
    native = frozenset({exp.Concat, exp.DateFromParts, exp.Explode, exp.NullSafeEQ, exp.NullSafeNEQ})

    # Numbers

    def visit_intdiv(self, node: Node) -> Node:
        """`div` gives 64 bits; of what is wider, the part that divides is divided."""
        whole, divisor = wrapped(node.this), _not_zero(node.expression)
        if not any(cast.is_type("decimal", "int128") for cast in whole.find_all(exp.Cast)):
            return exp.IntDiv(this=whole, expression=divisor)
        exact = "cast((whole - whole % divisor) / divisor as decimal(38, 0))"
        return filled(exact, whole=whole, divisor=divisor)

    def visit_mod(self, node: Node) -> Node:
        return exp.Mod(this=wrapped(node.this), expression=_not_zero(node.expression))

    def visit_greatest(self, node: Node) -> Node:
        """The greatest or least of one value is that value."""
        return node if node.expressions else node.this

    visit_least = visit_greatest

    # Aggregates

    def visit_withingroup(self, node: Node) -> Node:
        if not isinstance(node.this, exp.PercentileCont):
            return node
        return call("percentile", node.expression.expressions[0].this, node.this.this)

    def visit_sum(self, node: Node) -> Node:
        """Doubles summed in an order are a list that is sorted."""
        order = node.this
        if not isinstance(order, exp.Order):
            return node
        listed = "aggregate(array_sort(collect_list(struct(place as k, value as v))), 0D, (s, x) -> s + x.v)"
        return filled(listed, place=order.expressions[0].this, value=order.this)

    def row(self, parts: Sequence[Node]) -> Node:
        return call("struct", *parts)

    def visit_arraysort(self, node: Node) -> Node:
        """`list_sort(list(distinct x))`."""
        listed = node.this
        if isinstance(listed, exp.ArrayAgg) and isinstance(listed.this, exp.Distinct):
            return call("sort_array", call("collect_set", listed.this.expressions[0]))
        return node

    # Times

    def visit_datediff(self, node: Node) -> Node:
        """Units by the boundaries between two moments; Spark's own function counts whole units."""
        unit, last, first = str(node.args["unit"]).lower(), node.this, node.expression
        if unit == "day":
            return super().visit_datediff(node)
        if unit == "year":
            return filled("(year(last) - year(first))", last=last, first=first)
        if unit == "month":
            months = "((year(last) * 12 + month(last)) - (year(first) * 12 + month(first)))"
            return filled(months, last=last, first=first)
        if unit in ("hour", "minute", "second"):
            units = f"datediff({unit}, date_trunc('{unit}', first), date_trunc('{unit}', last))"
            return filled(units, last=last, first=first)
        raise UnsupportedError(f"the {unit}s between two moments cannot be expressed in {self.name}")

    def visit_dayofweekiso(self, node: Node) -> Node:
        return filled("(weekday(day) + 1)", day=node.this)

    # Texts

    def visit_regexpfullmatch(self, node: Node) -> Node:
        """Java's `$` would let a line break follow: nothing may follow, be it what `.` stands for or not."""
        pattern = exp.Literal.string(f"^(?:{node.expression.name})(?!.|[^.])")
        return exp.RegexpLike(this=node.this.copy(), expression=pattern)

    def visit_regexpreplace(self, node: Node) -> Node:
        r"""All matches; a group is named $1 by Java, and \1 by DuckDB."""
        text = node.args.get("replacement")
        made = super().visit_regexpreplace(node.copy())
        if text is not None and text.is_string:
            made.set("replacement", exp.Literal.string(re.sub(r"\\(\d)", r"$\1", text.name.replace("$", r"\$"))))
        return made

    # Selects, windows and recursions

    def visit_select(self, node: Node) -> Node:
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
        _expand_windows(node)
        return node

    def visit_window(self, node: Node) -> Node:
        """Over a window Spark counts no different values; but it can list them."""
        over = node.this
        if not (isinstance(over, exp.Count) and isinstance(over.this, exp.Distinct)):
            return node
        window = node.copy()
        window.set("this", call("collect_set", over.this.expressions[0]))
        return exp.cast(call("size", window), "bigint")

    def visit_with(self, node: Node) -> Node:
        """A series counted up, each value from the one before: Spark has no recursion, but it can fold."""
        made = node.copy()
        for cte in made.expressions:
            if made.args.get("recursive") and isinstance(cte.this, exp.Union):
                cte.set("this", _folded(cte.this, cte.alias))
        made.set("recursive", False)
        return made


def call(name: str, *arguments: Node) -> Node:
    """A function of Spark's, called."""
    return exp.Anonymous(this=name, expressions=[one.copy() for one in arguments])


def filled(sql: str, /, **parts: Node) -> Node:
    """An expression of Spark's SQL, its names filled with the parts."""
    made = sqlglot.parse_one(sql, read="databricks")  # in whose parser a cast is strict
    for column in list(made.find_all(exp.Column)):
        if column.name in parts and not column.table:
            column.replace(parts[column.name].copy())
    return made


def _not_zero(divisor: Node) -> Node:
    """NULL for zero, by which Spark refuses to divide."""
    if divisor.is_number and float(divisor.name):
        return divisor.copy()
    return exp.func("nullif", divisor.copy(), ZERO.copy())


def _expand_windows(select: Node) -> None:
    """A window over a column of the same select has to hold that column's expression."""
    made: dict[str, Node] = {}
    for one in select.expressions:
        for window in list(one.find_all(exp.Window)):
            _expand(window, made)
        if not isinstance(one, exp.Alias):
            continue
        value = exp.paren(one.this.copy())
        _expand(value, made)
        if not any(column.name == one.alias for column in value.find_all(exp.Column)):
            made[one.alias] = value


def _expand(node: Node, made: Mapping[str, Node]) -> None:
    for column in list(node.find_all(exp.Column)):
        if column.name in made and not column.table:
            column.replace(made[column.name].copy())


def _folded(union: Node, name: str) -> Node:
    """`select 0 as n, start as value from t union all select n + 1, next from NAME, t where n < last`."""
    first, then = union.this, union.expression
    counter, value = first.expressions
    where = then.args.get("where")
    tables = [one.name for one in then.find_all(exp.Table)]
    source = first.args["from_"].this if first.args.get("from_") else None
    if not (where and isinstance(where.this, exp.LT) and source and tables == [name, source.name]):
        raise UnsupportedError("this recursion cannot be expressed in Spark")
    following = exp.Lambda(
        this=then.expressions[1].copy(), expressions=[exp.to_identifier(value.alias), exp.to_identifier("step")]
    )
    steps = filled("if(n > 0, sequence(1, n), array())", n=exp.column(counter.alias))
    series = filled("explode(sequence(0, last))", last=where.this.expression)
    numbered = exp.select("*", exp.alias_(series, counter.alias)).from_(source.copy())
    folded = call("aggregate", steps, value.this, following)
    return exp.select(counter.alias, exp.alias_(folded, value.alias)).from_(numbered.subquery(source.name))


DIALECT = Spark("spark")
