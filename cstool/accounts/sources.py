"""The files that tell of accounts: what each is, under which name its columns go, and which of them is the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from cstool.compute.joins.account_lists import ACCOUNTS
from cstool.compute.recognize.inspection import Taken, taken_for
from cstool.compute.recognize.shapes import findable
from cstool.errors import InputError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table, open_table
from cstool.model.entries import Glossary
from cstool.model.request import CalcRequest, FileSet, JoinedFile


class Telling(NamedTuple):
    """Files of one header that are read as one: what they are, and what their columns are called by."""

    name: str
    files: FileSet
    seen: Taken

    @property
    def shape(self) -> str:
        return self.seen.shape or ""

    @property
    def paths(self) -> Sequence[str]:
        return self.files.files


def telling(glossary: Glossary, request: CalcRequest, scratch: Path) -> list[Telling]:
    """The files of a request, those of one header together. Raises InputError for one that cannot be read."""
    found = list(_opened(glossary, request, scratch))
    names = [one.name for one in found]
    return [
        one._replace(name=f"{one.name}_{names[: i + 1].count(one.name)}") if names.count(one.name) > 1 else one
        for i, one in enumerate(found)
    ]


def _opened(glossary: Glossary, request: CalcRequest, scratch: Path) -> Iterator[Telling]:
    how = {name: getattr(request, name) for name in ("mapping", "shape", "preset", "reading")}
    for files in request.sets or (FileSet(request.files, how=how),):
        if not files.files:
            raise InputError(f"{files.place}: no file fits the path of {files.name}", code="file-not-found")
        mapping = files.how.get("mapping", {})
        known = findable(glossary, mapping.values())
        groups: dict[frozenset[str], list[tuple[str, Table]]] = {}
        for file in files.files:
            table = open_table(file, known, scratch, files.how.get("reading", request.reading))
            groups.setdefault(frozenset(map(header_key, table.columns)), []).append((file, table))
        for group in groups.values():
            seen = taken_for(glossary, group[0][1], mapping, files.how.get("shape"), files.how.get("preset"))
            name = files.name or Path(group[0][0]).name.partition(".")[0] or "file"
            yield Telling(name, replace(files, files=tuple(file for file, _ in group)), seen)


def the_list(found: Sequence[Telling], request: CalcRequest) -> tuple[JoinedFile | None, list[Telling]]:
    """The list of accounts, that of the project or the one among the files, and the other files.

    Raises InputError where two of the files are lists.
    """
    lists = [one for one in found if one.shape == ACCOUNTS]
    own = request.joined
    if own:
        same = Path(own.file).resolve()
        rest = [one for one in found if same not in {Path(file).resolve() for file in one.paths}]
        return own, rest
    if len(lists) > 1 or (lists and len(lists[0].paths) > 1):
        names = " and ".join([file for one in lists for file in one.paths][:2])
        raise InputError(
            f"{names} are both lists of accounts",
            hint="name one of them; the project says which with `accounts: {file: NAME}`",
            code="ambiguous-file",
        )
    if not lists:
        return None, list(found)
    how = lists[0].files.how
    mapping = how.get("mapping", {})
    joined = JoinedFile(
        lists[0].paths[0],
        key=mapping.get("account", ""),
        name=mapping.get("account_name", ""),
        reading=how.get("reading", request.reading),
        asked=False,
    )
    return joined, [one for one in found if one is not lists[0]]
