"""From a path or stdin to a file of clean text: UTF-8, one kind of line end, told what was done to get there."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from cstool import scratch as scratch_folders
from cstool.errors import InputError
from cstool.ingest.source.encoding import CHUNK, copied, line_of, survey
from cstool.ingest.source.unpack_limit import scratch_file
from cstool.ingest.source.unpacking import unpacked


class Text(NamedTuple):
    """A file of UTF-8 text that DuckDB reads as it is; `name` is what the user called it."""

    name: str
    path: Path
    odd_spaces: bool  # it holds white space that is not a blank
    quotes: bool  # it holds quote marks
    notes: Sequence[str] = ()


def open_text(
    file: str,
    scratch: Path,
    encoding: str | None = None,
    name: str = "",
    sheet: str | None = None,
    most: int | None = None,
) -> Text:
    """The text of a file, or of stdin for `-`; converted copies go to `scratch`. `name` is what users call it,
    `most` how many bytes may be unpacked.

    Raises InputError: no such file, empty, not text (a workbook, a web page), or in no encoding that fits.
    """
    name = name or ("stdin" if file == "-" else file)
    path = Path(file)
    if file != "-" and not path.exists():
        hint = "--engine spark reads addresses; or copy it here first" if "://" in file else ""
        raise InputError(
            f"{name}: no such file on this machine" if hint else f"{name}: no such file",
            hint=hint,
            code="file-not-found",
        )
    if path.is_dir() and file != "-":
        raise InputError(f"{name}: is a folder, not a file", code="file-unreadable")
    if file != "-" and _never_ends(path):
        raise InputError(f"{name}: is a device, not a file", code="file-unreadable")
    try:
        if file == "-" or not path.is_file():
            path = _spooled(file, scratch)
        return _as_text(name, unpacked(name, path, scratch, sheet, most), scratch, encoding)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}", code="file-unreadable") from error


def _never_ends(path: Path) -> bool:
    """Whether a path is a device such as /dev/zero; a terminal and /dev/null end."""
    if not (path.is_char_device() or path.is_block_device()):
        return False
    with path.open("rb", buffering=0) as device:
        return not device.isatty() and not path.samefile(os.devnull)


_COPIES: ContextVar[tuple[Path, dict[str, Path]] | None] = ContextVar("copies", default=None)


@contextmanager
def read_again() -> Iterator[None]:
    """Within it, what can be read only once can be opened several times."""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
        token = _COPIES.set((Path(folder), {}))
        try:
            yield
        finally:
            _COPIES.reset(token)


def _spooled(file: str, scratch: Path) -> Path:
    """What can be read only once (stdin, a pipe), as a file."""
    folder, copies = _COPIES.get() or (scratch, {})
    if file not in copies:
        copies[file] = _copied(file, folder)
    return copies[file]


def _copied(file: str, scratch: Path) -> Path:
    path = scratch_file(scratch, ".spooled")
    with path.open("wb") as out:
        if file == "-":
            shutil.copyfileobj(sys.stdin.buffer, out, CHUNK)
        else:
            with Path(file).open("rb") as source:
                shutil.copyfileobj(source, out, CHUNK)
    return path


def _as_text(name: str, path: Path, scratch: Path, encoding: str | None) -> Text:
    found = survey(name, path, encoding)
    if found.encoding == "utf-8" and not found.odd_line_ends:
        return Text(name, path, found.odd_spaces, found.quotes)
    copy = scratch_file(scratch, ".utf8")
    copied(name, path, found, copy)
    notes = []
    if found.encoding == "mixed":
        line = line_of(path, found.first_bad)
        notes.append(f"{name}:{line}: not UTF-8; what is not was read as Windows-1252 (--encoding names another)")
    return Text(name, copy, odd_spaces=True, quotes=found.quotes, notes=notes)
