"""What is packed: gzip, bzip2, xz, zstd, and a zip with one file in it. Imported only where a file is."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from cstool.errors import InputError
from cstool.ingest.source.encoding import CHUNK
from cstool.ingest.source.unpack_limit import UnpackLimit
from cstool.ingest.source.unpacking import SAVE_AS

_OPENERS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": lambda path: cast("IO[bytes]", gzip.GzipFile(path)),
    b"\x28\xb5\x2f\xfd": lambda path: zstd().open(path, "rb"),
    b"PK\x03\x04": lambda path: _only_member(path),
}
# What the openers raise at a damaged file; zstd's own error is a plain Exception, known only once it was imported.
_DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError)


def unpack(name: str, path: Path, head: bytes, copy: Path, most: UnpackLimit) -> None:
    """Writes what is packed in a file that begins with `head` to `copy`.

    Raises InputError where that is no table, damaged, or more than `most` allows.
    """
    try:
        with copy.open("wb") as out:
            for chunk in _chunks(path, head):
                most.check(out.tell() + len(chunk))
                out.write(chunk)
    except _NoTableError as error:
        raise InputError(f"{name}: {error}", hint=error.hint, code="file-unreadable") from error
    except OSError as error:
        if error.errno is None:  # bz2's own error for damaged data, and gzip's
            raise InputError(f"{name}: the packed file is damaged: {error}", code="file-unreadable") from error
        raise
    except Exception as error:
        if isinstance(error, _DAMAGED) or type(error).__name__ == "ZstdError":
            raise InputError(f"{name}: the packed file is damaged: {error}", code="file-unreadable") from error
        raise


def _chunks(path: Path, head: bytes) -> Iterator[bytes]:
    if head.startswith(b"BZh"):
        yield from _streams(path, bz2.BZ2Decompressor, padded=False)
    elif head.startswith(b"\xfd7zXZ\x00"):
        yield from _streams(path, lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ), padded=True)
    else:
        opener = next(opener for magic, opener in _OPENERS.items() if head.startswith(magic))
        with opener(path) as source:
            while chunk := source.read(CHUNK):
                yield chunk


def _streams(path: Path, new: Callable[[], Any], *, padded: bool) -> Iterator[bytes]:
    """What every stream of a file holds; `padded`: zeros in fours may stand behind one.

    The standard library's own files leave out whatever follows the first stream and is none: a damaged one, too.
    """
    with path.open("rb") as source:
        packed = source.read(CHUNK)
        while packed:
            stream = new()
            while not stream.eof:
                if stream.needs_input and not packed:
                    packed = source.read(CHUNK)
                    if not packed:
                        raise EOFError("it ends in the middle of its data")
                yield stream.decompress(packed, CHUNK)
                packed = b""
            packed = stream.unused_data or source.read(CHUNK)
            zeros = 0
            while padded and packed.startswith(b"\0"):
                rest = packed.lstrip(b"\0")
                zeros += len(packed) - len(rest)
                packed = rest or source.read(CHUNK)
            if zeros % 4:
                raise EOFError("what pads it is cut short")


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
