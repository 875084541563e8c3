"""Customers whose MRR the rows do not give: counts take them by their dates, and amounts that need it are refused."""

from __future__ import annotations

from collections.abc import Collection

from cstool.compute.source import Source
from cstool.errors import InputError
from cstool.model import windows

ENDED = "mrr = 0 and end_date > start_date"  # had an MRR before its end, or an end that came without one


def settle_unknown_mrr(source: Source, *, counting: bool, over: str) -> None:
    """Subscriptions that have ended and now stand with MRR 0: what they brought before is not known.

    `over` is SQL of whether a row's status says that it is over. Raises InputError where counts cannot tell when one
    left.
    """
    ended, undated = ENDED, f"mrr = 0 and end_date is null and {over}" if over else "false"
    count, example, left, who = source.engine.row(
        f"select count(*) filter ({ended}), min(account) filter ({ended}), count(*) filter ({undated}),"
        f" min(account) filter ({undated}) from {source.cells}"
    )
    if left and counting:
        status = source.engine.row(f"select min(status) from {source.cells} where {undated}")[0]
        raise InputError(
            f"{source.name}: {_rows(left)} with MRR 0 {'are' if left > 1 else 'is'} {status}, as of {who}, and no end"
            " date says since when",
            hint="name the column of ends: --map end_date=COLUMN, or choose rows with --where",
            code="contradicting-cells",
        )
    if not count:
        return
    whose = f"{_rows(count)} with MRR 0 that ended, of {example},"
    if counting:
        source.replace(
            f"select * replace (case when {ended} then 1 else mrr end as mrr) from {source.cells}", "counted"
        )
        source.notes.append(f"{source.name}: {whose} counted by the dates")
        return
    source.unknown_mrr = source.engine.run(
        "select year(start_date) * 12 + month(start_date) - 1, year(end_date) * 12 + month(end_date) - 2,"
        f" account, cast(end_date as varchar) from {source.cells} where {ended} order by all"
    )


def _rows(count: int) -> str:
    return f"{count} subscription{'s' if count > 1 else ''}"


def refuse_unknown_mrr(source: Source, names: str, months: Collection[int]) -> None:
    """Raises InputError where an amount is asked for in a month in which the MRR of a customer is not known."""
    for first, last, account, end in source.unknown_mrr:
        if hit := [month for month in sorted(months) if first <= month <= last]:
            raise InputError(
                f"{source.name}: {account} ended {end} and stands with MRR 0, so that its MRR in"
                f" {windows.month_name(hit[0])} is unknown, and {names} needs it",
                hint="give the MRR it had; counts of customers (logo-churn, retention-rate) take it by its dates",
                code="contradicting-cells",
            )
