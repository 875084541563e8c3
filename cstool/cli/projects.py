"""The project of a command: --project, CSTOOL_PROJECT, or the nearest cstool.yaml; named once where it is used."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cstool.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from cstool.glossary.project import Project
    from cstool.metrics.periods import FiscalYear
    from cstool.metrics.read_options import ReadOptions
    from cstool.metrics.request import CalcRequest, JoinedFile


class _Asked:
    """What the command line says of the project, and what was made of it."""

    def __init__(self) -> None:
        self.file: str | None = None
        self.off = False
        self.opened: Project | None = None
        self.looked = False
        self.named = False


_asked = _Asked()


def project_options() -> list[Any]:
    """--project and --no-project, which every command takes and none has to know of."""
    from typer.core import TyperOption

    return [
        TyperOption(
            param_decls=["--project"],
            metavar="FILE",
            default=None,
            is_eager=True,
            expose_value=False,
            callback=_named,
            help="The project: a cstool.yaml (also CSTOOL_PROJECT); else the nearest one, from this folder upwards.",
        ),
        TyperOption(
            param_decls=["--no-project"],
            is_flag=True,
            default=False,
            is_eager=True,
            expose_value=False,
            callback=_turned_off,
            help="Use no project.",
        ),
    ]


def _named(ctx: typer.Context, __: Any, file: str | None) -> None:
    global _asked
    if not ctx.resilient_parsing:
        off = _asked.off  # options are called back in the order of the command line
        _asked = _Asked()
        _asked.file, _asked.off = file, off


def _turned_off(ctx: typer.Context, __: Any, asked: bool) -> None:
    if not ctx.resilient_parsing:
        _asked.off = asked


def the_project() -> Project | None:
    """The project of this command, opened once; None where there is none.

    Raises UsageError where one is named and none is wanted, InputError where it cannot be read.
    """
    if not _asked.looked:
        _asked.opened = _opened()
        _asked.looked = True
    return _asked.opened


def _opened() -> Project | None:
    if _asked.off:
        if _asked.file is not None:
            raise UsageError(
                "--project names a project that --no-project leaves out",
                hint="leave one of them out",
                code="wrong-command-line",
            )
        return None
    if _asked.file is not None and not _asked.file.strip():
        raise UsageError("--project is the name of a file, and '' is none", code="bad-value")
    named = _asked.file if _asked.file is not None else os.environ.get("CSTOOL_PROJECT")
    if named == "":  # set to nothing, the variable wants no project
        return None
    if named is None:
        from cstool.glossary.places import found_project

        file = found_project()
    else:
        file = Path(named)
    if file is None:
        return None
    from cstool.glossary.project import open_project

    return open_project(file)


def name_once(quiet: bool) -> None:
    """Names the project on stderr, the first time that something is taken from it."""
    project = the_project()
    if project and not _asked.named and not quiet:
        from cstool.cli.common import tell

        _asked.named = True
        tell(f"project: {project.file}")


def glossary_of(ctx: typer.Context, given: Path | None) -> Path | None:
    """The callback of --glossary: what was given, else the project's glossary, which is said."""
    if given is not None or ctx.resilient_parsing:
        return given
    project = the_project()
    path = project.glossary if project else None
    if project is None or path is None:
        return None
    from cstool.errors import InputError

    if not path.exists():
        raise InputError(f"{project.place('glossary')}: glossary {path}: no such file or folder", code="bad-glossary")
    quiet = bool(ctx.params.get("quiet"))
    name_once(quiet)
    if not quiet:
        _say_overrides(path)
    return path


def _say_overrides(path: Path) -> None:
    from cstool.api import Book
    from cstool.cli.common import tell

    book = Book(path)
    book.hand_on()
    if names := book.overrides:
        tell(f"defined by {path} and not as shipped: {', '.join(names)}")


def with_project_files(
    request: CalcRequest, files: Sequence[str], options: ReadOptions, *, alone: bool, quiet: bool
) -> CalcRequest:
    """The request with the files that the project knows, read as it says; `alone` where values were given instead.

    Without files it has all of the project's.
    """
    if not files and alone:
        return request
    request = with_fiscal_year(with_accounts(request, quiet=quiet), quiet=quiet)
    project = the_project()
    if project is None and not any(file.startswith("@") for file in files):
        return request
    from cstool.metrics.project_files import all_sets, named_sets

    sets = named_sets(project, tuple(files), options) if files else all_sets(project, options) if project else ()
    if not sets:
        return request
    name_once(quiet)
    health = str(project.path(project.entry.health)) if project and project.entry.health else None
    return replace(request, sets=sets, files=tuple(files), health=health)


def joined_file(joined: JoinedFile, *, quiet: bool) -> JoinedFile:
    """A file to join as the project knows it: `@name`, or a path that it lists, with its key and name."""
    from cstool.metrics.project_files import account_files
    from cstool.metrics.read_options import ReadOptions

    file, options, others = with_project_file(joined.file, ReadOptions(), quiet=quiet)
    if others:
        raise UsageError(f"{joined.file} is {len(others) + 1} files, and one can be joined", code="bad-value")
    project = the_project()
    own: JoinedFile | None = account_files(project).get("joined") if project else None
    if own and own.file == file and not joined.key:
        return replace(own, left=joined.left, asked=joined.asked)
    key = joined.key or options.map.get("account", "")
    return replace(joined, file=file, key=key, reading=options.reading())


def aliases_of_project() -> str | None:
    """The project's file of aliases, if it names one that is there."""
    project = the_project()
    if project is None or project.accounts is None or not project.accounts.aliases:
        return None
    path = project.path(project.accounts.aliases)
    return str(path) if path.exists() else None


def with_accounts(request: CalcRequest, *, quiet: bool) -> CalcRequest:
    """The request with the accounts file and the aliases of the project, where none are given."""
    project = the_project()
    if request.joined:
        request = replace(request, joined=joined_file(request.joined, quiet=quiet))
    if project is None or project.accounts is None:
        return request
    from cstool.metrics.project_files import account_files

    found = account_files(project)
    own = {name: one for name, one in found.items() if one and not getattr(request, name)}
    if request.engine == "spark":  # has a use for neither, which matters where names are replaced
        own.pop("joined", None)
    if "aliases" in own or ("joined" in own and (request.by or request.where)):
        name_once(quiet)
    return replace(request, **own)


def day_named(as_of: str) -> date:
    """The last day of what --as-of names, in the fiscal year of the project. Raises UsageError."""
    from cstool.metrics.as_of_dates import moment

    return _fiscal_year().day_named(moment(as_of))


def _fiscal_year() -> FiscalYear:
    from cstool.metrics.periods import CALENDAR, FiscalYear

    project = the_project()
    if project is None or not project.entry.fiscal_year_starts:
        return CALENDAR
    return FiscalYear(project.fiscal_month, project.entry.fiscal_year_named or "end")


def with_fiscal_year(request: CalcRequest, *, quiet: bool) -> CalcRequest:
    """The request with the fiscal year of the project, where the command line names none."""
    year = _fiscal_year()
    if request.year.starts:
        return replace(request, year=request.year._replace(named=year.named))
    if year.differs and (request.every or request.as_of):
        name_once(quiet)
    return replace(request, year=year)


def with_project_file(file: str, options: ReadOptions, *, quiet: bool) -> tuple[str, ReadOptions, Sequence[str]]:
    """One file as the project knows it: its path, how it is read, and the other files that are read with it."""
    project = the_project()
    if project is None and not file.startswith("@"):
        return file, options, ()
    from cstool.metrics.project_files import laid_over, named_sets, options_of

    sets = named_sets(project, (file,), options)
    if not sets or project is None:
        return file, options, ()
    name_once(quiet)
    if not sets[0].files:
        raise UsageError(f"{sets[0].place}: no file fits the path of {sets[0].name}", code="file-not-found")
    first, *others = sets[0].files
    return first, laid_over(options_of(project, sets[0].name), options), others
