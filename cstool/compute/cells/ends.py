"""Which columns hold ends of subscriptions, and which ends have happened and so say how far a file goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from cstool.backends.duck import quoted
from cstool.compute.recognize.header_matching import TIERS, Columns, has_word
from cstool.compute.recognize.shapes import Fit
from cstool.ingest.source.header import header_key

_WITH_ENDS = ("subscriptions", "customers")  # types of file

_RUNNING = (
    "active",
    "live",
    "running",
    "current",
    "paying",
    "paid",
    "open",
    "ok",
    "good",
    "renewed",
    "past_due",
    "unpaid",
    "non_renewing",
    "non renewing",
    "nonrenewing",
)

_HAPPENED = (
    "ended|cancell?ed|cancell?ation|canceldate|churn|terminated|expired|deactivated|deactivation|closed|lost|left"
    "|inactive|offboarded|stopped|departed|beendet|gekündigt"
)
_AGREED = (
    "contract|vertrag|term(?!inat)|renew|expir|validto|validuntil|gültigbis|commit|agree|paidt|until|through|period"
)


def how_known(header: str) -> Literal["happened", "agreed", "open"]:
    """What a header says of the ends below it: `open` where only the rows can tell."""
    key = header_key(header)
    return "happened" if re.search(_HAPPENED, key) else "agreed" if re.search(_AGREED, key) else "open"


def newest_sql(header: str | None, over: str, start: str = "start_date", end: str = "end_date") -> str:
    """The newest start, or end that has happened, of rows with both, as an aggregate in SQL.

    `header` is that of the ends, None where there are none. `over` is SQL of whether a row's status says that it is
    over, nothing where rows have no status. `start` and `end` are SQL of a row's two dates, or of their months.
    """
    if header is None:
        return f"max({start})"
    ended = f"max(coalesce(case when {over} then {end} end, {start}))" if over else f"max({start})"
    known = how_known(header)
    if known == "agreed":
        return ended
    # Where rows that still run have no end, an end is written down only when it comes.
    running = f"coalesce(lower(status) in ({', '.join(map(quoted, _RUNNING))}), false)"
    come = (
        f"max(coalesce(case when not {running} then {end} end, {start}))" if over else f"max(coalesce({end}, {start}))"
    )
    if known == "happened":
        return come
    return f"case when count(*) > count(end_date) then {come} else {ended} end"


def with_both(columns: Columns, best: Fit, chosen: Mapping[str, str]) -> Fit:
    """The fit with one column as `end_date` and the other as `agreed_end`, where headers tell them apart.

    Ends that happened come first; a column without a cell is none.
    """
    if best.shape.shape not in _WITH_ENDS or chosen.keys() & {"end_date", "agreed_end"}:
        return best
    own = best.roles.get("end_date")
    found = list(best.unclear.get("end_date") or filter(None, [own]))
    if own and how_known(own) == "agreed":
        found += [one for one in other_ends(columns, best.roles) if how_known(one) == "happened"]
    if len(found) < 2:
        return best
    filled = [one for one in found if not columns.is_blank(one)] or found[:1]
    unclear = {role: some for role, some in best.unclear.items() if role != "end_date"}
    if len(filled) == 1:
        return best._replace(roles={**best.roles, "end_date": filled[0]}, unclear=unclear)
    happened = [one for one in filled if how_known(one) == "happened"]
    if len(filled) > 2 or not happened:
        return best
    # Of two that happened the end of the service is asked for, which comes after a cancellation.
    first = next((one for one in happened if has_word(one, ("cancel*", "churn*"))), happened[0])
    other = next(one for one in filled if one != first)
    return best._replace(roles={**best.roles, "end_date": first, "agreed_end": other}, unclear=unclear)


def other_ends(columns: Columns, roles: Mapping[str, str]) -> list[str]:
    """The columns of dates that may be ends and play no role."""
    role = columns.roles["end_date"]
    could = {one for tier in TIERS for one in columns.of("end_date", tier)}
    return [
        one
        for one in columns.table.columns
        if one
        and one not in roles.values()
        and (one in could or has_word(one, role.words))
        and not has_word(one, role.unless)
        and columns.fits_kind(one, "date")
        and not columns.is_blank(one)
    ]
