"""What a user can cause: each error is one plain message, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence


class CstoolError(Exception):
    """A failure with a message for the user: what is wrong and where, then what to do.

    `problems` are further lines, one each, for errors that have many places.
    """

    def __init__(self, message: str, hint: str = "", problems: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.problems = tuple(problems)

    def lines(self) -> list[str]:
        return [self.message, *self.problems, *([self.hint] if self.hint else [])]


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
