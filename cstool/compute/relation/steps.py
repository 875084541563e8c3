"""The steps from rows to what measures are summed over: views where they are run, CTEs where they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cstool.backends.engine import Engine
from cstool.model.as_of_dates import Series


@dataclass(slots=True)
class Steps:
    """Named selects, each from the ones before; the relation, and the windows that are there even without rows.

    `step` is what a closing month is called by, None where there is none; `told` what the comment has to say;
    `grouped` whether a derived column is made of the other rows of a row's group.
    """

    before: list[tuple[str, str]]
    relation: str
    covered: str = ""
    step: Series | None = None
    told: list[str] = field(default_factory=list)
    grouped: bool = False


def make_views(engine: Engine, steps: Sequence[tuple[str, str]]) -> None:
    """Each step as a view of its name."""
    for name, sql in steps:
        engine.run(f"create or replace temp view {name} as {sql}")
