"""One expression over many columns that are written alike, as months side by side are: planned once, not for each.

The time to plan a query grows with the square of what it holds, and the expression of a cell is long.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

FEWEST = 8  # columns; below, lists cost more than they save
_CELL = "cell"  # the text of a cell in an expression over a list


def grouped(indices: Sequence[int], expression: Callable[[int, str], str]) -> list[list[int]]:
    """The columns by their expression, which is given for an index and the SQL of the text."""
    found: dict[str, list[int]] = defaultdict(list)
    for i in indices:
        found[expression(i, _CELL)].append(i)
    return list(found.values())


def with_values(indices: Sequence[int], expression: Callable[[int, str], str], source: str, keep: str) -> str:
    """A query of the columns `keep` of a source and, for each index, its expression over the text `t<index>`, as
    `v<index>`.
    """
    inner, outer = [keep], [keep]
    for number, own in enumerate(grouped(indices, expression)):
        if len(own) < FEWEST:
            inner += [f"{expression(i, f't{i}')} as v{i}" for i in own]
            outer += [f"v{i}" for i in own]
            continue
        texts = ", ".join(f"t{i}" for i in own)
        inner.append(f"list_transform([{texts}], lambda {_CELL}: {expression(own[0], _CELL)}) as same{number}")
        outer += [f"same{number}[{at}] as v{i}" for at, i in enumerate(own, 1)]
    return f"select {', '.join(outer)} from (select {', '.join(inner)} from {source})"


def any_of(conditions: Mapping[int, Callable[[str], str]]) -> str:
    """Whether one of some columns fits its condition, as SQL; false where there are none."""
    found = []
    for own in grouped(list(conditions), lambda i, text: conditions[i](text)):
        first = conditions[own[0]]
        if len(own) < FEWEST:
            found += [conditions[i](f"t{i}") for i in own]
        else:
            texts = ", ".join(f"t{i}" for i in own)
            found.append(f"list_bool_or(list_transform([{texts}], lambda {_CELL}: coalesce({first(_CELL)}, false)))")
    return " or ".join(found) or "false"


def as_rows(indices: Sequence[int], keep: str, source: str) -> str:
    """A query of one row for each cell of some columns: `keep`, `col`, the index, and `t`, the text."""
    if len(indices) == 1:
        return f"select {keep}, {indices[0]} as col, t{indices[0]} as t from {source}"
    texts = ", ".join(f"t{i}" for i in indices)
    return f"select {keep}, unnest([{', '.join(map(str, indices))}]) as col, unnest([{texts}]) as t from {source}"
