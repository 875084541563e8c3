"""The project of a command: --project, CSTOOL_PROJECT, or the nearest cstool.yaml; named once where it is used."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from cstool.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from cstool.compute.read_options import ReadOptions
    from cstool.glossary.project import Project
    from cstool.model.request import CalcRequest, JoinedFile

T = TypeVar("T")


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
    """The request with what the project knows, named where any of it counts; see `project_requests.with_project`."""
    from cstool.compute.projects.project_requests import with_project

    return _named_where_used(*with_project(the_project(), request, files, options, alone=alone), quiet=quiet)


def joined_file(joined: JoinedFile, *, quiet: bool) -> JoinedFile:
    """A file to join as the project knows it; see `project_requests.joined_file`."""
    from cstool.compute.projects import project_requests

    return _named_where_used(*project_requests.joined_file(the_project(), joined), quiet=quiet)


def aliases_of_project() -> str | None:
    """The project's file of aliases, if it names one that is there."""
    project = the_project()
    if project is None or project.accounts is None or not project.accounts.aliases:
        return None
    path = project.path(project.accounts.aliases)
    return str(path) if path.exists() else None


def with_accounts(request: CalcRequest, *, quiet: bool) -> CalcRequest:
    """The request with the accounts file and the aliases of the project, where none are given."""
    from cstool.compute.projects import project_requests

    return _named_where_used(*project_requests.with_accounts(the_project(), request), quiet=quiet)


def day_named(as_of: str) -> date:
    """The last day of what --as-of names, in the fiscal year of the project. Raises UsageError."""
    from cstool.compute.projects.project_requests import fiscal_year
    from cstool.model.as_of_dates import moment

    return fiscal_year(the_project()).day_named(moment(as_of))


def with_project_file(file: str, options: ReadOptions, *, quiet: bool) -> tuple[str, ReadOptions, Sequence[str]]:
    """One file as the project knows it: its path, how it is read, and the other files that are read with it."""
    from cstool.compute.projects import project_requests

    if the_project() is None and not file.startswith("@"):
        return file, options, ()
    return _named_where_used(*project_requests.with_project_file(the_project(), file, options), quiet=quiet)


def _named_where_used(value: T, used: bool, *, quiet: bool) -> T:
    """A value, of which it is said that something of it is from the project."""
    if used:
        name_once(quiet)
    return value
