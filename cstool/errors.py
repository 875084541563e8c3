"""What a user can cause: each error is one plain message, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal, NamedTuple

# What went wrong, for programs; docs/errors.md says what each means. A code is permanent.
Code = Literal[
    "ambiguous-column",
    "ambiguous-file",
    "ambiguous-format",
    "ambiguous-input-type",
    "ambiguous-sheet",
    "bad-cells",
    "bad-condition",
    "bad-configuration",
    "bad-encoding",
    "bad-glossary",
    "bad-period",
    "bad-project",
    "bad-quoting",
    "bad-value",
    "cannot-write",
    "contradicting-cells",
    "different-columns",
    "different-inputs",
    "duplicate-rows",
    "file-not-found",
    "file-required",
    "file-too-large",
    "file-unreadable",
    "header-not-found",
    "impossible-value",
    "missing-argument",
    "missing-column",
    "missing-measure",
    "missing-package",
    "mixed-currencies",
    "name-taken",
    "no-rows",
    "not-a-table",
    "not-computable",
    "not-given-by-file",
    "number-too-large",
    "option-needs-another",
    "option-not-applicable",
    "out-of-memory",
    "period-not-covered",
    "skip-limit-exceeded",
    "spark-failed",
    "undefined-result",
    "unexpected-error",
    "unknown-column",
    "unknown-interval",
    "unknown-metric",
    "unknown-name",
    "unknown-role",
    "unknown-term",
    "unsupported-in-dialect",
    "unusable-input",
    "unused-column",
    "values-do-not-fit",
    "wrong-command-line",
]


class Place(NamedTuple):
    """A cell or row that could not be read: line as an editor counts, row 1 = first under the header."""

    file: str
    line: int
    row: int
    column: str | None  # its header; None where the row as a whole is wrong
    value: str | None


class CstoolError(Exception):
    """A failure with a message for the user: what is wrong and where, then what to do.

    `code` says what went wrong to programs. `problems` are further lines, one each, for errors that have many places.
    `places` are those of the message and of the problems, None where one has none.
    """

    default: ClassVar[Code] = "unusable-input"  # the code of an error that is made without one

    def __init__(
        self,
        message: str,
        hint: str = "",
        problems: Sequence[str] = (),
        places: Sequence[Place | None] = (),
        *,
        code: Code | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code: Code = code or self.default
        self.hint = hint
        self.problems = tuple(problems)
        self.places = tuple(places)

    def lines(self) -> list[str]:
        """Message, problems and hint; what quotes something very long is shortened."""
        return [*map(_shortened, (self.message, *self.problems)), *([_shortened(self.hint)] if self.hint else [])]

    def document(self) -> Mapping[str, object]:
        """As data: message, code, what to do, and one object a problem, with its place where that is known."""
        places = [*self.places, *[None] * (1 + len(self.problems))]
        listed = [self.message, *self.problems] if self.places else self.problems
        problems = [
            {"message": text, **(place._asdict() if place else {})} for text, place in zip(listed, places, strict=False)
        ]
        return {"error": self.message, "code": self.code, "hint": self.hint, "problems": problems}


_LONGEST = 600  # characters of a line, which may quote an argument, a header or a list of columns


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} ... {line[-_LONGEST // 3 :]}"


class UsageError(CstoolError):
    """The command line asks for something that does not exist or does not fit together: exit code 2."""

    default: ClassVar[Code] = "wrong-command-line"


class UndatedError(UsageError):
    """A period is asked of a file that has no dates."""


class InputError(CstoolError):
    """What was given (a file, a glossary, a value) cannot carry the answer: exit code 3."""


class UndefinedError(InputError):
    """The input was read, but nothing that was asked for is defined on it."""

    default: ClassVar[Code] = "undefined-result"


def and_more(items: Sequence[str], shown: int = 5) -> list[str]:
    """The first `shown` items, and a last one that counts the rest."""
    rest = len(items) - shown
    return [*items[:shown], *([f"... and {rest} more"] if rest > 0 else [])]
