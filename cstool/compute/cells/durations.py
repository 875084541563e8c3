"""Lengths of time in files: what 2:15 means, and which unit a plain number is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from cstool.compute.recognize.header_matching import Columns, has_word

if TYPE_CHECKING:
    from cstool.compute.source import Source


def clock_of(source: Source, role: str, header: str) -> Literal["", "hours", "minutes"]:
    """What comes first in a length of time like 2:15, by the role of --map or the header."""
    base = role.removesuffix("_time")
    mapped = {
        name for name, own in source.request.mapping.items() if source.table.column(own) == source.table.column(header)
    }
    if f"{base}_hours" in mapped or has_word(header, ("hours", "hour", "hrs", "hr", "h", "hh")):
        return "hours"
    return "minutes" if f"{base}_minutes" in mapped or has_word(header, ("minutes", "mins", "min", "mm")) else ""


def unit_hint(source: Source, roles: Sequence[str]) -> str:
    """What to say where a column holds lengths of time without their unit."""
    columns = Columns(source.glossary.roles, source.table)
    if columns.of_jira and any(source.kind(one) == "duration" for one in roles):
        return (
            "Jira exports what is left of a target, not the time taken; name the column of a moment:"
            f" --map {roles[0]}=COLUMN"
        )
    for role in (one for one in roles if source.kind(one) == "duration"):
        base = role.removesuffix("_time")
        for header in (*columns.of(role, "named"), *columns.of(role, "fallback")):
            if columns.fits_kind(header, "number"):
                return f'say its unit: --map {base}_minutes="{header}", or {base}_hours, or {base}_in_seconds'
    return ""
