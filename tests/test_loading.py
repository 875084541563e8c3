"""Reading glossary files: strictly, as text, and with every problem told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cstool.compute.formulas.checking import check_glossary
from cstool.errors import InputError
from cstool.glossary.loading import parse as load
from tests.conftest import TERM, Run

Write = Callable[..., str]


def problems(path: str) -> list[str]:
    """What the check says of a file or folder, with the folder's own path cut off."""
    folder = Path(path) if Path(path).is_dir() else Path(path).parent
    return [problem.removeprefix(f"{folder}/") for problem in check_glossary(Path(path))[0]]


@pytest.mark.parametrize("word", ["NO", "yes", "null", "~", "1.10", "0x1F", "1_000", "08", "2024-01-31", ".inf"])
@pytest.mark.slow
def test_a_scalar_is_the_text_that_stands_there(write: Write, word: str) -> None:
    path = write("own.yaml", f"{TERM}  note: {word}\n")
    assert load(Path(path)).terms["zebra-call"].note == word
    assert problems(path) == []


def test_folded_text_and_quotes_are_read_as_yaml_reads_them(write: Write) -> None:
    path = write("own.yaml", f"{TERM}  note: >-\n    one\n    two\n  example: ' quoted: yes '\n")
    term = load(Path(path)).terms["zebra-call"]
    assert (term.note, term.example) == ("one two", "quoted: yes")


@pytest.mark.parametrize(
    "text", [TERM, "\ufeff" + TERM, TERM.replace("\n", "\r\n"), f"---\n{TERM}...\n", "", "# none\n"]
)
def test_a_byte_order_mark_other_line_ends_and_an_empty_file_are_no_problem(write: Write, text: str) -> None:
    assert problems(write("own.yaml", text)) == []


FAULTS = {
    "a key twice": ("  note: a\n  note: b\n", 7, "key 'note' stands twice"),
    "an unknown key": ("  nota: a\n", 6, "unknown key 'nota'; known here: id, term, category"),
    "an unknown key with its value below": ("  nota:\n    - a\n", 6, "unknown key 'nota'"),
    "a list for text": ("  note: [a]\n", 6, "'note' must be text"),
    "a mapping for text": ("  note: {a: b}\n", 6, "'note' must be text"),
    "text for a list": ("  synonyms: Zebra\n", 6, "'synonyms' must be a list"),
    "a list in a list of texts": ("  synonyms:\n    - Zebra Talk\n    - [Stripes]\n", 8, "'synonyms.1' must be text"),
    "text for a record": ("  metric: nrr\n", 6, "metric must hold keys and values"),
    "an empty value": ("  note:\n", 6, "'note' is empty; leave the key out instead"),
    "blanks for a value": ("  note: '  '\n", 6, "'note' is empty; leave the key out instead"),
    "an empty item": ("  synonyms: [Zebra Talk, '']\n", 6, "'synonyms.1' is empty"),
    "an id with a blank": ("  broader: zebra talk\n", 6, "'broader' is 'zebra talk'; it must look like"),
    "an id across lines": ('  broader: "zebra\\nid: x"\n', 6, "'broader' is 'zebra"),
    "a key that is a list": ("  [a, b]: c\n", 6, "a key must be text"),
    "an item without its keys": ("  variants:\n    - label: ours\n", 7, "'text' is missing"),
    "an anchor": ("  note: &it text\n", 6, "anchors and aliases are not used here; write the value out"),
    "an alias": ("  note: &it text\n  example: *it\n", 7, "anchors and aliases are not used here; write the value out"),
    "a merged mapping": ("  <<: {note: a}\n", 6, "unknown key '<<'"),
    "an object to be made": ("  note: !!python/object/apply:os.system [ls]\n", 6, "'note' must be text"),
}


@pytest.mark.parametrize(("more", "line", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_form_is_told_with_file_and_line(write: Write, more: str, line: int, said: str) -> None:
    found = problems(write("own.yaml", TERM + more))
    assert any(problem.startswith(f"own.yaml:{line}: {said}") for problem in found), found


METRIC = """\
  metric:
    name: zebra
    of: revenue
    formula: starting
    unit: {unit}
    better: higher
    example: {{starting: {given}, value: {value}}}
"""


@pytest.mark.parametrize("number", ["1_000", "1e99999", "nan", "infinity", "٣", "[1]", "''", "'1,5'", "0x1F"])
def test_an_example_holds_plain_numbers(write: Write, number: str) -> None:
    found = problems(write("own.yaml", TERM + METRIC.format(unit="ratio", given=number, value="1")))
    assert any(problem.startswith("own.yaml:12: 'metric.example.starting' must be a number") for problem in found)


def test_an_alias_for_a_number_is_refused(write: Write) -> None:
    found = problems(write("own.yaml", TERM + METRIC.format(unit="ratio", given="&n 1", value="*n")))
    assert any(problem.startswith("own.yaml:12: anchors and aliases") for problem in found)


def test_an_alias_of_another_entrys_value_is_refused(write: Write) -> None:
    second = TERM.replace("zebra", "zulu").replace("Zebra", "Zulu")
    text = TERM.replace("[own]", "&cited [own]") + second.replace("[own]", "*cited")
    found = problems(write("own.yaml", text))
    assert any(problem.startswith("own.yaml:10: anchors and aliases") for problem in found)


def test_a_word_that_is_not_on_the_list_is_refused_with_the_list(write: Write) -> None:
    found = problems(write("own.yaml", TERM + METRIC.format(unit="percents", given=1, value=1)))
    assert len(found) == 1
    assert found[0].startswith("own.yaml:10: 'metric.unit' is 'percents'; it must be one of percent, currency, ratio")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("- id: a\n  term: b: c\n", "own.yaml:2: not YAML: "),
        ("- id: a\n\tterm: b\n", "own.yaml:2: not YAML: "),
        ("- id: a\n---\n- id: b\n", "own.yaml:2: not YAML: "),
        ("id: a\n", "own.yaml:1: a list of entries is expected"),
        ("just words\n", "own.yaml:1: a list of entries is expected"),
        ("- just words\n", "own.yaml:1: an entry must hold keys and values"),
        (b"- id: a\n  term: caf\xe9\n", "own.yaml:2: not UTF-8; save the file as UTF-8"),
        (b"- id: a\x00\n", "own.yaml:1: cannot be read: "),
    ],
)
def test_what_is_no_list_of_entries_is_told_where_it_stops_being_one(
    write: Write, text: str | bytes, problem: str
) -> None:
    found = problems(write("own.yaml", text))
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_all_problems_of_all_files_are_told_at_once(write: Write) -> None:
    write("team/a.yaml", TERM + "  nota: x\n  note:\n")
    write("team/b.yaml", "- id: Zulu\n  term: [Zulu]\n")
    folder = Path(write("team/deeper/c.yaml", "- [\n")).parent.parent
    told = [problem.split(": ")[0] for problem in problems(str(folder))]
    assert told == ["a.yaml:6", "a.yaml:7", *["b.yaml:1"] * 2, "b.yaml:2", "deeper/c.yaml:2"]


def test_a_command_on_a_broken_glossary_names_the_first_problems_and_counts_the_rest(write: Write, cstool: Run) -> None:
    ran = cstool("lookup", "nrr", "--glossary", write("own.yaml", "- id: x\n" * 4))
    assert (ran.code, ran.out) == (3, "")
    first, *shown, more, hint = ran.err.splitlines()
    assert first == "cstool: the glossary cannot be read:"
    assert len(shown) == 5
    assert all("own.yaml:1: '" in line for line in shown[:2])
    assert more == "... and 3 more"
    assert re.fullmatch("`cstool glossary check .*own.yaml` lists every problem", hint)
    with pytest.raises(InputError):
        load(Path(write("own.yaml", "- id: x\n")))


LAUGHS = "- &a0 {id: ha}\n" + "".join(f"- &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 40))

# One list of many, used many times, in keys that are known.
TIMES = f"- id: a\n  variants: [&v {{label: a, text: b, sources: [{'own, ' * 20_000}own]}}, {'*v, ' * 20_000}*v]\n"


@pytest.mark.parametrize(
    "text",
    [LAUGHS, TIMES, "- " + "[" * 500_000, "- " + "{a: " * 100_000, "- " * 300_000, "&it [*it]\n", "- &it {id: *it}\n"],
    ids=[
        "billion laughs",
        "many times many",
        "open lists",
        "open mappings",
        "open items",
        "a list in itself",
        "an entry in itself",
    ],
)
@pytest.mark.parametrize("command", [("glossary", "check"), ("lookup", "nrr", "--glossary")], ids=" ".join)
def test_a_file_made_to_exhaust_memory_or_stack_is_only_a_problem(
    write: Write, cstool: Run, text: str, command: tuple[str, ...]
) -> None:
    ran = cstool(*command, write("own.yaml", text))
    assert ran.code == (1 if command[0] == "glossary" else 3)
    assert re.search(r"own\.yaml:[12]: ", ran.out + ran.err)
    assert len(ran.err.splitlines()) < 9


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("command", [["lookup", "nrr"], ["glossary", "check"]])
def test_a_glossary_from_a_pipe_is_refused_rather_than_ignored(command: list[str], cstool: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    option = ["--glossary"] if command[0] == "lookup" else []
    ran = cstool(*command, *option, str(pipe))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == f"cstool: {pipe}: a glossary cannot be read from a pipe or a device\nsave it as a YAML file\n"


def test_a_folder_of_no_glossary_is_refused_and_yaml_may_be_written_large(cstool: Run, tmp_path: Path) -> None:
    ran = cstool("lookup", "nrr", "--glossary", str(tmp_path))
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith(f"cstool: {tmp_path}: a folder without YAML files\n")
    (tmp_path / "Ours.YAML").write_text(TERM, encoding="utf-8")
    assert "Zebra Call" in cstool("lookup", "zebra call", "--glossary", str(tmp_path)).out
