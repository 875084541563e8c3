"""Whether a file is a list of accounts already, or an export that tells of them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.accounts.states import columns_of
from cstool.data.header import header_key
from cstool.data.options import Reading
from cstool.data.table import open_table
from cstool.errors import InputError
from cstool.glossary.entries import Glossary
from cstool.metrics.health import SCORE
from cstool.metrics.inspection import understood
from cstool.metrics.shapes import findable, known_headers
from cstool.plays.account_list import ACCOUNT

_LONGEST = 1 << 20  # characters of a first line


def is_account_list(glossary: Glossary, file: str) -> bool:
    """A list has a column `account`, and one that only `cstool accounts` writes, or none that tells it anything."""
    names = _first_line(file)
    if ACCOUNT not in names:
        return False
    told = {one.column for shape in glossary.shapes.values() for one in shape.per_account}
    headers = known_headers(glossary)
    if names & {SCORE, *(one for one in told if header_key(one) not in headers)}:
        return True
    return not _tells(glossary, file)


def _first_line(file: str) -> set[str]:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as source:
            first = source.readline(_LONGEST)
    except (OSError, UnicodeDecodeError):
        return set()
    return {name.strip().strip('"') for name in re.split("[,;\t]", first)}


def _tells(glossary: Glossary, file: str) -> bool:
    """Whether the file is of an input type that gives the list of accounts a column."""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        try:
            found = understood(glossary, open_table(file, findable(glossary), Path(scratch), Reading()), {})
        except InputError:
            return True  # whoever reads it says why it cannot be
    if found.shape is None:
        return False
    own, made = columns_of(glossary, glossary.shapes[found.shape])
    return any(all(set(need.split("|")) & set(found.roles) for need in one.needs) for one in (*own, *made))
