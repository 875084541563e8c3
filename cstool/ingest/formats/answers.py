"""Answers of a survey as numbers: the number in a label, or words that are steps of one known scale."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from cstool.backends.duck import quoted
from cstool.ingest.formats.answer_words import NO_ANSWERS, SCALES, tone
from cstool.ingest.formats.numbers import Scale, UndecidedError, is_missing
from cstool.model.reading import Answers

MOST_TEXTS = 2000  # different answers; a column of more holds comments
_LISTED = 6  # answers named in a message
_OF_TWO = ("offered", "unoffered")  # answers of Zendesk's that were not given: the others are Good and Bad
_NUMBER = r"(?P<n>[0-9]{1,3})"
_WORDS = r"(?P<w>[^0-9]*[^\W\d_][^0-9]*)"
_LABELS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_NUMBER} ?(?:/|of|out of|von|sur|de|van|su) ?(?P<of>[0-9]{{1,3}})(?: ?(?:stars?|points?|sterne|punkte))?",
        rf"{_NUMBER} ?[-–—:.=)|,]? ?[(\[]?{_WORDS}[)\]]?",
        rf"[(\[]?{_WORDS}[-–—:.=(\[|,]? ?{_NUMBER} ?[)\]]?",
    )
)
_STARS = re.compile("(★{1,10})☆*|(⭐{1,10})")
_PLAIN = re.compile(r"[-+]?[0-9][0-9.,' ]*|[.,][0-9]+")


class AnswerLabels(NamedTuple):
    """The numbers of all answers that are no plain numbers, those that are no answers, and what to note of it."""

    numbers: tuple[tuple[str, Decimal], ...]
    none: tuple[str, ...]
    note: str

    def sql(self, text: str, kept: Scale) -> str:
        """The exact number of a trimmed answer; NULL where it has none."""
        whens = " ".join(f"when {quoted(label)} then {number}" for label, number in self.numbers)
        plain = f"try_cast(replace({text}, ',', '.') as {kept.type})"
        number = f"case when regexp_full_match({text}, '[0-9]{{1,3}}([.,][0-9]{{1,2}})?') then {plain} end"
        return f"cast(case {text} {whens} else {number} end as {kept.type})" if whens else number

    def is_none(self, text: str) -> str:
        """Whether a trimmed text says that there is no answer."""
        return f"{text} in ({', '.join(map(quoted, self.none))})" if self.none else "false"


def labels_of(texts: Mapping[str, int], scale: Answers) -> AnswerLabels | None:
    """What the different answers of a column mean; None where all of them are plain numbers.

    Raises UndecidedError where some mean no number, or where words and numbers run against each other.
    """
    given = [text for text in texts if not is_missing(text)]
    labels = [text for text in given if not _PLAIN.fullmatch(text)]
    if not labels:
        return None
    none = tuple(text for text in labels if text.lower() in NO_ANSWERS)
    labels = [text for text in labels if text not in none]
    found = {text: parts for text in labels if (parts := _parts(text))}
    lost = [text for text in labels if text not in found]
    if not labels:
        return AnswerLabels((), none, "")
    if lost and (found or len(lost) < len(given) - len(none)):
        raise UndecidedError(lost, f"an answer without a number: {_listed(lost, texts)}", _REMEDY)
    if lost:
        return _in_words(lost, none, texts, scale)
    _refuse_other_scale(found, scale)
    _refuse_direction(found, scale)
    numbers = tuple((text, parts.number) for text, parts in found.items())
    return AnswerLabels(numbers, none, f"answers count by the number in them, as in '{numbers[0][0]}'")


_REMEDY = "leave such rows out with --where, or write numbers"


class _Parts(NamedTuple):
    number: Decimal
    words: str = ""
    of: int = 0


def _parts(text: str) -> _Parts | None:
    """The number of a label, its words, and the top of the scale where the label states it."""
    if stars := _STARS.fullmatch(text.strip()):
        return _Parts(Decimal(len(stars[1] or stars[2])))
    for pattern in _LABELS:
        if fitting := pattern.fullmatch(text.strip()):
            groups = fitting.groupdict()
            return _Parts(Decimal(groups["n"]), groups.get("w") or "", int(groups.get("of") or 0))
    return None


def _refuse_other_scale(found: Mapping[str, _Parts], scale: Answers) -> None:
    tops = {parts.of for parts in found.values() if parts.of}
    if tops - {scale.highest}:
        example = next(text for text, parts in found.items() if parts.of not in (0, scale.highest))
        raise UndecidedError([example], f"an answer out of {max(tops)}", f"--scale {max(tops)} says so")


def _refuse_direction(found: Mapping[str, _Parts], scale: Answers) -> None:
    """Raises UndecidedError where the words of labels run against the numbers that they are to count by."""
    middle = Decimal(scale.lowest + scale.highest) / 2
    praise = [parts.number for parts in found.values() if tone(parts.words) > 0]
    blame = [parts.number for parts in found.values() if tone(parts.words) < 0]
    low, high = min(praise, default=None), max(praise, default=None)
    worst, best = min(blame, default=None), max(blame, default=None)
    if low is None and worst is None:
        return
    with_words = (low is None or low >= middle) and (best is None or best <= middle)
    against = (high is None or high <= middle) and (worst is None or worst >= middle)
    if low is not None and best is not None and worst is not None and high is not None:
        with_words, against = low > best, high < worst
    example = next(text for text, parts in found.items() if tone(parts.words))
    if against and not with_words and not scale.reverse:
        remedy = "--reverse counts a low answer as a good one" if scale.reversible else "turn the numbers round"
        raise UndecidedError([example], "whose words run against the number", remedy)
    if with_words and not against and scale.reverse:
        raise UndecidedError([example], "whose words say that a high answer is a good one", "leave --reverse out")
    if not with_words and not against:
        raise UndecidedError([example], "and the words of the answers do not follow their numbers", _REMEDY)


def _in_words(labels: Sequence[str], none: tuple[str, ...], texts: Mapping[str, int], scale: Answers) -> AnswerLabels:
    """The answers as steps of a scale that has them all."""
    two_steps = any(text.lower() in _OF_TWO for text in none)
    ways: dict[tuple[tuple[str, Decimal], ...], int] = {}
    other = 0
    for steps in SCALES:
        places = {word: i for i, step in enumerate(steps) for word in step.split("|")}
        own = [places.get(" ".join(label.lower().split())) for label in labels]
        if None in own or len(set(own)) < len({label.lower() for label in labels}) or (two_steps and len(steps) > 2):
            continue
        if numbers := _on_scale(len(steps), scale):
            ways.setdefault(tuple(zip(labels, (numbers[place or 0] for place in own), strict=True)), len(steps))
        else:
            other = len(steps)
    if not ways or scale.reverse:
        remedy = (
            f"--scale {other}" if other and scale.lowest else f"write numbers from {scale.lowest} to {scale.highest}"
        )
        raise UndecidedError(
            labels, f"an answer in words: {_listed(labels, texts)}", "leave --reverse out" if ways else remedy
        )
    if len({tuple(_counted(number, scale) for _, number in way) for way in ways}) > 1:
        raise UndecidedError(
            labels, f"and the answers could be steps of several scales: {_listed(labels, texts)}", "write numbers"
        )
    shortest = min((steps, way) for way, steps in ways.items())[1]
    numbers_of = sorted(shortest, key=lambda one: -one[1])
    shown = ", ".join(f"{label} = {number}" for label, number in numbers_of[: _LISTED + 1])
    return AnswerLabels(tuple(numbers_of), none, f"answers in words count as {shown}")


def _counted(number: Decimal, scale: Answers) -> Decimal | bool:
    """What of an answer the result depends on: the number, or whether it is in the upper part of the scale."""
    return 2 * number > scale.lowest + scale.highest if scale.top_boxes else number


def _on_scale(steps: int, scale: Answers) -> list[Decimal]:
    """The number of each of a scale's steps, from the worst; nothing where the scale asked for has no such steps.

    Where answers are counted as good or not only, shorter scales are spread so that the good ones stay that.
    """
    low, high = scale.lowest, scale.highest
    if steps == high - low + 1:
        return [Decimal(low + i) for i in range(steps)]
    if steps == 2 and low == 1:
        return [Decimal(low), Decimal(high)]
    if not scale.top_boxes:
        return []
    if steps == 3 and (high - low) % 2 == 0:
        return [Decimal(low), Decimal(low + high) / 2, Decimal(high)]
    return [Decimal(one) for one in (1, 2, 4, 5)] if (steps, low, high) == (4, 1, 5) else []


def _listed(labels: Sequence[str], texts: Mapping[str, int]) -> str:
    shown = ", ".join(f"{' '.join(label.split())[:40]} ({texts[label]})" for label in labels[:_LISTED])
    return shown + (f" and {len(labels) - _LISTED} more" if len(labels) > _LISTED else "")
