"""Tasks as an iCalendar file (RFC 5545): an event of the whole day on which each is due."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from cstool import __version__
from cstool.plays.tasks import Task
from cstool.render.escapes import visible

LONGEST = 75  # octets of a line, without its end
_PRIORITIES = {"A": 1, "B": 5, "C": 9}


def as_calendar(tasks: Sequence[Task]) -> str:
    """The tasks that have a due day. The same task is the same event (UID) whenever it is written."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//cstool//cstool {__version__}//EN", "CALSCALE:GREGORIAN"]
    for task in tasks:
        if task.due:
            lines += _event(task)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(task: Task) -> Iterator[str]:
    assert task.due
    yield "BEGIN:VEVENT"
    yield f"UID:{task.id}"
    yield f"DTSTAMP:{task.made:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{task.due:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{task.due + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(task.title)}"
    about = {"Owner": task.owner, "Account": task.account, "Why": task.why, "Outcome": task.outcome}
    if known := "\n".join(f"{name}: {value}" for name, value in about.items() if value):
        yield f"DESCRIPTION:{_text(known)}"
    if task.play:
        yield f"CATEGORIES:{_text(task.play)}"
    if task.priority in _PRIORITIES:
        yield f"PRIORITY:{_PRIORITIES[task.priority]}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of type TEXT: its marks escaped, control characters written out."""
    lines = re.split(r"\r\n|[\r\n]", value)
    return "\\n".join(re.sub(r"[\\;,]", r"\\\g<0>", visible(line)) for line in lines)


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, no character torn; what follows the first begins with a space."""
    pieces, piece, size = [], "", 0
    for character in line:
        octets = len(character.encode("utf-8", "backslashreplace"))
        if size + octets > LONGEST:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += octets
    return "\r\n".join([*pieces, piece])
