"""The steps from a table to the relation that measures are summed over, where the months are found by the query."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.backends.duck import identifier
from cstool.compute.cells.statuses import IS_TRIAL, NEVER_RAN
from cstool.compute.compose import template
from cstool.compute.described import Described, mentioned
from cstool.compute.formulas.resolve import ALL
from cstool.compute.relation.customers import ENDED
from cstool.compute.relation.months import closing_month, month_of
from cstool.compute.relation.movements import movement_steps
from cstool.compute.relation.relations import ledger_relation, snapshot_relation
from cstool.compute.relation.spans import newest_of
from cstool.compute.relation.steps import Steps
from cstool.compute.shaped import SQL_TYPES
from cstool.errors import UsageError
from cstool.ingest.formats.never import FROM
from cstool.model.as_of_dates import STEP_MONTHS, Series, Step, is_fiscal


def cells(source: Described, roles: Sequence[str], where: str, absent: Sequence[str] = ()) -> str:
    """The columns of the table as what they mean, typed; its rows for which --where holds."""
    columns = [f"{source.cell(role)} as {identifier(role)}" for role in roles]
    columns += [f"cast(null as {SQL_TYPES.get(source.kind(role), 'varchar')}) as {identifier(role)}" for role in absent]
    for name, header in source.groups.items():
        group = source.group(header)
        columns.append(f"{f'cast({group} as varchar)' if source.request.total else group} as {name}")
    return f"select {', '.join(columns) or '1 as one'} from {source.target}{where}"


# Rows that hold the sums of their own window


def row_steps(source: Described, where: str, lengths: Sequence[int], every: Series | None) -> Steps:
    """Snapshots and movements: all rows, or those of a period."""
    request, has_period = source.request, "period" in source.roles
    if not has_period and (every or request.as_of):
        raise UsageError(
            f"{source.shown}: --as-of and --every need a column of periods: --map period=COLUMN", code="missing-column"
        )
    if request.as_of and is_fiscal(request.as_of):
        raise UsageError(
            "--sql: --as-of takes no fiscal period", hint="choose it with --where", code="unsupported-in-dialect"
        )
    if source.sums_periods:
        steps = movement_steps(source, lengths, every)
    else:
        steps = Steps([], snapshot_relation(source), step="own" if has_period else None)
    used = " ".join([*(sql for _, sql in steps.before[:1]), steps.relation])
    roles = mentioned([*source.shape.required, *source.shape.could_have], used)
    steps.before.insert(0, ("cells", cells(source, [role for role in roles if role in source.roles], where)))
    return steps


# Rows that months tell apart


def month_steps(
    source: Described, where: str, lengths: Sequence[int], every: Step | None, *, history: bool, counting: bool
) -> Steps:
    """A row an account and window; which windows there are is found in the months of the table."""
    steps = _ledger(source, where) if source.shape.months == "rows" else _running(source, where, counting=counting)
    last = source.year.last_month(source.request.as_of)[0] if source.request.as_of else None
    if every:
        closing = closing_month("month", STEP_MONTHS[every], source.year.offset)
        ends = f"select month as closing from months where {closing} = month"
        ends += f" and month <= {last}" if last is not None else ""
    elif last is not None:
        ends = f"select month as closing from months where month = {last}"
    else:
        ends = "select max(month) as closing from months"
    spans = " union all ".join(_span(length, source.knows_before) for length in sorted(set(lengths)))
    opened = "select closing - span as month, closing, span, 1 as opens from spans where span > 0"
    steps.before += [
        ("ends", ends),
        ("spans", spans),
        ("window_months", f"select closing as month, closing, span, 0 as opens from spans union all {opened}"),
    ]
    steps.relation = ledger_relation(source, "window_months", history=history)
    steps.covered = "(select closing, span from spans) as covered"
    steps.step = every or source.step()
    return steps


def _span(length: int, before: bool) -> str:
    """The windows of a length whose two ends the table holds; with `before`, what lies ahead of it is empty."""
    if not length:
        return "select closing, 0 as span from ends"
    if length == ALL:
        return (
            "select closing, last_closing - first_month as span from ends"
            " cross join (select max(closing) as last_closing from ends) as bounds_above"
            " cross join (select min(month) as first_month from months) as bounds_below"
            " where closing - (last_closing - first_month) in (select month from months)"
            + (" or closing - (last_closing - first_month) < first_month" if before else "")
        )
    early = f" or closing - {length} < (select min(month) from months)" if before else ""
    return f"select closing, {length} as span from ends where closing - {length} in (select month from months){early}"


def _ledger(source: Described, where: str) -> Steps:
    rows = [("cells", cells(source, source.shape.required, where))]
    if source.shape.shape == "mrr-series":
        rows.append(("company", "select *, 'all' as account from cells"))
        source.cells = "company"
    if where and not mentions(where, source.roles["month"]):  # rows not asked for tell, too, how far the table goes
        rows.append(("all_cells", cells(source, ["month"], "")))
    return Steps([*rows, ("months", f"select distinct month from {rows[-1][0]}")], "")


def mentions(where: str, column: str) -> bool:
    """Whether a condition names a column, in any case and not in a text."""
    named = re.sub("'[^']*'", "''", where)
    return re.search(rf"(?<!\w){re.escape(column)}(?!\w)", named, re.IGNORECASE) is not None


def _running(source: Described, where: str, *, counting: bool) -> Steps:
    """From what runs between two days to the MRR at the end of each month."""
    if source.shape.shape == "subscriptions" and "mrr" not in source.roles:
        raise UsageError(
            "--sql: a query cannot check what each amount is charged per",
            hint="name a column of MRR: --map mrr=COLUMN",
            code="unsupported-in-dialect",
        )
    groups = "".join(f"{name}, " for name in source.groups)
    minima = "".join(f"min({name}) as {name}, " for name in source.groups)
    told, day = list[str](), source.request.day
    if source.shape.shape == "mrr-changes":
        roles = ["account", "change_date", "mrr"]
        running = template("mrr-changes").format(groups=groups, cells="cells", series="account")
    else:
        mrr = "mrr"
        if source.shape.shape == "customers":
            mrr = "cast(1 as decimal(38, 18)) as mrr"
        elif counting and "end_date" in source.roles:
            mrr = f"case when {ENDED} then 1 else mrr end as mrr"
        known = ("account", "start_date", "end_date", "mrr", "status", "trial", "trial_end")
        roles = [role for role in known if role in source.roles]
        start = "greatest(start_date, coalesce(trial_end, start_date))" if "trial_end" in roles else "start_date"
        end = "end_date" if "end_date" in roles else "cast(null as date)"
        if day and "end_date" in roles:
            end = f"case when end_date <= date '{day}' then end_date end"
        left_out = [IS_TRIAL, NEVER_RAN] if "status" in roles else []
        left_out += ["coalesce(trial, false)"] if "trial" in roles else []
        trials = f" where {' and '.join(f'not {one}' for one in left_out)}" if left_out else ""
        status = ", status" if "status" in roles else ""
        running = f"select account, {groups}{mrr}, {start} as start_date, {end} as end_date{status} from cells{trials}"
        told.append(f"An end_date from {FROM} on means that it still runs. A trial is not MRR, nor what never ran.")
    horizon = newest_of(source, month_of("start_date"), month_of("end_date"))
    if source.request.as_of:
        horizon = str(source.year.last_month(source.request.as_of)[0])
    else:
        told.append("The last month is that of the newest start or end that has happened; --as-of sets another.")
    digits = ", ".join(f"({digit})" for digit in range(10))
    ended = f"least(coalesce({month_of('end_date')} - 1, horizon), horizon)"
    if day:
        dated = "change_date" if source.shape.shape == "mrr-changes" else "start_date"
        where += f"{' and' if where else ' where'} cast({source.roles[dated]} as date) <= date '{day}'"
    before = [
        ("cells", cells(source, roles, where)),
        ("running", running),
        ("told", f"select min({month_of('start_date')}) as first_month, {horizon} as horizon from running"),
        ("digits", f"select n from (values {digits}) as listed(n)"),
        (
            "numbers",
            "select a.n + 10 * b.n + 100 * c.n + 1000 * d.n as n from digits as a"
            " cross join digits as b cross join digits as c cross join digits as d",
        ),
        ("months", "select first_month + n as month from told cross join numbers where first_month + n <= horizon"),
        (
            "periods",
            f"select account, {groups}mrr, {month_of('start_date')} as begun, {ended} as ended"
            " from running cross join told",
        ),
        (
            "ledger",
            f"select account, {minima}month, sum(mrr) as mrr"
            " from periods join months on month between begun and ended group by account, month",
        ),
    ]
    source.cells = "ledger"
    return Steps(before, "", told=told)
