"""json, jsonl, csv, tsv and value: the same bytes for the same answer, wherever they go."""

from __future__ import annotations

import csv
from typing import Any

from cstool.render.blocks import View
from cstool.render.cells import machine_cell, plain_number
from cstool.render.escapes import visible
from cstool.render.json import json_line, json_text


def as_json(view: View) -> str:
    return json_text(view.document)


def as_jsonl(view: View) -> str:
    return "".join(map(json_line, view.records))


def as_csv(view: View, *, raw: bool) -> str:
    lines = _Lines()
    # With this line end the writer also quotes a cell that holds a lone CR.
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([machine_cell(name, raw=raw) for name in view.header])
    writer.writerows([machine_cell(value, raw=raw) for value in row] for row in view.rows)
    return "".join(lines.lines)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def as_tsv(view: View, *, raw: bool) -> str:
    """A line a row, a tab between cells and no quotes; tabs, line breaks and backslashes in cells are escaped."""
    rows = [[machine_cell(value, raw=raw).translate(_ESCAPES) for value in row] for row in (view.header, *view.rows)]
    return "".join("\t".join(row) + "\n" for row in rows)


class _Lines:
    """What the csv writer writes, a line a row."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, row: str) -> None:
        self.lines.append(row.removesuffix("\r\n") + "\n")


def as_values(view: View) -> str:
    return "".join(f"{_value(value)}\n" for value in view.values)


def _value(value: Any) -> str:
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) else plain_number(value)
