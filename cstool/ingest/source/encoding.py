"""Bytes as UTF-8 text with plain line ends: by what the bytes themselves say, and told where they do not."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from cstool.errors import InputError

CHUNK = 1 << 20
LONGEST_LINE = 16  # in chunks; DuckDB is told the same
MOST_BLANK = 5_000_000  # lines; all are looked at one by one, and no export has a fraction of them
_ODD_SPACES = re.compile(
    "[\t\x0b\x0c\x1c-\x1f\x85\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069\u3000\ufeff]"
)


class Survey(NamedTuple):
    """What one pass over a file's bytes tells."""

    encoding: str  # utf-8, utf-16, ..., or `mixed`: UTF-8 with Windows-1252 bytes in it
    first_bad: int = 0  # the place of the first byte that is not UTF-8
    odd_line_ends: bool = False  # others than all LF or all CRLF
    odd_spaces: bool = False  # white space other than blanks and line ends
    quotes: bool = False


def survey(name: str, path: Path, encoding: str | None) -> Survey:
    """Looks through the whole file. Raises InputError where it is empty or no text, or has a line that never ends."""
    with path.open("rb") as source:
        head = source.read(4096)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise InputError(f"{name}: the file is empty", code="no-rows")
    wide = _utf_16(head)
    if encoding and codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig"):
        return Survey(encoding, odd_line_ends=True, odd_spaces=True, quotes=True)
    if wide:
        return Survey(wide, odd_line_ends=True, odd_spaces=True, quotes=True)
    return _look_through(name, path, strict=encoding is not None)


def _utf_16(head: bytes) -> str | None:
    """UTF-16 or UTF-32 by its mark; without a mark, Latin text has NULs at every second place."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 5 and min(even, odd) < len(head) // 50 + 1:
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


@dataclass(slots=True)
class _Seen:
    returns: int = 0
    pairs: int = 0
    feeds: int = 0
    unbroken: int = 0  # chunks since the last line end
    blank: int = 0  # lines, of chunks that hold hardly anything else
    spaces: bool = False
    quotes: bool = False
    last: bytes = field(default=b"")


def _look_through(name: str, path: Path, *, strict: bool) -> Survey:
    seen, place, first_bad = _Seen(), 0, -1
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            _look(name, path, chunk, place, seen)
            plain = chunk.isascii() and not decoder.getstate()[0]
            if first_bad < 0 and not plain:
                pending = len(decoder.getstate()[0])
                try:
                    seen.spaces = bool(_ODD_SPACES.search(decoder.decode(chunk))) or seen.spaces
                except UnicodeDecodeError as error:
                    first_bad = place - pending + error.start
            elif plain and not seen.spaces:
                seen.spaces = any(byte in chunk for byte in (b"\t", b"\x0b", b"\x0c"))
            place += len(chunk)
    if first_bad < 0 and decoder.getstate()[0]:
        first_bad = place - len(decoder.getstate()[0])
    if first_bad >= 0 and strict:
        raise InputError(
            f"{name}:{line_of(path, first_bad)}: the line is not UTF-8",
            hint="--encoding names another",
            code="bad-encoding",
        )
    odd = seen.returns > 0 and not seen.pairs == seen.returns == seen.feeds
    return Survey("utf-8" if first_bad < 0 else "mixed", max(first_bad, 0), odd, seen.spaces, seen.quotes)


def _look(name: str, path: Path, chunk: bytes, place: int, seen: _Seen) -> None:
    if b"\x00" in chunk:
        line = line_of(path, place + chunk.index(b"\x00"))
        raise InputError(
            f"{name}:{line}: a NUL byte stands in the text",
            hint="the file is damaged, or in an encoding that --encoding must name (utf-16-le, ...)",
            code="not-a-table",
        )
    if b"\r" in chunk or seen.returns:
        seen.pairs += chunk.count(b"\r\n") + (seen.last == b"\r" and chunk.startswith(b"\n"))
        seen.returns += chunk.count(b"\r")
        seen.feeds += chunk.count(b"\n")
    elif b"\n" in chunk:
        seen.feeds += 1  # enough to know that there are lone line feeds
    seen.quotes = seen.quotes or b'"' in chunk
    if chunk[::61].count(b"\n") > len(chunk) // 150:  # some of the bytes tell whether it is worth counting
        seen.blank += 3 * (chunk.count(b"\n\n\n") + chunk.count(b"\n\r\n\r\n"))
        _refuse_blank(name, seen.blank)
    seen.unbroken = 0 if b"\n" in chunk or b"\r" in chunk else seen.unbroken + 1
    if seen.unbroken >= LONGEST_LINE:
        raise _endless(name, line_of(path, place))
    seen.last = chunk[-1:]


def _endless(name: str, line: int) -> InputError:
    return InputError(f"{name}:{line}: the line is longer than {LONGEST_LINE} MB; this is no table", code="not-a-table")


def _refuse_blank(name: str, lines: int) -> None:
    if lines > MOST_BLANK:
        raise InputError(
            f"{name}: more than {MOST_BLANK:,} blank lines; this is no table",
            hint="remove the blank lines",
            code="not-a-table",
        )


def line_of(path: Path, place: int) -> int:
    """The line that the byte at `place` stands on, 1 = first."""
    line, left, last = 1, place, b""
    with path.open("rb") as source:
        while left > 0 and (chunk := source.read(min(CHUNK, left))):
            ends = chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
            line += ends - (last == b"\r" and chunk.startswith(b"\n"))
            last, left = chunk[-1:], left - len(chunk)
    return line


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Reads the bytes that are not UTF-8 as Windows-1252; the five it does not define stay an error."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252"), error.end


codecs.register_error("windows-1252", _windows_1252)


def copied(name: str, path: Path, found: Survey, copy: Path) -> None:
    """Writes the text to `copy` in UTF-8 with LF line ends. Raises InputError naming the line that has no reading."""
    mixed = found.encoding == "mixed"
    encoding, errors = ("utf-8", "windows-1252") if mixed else (found.encoding, "strict")
    line, unbroken, blank = 1, 0, 0
    with (
        path.open(encoding=encoding, errors=errors, newline=None) as source,
        copy.open("w", encoding="utf-8", newline="\n") as out,
    ):
        try:
            while block := source.read(CHUNK):
                if "\x00" in block:
                    line += block[: block.index("\x00")].count("\n")
                    raise InputError(
                        f"{name}:{line}: a NUL stands in the text",
                        hint="is --encoding the right one?",
                        code="bad-encoding",
                    )
                unbroken = 0 if "\n" in block else unbroken + 1
                if unbroken >= LONGEST_LINE:
                    raise _endless(name, line)
                line += block.count("\n")
                blank += 3 * block.count("\n\n\n")
                _refuse_blank(name, blank)
                out.write(block)
        except UnicodeError as error:
            raise _unreadable(name, path, found, line) from error


def _unreadable(name: str, path: Path, found: Survey, line: int) -> InputError:
    if found.encoding == "mixed":
        return InputError(
            f"{name}:{_first_undefined(path)}: bytes that are neither UTF-8 nor Windows-1252 text",
            hint="save the file as UTF-8, or name its encoding with --encoding",
            code="bad-encoding",
        )
    return InputError(
        f"{name}: is not {found.encoding} text after line {line}", hint="--encoding names another", code="bad-encoding"
    )


def _first_undefined(path: Path) -> int:
    with path.open("rb") as source:
        for number, line in enumerate(source, 1):
            try:
                line.decode("utf-8", "windows-1252")
            except UnicodeError:
                return number
    return 1
