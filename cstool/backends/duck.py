"""DuckDB in this process: the default engine."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstool.errors import InputError, UsageError
from cstool.model.limits import MEMORY, Limits
from cstool.scratch import new_folder_name

if TYPE_CHECKING:
    from cstool.backends.engine import Engine

# Undefined is NULL, never inf, nan or an error; nothing is fetched from anywhere; UTC whatever the machine says.
_SETTINGS = """
set ieee_floating_point_ops = false;
set error_on_division_by_zero = false;
set autoinstall_known_extensions = false;
set autoload_known_extensions = false;
set timezone = 'UTC';
set enable_progress_bar = true;
set enable_progress_bar_print = false;
"""
_AT_ONCE = 1000  # rows of one insert
LEAN = "280MB"  # enough where no account has to be remembered


class EngineError(Exception):
    """The engine refused or failed; the text is its own first line."""


class TooLargeError(EngineError):
    """A number has more digits than the engine computes with exactly."""


def limits_of(memory: str | None = None, threads: int | None = None, *, lean: bool = False) -> Limits:
    """Limits as they are written, `600MB`; `lean` where no account has to be remembered. Raises UsageError."""
    if memory is None:
        return Limits(LEAN if lean else MEMORY, threads)
    if not re.fullmatch(r"(?i)[1-9][0-9]*(\.[0-9]+)? ?[KMGT]i?B", memory.strip()):
        raise UsageError(f"--memory-limit is a size like 600MB or 4GB, not '{memory}'", code="bad-value")
    return Limits(memory.strip(), threads)


class DuckDB:
    """One in-memory database. In `scratch` it may spill: to a folder of its own that nobody else may read."""

    dialect = "duckdb"

    def __init__(self, scratch: Path | None = None, limits: Limits | None = None) -> None:
        import duckdb  # only here: it takes long, and much of what is built upon this room never runs a query

        self._duckdb = duckdb
        self._connection = duckdb.connect(":memory:")
        self._spilled = (scratch or Path(tempfile.gettempdir())) / new_folder_name()
        self._spilled.mkdir(mode=0o700)
        self._limits = limits or Limits()
        threads = f"set threads = {self._limits.threads};" if self._limits.threads else ""
        try:
            self.run(f"set memory_limit = {quoted(self._limits.memory)}; {threads}")
        except EngineError as error:
            self.close()
            raise UsageError(f"--memory-limit or --threads: {error}", code="bad-value") from error
        self.run(f"{_SETTINGS} set temp_directory = {quoted(str(self._spilled))}")
        _running.append(self)

    def progress(self) -> float:
        """How much of the query that runs is done, in percent; below 0 where that is not known. For another thread."""
        try:
            return float(self._connection.query_progress())
        except self._duckdb.Error:  # closed meanwhile
            return -1.0

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query.

        Raises EngineError, InputError where the memory does not do, KeyboardInterrupt where the user stopped it.
        """
        try:
            return self._connection.execute(sql).fetchall()
        except self._duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except RuntimeError as error:
            if "interrupted" in str(error):  # what a signal in the middle of a query becomes
                raise KeyboardInterrupt from error
            raise
        except self._duckdb.OutOfMemoryException as error:
            raise InputError(
                f"this needs more memory than {self._limits.memory}",
                hint=f"give it more, as with --memory-limit 4GB, or room to spill in {tempfile.gettempdir()} (TMPDIR)",
                code="out-of-memory",
            ) from error
        except (self._duckdb.OutOfRangeException, self._duckdb.ConversionException) as error:
            raise TooLargeError(_first_line(error)) from error
        except self._duckdb.Error as error:
            raise EngineError(_first_line(error)) from error

    def row(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query that always has one."""
        return self.run(sql)[0]

    def load(self, name: str, types: Mapping[str, str], rows: Sequence[Sequence[Any]]) -> None:
        """Creates the temp table NAME of rows that are at hand; `types` are the SQL types of its columns by name."""
        columns = [list(values) for values in zip(*rows, strict=True)] or [[] for _ in types]
        listed = ", ".join(f"unnest(?::{kind}[]) as {identifier(one)}" for one, kind in types.items())
        self._connection.execute(f"create or replace temp table {identifier(name)} as select {listed}", columns)

    def near(self, sql: str, name: str) -> tuple[DuckDB, str]:
        """Where the rows of a query are at hand, and what to select them from there."""
        return self, f"(\n{sql}\n) as {name}"

    def seal(self) -> None:
        """From here on no file can be read and no setting changed: what follows may hold the user's expressions."""
        self.run("set enable_external_access = false; set lock_configuration = true")

    def parse(self, sql: str) -> dict[str, Any]:
        """The syntax tree of a query, without running it. Raises EngineError where it is none."""
        try:
            tree: dict[str, Any] = json.loads(self.row(f"select json_serialize_sql({quoted(sql)})")[0])
        except RecursionError as error:
            raise EngineError("it is nested too deeply") from error
        if tree.get("error"):
            raise EngineError(str(tree.get("error_message", "not SQL")))
        return tree

    def close(self) -> None:
        if self in _running:
            _running.remove(self)
        self._connection.close()
        shutil.rmtree(self._spilled, ignore_errors=True)


def listed(engine: Engine, table: str, texts: Sequence[str]) -> None:
    """Creates a temp table with the column `text`, a row each."""
    engine.run(f"create or replace temp table {table} (text varchar)")
    for start in range(0, len(texts), _AT_ONCE):
        values = ", ".join(f"({quoted(one)})" for one in texts[start : start + _AT_ONCE])
        engine.run(f"insert into {table} values {values}")


_running: list[DuckDB] = []


def running() -> DuckDB | None:
    """The database opened last of those that are open."""
    return _running[-1] if _running else None


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_path(path: Path) -> str:
    """A file to be written as an SQL literal. From the root on, no `~`, `file:` or `s3:` in it has a meaning."""
    return quoted(str(path.absolute()))


def quoted_file(path: Path) -> str:
    """A file to be read as an SQL literal: just this one, whatever pattern or address its name would make."""
    return quoted(re.sub(r"[\[*?]", r"[\g<0>]", str(path.absolute())))


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
