"""One end of two, as when subscriptions were canceled and until when they were agreed: what the dates decide."""

from __future__ import annotations

from datetime import date

from cstool.compute.cells import statuses
from cstool.compute.cells.ends import how_known, newest_sql
from cstool.compute.source import Source
from cstool.errors import InputError
from cstool.model import windows


def settle(source: Source) -> None:
    """Makes one end of two, and names it. Raises InputError where neither the dates nor a status decide."""
    if "agreed_end" not in source.roles:
        return
    first, other = source.roles["end_date"], source.roles["agreed_end"]
    over = statuses.IS_OVER if "status" in source.roles else ""
    newest = f"(select {newest_sql(first, '')} from {source.cells})"
    alone, later, ahead, passed = source.engine.row(
        "select count(*) filter (where end_date is null and agreed_end is not null),"
        " count(*) filter (where agreed_end > end_date),"
        f" count(*) filter (where agreed_end > end_date and agreed_end > {newest}),"
        f" count(*) filter (where end_date is null and agreed_end <= {newest}) from {source.cells}"
    )
    stated = "agreed_end" in source.request.mapping
    if how_known(other) == "happened":
        counts = "true"
    else:  # without a status an agreed end counts once it has passed
        counts = over or f"agreed_end <= greatest({newest}, date '{_asked(source)}')"
    if not alone and not stated:
        if ahead:
            raise _unclear(
                source, f"{other} is later than {first}", "what is canceled runs until then", "it ends at once"
            )
        if later:
            end = f"coalesce(agreed_end, case when {over or 'true'} then end_date end)"
            note = f"{other} is taken as the end, as it follows {first}"
        else:
            end, note = "end_date", f"{first} is taken as the end, as {other} is never later"
    elif stated or over or how_known(other) == "happened":
        end = f"coalesce(end_date, case when {counts} then agreed_end end)"
        where = f" and {source.roles['status']} says that it is over" if counts == over else " once it has passed"
        where = "" if counts == "true" else where
        note = f"{first} is taken as the end, and {other} where that is blank{where}"
    elif passed:
        raise _unclear(source, f"{other} has passed in rows without {first}", "such rows ended", "they were renewed")
    else:
        end, note = "end_date", f"{first} is taken as the end; {other} lies ahead of it and was only agreed"
    source.notes.append(f"{source.name}: {note}; --map end_date=COLUMN for another")
    ended = f"select * replace (cast({end} as date) as end_date) from {source.cells}"
    source.replace(ended, "one_end")


def _asked(source: Source) -> date:
    """The last day of --as-of, or one before all others."""
    return windows.last_day(source.year.last_month(source.request.as_of)[0]) if source.request.as_of else date.min


def _unclear(source: Source, what: str, if_other: str, if_first: str) -> InputError:
    first, other = source.roles["end_date"], source.roles["agreed_end"]
    both = (
        f'--map end_date="{first}" --map agreed_end="{other}"' if "ended" in if_other else f'--map end_date="{other}"'
    )
    return InputError(
        f"{source.name}: {first} and {other} hold ends, and {what}",
        hint=f'if {if_other}: {both}; if {if_first}: --map end_date="{first}"',
        code="ambiguous-column",
    )
