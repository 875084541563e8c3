"""Columns that no role uses and that could change a number: refused with the option that settles it, or named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from cstool.backends.duck import quoted
from cstool.compute.cells import marked_rows, taxes
from cstool.compute.cells.billing_words import says_types
from cstool.compute.cells.ends import how_known
from cstool.compute.filtering import where_option
from cstool.compute.recognize.header_matching import TIERS, Columns, has_word, spelled
from cstool.compute.recognize.no_input_type import several_columns
from cstool.compute.recognize.shapes import Fit
from cstool.errors import InputError
from cstool.ingest.source.header import header_key

# What a role of a status says where a number would be another one, as words are compared.
_TELLING = frozenset(
    "void voided draft uncollectible failed refunded partiallyrefunded chargeback trial trialing trialling intrial"
    " incomplete incompleteexpired canceled cancelled paused expired churned terminated suspended unpaid pastdue"
    " closedwon closedlost won lost".split()
)
_STATUSES = {
    "subscriptions": "status",
    "invoices": "payment_status",
    "deals": "stage",
    "renewals": "status",
}
_MOST_WORDS = 12  # different values that a column of statuses has at most
_TYPES = ("type", "kind", "category", "typ", "art")
_DISCOUNTS = ("discount", "discounts", "rabatt", "remise", "descuento", "sconto")
_DISCOUNTED = ("due", "paid", "net")  # amounts that discounts were taken off
_NO_SUMS = ("id", "code", "name", "start", "end", "reason", "type", "date", "at", "percent", "percentage", "duration")
_ROUNDED_BY = 6.0  # half a unit of each month's amount
_INTERVALS = ("interval", "frequency", "period", "periods", "cycle", "recurrence", "cadence")
_NO_INTERVALS = ("start", "end", "current", "trial", "number", "days", "date", "at", "id", "remaining", "index")
_LENGTHS = r"^(month|annual|year|quarter|one[ _-]?time|recurring|once|week)"
_PRICES = ("price", "rate", "fee", "cost", "charge")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def looked_at(columns: Columns, best: Fit, chosen: Mapping[str, str]) -> list[str]:
    """What to say of columns that are not used. Raises InputError for one that could change the number.

    `chosen` are the columns of --map and a preset by role, '' where a role is to have none.
    """
    taken = {*best.roles.values(), *best.months.values(), *told_by_cells(columns, best, chosen).values()}
    free = [one for one in columns.table.columns if one and one not in taken]
    if best.shape.shape == "subscriptions" and "end_date" not in chosen:
        _refuse_ends(columns, best, free)
    _refuse_statuses(columns, best, chosen, free)
    _refuse_flags_of_refunds(columns, best, chosen, free)
    _refuse_counts_of_units(columns, best, chosen, free)
    _refuse_counts_of_intervals(columns, best, chosen, free)
    return [
        *_alone(columns, best),
        *_other_ends(columns, best, chosen, free),
        *_other_amounts(columns, best, chosen, free),
        *_discounts(columns, best, free),
        *_lengths_of_deals(columns, best, free),
        *_other_years(columns, best, free),
        *marked_rows.notes_on(columns, best, free),
        *taxes.notes_on(columns, best, free),
        *_prices_of_units(columns, best, chosen, free),
    ]


def told_by_cells(columns: Columns, best: Fit, chosen: Mapping[str, str]) -> dict[str, str]:
    """Roles that a column plays for what its cells say, whose header alone says too little: `Type`."""
    role = "line_type"
    if best.shape.shape != "invoices" or role in best.roles or role in chosen:
        return {}
    free = [one for one in columns.table.columns if one and one not in best.roles.values()]
    found = [one for one in free if has_word(one, _TYPES) and says_types(columns.cells(one))]
    return {role: found[0]} if len(found) == 1 else {}


def _other_amounts(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> list[str]:
    """Names other columns that could be the amount, where they hold another one."""
    own = next((one for one in ("amount", "unit_price") if one in best.roles), None)
    if not own or own in chosen:
        return []
    used = columns.cells(best.roles[own])
    could = {one for role in ("amount", "unit_price") for tier in TIERS for one in columns.of(role, tier)}
    other = [one for one in free if one in could and _has_amounts(columns, one) and columns.cells(one) != used]
    if not other:
        return []
    what = f"{' and '.join(other[:3])} could be the amount, too; {best.roles[own]} is used"
    return [f'{columns.table.name}: {what}, --map amount="{other[0]}" for another']


def _discounts(columns: Columns, best: Fit, free: Sequence[str]) -> list[str]:
    """Names columns of discounts, which are not taken off."""
    own = next((one for one in ("amount", "unit_price") if one in best.roles), None)
    if not own or has_word(best.roles[own], _DISCOUNTED):
        return []
    found = [
        one for one in free if has_word(one, _DISCOUNTS) and not has_word(one, _NO_SUMS) and _has_amounts(columns, one)
    ]
    lines = f"{columns.table.name}: {' and '.join(found[:3])} not taken off; {best.roles[own]} is used as it is"
    return [f"{lines}, --map amount=COLUMN for one that is net"] if found else []


def _lengths_of_deals(columns: Columns, best: Fit, free: Sequence[str]) -> list[str]:
    """Says that amounts of deals are of months, years or once, as another column tells, and added up as they are."""
    if best.shape.shape != "deals" or "amount" not in best.roles:
        return []
    for column in (one for one in free if has_word(one, _INTERVALS) and not has_word(one, _NO_INTERVALS)):
        kinds = sorted({cell for cell in columns.cells(column) if re.search(_LENGTHS, cell, re.IGNORECASE)})
        if kinds and len(set(columns.cells(column))) > 1:
            what = f"{best.roles['amount']} is added up as it is, though {column} differs ({', '.join(kinds[:4])})"
            where = where_option(column, f"= {quoted(kinds[0])}")
            return [f"{columns.table.name}: {what}; --where {where} for one of them"]
    return []


def _other_years(columns: Columns, best: Fit, free: Sequence[str]) -> list[str]:
    """Names a column of ARR that is not twelve times the MRR that is used."""
    own = best.roles.get("mrr")
    if not own or "mrr" in best.yearly:
        return []
    for column in (one for one in free if one in columns.of("mrr", "yearly")):
        differing = sum(not _is_twelvefold(*pair) for pair in columns.pairs(own, column))
        if differing:
            rows = "1 row" if differing == 1 else f"{differing} rows"
            return [f"{columns.table.name}: {column} is not 12 times {own} in {rows}; {own} is used"]
    return []


def _is_twelvefold(month: str, year: str) -> bool:
    """Whether the amount of a year is that of a month times 12, but for rounding; also where one is no plain number."""
    numbers = [
        re.sub(r"[^\d.]", "", one.replace(",", "") if re.search(r",\d{3}", one) else one) for one in (month, year)
    ]
    if not all(re.fullmatch(r"\d+(\.\d+)?", one) for one in numbers):
        return True
    return abs(float(numbers[0]) * 12 - float(numbers[1])) <= _ROUNDED_BY


def _prices_of_units(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> list[str]:
    """Says that a monthly price beside several units is taken as the whole amount."""
    header = best.roles.get("mrr", "")
    if "mrr" in chosen or "quantity" in chosen or not has_word(header, _PRICES):
        return []
    role = columns.roles["quantity"]
    spare = [one for one in free if has_word(one, role.words) and not has_word(one, role.unless)]
    units = [one for one in (best.roles.get("quantity"), *spare) if one]
    several = [one for one in units if any(cell.strip("0.,") not in ("", "1") for cell in columns.cells(one))]
    if not several:
        return []
    what = f"{header} is taken as the whole amount, not multiplied by {several[0]}"
    other = (
        f'--map unit_price="{header}" --interval month if it is the price of one' if "quantity" in best.roles else ""
    )
    return [f"{columns.table.name}: {what}{'; ' if other else ''}{other}"]


def _has_amounts(columns: Columns, header: str) -> bool:
    """Whether a column holds numbers, some of them other than 0."""
    cells = columns.cells(header)
    return columns.fits_kind(header, "amount") and any(re.search("[1-9]", cell) for cell in cells)


def _alone(columns: Columns, best: Fit) -> list[str]:
    """Roles that several columns could fill and that are left alone."""
    return [
        f'{columns.table.name}: {" and ".join(found)} could be {role}, and neither is used; --map {role}="{found[0]}"'
        for role, found in best.left.items()
    ]


def _refuse_ends(columns: Columns, best: Fit, free: Sequence[str]) -> None:
    """Raises InputError where an end may stand in a column that is not used."""
    table, role = columns.table, columns.roles["end_date"]
    own = best.roles.get("end_date")
    dated = [
        one for one in free if not has_word(one, role.unless) and columns.cells(one) and columns.fits_kind(one, "date")
    ]
    if own:
        role_words = [one for one in dated if has_word(one, role.words)]
        if how_known(own) == "agreed" and (happened := [one for one in role_words if how_known(one) == "happened"]):
            raise several_columns(table, "end_date", [own, *happened])
        return
    start = columns.cells(best.roles["start_date"])
    known = spelled(columns.roles).proper
    spare = [
        one for one in dated if "date" not in known.get(header_key(one), ()) and _is_later(columns.cells(one), start)
    ]
    if spare:
        raise InputError(
            f"{table.name}: {spare[0]} holds dates later than {best.roles['start_date']}, and no column says when a"
            " subscription ends",
            hint=f'if it does: --map end_date="{spare[0]}"; if nothing ends: --map end_date=none',
            code="unused-column",
        )


def _other_ends(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> list[str]:
    """Names a column of ends beside the one that is used: Canceled At beside End Date."""
    own, role = best.roles.get("end_date"), columns.roles["end_date"]
    if not own or "end_date" in chosen:
        return []
    others = [
        one
        for one in free
        if has_word(one, role.words)
        and not has_word(one, role.unless)
        and columns.cells(one)
        and columns.fits_kind(one, "date")
    ]
    return [
        f'{columns.table.name}: {one} may be the end, too; {own} is used, --map end_date="{one}" for the other'
        for one in others[:1]
    ]


def _is_later(cells: Sequence[str], start: Sequence[str]) -> bool:
    """Whether some day of a column, as far as days are written like 2026-03-01, is later than all of another one."""
    days = [found[0] for cell in cells if (found := _ISO.match(cell))]
    first = [found[0] for cell in start if (found := _ISO.match(cell))]
    return not days or not first or max(days) > min(first)


def _refuse_statuses(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> None:
    """Raises InputError where a column that is not used holds words such as void, trial or closed won."""
    role = _STATUSES.get(best.shape.shape)
    if not role or role in best.roles or role in chosen or "stage" in best.roles:
        return
    for column in free:
        words = {re.sub(r"[\W_]+", "", cell.casefold()): cell for cell in columns.cells(column)}
        telling = [cell for word, cell in words.items() if word in _TELLING]
        if telling and len(words) <= _MOST_WORDS:
            raise InputError(
                f"{columns.table.name}: {column} says '{telling[0]}', and no column is taken for {role}",
                hint=f'--map {role}="{column}" if it says where each row stands; --map {role}=none if it does not',
                code="unused-column",
            )


def _refuse_flags_of_refunds(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> None:
    """Raises InputError where a flag says that invoices were paid back, and neither a status nor an amount does."""
    if best.shape.shape != "invoices" or {"refunded", "line_type"} & {*best.roles, *chosen}:
        return
    status = best.roles.get("payment_status", "")
    if status and columns.says(status, ".*refund.*"):
        return
    for column in (one for one in free if has_word(one, ("refunded", "refund"))):
        if columns.fits_kind(column, "flag") and (back := [one for one in columns.cells(column) if one[:1] in "yYtT1"]):
            raise InputError(
                f"{columns.table.name}: {column} says '{back[0]}', and no column says how much was paid back",
                hint="name the column that does: --map refunded=COLUMN, or leave such rows out: --map refunded=none"
                f" --where {where_option(column, f'is distinct from {quoted(back[0])}')}",
                code="unused-column",
            )


def _refuse_counts_of_units(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> None:
    """Raises InputError where a price of one unit stands beside several columns of units, or the units are unclear."""
    if "unit_price" not in best.roles or "quantity" in best.roles or "quantity" in chosen:
        return
    role = columns.roles["quantity"]
    counts = [one for one in free if has_word(one, role.words) and not has_word(one, role.unless)]
    if counts:
        raise several_columns(columns.table, "quantity", counts)


def _refuse_counts_of_intervals(columns: Columns, best: Fit, chosen: Mapping[str, str], free: Sequence[str]) -> None:
    """Raises InputError where a column may say for how many intervals an amount is, and is not taken for that."""
    role = "interval_count"
    if "interval" not in best.roles or role in best.roles or role in chosen or "mrr" in best.roles:
        return
    for column in free:
        if not has_word(column, _INTERVALS) or has_word(column, _NO_INTERVALS):
            continue
        cells = columns.cells(column)
        if cells and columns.fits_kind(column, "count") and any(cell not in ("1", "1.0") for cell in cells):
            raise InputError(
                f"{columns.table.name}: {column} may say for how many intervals an amount is, and is not used",
                hint=f'--map {role}="{column}" if it does; --map {role}=none if it does not',
                code="unused-column",
            )
