"""What a file really is, by its first bytes: it is unpacked, written out as CSV, or refused by the name of its kind."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cstool.errors import InputError
from cstool.ingest.source.extents import unpacked_size
from cstool.ingest.source.parquet import is_parquet, write_parquet
from cstool.ingest.source.unpack_limit import UnpackLimit, scratch_file
from cstool.ingest.source.workbook import is_workbook, write_sheet

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


class Converter(NamedTuple):
    """A kind of file that is written out as CSV: whether a file is one, by its name and first bytes, and how."""

    recognises: Callable[[str, bytes], bool]
    convert: Callable[[str, Path, Path, UnpackLimit], None]  # its name, the file, the CSV to write


CONVERTERS: list[Converter] = [Converter(is_parquet, write_parquet)]


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
        from cstool.ingest.source.packed import unpack

        copy = scratch_file(scratch, ".unpacked")
        unpack(name, path, head, copy, limit)
        path = copy
    raise InputError(f"{name}: is packed several times over", hint="unpack it first", code="file-unreadable")


def _text(name: str, path: Path, head: bytes, scratch: Path, limit: UnpackLimit) -> Path:
    for one in CONVERTERS:
        if one.recognises(name, head):
            copy = scratch_file(scratch, ".csv")
            one.convert(name, path, copy, limit)
            return copy
    start = head.removeprefix(codecs.BOM_UTF8).lower()
    for pattern, kind, remedy in _OTHER_KINDS:
        if re.match(pattern, start):
            raise InputError(f"{name}: is {kind}, not CSV", hint=remedy, code="not-a-table")
    return path
