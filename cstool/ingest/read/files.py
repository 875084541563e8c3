"""The files of a request, opened and read where the engine is: on this machine by DuckDB, elsewhere by Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cstool.backends.duck import DuckDB
from cstool.backends.engine import Engine
from cstool.ingest.read import cells
from cstool.ingest.source.header import Known
from cstool.ingest.source.table import Table, open_table
from cstool.model.reading import Column, Reading

if TYPE_CHECKING:
    from cstool.backends.spark.engine import Spark
    from cstool.ingest.read.spark_paths import Distant


def opened(engine: Engine, files: Sequence[str], known: Known, scratch: Path, reading: Reading) -> Sequence[Table]:
    """Each file with its header found among `known` names. Raises InputError as `open_table` does."""
    if isinstance(engine, DuckDB):
        return [open_table(file, known, scratch, reading) for file in files]
    from cstool.ingest.read.spark_paths import open_distant

    return open_distant(cast("Spark", engine), files, known, scratch, reading)


def refuse_missing(files: Sequence[str]) -> None:
    """Raises InputError as `opened` does for files of this machine that are not there, before Spark is started."""
    from cstool.ingest.read import spark_paths

    spark_paths.refuse_missing(files)


def read(
    engine: Engine,
    tables: Sequence[Table],
    columns: Sequence[Column],
    unique: Sequence[str],
    reading: Reading,
    into: str = "cells",
) -> list[str]:
    """Creates the temp table `into` as `cells.read` does; returns what to tell."""
    if isinstance(engine, DuckDB):
        return cells.read(engine, tables, columns, unique, reading, into)
    from cstool.ingest.read.spark_reader import read_distributed

    distant = cast("Sequence[Distant]", tables)
    return read_distributed(cast("Spark", engine), distant, columns, unique, reading, into)
