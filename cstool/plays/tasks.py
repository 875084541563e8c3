"""Tasks: what is to be done for an account, by when and by whom, each with an id that stays the same."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from cstool.plays.account_list import Cell

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "cstool plays")  # permanent: files of earlier runs hold its ids
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class Task(NamedTuple):
    """One task. `made` is the day on which it was made first, `outcome` what its play is for.

    `line` is how an earlier todo.txt has it.
    """

    id: str
    play: str
    account: str | None
    task: str
    due: date | None
    owner: str | None
    priority: str | None
    why: str | None
    made: date
    outcome: str = ""
    line: str = ""

    @property
    def title(self) -> str:
        """The task with its account, where its text does not have it."""
        if self.account and self.account not in self.task:
            return f"{self.account}: {self.task}"
        return self.task


def task_id(play: str, once: Sequence[Cell | float], text: str) -> str:
    """The UUID (version 5) of a play, the values that its tasks are made once for, and a task's text as written."""
    return str(uuid.uuid5(NAMESPACE, json.dumps([play, *map(in_words, once), text], ensure_ascii=False)))


def in_words(value: Cell | float) -> str:
    """A value as text: a day in ISO form, a number without trailing zeros."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return value or ""


def filled(text: str, values: Mapping[str, Cell | float]) -> str:
    """A task's text with the account's values in place of `{column}`; a blank one is said to be none."""
    lowered = {name.lower(): value for name, value in values.items()}

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        return in_words(lowered.get(name.lower())) or f"(no {name})"

    return PLACEHOLDER.sub(value, text)
