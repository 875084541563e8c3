"""Taxes in the amounts of invoices: left out where the file has the amount without them, else named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from cstool.compute.recognize.header_matching import Columns, has_word
from cstool.compute.recognize.shapes import Fit
from cstool.ingest.source.header import header_key

_TAXES = ("tax", "taxes", "vat", "gst", "hst", "ust", "mwst", "tva", "iva")
_NO_SUMS = ("id", "code", "name", "type", "percent", "percentage", "rate", "region", "country", "number")
_WITH_TAX = ("due", "total", "gross", "paid", "amount")
_BILLED = ("invoices", "subscriptions")  # types of file
_WITHOUT = re.compile("subtotal|^net|netto|^excl|beforetax|exclud|exclusive|withouttax|pretax")
_PLAIN = re.compile(r"\D{0,4}(-?\d{1,3}(?:,\d{3})+|-?\d+)((?:\.\d+)?)\D{0,4}")


def without_tax(columns: Columns, best: Fit, chosen: Mapping[str, str]) -> Fit:
    """The fit with the amount without taxes, where a column is what the amount less all taxes makes in each row."""
    unclear = best.unclear.get("amount", ())
    own = best.roles.get("amount", "") or next((one for one in unclear if not _WITHOUT.search(header_key(one))), "")
    if best.shape.shape not in _BILLED or "amount" in chosen or not own:
        return best
    free = [one for one in columns.table.columns if one and one not in best.roles.values()]
    taxes = _taxes(columns, free)
    spare = [one for one in free if _WITHOUT.search(header_key(one)) and one not in taxes]
    net = next((one for one in spare if taxes and _is_rest(columns, own, [one, *taxes])), None)
    if not net or not {*unclear} <= {own, net}:
        return best
    others = {role: found for role, found in best.unclear.items() if role != "amount"}
    return best._replace(roles={**best.roles, "amount": net}, unclear=others)


def notes_on(columns: Columns, best: Fit, free: Sequence[str]) -> list[str]:
    """One line where the amount due or in all contains a tax that another column holds."""
    own = best.roles.get("amount", "")
    if best.shape.shape != "invoices" or not has_word(own, _WITH_TAX[:-1]) or _WITHOUT.search(header_key(own)):
        return []
    found = _taxes(columns, free)
    net = next((one for one in free if _WITHOUT.search(header_key(one)) and one not in found), "COLUMN")
    if not found:
        return []
    return [f'{columns.table.name}: {own} is taken with {found[0]} in it; --map amount="{net}" for one without']


def _taxes(columns: Columns, free: Sequence[str]) -> list[str]:
    """The columns that hold amounts of taxes."""
    found = [one for one in free if has_word(one, _TAXES) and not has_word(one, _NO_SUMS)]
    return [
        one
        for one in found
        if columns.fits_kind(one, "amount") and any(re.search("[1-9]", cell) for cell in columns.cells(one))
    ]


def _is_rest(columns: Columns, whole: str, parts: Sequence[str]) -> bool:
    """Whether some columns add up to another one in each of the first rows, as far as all are written plainly."""
    rows = columns.rows_of([whole, *parts])
    numbers = [[_number(cell) for cell in row] for row in rows]
    plain = [row for row in numbers if None not in row]
    return len(plain) == len(rows) > 0 and all(row[0] == sum(one or 0 for one in row[1:]) for row in plain)


def _number(cell: str) -> Decimal | None:
    """A number written with a point and commas between thousands; 0 where the cell is blank, None where it is other."""
    if not cell:
        return Decimal(0)
    found = _PLAIN.fullmatch(cell)
    return Decimal(found[1].replace(",", "") + found[2]) if found else None
