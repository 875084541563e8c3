"""Databricks, which is Spark with a few functions more."""

from __future__ import annotations

from cstool.backends.dialects.base import words
from cstool.backends.dialects.spark import Spark


class Databricks(Spark):
    """Spark's rules hold."""

    functions = Spark.functions | words("REGEXP_LIKE")


DIALECT = Databricks("databricks")
