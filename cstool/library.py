"""The functions of the Python library: what each command computes, as values instead of text.

Paths are text or `pathlib.Path`, `-` is stdin. `glossary` is a file or folder of YAML laid over the shipped glossary;
without it the shipped one is used, whatever the environment says. All functions raise `UsageError` for what does not
exist or does not fit together and `InputError` where a file or glossary cannot give the answer.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from cstool.api import Book
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError

if TYPE_CHECKING:
    from cstool.compute.recognize.inspection import Understood
    from cstool.glossary.find.finding import Found
    from cstool.model.entries import Difference
    from cstool.model.request import JoinedFile
    from cstool.model.results import Result

_READ = ReadOptions()
_SCALES = ("scale", "within", "reverse")  # given beside files, and not in their place


def calc(
    metrics: str | Sequence[str],
    files: str | Path | Sequence[str | Path] = (),
    *,
    join: str | Path | None = None,
    on: tuple[str, str] | None = None,
    aliases: str | Path | None = None,
    by: str | Sequence[str] = (),
    where: str | None = None,
    every: Literal["week", "month", "quarter", "year"] | None = None,
    window: str | int | None = None,
    as_of: str | None = None,
    compare: Literal["previous", "year-ago"] | None = None,
    fiscal_year_starts: str | int | None = None,
    total: bool = False,
    given: Mapping[str, Decimal | float | str] | None = None,
    variants: str | Sequence[str] = (),
    annualise: bool = False,
    ahead: int = 6,
    accounts: bool = False,
    top: int | None = None,
    config: str | Path | None = None,
    explain: bool = False,
    options: ReadOptions = _READ,
    engine: Literal["duckdb", "spark"] = "duckdb",
    spark_master: str | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
    project: str | Path | None = None,
    glossary: str | Path | None = None,
) -> Result:
    """Compute metrics from files or from given values, as `cstool calc` does.

    Args:
        metrics: names of metrics, `"nrr"`, `"nrr,grr"` or `["nrr", "grr"]`.
        files: files of one header are read as one; of several input types each metric takes its own. None where all
            measures are `given`.
        join: a file whose columns `by` and `where` may name, too, matched by account, or by the pair of columns `on`.
        aliases: a file with the columns `alias` and `account`: other names of accounts.
        by: columns of the file; the result has a row for each of their values.
        where: an SQL condition over the columns of the file; only rows for which it holds are used.
        every: a row for each month, quarter or year, or ISO week of rows with days.
        window: the period compared, in months: `12`, `"12m"`, `"4q"`, `"1y"`, or in weeks: `"4w"`; each
            metric's own if left out.
        as_of: the period the window ends with, `"2026-10"`, `"2026-Q4"`, `"2026-10-31"`; the newest if left out.
        compare: add `<metric>_before` and `<metric>_change`, against the period before or twelve months ago.
        fiscal_year_starts: the fiscal year's first month, `"february"` or 2; quarters and years are then its own,
            `FY2027-Q1` and `FY2027`, named for the calendar year that it ends in.
        total: with `by`, a last row for all groups together.
        given: values of measures and parameters, `{"starting": 1000, "churned": "5%"}`.
        variants: other definitions that the entries give, by name.
        annualise: bring a rate to a year, compounded.
        ahead: months a forecast looks ahead.
        accounts: a row for each account, or for each row of the file that was counted; `top` of them.
        config: the YAML file of weights and rules, for health scores.
        explain: add the measures as columns.
        options: how to read the files.
        engine: where the query runs, Spark on `spark_master`, DuckDB within `memory_limit` and `threads`.
        project: a `cstool.yaml` or its folder, whose files count where none are named and are written `@name`, and
            whose accounts, fiscal year and glossary are used. Only the one named here: none is looked for.
        glossary: your own entries; those of the project, if left out.

    Returns:
        `rows`, one mapping a group and period: the group columns under their own names, `period` where there is one,
        and a key per metric with `-` as `_`. Numbers are `Decimal`, quotients `float`; percent metrics are fractions
        (0.9 is 90%), undefined is None. `columns` has the unit of each key, `notes` says what was assumed or left out,
        `undefined()` why a value is None.

    Raises:
        UsageError: a name, column or option does not exist or fit.
        InputError: a file cannot be read, or cannot give the metric; `places` lists the cells.
        UndefinedError: nothing that was asked for is defined on the file.

    >>> calc("nrr", given={"starting": 1000, "expansion": 200, "contraction": 50, "churned": 100}).rows
    [{'nrr': 1.05}]
    """
    from cstool.backends.duck import limits_of
    from cstool.compute.formulas.given_values import given_number
    from cstool.compute.projects.project_requests import with_project
    from cstool.glossary.project import open_project
    from cstool.model.periods import CALENDAR, FiscalYear, fiscal_month
    from cstool.model.request import CalcRequest
    from cstool.model.weeks import window_fields

    names = [name.strip() for text in _several(metrics) for name in text.split(",") if name.strip()]
    if not names:
        raise UsageError(
            "calc needs a metric", hint='for example: calc("nrr", "accounts.csv")', code="missing-argument"
        )
    length = window_fields(None if window is None else str(window))
    request = CalcRequest(
        metrics=tuple(names),
        files=_several(files),
        joined=_joined(join, on),
        aliases=None if aliases is None else os.fspath(aliases),
        by=_several(by),
        where=where,
        every=every,
        window=length.get("window"),
        weeks=length.get("weeks"),
        as_of=as_of,
        compare=compare,
        year=CALENDAR if fiscal_year_starts is None else FiscalYear(fiscal_month(str(fiscal_year_starts))),
        total=total,
        given={name.replace("-", "_"): given_number(name, str(value)) for name, value in (given or {}).items()},
        variants=_several(variants),
        annualise=annualise,
        ahead=ahead,
        accounts=accounts,
        top=top,
        config=None if config is None else os.fspath(config),
        explain=explain,
        engine=engine,
        spark_master=spark_master,
        limits=limits_of(memory_limit, threads, lean=options.duplicates == "unchecked"),
        **options.request_fields(),
    )
    if project is not None:
        opened = open_project(Path(project))
        request, _ = with_project(opened, request, request.files, options, alone=bool({*(given or ())} - {*_SCALES}))
        glossary = opened.glossary if glossary is None else glossary
    result = _book(glossary).calc(request)
    shown = [column.key for column in result.columns if explain or column.kind != "measure"]
    return result._replace(rows=[{key: row[key] for key in shown if key in row} for row in result.rows])


def lookup(query: str, *, exact: bool = False, limit: int | None = None, glossary: str | Path | None = None) -> Found:
    """Find the entries that a name or question means, as `cstool lookup` does.

    Args:
        query: a name, synonym, acronym or question; misspellings are understood unless `exact`.
        exact: only names as they are written in the glossary.
        limit: at most this many matches.
        glossary: your own entries.

    Returns:
        `matches`, best first, each with its `term` (the entry), `how` it was found and `score` (100 is exact); empty
        where nothing is near enough. `suggestions` are then weaker ideas.

    >>> lookup("nrr").matches[0].term.id
    'net-revenue-retention'
    """
    return _book(glossary).find(query, exact=exact, limit=limit)


def diff(*names: str, glossary: str | Path | None = None) -> Difference | None:
    """The written difference of two or three terms in either order, as `cstool diff` shows; None where none is written.

    A difference of narrower terms answers for their broader ones: `between` has the ids of the terms it is about.

    Raises:
        UsageError: not two or three names, or a name that no term has.

    >>> diff("nrr", "grr").between
    ('gross-revenue-retention', 'net-revenue-retention')
    """
    if len(names) not in (2, 3):
        raise UsageError(f"diff takes two or three terms, not {len(names)}", code="missing-argument")
    book = _book(glossary)
    found = [book.find(name) for name in names]
    for one in found:
        if not one.matches:
            raise UsageError(f"nothing found for '{one.query}'", hint=one.did_you_mean, code="unknown-term")
    terms = book.told_apart([[match.term for match in one.matches] for one in found])
    return book.difference(book.nearest_written(terms))


def columns(file: str | Path, *, options: ReadOptions = _READ, glossary: str | Path | None = None) -> Understood:
    """What is understood of a file and what can be computed from it, as `cstool columns` shows.

    Returns:
        `shape` (the input type, None where it is not recognized), `roles` (the header of each role), `metrics` that
        can be computed, and `lacking(metric)`, what the file lacks for another one. `notes` says what was decided.

    Raises:
        InputError: the file cannot be read as a table.
    """
    _, found, notes = _book(glossary).columns(
        os.fspath(file), options.map, options.reading(), options.shape, options.preset
    )
    return replace(found, notes=notes)


def _joined(file: str | Path | None, on: tuple[str, str] | None) -> JoinedFile | None:
    from cstool.model.request import JoinedFile

    if file is None:
        if on is not None:
            raise UsageError("on goes with join", code="option-needs-another")
        return None
    return JoinedFile(os.fspath(file), *(on or ()))


def _several(values: str | Path | Sequence[str | Path]) -> tuple[str, ...]:
    """One value or several, as text."""
    return (
        (os.fspath(values),) if isinstance(values, (str, os.PathLike)) else tuple(os.fspath(value) for value in values)
    )


def _book(glossary: str | Path | None) -> Book:
    """The shipped glossary is opened once; a team's each time, as its files may have changed."""
    return _shipped() if glossary is None else Book(Path(glossary))


@cache
def _shipped() -> Book:
    return Book()
