"""The steps from a table whose rows have a date to the relation that measures are summed over."""

from __future__ import annotations

from collections.abc import Mapping

from cstool.backends.duck import identifier
from cstool.compute.compose import mentioned as derived_in
from cstool.compute.compose import words_of
from cstool.compute.described import Described, mentioned
from cstool.compute.relation.dated import BOUNDS, dated_steps, step_of
from cstool.compute.relation.statements import cells, mentions
from cstool.compute.relation.steps import Steps
from cstool.errors import UsageError
from cstool.model.as_of_dates import Step


def dated_table_steps(
    source: Described,
    where: str,
    known: Mapping[str, str],
    every: Step | None,
    per: Step | None,
    *,
    used: str,
    rolling: int,
) -> Steps:
    """The rows of a table in their periods, from the columns that are looked at.

    `known` are the parameters, `per` the step that is taken where no period is asked for, `used` the SQL that reads
    the relation, and `rolling` the days up to the last one that are looked at instead of a period.
    """
    from cstool.backends.transpile import fold

    request, shape = source.request, source.shape
    step = step_of(source, every, per, rolling)
    has_date = shape.dated in source.roles
    if not has_date and (every or request.as_of):
        raise UsageError(f"{source.shown}: --as-of and --every need a column for {shape.dated}", code="missing-column")
    step = step if has_date else None
    derived = derived_in(shape.derived, used, lambda sql: fold(sql, known, list(source.groups)))
    text = " ".join([used, *(one.sql for one in derived)])
    words = {"as_of", "file_until", "row_month", *BOUNDS} & words_of(text)
    roles = mentioned([*shape.required, *shape.could_have], text)
    if has_date and (step or rolling or "row_month" in words) and shape.dated not in roles:
        roles.append(shape.dated)
    told, days = [], list[str]()
    hangs = "as_of" not in known and bool(rolling or "as_of" in words)
    if hangs or "file_until" in words:
        days = [role for role in source.days if request.files or role in roles or role == shape.dated]
        roles += [role for role in days if role not in roles]
        other = "; --as-of sets another" if hangs else ""
        told.append(f"The last day that is told of is the last one in {', '.join(days)}{other}.")
    absent = [role for role in roles if role not in source.roles]
    before = [("cells", cells(source, [role for role in roles if role in source.roles], where, absent))]
    if days:
        if where and not any(mentions(where, source.roles[day]) for day in days):
            before.append(("all_cells", cells(source, days, "")))  # rows not asked for tell, too, how far it goes
        last = ", ".join(f"max(cast({identifier(day)} as date))" for day in days)
        newest = f"greatest({last})" if len(days) > 1 else last
        names = ["file_until", *([] if "as_of" in known else ["as_of"])]
        before.append(("told", f"select {', '.join(f'{newest} as {name}' for name in names)} from {before[-1][0]}"))
        before.append(("until", "select * from cells cross join told"))
    end = known.get("as_of", "as_of")
    last_step = before[-1][0] if days else "cells"
    steps = dated_steps(source, last_step, derived, step, series=bool(every), rolling=rolling, words=words, end=end)
    grouped = bool(source.groups) and any("each_group" in one.sql for one in derived_in(shape.derived, text))
    return Steps([*before, *steps.before], steps.relation, step=step, told=told, grouped=grouped)
