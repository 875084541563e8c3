"""cstool.yaml: where it is found, how strictly it is read, and what a command takes from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
import yaml

from cstool.cli.commands.file_options import ScaleOptions
from cstool.compute.read_options import ReadOptions
from cstool.glossary.places import shipped
from cstool.glossary.project import WrittenOptions, open_project
from tests.conftest import Run

Write = Callable[..., str]

NRR = """\
- id: net-revenue-retention
  term: Net Revenue Retention
  definition: what our finance team calls kept revenue, upgrades left out of it
  metric:
    name: nrr
    of: revenue
    formula: (starting - contraction - churned) / starting
    unit: percent
    better: higher
    example: {starting: 10, contraction: 1, churned: 2, value: 0.7}
"""
ACCOUNTS = "account,starting_mrr,ending_mrr\nA,800,1000\nB,200,0\n"
LOOKED_FOR: dict[str, str | None] = {"CSTOOL_PROJECT": None}  # as users have it: nothing is set


@pytest.fixture
def folder(write: Write) -> Path:
    """A project with a glossary of its own, a folder below it, and a file."""
    write("ours/terms.yaml", NRR)
    write("deep/er/a.csv", ACCOUNTS)
    return Path(write("cstool.yaml", "glossary: ours\n")).parent


@pytest.mark.slow
def test_the_nearest_project_upwards_gives_its_glossary(folder: Path, cstool: Run) -> None:
    ran = cstool("calc", "nrr", "a.csv", "-f", "value", cwd=folder / "deep/er", env=LOOKED_FOR)
    assert ran.out == "0.8\n"
    assert ran.err.splitlines()[:2] == [
        "project: ../../cstool.yaml",
        "defined by ../../ours and not as shipped: nrr",
    ]
    quiet = cstool("lookup", "nrr", "-f", "value", "--quiet", cwd=folder / "deep", env=LOOKED_FOR)
    assert (quiet.out, quiet.err) == ("what our finance team calls kept revenue, upgrades left out of it\n", "")


@pytest.mark.parametrize("ends", [".git", "home"])
def test_the_search_ends(ends: str, folder: Path, cstool: Run) -> None:
    """A folder with .git and the home folder are looked at, and none above them."""
    env = dict(LOOKED_FOR)
    if ends == "home":
        env["HOME"] = str(folder / "deep")
    else:
        (folder / "deep/.git").mkdir()
    assert not cstool("lookup", "nrr", "-f", "value", cwd=folder / "deep/er", env=env).err
    (folder / "cstool.yaml").rename(folder / "deep/cstool.yaml")
    (folder / "ours").rename(folder / "deep/ours")
    ran = cstool("lookup", "nrr", "-f", "value", cwd=folder / "deep/er", env=env)
    assert ran.err.startswith("project: ../cstool.yaml\n")


def test_a_project_is_named_by_option_or_environment(folder: Path, write: Write, cstool: Run) -> None:
    other = write("other/cstool.yaml", "glossary: mine.yaml\n")
    write("other/mine.yaml", NRR.replace("finance", "sales"))
    file = str(folder / "cstool.yaml")
    assert "finance" in cstool("lookup", "nrr", "-f", "value", "--project", file).out
    assert "finance" in cstool("lookup", "nrr", "-f", "value", "--project", str(folder)).out
    assert "finance" in cstool("lookup", "nrr", "-f", "value", env={"CSTOOL_PROJECT": file}).out
    assert "sales" in cstool("lookup", "nrr", "-f", "value", "--project", other, env={"CSTOOL_PROJECT": file}).out
    left_out = cstool("lookup", "nrr", "-f", "value", "--no-project", env={"CSTOOL_PROJECT": file})
    assert "finance" not in left_out.out
    assert not left_out.err
    both = cstool("lookup", "nrr", "--project", file, "--no-project")
    assert both.code == 2
    glossary = cstool("lookup", "nrr", "-f", "value", "--project", file, "--glossary", str(folder / "other/mine.yaml"))
    assert "sales" in glossary.out
    assert not glossary.err
    missing = cstool("lookup", "nrr", "--project", "none.yaml")
    assert (missing.code, missing.err.splitlines()[0]) == (3, "cstool: none.yaml: no such project")


WHOLE = """\
files:
  crm: exports/accounts.csv
  billing: {path: "exports/stripe-*.csv", preset: stripe, feeds: revenue}
  tickets: {path: exports/zendesk.csv, map: {account: Organization}}
  csat: {path: exports/csat.csv, feeds: [csat], options: {scale: 7, decimal: ",", skip-bad: true, date_order: dmy}}
accounts: {file: crm, key: account_id, name: account, aliases: exports/aliases.csv}
glossary: terms/
fiscal_year_starts: february
fiscal_year_named: start
health: health.yaml
targets: targets.yaml
plays: plays.yaml
review: {customer: [plan, csm]}
"""


def test_the_whole_of_it_is_understood(write: Write) -> None:
    project = open_project(Path(write("cstool.yaml", WHOLE)))
    assert list(project.files) == ["crm", "billing", "tickets", "csat"]
    assert project.files["crm"].path == "exports/accounts.csv"
    assert project.files["billing"].feeds == ("revenue",)
    assert project.files["tickets"].map == {"account": "Organization"}
    assert project.files["csat"].options is not None
    assert project.files["csat"].options.skip_bad == "true"
    assert project.fiscal_month == 2
    assert project.accounts is not None
    assert (project.accounts.key, project.place("accounts.key")) == ("account_id", f"{project.file}:6")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (WHOLE.replace("health:", "heath:"), 10, "unknown key 'heath'"),
        (WHOLE.replace("feeds: [csat]", "feed: [csat]"), 5, "unknown key 'feed'"),
        (WHOLE.replace("scale: 7", "scales: 7"), 5, "unknown key 'scales'"),
        (WHOLE.replace("scale: 7", "rejects: x.csv"), 5, "unknown key 'rejects'"),
        (WHOLE.replace("scale: 7", "scale: many"), 5, "a whole number"),
        (WHOLE.replace("february", "winter"), 8, "february, feb or 2"),
        (WHOLE.replace("file: crm", "file: crn"), 6, "'crn' is none of the files: crm, billing, tickets, csat"),
        (WHOLE.replace("preset: stripe", "preset: stripe, preset: paddle"), 3, "stands twice"),
        (WHOLE.replace("  crm:", "  a crm:"), 2, "letters, digits"),
        ("- crm\n", 1, "must hold keys and values"),
        ("files: [a.csv]\n", 1, "must hold a name for each"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_line(text: str, line: int, words: str, write: Write, cstool: Run) -> None:
    file = write("cstool.yaml", text)
    ran = cstool("lookup", "nrr", "--project", file)
    assert ran.code == 3
    assert not ran.out
    (problem,) = [one for one in ran.err.splitlines() if one.startswith(f"{file}:")]
    assert problem.startswith(f"{file}:{line}: ")
    assert words in problem


def test_a_file_takes_every_option_of_reading_but_those_that_write() -> None:
    known = {one.name for group in (ReadOptions, ScaleOptions) for one in fields(group)}
    assert known - set(WrittenOptions._fields) == {"map", "rejects"}
    assert set(WrittenOptions._fields) <= known


def test_editors_accept_what_is_accepted() -> None:
    schema = json.loads((shipped() / "schema/project.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    validator.validate(yaml.safe_load(WHOLE))
    for refused in ({"heath": "x"}, {"files": {"a b": "x.csv"}}, {"files": {"crm": {"feeds": "nrr"}}}):
        assert not validator.is_valid(refused)


def test_a_glossary_that_is_not_there_is_an_error(write: Write, cstool: Run) -> None:
    file = write("cstool.yaml", "fiscal_year_starts: may\nglossary: terms/\n")
    ran = cstool("lookup", "nrr", "--project", file)
    assert ran.code == 3
    assert f"{file}:2: " in ran.err


def test_a_shell_is_offered_the_terms_of_the_project(folder: Path, cstool: Run) -> None:
    (folder / "ours/more.yaml").write_text(
        "- term: Zebra Call\n  definition: talk that a team holds on Mondays to look at odd accounts\n",
        encoding="utf-8",
    )
    words = "cstool lookup zebra"
    env = {"_CSTOOL_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": "2", **LOOKED_FOR}
    assert cstool(cwd=folder / "deep", env=env).out.split() == ["zebra"]
