"""The one period that metrics of several files are of, where none is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cstool.compute import run
from cstool.compute.reach import Reach
from cstool.errors import UsageError
from cstool.glossary.find.finding import Finder
from cstool.model.as_of_dates import STEP_MONTHS, Step
from cstool.model.entries import Glossary
from cstool.model.request import CalcRequest
from cstool.model.weeks import week_name, week_number


def of_one_period(
    glossary: Glossary, finder: Finder, request: CalcRequest, requests: Sequence[CalcRequest]
) -> tuple[list[CalcRequest], str, list[str]]:
    """The requests, each of the newest period that all dated files reach; that period, and what to say of it."""
    reaches = []
    for one in requests:
        try:
            reaches.append(run.reach(glossary, finder, one))
        except UsageError as error:
            if not error.message.startswith("--window has no meaning"):
                raise
            reaches.append(run.reach(glossary, finder, replace(one, window=None)))
    dated = [one for one in reaches if one.last is not None]
    if not dated:
        return list(requests), "", []
    if fiscal := next((one for one in reaches if one.unknown_year), None):
        raise UsageError(
            f"{fiscal.name}: which months {fiscal.unknown_year} has is not known",
            hint="name the first month of the fiscal year: --fiscal-year-starts february; or ask for it alone",
            code="bad-period",
        )
    steps: list[Step] = [one.step for one in reaches if one.step]
    step: Step = max(steps, key=lambda one: STEP_MONTHS[one], default="month")
    if request.weeks:
        days = [one.until for one in dated if one.until]
        period = week_name(week_number(min(days)))
        note = f"period {period}: the newest that every file reaches"
        return [replace(one, as_of=period) for one in requests], period, [note]
    last = _common(dated)
    year = next((one.year for one in dated if one.step == step), dated[0].year)
    period = year.period_name(year.last_whole(last, step), step)
    placed = [
        replace(one, as_of=period) if own.last is not None else one for one, own in zip(requests, reaches, strict=True)
    ]
    notes = [f"{one.name}: no dates, counted as it is" for one in reaches if one.last is None]
    limits = list(dict.fromkeys(one.name for one in dated if last == (one.ahead or one.last)))
    names = {one.name for one in dated}
    if len(names) > 1:
        ends = "ends" if len(limits) == 1 else "end"
        further = f"; {', '.join(limits)} {ends} there" if 0 < len(limits) < len(names) else ""
        notes.insert(0, f"period {period}: the newest that every file reaches{further}")
    return placed, period, notes


def _common(dated: Sequence[Reach]) -> int:
    """The newest month that all files reach; what is due in the future does not tell how far time has gone."""
    told = [one.last for one in dated if one.last is not None and one.ahead is None]
    told = told or [one.last for one in dated if one.last is not None]
    return min([*told, *(one.ahead for one in dated if one.ahead is not None)])
