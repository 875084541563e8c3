"""Spark: the same statements, translated, over files that are read where Spark runs."""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from cstool.backends.duck import DuckDB, EngineError, identifier, quoted
from cstool.backends.spark.files import Files, escaped, local_address
from cstool.backends.spark.session import plainly, session, stop
from cstool.model.limits import Limits
from cstool.scratch import new_folder_name

_CREATE = re.compile(r"\s*create or replace temp (table|view) (\w+) as\s(.*)", re.DOTALL)


class Spark:
    """A session of its own on the Spark that is active, or on one that it starts and stops.

    `local` is DuckDB on this machine: it parses, and reads what needs a closer look than a scan gives, within `limits`.
    """

    dialect = "spark_engine"

    def __init__(self, master: str | None = None, limits: Limits | None = None) -> None:
        self._session, self._owned = session(master)
        self._kept: list[Any] = []
        self._folder = Path(tempfile.gettempdir()) / new_folder_name()
        self.local = DuckDB(limits=limits)
        self.files = Files(self._session.sparkContext)
        self.master: str = self._session.sparkContext.master

    @property
    def shares_disk(self) -> bool:
        """Whether what is written on this machine is seen where Spark reads."""
        return self.master.startswith("local")

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query in DuckDB's SQL; or keeps those of `create or replace temp table`, or names a view."""
        from cstool.backends.dialects.spark_engine import to_spark  # only here: sqlglot takes long

        made = _CREATE.fullmatch(sql)
        if made:
            frame = self._frame(to_spark(made[3]))
            if made[1] == "table":
                self._keep(made[2], frame)
            else:
                frame.createOrReplaceTempView(made[2])
            return []
        return self._collected(self._frame(to_spark(sql)))

    def row(self, sql: str) -> tuple[Any, ...]:
        return self.run(sql)[0]

    def native(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query in Spark's own SQL."""
        return self._collected(self._frame(sql))

    def near(self, sql: str, name: str) -> tuple[DuckDB, str]:
        """The rows of a query as a table of the DuckDB on this machine, whose powers and roots are its own."""
        from cstool.backends.dialects.spark_engine import to_spark

        frame = self._frame(to_spark(sql))
        columns = ", ".join(f"{identifier(field.name)} {_own_type(field)}" for field in frame.schema.fields)
        rows = self._collected(frame)
        self.local.run(f"create or replace temp table {name} ({columns})")
        for start in range(0, len(rows), _AT_ONCE):
            listed = ", ".join(f"({', '.join(map(_own_literal, row))})" for row in rows[start : start + _AT_ONCE])
            self.local.run(f"insert into {name} values {listed}")
        return self.local, name

    def seal(self) -> None:
        """Expressions are parsed and judged before they come here, by DuckDB; it reads no more files from here on."""
        self.local.seal()

    def parse(self, sql: str) -> dict[str, Any]:
        return self.local.parse(sql)

    def close(self) -> None:
        self.local.close()
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._owned:
            stop(self._session.sparkContext)
            return
        with suppress(Exception):  # theirs may be gone
            for frame in self._kept:
                frame.unpersist()

    # Files as views

    def view_lines(self, view: str, addresses: Sequence[str]) -> None:
        """A view of text files: `line`, `file` (where it is from) and `n`, which orders the lines of one file."""
        with self._plainly():
            frame = self._session.read.text([escaped(one) for one in addresses])
            frame.selectExpr(
                "value as line", "_metadata.file_path as file", "monotonically_increasing_id() as n"
            ).createOrReplaceTempView(view)

    def view_parquet(self, view: str, addresses: Sequence[str], names: Sequence[str]) -> None:
        """A view of Parquet files: their columns as text by the names given, `file` and `n` as of lines."""
        with self._plainly():
            frame = self._session.read.parquet(*map(escaped, addresses))
            texts = [f"{_as_text(field)} as {new}" for field, new in zip(frame.schema.fields, names, strict=True)]
            frame.selectExpr(
                *texts, "_metadata.file_path as file", "monotonically_increasing_id() as n"
            ).createOrReplaceTempView(view)

    def parquet_columns(self, addresses: Sequence[str]) -> list[str]:
        """The names of the columns of Parquet files."""
        with self._plainly():
            return list(self._session.read.parquet(*map(escaped, addresses)).columns)

    def view(self, name: str, sql: str) -> None:
        """A view of a query in Spark's own SQL."""
        with self._plainly():
            self._session.sql(sql).createOrReplaceTempView(name)

    def adopt(self, table: str) -> None:
        """A table of the DuckDB on this machine, as one of Spark's."""
        if self.shares_disk:
            self._folder.mkdir(exist_ok=True)
            path = self._folder / f"{uuid.uuid4().hex}.parquet"
            self.local.run(f"copy (select * from {table}) to {quoted(str(path))} (format parquet)")
            with self._plainly():
                self._session.read.parquet(escaped(local_address(path))).createOrReplaceTempView(table)
            return
        columns = self.local.run(f"select column_name, column_type from (describe {table})")
        schema = ", ".join(f"`{name}` {_TYPES.get(kind, kind)}" for name, kind in columns)
        rows = self.local.run(f"select {', '.join(identifier(name) for name, _ in columns)} from {table}")
        with self._plainly():
            self._session.createDataFrame(rows, schema).createOrReplaceTempView(table)

    # Spark's own

    def _plainly(self) -> AbstractContextManager[None]:
        return plainly(self._session.sparkContext)

    def _frame(self, sql: str) -> Any:
        with self._plainly():
            return self._session.sql(sql)

    def _collected(self, frame: Any) -> list[tuple[Any, ...]]:
        with self._plainly():
            rows = [tuple(row) for row in frame.collect()]
        if any(isinstance(value, float) and not isfinite(value) for row in rows for value in row):
            raise EngineError("a value is no finite number")
        return rows

    def _keep(self, name: str, frame: Any) -> None:
        from pyspark import StorageLevel

        with self._plainly():
            frame.persist(StorageLevel.MEMORY_AND_DISK)
            self._kept.append(frame)
            frame.createOrReplaceTempView(name)


_AT_ONCE = 1000  # rows
_OWN_TYPES = {"string": "varchar", "timestamp_ntz": "timestamp", "void": "integer"}


def _own_type(field: Any) -> str:
    """A type of Spark's as DuckDB names it."""
    name = str(field.dataType.simpleString())
    return _OWN_TYPES.get(name, name)


def _own_literal(value: object) -> str:
    """A value as DuckDB reads it for the type of its column."""
    if value is None:
        return "null"
    return quoted(f"{value:f}" if isinstance(value, Decimal) else str(value))


_TYPES = {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz", "INTEGER": "int"}


def _as_text(field: Any) -> str:
    """A Parquet column as the text that DuckDB would write: doubles without an exponent where that loses nothing."""
    name = "`" + field.name.replace("`", "``") + "`"
    if field.dataType.typeName() not in ("double", "float"):
        return f"cast({name} as string)"
    plain = f"try_cast({name} as decimal(38, 18))"
    digits = f"regexp_replace(cast({plain} as string), '[.]?0+$', '')"
    return f"case when cast({plain} as double) = {name} then {digits} else cast({name} as string) end"
