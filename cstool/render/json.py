"""JSON of anything: decimals are numbers, and nothing in it acts on a terminal. Imports next to nothing."""

from __future__ import annotations

import json
from typing import Any

from cstool.render.escapes import visible_in_json


def json_text(document: Any) -> str:
    """As people can read it too."""
    return f"{_json(document, indent=2)}\n"


def json_line(record: Any) -> str:
    return f"{_json(record)}\n"


def _json(value: Any, indent: int | None = None) -> str:
    return visible_in_json(json.dumps(value, ensure_ascii=False, indent=indent, default=_number))


def _number(value: Any) -> Any:
    from cstool.render.cells import json_value

    return json_value(value)
