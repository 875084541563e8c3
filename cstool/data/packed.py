"""What is packed: gzip, bzip2, xz, zstd, and a zip with one file in it. Imported only where a file is."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

from cstool.data.encoding import CHUNK
from cstool.data.unpacking import SAVE_AS
from cstool.errors import InputError

_OPENERS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": lambda path: cast("IO[bytes]", gzip.GzipFile(path)),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": lambda path: zstd().open(path, "rb"),
    b"PK\x03\x04": lambda path: _only_member(path),
}
# What the openers raise at a damaged file; zstd's own error is a plain Exception, known only once it was imported.
_DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError)


def unpack(name: str, path: Path, head: bytes, copy: Path) -> None:
    """Writes what is packed in a file that begins with `head` to `copy`. Raises InputError where that is no table."""
    opener = next(opener for magic, opener in _OPENERS.items() if head.startswith(magic))
    try:
        with opener(path) as source, copy.open("wb") as out:
            shutil.copyfileobj(source, out, CHUNK)
    except _NoTableError as error:
        raise InputError(f"{name}: {error}", hint=error.hint) from error
    except Exception as error:
        if isinstance(error, _DAMAGED) or type(error).__name__ == "ZstdError":
            raise InputError(f"{name}: the packed file is damaged: {error}") from error
        raise


def zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd as module
    else:
        from backports import zstd as module
    return module


class _NoTableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _only_member(path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = [member.filename for member in members if not member.filename.startswith("__MACOSX/")]
    if any(name.startswith(("xl/", "word/", "ppt/")) for name in names):
        raise _NoTableError("is an Excel workbook (xlsx) or another Office file, not CSV", SAVE_AS)
    if "mimetype" in names or "content.xml" in names:
        raise _NoTableError("is an OpenDocument file (ods), not CSV", SAVE_AS)
    if len(names) != 1:
        raise _NoTableError(f"the zip file holds {len(names)} files", "unpack it and name the file to read")
    if archive.getinfo(names[0]).flag_bits & 1:
        raise _NoTableError("the zip file is locked with a password", "unpack it first")
    return archive.open(names[0])
