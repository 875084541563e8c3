"""DuckDB itself: what other dialects are translated from, printed for people who keep their rows in it."""

from __future__ import annotations

from sqlglot import exp

from cstool.backends.dialects.base import Dialect, words
from cstool.backends.unsupported import Node


class DuckDB(Dialect):
    """Nothing is read in another way here, and hardly anything needs a rule."""

    rounds_times = True  # 23:59:59.9999999 of a TIMESTAMP_NS is the next day
    functions = words(
        "ABS ANY_VALUE ARG_MAX ARG_MIN AVG CAST CEIL COALESCE CONCAT COUNT DATE_DIFF DAY DENSE_RANK EXP FIRST_VALUE",
        "FLOOR GREATEST ISODOW LAG LAST_DAY LAST_VALUE LEAD LEAST LEFT LENGTH LN LOG LOWER LPAD LTRIM MAKE_DATE MAX",
        "MEDIAN MIN MONTH NULLIF PERCENTILE_CONT POWER PREFIX QUANTILE_CONT QUARTER RANGE RANK REGEXP_FULL_MATCH",
        "REGEXP_MATCHES REGEXP_REPLACE REPLACE RIGHT ROUND ROW ROW_NUMBER RTRIM SIGN SQRT STRPOS SUBSTR SUBSTRING",
        "SUFFIX SUM TRIM TRY_CAST UNNEST UPPER YEAR",
        "STRFTIME",
    )
    types = words("BIGINT BOOLEAN DATE DECIMAL DOUBLE INT INT128 TEXT TIMESTAMP VARCHAR")
    constructs = words(
        "bracket dpipe escape except filter glob ignorenulls ilike intdiv nullsafeeq nullsafeneq range_between",
        "rows_between similarto tuple values withingroup",
    )
    native = frozenset(
        {
            *(
                exp.ArgMax,
                exp.ArgMin,
                exp.Anonymous,
                exp.Cast,
                exp.Concat,
                exp.DateFromParts,
                exp.Distinct,
                exp.Explode,
            ),
            *(exp.Filter, exp.Greatest, exp.IgnoreNulls, exp.IntDiv, exp.Least, exp.Log, exp.NullSafeEQ),
            *(exp.NullSafeNEQ, exp.RegexpFullMatch, exp.RegexpReplace),
        }
    )

    def refuse(self, tree: Node) -> None:
        """Nothing."""

    def refuse_casts(self, condition: Node) -> None:
        """Nothing."""


DIALECT = DuckDB("duckdb")
