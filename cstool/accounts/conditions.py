"""--where on the list of accounts: a condition over its columns, as sealed as that of `calc`."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.backends.duck import DuckDB, EngineError, identifier
from cstool.compute.filtering import COMPARE, why
from cstool.compute.formulas.expressions import ExpressionError, parse_condition
from cstool.errors import InputError, UsageError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import column_list


def chosen(engine: DuckDB, table: str, columns: Sequence[str], where: str | None) -> str:
    """SQL that keeps the rows for which a condition holds; nothing without one.

    Raises UsageError where it is none, InputError where it names no column or compares what cannot be compared.
    """
    if not where:
        return ""
    try:
        condition = parse_condition(engine, where)
    except ExpressionError as error:
        raise UsageError(
            f"--where: {error}",
            hint=error.hint or 'write a condition on the columns: --where "open_tickets > 2"',
            code="bad-condition",
        ) from error
    shown = []
    for name in sorted(condition.names):
        found = [one for one in columns if one.lower() == name.lower()]
        found = found or [one for one in columns if header_key(one) == header_key(name)]
        if not found:
            raise InputError(
                f"--where: there is no column '{name}'", hint=f"columns: {column_list(columns)}", code="unknown-column"
            )
        shown.append(f"{identifier(found[0])} as {identifier(name)}")
    holds = f"select {', '.join([*shown, 'called as called_of_account'])} from {table}"
    try:
        engine.run(f"create temp table chosen_accounts as select called_of_account from ({holds}) where ({where}\n)")
    except EngineError as error:
        raise InputError(f"--where: {why(error)}", hint=COMPARE, code="bad-condition") from error
    return " where called in (select called_of_account from chosen_accounts)"
