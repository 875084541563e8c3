"""json, jsonl, csv, tsv and value: the same bytes for the same answer, wherever they go."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from cstool.render.blocks import View
from cstool.render.cells import json_value, machine_cell, plain_number, visible, visible_in_json


def as_json(view: View) -> str:
    return f"{_json(view.document, indent=2)}\n"


def as_jsonl(view: View) -> str:
    return "".join(f"{_json(record)}\n" for record in view.records)


def _json(value: Any, indent: int | None = None) -> str:
    return visible_in_json(json.dumps(value, ensure_ascii=False, indent=indent, default=json_value))


def as_delimited(view: View, delimiter: str, *, raw: bool) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow([machine_cell(name, raw=raw) for name in view.header])
    writer.writerows([machine_cell(value, raw=raw) for value in row] for row in view.rows)
    return out.getvalue()


def as_values(view: View) -> str:
    return "".join(f"{_value(value)}\n" for value in view.values)


def _value(value: Any) -> str:
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) else plain_number(value)
