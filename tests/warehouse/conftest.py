"""Servers for these tests: a DuckDB in memory, and a PostgreSQL in a temporary folder that nobody else listens to."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pytest

from cstool.model.reading import Reading
from cstool.samples import sample_csv
from tests.metrics.computing import book

NEEDED = "CSTOOL_NEEDS_POSTGRES"
NOTHING = "<null>"
TYPES = {
    "amount": "numeric",
    "number": "numeric",
    "count": "bigint",
    "share": "numeric",
    "month": "date",
    "date": "date",
    "time": "timestamp",
    "flag": "boolean",
}
NUMBERS = ("invited",)  # columns that play no role and are compared with numbers


class Server(ABC):
    """A running server: queries as text, files as typed tables of the same rows."""

    dialect: str
    number = "numeric"  # the type of amounts

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.loaded: dict[str, str] = {}

    @abstractmethod
    def run(self, sql: str) -> list[dict[str, str | None]]:
        """The rows of a query, each by its columns' names, as texts."""

    def table(self, name: str, text: str) -> str:
        """A file whose text stands as a typed table of that name in the server; gives back the file's path."""
        if name in self.loaded:
            return self.loaded[name]
        file = Path(self.folder) / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        _, understood, _ = book().columns(str(file), {}, Reading())
        kinds = {header: book().glossary.roles[role].kind for role, header in understood.roles.items()}
        header, *rows = csv.reader(io.StringIO(text))
        types = {one: TYPES.get(kinds.get(one, ""), "numeric" if one in NUMBERS else "text") for one in header}
        columns = [f'"{one}" {self.number if kind == "numeric" else kind}' for one, kind in types.items()]
        values = (
            f"({', '.join(_value(cell, kinds.get(one, '')) for one, cell in zip(header, row, strict=False))})"
            for row in rows
        )
        self.run(f'create table "{name}" ({", ".join(columns)}); insert into "{name}" values {", ".join(values)};')
        self.loaded[name] = str(file)
        return str(file)

    def sample(self, shape: str) -> str:
        """The sample of a shape as a table of its name, and the path of its file."""
        text = "".join(sample_csv(shape))
        if shape == "subscriptions":  # a query takes MRR only, no amount with an interval
            header, *rows = csv.reader(io.StringIO(text))
            dropped = header.index("interval")
            kept = [[*row[:dropped], *row[dropped + 1 :]] for row in (header, *rows)]
            text = "".join(f"{','.join(row)}\n" for row in kept).replace(",amount,", ",mrr,", 1)
        return self.table(shape, text)


class Memory(Server):
    """A DuckDB in memory."""

    dialect = "duckdb"
    number = "decimal(38, 18)"

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.connection = duckdb.connect()

    def run(self, sql: str) -> list[dict[str, str | None]]:
        done = self.connection.execute(sql)
        names = [one[0] for one in done.description]
        return [
            {name: None if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}
            for row in done.fetchall()
        ]


class Postgres(Server):
    """A PostgreSQL of our own."""

    dialect = "postgres"

    def __init__(self, psql: str, folder: str) -> None:
        super().__init__(folder)
        self.psql = psql

    def run(self, sql: str) -> list[dict[str, str | None]]:
        """As PostgreSQL writes them."""
        done = subprocess.run(
            [self.psql, *f"-X -q -h {self.folder} -U postgres --csv -P null={NOTHING} -v ON_ERROR_STOP=1".split()],
            input=sql,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{done.stderr}\n{sql}"
        rows = csv.DictReader(io.StringIO(done.stdout))
        return [{key: None if text == NOTHING else text for key, text in row.items()} for row in rows]


def _value(cell: str, kind: str) -> str:
    text = cell.strip().replace("'", "''")
    if not text:
        return "null"
    if text.endswith("%") and kind in ("share", "number"):
        return f"{text[:-1]} * 0.01"
    return f"'{text[:7]}-01'" if kind == "month" else f"'{text}'"


def _server_folder() -> Path | None:
    """Where the programs of a server are; the client's are beside them or on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _as_owner(folder: str) -> Sequence[str]:
    """How to run what root may not: as another user, to whom the folder then belongs."""
    if os.geteuid() != 0:
        return []
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--"]


@pytest.fixture(scope="session")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Memory:
    return Memory(str(tmp_path_factory.mktemp("memory")))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    programs = _server_folder()
    if programs is None:
        text = "there is no PostgreSQL server to run (apt-get install postgresql)"
        if os.environ.get(NEEDED) == "1":
            pytest.fail(f"{text}, and {NEEDED} is 1")
        pytest.skip(text)
    with tempfile.TemporaryDirectory(prefix="cstool-pg-") as folder:
        owner = _as_owner(folder)
        data, log = f"{folder}/data", f"{folder}/log"
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c timezone=UTC"
        made = [
            *owner,
            str(programs / "initdb"),
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
        ]
        subprocess.run([*made, "--locale", "C"], check=True, capture_output=True, timeout=120, cwd="/")
        control = [*owner, str(programs / "pg_ctl"), "-D", data, "-l", log, "-w"]
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, timeout=120, cwd="/")
        try:
            yield Postgres(shutil.which("psql") or str(programs / "psql"), folder)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, timeout=60, cwd="/")
