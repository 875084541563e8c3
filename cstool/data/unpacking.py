"""What a file really is, by its first bytes: packed text is unpacked, Parquet is written out, anything else is said."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from cstool.data.workbook import is_workbook, write_sheet
from cstool.engines.duck import DuckDB, EngineError, path_literal, quoted
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


def scratch_file(scratch: Path, suffix: str) -> Path:
    """A name in `scratch` that is not taken."""
    return scratch / f"{sum(1 for _ in scratch.iterdir())}{suffix}"


def unpacked(name: str, path: Path, scratch: Path, sheet: str | None = None) -> Path:
    """The file itself if it is text, else what is packed in it. Raises InputError where that is no table."""
    with path.open("rb") as source:
        head = source.read(8)
    if head.startswith(_WORKBOOKS) and is_workbook(name):
        copy = scratch_file(scratch, ".csv")
        write_sheet(name, path, sheet, copy)
        return copy
    if sheet:
        raise InputError(f"{name}: --sheet names a sheet of a workbook, and this is none")
    for _ in range(3):  # a gzip in a zip happens; deeper is no export
        with path.open("rb") as source:
            head = source.read(4096)
        if not head.startswith(_PACKED):
            return _text(name, path, head, scratch)
        from cstool.data.packed import unpack

        copy = scratch_file(scratch, ".unpacked")
        unpack(name, path, head, copy)
        path = copy
    raise InputError(f"{name}: is packed several times over", hint="unpack it first")


def _text(name: str, path: Path, head: bytes, scratch: Path) -> Path:
    if head.startswith(b"PAR1"):
        return _from_parquet(name, path, scratch)
    start = head.removeprefix(codecs.BOM_UTF8).lower()
    for pattern, kind, remedy in _OTHER_KINDS:
        if re.match(pattern, start):
            raise InputError(f"{name}: is {kind}, not CSV", hint=remedy)
    return path


def _from_parquet(name: str, path: Path, scratch: Path) -> Path:
    """The rows of a Parquet file as CSV, each value as DuckDB writes it as text (exact, dates as ISO)."""
    copy = scratch_file(scratch, ".csv")
    engine = DuckDB(scratch)
    try:
        engine.run(
            f"copy (select cast(columns(*) as varchar) from read_parquet({path_literal(path)}))"
            f" to {quoted(str(copy))} (format csv, header)"
        )
    except EngineError as error:
        raise InputError(f"{name}: the Parquet file cannot be read: {error}") from error
    finally:
        engine.close()
    return copy
