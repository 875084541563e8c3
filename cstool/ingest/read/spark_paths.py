"""What Spark is to read: files of this machine, and addresses that only Spark can open."""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from glob import glob, has_magic
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from cstool.backends.duck import EngineError
from cstool.backends.spark.files import HEAD, hidden, local_address
from cstool.errors import InputError
from cstool.ingest.source.header import NOTHING_KNOWN, Known
from cstool.ingest.source.table import Table, open_table, same_header
from cstool.ingest.source.unpack_limit import scratch_file
from cstool.model.reading import Reading

if TYPE_CHECKING:
    from cstool.backends.spark.engine import Spark
    from cstool.backends.spark.files import Files

_SAMPLE = 1000  # rows of a Parquet file that its formats are guessed from
_PARQUET = b"PAR1"
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")  # how an address begins: its scheme, longer than a drive's letter
_CONNECTOR = (
    "Spark needs the store's connector: for s3a, spark.jars.packages org.apache.hadoop:hadoop-aws in its settings"
)


@dataclass(frozen=True, slots=True)
class Distant(Table):
    """A table whose rows Spark reads at `addresses`, which are names and no patterns.

    `body` is all of it where it is `local`, else how it begins.
    """

    addresses: tuple[str, ...] = ()
    parquet: bool = False
    local: bool = False
    known: Known = NOTHING_KNOWN

    def with_spaces(self, odd: bool) -> Distant:
        return replace(self, odd_spaces=odd)

    def header_text(self) -> str:
        """The line of the header, '' where it is no longer above the records."""
        if not self.skip:
            return ""
        with self.body.open(encoding="utf-8-sig", newline="") as source:
            return source.readline().rstrip("\r\n")


def open_distant(engine: Spark, files: Sequence[str], known: Known, scratch: Path, reading: Reading) -> list[Distant]:
    """Each file, folder, pattern or address with its header found.

    Raises InputError where there is none, or where Spark cannot read it.
    """
    opener = _Opener(engine, known, scratch, reading)
    tables: list[Distant] = []
    for file in files:
        try:
            for one in _inside(file):
                tables += opener.opened(one)
        except OSError as error:
            raise InputError(
                f"{error.filename or file}: cannot be read: {error.strerror or error}", code="file-unreadable"
            ) from error
    return tables


def refuse_missing(files: Sequence[str]) -> None:
    """Raises InputError for what has to be on this machine, and is not; addresses are left to Spark."""
    for file in files:
        if file == "-" or _ADDRESS.match(file):
            continue
        with suppress(OSError):  # `open_distant` tells of it
            if lost := [one for one in _inside(file) if not Path(one).exists()]:
                raise InputError(f"{lost[0]}: no such file", code="file-not-found")


def on_this_machine(files: Files, tables: Sequence[Distant], reading: Reading) -> list[Table]:
    """The same tables whole on this machine: what is elsewhere is copied."""
    own: list[Table] = []
    for table in tables:
        if table.local:
            own.append(table)
            continue
        for address in table.addresses:
            name = table.name if len(table.addresses) == 1 else address
            own.append(
                open_table(str(_copied(files, address, table.scratch)), table.known, table.scratch, reading, name)
            )
    same_header(own)
    return own


def _inside(file: str) -> list[str]:
    """A file or an address as it is; of a folder or a pattern of this machine the files by name, no hidden ones.

    Raises InputError where there are none, OSError where one of the folders cannot be looked into.
    """
    path = Path(file)
    if file == "-" or "://" in file or not (path.is_dir() or (has_magic(file) and not path.exists())):
        return [file]
    found = _below(path) if path.is_dir() else map(Path, glob(file))  # noqa: PTH207 - a pattern may begin at the root
    files = [str(one) for one in sorted(found) if one.is_file() and not hidden(one.parts, path.parts)]
    if not files:
        raise InputError(f"{file}: holds no files" if path.is_dir() else f"{file}: no such file", code="file-not-found")
    return files


def _below(folder: Path) -> Iterator[Path]:
    """The files of a folder and of those in it; a folder that is closed to us is an error and not empty."""
    for inner, _, names in os.walk(folder, onerror=_refuse):
        yield from (Path(inner, name) for name in names)


def _refuse(error: OSError) -> NoReturn:
    raise error


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as source:
        return source.read(len(mark)) == mark


def _copied(files: Files, address: str, scratch: Path) -> Path:
    copy = scratch_file(scratch, ".copy")
    try:
        files.copy(address, copy)
    except EngineError as error:
        raise InputError(f"{address}: cannot be copied to this machine: {error}", code="file-unreadable") from error
    return copy


@dataclass(frozen=True, slots=True)
class _Opener:
    engine: Spark
    known: Known
    scratch: Path
    reading: Reading

    def opened(self, file: str) -> list[Distant]:
        path = Path(file)
        if file == "-" or path.exists():
            if file != "-" and path.is_file() and _begins(path, _PARQUET):
                return [self._parquet(file, [local_address(path)])]
            return [self._local(file, file)]
        try:
            found = self.engine.files.found(file)
            if not found:
                raise InputError(f"{file}: no such file", code="file-not-found")
            head = self.engine.files.head(found[0])
        except EngineError as error:
            hint = _CONNECTOR if "FileSystem" in str(error) else ""
            raise InputError(f"{file}: cannot be read: {error}", hint=hint, code="file-unreadable") from error
        if head.startswith(_PARQUET):
            return [self._parquet(file, found)]
        if (text := self._plain(head)) is None:
            return [self._converted(one) for one in found]
        begin = scratch_file(self.scratch, ".head")
        begin.write_bytes(text)
        return [self._distant(self._table(str(begin), file), found)]

    def _plain(self, head: bytes) -> bytes | None:
        """The whole lines of the first bytes, if they are UTF-8 and nothing else was said."""
        text = head if len(head) < HEAD else head[: head.rfind(b"\n") + 1]
        encoding = self.reading.encoding
        if not text or b"\0" in text or (encoding and codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig")):
            return None
        try:
            text.decode()
        except UnicodeDecodeError:
            return None
        return text

    def _converted(self, address: str) -> Distant:
        """A file that Spark cannot read as it is (packed, or not UTF-8), copied to this machine and made readable."""
        table = self._local(str(_copied(self.engine.files, address, self.scratch)), address)
        note = f"{address}: copied to this machine to be read, as it is packed or not UTF-8"
        return replace(table, notes=(*table.notes, note))

    def _local(self, file: str, name: str) -> Distant:
        table = self._table(file, "stdin" if name == "-" else name)
        if not self.engine.shares_disk and table.body.is_relative_to(self.scratch):
            raise InputError(
                f"{table.name}: is not plain UTF-8 with its header on the first line, and what is made of it on this"
                f" machine is not seen by the workers of {self.engine.master}",
                hint="save it as plain UTF-8, or leave --spark-master out",
                code="spark-failed",
            )
        return self._distant(table, [local_address(table.body)], local=True)

    def _table(self, file: str, name: str) -> Table:
        return open_table(file, self.known, self.scratch, self.reading, name)

    def _parquet(self, name: str, addresses: Sequence[str]) -> Distant:
        """Parquet with its first rows as text, from which the formats of its columns are guessed."""
        try:
            columns = self.engine.parquet_columns(addresses)
            own = [f"c{i}" for i in range(len(columns))]
            self.engine.view_parquet("begin", addresses, own)
            rows = self.engine.native(f"select {', '.join(own)} from begin limit {_SAMPLE}")
        except EngineError as error:
            raise InputError(f"{name}: the Parquet file cannot be read: {error}", code="file-unreadable") from error
        begin = scratch_file(self.scratch, ".begin")
        with begin.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([columns, *rows])
        return self._distant(self._table(str(begin), name), addresses, parquet=True)

    def _distant(
        self, table: Table, addresses: Sequence[str], *, local: bool = False, parquet: bool = False
    ) -> Distant:
        own = {one.name: getattr(table, one.name) for one in fields(Table)}
        return Distant(**own, addresses=tuple(addresses), parquet=parquet, local=local, known=self.known)
