"""Rows that hold the sums of a period already. Periods add up to quarters, years and other windows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any

from cstool.compute.build_result import months_told
from cstool.compute.formulas.resolve import ALL, Formula
from cstool.compute.relation.months import closing_month, last_month_of
from cstool.compute.relation.steps import Steps, make_views
from cstool.compute.shaped import Shaped
from cstool.compute.source import Source
from cstool.errors import InputError, UsageError, and_more
from cstool.model import month_names
from cstool.model.as_of_dates import STEP_MONTHS, Series, Step, moment
from cstool.model.periods import FiscalYear

LOSSES = ("contraction_mrr", "churned_mrr")
OPENING = ("starting_mrr", "customers_start")  # of the first period of a window only


def movement_steps(rows: Shaped, lengths: Sequence[int], every: Series | None) -> Steps:
    """The rows of each window: of the last period, of the one that --as-of names, or of each of a series.

    A window of length 0 is its last period alone, as the rows have it. `closes` marks the last period of a window; what
    it opens with is that of its first. A window of which a period is missing is not there.
    """
    others = ("period", "currency", "ending_mrr")
    amounts = [role for role in (*rows.shape.required, *rows.shape.could_have) if role not in others]
    groups = "".join(f"{name}, " for name in rows.groups)
    listed = groups + ", ".join(_filled(role, rows) for role in amounts)
    ending = f"{ending_sql(rows)} as closing_mrr"
    if "period" not in rows.roles:
        moved = f"select {listed} from {rows.cells}"
        relation = f"select cast(null as varchar) as closing, 0 as span, *, true as closes, {ending} from moved"
        return Steps([("moved", moved)], relation)
    own = "case when period like '%Q%' then 3 when length(replace(period, 'FY', '')) = 7 then 1 else 12 end"
    number = last_month_of("period", "period", rows.year.ahead)
    moved = f"select period, {listed}, {number} as number, {own} as own from {rows.cells}"
    spans = [
        f"select closing, name, {length} as span, {length} as width from ends join held"
        f" on number > closing - {length} and number <= closing group by closing, name having sum(held.own) = {length}"
        if length
        else "select closing, name, 0 as span, own as width from ends"
        for length in sorted(set(lengths))
    ]
    first = "number = closing - width + own"
    shown = [f"case when {first} then {role} else 0 end as {role}" if role in OPENING else role for role in amounts]
    relation = (
        f"select name as closing, span, {groups}{', '.join(shown)}, closing_mrr, number = closing as closes"
        " from placed join spans on number > closing - width and number <= closing"
    )
    asked = rows.request.as_of
    before = [
        ("moved", moved),
        ("placed", f"select *, {ending} from moved"),
        ("held", "select distinct number, own, period from placed"),
        ("ends", _ends(every, asked, rows.year)),
        ("spans", " union all ".join(spans)),
    ]
    step: Series = rows.year.last_month(asked)[1] if asked and not every else every or "own"
    return Steps(before, relation, step=step)


def _ends(every: Series | None, asked: str | None, year: FiscalYear) -> str:
    """The last periods of what is asked for, their months and own lengths, and the name or number they go by."""
    listed = "select number as closing, own, {} as name from held"
    last, step = year.last_month(asked) if asked else (None, None)
    if every and every != "own":
        until = "" if last is None else f" and number <= {last}"
        length = STEP_MONTHS[every]
        ending = closing_month("number", length, year.offset)
        return f"{listed.format('number')} where own <= {length} and {ending} = number{until}"
    if step:
        length = STEP_MONTHS[step]
        return (
            "select max(number) as closing, max(own) as own, max(number) as name from held"
            f" where number > {last} - {length} and number <= {last}"
            f" having sum(own) = {length} and max(number) = {last}"
        )
    return listed.format("period") + ("" if every else " where number = (select max(number) from held)")


def _filled(role: str, rows: Shaped) -> str:
    """SQL of an amount: losses without a minus, nothing where no column or cell gives it."""
    if role not in rows.roles:
        return f"cast(0 as decimal(38, 18)) as {role}"
    return f"coalesce({f'abs({role})' if role in LOSSES else role}, 0) as {role}"


def ending_sql(rows: Shaped) -> str:
    """A period's closing MRR, as SQL over its row; rows without amounts have none."""
    return next((one.sql for one in rows.shape.derived if one.column == "closing_mrr"), "0")


def length_of(rows: Shaped, formula: Formula, every: Step | None) -> int:
    """The months of a formula's window: the rows' own period, or a longer one that was asked for.

    0 is the period of a table, which is not known beforehand. Raises UsageError where whole periods of a file do not
    make the window up.
    """
    own = STEP_MONTHS[rows.own_step] if rows.own_step else 0
    asked = every or (rows.request.as_of and rows.year.last_month(rows.request.as_of)[1])
    step = STEP_MONTHS[asked] if asked else own
    if step < own:
        raise UsageError(
            f"{rows.name}: its periods are {rows.own_step}s; ask for --every {rows.own_step}", code="period-not-covered"
        )
    if not formula.months:
        return 0
    fixed = formula.metric is not None and formula.metric.fixed
    if fixed and rows.request.window not in (None, formula.months):
        raise UsageError(
            f"--window: {formula.key} is over {months_told(formula.months)}, and no other window",
            code="option-not-applicable",
        )
    if formula.months == ALL and not rows.request.window:
        if not own:
            raise UsageError(
                f"{formula.key}: a query needs the length of the window",
                hint="name it: --window 12m",
                code="option-needs-another",
            )
        first, newest = (rows.year.last_month(rows.periods[i])[0] for i in (0, -1))
        last = min(newest, rows.year.last_month(rows.request.as_of)[0] if rows.request.as_of else newest)
        return rows.year.last_whole(last, asked or rows.own_step or "month") - first + own
    length = rows.request.window or (formula.months if fixed else step)
    if own and length % own:
        raise UsageError(
            f"{formula.key} is over {months_told(length)}, and {rows.name} has a row a {rows.own_step}",
            hint="give a ledger, a row per account and month, from which any window is cut",
            code="period-not-covered",
        )
    return length


# Of a file


def movements_relation(source: Source, lengths: Sequence[int], every: Series | None) -> tuple[str, dict[Any, str]]:
    """The rows of each window with what closes it, and how that is called; notes say what is odd about the rows.

    Raises InputError where no window is whole, or losses are written in two ways.
    """
    steps = movement_steps(source, lengths, every)
    make_views(source.engine, steps.before)
    names: dict[Any, str] = {}
    if source.periods:
        names = _names(source, every, steps.step)
        _settle_spans(source, lengths, names)
        if len(source.periods) > 1 and not source.request.as_of and not every:
            source.say_choice()
    for role in LOSSES:
        signs = f"select min({role}) < 0 and max({role}) > 0 from {source.cells}"
        if role in source.roles and source.engine.row(signs)[0]:
            raise InputError(
                f"{source.name}: {source.roles[role]} has losses with and without a minus", code="contradicting-cells"
            )
    absent = [role for role in source.shape.any_of if role not in source.roles]
    if absent:
        source.notes.append(f"{source.name}: no column for {', '.join(absent)}; there was none of it")
    _say_own_closing(source)
    _say_gaps(source)
    return steps.relation, names


def _names(source: Source, every: Series | None, step: Series | None) -> dict[Any, str]:
    """What closes each window, and the period it is called by. Raises InputError where there is none."""
    found = [row[0] for row in source.engine.run("select name from ends order by closing")]
    if found:
        return {end: end if step is None or step == "own" else source.period_name(end, step) for end in found}
    asked = source.request.as_of
    if every or not asked:
        raise InputError(
            f"{source.name}: no whole {every} ends in its periods",
            hint="ask for --every month",
            code="period-not-covered",
        )
    last, length = source.year.last_month(asked)
    if length == source.own_step:
        known = ", ".join(and_more(source.periods, 12))
        raise InputError(
            f"{source.name}: no rows for --as-of {asked}", hint=f"periods: {known}", code="period-not-covered"
        )
    own = STEP_MONTHS[source.own_step or "month"]
    held = {source.year.last_month(period)[0] for period in source.periods}
    missing = [end for end in range(last - STEP_MONTHS[length] + own, last + 1, own) if end not in held]
    shown = ", ".join(and_more([source.period_name(end, source.own_step) for end in missing]))
    raise InputError(f"{source.name}: --as-of {asked} is not whole: no rows for {shown}", code="period-not-covered")


def _settle_spans(source: Source, lengths: Sequence[int], names: dict[Any, str]) -> None:
    """Says which window is not whole. Raises InputError where none is."""
    spans = set(source.engine.run("select name, span from spans"))
    if not spans:
        raise InputError(
            f"{source.name}: no window of {months_told(max(lengths))} has all its periods in the file",
            code="period-not-covered",
        )
    if len(names) > 1:
        return
    ((closing, end),) = source.engine.run("select name, closing from ends")
    held = {source.year.last_month(period)[0] for period in source.periods}
    own = STEP_MONTHS[source.own_step or "month"]
    for length in sorted({length for length in lengths if (closing, length) not in spans}):
        first = next(one for one in range(end - length + own, end + 1, own) if one not in held)
        source.notes.append(
            f"{source.name}: the {months_told(length)} up to {source.period_name(end, source.own_step)} are not"
            f" whole: no rows for {source.period_name(first, source.own_step)}"
        )


def refuse_pooled(source: Source) -> None:
    """Raises InputError where rows would be added up although a column that is not used names their periods."""
    if source.count() < 2:
        return
    taken = {*source.roles.values(), *source.groups.values()}
    records = list(islice(source.table.records(), 20))
    for index, header in enumerate(source.table.columns):
        cells = [record.fields[index].strip() for record in records if index < len(record.fields)]
        if header not in taken and cells and len(set(cells)) == len(cells) and all(map(_names_a_period, cells)):
            raise InputError(
                f"{source.name}: {header} looks like the period of each row, and is not used",
                hint=f'--map period="{header}"; or leave the column out, if the rows are to be added up',
                code="unused-column",
            )


def _names_a_period(text: str) -> bool:
    try:
        return text.lower() in month_names.months() or bool(moment(text))
    except UsageError:
        return False


def _say_gaps(source: Source) -> None:
    """Says where periods do not join up: one opens with another amount than the last one closed with, or is missing."""
    if len(source.periods) < 2 or source.request.where or "starting_mrr" not in source.roles:
        return
    sums = "select period, sum(starting_mrr), sum(closing_mrr) from placed group by period order by 1"
    odd, missing = [], []
    for (before, _, closed), (period, opened, _) in pairwise(source.engine.run(sums)):
        (end, step), (last_end, _) = source.year.last_month(period), source.year.last_month(before)
        if end - last_end > STEP_MONTHS[step]:
            missing.append(f"no row between {before} and {period}")
        elif opened != closed:
            odd.append(f"{period} opens with {opened.normalize():f}, but {before} closes with {closed.normalize():f}")
    for found in (odd, missing):
        if found:
            more = f", and {len(found) - 1} more such" if found[1:] else ""
            source.notes.append(f"{source.name}: {found[0]}{more}")


def _say_own_closing(source: Source) -> None:
    """Says where the file's own closing MRR is not what its movements make: one of them may not be understood."""
    if "ending_mrr" not in source.roles:
        return
    filled = ", ".join(_filled(role, source) for role in (*source.shape.required, *source.shape.any_of))
    period = "period" if "period" in source.roles else "cast(null as varchar) as period"
    rows_filled = f"select * replace ({filled}) from {source.cells}"
    made = f"select {period}, ending_mrr, {ending_sql(source)} as made from ({rows_filled})"
    rows = source.engine.run(
        f"select period, ending_mrr, made, count(*) over () from ({made}) where ending_mrr <> made order by all limit 1"
    )
    for place, own, closing, count in rows:
        when = f" in {place}" if place else ""
        more = f" (and {count - 1} more such)" if count > 1 else ""
        source.notes.append(
            f"{source.name}: {source.roles['ending_mrr']}{when} is {own.normalize():f}, and the movements make"
            f" {closing.normalize():f}{more}; see whether a movement stands in a column that is not used"
        )
