"""`cstool init` writes a project that works at once; `cstool project` says what its files are and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

Write = Callable[..., str]

ACCOUNTS = "account_id,account,segment,csm\n001,Acorn Ltd,SMB,Ines\n002,Birch Inc,ENT,Jo\n003,Cedar,ENT,Jo\n"
LEDGER = "account,month,mrr\nAcorn Ltd,2026-01,10\nBirch Inc,2026-01,20\nAcorn Ltd,2026-02,12\n"
TICKETS = "ticket,account,created_at,first_response_minutes\n1,001,2026-02-03 10:00,30\n2,2,2026-02-04 10:00,50\n"
ANSWERS = "account,score,answered_at\n001,5,2026-02-03\n002,1,2026-02-05\n"


@pytest.fixture
def folder(write: Write) -> Path:
    write("crm.csv", ACCOUNTS)
    write("exports/ledger-2026-01.csv", "\n".join(LEDGER.splitlines()[:3]))
    write("exports/ledger-2026-02.csv", "account,month,mrr\nAcorn Ltd,2026-02,12\n")
    write("exports/csat.csv", ANSWERS)
    write("exports/nps.csv", ANSWERS)
    write("exports/notes.csv", "x,y\nlong,words\n")
    write("exports/deeper/tickets.csv", TICKETS)
    return Path(write("exports/.hidden.csv", TICKETS)).parent.parent


@pytest.mark.slow
def test_a_folder_becomes_a_project_that_works(folder: Path, cstool: Run) -> None:
    ran = cstool("init", cwd=folder)
    assert (ran.code, ran.out) == (0, "")
    text = (folder / "cstool.yaml").read_text(encoding="utf-8")
    assert '  ledger: "exports/ledger-*.csv"  # ledger\n' in text or "ledger-" in text
    assert "feeds: [csat]" in text
    assert "accounts: {file: crm, key: account_id, name: account}" in text
    for words in ("@crm: crm.csv (accounts)", "2 files, ledger", "notes.csv: no input type", "next: cstool project"):
        assert words in ran.err
    assert "tickets" not in text
    listed = cstool("project", "--project", "cstool.yaml", "-f", "json", cwd=folder)
    assert listed.code == 0
    assert {one["shape"] for one in listed.json} == {"accounts", "ledger", "responses"}
    value = cstool("calc", "mrr,csat", "--scale", "5", "--project", "cstool.yaml", "-f", "json", cwd=folder).json
    assert value == [{"period": "2026-02", "mrr": 12, "csat": 0.5}]


def test_files_are_named_by_hand(folder: Path, cstool: Run) -> None:
    assert cstool("init", "exports/deeper/tickets.csv", "crm.csv", cwd=folder).code == 0
    text = (folder / "cstool.yaml").read_text(encoding="utf-8")
    assert "  tickets: exports/deeper/tickets.csv" in text
    assert "ledger" not in text


def test_a_project_is_not_written_over_and_not_without_files(folder: Path, tmp_path: Path, cstool: Run) -> None:
    (folder / "cstool.yaml").write_text("glossary: ours\n", encoding="utf-8")
    ran = cstool("init", cwd=folder)
    assert ran.code == 2
    assert (folder / "cstool.yaml").read_text(encoding="utf-8") == "glossary: ours\n"
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = cstool("init", cwd=empty)
    assert nothing.code == 1
    assert not (empty / "cstool.yaml").exists()


PROJECT = """\
files:
  crm: crm.csv
  billing: exports/ledger-*.csv
  tickets: exports/deeper/tickets.csv
  csat: {path: exports/csat.csv, feeds: [csat], options: {scale: 5}}
accounts: {file: crm, key: account_id, name: account, aliases: aliases.csv}
"""


@pytest.mark.usefixtures("folder")
@pytest.mark.slow
def test_each_file_is_listed_with_what_it_is(write: Write, cstool: Run) -> None:
    write("aliases.csv", "alias,account\n2,002\n")
    file = write("cstool.yaml", PROJECT)
    ran = cstool("project", "--project", file, "-f", "json")
    assert ran.code == 0
    assert [tuple(one.values()) for one in ran.json] == [
        ("crm", "crm.csv", "accounts", "account_id", 3, 3, None, []),
        ("billing", "exports/ledger-*.csv", "ledger", "account", 3, 2, "2026-02", []),
        ("tickets", "exports/deeper/tickets.csv", "tickets", "account", 2, 2, "2026-02-04", []),
        ("csat", "exports/csat.csv", "responses", "account", 2, 2, "2026-02-05", []),
    ]
    assert list(ran.json[0]) == ["name", "path", "shape", "account", "rows", "matched", "until", "problems"]
    table = cstool("project", "--project", file)
    assert "input type" in table.out


@pytest.mark.slow
def test_problems_are_named_and_counted_in_the_exit_code(folder: Path, write: Write, cstool: Run) -> None:
    file = write("cstool.yaml", PROJECT + "health: health.yaml\n")
    (folder / "exports/csat.csv").unlink()
    write("crm.csv", ACCOUNTS + "001,Other,SMB,Ines\n")
    ran = cstool("project", "--project", file, "-f", "json")
    assert ran.code == 1
    problems = {one["name"]: " ".join(one["problems"]) for one in ran.json}
    assert "crm.csv:5: account '001' stands in line 2 too" in problems["crm"]
    assert "1 of 2 accounts is not in @crm: 2" in problems["tickets"]
    assert "no such file" in problems["csat"]
    assert problems["billing"] == ""
    assert f"{file}:7: health.yaml: no such file" in ran.err
    assert f"{file}:6: aliases.csv: no such file" in ran.err


@pytest.mark.usefixtures("folder")
@pytest.mark.slow
def test_a_key_that_is_anothers_name_is_a_problem(write: Write, cstool: Run) -> None:
    write("crm.csv", ACCOUNTS + "Birch Inc,Dune,SMB,Ines\n")
    file = write("cstool.yaml", PROJECT.replace(", aliases: aliases.csv", ""))
    ran = cstool("project", "--project", file, "-f", "json")
    assert "'Birch Inc' is the name of this account and the key of line 5" in " ".join(ran.json[0]["problems"])


def test_without_a_project_its_commands_name_the_way_to_one(cstool: Run) -> None:
    ran = cstool("project")
    assert (ran.code, "cstool init" in ran.err) == (2, True)
