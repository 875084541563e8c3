"""Which ends of subscriptions have happened, and so say how far a file goes; those that were only agreed do not."""

from __future__ import annotations

import re
from typing import Literal

from cstool.data.header import header_key
from cstool.engines.duck import quoted

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
    if known == "happened":
        return f"max(coalesce({end}, {start}))"
    if known == "agreed":
        return ended
    # Where rows that still run have no end, an end is written down only when it comes.
    running = f"coalesce(lower(status) in ({', '.join(map(quoted, _RUNNING))}), false)"
    come = (
        f"max(coalesce(case when not {running} then {end} end, {start}))" if over else f"max(coalesce({end}, {start}))"
    )
    return f"case when count(*) > count(end_date) then {come} else {ended} end"
