"""Tasks as todo.txt: one line a task, which no name can break or add a key to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstool.plays.slugs import slug
from cstool.plays.tasks import Task
from cstool.render.escapes import visible


def as_todo(tasks: Sequence[Task]) -> str:
    """`(A) 2026-11-27 Call Acme +renewal-at-risk @Ines-Okafor due:2026-11-30 id:...`

    An open task of an earlier todo.txt stays as it stands there.
    """
    return "".join(f"{visible(task.line) if task.line else _line(task)}\n" for task in tasks)


def _line(task: Task) -> str:
    words = [f"({task.priority})"] if task.priority else []
    words += [task.made.isoformat(), plain_words(task.title)]
    words += [f"{mark}{name}" for mark, text in (("+", task.play), ("@", task.owner)) if text and (name := slug(text))]
    words += [f"due:{task.due}"] if task.due else []
    return " ".join([*words, f"id:{task.id}"])


def plain_words(text: str) -> str:
    """A text in which nothing is a project, a context, a key or a date of todo.txt, and that stays on its line."""
    return " ".join(map(_plain, visible(" ".join(text.split())).split(" "))) or "-"


def _plain(word: str) -> str:
    if word[:1] in ("+", "@"):
        return f"'{word}"
    if re.match(r"https?://|\W?\d{1,2}:\d\d\b", word):  # an address, or a time of the day
        return word
    return re.sub(r":(?=\S)", ": ", word)
