"""The relation that measures are summed over: rows with a closing month or period, a window and their groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from cstool.backends.duck import identifier, quoted
from cstool.compute.compose import mentioned, template
from cstool.compute.filtering import where_option
from cstool.compute.formulas import given_values
from cstool.compute.formulas.row_sql import OF_PERIODS, PROVIDED
from cstool.compute.relation.dated import dated_steps, step_of
from cstool.compute.relation.held_periods import asked_weeks, say_partial
from cstool.compute.relation.months import last_month_of
from cstool.compute.relation.movements import refuse_pooled
from cstool.compute.relation.steps import make_views
from cstool.compute.shaped import Shaped
from cstool.compute.source import Source
from cstool.errors import InputError, UndatedError, UndefinedError, UsageError, and_more
from cstool.model import windows
from cstool.model.as_of_dates import STEP_MONTHS, Step, is_fiscal, is_week
from cstool.model.entries import Check
from cstool.model.weeks import week_name

_FORMS: Mapping[Step, str] = {
    "quarter": "period like '%Q%'",
    "year": "not period like '%-%'",
    "month": "period like '%-%' and not period like '%Q%'",
}
_SCALES = (6, 7, 10)
_DEFAULT, _HIGHEST = 5, 10  # of a scale that nothing is said of, and of any
PLACED = 20  # unfit rows among which the first in the file is looked for


def ledger_relation(source: Shaped, spans: Sequence[windows.Span] | str, *, history: bool) -> str:
    """One row an account and window; with `history` it is known who had been a customer before.

    `spans` are the windows, or a relation with a row for each month that one of them closes or opens with.
    """
    listed = "".join(
        f"coalesce(min({name}) filter (where opens = 1 and mrr > 0), min({name}) filter (where opens = 0),"
        f" min({name})) as {name}, "
        for name in source.groups
    )
    paid = "min(month) filter (where mrr > 0) over (partition by account)"
    return template("ledger").format(
        groups=listed,
        windows=spans if isinstance(spans, str) else _emitted(spans),
        history=f"(select *, {paid} as first_paid from {source.cells})" if history else source.cells,
        customer_before="coalesce(min(first_paid) < closing - span, false)" if history else "false",
    )


def _emitted(spans: Sequence[windows.Span]) -> str:
    values = ", ".join(map(str, windows.emissions(spans)))
    return f"(values {values}) as windows(month, closing, span, opens)"


def find_periods(source: Source) -> None:
    """The periods of a shape whose rows each have their own window, or a date."""
    if source.shape.dated:
        _find_dates(source)
        return
    if "period" not in source.roles:
        if source.request.as_of or source.request.every:
            raise UndatedError(f"{source.name}: --as-of and --every need a column of months or periods")
        if source.sums_periods:
            refuse_pooled(source)
        return
    source.periods = [row[0] for row in source.engine.run(f"select distinct period from {source.cells} order by 1")]
    if None in source.periods:
        raise InputError(
            f"{source.name}: {source.roles['period']} is blank in some rows",
            hint="fill it, or leave those rows out with --where",
            code="bad-cells",
        )
    settle_steps(source, "period", source.periods)


def _find_dates(source: Source) -> None:
    """The months of a shape whose rows have a date, and the last day that the file or --as-of tells of."""
    last = ", ".join(f"max(cast({identifier(role)} as date))" for role in source.days)
    if last:
        told = source.told or source.cells
        source.file_until = source.last_day = source.engine.row(f"select greatest({last}, null) from {told}")[0]
    if source.request.as_of:
        source.last_day = source.year.last_day_of(source.request.as_of)
    if source.shape.dated not in source.roles:
        if source.request.as_of or source.request.every:
            raise UndatedError(f"{source.name}: --as-of and --every need a column for {source.shape.dated}")
        return
    number = _month_of(source)
    if source.kind(source.shape.dated) == "period":
        _settle_periods(source)
    elif source.request.day and not (source.by_week and is_week(source.request.as_of or "")):
        source.leave_out_after(source.shape.dated)
    rows = source.engine.run(
        f"select distinct {number} from {source.cells} where {identifier(source.shape.dated)} is not null order by 1"
    )
    source.months = [row[0] for row in rows]
    if source.by_week and source.months:
        source.weeks = asked_weeks(source)


def _month_of(source: Source) -> str:
    """SQL of the month number of a row."""
    return f"({last_month_of(source.shape.dated, source.kind(source.shape.dated), source.year.ahead)})"


def settle_steps(source: Source, role: str, periods: Sequence[str]) -> None:
    """Settles how long the periods of a column are, and whether they are of a fiscal year."""
    steps = {windows.last_month(period)[1] for period in periods}
    if len(steps) > 1:
        raise InputError(
            f"{source.name}: {source.roles[role]} mixes months, quarters and years", code="contradicting-cells"
        )
    fiscal = {is_fiscal(period) for period in periods}
    if len(fiscal) > 1:
        raise InputError(
            f"{source.name}: {source.roles[role]} mixes fiscal periods with those of the calendar",
            code="contradicting-cells",
        )
    source.own_step, source.fiscal = next(iter(steps), None), True in fiscal
    asked = source.request.as_of
    translated = bool(source.request.year.starts) and (source.fiscal or source.own_step == "month")
    if asked and translated:
        source.request.year.refuse_calendar_label(asked)
    if asked and periods and is_fiscal(asked) != source.fiscal and not translated:
        example = periods[-1]
        raise UsageError(
            f"{source.name}: --as-of {asked} is not of the year that {source.roles[role]} counts by",
            hint=f"write it as the file does, for example {example}",
            code="bad-period",
        )


def _settle_periods(source: Source) -> None:
    """A column of periods holds months, quarters or years: one of them, and none longer than what is asked for."""
    role = source.shape.dated
    found = source.engine.run(f"select distinct {role} from {source.cells} where {role} is not null")
    settle_steps(source, role, [row[0] for row in found])
    asked = source.request.every or (source.request.as_of and source.year.last_month(source.request.as_of)[1])
    if source.own_step and asked and STEP_MONTHS[asked] < STEP_MONTHS[source.own_step]:
        raise UsageError(
            f"{source.name}: its periods are {source.own_step}s; ask for --every {source.own_step}",
            code="period-not-covered",
        )


def dated_relation(
    source: Source, parameters: Mapping[str, Decimal], every: Step | None, *, per: Step | None = None, used: str
) -> tuple[str, dict[int, str]]:
    """The relation of a file whose rows have a date, and how its closing months are called.

    With --every a period a row; with --as-of the rows of that period; else all rows, in no period, or with `per`
    those of the last whole month, quarter or year of the file. A parameter `rolling` above
    0 means so many days up to the last one instead of a period.
    `used` is the SQL that will read the relation: only derived columns that it mentions are made.
    """
    rolling, names = int(parameters.get("rolling", 0)), dict[int, str]()
    step = step_of(source, every, per, rolling) if source.months else None
    if step:
        asked = source.request.as_of
        ends = sorted({source.year.closing(month, step) for month in source.months}) if step != "week" else []
        names = {end: source.period_name(end, step) for end in ends} or {week: week_name(week) for week in source.weeks}
        last = source.year.last_month(asked)[0] if asked else 0
        if asked and ends and (last < ends[0] if every else last not in ends):
            held = f"{windows.month_name(source.months[0])} to {windows.month_name(source.months[-1])}"
            raise UndefinedError(
                f"{source.name}: no rows in --as-of {asked}; the file holds {held}", code="period-not-covered"
            )
        _say_undated(source)
        if source.request.compare and ends:
            say_partial(source, names, [last] if asked else ends[-1:] if not every else ends, step)
    if rolling and source.last_day:
        source.notes.append(f"{source.name}: the {rolling} days up to {source.last_day}")
    given = {name: given_values.literal(value) for name, value in parameters.items()}
    given |= {f"has_{role}": str(role in source.roles).lower() for role in source.shape.could_have}
    given |= {"as_of": _day(source.last_day), "file_until": _day(source.file_until)}
    given |= {"chosen_rows": str(bool(source.request.where)).lower()}
    given |= {"year_starts": str(source.year.offset)}
    given |= {"each_group": f"row({', '.join(source.groups) or '0'})"}
    if source.shape.dated not in source.roles:
        given["row_month"] = "cast(null as integer)"
    listed = ", ".join(f"{sql} as {name}" for name, sql in given.items())
    made = [("given", f"select *, {listed} from {source.cells}")]
    if step and step != "week" and not every and not source.request.as_of:
        held = ", ".join(f"({month})" for month in source.months)
        made.append(("months", f"select * from (values {held}) as held(row_month)"))
    steps = dated_steps(
        source,
        "given",
        mentioned(source.shape.derived, used),
        step,
        series=bool(every),
        rolling=rolling if source.last_day else 0,
        words=(*PROVIDED, *OF_PERIODS),
        months="months",
    )
    make_views(source.engine, [*made, *steps.before])
    return steps.relation, names


def _day(day: date | None) -> str:
    return f"cast({quoted(str(day))} as date)" if day else "cast(null as date)"


def _say_undated(source: Source) -> None:
    """Rows without a date fall in no period."""
    lost = source.engine.row(f"select count(*) from {source.cells} where {identifier(source.shape.dated)} is null")[0]
    if lost:
        rows = "1 row" if lost == 1 else f"{lost} rows"
        source.notes.append(f"{source.name}: {rows} without {source.roles[source.shape.dated]} left out")


def refuse_unfit_rows(source: Source, checks: Sequence[Check], relation: str) -> None:
    """Raises InputError where rows are not what a metric needs, naming the first one's line where it can be found.

    What is only to be said of them goes to the source's notes.
    """
    for check in checks:
        if check.on == "all":
            told = source.engine.row(f"select {check.sql} from ({relation})")[0]
            if told:
                text = f"{source.name}: {check.text.replace('{}', str(told))}"
                if check.then == "refuse":
                    raise InputError(text, code="contradicting-cells")
                source.notes.append(text)
            continue
        roles = list(source.roles)
        columns = ", ".join(map(identifier, roles))
        rows = source.engine.run(
            f"select {columns}, count(*) over () from ({relation}) where not ({check.sql}) order by all limit {PLACED}"
        )
        if rows:
            total = int(rows[0][-1])
            place = source.place([dict(zip(roles, row, strict=False)) for row in rows], check.column)
            first = place or f"{source.name}: {total} row{'s' if total > 1 else ''}"
            more = [f"... and {total - 1} more"] if place and total > 1 else []
            hint = _scale_hint(source, relation) if check.column == "score" else ""
            raise InputError(f"{first}: {check.text}", problems=more, hint=hint, code="contradicting-cells")


def _scale_hint(source: Source, relation: str) -> str:
    """The option that fits answers beyond a scale, as the lowest and highest of them show."""
    low, high, whole = source.engine.row(
        f"select min(score), max(score), bool_and(score = floor(score)) from ({relation})"
    )
    header = source.roles["score"]
    if not whole:
        return f"answers with a fraction are averages; name a column of whole answers: --map score=COLUMN, not {header}"
    if high > _HIGHEST:
        return f"answers up to {high.normalize():f} are no steps of a scale; name another column: --map score=COLUMN"
    if low < 0:
        return f"--where {where_option(header, '>= 1')} leaves answers below the scale out"
    if low < 1 and high <= _DEFAULT:
        return f"--where {where_option(header, '>= 1')} leaves answers of 0 out, if 0 stands for no answer"
    fits = [str(one) for one in _SCALES if one >= high]
    return f"the highest possible answer says which scale it is: {' or '.join(f'--scale {one}' for one in fits)}"


def snapshot_relation(rows: Shaped) -> str:
    """Rows that hold an account's opening and closing: of the period asked for, of each of a series, or of the last."""
    closing, chosen = "cast(null as varchar)", ""
    if "period" in rows.roles:
        closing, asked = "period", quoted(rows.asked_period) if rows.asked_period else ""
        chosen = f" where period = {asked or f'(select max(period) from {rows.cells})'}"
        if every := rows.request.every:
            chosen = f" where {_FORMS[every]}" + (f" and period <= {asked}" if asked else "")
    groups = "".join(f"{name}, " for name in rows.groups)
    listed = f"{groups}account, starting_mrr, ending_mrr, false as customer_before"
    return f"select {closing} as closing, 0 as span, {listed} from {rows.cells}{chosen}"


def rows_relation(source: Source) -> str:
    """The relation of a file whose rows each have their own window."""
    if source.shape.shape == "churn-flags":
        derived = ", ".join(f"{one.sql} as {one.column}" for one in source.shape.derived)
        return f"select null as closing, 0 as span, *, {derived} from {source.cells}"
    if source.periods:
        _settle_period(source)
    return snapshot_relation(source)


def _settle_period(source: Source) -> None:
    """Says which period is taken. Raises InputError or UsageError where what is asked for is not in the file."""
    asked, every = source.asked_period, source.request.every
    if asked and asked not in source.periods:
        known = ", ".join(and_more(source.periods, 12))
        raise InputError(
            f"{source.name}: no rows for --as-of {asked}", hint=f"periods: {known}", code="period-not-covered"
        )
    if every and every != source.own_step:
        raise UsageError(
            f"{source.name}: its periods are {source.own_step}s; ask for --every {source.own_step}",
            code="period-not-covered",
        )
    if len(source.periods) > 1 and not asked and not every:
        source.say_choice()
