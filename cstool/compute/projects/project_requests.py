"""What a project adds to a request: files, accounts, aliases, fiscal year; each with whether it was of any use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cstool.compute.projects.project_files import account_files, all_sets, laid_over, named_sets, options_of
from cstool.compute.read_options import ReadOptions
from cstool.errors import UsageError
from cstool.glossary.project import Project
from cstool.model.periods import CALENDAR, FiscalYear
from cstool.model.request import CalcRequest, JoinedFile


def with_project(
    project: Project | None, request: CalcRequest, files: Sequence[str], options: ReadOptions, *, alone: bool
) -> tuple[CalcRequest, bool]:
    """The request with the files that the project knows, read as it says, and with its accounts and fiscal year.

    `options` are laid over the project's. Without files it has all of the project's, but not where values were given
    `alone`. Raises UsageError for a name that the project does not have, InputError where it cannot be used.
    """
    if not files and alone:
        return request, False
    request, used = with_accounts(project, request)
    request, dated = _with_fiscal_year(project, request)
    health = str(project.path(project.entry.health)) if project and project.entry.health else None
    request = replace(request, health=health)
    if project is None and not any(file.startswith("@") for file in files):
        return request, used or dated
    sets = named_sets(project, tuple(files), options) if files else all_sets(project, options) if project else ()
    if not sets:
        return request, used or dated
    return replace(request, sets=sets, files=tuple(files)), True


def joined_file(project: Project | None, joined: JoinedFile) -> tuple[JoinedFile, bool]:
    """A file to join as the project knows it: `@name`, or a path that it lists, with its key and name."""
    (file, options, others), used = with_project_file(project, joined.file, ReadOptions())
    if others:
        raise UsageError(f"{joined.file} is {len(others) + 1} files, and one can be joined", code="bad-value")
    own: JoinedFile | None = account_files(project).get("joined") if project else None
    if own and own.file == file and not joined.key:
        return replace(own, left=joined.left, asked=joined.asked), used
    key = joined.key or options.map.get("account", "")
    return replace(joined, file=file, key=key, reading=options.reading()), used


def with_accounts(project: Project | None, request: CalcRequest) -> tuple[CalcRequest, bool]:
    """The request with the accounts file and the aliases of the project, where none are given."""
    used = False
    if request.joined:
        joined, used = joined_file(project, request.joined)
        request = replace(request, joined=joined)
    if project is None or project.accounts is None:
        return request, used
    own = {name: one for name, one in account_files(project).items() if one and not getattr(request, name)}
    if request.engine == "spark":  # has a use for neither, which matters where names are replaced
        own.pop("joined", None)
    used = used or "aliases" in own or ("joined" in own and bool(request.by or request.where))
    return replace(request, **own), used


def with_project_file(
    project: Project | None, file: str, options: ReadOptions
) -> tuple[tuple[str, ReadOptions, Sequence[str]], bool]:
    """One file as the project knows it: its path, how it is read, and the other files that are read with it."""
    sets = named_sets(project, (file,), options)
    if not sets or project is None:
        return (file, options, ()), False
    if not sets[0].files:
        raise UsageError(f"{sets[0].place}: no file fits the path of {sets[0].name}", code="file-not-found")
    first, *others = sets[0].files
    return (first, laid_over(options_of(project, sets[0].name), options), others), True


def fiscal_year(project: Project | None) -> FiscalYear:
    """The fiscal year of a project, that of the calendar where it says none."""
    if project is None or not project.entry.fiscal_year_starts:
        return CALENDAR
    return FiscalYear(project.fiscal_month, project.entry.fiscal_year_named or "end")


def _with_fiscal_year(project: Project | None, request: CalcRequest) -> tuple[CalcRequest, bool]:
    """The request with the fiscal year of the project, where it has none of its own."""
    year = fiscal_year(project)
    if request.year.starts:
        return replace(request, year=request.year._replace(named=year.named)), False
    return replace(request, year=year), bool(year.differs and (request.every or request.as_of))
