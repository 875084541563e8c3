"""A first `cstool.yaml` for the files of a folder: what each was recognized as, under a name of its own."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from glob import escape, glob
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from cstool import scratch as scratch_folders
from cstool.compute.joins.account_lists import ACCOUNTS
from cstool.compute.read_options import ReadOptions
from cstool.compute.recognize.account_columns import key_and_name
from cstool.compute.recognize.inspection import Understood, understood
from cstool.compute.recognize.shapes import findable
from cstool.errors import CstoolError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table, open_table
from cstool.model.entries import Glossary

KINDS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_SURVEYS = ("nps", "csat", "ces")


class _File(NamedTuple):
    path: str
    table: Table
    found: Understood

    @property
    def shape(self) -> str:
        return self.found.shape or ""

    @property
    def header(self) -> frozenset[str]:
        return frozenset(map(header_key, self.table.columns))


class DraftedFile(NamedTuple):
    """A file or pattern as the project names it: its input type, how many files it is, and some metrics it gives."""

    name: str
    path: str
    shape: str
    files: int
    metrics: Sequence[str]
    feeds: tuple[str, ...] = ()


class Drafted(NamedTuple):
    """The text of a `cstool.yaml`, what it names, and the files that were not recognized, each with why.

    `shared` are pairs of names of one input type, of which `feeds` has to say which gives what.
    """

    text: str
    files: Sequence[DraftedFile]
    unknown: Sequence[str]
    shared: Sequence[tuple[str, str]] = ()


def drafted(glossary: Glossary, names: Sequence[str]) -> Drafted:
    """A project of files, or of the current folder and its direct subfolders; `text` is empty where none is known."""
    unknown: list[str] = []
    known: list[_File] = []
    aliases = ""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        for path in names or sorted(_beside()):
            try:
                table = open_table(path, findable(glossary, ("alias",)), Path(scratch), ReadOptions().reading())
                if {header_key(one) for one in table.columns} >= {"alias", "account"} and len(table.columns) <= 5:
                    aliases = aliases or path
                    continue
                found = understood(glossary, table, {})
            except CstoolError as error:
                unknown.append(error.message)
                continue
            if found.shape:
                known.append(_File(path, table, found))
            else:
                unknown.append(f"{path}: no input type was recognized")
        entries = list(_entries(glossary, known))
        accounts = _accounts(glossary, known, entries)
    text = _text(entries, accounts, aliases) if entries else ""
    return Drafted(text, entries, unknown, _shared(entries))


def _beside() -> Iterator[str]:
    """The CSV files and workbooks of the current folder and of those directly in it, hidden ones left out."""
    for folder in (".", *sorted(one.path for one in os.scandir(".") if one.is_dir() and one.name[0] != ".")):
        for one in os.scandir(folder):
            if one.is_file() and one.name[0] not in ".~" and one.name.lower().endswith(KINDS):
                yield os.path.normpath(one.path)


def _entries(glossary: Glossary, known: Sequence[_File]) -> Iterator[DraftedFile]:
    taken: set[str] = set()
    groups: dict[tuple[str, frozenset[str]], list[_File]] = {}
    for file in known:
        groups.setdefault((os.path.dirname(file.path), file.header), []).append(file)  # noqa: PTH120
    for own in groups.values():
        apart = bool(glossary.shapes[own[0].shape].unique)
        pattern = _pattern([file.path for file in own], apart=apart) if len(own) > 1 else ""
        for path, files in [(pattern, own)] if pattern else [(file.path, [file]) for file in own]:
            name = _name(path, files[0].shape, taken)
            taken.add(name)
            survey = [
                one for one in _SURVEYS if files[0].shape == "responses" and one in re.split(r"[^a-z]+", path.lower())
            ]
            yield DraftedFile(name, path, files[0].shape, len(files), files[0].found.metrics, tuple(survey[:1]))


def _pattern(paths: Sequence[str], *, apart: bool) -> str:
    """The pattern that fits just these files; '' where none does, or where they may tell of different things."""
    start = _beginning(paths).rstrip("0123456789")
    end = _beginning([path[len(start) :][::-1] for path in paths])[::-1].lstrip("0123456789")
    middles = [path[len(start) : len(path) - len(end)] for path in paths]
    if not apart and not all(re.search(r"\d", one) for one in middles):
        return ""
    pattern = f"{escape(start)}*{escape(end)}"
    return pattern if sorted(map(os.path.normpath, glob(pattern))) == sorted(paths) else ""  # noqa: PTH207


def _beginning(texts: Sequence[str]) -> str:
    """What all texts begin with, letter by letter."""
    first, last = min(texts), max(texts)
    same = next((i for i, letter in enumerate(first) if letter != last[i]), len(first))
    return first[:same]


def _name(path: str, shape: str, taken: set[str]) -> str:
    """A short name: that of the file without what changes from export to export."""
    stem = os.path.basename(path).split(".")[0]  # noqa: PTH119
    words = [word for word in re.findall(r"[a-z]+", stem.lower()) if word not in ("export", "csv", "report", "all")]
    name = "-".join(words) or shape
    return next(one for one in (name, shape, *(f"{name}-{i}" for i in range(2, 10_000))) if one not in taken)


def _accounts(glossary: Glossary, known: Sequence[_File], entries: Sequence[DraftedFile]) -> str:
    """The line that says which file lists the accounts; '' where none does."""
    own = next((one for one in entries if one.shape == ACCOUNTS and one.files == 1), None)
    file = next((one for one in known if own and one.path == own.path), None)
    if not own or not file:
        return ""
    try:
        key, name = key_and_name(glossary, file.table, "")
    except CstoolError:
        return f"file: {own.name}"
    columns = [(what, column) for what, column in (("key", key), ("name", name)) if column]
    return ", ".join([f"file: {own.name}", *(f"{what}: {_quoted(column)}" for what, column in columns)])


def _shared(entries: Sequence[DraftedFile]) -> list[tuple[str, str]]:
    """Files of one input type, of which nothing says which gives a metric."""
    open_ = [one for one in entries if not one.feeds and one.shape != ACCOUNTS]
    return [(one.name, other.name) for one, other in combinations(open_, 2) if one.shape == other.shape]


def _text(entries: Sequence[DraftedFile], accounts: str, aliases: str) -> str:
    lines = ["# The exports this team works with; paths are relative to this file.", "files:"]
    for one in entries:
        path = _quoted(one.path)
        lines.append(
            f"  {one.name}: {{path: {path}, feeds: [{', '.join(one.feeds)}]}}  # {one.shape}"
            if one.feeds
            else f"  {one.name}: {path}  # {one.shape}"
        )
    if accounts:
        lines.append(f"accounts: {{{accounts}{f', aliases: {_quoted(aliases)}' if aliases else ''}}}")
    lines += [
        "# glossary: terms/                  # your own terms and metrics",
        "# fiscal_year_starts: february",
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as YAML takes it, plain where that is safe."""
    return (
        text
        if re.fullmatch(r"[A-Za-z_][\w./ -]*", text) and text == text.strip()
        else json.dumps(text, ensure_ascii=False)
    )
