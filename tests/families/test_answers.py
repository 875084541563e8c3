"""Answers of surveys as people's tools write them: labels with numbers, words, second headers, whole questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

LIKELY = "How likely is it that you would recommend us to a friend or colleague?"
WORDS = ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"]


def survey(header: str, answers: Sequence[str], *, second: str = "") -> str:
    """A file of respondents and their answers to one question."""
    rows = "".join(f'r{i},"{answer}",x\n' for i, answer in enumerate(answers))
    return f'Respondent ID,"{header}",Comment\n{second}{rows}'


Calc = Callable[..., tuple[Mapping[str, Any], str]]


@pytest.fixture
def calc(cstool: Run, tmp_path: Path) -> Calc:
    """The row and the notes of a metric over a text; of a refusal, no row and its message."""

    def calc_(text: str, metric: str, *words: str) -> tuple[Mapping[str, Any], str]:
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        ran = cstool("calc", metric, "a.csv", *words, "-f", "json", cwd=tmp_path)
        assert ran.code in (0, 2, 3)
        assert len(ran.err.splitlines()) <= 8
        return (json.loads(ran.out)[0] if ran.code == 0 else {}), ran.err

    return calc_


RIGHT: dict[str, tuple[str, str, Sequence[str], float, int]] = {
    "SurveyMonkey": (
        survey(LIKELY, ["Extremely likely - 10", "9", "7", "Not at all likely - 0", ""], second=",Response,\n"),
        "nps", [], 25, 4,
    ),
    "a number first": (survey(LIKELY, ["10 - Extremely likely", "9", "8", "0 = Not at all likely"]), "nps", [], 25, 4),
    "in brackets": (survey("NPS", ["10 (extremely likely)", "3", "0 (not likely at all)"]), "nps", [], -100 / 3, 3),
    "out of ten": (survey("NPS", ["10/10", "9/10", "2/10"]), "nps", [], 100 / 3, 3),
    "German question": (
        survey("Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", ["10 - Äußerst wahrscheinlich", "0", "8"]),
        "nps", [], 0, 3,
    ),
    "Google Forms": (
        survey("How satisfied are you with our support?", ["5 - Very satisfied", "4 - Satisfied", "2 - Dissatisfied"]),
        "csat", [], 2 / 3, 3,
    ),
    "stars": (survey("rating", ["★★★★★", "★★★★☆", "★☆☆☆☆", "★★★☆☆"]), "csat", [], 0.5, 4),
    "counted stars": (survey("rating", ["5 stars", "4 stars", "1 star", "3 stars"]), "csat", [], 0.5, 4),
    "out of five": (survey("rating", ["5 out of 5", "1 out of 5"]), "csat", [], 0.5, 2),
    "Zendesk": (
        survey("Satisfaction score", ["Good", "Offered", "Bad", "Good", "Unoffered", ""]), "csat", [], 2 / 3, 3,
    ),
    "words": (survey("csat", WORDS), "csat", [], 0.4, 5),
    "words, with no answers": (survey("csat", [*WORDS, "N/A", "Don't know", "Prefer not to say"]), "csat", [], 0.4, 5),
    "somewhat": (
        survey("csat", ["Very satisfied", "Somewhat satisfied", "Neither satisfied nor dissatisfied",
                        "Somewhat dissatisfied"]), "csat", [], 0.5, 4,
    ),
    "German words": (survey("csat", ["sehr zufrieden", "zufrieden", "neutral", "unzufrieden"]), "csat", [], 0.5, 4),
    "three words": (survey("rating", ["Great", "Okay", "Bad", "Great"]), "csat", [], 0.5, 4),
    "words of seven steps": (
        survey("csat", ["Extremely satisfied", "Slightly satisfied", "Slightly dissatisfied",
                        "Neither satisfied nor dissatisfied"]), "csat", ["--scale=7"], 0.5, 4,
    ),
    "agreement": (
        survey("They made it easy", ["Strongly agree", "Agree", "Disagree", "Somewhat agree", "Somewhat disagree"]),
        "ces", [], (7 + 6 + 2 + 5 + 3) / 5, 5,
    ),
    "a scale of six": (survey("score", list("123456")), "csat", ["--scale=6"], 1 / 3, 6),
    "numbers that run down": (
        survey("csat", ["1 - Very satisfied", "2 - Satisfied", "5 - Very dissatisfied"]),
        "csat", ["--reverse"], 2 / 3, 3,
    ),
    "the metric's own column": ("respondent,nps,csat,ces\na,9,5,6\nb,6,4,7\nc,10,2,5\n", "csat", [], 2 / 3, 3),
    "Qualtrics": (
        'ResponseId,Q1,Q2\nResponse ID,' + LIKELY + ',Why?\n"{""ImportId"":""_r""}","{""ImportId"":""Q1""}",x\n'
        "R1,10,x\nR2,9,x\nR3,3,x\n", "nps", ["--map", "score=Q1"], 100 / 3, 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_answers_are_read_as_their_tools_write_them(case: str, calc: Calc) -> None:
    text, metric, words, value, answers = RIGHT[case]
    row, notes = calc(text, metric, *words)
    assert row, notes
    assert row[metric] == pytest.approx(value)
    assert row["responses" if metric != "ces" else metric] == (answers if metric != "ces" else pytest.approx(value))


REFUSED: dict[str, tuple[str, str, Sequence[str], str]] = {
    "numbers against their words": (survey("csat", ["1 - Very satisfied", "5 - Very dissatisfied"]), "csat", [],
                                    "--reverse"),
    "--reverse against the words": (survey("csat", ["5 - Very satisfied", "1 - Dissatisfied"]), "csat", ["--reverse"],
                                    "leave --reverse out"),
    "words of no known scale": (survey("csat", ["Meh", "Wow"]), "csat", [], "Meh (1), Wow (1)"),
    "words of two scales": (survey("csat", ["Poor", "Fair", "Good"]), "csat", [], "several scales"),
    "seven steps on a scale of five": (survey("csat", ["Extremely satisfied", "Slightly satisfied",
                                       "Moderately satisfied"]), "csat", [], "--scale 7"),
    "a label among numbers": (survey("csat", ["5", "4", "Other"]), "csat", [], "Other (1)"),
    "another scale": (survey("csat", ["6/7", "5/7"]), "csat", [], "--scale 7"),
    "words for a number from 0 to 10": (survey("nps", ["Very likely", "Not likely"]), "nps", [], "from 0 to 10"),
    "blank zero": (survey("csat", ["5", ""]), "csat", ["--blank=zero"], "a blank answer is no answer of 0"),
    "another question": ("respondent,csat\na,5\nb,4\n", "nps", [], "another question than nps"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_answers_that_say_no_number_are_refused(case: str, calc: Calc) -> None:
    text, metric, words, message = REFUSED[case]
    row, told = calc(text, metric, *words)
    assert not row
    assert message in told


def test_rows_without_an_answer_are_counted(calc: Calc) -> None:
    row, notes = calc(survey("csat", ["5", "", "n/a", "2"]), "csat")
    assert (row["csat"], row["responses"]) == (0.5, 2)
    assert "2 rows without an answer in csat (score) left out" in notes
    assert "--blank" not in notes
