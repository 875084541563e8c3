"""The months that rows with dates reach, and what holds for all such rows before they become a ledger."""

from __future__ import annotations

from datetime import date

from cstool.compute.cells import statuses
from cstool.compute.cells.ends import newest_sql
from cstool.compute.compose import template
from cstool.compute.recognize.header_matching import has_word
from cstool.compute.shaped import ENDS, Shaped
from cstool.compute.source import Source
from cstool.errors import InputError, UndefinedError, and_more
from cstool.model import windows


def listed(source: Source) -> str:
    return "".join(f"{group}, " for group in source.groups)


def minima(source: Source) -> str:
    return "".join(f"min({group}) as {group}, " for group in source.groups)


def refuse_reversed(source: Source, start: str, end: str) -> None:
    """A period that ends before it starts is a mistake in the file."""
    rows = source.engine.run(
        f"select account, {start}, {end}, count(*) over () from {source.cells}"
        f" where {end} < {start} order by all limit 5"
    )
    if rows:
        total = rows[0][3]
        problems = [f"{account}: starts {first}, ends {last}" for account, first, last, _ in rows]
        what = "1 row ends before it starts" if total == 1 else f"{total} rows end before they start"
        raise InputError(
            f"{source.name}: {what}",
            problems=and_more([*problems, *[""] * (total - len(problems))]),
            hint="mend the dates, or leave the rows out with --where",
            code="contradicting-cells",
        )


def shift_ends(source: Source) -> None:
    """Makes each end the first day without service.

    It is the last day with it where --end-inclusive says so, or where contracts end on the day before the next begins.
    """
    ends = [role for role in ENDS if role in source.roles]
    if source.request.end_inclusive or ("end_date" in ends and _last_days(source)):
        shifted = ", ".join(f"cast({role} + 1 as date) as {role}" for role in ends)
        source.replace(f"select * replace ({shifted}) from {source.cells}", "shifted")


def _last_days(source: Source) -> bool:
    """Whether ends are the last days with service, by the next start of the same account; named where they may be.

    An end on the last day of a month takes the row out of that month, so that the difference shows in MRR.
    """
    next_day = "cast(end_date + 1 as date)"
    last_days, all_ends = source.engine.row(
        f"select count(*) filter (extract(day from {next_day}) = 1), count(end_date) from {source.cells}"
    )
    if not last_days:
        return False
    day_after, same_day, later = source.engine.row(
        f"select count(*) filter (next_start = {next_day}), count(*) filter (next_start = end_date), count(*) from"
        " (select ended.account, ended.end_date, min(begun.start_date) as next_start"
        f" from {source.cells} as ended join {source.cells} as begun"
        " on ended.account = begun.account and begun.start_date >= ended.end_date"
        " group by ended.account, ended.end_date) as followed"
    )
    certain = bool(day_after) and not same_day and 2 * day_after > later
    if certain:
        source.notes.append(
            f"{source.name}: end dates are taken as the last day with service: {day_after} of {later} next starts are"
            " the day after"
        )
    elif day_after or 2 * last_days > all_ends:
        what = f"{last_days} of {all_ends} ends {'is' if last_days == 1 else 'are'} the last day of a month"
        source.notes.append(
            f"{source.name}: {what}, taken as the first day without service;"
            " --end-inclusive if it is the last day with it"
        )
    return certain


def newest_of(source: Shaped, start: str = "start_date", end: str = "end_date") -> str:
    """The newest fact of subscriptions or changes, or its month, as an aggregate in SQL."""
    header = source.roles.get("end_date")
    over = statuses.HAS_ENDED if header and has_word(header, ("expires",)) else statuses.IS_OVER
    return newest_sql(header, over if "status" in source.roles else "", start, end)


def months_to_horizon(source: Source, earliest: str, newest: str) -> None:
    """All months from that of the first day to that of the newest fact, or to --as-of; both are aggregates in SQL."""
    first, last = source.engine.row(f"select {earliest}, {newest} from {source.cells}")
    if first is None:
        raise UndefinedError(f"{source.name}: no rows to compute from", code="no-rows")
    source.file_until = date(last.year, last.month, last.day)
    start = windows.month_number(first.year, first.month)
    horizon = windows.month_number(last.year, last.month)
    as_of = source.request.as_of
    if as_of:
        horizon = source.year.last_month(as_of)[0]
    if horizon < start:
        raise InputError(
            f"{source.name}: --as-of {as_of} lies before the first date, {windows.month_name(start)}",
            code="period-not-covered",
        )
    source.months = list(range(start, horizon + 1))


def say_period(source: Source, what: str, running: str) -> None:
    """Names the period that was taken, and how many rows run on past it."""
    if source.request.as_of:
        return
    horizon = source.months[-1]
    day = windows.last_day(horizon)
    count, all_ = source.engine.row(f"select count(*) filter ({running.format(day=day)}), count(*) from {source.cells}")
    on = f"; {count} of {all_} {what} run on past it, and --as-of sets a later one" if count else ""
    source.notes.append(f"{source.name}: up to {windows.month_name(horizon)}, the month of the newest fact{on}")


def month_by_month(source: Source) -> None:
    one_group_an_account(source)
    sql = template("periods").format(
        groups=listed(source), minima=minima(source), horizon=source.months[-1], cells=source.cells
    )
    source.replace(sql, "ledger")


def one_group_an_account(source: Source) -> None:
    """An account is in one group: with two, its MRR could not be told apart."""
    for group, header in source.groups.items():
        rows = source.engine.run(
            f"select account, list_sort(list(distinct coalesce({group}, ''))) from {source.cells} group by account"
            f" having count(distinct coalesce({group}, '')) > 1 order by 1 limit 1"
        )
        if rows:
            account, values = rows[0]
            raise InputError(
                f"{source.name}: {account} has several values of {header}: {', '.join(values)}",
                hint="an account belongs to one group; choose rows with --where instead",
                code="contradicting-cells",
            )
