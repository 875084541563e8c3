"""What a user can cause: each error is one plain message, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Place(NamedTuple):
    """A cell or row that could not be read: line as an editor counts, row 1 = first under the header."""

    file: str
    line: int
    row: int
    column: str | None  # its header; None where the row as a whole is wrong
    value: str | None


class CstoolError(Exception):
    """A failure with a message for the user: what is wrong and where, then what to do.

    `problems` are further lines, one each, for errors that have many places. `places` are those of the message and of
    the problems, None where one has none.
    """

    def __init__(
        self, message: str, hint: str = "", problems: Sequence[str] = (), places: Sequence[Place | None] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)
        self.places = tuple(places)

    def lines(self) -> list[str]:
        return [self.message, *self.problems, *([self.hint] if self.hint else [])]

    def document(self) -> Mapping[str, object]:
        """As data: the message, what to do, and one object a problem, with its place where that is known."""
        places = [*self.places, *[None] * (1 + len(self.problems))]
        told = [self.message, *self.problems] if self.places else self.problems
        problems = [
            {"message": text, **(place._asdict() if place else {})} for text, place in zip(told, places, strict=False)
        ]
        return {"error": self.message, "hint": self.hint, "problems": problems}


class UsageError(CstoolError):
    """The command line asks for something that does not exist or does not fit together."""


class InputError(CstoolError):
    """What was given (a file, a glossary, a value) cannot carry the answer."""


class UndefinedError(InputError):
    """The input was read, but nothing that was asked for is defined on it."""


def and_more(items: Sequence[str], shown: int = 5) -> list[str]:
    """The first `shown` items, and a last one that counts the rest."""
    rest = len(items) - shown
    return [*items[:shown], *([f"... and {rest} more"] if rest > 0 else [])]
