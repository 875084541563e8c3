"""A team's own terms and metrics are a few lines of YAML, laid over the shipped glossary or in its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cstool.api import Book
from cstool.compute.formulas.checking import check_glossary
from cstool.errors import InputError
from cstool.glossary.places import shipped
from cstool.model.request import CalcRequest
from tests.conftest import Run

Write = Callable[..., str]

ACCOUNTS = "account,segment,starting_mrr,ending_mrr\nA,ent,800,1000\nB,ent,200,0\nC,smb,0,100\n"

KEPT_BASE = """\
- id: kept-base
  term: Kept Base
  acronyms: [KBX]
  category: own
  definition: share of opening revenue that neither left nor shrank within the year
  related: [gross-revenue-retention]
  sources: [own]
  metric:
    name: kept-base
    of: revenue
    formula: (starting - churned) / starting
    unit: percent
    better: higher
    window: 12 months
    example: {starting: 1000, churned: 250, value: 0.75}
"""


def test_a_metric_is_added_by_yaml_alone(write: Write, cstool: Run) -> None:
    own, accounts = write("own.yaml", KEPT_BASE), write("a.csv", ACCOUNTS)
    assert cstool("glossary", "check", own).code == 0
    (match,) = cstool("lookup", "KBX", "--glossary", own, "-f", "json").json["matches"]
    assert (match["id"], match["match"]) == ("kept-base", "acronym")
    assert match["metric"]["formula"] == "(starting - churned) / starting"
    assert cstool("calc", "kept-base", accounts, "--glossary", own, "-f", "value").out == "0.8\n"
    (row,) = cstool("calc", "kbx,nrr", accounts, "--glossary", own, "-f", "json").json
    assert row == {"kept_base": 0.8, "nrr": 1.0}
    direct = cstool("calc", "kept-base", "--set", "starting=4", "--set", "churned=1", "--glossary", own, "-f", "value")
    assert direct.out == "0.75\n"


def test_the_environment_names_the_glossary_and_the_option_goes_before_it(write: Write, cstool: Run) -> None:
    own = write("own.yaml", KEPT_BASE)
    assert cstool("lookup", "kept base", env={"CSTOOL_GLOSSARY": own}).code == 0
    assert cstool("lookup", "kept base", "--exact").code == 1
    other = write("other.yaml", KEPT_BASE.replace("Kept Base", "Held Base"))
    named = cstool("lookup", "kept-base", "--glossary", other, "-f", "json", env={"CSTOOL_GLOSSARY": own})
    assert named.json["matches"][0]["term"] == "Held Base"
    unset = cstool("lookup", "nrr", "-f", "value", env={"CSTOOL_GLOSSARY": ""})
    assert unset.code == 0


def test_the_shipped_terms_stay_beside_the_teams(write: Write, cstool: Run) -> None:
    own = write("own.yaml", KEPT_BASE)
    assert cstool("lookup", "nrr", "--exact", "--glossary", own).code == 0
    compared = cstool("diff", "kbx", "grr", "--glossary", own, "-f", "json").json
    assert (compared["terms"], compared["written"]) == (["kept-base", "gross-revenue-retention"], False)


NRR = """\
- id: net-revenue-retention
  term: Net Revenue Retention
  acronyms: [NRR]
  category: own
  definition: what our finance team calls kept revenue, upgrades left out of it
  sources: [own]
  metric:
    name: nrr
    of: revenue
    formula: (starting - contraction - churned) / starting
    unit: percent
    better: higher
    example: {starting: 10, contraction: 1, churned: 2, value: 0.7}
"""


@pytest.mark.slow
def test_an_entry_of_a_shipped_id_takes_its_place(write: Write, cstool: Run) -> None:
    own = write("own.yaml", NRR)
    assert cstool("glossary", "check", own).out == ""
    (match,) = cstool("lookup", "nrr", "--glossary", own, "-f", "json").json["matches"]
    assert match["definition"] == "what our finance team calls kept revenue, upgrades left out of it"
    assert match["synonyms"] == []
    accounts = write("a.csv", ACCOUNTS)
    assert cstool("calc", "nrr", accounts, "--glossary", own, "-f", "value").out == "0.8\n"
    assert cstool("calc", "nrr", accounts, "-f", "value").out == "1\n"


def test_a_folder_of_files_is_read_whole(write: Write, cstool: Run) -> None:
    write("team/metrics.yaml", KEPT_BASE)
    write("team/deeper/words.yml", NRR)
    write("team/sources.yaml", "- id: wiki\n  title: Our wiki\n  kind: own\n")
    write("team/deeper/.#words.yaml", "an editor's lock")
    folder = str(Path(write("team/notes.txt", "no YAML: [")).parent)
    assert cstool("glossary", "check", folder).out == ""
    assert cstool("lookup", "kept base", "--glossary", folder).code == 0
    assert "our finance team" in cstool("lookup", "nrr", "--glossary", folder).out
    assert cstool("glossary", "path", "--glossary", folder).out.splitlines()[-1] == folder


def test_a_teams_difference_and_sources_are_used(write: Write, cstool: Run) -> None:
    folder = Path(write("team/words.yaml", KEPT_BASE.replace("[own]", "[wiki]"))).parent
    write("team/sources.yaml", "- id: wiki\n  title: Our wiki\n  kind: own\n")
    write(
        "team/differences.yaml",
        "- between: [kept-base, net-revenue-retention]\n  summary: one leaves growth out\n"
        "  aspects: [{aspect: growth, values: {kept-base: out, net-revenue-retention: in}}]\n"
        "  use: the first for the board\n  sources: [wiki]\n",
    )
    assert cstool("glossary", "check", str(folder)).out == ""
    compared = cstool("diff", "nrr", "kbx", "--glossary", str(folder), "-f", "json").json
    assert (compared["written"], compared["summary"]) == (True, "one leaves growth out")


def test_a_glossary_with_terms_stands_alone(tmp_path: Path, cstool: Run) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(shipped(), alone, ignore=shutil.ignore_patterns("terms", "differences.yaml", "schema"))
    (alone / "terms").mkdir()
    entry = KEPT_BASE.replace("  related: [gross-revenue-retention]\n", "")
    (alone / "terms" / "own.yaml").write_text(entry, encoding="utf-8")
    # Measures name terms of the shipped glossary, and input types use parameters of its metrics; neither is here.
    told = cstool("glossary", "check", str(alone)).out.splitlines()
    assert told
    assert all("/measures/" in line or "/shapes/" in line or "kept-base: " in line for line in told)
    assert cstool("lookup", "kbx", "--glossary", str(alone)).code == 0
    assert cstool("lookup", "nrr", "--glossary", str(alone)).code == 1
    assert cstool("glossary", "path", "--glossary", str(alone)).out == f"{alone}\n"
    (tmp_path / "a.csv").write_text(ACCOUNTS, encoding="utf-8")
    ran = cstool("calc", "kept-base", str(tmp_path / "a.csv"), "--glossary", str(alone), "-f", "value")
    assert ran.out == "0.8\n"


HOSTILE = {
    "a file": "read_csv('/etc/passwd')",
    "a text file": "length(content) from read_text('/etc/passwd')",
    "a subquery": "(select count(*) from read_csv('/etc/passwd'))",
    "the environment": "getenv('HOME')",
    "a setting": "current_setting('threads')",
    "a second statement": "1); copy (select 1) to 'stolen.csv'; select (1",
    "a way out of the brackets": "1) from cells; select (1",
    "a union": "1) union select (2",
    "a second column": "1), (2",
    "a clause": "starting) limit (1",
    "an aggregate": "sum(starting)",
    "a window": "row_number() over ()",
    "a parameter": "$1 + starting",
    "all columns": "*",
    "a comment": "starting --",
    "a lambda": "list_transform([1], x -> x)",
    "nothing": "()",
    "brackets without end": "(" * 300 + "starting",
}


def hostile(formula: str) -> str:
    quoted = formula.replace("'", "''")
    return KEPT_BASE.replace("(starting - churned) / starting", f"'{quoted}'")


@pytest.mark.parametrize("formula", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_formula_is_refused(write: Write, formula: str, tmp_path: Path) -> None:
    own = Path(write("own.yaml", hostile(formula)))
    found, _ = check_glossary(own)
    assert found
    assert all(problem.startswith(f"{own}:1") for problem in found)
    with pytest.raises(InputError, match=r"the formula of kept-base|a formula or condition does not fit"):
        Book(own).calc(CalcRequest(("kept-base",), files=(write("a.csv", ACCOUNTS),)))
    assert {file.name for file in tmp_path.iterdir()} == {"own.yaml", "a.csv"}


def test_a_hostile_formula_is_refused_in_a_plain_line(write: Write, cstool: Run) -> None:
    own = write("own.yaml", hostile("(select count(*) from read_csv('/etc/passwd'))"))
    ran = cstool("calc", "kept-base", write("a.csv", ACCOUNTS), "--glossary", own)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == "cstool: the formula of kept-base cannot run: subquery is not allowed in a formula\n"


def test_what_a_teams_entry_says_cannot_act_on_a_terminal(write: Write, cstool: Run) -> None:
    entry = KEPT_BASE.replace("term: Kept Base", 'term: "Kept \\r[bold]Base[/b] \\e[31m"').replace(
        "share of opening", "=share <b>of</b> opening"
    )
    own = write("own.yaml", entry)
    for form in ("table", "json", "jsonl", "csv", "tsv", "md", "value"):
        ran = cstool("lookup", "kbx", "--glossary", own, "-f", form)
        assert ran.code == 0
        assert "\x1b" not in ran.out + ran.err
        assert "\r" not in ran.out
    assert "Kept \\x0d[bold]Base[/b] \\x1b[31m (KBX)" in cstool("lookup", "kbx", "--glossary", own).out
    assert ",'=share <b>of</b> opening revenue" in cstool("lookup", "kbx", "--glossary", own, "-f", "csv").out
    assert r"\=share \<b\>of\</b\> opening" in cstool("lookup", "kbx", "--glossary", own, "-f", "md").out


@pytest.mark.parametrize("to", ["json", "jsonl", "csv", "tsv", "md"])
def test_every_entry_is_exported_whole(cstool: Run, to: str) -> None:
    ran = cstool("glossary", "export", "--to", to)
    assert (ran.code, ran.err) == (0, "")
    if to == "json":
        assert len(ran.json) > 400
        assert {record["id"] for record in ran.json} >= {"net-revenue-retention", "churn"}
        assert next(record for record in ran.json if record["id"] == "churn") == {
            key: value
            for key, value in cstool("lookup", "churn", "-f", "json").json["matches"][0].items()
            if key not in ("match", "score")
        }
    else:
        assert len(ran.out.splitlines()) > 400
        assert "Net Revenue Retention" in ran.out


def test_an_export_is_asked_for_by_format(cstool: Run) -> None:
    assert cstool("glossary", "export").code == 2
    assert cstool("glossary", "export", "--to", "xml").code == 2


@pytest.mark.slow
def test_a_term_and_its_definition_are_an_entry_of_a_team(write: Write, cstool: Run) -> None:
    lines = "- term: {} Call\n  definition: conversation that a team holds on Mondays about odd accounts\n"
    own = write("own.yaml", lines.format("Zebra") + lines.format("Álpha"))
    assert (cstool("glossary", "check", own).out, cstool("glossary", "check", own).err) == (
        "",
        "2 entries, no problems\n",
    )
    (match,) = cstool("lookup", "zebra call", "--glossary", own, "-f", "json").json["matches"]
    assert (match["id"], match["category"], match["sources"]) == ("zebra-call", "own", ["own"])
    assert cstool("lookup", "alpha-call", "--glossary", own, "-f", "json").json["matches"][0]["id"] == "alpha-call"


def test_what_a_term_lacks_is_reported_and_the_entry_counted(write: Write, cstool: Run) -> None:
    own = write("own.yaml", "- term: Zebra Call\n")
    ran = cstool("glossary", "check", own)
    assert (ran.code, ran.out, ran.err) == (1, f"{own}:1: 'definition' is missing\n", "1 entry, 1 problem\n")


def test_a_preset_among_terms_is_sent_to_its_own_file(write: Write, cstool: Run) -> None:
    own = write("own.yaml", "- preset: ours\n  about: our billing\n  columns: {account: [Kunde]}\n")
    (line,) = cstool("glossary", "check", own).out.splitlines()
    assert "put them into presets.yaml in a folder, and give the folder as --glossary" in line


@pytest.mark.parametrize("name", ["Zebra Call", "NRR", "Café: a, b", "#1"])
def test_a_new_entry_passes_the_check_as_it_is(name: str, write: Write, cstool: Run) -> None:
    printed = cstool("glossary", "new", name)
    own = write("own.yaml", printed.out)
    assert cstool("glossary", "check", own).err == "1 entry, no problems\n"
    assert (
        cstool("lookup", name, "--glossary", own, "-f", "json")
        .json["matches"][0]["definition"]
        .startswith("what it is")
    )
    assert ("takes its place" in printed.err) == (name == "NRR")


def test_a_name_without_a_letter_makes_no_entry(cstool: Run) -> None:
    assert cstool("glossary", "new", "???").code == 2
