"""From every shape that knows months to a ledger: one row an account and month with its MRR."""

from __future__ import annotations

from cstool.compute.cells import intervals, statuses, two_ends
from cstool.compute.cells.products import scaled
from cstool.compute.compose import template
from cstool.compute.joins.aliases import OWN
from cstool.compute.recognize.header_matching import has_word
from cstool.compute.relation.customers import settle_unknown_mrr
from cstool.compute.relation.deltas import add_up_changes
from cstool.compute.relation.invoices import from_invoices
from cstool.compute.relation.spans import (
    listed,
    month_by_month,
    months_to_horizon,
    newest_of,
    refuse_reversed,
    say_period,
    shift_ends,
)
from cstool.compute.source import Source
from cstool.errors import UndefinedError, and_more
from cstool.model import windows

# Words of a header whose amounts are for all units, not for one.
_WHOLE = "total subtotal sum line subscription recurring billed invoiced net gross overall".split()


def to_ledger(source: Source, *, counting: bool) -> None:
    """Leaves the source's cells as a ledger and its months known; `counting` where only customers are counted."""
    if source.shape.shape == "mrr-series":
        source.cells = f"(select *, 'all' as account from {source.cells})"
    if source.shape.months == "rows":
        _find_months(source, source.told or source.cells)
    elif source.shape.months == "columns":
        _from_wide(source)
    elif source.shape.shape == "invoices":
        from_invoices(source)
    elif source.shape.shape == "mrr-changes":
        if source.request.day:
            source.leave_out_after("change_date")
        series = OWN if source.request.aliases else "account"
        sql = template("mrr-changes").format(groups=listed(source), cells=source.cells, series=series)
        source.replace(sql, "periods")
        _from_periods(source)
    elif source.shape.shape == "mrr-deltas":
        if source.request.day:
            source.leave_out_after("change_date")
        add_up_changes(source)
        _from_periods(source)
    else:
        _from_subscriptions(source, counting)


def _find_months(source: Source, cells: str) -> None:
    source.months = [row[0] for row in source.engine.run(f"select distinct month from {cells} order by 1")]
    if not source.months:
        raise UndefinedError(f"{source.name}: no rows to compute from", code="no-rows")
    missing = windows.gaps(source.months)
    if missing:
        names = ", ".join(and_more([windows.month_name(month) for month in missing]))
        source.notes.append(f"{source.name}: no rows for {names}; figures that need them are left blank")


def _from_wide(source: Source) -> None:
    months = source.recognised.months
    amounts = ", ".join(f"m{month}" for month in months)
    numbers = ", ".join(map(str, months))
    sql = template("wide").format(groups=listed(source), months=numbers, amounts=amounts, cells=source.cells)
    source.replace(sql, "ledger")
    _find_months(source, source.cells)


def _from_subscriptions(source: Source, counting: bool) -> None:
    if source.shape.shape == "customers":
        source.replace(f"select *, cast(1 as decimal(38, 18)) as mrr from {source.cells}", "each_one")
    two_ends.settle(source)
    refuse_reversed(source, "start_date", "end_date")
    shift_ends(source)
    statuses.refuse_endless(source)
    if source.request.day:
        _until_day(source)
    statuses.keep_what_ran(source)
    statuses.refuse_undated(source, "start_date")
    if "mrr" in source.roles or source.shape.shape == "customers":
        start = "greatest(start_date, coalesce(trial_end, start_date)) as start_date"
        source.replace(f"select * replace ({start}) from {source.cells}", "periods")
    else:
        amount = "amount" if "amount" in source.roles else "unit_price"
        lengths = intervals.joined(source, source.roles[amount], counting=counting)
        quantity = "quantity" if _is_per_unit(source, amount) else "cast(1 as decimal(38, 18))"
        source.replace(f"select * replace ({amount} as amount, {quantity} as quantity) from {source.cells}", "charged")
        sql = template("subscriptions")
        filled = sql.format(groups=listed(source), cells=source.cells, lengths=lengths, **scaled(source))
        source.replace(filled, "periods")
    settle_unknown_mrr(source, counting=counting, over=statuses.IS_OVER if "status" in source.roles else "")
    if not counting:
        _say_overlaps(source)
    _from_periods(source)


def _until_day(source: Source) -> None:
    """What is known on the day of --as-of: later starts are left out, later ends have not happened."""
    source.leave_out_after("start_date")
    end = f"case when end_date <= date '{source.request.day}' then end_date end as end_date"
    source.replace(f"select * replace ({end}) from {source.cells}", "as_of_day")


def _is_per_unit(source: Source, amount: str) -> bool:
    """Whether an amount is the price of one unit; which it is taken for is said where there are several units."""
    if "quantity" not in source.roles:
        return False
    header, quantity = source.roles[amount], source.roles["quantity"]
    per_unit = amount == "unit_price" or not has_word(header, _WHOLE)
    if source.engine.run(f"select 1 from {source.cells} where coalesce(quantity, 1) <> 1 limit 1"):
        source.notes.append(
            f"{source.name}: {header} is taken as the price of one, times {quantity};"
            f" --map amount={quoted_option(header)} --map quantity=none if it is the whole amount"
            if per_unit
            else f"{source.name}: {header} is taken as the whole amount, not multiplied by {quantity};"
            f" --map unit_price={quoted_option(header)} if it is the price of one"
        )
    return per_unit


def quoted_option(header: str) -> str:
    """A header as it is typed behind --map."""
    return f'"{header}"' if " " in header else header


def _from_periods(source: Source) -> None:
    months_to_horizon(source, "min(start_date)", newest_of(source))
    if source.shape.shape in ("mrr-changes", "mrr-deltas"):
        say_period(source, "changes", "end_date is null and mrr > 0")
    else:
        say_period(source, "subscriptions", "end_date is null or end_date - 1 > date '{day}'")
    month_by_month(source)


def _say_overlaps(source: Source) -> None:
    """Several subscriptions at one time are added up, which is said: they may be the same one twice."""
    count = source.engine.row(
        "select count(distinct account) from (select account, start_date, lag(coalesce(end_date, date '9999-12-31'))"
        f" over (partition by account order by start_date, end_date) as before from {source.cells})"
        " where before > start_date"
    )[0]
    if count:
        who = "1 account has" if count == 1 else f"{count} accounts have"
        source.notes.append(f"{source.name}: {who} several subscriptions at a time; they are added up")
