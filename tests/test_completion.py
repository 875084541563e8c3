"""What bash, zsh and fish offer on TAB, asked as their scripts ask."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from cstool.cli import app
from cstool.cli.completion import metric_names
from tests.conftest import ROOT, Ran, Run

PLAIN = """\
- id: net-burn
  term: Net Burn
  category: money
  definition: cash that leaves in a month
  sources: [own]
  metric:
    name: net-burn
    of: revenue
    formula: ending
    unit: count
    better: higher
    example: {ending: 3, value: 3}
- id: net-revenue-retention
  term: Net Revenue Retention
  acronyms: [NRR]
  synonyms: [Net Dollar Retention]
  category: money
  definition: share that stays
  sources: [own]
  metric:
    name: nrr
    of: revenue
    formula: ending
    unit: count
    better: higher
    example: {ending: 3, value: 3}
- id: growth
  term: Growth
  category: motion
  definition: getting bigger
  sources: [own]
  metric:
    name: growth
    of: revenue
    formula: ending
    unit: count
    better: higher
    example: {ending: 3, value: 3}
- id: net-old
  term: Net Oldness
  category: relics
  definition: word of yesterday
  sources: [own]
  retired: growth
- id: trap
  term: Trap `touch x`; $(touch y) 'z' A&B
  category: motion
  definition: name with signs that a shell would act on
  sources: [own]
"""
DIFFERENCES = """\
- between: [growth, net-revenue-retention]
  summary: One counts the lost.
  aspects:
    - aspect: lost
      values: {growth: left out, net-revenue-retention: counted}
  use: Both.
  sources: [own]
"""


@pytest.fixture
def small(write: Callable[..., str]) -> str:
    """A whole glossary of a few entries."""
    write(
        "small/sources.yaml", "- id: own\n  title: Own words\n  kind: own\n- id: other\n  title: Other\n  kind: book\n"
    )
    write("small/differences.yaml", DIFFERENCES)
    return str(Path(write("small/terms/small.yaml", PLAIN)).parents[1])


def bash(cstool: Run, line: str, **env: str) -> Ran:
    words = re.findall(r"\"[^\"]*\"?|'[^']*'?|\S+", line)
    cursor = len(words) if line.endswith(" ") and line.count('"') % 2 == 0 else len(words) - 1
    asked = {"_CSTOOL_COMPLETE": "complete_bash", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(cursor)}
    return cstool(env={**asked, **env})


@pytest.fixture
def offered(cstool: Run, small: str) -> Callable[[str], list[str]]:
    """What bash is offered at the end of a line, with the small glossary."""

    def offered_(line: str) -> list[str]:
        ran = bash(cstool, line, CSTOOL_GLOSSARY=small)
        assert (ran.code, ran.err) == (0, "")
        return ran.out.split("\n")[:-1] if ran.out.strip() else []

    return offered_


Offered = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cstool lookup n", ["net", "nrr"]),
        ("cstool lookup net ", ["burn", "dollar", "revenue"]),
        ("cstool lookup net rev", ["revenue"]),
        ("cstool lookup net revenue ", ["retention"]),
        ("cstool lookup --limit 3 net dollar r", ["retention"]),
        ("cstool lookup burn", []),
        ("cstool lookup xyz ", []),
    ],
)
def test_lookup_is_offered_the_next_word_of_a_name(offered: Offered, line: str, words: list[str]) -> None:
    assert offered(line) == words


def test_those_who_type_capitals_are_offered_capitals(offered: Offered) -> None:
    assert offered("cstool lookup N") == ["NRR", "Net"]
    assert offered("cstool lookup Net Rev") == ["Revenue"]
    assert offered("cstool lookup Net ") == ["Burn", "Dollar", "Revenue"]
    assert offered("cstool lookup NET") == ["NET"]


def test_inside_quotes_the_rest_of_the_name_is_offered(offered: Offered) -> None:
    assert offered('cstool lookup "net r') == ["net revenue retention"]
    assert offered('cstool diff growth "net r') == ["net revenue retention"]


def test_diff_is_offered_names_of_one_word(offered: Offered) -> None:
    assert offered("cstool diff n") == ["net-burn", "net-revenue-retention", "nrr"]
    assert offered("cstool diff growth net-b") == ["net-burn"]


def test_after_a_term_diff_is_offered_first_what_a_difference_is_written_for(offered: Offered) -> None:
    assert offered("cstool diff nrr ") == ["growth"]
    assert offered("cstool diff growth ") == ["net-revenue-retention", "nrr"]
    assert offered("cstool diff net-burn ") == ["growth", "net-burn", "net-revenue-retention", "nrr", "trap"]


def test_categories_and_sources_are_offered(offered: Offered) -> None:
    assert offered("cstool terms --category m") == ["money", "motion"]
    assert offered("cstool terms --source ") == ["other", "own"]
    assert offered("cstool lookup --random --category mon") == ["money"]


def test_nothing_is_offered_that_a_shell_would_act_on(offered: Offered) -> None:
    words = ["cstool", "lookup"]
    while following := offered(" ".join([*words, "t" if len(words) == 2 else ""])):
        assert following == [word for word in following if re.fullmatch(r"[\w./-]+", word)]
        words.append(following[0])
    assert words[2:] == ["trap", "touch", "x", "touch", "y", "z", "a", "and", "b"]


def test_metrics_are_offered_one_by_one_after_commas(small: str) -> None:
    def offered(incomplete: str) -> list[str]:
        context = typer.Context(typer.main.get_command(app))
        context.params["glossary"] = Path(small)
        return metric_names(context, incomplete)

    assert offered("") == ["growth", "net-burn", "nrr"]
    assert offered("n") == ["net-burn", "nrr"]
    assert offered("nrr,gr") == ["nrr,growth"]
    assert offered("growth,nrr,") == ["growth,nrr,net-burn"]
    assert offered("nrr,nr") == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("cstool calc nrr --sql sn", ["snowflake"]),
        ("cstool calc nrr a.csv --preset str", ["stripe", "stripe-invoices", "stripe-payments"]),
        ("cstool calc nrr --shape sub", ["subscriptions"]),
        ("cstool calc nrr a.csv --variant with-", ["with-reactivation"]),
        ("cstool calc grr --variant with-", []),
        ("cstool sample heal", ["health-config"]),
    ],
)
def test_what_calc_and_sample_know_by_name_is_offered(cstool: Run, line: str, words: list[str]) -> None:
    ran = bash(cstool, line)
    assert (ran.code, ran.out.split(), ran.err) == (0, words, "")


def test_variants_are_those_of_the_metrics_typed(cstool: Run) -> None:
    assert bash(cstool, "cstool calc nrr,win-rate,mrr --variant ").out.split() == ["amount", "with-reactivation"]
    assert bash(cstool, "cstool calc NRR --window 12m --variant ").out.split() == ["with-reactivation"]
    assert bash(cstool, "cstool calc no-such --variant ").out.split() == []


def test_a_glossary_given_on_the_line_is_the_one_completed_from(cstool: Run, small: str) -> None:
    assert bash(cstool, f"cstool lookup --glossary {small} net b").out.split() == ["burn"]


@pytest.mark.parametrize("text", ["- id: [", "- id: x\n  unknown: y\n"])
def test_a_glossary_that_cannot_be_read_offers_nothing_and_says_nothing(
    cstool: Run, write: Callable[..., str], text: str
) -> None:
    for broken in (write("broken.yaml", text), "/nowhere/at/all"):
        ran = bash(cstool, "cstool lookup net", CSTOOL_GLOSSARY=broken)
        assert (ran.out.strip(), ran.err) == ("", "")


def test_zsh_and_fish_are_offered_the_same(cstool: Run, small: str) -> None:
    line = {"_TYPER_COMPLETE_ARGS": "cstool lookup net ", "CSTOOL_GLOSSARY": small}
    zsh = cstool(env={"_CSTOOL_COMPLETE": "complete_zsh", **line})
    assert re.findall(r'"(.*?)"', zsh.out) == ["burn", "dollar", "revenue"]
    fish = cstool(env={"_CSTOOL_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args", **line})
    assert fish.out.split() == ["burn", "dollar", "revenue"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_waits_for_no_engine_matcher_or_table(cstool: Run, shell: str) -> None:
    ran = cstool(
        env={
            "_CSTOOL_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_ARGS": "cstool diff nrr ",
            "COMP_WORDS": "cstool\ndiff\nnrr\n",
            "COMP_CWORD": "3",
            "PYTHONPROFILEIMPORTTIME": "1",
        }
    )
    loaded = {line.rsplit("|", 1)[1].strip() for line in ran.err.splitlines() if line.startswith("import time:")}
    assert "grr" in ran.out
    assert "cstool.glossary.store" in loaded
    assert loaded & {"duckdb", "rapidfuzz", "rich", "sqlglot"} == set()


# Which shell runs the tests must not matter.
UNDETECTED = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", ".bash_completions/cstool.sh"),
        ("zsh", ".zfunc/_cstool"),
        ("fish", ".config/fish/completions/cstool.fish"),
    ],
)
def test_completion_installs_itself(cstool: Run, tmp_path: Path, shell: str, file: str) -> None:
    ran = cstool("--install-completion", shell, env={"HOME": str(tmp_path), **UNDETECTED})
    assert (ran.code, ran.err) == (0, "")
    assert file in ran.out
    shown = cstool("--show-completion", shell, env=UNDETECTED)
    assert (tmp_path / file).read_text().strip() == shown.out.strip()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_itself_completes_with_the_script_that_is_shown(cstool: Run, small: str, tmp_path: Path) -> None:
    script = cstool("--show-completion", "bash", env=UNDETECTED).out
    command = tmp_path / "cstool"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cstool "$@"\n')
    command.chmod(0o755)
    typed = (
        "COMP_WORDS=(cstool lookup net rev); COMP_CWORD=3; _cstool_completion cstool; echo ${COMPREPLY[@]};"
        "COMP_WORDS=(cstool loo); COMP_CWORD=1; _cstool_completion cstool; echo ${COMPREPLY[@]}"
    )
    env = {
        **os.environ,
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "CSTOOL_GLOSSARY": small,
    }
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{typed}"], capture_output=True, text=True, env=env, check=False
    )
    assert (done.stdout.split("\n"), done.stderr) == (["revenue", "lookup", ""], "")
