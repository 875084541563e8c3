"""Which columns could fill a role, by their headers: from those that surely mean it to those that may."""

from __future__ import annotations

import re

from cstool.data.currencies import without_currency
from cstool.data.header import header_key, without_sum
from cstool.data.table import Table
from cstool.glossary.inputs import Role
from cstool.metrics import headings, questions

_NO_SUM = "average|avg|mean|median|count|max|min|mittelwert|anzahl|moyenne|nombre|promedio|media|média|gemiddelde"


def named(role: Role, table: Table) -> list[str]:
    """The columns whose header is a proper spelling of a role."""
    keys = _proper_keys(role)
    return [column for column in table.columns if header_key(column) in keys]


def in_a_currency(role: Role, table: Table) -> list[str]:
    """The columns whose header is a proper spelling of an amount's role with a currency behind it."""
    if role.kind != "amount":
        return []
    keys = _proper_keys(role)
    return [column for column in table.columns if header_key(without_currency(column)[0]) in keys]


def summed(role: Role, table: Table) -> list[str]:
    """The columns whose header says that they are sums of what the role is, as in a pivot table: `Sum of MRR`."""
    keys = _proper_keys(role)
    return [column for column in table.columns if header_key(without_sum(column)) in keys]


def asking(role: Role, table: Table) -> list[str]:
    """The columns headed by a whole question, of the role of a survey's answers."""
    return questions.asking(table.columns) if role.role == "score" else []


def fallback(role: Role, table: Table) -> list[str]:
    """The columns whose header is a spelling of a role that often means something else."""
    keys = set(map(header_key, role.fallback))
    found = [column for column in table.columns if header_key(column) in keys]
    return found or (_first_beside_months(table) if role.role == "account" else [])


def _first_beside_months(table: Table) -> list[str]:
    """The first column of a table of months, whose rows it names in whatever language."""
    months = headings.months([column for column in table.columns if column])
    first = table.columns[0]
    return [first] if len(months) > 1 and first and first not in months else []


def no_sum(role: Role, table: Table) -> str | None:
    """A column that holds another statistic of what the role is: `Average of MRR`."""
    keys = _proper_keys(role)
    for column in table.columns:
        found = re.fullmatch(rf"(?:{_NO_SUM})(?:[\s_]+(?:of|von|de|di|van))?[\s_(]+(.+?)\)?", column, re.IGNORECASE)
        if found and header_key(without_currency(found[1])[0]) in keys:
            return column
    return None


def _proper_keys(role: Role) -> set[str]:
    return {header_key(spelling) for spelling in (role.role, *role.headers)}
