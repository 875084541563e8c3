"""The files of a request, opened and read where the engine is: on this machine by DuckDB, elsewhere by Spark."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from cstool.data import cells
from cstool.data.header import Known
from cstool.data.options import Column, Reading
from cstool.data.table import Table, open_table
from cstool.engines.duck import DuckDB
from cstool.engines.engine import Engine

if TYPE_CHECKING:
    from cstool.data.spark_paths import Distant
    from cstool.engines.spark import Spark


def opened(engine: Engine, files: Sequence[str], known: Known, scratch: Path, reading: Reading) -> Sequence[Table]:
    """Each file with its header found among `known` names. Raises InputError as `open_table` does."""
    if isinstance(engine, DuckDB):
        return [open_table(file, known, scratch, reading) for file in files]
    from cstool.data.spark_paths import open_distant

    return open_distant(cast("Spark", engine), files, known, scratch, reading)


def refuse_missing(files: Sequence[str]) -> None:
    """Raises InputError as `opened` does for files of this machine that are not there, before Spark is started."""
    from cstool.data import spark_paths

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
    from cstool.data.spark_reader import read_distributed

    distant = cast("Sequence[Distant]", tables)
    return read_distributed(cast("Spark", engine), distant, columns, unique, reading, into)
