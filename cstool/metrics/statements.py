"""The steps from a table to the relation that measures are summed over, where the months are found by the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from cstool.engines.duck import identifier, quoted
from cstool.errors import UsageError
from cstool.glossary.inputs import Derived
from cstool.metrics import windows
from cstool.metrics.catalogue import ALL
from cstool.metrics.compose import template
from cstool.metrics.described import Described, mentioned
from cstool.metrics.ledgers import IS_TRIAL
from cstool.metrics.relations import LOSSES, ledger_relation
from cstool.metrics.request import STEP_MONTHS, Step
from cstool.metrics.source import SQL_TYPES

FOREVER = "9000-01-01"  # an end on this day or later says that there is none yet


@dataclass(slots=True)
class Steps:
    """Named selects, each from the ones before; the relation, and the windows that are there even without rows.

    `step` is what a closing month is called by, None where there is none; `told` what the comment has to say.
    """

    before: list[tuple[str, str]]
    relation: str
    covered: str = ""
    step: Step | str | None = None
    told: list[str] = field(default_factory=list)
    windowed: str = ""


def cells(source: Described, roles: Sequence[str], where: str, absent: Sequence[str] = ()) -> str:
    """The columns of the table as what they mean, typed; its rows for which --where holds."""
    columns = [f"{source.cell(role)} as {identifier(role)}" for role in roles]
    columns += [f"cast(null as {SQL_TYPES.get(source.kind(role), 'varchar')}) as {identifier(role)}" for role in absent]
    for name, header in source.groups.items():
        group = source.group(header)
        columns.append(f"{f'cast({group} as varchar)' if source.request.total else group} as {name}")
    return f"select {', '.join(columns) or '1 as one'} from {source.target}{where}"


def period_of(closing: str, step: str) -> str:
    """SQL of the period that ends with a month number, as people write it; `own` is one that the table says."""
    if step == "own":
        return closing
    year = f"lpad(cast({closing} // 12 as varchar), 4, '0')"
    if step == "year":
        return year
    if step == "quarter":
        return f"{year} || '-Q' || cast({closing} % 12 // 3 + 1 as varchar)"
    return f"{year} || '-' || lpad(cast({closing} % 12 + 1 as varchar), 2, '0')"


# Rows that hold the sums of their own window


def row_steps(source: Described, where: str, every: Step | None) -> Steps:
    """Snapshots and movements: all rows, or those of a period."""
    request, has_period = source.request, "period" in source.roles
    if not has_period and (every or request.as_of):
        raise UsageError(f"{source.shown}: --as-of and --every need a column of periods: --map period=COLUMN")
    if source.shape.shape == "movements":
        moved = [role for role in source.shape.could_have if role not in ("period", "currency")]
        roles = ["starting_mrr", *(role for role in moved if role in source.roles)]
        listed = ", ".join(["starting_mrr", *(_moved(role, source) for role in moved)])
    else:
        roles, listed = list(source.shape.required), "account, starting_mrr, ending_mrr, false as customer_before"
    closing, chosen = "cast(null as varchar)", ""
    if has_period:
        roles.append("period")
        closing = "period"
        chosen = _chosen_period(request.as_of, every)
    groups = "".join(f"{name}, " for name in source.groups)
    relation = f"select {closing} as closing, 0 as span, {groups}{listed} from cells{chosen}"
    return Steps([("cells", cells(source, roles, where))], relation, step="own" if has_period else None)


def _moved(role: str, source: Described) -> str:
    if role not in source.roles:
        return f"0 as {role}"
    return f"coalesce({f'abs({role})' if role in LOSSES else role}, 0) as {role}"


def _chosen_period(as_of: str | None, every: Step | None) -> str:
    if not every:
        if as_of:
            windows.last_month(as_of)
        return f" where period = {quoted(as_of) if as_of else '(select max(period) from cells)'}"
    forms = {"quarter": "period like '%Q%'", "year": "length(period) = 4", "month": "length(period) = 7"}
    form = forms[every] + (" and not period like '%Q%'" if every == "month" else "")
    return f" where {form}" + (f" and period <= {quoted(as_of)}" if as_of else "")


# Rows that months tell apart


def month_steps(source: Described, where: str, lengths: Sequence[int], every: Step | None, *, history: bool) -> Steps:
    """A row an account and window; which windows there are is found in the months of the table."""
    steps = _ledger(source, where) if source.shape.months == "rows" else _running(source, where)
    last = windows.last_month(source.request.as_of)[0] if source.request.as_of else None
    if every:
        ends = f"select month as closing from months where (month + 1) % {STEP_MONTHS[every]} = 0"
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
        )
    early = f" or closing - {length} < (select min(month) from months)" if before else ""
    return f"select closing, {length} as span from ends where closing - {length} in (select month from months){early}"


def _ledger(source: Described, where: str) -> Steps:
    rows = ("cells", cells(source, source.shape.required, where))
    return Steps([rows, ("months", "select distinct month from cells")], "")


def _running(source: Described, where: str) -> Steps:
    """From what runs between two days to the MRR at the end of each month."""
    if source.shape.shape == "subscriptions" and "mrr" not in source.roles:
        raise UsageError(
            "--sql: a query cannot check what each amount is charged per", hint="name a column of MRR: --map mrr=COLUMN"
        )
    groups = "".join(f"{name}, " for name in source.groups)
    minima = "".join(f"min({name}) as {name}, " for name in source.groups)
    told = []
    if source.shape.shape == "mrr-changes":
        roles = ["account", "change_date", "mrr"]
        running = template("mrr-changes").format(groups=groups, cells="cells")
        ends = ["start_date"]
    else:
        roles = [r for r in ("account", "start_date", "end_date", "mrr", "status", "trial_end") if r in source.roles]
        start = "greatest(start_date, coalesce(trial_end, start_date))" if "trial_end" in roles else "start_date"
        end = (
            f"case when end_date < date '{FOREVER}' then end_date end" if "end_date" in roles else "cast(null as date)"
        )
        trials = f" where not {IS_TRIAL}" if "status" in roles else ""
        running = f"select account, {groups}mrr, {start} as start_date, {end} as end_date from cells{trials}"
        ends = ["start_date", "end_date"]
        told.append(f"An end_date from {FOREVER} on means that it still runs. A trial is not MRR.")
    horizon = (
        f"greatest({', '.join(f'max({_month(end)})' for end in ends)})" if len(ends) > 1 else f"max({_month(ends[0])})"
    )
    if source.request.as_of:
        horizon = str(windows.last_month(source.request.as_of)[0])
    else:
        told.append("The last month is that of the last date in the table; --as-of sets another.")
    digits = ", ".join(f"({digit})" for digit in range(10))
    ended = f"least(coalesce({_month('end_date')} - 1, horizon), horizon)"
    before = [
        ("cells", cells(source, roles, where)),
        ("running", running),
        ("told", f"select min({_month('start_date')}) as first_month, {horizon} as horizon from running"),
        ("digits", f"select n from (values {digits}) as listed(n)"),
        (
            "numbers",
            "select a.n + 10 * b.n + 100 * c.n + 1000 * d.n as n from digits as a"
            " cross join digits as b cross join digits as c cross join digits as d",
        ),
        ("months", "select first_month + n as month from told cross join numbers where first_month + n <= horizon"),
        (
            "periods",
            f"select account, {groups}mrr, {_month('start_date')} as begun, {ended} as ended"
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


def _month(day: str) -> str:
    return f"year({day}) * 12 + month({day}) - 1"


# Rows that a date tells apart


def dated_steps(
    source: Described,
    where: str,
    known: Mapping[str, str],
    every: Step | None,
    per: Step | None,
    *,
    used: str,
    rolling: int,
) -> Steps:
    """Rows as they are, each in the period its date falls in, with the columns that its shape derives.

    `known` are the parameters, `per` the step that is taken where no period is asked for, `used` the SQL that reads
    the relation, and `rolling` the days up to the last one that are looked at instead of a period.
    """
    request, shape = source.request, source.shape
    if rolling and every:
        raise UsageError(f"the last {rolling} days are one period; leave --every out")
    step = every or (windows.last_month(request.as_of)[1] if request.as_of and not rolling else None)
    step = step or (None if rolling else per)
    has_date = shape.dated in source.roles
    if not has_date and (every or request.as_of):
        raise UsageError(f"{source.shown}: --as-of and --every need a column for {shape.dated}")
    step = step if has_date else None
    levels = _levels(source, known, used)
    text = " ".join([used, *(one.sql for level in levels for one in level)])
    words = set(mentioned(["as_of", "row_month", "period_start", "period_end", "period_weekdays"], text))
    roles = mentioned([*shape.required, *shape.could_have], text)
    if has_date and (step or rolling or "row_month" in words) and shape.dated not in roles:
        roles.append(shape.dated)
    told = []
    if "as_of" not in known and (rolling or "as_of" in words or ("period_weekdays" in words)):
        days = [role for role in source.roles if source.kind(role) in ("date", "time") and role not in shape.ahead]
        days = [role for role in days if request.files or role in roles or role == shape.dated]
        roles += [role for role in days if role not in roles]
        told.append(f"The last day that is told of is the last one in {', '.join(days)}; --as-of sets another.")
    else:
        days = []
    before = [
        (
            "cells",
            cells(source, [r for r in roles if r in source.roles], where, [r for r in roles if r not in source.roles]),
        )
    ]
    before += _placed(source, known, step, rolling, days, words)
    name = before[-1][0]
    for number, level in enumerate(levels, 1):
        columns = ", ".join(f"{one.sql} as {one.column}" for one in level)
        before.append((f"derived_{number}", f"select *, {columns} from {name}"))
        name = f"derived_{number}"
    relation = f"select * from {name}{_in_period(source, known, step, every, rolling, name)}"
    grouped = "each_group" in " ".join(d.sql for d in shape.derived if d.column in mentioned([d.column], text))
    return Steps(before, relation, step=step, told=told, windowed="g0" if grouped and source.groups else "")


def _levels(source: Described, known: Mapping[str, str], used: str) -> list[list[Derived]]:
    """The derived columns that some SQL mentions, those first that others are made of."""
    from cstool.engines.translating import settled

    found: list[Derived] = []
    for one in reversed(source.shape.derived):
        if mentioned([one.column], used):
            one = Derived(one.column, settled(one.sql, known, list(source.groups)))
            found.insert(0, one)
            used += f" {one.sql}"
    levels: list[list[Derived]] = []
    depth: dict[str, int] = {}
    for one in found:
        depth[one.column] = 1 + max((depth[other] for other in mentioned(list(depth), one.sql)), default=-1)
        levels += [[]] * (depth[one.column] + 1 - len(levels))
        levels[depth[one.column]] = [*levels[depth[one.column]], one]
    return levels


def _placed(
    source: Described,
    known: Mapping[str, str],
    step: Step | None,
    rolling: int,
    days: Sequence[str],
    words: set[str],
) -> list[tuple[str, str]]:
    """The rows with the month number of their date, the last day that is told of, and their period."""
    numbered = source.shape.dated in source.roles and (step or "row_month" in words)
    length = STEP_MONTHS[step] if step else 1
    steps = [("timed", f"select *, {_row_month(source)} as row_month from cells")] if numbered else []
    rows = steps[-1][0] if steps else "cells"
    if days:
        last = [f"max(cast({identifier(day)} as date))" for day in days]
        told = f"greatest({', '.join(last)})" if len(last) > 1 else last[0]
        steps.append(("told", f"select {told} as as_of from {rows}"))
    closing = f"row_month // {length} * {length} + {length - 1}" if length > 1 else "row_month"
    columns = [f"{closing if step else 'cast(null as integer)'} as closing", "0 as span"]
    end = known.get("as_of", "as_of")
    if "period_start" in words or "period_weekdays" in words:
        first = f"closing - {length - 1}"
    joined = " cross join told" if days else ""
    steps.append(("placed", f"select *, {', '.join(columns)} from {rows}{joined}"))
    bounds = []
    if "period_start" in words:
        start = f"make_date(({first}) // 12, ({first}) % 12 + 1, 1)" if step else "cast(null as date)"
        bounds.append(f"{f'cast({end} - interval {rolling - 1} day as date)' if rolling else start} as period_start")
    if "period_end" in words:
        last_day = "last_day(make_date(closing // 12, closing % 12 + 1, 1))" if step else "cast(null as date)"
        bounds.append(f"{end if rolling else last_day} as period_end")
    if "period_weekdays" in words:
        bounds.append(f"{_weekdays(known, step, rolling)} as period_weekdays")
    if bounds:
        steps.append(("bounded", f"select *, {', '.join(bounds)} from placed"))
    return steps


def _row_month(source: Described) -> str:
    """SQL of the month number that a row's date falls in, or that its period ends with."""
    name = identifier(source.shape.dated)
    if source.kind(source.shape.dated) != "period":
        return _month(name)
    year = f"cast(left({name}, 4) as integer) * 12"
    return (
        f"case when {name} like '%Q%' then {year} + cast(right({name}, 1) as integer) * 3 - 1"
        f" when length({name}) = 7 then {year} + cast(right({name}, 2) as integer) - 1 else {year} + 11 end"
    )


def _weekdays(known: Mapping[str, str], step: Step | None, rolling: int) -> int:
    """The days from Monday to Friday of the period, where it is known beforehand."""
    if "as_of" not in known or not (step or rolling):
        raise UsageError(
            "--sql: weekdays are counted for a period that is named", hint="add --as-of, for example 2026-10"
        )
    end = date.fromisoformat(known["as_of"].split("'")[1])
    first = end - timedelta(days=rolling - 1) if rolling else None
    if first is None:
        month = windows.month_number(end.year, end.month) - STEP_MONTHS[step] + 1  # type: ignore[index]
        first = windows.first_day(month)
    return sum((first + timedelta(days=i)).weekday() < 5 for i in range((end - first).days + 1))


def _in_period(
    source: Described, known: Mapping[str, str], step: Step | None, every: Step | None, rolling: int, rows: str
) -> str:
    """The condition on rows of the periods asked for."""
    as_of = source.request.as_of
    if rolling:
        day = f"cast({identifier(source.shape.dated)} as date)"
        return f" where date_diff('day', {day}, {known.get('as_of', 'as_of')}) between 0 and {rolling - 1}"
    if not step:
        return ""
    last = windows.last_month(as_of)[0] if as_of else None
    if every:
        return " where closing is not null" + (f" and closing <= {last}" if last is not None else "")
    if last is not None:
        return f" where closing = {last}"
    if step == "month":
        return f" where closing = (select max(closing) from {rows})"
    over = f"(select max(row_month) from {rows})"
    return (
        f" where closing = coalesce((select max(closing) from {rows} where closing <= {over}),"
        f" (select max(closing) from {rows}))"
    )
