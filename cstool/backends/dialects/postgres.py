"""PostgreSQL 16 or newer."""

from __future__ import annotations

from sqlglot import exp

from cstool.backends.dialects.base import ONE, Dialect, extracted, words, wrapped
from cstool.backends.unsupported import Node


class Postgres(Dialect):
    """It rounds and takes logarithms of exact numbers only by way of other types, and has no max_by."""

    functions = words(
        "ABS AGE ARRAY_AGG AVG CAST CEIL COALESCE CONCAT COUNT DATE_TRUNC DENSE_RANK DIV EXP EXTRACT FIRST_VALUE",
        "FLOOR GENERATE_SERIES GREATEST LAG LAST_VALUE LEAD LEAST LEFT LENGTH LN LOG LOWER LPAD LTRIM MAKE_DATE MAX",
        "MIN NULLIF PERCENTILE_CONT POSITION POWER RANK REGEXP_REPLACE REPLACE RIGHT ROUND ROW_NUMBER RTRIM SIGN SQRT",
        "STRPOS SUBSTRING SUM TRIM UPPER",
        "TO_CHAR",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INT INTEGER PRECISION TEXT TIMESTAMP VARCHAR")
    constructs = words(
        "bracket dpipe escape except filter ilike nullsafeeq nullsafeneq range_between regexplike rows_between tuple",
        "values withingroup",
    )
    native = frozenset({exp.Concat, exp.Greatest, exp.Least, exp.NullSafeEQ, exp.NullSafeNEQ, exp.RegexpReplace})
    log10 = "LOG"

    def visit_intdiv(self, node: Node) -> Node:
        return exp.func("div", node.this.copy(), node.expression.copy())

    def visit_round(self, node: Node) -> Node:
        """Only exact numbers are rounded, and a double made exact at once has but 15 digits: so by way of a text."""
        if not node.args.get("decimals"):
            return node
        exact = exp.cast(exp.cast(node.this.copy(), "text"), "decimal")
        return exp.cast(exp.Round(this=exact, decimals=node.args["decimals"].copy()), "double")

    def visit_cast(self, node: Node) -> Node:
        if node.is_type("decimal") and isinstance(node.this, exp.Div):
            return exp.cast(exp.cast(node.this.copy(), "text"), node.args["to"].copy())  # as in visit_round
        return super().visit_cast(node)

    def visit_argmax(self, node: Node) -> Node:
        """The first of all values in the other's order."""
        value, order = node.this, node.expression
        ordered = exp.Ordered(this=order.copy(), desc=isinstance(node, exp.ArgMax), nulls_first=False)
        listed = exp.ArrayAgg(this=exp.Order(this=value.copy(), expressions=[ordered]))
        there = exp.and_(value.copy().is_(exp.null()).not_(), order.copy().is_(exp.null()).not_())
        found = exp.Filter(this=listed, expression=exp.Where(this=there))
        return exp.Bracket(this=exp.Paren(this=found), expressions=[ONE.copy()], offset=1)

    def visit_datefromparts(self, node: Node) -> Node:
        parts = (exp.cast(node.args[name].copy(), "int") for name in ("year", "month", "day"))
        return exp.func("make_date", *parts)

    def visit_year(self, node: Node) -> Node:
        return extracted(node)

    visit_month = visit_quarter = visit_year

    def visit_dayofweekiso(self, node: Node) -> Node:
        return extracted(node, "ISODOW")

    def visit_explode(self, node: Node) -> Node:
        series = node.this
        if not isinstance(series, exp.GenerateSeries):
            return node
        last = exp.Sub(this=wrapped(series.args["end"]), expression=ONE.copy())
        return exp.Anonymous(this="generate_series", expressions=[series.args["start"].copy(), last])


DIALECT = Postgres("postgres")
