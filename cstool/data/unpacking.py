"""What a file really is, by its first bytes: packed text is unpacked, Parquet is written out, anything else is said."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import re
import shutil
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from cstool.data.workbook import is_workbook, write_sheet
from cstool.engines.duck import DuckDB, EngineError, quoted
from cstool.errors import InputError

CHUNK = 1 << 20
_SAVE_AS = "name it as the workbook it is, or save the sheet as 'CSV UTF-8' and read that file"

_OPENERS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": lambda path: cast("IO[bytes]", gzip.GzipFile(path)),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": lambda path: _zstd().open(path, "rb"),
    b"PK\x03\x04": lambda path: _only_member(path),
}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What the openers raise at a damaged file; zstd's own error is a plain Exception, known only once it was imported.
_DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError)

# By their first bytes, what else is handed in as CSV, and what to do about it.
_OTHER_KINDS = (
    (rb"\xd0\xcf\x11\xe0", "an old Excel workbook (xls)", _SAVE_AS),
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


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


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
        opener = next((opener for magic, opener in _OPENERS.items() if head.startswith(magic)), None)
        if opener is None:
            return _text(name, path, head, scratch)
        copy = scratch_file(scratch, ".unpacked")
        try:
            with opener(path) as source, copy.open("wb") as out:
                shutil.copyfileobj(source, out, CHUNK)
        except _NoTableError as error:
            raise InputError(f"{name}: {error}", hint=error.hint) from error
        except Exception as error:
            if isinstance(error, _DAMAGED) or type(error).__name__ == "ZstdError":
                raise InputError(f"{name}: the packed file is damaged: {error}") from error
            raise
        path = copy
    raise InputError(f"{name}: is packed several times over", hint="unpack it first")


class _NoTableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _only_member(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members if not member.filename.startswith("__MACOSX/")]
    if any(name.startswith(("xl/", "word/", "ppt/")) for name in names):
        raise _NoTableError("is an Excel workbook (xlsx) or another Office file, not CSV", _SAVE_AS)
    if "mimetype" in names or "content.xml" in names:
        raise _NoTableError("is an OpenDocument file (ods), not CSV", _SAVE_AS)
    if len(names) != 1:
        raise _NoTableError(f"the zip file holds {len(names)} files", "unpack it and name the file to read")
    if archive.getinfo(names[0]).flag_bits & 1:
        raise _NoTableError("the zip file is locked with a password", "unpack it first")
    return archive.open(names[0])


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
            f"copy (select cast(columns(*) as varchar) from read_parquet({quoted(str(path))}))"
            f" to {quoted(str(copy))} (format csv, header)"
        )
    except EngineError as error:
        raise InputError(f"{name}: the Parquet file cannot be read: {error}") from error
    finally:
        engine.close()
    return copy
