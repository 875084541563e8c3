"""Metrics of one family or several in one result, each from the file that gives it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.compute import earlier_values
from cstool.compute.formulas.catalog import available
from cstool.compute.formulas.resolve import computable, variants_of
from cstool.compute.projects.common_period import of_one_period
from cstool.compute.projects.givers import assigned
from cstool.compute.projects.merging import Part, merged
from cstool.compute.tables.accounts import REVENUE
from cstool.errors import InputError, UndatedError, UndefinedError, UsageError
from cstool.glossary.find.finding import Finder
from cstool.model.as_of_dates import day_of
from cstool.model.entries import Glossary, Term
from cstool.model.request import CalcRequest, FileSet
from cstool.model.results import Column, Result

ALONE = ("accounts", "config")  # what is asked of one family only


def calculate(glossary: Glossary, finder: Finder, request: CalcRequest) -> Result:
    """Compute what is asked, from one file or from several of different types.

    Raises what `run.calculate` raises, and UsageError where it is open which file gives a metric.
    """
    differ: InputError | None = None
    if not request.sets:
        several = len(request.files) > 1
        try:
            if not several or len({_of(computable(glossary, finder, name)) for name in request.metrics}) == 1:
                return earlier_values.calculate(glossary, finder, request)
        except InputError as error:
            if error.code != "different-columns" or request.engine == "spark":
                raise
            differ = error
        if "-" in request.files:
            raise UsageError(
                "stdin can be read only once, and these files are of several types",
                hint="save it as a file",
                code="different-inputs",
            )
    terms = list({term.id: term for name in request.metrics for term in [computable(glossary, finder, name)]}.values())
    if len(terms) > 1 and (tables := [one.table.name for one in terms if one.table]):
        raise UsageError(f"{tables[0]} is a table of its own", hint="ask for it alone", code="different-inputs")
    parts = _parts(glossary, finder, request, terms)
    _refuse_unneeded(request, [files for files, _ in parts], differ)
    requests = _requests(glossary, request, parts)
    notes = _origins(request, parts)
    if len(requests) == 1:
        result = earlier_values.calculate(glossary, finder, requests[0])
        return result._replace(notes=(*notes, *result.notes))
    _refuse_alone(request)
    return _joined(glossary, finder, request, list(zip(requests, [own for _, own in parts], strict=True)), notes)


def _parts(
    glossary: Glossary, finder: Finder, request: CalcRequest, terms: Sequence[Term]
) -> list[tuple[FileSet, Sequence[Term]]]:
    """Which files give which of the metrics, those of one family together."""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        chosen = assigned(glossary, lambda name: computable(glossary, finder, name), terms, request, Path(scratch))
    return [
        (files, [term for term in own if _of(term) == of])
        for files, own in chosen
        for of in dict.fromkeys(map(_of, own))
    ]


def of_one_file(glossary: Glossary, finder: Finder, request: CalcRequest) -> CalcRequest:
    """A request of one metric with only the files that give it, read as the project says.

    Raises InputError where no file gives it, UsageError where it is open which one does.
    """
    if not request.sets and len(request.files) < 2:
        return request
    term = computable(glossary, finder, request.metrics[0])
    return _requests(glossary, request, _parts(glossary, finder, request, [term]))[0]


def _refuse_unneeded(request: CalcRequest, chosen: Sequence[FileSet], differ: InputError | None) -> None:
    """Raises InputError where a file of the command line gives none of the metrics: its rows were thought to count."""
    used = {file for one in chosen for file in one.files}
    unneeded = [file for file in request.files if file not in used]
    if request.sets or not unneeded:
        return
    raise differ or InputError(
        f"{unneeded[0]}: gives none of {', '.join(request.metrics)}",
        hint="leave it out, or name its columns with --map; `cstool columns FILE` shows what it gives",
        code="not-given-by-file",
    )


def _of(term: Term) -> str:
    kind = term.metric or term.table
    return kind.of if kind else ""


def _name(term: Term) -> str:
    kind = term.metric or term.table
    return kind.name if kind else term.id


def _origins(request: CalcRequest, parts: Sequence[tuple[FileSet, Sequence[Term]]]) -> list[str]:
    """Which metric comes from which file, where the project says the files."""
    told: dict[str, list[str]] = {}
    for files, terms in parts:
        if files.name:
            told.setdefault(f"@{files.name}", []).extend(map(_name, terms))
    if not told or len(request.sets) < 2:
        return []
    return ["; ".join(f"{', '.join(names)} from {name}" for name, names in told.items())]


def _requests(
    glossary: Glossary, request: CalcRequest, parts: Sequence[tuple[FileSet, Sequence[Term]]]
) -> list[CalcRequest]:
    """One request a part, with the options that its metrics have a use for.

    Raises UsageError for a value or variant that none of them uses.
    """
    made = []
    several = len(parts) > 1
    joined = request.joined and replace(request.joined, asked=request.joined.asked and not several, first=several)
    left = {*request.given}
    variants = {*request.variants}
    for files, terms in parts:
        uses = {name for term in terms for name in _uses(glossary, term)}
        own = {name for term in terms for name in variants_of(term)}
        given = {name: value for name, value in files.given.items() if name in uses}
        given |= {name: value for name, value in request.given.items() if name in uses}
        left -= uses
        variants -= own
        yearly = any(term.metric and term.metric.annualised for term in terms)
        made.append(
            replace(
                request,
                metrics=tuple(map(_name, terms)),
                files=files.files,
                sets=(),
                joined=joined,
                given=given if len(parts) > 1 else {**given, **request.given},
                variants=tuple(one for one in request.variants if one in own or len(parts) == 1),
                annualise=request.annualise and (yearly or len(parts) == 1),
                **files.how,
            )
        )
    if len(parts) > 1 and left:
        raise UsageError(
            f"--set {sorted(left)[0]}: nothing asked for uses it", hint="leave it out", code="option-not-applicable"
        )
    if len(parts) > 1 and variants:
        raise UsageError(f"--variant {sorted(variants)[0]}: no metric asked for has it", code="unknown-name")
    if request.annualise and not any(one.annualise for one in made):
        raise UsageError(
            "--annualise: none of these metrics is a rate that compounds over a year", code="option-not-applicable"
        )
    return made


def _uses(glossary: Glossary, term: Term) -> set[str]:
    """The parameters and measures that a metric may be given."""
    kind = term.metric or term.table
    measures = available(glossary, term).measures
    names = {one.measure for one in measures} | {
        name for one in measures for name in re.findall(r"[a-z_]\w*", one.formula)
    }
    return names | set(kind.parameters if kind else ())


def _refuse_alone(request: CalcRequest) -> None:
    for option in ALONE:
        if getattr(request, option):
            raise UsageError(
                f"--{option} is for metrics of one file",
                hint="ask for those of one file at a time",
                code="option-not-applicable",
            )
    if request.engine == "spark":
        raise UsageError(
            "--engine spark computes metrics of one file type",
            hint="ask for those of one file at a time",
            code="different-inputs",
        )


# Several families


def _joined(
    glossary: Glossary,
    finder: Finder,
    request: CalcRequest,
    asked: Sequence[tuple[CalcRequest, Sequence[Term]]],
    notes: Sequence[str],
) -> Result:
    told = list(notes)
    period = ""
    requests = [one for one, _ in asked]
    if (
        request.as_of
        and request.by_week
        and not request.weeks
        and any(_of(one) == REVENUE for _, own in asked for one in own)
    ):
        day = str(day_of(request.as_of))  # recurring revenue has months, and all are to be of one period
        request, requests = replace(request, as_of=day), [replace(one, as_of=day) for one in requests]
    if not request.every and not request.as_of:
        requests, period, note = of_one_period(glossary, finder, request, requests)
        told += note
    parts: list[Part] = []
    nothing: list[UndefinedError] = []
    takes_window = False
    for one, (_, terms) in zip(requests, asked, strict=True):
        try:
            result, windowed = _computed(glossary, finder, one, told)
        except UndefinedError as error:
            nothing.append(error)
            told += [error.message, *error.problems]
            result, windowed = _nothing(terms, compare=bool(request.compare)), False
        takes_window = takes_window or windowed
        parts.append(Part(result, terms))
    if len(nothing) == len(parts):
        raise nothing[0]
    if request.window and not takes_window:
        raise UsageError("--window has no meaning for these files", hint="leave it out", code="option-not-applicable")
    return merged(request, parts, [_key(term) for term in _in_order(glossary, finder, request)], period, told)


def _in_order(glossary: Glossary, finder: Finder, request: CalcRequest) -> list[Term]:
    return list({term.id: term for name in request.metrics for term in [computable(glossary, finder, name)]}.values())


def _key(term: Term) -> str:
    return _name(term).replace("-", "_")


def _nothing(terms: Sequence[Term], *, compare: bool) -> Result:
    """The columns of metrics without a row."""
    columns = [Column(one.metric.key, "value", one.metric.unit, metric=one.metric) for one in terms if one.metric]
    if compare:
        columns = [one for column in columns for one in (column, *earlier_values.compared_columns(column))]
    return Result(columns, [])


def _computed(glossary: Glossary, finder: Finder, request: CalcRequest, told: list[str]) -> tuple[Result, bool]:
    """The result of one part, and whether a window that was asked for has a meaning there.

    A file without dates counts as it is where one period is asked for, and is refused where several are.
    """
    windowed = bool(request.window)
    while True:
        try:
            return earlier_values.calculate(glossary, finder, request), windowed
        except UndatedError as error:
            if request.every or request.compare or not request.as_of:
                raise
            request = replace(request, as_of=None)
            told.append(f"{error.message.partition(':')[0]}: no dates, counted as it is")
        except UsageError as error:
            if not windowed or not error.message.startswith("--window has no meaning"):
                raise
            windowed, request = False, replace(request, window=None)
