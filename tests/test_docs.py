"""The pages in docs are true: their examples run, and what they name exists."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cstool import calc
from cstool.glossary.places import KINDS, shipped
from cstool.ingest.source import unpacking
from cstool.model.request import CalcRequest
from tests.conftest import ROOT, Run

Write = Callable[..., str]

EXTENDING = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
PAGES = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
REFERRALS = """\
Referred by,Referral date,Won on
A,2026-01-05,2026-03-01
A,2026-01-20,
B,2026-02-11,2026-04-02
C,2026-03-03,
"""


def section(title: str) -> str:
    return EXTENDING.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with all YAML of the page, each list in the file that its first line names."""
    folder = tmp_path_factory.mktemp("ours")
    texts: dict[str, str] = {}
    for block in blocks(EXTENDING, "yaml"):
        named = re.match(r"# ours/(\w+)\.yaml\n", block)
        assert named
        texts[named[1]] = texts.get(named[1], "") + block
    assert set(texts) <= set(KINDS)
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_entries_of_the_page_have_no_problems(ours: str, cstool: Run) -> None:
    ran = cstool("glossary", "check", ours)
    assert (ran.code, ran.out) == (0, "")


def test_a_term_of_the_page_is_found_by_its_names(ours: str, cstool: Run) -> None:
    assert cstool("lookup", "asking for a referral", "--glossary", ours).out.startswith("Referral Ask")


def test_the_input_type_of_the_page_is_recognized_and_computed(ours: str, cstool: Run, tmp_path: Path) -> None:
    (tmp_path / "referrals.csv").write_text(REFERRALS, encoding="utf-8")
    commands = re.findall(r"^    \$ cstool (.+)$", section("Add an input type"), re.MULTILINE)
    columns, series = (
        cstool(*shlex.split(one.replace("ours", ours)), "-f", "json", cwd=tmp_path).json for one in commands
    )
    assert (columns["shape"], columns["metrics"]) == ("referrals", ["referral-conversion"])
    assert [row["referral_conversion"] for row in series] == [0.5, 1, 0]


def test_the_preset_of_the_page_is_recognized(ours: str, cstool: Run, write: Write) -> None:
    file = write("crm.csv", "RefBy,RefOn,WonOn\nA,2026-01-05,2026-03-01\nA,2026-01-20,\n")
    ran = cstool("calc", "referral-conversion", file, "--glossary", ours, "-f", "value")
    assert (ran.out, ran.code) == ("0.5\n", 0)
    assert "--preset our-crm" in ran.err


def test_a_measure_is_added_to_a_relation_by_one_item(tmp_path: Path) -> None:
    whole = tmp_path / "glossary"
    shutil.copytree(shipped(), whole)
    with (whole / "measures" / "revenue.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "    - {measure: largest, empty: undefined, about: MRR of the largest customer, sql: max(ending_mrr)}\n"
        )
    (whole / "terms" / "own.yaml").write_text(
        "- id: largest-share\n  term: Largest Share\n  category: own\n  sources: [own]\n"
        "  definition: percentage of the recurring revenue that the largest customer pays\n"
        "  metric: {name: largest-share, of: revenue, formula: largest / ending, unit: percent, better: lower,\n"
        "    example: {largest: 1, ending: 4, value: 0.25}}\n",
        encoding="utf-8",
    )
    (row,) = calc("largest-share", ROOT / "examples" / "accounts.csv", glossary=whole).rows
    assert 0 < float(str(row["largest_share"])) < 1


def test_the_file_format_of_the_page_is_read_and_refused_by_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(unpacking, "CONVERTERS", [*unpacking.CONVERTERS])
    (code,) = blocks(section("Add a file format"), "python")
    exec(compile(code, "json_lines.py", "exec"), {})
    file = tmp_path / "a.jsonl"
    file.write_text('{"account": "A", "starting_mrr": 100, "ending_mrr": 90.10}\n', encoding="utf-8")
    (row,) = calc("nrr", file).rows
    assert row == {"nrr": pytest.approx(0.901)}
    file.write_text('{"account": "A", "starting_mrr": 100, "ending_mrr": 90}\n{"acc\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"a\.jsonl:2: the line is no JSON object"):
        calc("nrr", file)


def test_the_output_format_of_the_page_prints_an_answer() -> None:
    from cstool.api import Book
    from cstool.render.views.results import result_view

    names: dict[str, Callable[..., str]] = {}
    (code,) = blocks(section("Add an output format"), "python")
    exec(compile(code, "html.py", "exec"), names)
    request = CalcRequest(metrics=("nrr",), files=(str(ROOT / "examples" / "accounts.csv"),), by=("segment",))
    text = names["as_html"](result_view(Book().calc(request)))
    assert text.startswith("<table><tr><th>segment</th><th>nrr</th></tr>\n<tr><td>Enterprise</td><td>0.89")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_what_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for named in re.findall(
        r"`((?:cstool|tests|glossary|docs|benchmarks|cli|metrics|data|render|engines)/[\w./]*)`", prose
    ):
        found = [ROOT / named, ROOT / "cstool" / named]
        assert any(one.exists() for one in found) or "NAME" in named or re.search("[A-Z]{4}", named), named


def test_the_map_has_every_layer() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    folders = [one for one in (ROOT / "cstool").iterdir() if one.is_dir() and one.name[0] not in "_."]
    assert [one.name for one in folders if f"`cstool/{one.name}`" not in text] == []


def test_the_hook_for_teams_runs_the_check(ours: str, cstool: Run) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *words = shlex.split(hook["entry"])
    assert program == "cstool"
    assert cstool(*words, ours).code == 0


def test_what_contributors_are_told_to_run_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:`|^    )make (\w+)", text, re.MULTILINE)) <= targets
    (tests,) = re.findall(r"^test:.*\n\t\$\(PYTHON\) (.+)$", makefile, re.MULTILINE)
    assert tests in (ROOT / "README.md").read_text(encoding="utf-8")
    assert [file for file in re.findall(r"tests/[\w/]+\.py", makefile) if not (ROOT / file).exists()] == []
