"""Notes before an answer: at most eight lines, those of one cause joined where there would be more."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 7  # notes; one more line says how many are not shown
_DIFFERENT = 3  # words in which notes of one cause differ: a count, its noun, a column


def shortened(notes: Sequence[str], lists_all: str) -> list[str]:
    """At most seven notes and a line that says how many more there are and what `lists_all`.

    Where there are more, notes that differ only in a count and a name are one, with the number of the others.
    """
    different = list(dict.fromkeys(notes))
    if len(different) <= MOST + 1:
        return different
    causes: list[list[str]] = []
    for note in different:
        alike = next((one for one in causes if _one_cause(one[0], note)), None)
        if alike is None:
            causes.append([note])
        else:
            alike.append(note)
    lines = [_joined(cause, lists_all) for cause in causes]
    hidden = sum(len(cause) for cause in causes[MOST:]) if len(causes) > MOST + 1 else 0
    if not hidden:
        return lines
    return [*lines[:MOST], f"... and {hidden} more notes; {lists_all}"]


def _one_cause(note: str, other: str) -> bool:
    """Whether two notes say the same of different columns or rows."""
    words, others = note.split(" "), other.split(" ")
    if len(words) != len(others) or len(words) < 2 * _DIFFERENT:
        return False
    return sum(one != two for one, two in zip(words, others, strict=True)) <= _DIFFERENT


def _joined(cause: Sequence[str], lists_all: str) -> str:
    return f"{cause[0]} (and {len(cause) - 1} more like this; {lists_all})" if len(cause) > 1 else cause[0]
