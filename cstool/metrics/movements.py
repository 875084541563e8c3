"""Rows that hold the sums of a period already. Periods add up to quarters, years and other windows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise

from cstool.data import month_names
from cstool.errors import InputError, UsageError, and_more
from cstool.metrics import windows
from cstool.metrics.catalogue import ALL, Formula
from cstool.metrics.moments import moment
from cstool.metrics.months import last_month_of
from cstool.metrics.outcome import months_told
from cstool.metrics.request import STEP_MONTHS, Step
from cstool.metrics.shaped import Shaped
from cstool.metrics.source import Source

LOSSES = ("contraction_mrr", "churned_mrr")
OPENING = ("starting_mrr", "customers_start")  # of the first period of a window only


def filled_movements(source: Source, cells: str) -> str:
    """Movements with nothing where no column gives them; losses may be written with a minus, but all in one way."""
    for role in LOSSES:
        signs = f"select min({role}) < 0 and max({role}) > 0 from {source.cells}"
        if role in source.roles and source.engine.row(signs)[0]:
            raise InputError(f"{source.name}: {source.roles[role]} has losses with and without a minus")
    absent = [role for role in source.shape.any_of if role not in source.roles]
    if absent:
        source.notes.append(f"{source.name}: no column for {', '.join(absent)}; there was none of it")
    _say_own_closing(source)
    others = ("period", "currency", "ending_mrr")
    amounts = [one for one in (*source.shape.required, *source.shape.could_have) if one not in others]
    filled = ", ".join(f"coalesce({f'abs({name})' if name in LOSSES else name}, 0) as {name}" for name in amounts)
    relation = f"(select * replace ({filled}) from {source.cells})"
    _say_gaps(source, relation)
    return f"(select * replace ({filled}) from {cells})"


def length_of(source: Shaped, formula: Formula, every: Step | None) -> int:
    """The months of a formula's window: the file's own period, or a longer one that was asked for.

    Raises UsageError where whole periods of the file do not make it up.
    """
    own = STEP_MONTHS[source.own_step or "month"]
    asked = every or (source.request.as_of and windows.last_month(source.request.as_of)[1])
    step = STEP_MONTHS[asked] if asked else own
    if step < own:
        raise UsageError(f"{source.name}: its periods are {source.own_step}s; ask for --every {source.own_step}")
    if not formula.months:
        return 0
    fixed = formula.metric is not None and formula.metric.fixed
    if fixed and source.request.window not in (None, formula.months):
        raise UsageError(f"--window: {formula.key} is over {months_told(formula.months)}, and no other window")
    if formula.months == ALL and not source.request.window:
        first, last = (windows.last_month(period)[0] for period in (source.periods[0], _closing(source, every)[-1]))
        return last - first + own
    length = source.request.window or (formula.months if fixed else step)
    if length % own:
        raise UsageError(
            f"{formula.key} is over {months_told(length)}, and {source.name} has a row a {source.own_step}",
            hint="give a ledger, a row per account and month, from which any window is cut",
        )
    return length


def _closing(source: Shaped, every: Step | None) -> list[str]:
    """The last periods of the windows that are asked for."""
    asked = source.request.as_of
    if not every:
        if not asked:
            return source.periods[-1:]
        last, step = windows.last_month(asked)
        if step == source.own_step and source.asked_period not in source.periods:
            known = ", ".join(and_more(source.periods, 12))
            raise InputError(f"{source.name}: no rows for --as-of {asked}", hint=f"periods: {known}")
        own = STEP_MONTHS[source.own_step or "month"]
        ends = {windows.last_month(period)[0]: period for period in source.periods}
        missing = [end for end in range(last - STEP_MONTHS[step] + own, last + 1, own) if end not in ends]
        if missing:
            names = ", ".join(and_more([source.period_name(end, source.own_step) for end in missing]))
            raise InputError(f"{source.name}: --as-of {asked} is not whole: no rows for {names}")
        return [ends[last]]
    until = windows.last_month(asked)[0] if asked else None
    found = []
    for period in source.periods:
        end = windows.last_month(period)[0]
        if (end + 1) % STEP_MONTHS[every] == 0 and (until is None or end <= until):
            found.append(period)
    if not found:
        raise InputError(f"{source.name}: no whole {every} ends in its periods", hint="ask for --every month")
    return found


def movements_relation(source: Source, lengths: Sequence[int], every: Step | None) -> tuple[str, dict[int, str]]:
    """The rows of each window with its closing month, and how the closing months are called.

    Of a window, `opens` marks the first period and `closes` the last. A window of length 0 is the last period alone.
    """
    own = STEP_MONTHS[source.own_step or "month"]
    held = {windows.last_month(period)[0] for period in source.periods}
    closing = [windows.last_month(period)[0] for period in _closing(source, every)]
    spans = []
    for end in closing:
        for length in sorted(set(lengths)):
            missing = [one for one in range(end - (length or own) + own, end + 1, own) if one not in held]
            if not missing:
                spans.append(f"({end}, {length}, {length or own})")
            elif len(closing) == 1:
                first = source.period_name(missing[0], source.own_step)
                source.notes.append(
                    f"{source.name}: the {months_told(length)} up to {source.period_name(end, source.own_step)} are not"
                    f" whole: no rows for {first}"
                )
    if not spans:
        raise InputError(f"{source.name}: no window of {months_told(max(lengths))} has all its periods in the file")
    asked = source.request.as_of and windows.last_month(source.request.as_of)[1]
    step = every or asked or source.own_step or "month"
    number = last_month_of("period", "period")
    openings = ", ".join(
        f"case when number = closing - width + {own} then {role} else 0 end as {role}"
        for role in OPENING
        if role in (*source.shape.required, *source.shape.could_have)
    )
    _say_choice(source, every)
    return (
        f"select * replace ({openings}), number = closing as closes"
        f" from (select *, {number} as number, {ending_sql(source)} as closing_mrr"
        f" from {filled_movements(source, source.cells)})"
        f" join (values {', '.join(spans)}) as spans(closing, span, width)"
        " on number > closing - width and number <= closing"
    ), {end: source.period_name(end, step) for end in closing}


def ending_sql(source: Shaped) -> str:
    """A period's closing MRR, as SQL over its row; rows without amounts have none."""
    return next((one.sql for one in source.shape.derived if one.column == "closing_mrr"), "0")


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
            )


def _names_a_period(text: str) -> bool:
    try:
        return text.lower() in month_names.months() or bool(moment(text))
    except UsageError:
        return False


def _say_choice(source: Source, every: Step | None) -> None:
    if len(source.periods) > 1 and not source.request.as_of and not every:
        source.notes.append(
            f"{source.name}: {source.periods[-1]} is the last of {len(source.periods)} periods; --as-of names another"
        )


def _say_gaps(source: Source, movements: str) -> None:
    """Says where periods do not join up: one opens with another amount than the last one closed with, or is missing."""
    if len(source.periods) < 2 or source.request.where or "starting_mrr" not in source.roles:
        return
    sums = f"select period, sum(starting_mrr), sum({ending_sql(source)}) from {movements}"
    odd, missing = [], []
    for (before, _, closed), (period, opened, _) in pairwise(source.engine.run(f"{sums} group by period order by 1")):
        (end, step), (last_end, _) = windows.last_month(period), windows.last_month(before)
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


def _filled(role: str, source: Source) -> str:
    """SQL of an amount: losses without a minus, nothing where no column or cell gives it."""
    if role not in source.roles:
        return f"cast(0 as decimal(38, 18)) as {role}"
    return f"coalesce({f'abs({role})' if role in LOSSES else role}, 0) as {role}"
