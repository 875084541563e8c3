"""Files where Spark reads them, through Hadoop: local ones, and those of an object store or a cluster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cstool.backends.spark.session import plainly

HEAD = 1 << 20  # bytes from which a dialect is decided


class Files:
    """What Hadoop's file systems hold."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._java = context._jvm
        self._settings = context._jsc.hadoopConfiguration()

    def found(self, address: str) -> list[str]:
        """The files of an address, each by its name as it is: itself, those of a folder, those that a pattern fits.

        Hidden ones are left out. Raises EngineError where there is no such file system.
        """
        with plainly(self._context):
            path = self._path(address)
            system = path.getFileSystem(self._settings)
            files: list[str] = []
            for status in [system.getFileStatus(path)] if system.exists(path) else system.globStatus(path) or []:
                parts, asked = _parts(status.getPath()), _parts(path)
                if len(parts) != len(asked):  # of a relative address, or one with a / in its braces
                    parts, asked = parts[-1:], asked[-1:]
                if not hidden(parts, asked):
                    files += self._below(system, status)
        return sorted(files)

    def head(self, address: str) -> bytes:
        """The first bytes of a file."""
        with plainly(self._context):
            path = self._path(address)
            stream = path.getFileSystem(self._settings).open(path)
            try:
                return bytes(stream.readNBytes(HEAD))
            finally:
                stream.close()

    def copy(self, address: str, target: Path) -> None:
        """Copies a file to this machine."""
        with plainly(self._context):
            path = self._path(address)
            path.getFileSystem(self._settings).copyToLocalFile(False, path, self._path(local_address(target)), True)

    def _path(self, address: str) -> Any:
        return self._java.org.apache.hadoop.fs.Path(address)

    def _below(self, system: Any, status: Any) -> list[str]:
        path = status.getPath()
        if not status.isDirectory():
            return [str(path.toString())]
        files: list[str] = []
        for inner in system.listStatus(path):
            if not hidden([inner.getPath().getName()]):
                files += self._below(system, inner)
        return files


def hidden(parts: Sequence[str], asked: Sequence[str] = ()) -> bool:
    """Whether a part of a path begins as what is hidden does, and was not asked for so."""
    pairs = zip_longest(parts, asked, fillvalue="*")
    return any(part.startswith(("_", ".")) and part[0] != pattern[0] for part, pattern in pairs)


def _parts(path: Any) -> list[str]:
    """The parts of a path of Hadoop's."""
    return str(path.toUri().getPath()).strip("/").split("/")


def local_address(path: Path) -> str:
    """A file of this machine by an address that Hadoop takes as it is: no letter stands for another."""
    return f"file://{path.resolve()}"


def escaped(address: str) -> str:
    """An address as Spark's reader takes it, to whom every path is a pattern."""
    return re.sub(r"([\[\]{}*?\\])", r"\\\1", address)
