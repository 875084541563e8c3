"""Invoices as a ledger: spread by day over the days they pay for, or running for their interval."""

from __future__ import annotations

from cstool.compute.cells import intervals, line_types, statuses
from cstool.compute.cells.products import scaled
from cstool.compute.compose import template
from cstool.compute.relation.spans import (
    listed,
    minima,
    month_by_month,
    months_to_horizon,
    one_group_an_account,
    refuse_reversed,
    say_period,
    shift_ends,
)
from cstool.compute.source import Source
from cstool.errors import InputError, UsageError
from cstool.model import windows


def from_invoices(source: Source) -> None:
    refuse_reversed(source, "service_start", "service_end")
    shift_ends(source)
    if source.request.day:
        source.leave_out_after("date")
    _multiply_units(source)
    statuses.keep_what_was_paid(source)
    statuses.refuse_undated(source, "date")
    line_types.settle(source)
    dated = {"service_start", "service_end"} & set(source.roles)
    preset = source.recognised.preset
    if dated and source.request.interval:
        raise UsageError(
            f"--interval {source.request.interval}: {source.roles[min(dated)]} says what an invoice pays for",
            hint=" ".join(["leave it out, or add", *(f"--map {role}=none" for role in sorted(dated))]),
            code="option-not-applicable",
        )
    if not dated and ("interval" in source.roles or source.request.interval or (preset and preset.interval)):
        _run_on(source)
        return
    if not dated:
        source.notes.append(f"{source.name}: no column says what an invoice pays for; each counts in its own month")
    first = "least(coalesce(service_start, date), date)"
    _refuse_nothing_runs_on(source)
    months_to_horizon(source, f"min({first})", "max(date)")
    say_period(source, "invoices", "service_end - 1 > date '{day}'")
    horizon = source.months[-1]
    one_group_an_account(source)
    source.replace(
        template("invoices").format(groups=listed(source), minima=minima(source), cells=source.cells), "spread"
    )
    deferred = source.engine.row(f"select sum(mrr) from spread where month > {horizon}")[0]
    if deferred:
        name = windows.month_name(horizon)
        source.notes.append(f"{source.name}: {deferred.normalize():f} billed for service after {name} is deferred")
    source.replace(f"select * from spread where month <= {horizon}", "ledger")


def _refuse_nothing_runs_on(source: Source) -> None:
    """Invoices of single months have none after the newest only because those are not in the file yet."""
    if not source.request.as_of:
        return
    last, periods = source.engine.row(f"select max(date), count(service_end) from {source.cells}")
    if (
        last
        and not periods
        and source.year.last_month(source.request.as_of)[0] > windows.month_number(last.year, last.month)
    ):
        raise InputError(
            f"{source.name}: --as-of {source.request.as_of} lies after the newest invoice, of {last:%Y-%m}, and"
            " no interval or service period says that one pays for it",
            hint="name the end of what each pays for, if a column has it: --map service_end=COLUMN",
            code="period-not-covered",
        )


def _multiply_units(source: Source) -> None:
    """The amount of each line, where a line has the price of one unit."""
    if "unit_price" not in source.roles:
        return
    quantity = "cast(1 as decimal(38, 18)) as quantity"
    if "quantity" in source.roles:
        header, quantity = source.roles["unit_price"], "quantity as quantity"
        source.notes.append(f"{source.name}: {header} is taken as the price of one, times {source.roles['quantity']}")
    source.replace(f"select * replace (unit_price as amount, {quantity}) from {source.cells}", "priced")
    product = "cast({scaled_amount} * {scaled_quantity} * cast({unit} as hugeint) as decimal(38, 0))"
    amount = (
        f"cast({product.format(**scaled(source))} * cast(0.000000000000000001 as decimal(18, 18)) as decimal(38, 18))"
    )
    source.replace(
        f"select * replace ({amount} as amount, cast(1 as decimal(38, 18)) as quantity) from {source.cells}",
        "multiplied",
    )


def _run_on(source: Source) -> None:
    """Invoices with an interval as subscriptions: each runs from its date for so long, a month's part at a time."""
    lengths = intervals.joined(source, source.roles.get("amount", source.roles.get("unit_price", "")))
    whole = "cast(1 as decimal(38, 18)) as quantity"  # an amount is that of the whole line
    source.replace(f"select * replace ({whole}) from {source.cells}", "whole_lines")
    sql = template("billed").format(groups=listed(source), cells=source.cells, lengths=lengths, **scaled(source))
    source.replace(sql, "billed")
    late = source.engine.row(f"select count(*) from {source.cells} where continued")[0]
    if late:
        which = "1 invoice continues" if late == 1 else f"{late} invoices continue"
        source.notes.append(f"{source.name}: {which} one that had ended up to a month before")
    months_to_horizon(source, "min(start_date)", "max(start_date)")
    say_period(source, "invoices", "end_date - 1 > date '{day}'")
    month_by_month(source)
