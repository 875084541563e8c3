"""Tasks of an earlier run: which of them are finished, and the due days of those that are open."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from cstool.compute.joins.aliases import undefused
from cstool.errors import InputError
from cstool.plays.tasks import Task

_DONE = {"done", "completed", "complete", "closed", "deleted", "x", "yes", "true", "1"}
_LARGEST = 64 << 20  # bytes
_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_FORMS = "todo.txt, or `plays -f json` or `csv`"


class Earlier(NamedTuple):
    """The ids of finished tasks, the open ones by id, and how many lines are no tasks of plays."""

    done: frozenset[str]
    open: Mapping[str, Task]
    others: int

    def settled(self) -> Earlier:
        """The same, with no task both open and done: what was finished stays so."""
        return self._replace(open={id_: task for id_, task in self.open.items() if id_ not in self.done})


def read_all(files: Sequence[str], day: date) -> Earlier:
    """The tasks of several files, as todo.txt and done.txt; what is finished in one of them is finished."""
    found = [read_earlier(file, day) for file in files]
    running = {id_: task for one in found for id_, task in one.open.items()}
    done = frozenset().union(*(one.done for one in found))
    return Earlier(done, running, sum(one.others for one in found)).settled()


def read_earlier(file: str, day: date) -> Earlier:
    """The tasks of todo.txt, or of an earlier result in JSON or CSV; `day` is when those that do not say were made.

    In JSON and CSV a task is finished where a key `done` or `status` says so, as Taskwarrior's export does. Raises
    InputError for a file that holds no such tasks.
    """
    text = _text(file)
    if text.lstrip()[:1] in ("[", "{"):
        rows = _json_rows(file, text)
    elif re.match(r"\ufeff?(\w+[,;\t])*id[,;\t]", text.splitlines()[0] if text.strip() else ""):
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    else:
        return _of_todo(text, day)
    done, running, others = set(), dict[str, Task](), 0
    for row in rows:
        id_ = str(row.get("uuid") or row.get("id") or "").lower()
        if not re.fullmatch(_ID, id_):
            others += 1
        elif any(str(row.get(key) or "").strip().lower() in _DONE for key in ("done", "status")):
            done.add(id_)
        else:
            running[id_] = _of_row(id_, row, day)
    return _checked(file, Earlier(frozenset(done), running, others))


def _text(file: str) -> str:
    import sys

    try:
        if file == "-":
            return sys.stdin.read(_LARGEST)
        path = Path(file)
        if path.stat().st_size > _LARGEST:
            raise InputError(f"--tasks {file}: larger than {_LARGEST >> 20} MB", code="file-too-large")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(
            f"--tasks {file}: no such file", hint="leave --tasks out in the first run", code="file-not-found"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"--tasks {file}: not UTF-8", code="bad-encoding") from error


def _json_rows(file: str, text: str) -> list[dict[str, Any]]:
    """The objects of a JSON array, or of JSON Lines."""
    try:
        rows = json.loads(text) if text.lstrip()[0] == "[" else [json.loads(line) for line in text.splitlines() if line]
    except (ValueError, RecursionError) as error:
        raise InputError(f"--tasks {file}: not JSON: {error}", code="not-a-table") from error
    if not all(isinstance(row, dict) for row in rows):
        raise InputError(f"--tasks {file}: not a list of tasks", hint=f"give {_FORMS}", code="not-a-table")
    return list(rows)


def _of_row(id_: str, row: Mapping[str, Any], day: date) -> Task:
    def text(*keys: str) -> str | None:
        return next((undefused(value) for key in keys if (value := str(row.get(key) or "").strip())), None)

    marks = {"H": "A", "M": "B", "L": "C"}
    priority = text("priority")
    return Task(
        id_,
        text("play", "project") or "",
        text("account"),
        text("task", "description") or "",
        _day(text("due")),
        text("owner"),
        marks.get(priority or "", priority),
        text("why"),
        _day(text("entry")) or day,
    )


def _day(text: str | None) -> date | None:
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", text or "")
    try:
        if text and re.fullmatch(r"\d{8}T\d{6}Z", text):  # Taskwarrior exports a local midnight in UTC
            return datetime.strptime(text, "%Y%m%dT%H%M%S%z").astimezone().date()
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _of_todo(text: str, day: date) -> Earlier:
    done, running, others = set(), dict[str, Task](), 0
    for line in filter(str.strip, text.split("\n")):
        ids = re.findall(rf"(?<!\S)id:({_ID})(?!\S)", line)
        if not ids:
            others += 1
        elif re.match(r"x\s", line):
            done.add(ids[-1])
        else:
            running[ids[-1]] = _of_line(ids[-1], line.strip(), day)
    return Earlier(frozenset(done), running, others)


def _of_line(id_: str, line: str, day: date) -> Task:
    """An open task as its line says it: `(A) 2026-11-01 Call Acme +play @owner due:2026-11-03 id:...`."""
    head = re.match(r"(?:\(([A-Z])\) )?(?:(\d{4}-\d\d-\d\d) )?", line)
    assert head
    words = line[head.end() :].split(" ")
    marks = {mark: [word[len(mark) :] for word in words if word.startswith(mark) and word != mark] for mark in "+@"}
    due = [word for word in words if re.fullmatch(r"due:\d{4}-\d\d-\d\d", word)]
    kept = [word for word in words if word[:1] not in ("+", "@") and not re.match(r"(due|id):\S", word)]
    return Task(
        id_,
        next(iter(marks["+"]), ""),
        None,
        " ".join(kept),
        _day(due[-1][4:]) if due else None,
        next(iter(marks["@"]), None),
        head[1],
        None,
        _day(head[2]) or day,
        line=line,
    )


def _checked(file: str, earlier: Earlier) -> Earlier:
    if earlier.others and not earlier.done and not earlier.open:
        raise InputError(f"--tasks {file}: no task with an id of plays", hint=f"give {_FORMS}", code="not-a-table")
    return earlier
