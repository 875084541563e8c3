"""calc --sql: the query instead of the result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cstool.cli.calc_options import PrintOptions
from cstool.cli.common import Output
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.model.request import CalcRequest

# The options that a printed query takes; every other one reads, runs or shows something.
_TAKEN = frozenset(
    """--by --where --every --fiscal-year-starts --window --as-of --total --set --variant --with-reactivation
    --annualise --explain --scale --within --reverse --map --shape --sheet --encoding --delimiter --header-line
    --unpack-limit --quiet --no-color --output""".split()
)


def print_query(
    glossary: Path | None, request: CalcRequest, printed: PrintOptions, output: Output, given: Sequence[str]
) -> None:
    """Prints the query to stdout and notes on it to stderr. Raises UsageError for `given` options of no use here."""
    from cstool.api import Book

    if not printed.sql or not printed.table:
        alone, missing = ("--table", "--sql DIALECT") if printed.table else ("--sql", "--table db.schema.t")
        raise UsageError(
            f"{alone} goes with {missing}",
            hint="cstool calc nrr --sql snowflake --table db.schema.t",
            code="option-needs-another",
        )
    for name in given:
        if name not in _TAKEN:
            raise UsageError(
                f"{name} has no use with --sql: nothing is read or shown",
                hint=f"leave {name} out",
                code="option-not-applicable",
            )
    query = Book(glossary).query(request, printed.sql, printed.table)
    output.say(*query.notes)
    output.text(query.sql)
