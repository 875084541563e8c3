"""From every shape that knows months to a ledger: one row an account and month with its MRR."""

from __future__ import annotations

from decimal import Decimal

from cstool.data.numbers import WIDEST
from cstool.errors import InputError, UndefinedError, UsageError, and_more
from cstool.metrics import intervals, line_types, statuses, windows
from cstool.metrics.compose import template
from cstool.metrics.customers import settle_unknown_mrr
from cstool.metrics.deltas import add_up_changes
from cstool.metrics.ends import newest_sql
from cstool.metrics.filling import has_word
from cstool.metrics.shaped import ENDS, Shaped
from cstool.metrics.source import Source

_MOST_UNITS = 10**32  # of an amount times a quantity, in whole numbers: what Spark, too, divides exactly
_MOST_MRR = 10**20  # beside 18 digits behind the mark
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
        _from_invoices(source)
    elif source.shape.shape == "mrr-changes":
        if source.request.day:
            source.leave_out_after("change_date")
        source.replace(template("mrr-changes").format(groups=_listed(source), cells=source.cells), "periods")
        _from_periods(source)
    elif source.shape.shape == "mrr-deltas":
        if source.request.day:
            source.leave_out_after("change_date")
        add_up_changes(source)
        _from_periods(source)
    else:
        _from_subscriptions(source, counting)


def _listed(source: Source) -> str:
    return "".join(f"{group}, " for group in source.groups)


def _minima(source: Source) -> str:
    return "".join(f"min({group}) as {group}, " for group in source.groups)


def _find_months(source: Source, cells: str) -> None:
    source.months = [row[0] for row in source.engine.run(f"select distinct month from {cells} order by 1")]
    if not source.months:
        raise UndefinedError(f"{source.name}: no rows to compute from")
    missing = windows.gaps(source.months)
    if missing:
        names = ", ".join(and_more([windows.month_name(month) for month in missing]))
        source.notes.append(f"{source.name}: no rows for {names}; figures that need them are left blank")


def _from_wide(source: Source) -> None:
    months = source.recognised.months
    amounts = ", ".join(f"m{month}" for month in months)
    listed = ", ".join(map(str, months))
    sql = template("wide").format(groups=_listed(source), months=listed, amounts=amounts, cells=source.cells)
    source.replace(sql, "ledger")
    _find_months(source, source.cells)


def _from_subscriptions(source: Source, counting: bool) -> None:
    if source.shape.shape == "customers":
        source.replace(f"select *, cast(1 as decimal(38, 18)) as mrr from {source.cells}", "each_one")
    _refuse_reversed(source, "start_date", "end_date")
    _shift_ends(source)
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
        lengths = intervals.joined(source, source.roles[amount])
        quantity = "quantity" if _is_per_unit(source, amount) else "cast(1 as decimal(38, 18))"
        source.replace(f"select * replace ({amount} as amount, {quantity} as quantity) from {source.cells}", "charged")
        sql = template("subscriptions")
        filled = sql.format(groups=_listed(source), cells=source.cells, lengths=lengths, **_scaled(source))
        source.replace(filled, "periods")
    settle_unknown_mrr(source, counting=counting, over=statuses.IS_OVER if "status" in source.roles else "")
    if not counting:
        _say_overlaps(source)
    _from_periods(source)


def _scaled(source: Source) -> dict[str, str]:
    """SQL of the cells' amounts and quantities as whole numbers, and of what makes their product one of 18 places.

    Raises InputError where a product has more digits than an exact number of 38 can hold.
    """
    places = {name: _places(source, name) for name in ("amount", "quantity")}
    left = WIDEST - sum(places.values())
    largest = "coalesce(max(abs({0})), 1)"
    most, times = source.engine.row(
        f"select {largest.format('amount')}, {largest.format('quantity')} from {source.cells}"
    )
    size = Decimal(most) * Decimal(times)
    if left < 0:
        both = " and ".join(source.roles.get(name, name) for name, own in places.items() if own)
        raise InputError(f"{source.name}: {both} have more than {WIDEST} digits behind the mark when multiplied")
    if size * 365 * 10 ** (WIDEST - left) >= _MOST_UNITS or size * 31 >= _MOST_MRR:
        both = " times ".join(source.roles[name] for name in places if name in source.roles)
        raise InputError(
            f"{source.name}: {both} is too large to be computed exactly", hint="write amounts in thousands or millions"
        )
    scaled = {
        name: f"(cast({part} - {part} % 1 as hugeint) * cast({10**own} as hugeint)"
        f" + cast(cast({part} % 1 as decimal(18, {own})) * cast({10**own} as decimal(19, 0)) as hugeint))"
        for (name, own), part in zip(places.items(), ("amount", "coalesce(quantity, 1)"), strict=True)
    }
    return {f"scaled_{name}": sql for name, sql in scaled.items()} | {"unit": str(10**left)}


def _places(source: Source, name: str) -> int:
    """How many digits stand behind the mark of a column's numbers, zeros at the end left out."""
    cases = " ".join(f"when part % {Decimal(1).scaleb(-places):f} = 0 then {places}" for places in range(WIDEST))
    parts = f"(select cast({name} % 1 as decimal(18, 18)) as part from {source.cells} where {name} is not null)"
    found = source.engine.row(f"select max(case {cases} else {WIDEST} end) from {parts}")[0]
    return int(found or 0)


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
    _months_to_horizon(source, "min(start_date)", newest_of(source))
    if source.shape.shape in ("mrr-changes", "mrr-deltas"):
        _say_period(source, "changes", "end_date is null and mrr > 0")
    else:
        _say_period(source, "subscriptions", "end_date is null or end_date - 1 > date '{day}'")
    _month_by_month(source)


def _month_by_month(source: Source) -> None:
    _one_group_an_account(source)
    sql = template("periods").format(
        groups=_listed(source), minima=_minima(source), horizon=source.months[-1], cells=source.cells
    )
    source.replace(sql, "ledger")


def _refuse_reversed(source: Source, start: str, end: str) -> None:
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
        )


def _shift_ends(source: Source) -> None:
    if source.request.end_inclusive:
        ends = [role for role in ENDS if role in source.roles]
        shifted = ", ".join(f"cast({role} + 1 as date) as {role}" for role in ends)
        source.replace(f"select * replace ({shifted}) from {source.cells}", "shifted")


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


def newest_of(source: Shaped, start: str = "start_date", end: str = "end_date") -> str:
    """The newest fact of subscriptions or changes, or its month, as an aggregate in SQL."""
    header = source.roles.get("end_date")
    return newest_sql(header, statuses.IS_OVER if "status" in source.roles else "", start, end)


def _months_to_horizon(source: Source, earliest: str, newest: str) -> None:
    """All months from that of the first day to that of the newest fact, or to --as-of; both are aggregates in SQL."""
    first, last = source.engine.row(f"select {earliest}, {newest} from {source.cells}")
    if first is None:
        raise UndefinedError(f"{source.name}: no rows to compute from")
    start = windows.month_number(first.year, first.month)
    horizon = windows.month_number(last.year, last.month)
    as_of = source.request.as_of
    if as_of:
        horizon = windows.last_month(as_of)[0]
    if horizon < start:
        raise InputError(f"{source.name}: --as-of {as_of} lies before the first date, {windows.month_name(start)}")
    source.months = list(range(start, horizon + 1))


def _say_period(source: Source, what: str, running: str) -> None:
    """Names the period that was taken, and how many rows run on past it."""
    if source.request.as_of:
        return
    horizon = source.months[-1]
    day = windows.last_day(horizon)
    count, all_ = source.engine.row(f"select count(*) filter ({running.format(day=day)}), count(*) from {source.cells}")
    on = f"; {count} of {all_} {what} run on past it, and --as-of sets a later one" if count else ""
    source.notes.append(f"{source.name}: up to {windows.month_name(horizon)}, the month of the newest fact{on}")


def _from_invoices(source: Source) -> None:
    _refuse_reversed(source, "service_start", "service_end")
    _shift_ends(source)
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
        )
    if not dated and ("interval" in source.roles or source.request.interval or (preset and preset.interval)):
        _run_on(source)
        return
    if not dated:
        source.notes.append(f"{source.name}: no column says what an invoice pays for; each counts in its own month")
    first = "least(coalesce(service_start, date), date)"
    _refuse_nothing_runs_on(source)
    _months_to_horizon(source, f"min({first})", "max(date)")
    _say_period(source, "invoices", "service_end - 1 > date '{day}'")
    horizon = source.months[-1]
    _one_group_an_account(source)
    groups, minima = _listed(source), _minima(source)
    source.replace(template("invoices").format(groups=groups, minima=minima, cells=source.cells), "spread")
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
        and windows.last_month(source.request.as_of)[0] > windows.month_number(last.year, last.month)
    ):
        raise InputError(
            f"{source.name}: --as-of {source.request.as_of} lies after the newest invoice, of {last:%Y-%m}, and"
            " no interval or service period says that one pays for it",
            hint="name the end of what each pays for, if a column has it: --map service_end=COLUMN",
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
        f"cast({product.format(**_scaled(source))} * cast(0.000000000000000001 as decimal(18, 18)) as decimal(38, 18))"
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
    sql = template("billed").format(groups=_listed(source), cells=source.cells, lengths=lengths, **_scaled(source))
    source.replace(sql, "billed")
    late = source.engine.row(f"select count(*) from {source.cells} where continued")[0]
    if late:
        which = "1 invoice continues" if late == 1 else f"{late} invoices continue"
        source.notes.append(f"{source.name}: {which} one that had ended up to a month before")
    _months_to_horizon(source, "min(start_date)", "max(start_date)")
    _say_period(source, "invoices", "end_date - 1 > date '{day}'")
    _month_by_month(source)


def _one_group_an_account(source: Source) -> None:
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
            )
