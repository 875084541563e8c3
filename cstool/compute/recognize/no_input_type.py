"""Why a file is of none of the input types that give what is asked for, and which column may have been meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice

from cstool.compute.recognize import headings
from cstool.compute.recognize.header_matching import SAMPLE, Columns, has_word
from cstool.compute.recognize.shapes import FEWEST_MONTHS, Fit, known_headers
from cstool.compute.recognize.similar_columns import close
from cstool.errors import InputError, UsageError
from cstool.ingest.source.header import header_key, header_keys
from cstool.ingest.source.table import Table, column_list
from cstool.model.entries import Glossary
from cstool.model.missing import ExcludedBy, Missing, MissingMonths, MissingRole, missing_roles

_HAPPENED = ("cancel*", "ended", "churn*", "terminated", "deactivated", "left", "lost")  # no end that was only agreed
_COUNTED = r"active(users|accounts|visitors)$|^(dau|wau|mau)s?$|uniqueusers$"
PUT_SUMS = "put the sum into the pivot table, as only sums can be computed with"


def no_shape(glossary: Glossary, columns: Columns, fits: Sequence[Fit], relation: str) -> InputError | UsageError:
    """What to say where no shape fits: of the closest one what is missing, or which columns could be a role."""
    if not fits:
        return UsageError(f"no file gives the measures of {relation}; give them with --set", code="not-given-by-file")
    table = columns.table
    bare = headings.without_year([one for one in table.columns if one])
    if bare and any(one.shape.months == "columns" for one in fits):
        return InputError(
            f"{table.name}: {', '.join(bare[:3])}{' ...' if len(bare) > 3 else ''} are months without a year",
            hint=f"write the year into the headers, as in {bare[0]} 2026",
            code="missing-column",
        )
    if any(one.shape.months == "columns" for one in fits):
        refuse_months_out_of_years(table)
    fiscal = headings.fiscal_periods([one for one in table.columns if one])
    if fiscal and any(one.shape.months == "columns" for one in fits):
        return InputError(
            f"{table.name}: {', '.join(fiscal[:3])}{' ...' if len(fiscal) > 3 else ''} are of a fiscal year, whose"
            " months are not known",
            hint=f"write the last month of each into the headers, as 2026-01 in the place of {fiscal[0]}",
            code="missing-column",
        )
    known = known_headers(glossary)
    lost = not any(header_keys(column) & known for column in table.columns)

    def distance(one: Fit) -> tuple[float, ...]:
        averaged = sum(bool(columns.no_sum(role)) for role in _single(one.missing))
        return (-averaged, _lacks(columns, one), len(one.unclear), -one.explained)

    closest = fits[0] if lost else min(fits, key=distance)
    if not closest.missing:
        role, found = next(iter(closest.unclear.items()))
        return several_columns(table, role, found)
    if isinstance(closest.missing[0], ExcludedBy):
        counted, answers = next(iter(closest.roles.items()))
        flagged = "churn_flag" in closest.roles and "churn_flag" not in closest.shape.required
        return InputError(
            f"{table.name}: {closest.missing[0]}; columns: {column_list(table.columns)}",
            hint=_leads_on_flag(closest.roles["churn_flag"])
            if flagged
            else f'if each row is one all the same, say so with --map {counted}="{answers}"',
            code="missing-column",
        )
    choices = [str(missing_roles(some)) for some in (closest.shape.one_of, closest.shape.any_of) if some]
    needs = ", ".join([*closest.shape.required, *choices])
    return InputError(
        f"{table.name}: no column for {' and '.join(map(str, closest.missing))} ({closest.shape.shape} needs {needs});"
        f" columns: {column_list(table.columns)}",
        hint=_hint(columns, closest, lost=lost),
        code="missing-column",
    )


def several_columns(table: Table, role: str, found: Sequence[str]) -> InputError:
    """What to say where several columns could be one role."""
    exact = [one for one in found if header_key(one) == header_key(role)]
    past = [one for one in found if role == "end_date" and has_word(one, _HAPPENED)]
    named = [one for one in found if header_key(one) != "id"]  # an id may be that of the row
    name = (exact or past or named or list(found))[0]
    place = len(set(found)) == 1
    if place:
        name = f"#{table.columns.index(name) + 1}"
    if role == "end_date" and _take_turns(table, found):
        return InputError(
            f"{table.name}: {len(found)} columns could be {role}, a row has at most one of them: {', '.join(found)}",
            hint="put them into one column of the file, so that each row that ended has its end",
            code="ambiguous-column",
        )
    return InputError(
        f"{table.name}: {len(found)} columns could be {role}: {', '.join(found)}",
        hint=f'choose one: --map {role}="{name}"' + (" (its place)" if place else ""),
        code="ambiguous-column",
    )


def _take_turns(table: Table, found: Sequence[str]) -> bool:
    """Whether each of some columns has cells among the first records, and no record has two of them."""
    places = [i for one in found if (i := table.column(one)) is not None]
    filled = [
        [i for i in places if i < len(record.fields) and record.fields[i].strip()]
        for record in islice(table.records(), SAMPLE)
    ]
    return (
        len(places) == len(found)
        and all(len(one) < 2 for one in filled)
        and len({i for one in filled for i in one}) > 1
    )


def _hint(columns: Columns, closest: Fit, *, lost: bool) -> str:
    roles = [role for one in closest.missing for role in one.roles]
    first = (roles or closest.shape.required)[0]
    if lost:
        return f"no header was recognized; set --header-line or --delimiter, or map a column: --map {first}=COLUMN"
    if isinstance(closest.missing[0], MissingMonths):
        return "a column of a month is named like 2026-01 or Jan 2026"
    if no_sums := [one for role in _single(closest.missing) if (one := columns.no_sum(role))]:
        return f"{no_sums[0]} is no sum: {PUT_SUMS}"
    if first in ("month", "start_date") and (flags := columns.of("churn_flag", "named")):
        return _leads_on_flag(flags[0])
    if first in ("month", "start_date") and (columns.of("csm", "named") or columns.of("csm", "fallback")):
        return (
            "no column says since when the accounts pay; calc book-of-business adds up what they pay now,"
            " or name the column: --map start_date=COLUMN"
        )
    if (first, closest.shape.shape) in (("month", "ledger"), ("start_date", "subscriptions")):
        return (
            "nothing says when the accounts pay these amounts: name the column that does, --map month=COLUMN or"
            " --map start_date=COLUMN; or add what they pay now up by the person who looks after them:"
            " calc book-of-business --map csm=COLUMN"
        )
    if first == "user" and any(re.search(_COUNTED, header_key(one)) for one in columns.table.columns):
        return (
            "its rows are numbers of users, not what users did; give them themselves:"
            " calc stickiness --set daily_active=120 --set monthly_active=600"
        )
    for role in _single(closest.missing):
        if near := misspelt(columns, role):
            return f'did you mean {near}? say so with --map {role}="{near}"'
    if first == "mrr" and closest.shape.shape == "subscriptions" and "end_date" not in closest.roles:
        return (
            "name the column: --map mrr=COLUMN; without amounts, customers are counted where a column says when each"
            " left: --map end_date=COLUMN"
        )
    return f"name the column: --map {first}=COLUMN"


def _leads_on_flag(flag: str) -> str:
    """What a list of customers with a flag of those who left, but without the day each came, can be made into."""
    return (
        f"{flag} says who left, and nothing says since when each was a customer: add that day as a column Start Date"
        " (and End Date for those who left); or, for logo-churn of one window, a column Customer At Start with yes or"
        " no beside the flag of who left in it (`cstool sample churn-flags`)"
    )


def refuse_ends_as_months(columns: Columns, roles: Mapping[str, str]) -> None:
    """Raises InputError where the months of a ledger are those in which customers left: each would count then only."""
    header = roles.get("month", "")
    if header and "mrr" in roles and has_word(header, _HAPPENED):
        flags = columns.of("churn_flag", "named")
        raise InputError(
            f"{columns.table.name}: {header} says when a customer left, not which month its MRR is of",
            hint=_leads_on_flag(flags[0]) if flags else f'--map end_date="{header}", with --map start_date=COLUMN',
            code="ambiguous-column",
        )


def refuse_months_out_of_years(table: Table) -> None:
    """Raises InputError where columns are headed with months that are long past or far ahead."""
    if odd := headings.out_of_years([one for one in table.columns if one]):
        named = f"{', '.join(odd[:3])}{' ...' if len(odd) > 3 else ''}"
        raise InputError(
            f"{table.name}: {named} are no months of the years 1900 to 2199",
            hint="correct the years in the headers, or remove these columns",
            code="ambiguous-column",
        )


def _lacks(columns: Columns, one: Fit) -> float:
    """How much a file lacks for a shape: a misspelt column is half there, and months are several columns."""
    return sum(
        FEWEST_MONTHS
        if isinstance(missing, MissingMonths)
        else 0.5
        if isinstance(missing, MissingRole) and misspelt(columns, missing.role)
        else 1
        for missing in one.missing
    )


def _single(missing: Sequence[Missing]) -> list[str]:
    """The roles that are missing for themselves, not as one of several."""
    return [one.role for one in missing if isinstance(one, MissingRole)]


def misspelt(columns: Columns, role: str) -> str | None:
    """A column whose name is nearly one that fills the role."""
    headers = {header_key(column): column for column in columns.table.columns if column}
    for spelling in (role, *columns.roles[role].headers):
        near = close(header_key(spelling), headers, 0.86)
        if near:
            return headers[near[0]]
    return None
