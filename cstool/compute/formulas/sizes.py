"""How large the texts are that an expression may make: a condition must not fill the memory that the rows do not."""

from __future__ import annotations

from typing import Any

LARGEST = 1_000_000  # characters
_CELL = 1_000  # as many as a cell is taken to have; notes have some hundreds
_JOINS = frozenset(("||", "concat"))


def largest_text(root: Any) -> int:
    """The number of characters of the longest text in a syntax tree, counted for cells of `_CELL` characters.

    What is longer than `LARGEST` may be counted as less, but never as so little that it would be allowed.
    """
    largest = 0

    def size(part: Any) -> int:
        nonlocal largest
        own = min(_size(part, [size(one) for one in _inner(part)]), LARGEST + 1)
        largest = max(largest, own)
        return own

    size(root)
    return largest


def _inner(part: Any) -> list[Any]:
    """The expressions right below an expression, arguments in their order."""
    if isinstance(part, list):
        return [one for value in part for one in _inner({"": value})]
    if not isinstance(part, dict):
        return []
    found: list[Any] = []
    for value in part.values():
        if isinstance(value, dict) and "class" in value and "type" in value:
            found.append(value)
        else:
            found += _inner(value)
    return found


def _size(part: Any, inner: list[int]) -> int:
    name = str(part.get("function_name", "")).lower()
    if part["class"] == "COLUMN_REF":
        return _CELL
    if part["class"] == "CONSTANT":
        return len(str(part.get("literal", {}).get("text", "")))
    if name in _JOINS:
        return sum(inner)
    if name == "replace" and len(inner) == 3:
        text, _, new = inner
        old = part["arguments"][1]["expression"]
        shortest = inner[1] if old["class"] == "CONSTANT" else 1
        return text if not shortest else max(text, text * new // shortest)
    return max(inner, default=0)
