"""From a path or stdin to a file of clean text: UTF-8, one kind of line end, told what was done to get there."""

from __future__ import annotations

import codecs
import gzip
import lzma
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from cstool.errors import InputError

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Text:
    """A file of UTF-8 text that DuckDB reads as it is; `name` is what the user called it."""

    name: str
    path: Path
    notes: tuple[str, ...] = ()


def open_text(file: str, scratch: Path) -> Text:
    """The text of a file, or of stdin for `-`; converted copies go to `scratch`.

    Raises InputError: no such file, empty, not text (a workbook, a web page), or in no encoding that fits.
    """
    name = "stdin" if file == "-" else file
    path = _spooled(scratch) if file == "-" else Path(file)
    if not path.exists():
        raise InputError(f"{name}: no such file")
    if path.is_dir():
        raise InputError(f"{name}: is a folder, not a file")
    try:
        path = _unpacked(name, path, scratch)
        head = _head(path)
        _refuse_other_kinds(name, head)
        encoding, notes = _encoding(name, path, head)
        if encoding == "utf-8" and not _odd_line_ends(path):
            return Text(name, path)
        return Text(name, _copied(path, encoding, scratch), notes)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from error


def scratch_file(scratch: Path, suffix: str) -> Path:
    """A name in `scratch` that is not taken."""
    return scratch / f"{sum(1 for _ in scratch.iterdir())}{suffix}"


def _spooled(scratch: Path) -> Path:
    path = scratch_file(scratch, ".stdin")
    with path.open("wb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out, CHUNK)
    return path


def _head(path: Path, size: int = 4096) -> bytes:
    with path.open("rb") as source:
        return source.read(size)


def _unpacked(name: str, path: Path, scratch: Path) -> Path:
    """The file itself, or what a gzip, xz or zip file packs."""
    head = _head(path, 6)
    openers: dict[bytes, Callable[[Path], IO[bytes]]] = {
        b"\x1f\x8b": lambda packed: cast("IO[bytes]", gzip.open(packed)),
        b"\xfd7zXZ\x00": lambda packed: cast("IO[bytes]", lzma.open(packed)),
        b"PK\x03\x04": lambda packed: _only_member(name, packed),
    }
    for magic, opener in openers.items():
        if head.startswith(magic):
            unpacked = scratch_file(scratch, ".unpacked")
            try:
                with opener(path) as source, unpacked.open("wb") as out:
                    shutil.copyfileobj(source, out, CHUNK)
            except (EOFError, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
                raise InputError(f"{name}: the packed file is damaged: {error}") from error
            return unpacked
    return path


def _only_member(name: str, path: Path) -> IO[bytes]:
    archive = zipfile.ZipFile(path)
    members = [member for member in archive.namelist() if not member.endswith("/")]
    if any(member.startswith(("xl/", "word/", "ppt/")) for member in members):
        raise InputError(
            f"{name}: is an Excel workbook (xlsx), not CSV", hint="save the sheet as 'CSV UTF-8' and read that file"
        )
    if len(members) != 1:
        raise InputError(f"{name}: the zip file holds {len(members)} files; unpack it and name the one to read")
    return archive.open(members[0])


def _refuse_other_kinds(name: str, head: bytes) -> None:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{name}: the file is empty")
    if start.startswith((b"<!doctype html", b"<html")):
        raise InputError(
            f"{name}: is a web page (HTML), not CSV", hint="the download may be a login page; export again"
        )
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{name}: is an old Excel workbook (xls), not CSV", hint="save the sheet as 'CSV UTF-8'")
    if start.startswith(b"%pdf"):
        raise InputError(f"{name}: is a PDF, not CSV")


def _encoding(name: str, path: Path, head: bytes) -> tuple[str, tuple[str, ...]]:
    """The codec that reads the file strictly, and what to say about it."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    # Without a mark, UTF-16 of Latin text has its NULs at every second place.
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even + odd > len(head) // 4:
        return ("utf-16-be" if even > odd else "utf-16-le"), ()
    line = _first_bad_line(path, "utf-8")
    if line is None:
        return "utf-8", ()
    bad = _first_bad_line(path, "cp1252")
    if bad is not None:
        raise InputError(
            f"{name}:{bad}: bytes that are neither UTF-8 nor Windows-1252 text", hint="save the file as UTF-8"
        )
    return "cp1252", (f"{name}:{line}: not UTF-8; the file was read as Windows-1252",)


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """The line of the first byte that the codec cannot read, None if it reads the whole file."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line = 1
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            if encoding == "utf-8" and chunk.isascii() and not decoder.getstate()[0]:
                line += chunk.count(b"\n")
                continue
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return line + error.object[: error.start].count(b"\n")
            line += chunk.count(b"\n")
    return line if decoder.getstate()[0] else None


def _odd_line_ends(path: Path) -> bool:
    """Whether lines end in other ways than all LF or all CRLF, which the CSV reader does not take."""
    pairs = returns = feeds = 0
    last = b""
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            pairs += chunk.count(b"\r\n") + (last == b"\r" and chunk.startswith(b"\n"))
            returns += chunk.count(b"\r")
            feeds += chunk.count(b"\n")
            last = chunk[-1:]
    return returns > 0 and not pairs == returns == feeds


def _copied(path: Path, encoding: str, scratch: Path) -> Path:
    """A copy in UTF-8 with LF line ends."""
    copy = scratch_file(scratch, ".utf8")
    with path.open(encoding=encoding, newline=None) as source, copy.open("w", encoding="utf-8", newline="\n") as out:
        for block in _blocks(source):
            out.write(block)
    return copy


def _blocks(source: IO[str]) -> Iterator[str]:
    while block := source.read(CHUNK):
        yield block
