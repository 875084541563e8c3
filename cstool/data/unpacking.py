"""What a file really is, by its first bytes: packed text is unpacked, Parquet is written out, anything else is said."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from cstool.data.extents import unpacked_size
from cstool.data.workbook import is_workbook, write_sheet
from cstool.engines.duck import DuckDB, EngineError, identifier, quoted_file, quoted_path
from cstool.errors import InputError

_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
SAVE_AS = "name it as the workbook it is, or save the sheet as 'CSV UTF-8' and read that file"

# By their first bytes, what else is handed in as CSV, and what to do about it.
_OTHER_KINDS = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (xls)", SAVE_AS),
    (rb"%pdf", "a PDF", "export the table as CSV"),
    (rb"\{\\rtf", "a rich text document", "save it as plain text"),
    (rb"sqlite format 3", "a SQLite database", "export the table as CSV"),
    (
        rb"\s*(<!doctype html|<!--|<html|<head|<body|<table|<div|<meta|<style|<script|<title|<h[1-6]|<p>)",
        "a web page (HTML)",
        "it may be a login page; export again",
    ),
    (rb"\s*(<\?xml|<!doctype|<svg)", "XML", "export the table as CSV"),
    (rb'\s*(\{\s*"|\{\s*\}|\[\s*[\[{])', "JSON", "export the table as CSV"),
)


_SMALL = 20 << 20  # bytes; what unpacks to no more is never refused
_RATIO = 200  # exports are packed to a tenth or so; beyond this they are nothing but repetition
_MOST = 10 << 30


class UnpackLimit(NamedTuple):
    """How many bytes a file may unpack to: as many as the user said, else what its size makes plausible."""

    name: str
    packed: int
    said: int | None = None

    def check(self, size: int) -> None:
        """Raises InputError where `size` bytes are too many."""
        if self.said is not None:
            if size > self.said:
                raise InputError(
                    f"{self.name}: unpacks to more than --unpack-limit allows ({self.said:,} bytes)",
                    hint="set a higher --unpack-limit",
                    code="file-too-large",
                )
        elif size > min(_MOST, max(_SMALL, _RATIO * self.packed)):
            share = f"{_RATIO} times its size" if size <= _MOST else f"{_MOST >> 30} GB"
            raise InputError(
                f"{self.name}: unpacks to more than {share}, as no export does",
                hint="if it is meant to, set the size it may have: --unpack-limit 20GB",
                code="file-too-large",
            )


def scratch_file(scratch: Path, suffix: str) -> Path:
    """A name in `scratch` that is not taken."""
    return scratch / f"{sum(1 for _ in scratch.iterdir())}{suffix}"


def unpacked(name: str, path: Path, scratch: Path, sheet: str | None = None, most: int | None = None) -> Path:
    """The file itself if it is text, else what is packed in it, `most` bytes if that is given.

    Raises InputError where that is no table, or too large.
    """
    limit = UnpackLimit(name, path.stat().st_size, most)
    with path.open("rb") as source:
        head = source.read(8)
    if head.startswith(_WORKBOOKS) and is_workbook(name):
        limit.check(unpacked_size(path))
        copy = scratch_file(scratch, ".csv")
        write_sheet(name, path, sheet, copy)
        return copy
    if sheet:
        raise InputError(f"{name}: --sheet names a sheet of a workbook, and this is none", code="option-not-applicable")
    for _ in range(3):  # a gzip in a zip happens; deeper is no export
        with path.open("rb") as source:
            head = source.read(4096)
        if not head.startswith(_PACKED):
            return _text(name, path, head, scratch, limit)
        from cstool.data.packed import unpack

        copy = scratch_file(scratch, ".unpacked")
        unpack(name, path, head, copy, limit)
        path = copy
    raise InputError(f"{name}: is packed several times over", hint="unpack it first", code="file-unreadable")


def _text(name: str, path: Path, head: bytes, scratch: Path, limit: UnpackLimit) -> Path:
    if head.startswith(b"PAR1"):
        return _from_parquet(name, path, scratch, limit)
    start = head.removeprefix(codecs.BOM_UTF8).lower()
    for pattern, kind, remedy in _OTHER_KINDS:
        if re.match(pattern, start):
            raise InputError(f"{name}: is {kind}, not CSV", hint=remedy, code="not-a-table")
    return path


def _from_parquet(name: str, path: Path, scratch: Path, limit: UnpackLimit) -> Path:
    """The rows of a Parquet file as CSV, each value as DuckDB writes it as text (exact, dates as ISO)."""
    copy = scratch_file(scratch, ".csv")
    rows = f"read_parquet({quoted_file(path)}, hive_partitioning = false)"
    engine = DuckDB(scratch)
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
    return copy
