"""-o FILE: an answer as a file, which is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cstool.errors import InputError, UsageError
from cstool.render.blocks import Format

_FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".md": "md",
    ".ndjson": "jsonl",
    ".tsv": "tsv",
    ".txt": "table",
}


def format_of(file: Path, further: Mapping[str, str]) -> str:
    """The format that a file's extension says, `further` ones first. Raises UsageError where it says none."""
    formats = {**_FORMATS, **further}
    found = formats.get(file.suffix.lower())
    if found is None:
        raise UsageError(
            f"-o {file}: its name says no format",
            hint=f"end it in {', '.join(formats)}, or name the format: -f csv",
            code="bad-value",
        )
    return found


def write_in_one_step(file: Path, text: str) -> None:
    """Writes a text as UTF-8; a file that exists is replaced once all of it is written.

    Raises InputError where it cannot be written.
    """
    target = file.resolve()  # a link goes on pointing to the file it names
    beside = target.with_name(f".{target.name[:50]}-{os.getpid()}")
    try:
        if target.exists() and not target.is_file():  # a device or a pipe
            target.write_text(text, encoding="utf-8", newline="")
            return
        with beside.open("x", encoding="utf-8", errors="backslashreplace", newline="") as out:
            out.write(text)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o777)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise InputError(
            f"{file}: cannot be written: {error.strerror}", hint="name another file", code="cannot-write"
        ) from error
