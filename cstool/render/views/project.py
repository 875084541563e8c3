"""The files of a project as a view."""

from __future__ import annotations

from collections.abc import Sequence

from cstool.compute.projects.project_status import FileStatus
from cstool.render.blocks import Grid, View

_KEYS = ("name", "path", "shape", "account", "rows", "matched", "until", "problems")


def project_view(files: Sequence[FileStatus]) -> View:
    """A row a file; for people the accounts found of all accounts in it."""
    records = [{key: getattr(one, key) for key in _KEYS} | {"problems": list(one.problems)} for one in files]
    rows = [[*(getattr(one, key) for key in _KEYS[:-1]), "; ".join(one.problems)] for one in files]
    people = [
        (one.name, one.path, one.shape or "", one.account or "", _counted(one.rows), _matched(one), one.until or "")
        for one in files
    ]
    header = ("name", "path", "input type", "account", "rows", "accounts found", "until")
    return View(records, records, _KEYS, rows, [Grid(header, people, (4, 5))], [one.name for one in files])


def _counted(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def _matched(one: FileStatus) -> str:
    if one.matched is None or one.accounts is None:
        return ""
    return f"{one.matched:,}" if one.matched == one.accounts else f"{one.matched:,} of {one.accounts:,}"
