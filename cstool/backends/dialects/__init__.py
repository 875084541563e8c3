"""What is special about each SQL dialect, one file each; `base` holds the rules that they share.

A query of DuckDB comes in as a tree and leaves as the tree that the dialect's generator prints. `transpile` calls this
for `--sql`, `spark_session` for `--engine spark`. This file knows no sqlglot: names are needed before it is loaded.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cstool.backends.dialects.base import Dialect

DIALECTS = ("snowflake", "bigquery", "redshift", "postgres", "databricks", "trino", "clickhouse", "duckdb", "spark")

# Words that some dialect reserves; a column of such a name is quoted.
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


def load(name: str) -> Dialect:
    """A dialect by its name. One that has no file allows nothing, so that every query is refused."""
    from cstool.backends.dialects.base import Dialect

    module = f"{__name__}.{name}"
    try:
        imported = import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return Dialect(name)
    found: Dialect = imported.DIALECT
    return found
