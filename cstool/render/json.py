"""JSON of anything: decimals are numbers, and nothing in it acts on a terminal. Imports next to nothing."""

from __future__ import annotations

import json
import os
import re
from typing import Any

from cstool.render.escapes import visible_in_json


def json_text(document: Any) -> str:
    """As people can read it too."""
    return f"{_json(document, indent=2)}\n"


def json_line(record: Any) -> str:
    return f"{_json(record)}\n"


def _json(value: Any, indent: int | None = None) -> str:
    """Decimals with every digit: each stands as a text that no other can be until the document is written."""
    mark = ""

    def marked(number: Any) -> str:
        nonlocal mark
        from cstool.render.cells import plain_number  # with decimals, which most entries have none of

        mark = mark or f"decimal-{os.urandom(16).hex()}:"
        return f"{mark}{plain_number(number)}"

    text = json.dumps(value, ensure_ascii=False, indent=indent, default=marked)
    return visible_in_json(re.sub(f'"{mark}([^"]*)"', r"\1", text) if mark else text)
