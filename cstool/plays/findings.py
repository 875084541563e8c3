"""What is wrong with a play, and where it stands."""

from __future__ import annotations

from typing import NamedTuple

from cstool.glossary.play_rules import Plays


class Finding(NamedTuple):
    """Something that is wrong with a play, with the line it stands on."""

    file: str
    line: int
    play: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: play '{self.play}': {self.problem}"


def finding(plays: Plays, number: int, at: str, problem: str) -> Finding:
    """What is wrong with a value of a play; `at` is its key within it (`tasks.0.do`), empty for the whole play."""
    path = f"plays.{number}.{at}" if at else f"plays.{number}"
    return Finding(str(plays.file), plays.line(path), plays.plays[number].play, problem)
