"""The glossary check: a copy of the shipped glossary with one of every fault, and nothing else reported."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.compute.formulas.checking import check_glossary
from cstool.glossary.places import shipped
from tests.conftest import TERM, Run
from tests.planted import FAULTS, term

Write = Callable[..., str]


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], list[str]]:
    """What the check says of a copy with all faults, by file and line."""
    copy = tmp_path_factory.mktemp("planted") / "glossary"
    shutil.copytree(shipped(), copy)
    for fault in FAULTS.values():
        with (copy / fault.file).open("a", encoding="utf-8") as file:
            file.write(fault.lines)
    found: dict[tuple[str, int], list[str]] = {}
    for problem in check_glossary(copy)[0]:
        place = re.fullmatch(rf"{re.escape(str(copy))}/(.+?):(\d+): (.+)", problem)
        assert place, problem
        found.setdefault((place[1], int(place[2])), []).append(place[3])
    return found


def marked_lines(name: str) -> list[tuple[str, int]]:
    """The file and the lines that the check must name for a fault, once all of them are planted."""
    file = FAULTS[name].file
    line = (shipped() / file).read_text(encoding="utf-8").count("\n")
    for other, fault in FAULTS.items():
        if fault.file != file:
            continue
        lines = fault.lines.splitlines()
        if other == name:
            return [(file, line + i) for i, text in enumerate(lines, 1) if text.endswith("# <")]
        line += len(lines)
    raise AssertionError(name)


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_told_with_file_and_line(name: str, reported: dict[tuple[str, int], list[str]]) -> None:
    told = [text for place in marked_lines(name) for text in reported.get(place, [])]
    for said in FAULTS[name].said:
        assert any(said in text for text in told), f"{said!r} not in {told}"


def test_nothing_but_the_planted_faults_is_told(reported: dict[tuple[str, int], list[str]]) -> None:
    expected = {place: FAULTS[name].said for name in FAULTS for place in marked_lines(name)}
    for place, told in reported.items():
        for text in told:
            assert any(said in text for said in expected.get(place, ())), f"{place}: {text}"


def test_the_shipped_glossary_is_clean(cstool: Run) -> None:
    ran = cstool("glossary", "check")
    assert (ran.code, ran.out) == (0, "")
    assert re.fullmatch(r"\d+ entries, no problems\n", ran.err)
    assert cstool("glossary", "check", "--quiet").err == ""


def test_the_command_prints_a_line_for_each_problem_and_exits_1(cstool: Run, write: Write) -> None:
    path = write("own.yaml", term("zz-a", "  related: [zz-none, zz-a]\n") + "- id: zz-b\n")
    ran = cstool("glossary", "check", path)
    assert ran.code == 1
    assert ran.out.splitlines() == check_glossary(Path(path))[0]
    assert len(ran.out.splitlines()) == 4
    assert ran.err == "2 entries, 4 problems\n"


def test_a_problem_stays_one_line_and_cannot_act_on_a_terminal(cstool: Run, write: Write) -> None:
    ran = cstool("glossary", "check", write("own.yaml", '- "ke\\ny\\e[31m": 1\n  id: "a\\nb\\e[2J"\n'))
    assert "\x1b" not in ran.out
    assert "unknown key 'ke\\x0ay\\x1b[31m'" in ran.out
    assert "'id' is 'a\\x0ab\\x1b[2J'" in ran.out
    assert all(re.match(r".+own\.yaml:[12]: ", line) for line in ran.out.splitlines())


def test_a_glossary_that_is_not_there_is_no_clean_one(cstool: Run) -> None:
    ran = cstool("glossary", "check", "no/such/place")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("cstool: no/such/place: no such glossary\n")


def test_a_metric_whose_name_the_shipped_glossary_uses_is_told(write: Write) -> None:
    own = "  metric:\n    name: nrr\n    of: revenue\n    formula: starting\n    unit: currency\n    better: higher\n"
    path = write("own.yaml", TERM + own + "    example: {starting: 1, value: 1}\n")
    assert check_glossary(Path(path))[0] == [f"{path}:1: metric 'nrr' stands twice"]


# Entries that are nearly right, so that what lies behind the first refusal is reached too.
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=6,
)
ids = st.sampled_from(["zz-a", "zz-b", "nrr", "", "own", "A B"])
names = st.sampled_from(["Zz A", "NRR", "?", "", "a\nb", "=1"])
formulas = st.sampled_from(
    ["starting", "starting / 0", "1) from x; select (1", "(select 1)", "a.b", "'", "--", "*", "$1"]
)
records = {
    "id": ids,
    "term": names,
    "category": st.sampled_from(["own", "retention"]),
    "definition": st.sampled_from(["one two three four five six", "", "refers to it"]) | st.text(max_size=60),
    "sources": st.lists(ids, max_size=2),
    "acronyms": st.lists(names, max_size=2),
    "synonyms": st.lists(names, max_size=2),
    "related": st.lists(ids, max_size=2),
    "broader": ids,
    "metric": st.fixed_dictionaries(
        {
            "name": ids,
            "of": st.sampled_from(["revenue", "none"]),
            "formula": formulas,
            "unit": st.sampled_from(["percent", "count"]),
            "better": st.just("higher"),
            "example": st.dictionaries(st.sampled_from(["starting", "value", "a"]), st.floats() | st.integers()),
        }
    ),
}
nearly = st.fixed_dictionaries({}, optional={name: values | junk for name, values in records.items()})
whole = st.fixed_dictionaries(records)
MEASURES = "- relation: revenue\n  about: a\n  measures: [{measure: starting, about: a, sql: sum(starting_mrr)}]\n"
documents = st.lists(whole | nearly | junk, max_size=3) | junk


@settings(deadline=None, max_examples=80)
@given(document=documents)
@pytest.mark.slow
def test_no_document_makes_the_check_crash(document: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    (folder / "terms").mkdir(parents=True, exist_ok=True)
    (folder / "measures.yaml").write_text(MEASURES, encoding="utf-8")
    for name in ("terms/own.yaml", "differences.yaml", "roles.yaml"):
        (folder / name).write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8", errors="replace")
    for problem in check_glossary(folder)[0]:
        assert re.match(rf"{re.escape(str(folder))}/[\w/]+\.yaml:\d+: .", problem)


@settings(deadline=None, max_examples=60)
@given(text=st.text(alphabet="-?:[]{},&*!|>'\"%@`#~ \n\tab<=", max_size=40))
def test_no_text_makes_the_check_crash(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "text"
    (folder / "terms").mkdir(parents=True, exist_ok=True)
    (folder / "terms" / "own.yaml").write_text(text, encoding="utf-8")
    problems, entries = check_glossary(folder)
    assert entries <= len(problems)  # an entry that cannot be read counts, with what is wrong with it
    assert all(":" in problem for problem in problems)
