"""Amounts brought to one measure: one currency, whole units instead of cents, a month instead of a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from cstool.backends.duck import identifier, quoted
from cstool.compute.recognize.header_matching import Columns, has_word
from cstool.errors import InputError
from cstool.ingest.source.header import header_key
from cstool.model.currencies import in_thousands

if TYPE_CHECKING:
    from cstool.compute.source import Source

_OF_INTERFACES = re.compile("[a-z]+(?:_[a-z]+)*_(?:amount|price)|currency (?:amount|price)")


def refuse_several_currencies(source: Source) -> None:
    """Raises InputError where amounts that would be added up are in several currencies."""
    if "currency" not in source.roles or header_key(source.roles["currency"]) in map(
        header_key, source.groups.values()
    ):
        return
    counted = source.engine.run(f"select upper(currency), count(*) from {source.cells} group by 1 order by 2 desc, 1")
    found = [row[0] for row in counted]
    if len(found) > 1:
        roles = list(source.roles)
        odd = source.engine.run(
            f"select {', '.join(map(identifier, roles))} from {source.cells} where upper(currency) ="
            f" {quoted(found[-1])} order by all limit 20"
        )
        place = source.place([dict(zip(roles, row, strict=True)) for row in odd], "currency")
        where = f"{place};" if place else f"{source.name}:"
        raise InputError(
            f"{where} amounts in {' and '.join(sorted(found)[:5])} cannot be added up",
            hint=f"ask for one result each: --by {source.roles['currency']}, or choose one with --where",
            code="mixed-currencies",
        )


def cents_to_units(source: Source) -> None:
    """Amounts in cents become whole units; which they are is said where a preset or a header speaks of cents.

    A column in which a cell has a decimal point is in whole units, whatever the export.
    """
    amounts = {role: header for role, header in source.roles.items() if _is_money(source, role)}
    amounts |= {f"m{month}": header for month, header in source.recognised.months.items()}
    if thousands := [header for header in amounts.values() if in_thousands(header)]:
        source.notes.append(f"{source.name}: {thousands[0]} is in thousands, and so are the results")
    stated, preset = source.request.cents, source.recognised.preset
    named = [name for name, header in amounts.items() if has_word(header, ("cents", "cent"))]
    supposed = list(amounts) if preset and preset.cents == "yes" else named
    if stated is False or not (stated or supposed):
        if stated is None and not preset:
            _say_whole_units(source, amounts)
        return
    odd = [name for name in amounts if source.engine.run(f"select 1 from {source.cells} where {name} % 1 <> 0 limit 1")]
    if stated and odd:
        raise InputError(
            f"{source.name}: {amounts[odd[0]]} has amounts with a fraction, so they are not cents",
            hint="leave --cents out",
            code="contradicting-cells",
        )
    cents = list(amounts)
    if not stated:
        cents = [name for name in supposed if name not in odd and not _has_points(source, amounts[name])]
        for kind, names in (("cents", cents), ("whole units", [one for one in supposed if one not in cents])):
            if names:
                other = "--no-cents" if kind == "cents" else "--cents"
                listed = ", ".join(dict.fromkeys(amounts[name] for name in names[:3]))
                source.notes.append(f"{source.name}: {listed} taken as {kind}; {other} for the other")
    if cents:
        hundredth = ", ".join(f"cast({name} * 0.01 as decimal(38, 18)) as {name}" for name in cents)
        source.replace(f"select * replace ({hundredth}) from {source.cells}", "whole_units")


def _say_whole_units(source: Source, amounts: Mapping[str, str]) -> None:
    """Names prices that may be cents: whole numbers from 100 up under a name as interfaces give it, plan_amount, or
    beside a currency code.
    """
    for role in ("amount", "unit_price"):
        header = amounts.get(role, "")
        beside = "currency " if "currency" in source.roles else ""
        if not any(_OF_INTERFACES.fullmatch(one) for one in (header, beside + header)) or _has_points(source, header):
            continue
        odd = f"{role} % 1 <> 0 or {role} between 1 and 99"
        if not source.engine.run(f"select 1 from {source.cells} where {odd} limit 1"):
            source.notes.append(f"{source.name}: {header} taken as whole units; --cents if it is in cents")


def _is_money(source: Source, role: str) -> bool:
    return source.kind(role) in ("amount", "number") and role != "quantity"


def _has_points(source: Source, header: str) -> bool:
    """Whether the first cells of a column have a decimal point, as `99.00` has."""
    cells = Columns(source.glossary.roles, source.table).cells(header)
    return any(re.search(r"[.,]\d\d?\D*$", cell) for cell in cells)


def years_to_months(source: Source) -> None:
    """A year's amounts in the place of a month's are divided by 12, to 18 places, never through a float."""
    yearly = sorted(source.recognised.yearly)
    if not yearly:
        return
    twelfth = ", ".join(
        f"cast(cast({role} * 1000000 as hugeint) * 1000000000000 // 12 as decimal(38, 0))"
        f" * cast(0.000000000000000001 as decimal(18, 18)) as {role}"
        for role in yearly
    )
    source.replace(f"select * replace ({twelfth}) from {source.cells}", "monthly")
    named = {**source.roles, **{f"m{month}": header for month, header in source.recognised.months.items()}}
    headers = " and ".join(named[role] for role in yearly[:2])
    headers += f" and {len(yearly) - 2} more" if len(yearly) > 2 else ""
    source.notes.append(f"{source.name}: {headers} taken as a year's amount, divided by 12 for MRR")
