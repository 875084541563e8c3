"""Parquet files: recognised by their first bytes, written out as CSV."""

from __future__ import annotations

from pathlib import Path

from cstool.backends.duck import DuckDB, EngineError, identifier, quoted_file, quoted_path
from cstool.errors import InputError
from cstool.ingest.source.unpack_limit import UnpackLimit


def is_parquet(_: str, head: bytes) -> bool:
    return head.startswith(b"PAR1")


def write_parquet(name: str, path: Path, copy: Path, limit: UnpackLimit) -> None:
    """Writes the rows of a Parquet file to `copy` as CSV, each value as DuckDB writes it as text (exact, dates as ISO).

    Raises InputError.
    """
    rows = f"read_parquet({quoted_file(path)}, hive_partitioning = false)"
    engine = DuckDB(copy.parent)
    try:
        columns = engine.run(f"select column_name, column_type from (describe select * from {rows})")
        texts = [identifier(column) for column, kind in columns if kind in ("VARCHAR", "BLOB")]
        size = "".join(f" + coalesce(sum(strlen(cast({text} as varchar))), 0)" for text in texts)
        limit.check(int(engine.row(f"select count(*) * {len(columns)}{size} from {rows}")[0]))
        engine.run(f"copy (select cast(columns(*) as varchar) from {rows}) to {quoted_path(copy)} (format csv, header)")
    except EngineError as error:
        raise InputError(
            f"{name}: the Parquet file cannot be read; it is damaged, encrypted or packed in a way that is not known",
            hint="export it again, or as CSV",
            code="file-unreadable",
        ) from error
    finally:
        engine.close()
