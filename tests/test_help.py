"""Help: what every command does, with examples that run as they stand."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from cstool.cli.calc_options import AccountOptions, EngineOptions, Question
from cstool.cli.group import COMMANDS
from cstool.cli.sections import SECTIONS
from cstool.compute.read_options import ReadOptions
from tests.conftest import ENVIRONMENT, Run

OWN = [name for name in COMMANDS if name != "glossary"]
PATHS = [[], *([name] for name in OWN), *(["glossary", name] for name in ("check", "path", "export"))]


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
@pytest.mark.slow
def test_every_example_of_a_help_runs(path: list[str], cstool: Run, tmp_path: Path) -> None:
    text = cstool(*path, "--help").out
    examples = re.findall(r"^  ((?:cstool|ls) .+)$", text, re.MULTILINE)
    assert any(f"cstool {' '.join(path)}".strip() in example for example in examples)
    command = f'cstool() {{ {shlex.quote(sys.executable)} -m cstool "$@"; }}'
    script = "\n".join(["set -eo pipefail", command, *examples])
    (tmp_path / ".git").mkdir()  # a project is looked for here only
    env = {name: value for name, value in ENVIRONMENT.items() if name != "CSTOOL_PROJECT"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_is_also_a_word(path: list[str], cstool: Run) -> None:
    assert cstool("help", *path).out == cstool(*path, "--help").out


def test_the_options_of_calc_stand_under_what_they_are_about(cstool: Run) -> None:
    text = cstool("calc", "--help").out
    places = [text.index(f"\n{heading}:\n") for heading in (*SECTIONS, "Options")]
    assert places == sorted(places)
    for heading, group in zip(SECTIONS, (Question, AccountOptions, ReadOptions, None, EngineOptions), strict=True):
        section = text.split(f"\n{heading}:\n")[1].split("\n\n")[0]
        assert group is None or f"--{fields(group)[0].name}" in section


def test_few_options_stand_under_one_heading(cstool: Run) -> None:
    headings = re.findall(r"^(\w.*):$", cstool("lookup", "--help").out, re.MULTILINE)
    assert headings == ["Arguments", "Options"]


def test_a_wrong_command_line_points_to_the_help_of_its_command(cstool: Run) -> None:
    assert cstool("calc", "nrr", "--nope").err.splitlines()[1] == "`cstool calc --help` lists what there is"
    assert "`cstool glossary --help`" in cstool("glossary", "chek").err


def test_a_term_in_place_of_a_command_is_told_how_to_look_it_up(cstool: Run) -> None:
    assert "if it is a term: cstool lookup nrr;" in cstool("nrr").err


def test_sample_without_a_kind_lists_them(cstool: Run) -> None:
    ran = cstool("sample")
    assert (ran.code, ran.out) == (2, "")
    assert "ledger" in ran.err
    assert "health-config" in ran.err


def test_help_does_not_need_docstrings() -> None:
    script = (
        "import sys; from typer.testing import CliRunner; from cstool.cli import app\n"
        "for words in ([], ['lookup'], ['glossary', 'check']):\n"
        "    print(CliRunner().invoke(app, [*words, '--help'], prog_name='cstool').output)"
    )
    texts = [
        subprocess.run(
            [sys.executable, *optimised, "-c", script], env=ENVIRONMENT, capture_output=True, text=True, check=True
        ).stdout
        for optimised in ([], ["-OO"])
    ]
    assert texts[0] == texts[1]
    assert "Show a term's entry" in texts[1]


@pytest.mark.parametrize("words", [["--install-completion", "fish"], ["--show-completion", "nosuch"]])
def test_completion_is_for_the_shell_that_asks(words: list[str], cstool: Run) -> None:
    ran = cstool(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "takes no name" in ran.err
