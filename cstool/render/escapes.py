"""What could act on a terminal, written out instead of sent."""

from __future__ import annotations

import re

# C0 and C1 controls, other line ends, and the marks that reorder text on screen.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_ALL = re.compile(f"[{_CONTROLS}]")
_ALL_BUT_LAYOUT = re.compile(f"(?![\t\n])[{_CONTROLS}]")  # a delimited cell may hold tabs and lines: it is quoted


def visible(text: str) -> str:
    """The text with control characters written out (`\\x1b`) instead of sent."""
    return _ALL.sub(lambda found: _written_out(found[0]), text)


def _written_out(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible_in_json(text: str) -> str:
    """JSON text in which the control characters that JSON itself lets through are written as its escapes."""
    return re.sub(f"(?!\n)[{_CONTROLS}]", lambda found: f"\\u{ord(found[0]):04x}", text)


def visible_but_layout(text: str) -> str:
    """As `visible`, but tabs and line feeds stay."""
    return _ALL_BUT_LAYOUT.sub(lambda found: _written_out(found[0]), text)
