"""Google BigQuery."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from cstool.backends.dialects.base import Dialect, words
from cstool.backends.unsupported import Node

_PERCENTILE = ("an exact percentile of a group (percentile_cont)", "compute it from a file instead")


class BigQuery(Dialect):
    """It has no filter and no exact percentile of a group, and one pair of backticks may hold a table's whole name."""

    functions = words(
        "ABS AVG CAST CEIL COALESCE COUNT DATE DATETIME_DIFF DATE_DIFF DENSE_RANK DIV EXP EXTRACT FIRST_VALUE FLOOR",
        "GREATEST INSTR LAG LAST_DAY LAST_VALUE LEAD LEAST LEFT LENGTH LN LOG10 LOWER LPAD LTRIM MAX MAX_BY MIN",
        "MIN_BY MOD NULLIF POWER RANK REGEXP_CONTAINS REGEXP_REPLACE REPLACE RIGHT ROUND ROW_NUMBER RTRIM SIGN SQRT",
        "STRUCT SUBSTRING SUM TRIM UNNEST UPPER",
        "FORMAT_DATE",
    )
    types = words("BIGNUMERIC BOOL DATE DATETIME FLOAT64 INT64 NUMERIC STRING")
    constructs = words("dpipe except ilike intdiv nullsafeeq nullsafeneq range_between rows_between tuple values")
    native = frozenset({exp.DateFromParts, exp.IntDiv, exp.NullSafeEQ, exp.NullSafeNEQ})
    unsupported: Mapping[str, tuple[str, str]] = {"withingroup": _PERCENTILE, "PERCENTILE_CONT": _PERCENTILE}
    quotes_whole_tables = True

    def visit_datediff(self, node: Node) -> Node:
        if str(node.args.get("unit")).upper() == "DAY":
            return super().visit_datediff(node)
        return exp.func("datetime_diff", node.this.copy(), node.expression.copy(), node.args["unit"].copy())

    def visit_window(self, node: Node) -> Node:
        """In a frame by distance rows without a value see only each other, wherever they stand in the order."""
        spec = node.args.get("spec")
        if spec and str(spec.args.get("kind")).upper() == "RANGE":
            for ordered in node.args["order"].expressions:
                ordered.set("nulls_first", not ordered.args.get("desc"))
        return node


DIALECT = BigQuery("bigquery")
