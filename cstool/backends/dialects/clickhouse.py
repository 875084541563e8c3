"""ClickHouse."""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from cstool.backends.dialects.base import Dialect, words
from cstool.backends.unsupported import Node


class ClickHouse(Dialect):
    """A double is exact only by way of a text, its percentile is a function of its own, and NULL takes settings."""

    functions = words(
        "ABS AVG CAST CEIL CHAR_LENGTH COALESCE CONCAT COUNT DATE_DIFF DAY DENSE_RANK EXP FIRST_VALUE FLOOR GREATEST",
        "LAST_DAY LAST_VALUE LEAST LEFT LN LOWER LPAD LTRIM MAX MIN MONTH POSITION POWER QUARTER RANK REPLACE RIGHT",
        "ROUND ROW_NUMBER RTRIM SIGN SQRT SUBSTRING SUM TRIM UPPER YEAR argMax argMin arrayJoin intDiv lag lead log10",
        "makeDate match nullIf quantileExactInclusive range replaceRegexpAll toDayOfWeek",
        "formatDateTime",
    )
    types = words("Bool DATE DateTime Decimal Float64 Int128 Int32 Int64 Nullable String")
    constructs = words("dpipe except filter ilike range_between rows_between tuple values")
    native = frozenset({exp.Cast})
    renamed: Mapping[type[Node], str] = {exp.DateFromParts: "makeDate", exp.IntDiv: "intDiv"}
    # NULL is what it is elsewhere: of no rows, in a join that finds nothing, in a cast. And a column wins over
    # an output of its name.
    settings = (
        "aggregate_functions_null_for_empty = 1",
        "join_use_nulls = 1",
        "cast_keep_nullable = 1",
        "prefer_column_name_to_alias = 1",
    )
    log10 = "log10"

    def double(self, node: Node) -> Node:
        if isinstance(node, exp.Cast) and node.is_type("double"):
            return node.copy()
        return exp.cast(exp.cast(node.copy(), "text"), "double")

    def visit_withingroup(self, node: Node) -> Node:
        if not isinstance(node.this, exp.PercentileCont):
            return node
        return self._percentile(node.expression.expressions[0].this, node.this.this.sql())

    def visit_median(self, node: Node) -> Node:
        """Its own median is an estimate."""
        return self._percentile(node.this, "0.5")

    def _percentile(self, value: Node, share: str) -> Node:
        return sqlglot.parse_one(f"quantileExactInclusive({share})({value.sql(self.name)})", read=self.name)

    def visit_explode(self, node: Node) -> Node:
        series = node.this
        if not isinstance(series, exp.GenerateSeries):
            return node
        ends = [series.args[name].copy() for name in ("start", "end")]
        return exp.Anonymous(this="arrayJoin", expressions=[exp.Anonymous(this="range", expressions=ends)])


DIALECT = ClickHouse("clickhouse")
