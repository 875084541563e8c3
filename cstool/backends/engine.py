"""What every engine does: run the one composed query. All of them are spoken to in DuckDB's SQL."""

from __future__ import annotations

from typing import Any, Protocol


class Engine(Protocol):
    """Somewhere that SQL runs. Every method that runs some raises EngineError with the engine's own first line."""

    @property
    def dialect(self) -> str:
        """What it runs: `duckdb`, or what DuckDB's SQL is translated into."""
        ...

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query; or makes the table or view of `create or replace temp table NAME as QUERY`."""
        ...

    def row(self, sql: str) -> tuple[Any, ...]:
        """The first row of a query that always has one."""
        ...

    def near(self, sql: str, name: str) -> tuple[Engine, str]:
        """An engine on this machine that has the rows of a query, and what to select them from there (as NAME)."""
        ...

    def seal(self) -> None:
        """From here on no file is read: what follows may hold the user's expressions."""
        ...

    def parse(self, sql: str) -> dict[str, Any]:
        """The syntax tree of a query, without running it."""
        ...

    def close(self) -> None: ...
