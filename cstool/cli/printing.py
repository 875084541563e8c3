"""calc --sql: the query instead of the result."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cstool.cli.common import Output
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.metrics.request import CalcRequest


def print_query(
    glossary: Path | None,
    request: CalcRequest,
    dialect: str | None,
    table: str | None,
    output: Output,
    unsuited: Mapping[str, object],
) -> None:
    """Prints the query to stdout and what there is to say about it to stderr.

    `unsuited` are options that only a computation has a use for, by name: one that was given is refused.
    """
    from cstool.api import Book

    if not dialect or not table:
        given, missing = ("--table", "--sql DIALECT") if table else ("--sql", "--table db.schema.t")
        raise UsageError(f"{given} goes with {missing}", hint="cstool calc nrr --sql snowflake --table db.schema.t")
    for name, value in unsuited.items():
        if value not in (None, False):
            raise UsageError(f"{name} has no use with --sql: nothing is read or shown", hint=f"leave {name} out")
    printed = Book(glossary).query(request, dialect, table)
    output.say(*printed.notes)
    sys.stdout.write(printed.sql)
