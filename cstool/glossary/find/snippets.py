"""A place in a text, shown with what stands around it."""

from __future__ import annotations

import re

WIDTH = 100  # characters
_SENTENCE_END = re.compile(r"[.!?]\s+")


def snippet(text: str, start: int, end: int, width: int = WIDTH) -> str:
    """The sentence around text[start:end], or at most `width` characters of it cut between words, `…` where cut."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    left = max((at for at in ends if at <= start), default=0)
    right = min((at for at in ends if at >= end), default=len(text))
    sentence = text[left:right].rstrip()
    right = left + len(sentence)
    if right - left <= width:
        return sentence
    # A third of what is left over stands before the words, unless the sentence begins or ends nearer than that.
    room = max(width - (end - start), 0)
    cut_left = max(left, min(start - room // 3, right - width))
    cut_right = min(right, max(cut_left + width, end))
    if cut_left > left:
        cut_left = min(start, _after_space(text, cut_left))
    if cut_right < right:
        cut_right = max(end, _before_space(text, cut_right))
    before = "…" if cut_left > left else ""
    after = "…" if cut_right < right else ""
    return f"{before}{text[cut_left:cut_right].strip().rstrip(',;:')}{after}"


def _after_space(text: str, at: int) -> int:
    return at if text[at - 1].isspace() else text.find(" ", at) + 1 or at


def _before_space(text: str, at: int) -> int:
    return at if text[at].isspace() else text.rfind(" ", 0, at)
