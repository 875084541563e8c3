"""Whether a file is a list of accounts already, or an export that tells of them."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.accounts.states import columns_of
from cstool.compute.joins.account_lists import ACCOUNTS
from cstool.compute.recognize.inspection import understood
from cstool.compute.recognize.shapes import findable, known_headers
from cstool.compute.tables.health import SCORE
from cstool.errors import InputError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Reading
from cstool.plays.account_list import ACCOUNT, ACCOUNT_ID

_LONGEST = 1 << 20  # characters of a first line


def is_account_list(glossary: Glossary, file: str, words: Collection[str]) -> bool:
    """Whether a file is a list; `words` are those of the plays, the names of columns among them.

    A list has a column `account`, and one that only `cstool accounts` writes, or one that the plays name and that
    would be lost if the file were read as an export.
    """
    names = _first_line(file)
    if ACCOUNT not in names:
        return False
    known = {one.column for shape in glossary.shapes.values() for one in shape.per_account}
    headers = known_headers(glossary)
    if names & {SCORE, *(one for one in known if header_key(one) not in headers)}:
        return True
    told = _told(glossary, file)
    if told is None:
        return False
    lost = {name for name in names if name.lower() in words} - told - {ACCOUNT, ACCOUNT_ID}
    return not told or bool(lost and not {*words} & (told - names))


def _first_line(file: str) -> set[str]:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as source:
            first = source.readline(_LONGEST)
    except (OSError, UnicodeDecodeError):
        return set()
    return {name.strip().strip('"') for name in re.split("[,;\t]", first)}


def _told(glossary: Glossary, file: str) -> set[str] | None:
    """The columns that the file gives the list of accounts; None where it cannot be read, or is a list of the CRM."""
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        try:
            found = understood(glossary, open_table(file, findable(glossary), Path(scratch), Reading()), {})
        except InputError:
            return None  # whoever reads it says why it cannot be
    if found.shape is None:
        return set()
    if found.shape == ACCOUNTS:
        return None
    own, made = columns_of(glossary, glossary.shapes[found.shape])
    roles = set(found.roles)
    return {one.column for one in (*own, *made) if all(set(need.split("|")) & roles for need in one.needs)}
