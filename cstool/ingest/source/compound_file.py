"""The streams of a compound file, which is what an xls workbook is: sectors chained by a table, as in a file system."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IN_HEADER = 109  # sectors of the table that the header itself lists
_ENTRY = 128  # bytes of a stream's entry in the directory
_SMALLEST = 4096  # bytes; shorter streams are kept elsewhere, and no workbook is one
_END = 0xFFFFFFFA  # from here on, a number is no sector


def stream(file: bytes, names: Collection[str]) -> bytes:
    """The stream of one of these names; empty where there is none.

    Raises struct.error where the file is cut off.
    """
    if not file.startswith(MAGIC):
        return b""
    size = 1 << min(struct.unpack_from("<H", file, 30)[0], 16)
    table = _table(file, size)
    directory = b"".join(_chain(file, size, table, struct.unpack_from("<I", file, 48)[0]))
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        named = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(named - 2, 0)].decode("utf-16-le", "replace")
        first, length = struct.unpack_from("<II", directory, at + 116)
        if name in names and length >= _SMALLEST:
            return b"".join(_chain(file, size, table, first))[:length]
    return b""


def _table(file: bytes, size: int) -> list[int]:
    """For each sector the one that follows it."""
    listed = [*struct.unpack_from(f"<{_IN_HEADER}I", file, 76)]
    more, numbers = struct.unpack_from("<I", file, 68)[0], size // 4
    for _ in range(len(file) // size):
        if more >= _END:
            break
        *beyond, more = struct.unpack_from(f"<{numbers}I", file, (more + 1) * size)
        listed += beyond
    sectors = [sector for sector in listed if sector < _END]
    return [
        following
        for sector in sectors[: len(file) // size + 1]
        for following in struct.unpack_from(f"<{numbers}I", file, (sector + 1) * size)
    ]


def _chain(file: bytes, size: int, table: list[int], sector: int) -> Iterator[bytes]:
    for _ in table:  # no chain is longer, unless it is a ring
        if sector >= len(table):
            return
        yield file[(sector + 1) * size : (sector + 2) * size]
        sector = table[sector]
