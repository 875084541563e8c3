"""Under which names the columns of files go in the list of accounts, where several files tell the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from cstool.accounts.known import Known
from cstool.accounts.states import State
from cstool.ingest.source.header import header_key
from cstool.model.inputs import AccountColumn


class Placed(NamedTuple):
    """A column under its name: which file tells it, and the how many-th of its columns it is."""

    key: str
    state: int
    at: int
    column: AccountColumn


def placed(known: Known, derived: Sequence[AccountColumn], states: Sequence[State]) -> tuple[list[Placed], list[str]]:
    """The columns of the files, and what to say of those whose names are taken.

    Those of two files of one type, and those that two files tell, carry the file's name. A column of the list of
    accounts goes before those of other files.
    """
    shapes = Counter(one.shape for one in states)
    columns = Counter(column.column for one in states for column in one.columns)
    own = {header_key(name) for name in (*known.types, *(one.column for one in derived))}
    found: list[Placed] = []
    lost: dict[str, list[str]] = {}
    for number, state in enumerate(states):
        for at, column in enumerate(state.columns):
            several = shapes[state.shape] > 1 or columns[column.column] > 1
            if header_key(column.column) in own and not shapes[state.shape] > 1:
                lost.setdefault(state.file, []).append(column.column)
                continue
            key = f"{_word(state.file)}_{column.column}" if several else column.column
            found.append(Placed(key, number, at, column))
    notes = [
        f"{known.file}: its {', '.join(names)} {'is' if len(names) == 1 else 'are'} taken, not that of {file}"
        for file, names in lost.items()
    ]
    return found, notes


def _word(file: str) -> str:
    """A file's name as the beginning of a column's."""
    return "".join(one if one.isalnum() else "_" for one in file).strip("_").lower() or "file"
