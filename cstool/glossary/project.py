"""`cstool.yaml`: the exports a team works with, how each is read, and where its glossary and accounts are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from cstool.errors import InputError, and_more
from cstool.glossary.places import PROJECT
from cstool.model.entries import Id, Label, Month, Name, Share, Size, Whole
from cstool.model.month_names import MONTHS

YesNo = Literal["", "yes", "no", "true", "false"]
NO_TEXTS: Mapping[str, str] = {}


class WrittenOptions(NamedTuple):
    """What a file leaves open: the options of `calc` that say how it is read, by their long names."""

    shape: Id = ""
    preset: Id = ""
    cents: YesNo = ""
    interval: str = ""
    end_inclusive: YesNo = ""
    sheet: str = ""
    blank: Literal["", "zero", "skip", "refuse"] = ""
    duplicates: Literal["", "refuse", "sum", "drop", "unchecked"] = ""
    negative: Literal["", "refuse", "keep", "zero"] = ""
    decimal: Literal["", ".", ","] = ""
    date_order: Literal["", "dmy", "mdy", "serial"] = ""
    encoding: str = ""
    delimiter: str = ""
    header_line: Whole = ""
    skip_bad: YesNo = ""
    skip_limit: Share = ""
    unpack_limit: Size = ""
    scale: Whole = ""
    within: Whole = ""
    reverse: YesNo = ""

    @staticmethod
    def hyphenated() -> bool:
        """Whether keys are written as on the command line: `date-order`."""
        return True


class ProjectFile(NamedTuple):
    """One export: a path or pattern, the columns that play a role, what it is, and what it alone gives."""

    path: str
    shape: Id = ""
    preset: Id = ""
    map: Mapping[Name, str] = NO_TEXTS
    feeds: tuple[str, ...] = ()
    options: WrittenOptions | None = None

    @staticmethod
    def short_key() -> str:
        """The key that a text alone stands for."""
        return "path"

    @staticmethod
    def lone_items() -> tuple[str, ...]:
        """The lists that may be written without brackets where they hold one item."""
        return ("feeds",)


class AccountsFile(NamedTuple):
    """Which file lists the accounts, the columns of its key and name, and a file of other names for them."""

    file: Label
    key: str = ""
    name: str = ""
    aliases: str = ""

    @staticmethod
    def short_key() -> str:
        """The key that a text alone stands for."""
        return "file"


class ReviewRules(NamedTuple):
    """The columns of the accounts file that a customer may see in a review."""

    customer: tuple[str, ...] = ()

    @staticmethod
    def lone_items() -> tuple[str, ...]:
        """The lists that may be written without brackets where they hold one item."""
        return ("customer",)


class ProjectEntry(NamedTuple):
    """What the file holds; every path is relative to its folder."""

    files: Mapping[Label, ProjectFile] = {}
    accounts: AccountsFile | None = None
    glossary: str = ""
    fiscal_year_starts: Month = ""
    fiscal_year_named: Literal["", "end", "start"] = ""
    health: str = ""
    targets: str = ""
    plays: str = ""
    review: ReviewRules | None = None


@dataclass(frozen=True)
class Project:
    """An opened project: `file` is its `cstool.yaml`, `lines` the line of each of its values (`files.crm.path`)."""

    file: Path
    entry: ProjectEntry
    lines: Mapping[str, int]

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def files(self) -> Mapping[str, ProjectFile]:
        return self.entry.files

    @property
    def accounts(self) -> AccountsFile | None:
        return self.entry.accounts

    @property
    def fiscal_month(self) -> int:
        """The month that the fiscal year starts with, from 1; 1 where the project says none."""
        text = self.entry.fiscal_year_starts.lower()
        if text.isdigit():
            return int(text)
        return next((i for i, name in enumerate(MONTHS, 1) if text and name.startswith(text)), 1)

    @property
    def glossary(self) -> Path | None:
        return self.path(self.entry.glossary) if self.entry.glossary else None

    def path(self, text: str) -> Path:
        """A path of the project as the current folder sees it."""
        return Path(os.path.normpath(self.folder / Path(text).expanduser()))

    @cached_property
    def paths(self) -> Mapping[str, tuple[Path, ...]]:
        """By name, the files that a path or pattern stands for; none where there are none."""
        return {name: tuple(self._inside(one.path)) for name, one in self.files.items()}

    def _inside(self, text: str) -> Iterator[Path]:
        from glob import glob, has_magic

        path = self.path(text)
        if path.exists() or not has_magic(text):
            if path.exists():
                yield path
            return
        yield from (one for one in map(Path, sorted(glob(str(path)))) if one.is_file())  # noqa: PTH207

    def missing_paths(self) -> list[str]:
        """The files beside the exports that are named and are not there, each with its place."""
        named = {key: getattr(self.entry, key) for key in ("glossary", "health", "targets", "plays")}
        named["accounts.aliases"] = self.accounts.aliases if self.accounts else ""
        return [
            f"{self.place(key)}: {text}: no such file"
            for key, text in named.items()
            if text and not self.path(text).exists()
        ]

    def place(self, at: str) -> str:
        """Where a value stands, for messages: `cstool.yaml:4`."""
        while at not in self.lines and "." in at:
            at = at.rpartition(".")[0]
        return f"{self.file}:{self.lines.get(at, 1)}"


def open_project(file: Path) -> Project:
    """The project in a file, or in the `cstool.yaml` of a folder.

    Raises InputError naming every problem by file and line; whether the files that it names exist is not looked at.
    """
    from cstool.glossary.yaml_entries import read_one

    file = file / PROJECT if file.is_dir() else file
    if not file.exists():
        raise InputError(
            f"{file}: no such project",
            hint="`cstool init` writes a cstool.yaml for the files of a folder",
            code="bad-project",
        )
    located, problems = read_one(file, ProjectEntry)
    texts = [str(one) for one in problems]
    if located:
        project = Project(file, located.entry, located.lines)
        texts = list(_problems(project))
    if texts or not located:
        raise InputError(
            "the project cannot be used:",
            hint="--no-project leaves it out",
            problems=and_more(texts),
            code="bad-project",
        )
    return project


def _problems(project: Project) -> Iterator[str]:
    accounts = project.accounts
    if accounts and accounts.file not in project.files:
        names = ", ".join(project.files) or "none"
        yield f"{project.place('accounts.file')}: '{accounts.file}' is none of the files: {names}"
    for name, one in project.files.items():
        for key in ("shape", "preset"):
            if getattr(one, key) and one.options and getattr(one.options, key):
                yield f"{project.place(f'files.{name}.options.{key}')}: {name}: {key} stands twice"
