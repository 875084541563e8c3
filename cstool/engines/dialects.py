"""The SQL dialects of warehouses, without what it takes to speak them."""

from __future__ import annotations

DIALECTS = ("snowflake", "bigquery", "redshift", "postgres", "databricks", "trino", "clickhouse", "duckdb", "spark")

ENGINE = "Spark"  # no warehouse's, but that of --engine spark, whose settings are ours

# Words that some dialect keeps for itself; a column of such a name is quoted.
RESERVED = frozenset(
    """
    all analyse analyze and any array as asc between both by case cast check collate column constraint create cross
    current current_date current_time current_timestamp current_user default delete desc describe distinct drop else
    end escape except exists false fetch filter final for foreign from full grant group grouping having ilike in inner
    insert intersect interval into is join lateral leading left like limit localtime localtimestamp natural new not
    null of off offset old on or order outer over partition pivot placing primary qualify range recursive references
    returning revoke right row rows sample select session_user set similar some start table tablesample then timestamp
    to top trailing true union unique unnest update user using values when where window with within
    """.split()
)
