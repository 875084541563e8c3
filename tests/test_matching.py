"""match: which accounts of another file may be meant by those that it does not have."""

from __future__ import annotations

import csv
import io
import random
import shlex
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import Run

Put = Callable[[str, str], str]


@pytest.fixture
def here(cstool: Run, tmp_path: Path) -> Run:
    """The command, run in the folder of the files that `put` writes."""
    return partial(cstool, cwd=tmp_path)


@pytest.fixture
def put(write: Callable[..., str]) -> Put:
    """Writes a file into that folder and gives its name back."""
    return lambda name, text: Path(write(name, text)).name


def ledger(*accounts: str) -> str:
    rows = [f'"{one}",2026-0{month},10' for one in accounts for month in (1, 2)]
    return "\n".join(["customer,month,mrr", *rows, ""])


def crm(*names: str) -> str:
    return "\n".join(["account_id,account,segment", *(f'K-{i},"{one}",x' for i, one in enumerate(names, 1)), ""])


@pytest.mark.parametrize(
    ("left", "right", "why", "least"),
    [
        ("ACME", "Acme", "case", 99),
        ("Acme-Robotics", "Acme Robotics", "punctuation", 98),
        ("Blue Sky", "BlueSky", "punctuation", 98),
        ("Müller Bau", "Muller Bau", "accents or transliteration", 97),
        ("Mueller Bau", "Müller Bau", "accents or transliteration", 97),
        ("Газпром Нефть", "Gazprom Neft", "accents or transliteration", 97),
        ("Straße 7", "Strasse 7", "", 97),
        ("Acme, Inc.", "Acme", "legal form", 95),
        ("Acme Limited", "Acme Ltd", "legal form", 95),
        ("Dupont S.A.R.L.", "Dupont", "legal form", 95),
        ("Smith and Jones", "Jones & Smith Inc", "word order", 92),
        ("Tailspin Toy", "Tailspin Toys", "spelling", 75),
        ("Northwnid Traders", "Northwind Traders", "spelling", 75),
        ("Contoso Europe", "Contoso", "more words: europe", 50),
    ],
)
def test_names_of_one_company_are_proposed_with_the_reason(
    here: Run, put: Put, left: str, right: str, why: str, least: int
) -> None:
    ran = here("match", put("l.csv", ledger(left, "Other")), put("r.csv", crm("Other", right)), "-f", "json")
    assert ran.code == 0, ran.err
    (one,) = ran.json
    assert list(one) == ["alias", "account", "name", "score", "why"]
    assert (one["alias"], one["account"], one["name"]) == (left, "K-2", right)
    assert why in one["why"]
    assert least <= one["score"] <= 99


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Global Partners East", "Global Partners West"),
        ("Widget 2", "Widget 3"),
        ("Plan Z", "Plan B"),
        ("1-23", "12-3"),
        ("A-001", "A-002"),
        ("10.1", "101"),
        ("Acme", "Zenith"),
        ("Delta Air", "Beta Air"),
        ("North Holdings", "South Holdings"),
    ],
)
def test_names_of_two_companies_are_not_proposed(here: Run, put: Put, left: str, right: str) -> None:
    ran = here("match", put("l.csv", ledger(left, "Other")), put("r.csv", crm("Other", right)), "-f", "json")
    assert (ran.code, ran.out) == (1, "")
    assert f"no proposal for {left}" in ran.err


def test_other_legal_forms_are_less_sure(here: Run, put: Put) -> None:
    args = [put("l.csv", ledger("Acme Inc")), put("r.csv", crm("Acme GmbH", "B"))]
    (one,) = here("match", *args, "-f", "json").json
    assert (one["score"], one["why"]) == (75, "another legal form")


def test_two_that_are_as_close_are_both_shown_and_not_taken_without_a_choice(here: Run, put: Put) -> None:
    args = [put("l.csv", ledger("Acme", "B")), put("r.csv", crm("Acme Inc", "Acme GmbH", "B"))]
    ran = here("match", *args, "-f", "csv")
    found = list(csv.DictReader(io.StringIO(ran.out)))
    assert [(one["account"], one["why"]) for one in found] == [
        ("K-1", "legal form; 1 more as close"),
        ("K-2", "legal form; 1 more as close"),
    ]
    used = here("calc", "mrr", *args[:1], "--aliases", put("aliases.csv", ran.out))
    assert (used.code, "'Acme' is 'K-1' on line 2 and 'K-2' on line 3" in used.err) == (3, True)


def test_where_there_is_no_key_the_account_is_the_name(here: Run, put: Put) -> None:
    right = put("r.csv", "account,segment\nAcme,x\nB,x\n")
    (one,) = here("match", put("l.csv", ledger("acme", "B")), right, "-f", "json").json
    assert (one["account"], one["name"]) == ("Acme", "")


def test_ids_are_compared_without_zeros_and_marks_only(here: Run, put: Put) -> None:
    right = put("r.csv", "account_id,account\n123,One\nA001,Two\n")
    found = here("match", put("l.csv", ledger("00123", "A-001")), right, "-f", "json").json
    assert [(one["alias"], one["account"]) for one in found] == [("00123", "123"), ("A-001", "A001")]


@pytest.mark.slow
def test_the_last_line_is_the_next_command_and_it_runs(here: Run, put: Put) -> None:
    put("l.csv", ledger("acme", "=Sum Ltd", "B")), put("r.csv", crm("Acme", "=Sum", "B"))
    ran = here("match", "l.csv", "r.csv", "-f", "csv")
    last = ran.err.splitlines()[-1]
    assert last.startswith("review them, save them as aliases.csv (-f csv), then: cstool calc ")
    put("aliases.csv", ran.out)
    command = shlex.split(last.partition("then: cstool ")[2])
    used = here(*command[:2], *command[2:], "-f", "json", "--window", "1m")
    assert used.code == 0, used.err
    assert "not in r.csv" not in used.err
    again = here("match", "l.csv", "r.csv", "--aliases", "aliases.csv")
    assert (again.code, again.out) == (1, "")
    assert "3 of 3 accounts stand in r.csv" in again.err


def test_the_next_command_after_tickets_counts_tickets(here: Run, put: Put) -> None:
    put("t.csv", "Ticket,Organization,Created\n1,acme,2026-03-01\n2,B,2026-03-02\n"), put("r.csv", crm("Acme", "B"))
    assert "then: cstool calc ticket-volume t.csv" in here("match", "t.csv", "r.csv").err


def test_what_matches_needs_no_proposal(here: Run, put: Put) -> None:
    ran = here("match", put("l.csv", ledger("Acme", "B")), put("r.csv", crm("Acme", "B")))
    assert (ran.code, ran.out) == (1, "")
    assert "2 of 2 accounts stand in r.csv" in ran.err


def test_an_account_that_the_file_has_by_its_own_name_is_named(here: Run, put: Put) -> None:
    (one,) = here(
        "match", put("l.csv", ledger("Acme", "Acme Inc", "B")), put("r.csv", crm("Acme", "B")), "-f", "json"
    ).json
    assert one["why"] == "legal form; the file also has Acme"


def test_columns_can_be_named(here: Run, put: Put) -> None:
    right = put("r.csv", "ref,title\nX1,acme\nX2,b\n")
    args = [put("l.csv", ledger("Acme", "B")), right, "--on", "customer=title"]
    found = here("match", *args, "-f", "json")
    assert [(one["alias"], one["account"]) for one in found.json] == [("Acme", "acme"), ("B", "b")]
    assert "--on customer=title" in found.err.splitlines()[-1]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["l.csv"], 2, "RIGHT"),
        (["l.csv", "nowhere.csv"], 3, "nowhere.csv: no such file"),
        (["l.csv", "l.csv", "--on", "customer"], 2, "--on takes LEFT=RIGHT"),
        (["l.csv", "plain.csv"], 3, "plain.csv: no column names accounts"),
        (["-", "-"], 2, "stdin can be read only once"),
    ],
)
def test_what_cannot_be_matched_is_refused(here: Run, put: Put, args: list[str], code: int, said: str) -> None:
    put("l.csv", ledger("A")), put("plain.csv", "colour,taste\nred,sweet\n")
    ran = here("match", *args)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_companies_of_many_names_are_found_again(here: Run, put: Put) -> None:
    draw = random.Random(7)
    firsts = "Alder Birch Cedar Dogwood Elder Fir Ginkgo Hazel Ivy Juniper Katsura Larch Maple Nutmeg Oak Pine".split()
    lasts = "Analytics Foods Labs Logistics Media Motors Networks Systems Textiles Ventures".split()
    names = [f"{first} {last}" for first in firsts for last in lasts]
    changes: list[Callable[[str], str]] = [
        str.upper,
        lambda name: f"{name}, Inc.",
        lambda name: name.replace(" ", "-"),
        lambda name: " ".join(reversed(name.split())),
        lambda name: f"{name} GmbH & Co. KG",
    ]
    written = {draw.choice(changes)(name): name for name in names}
    found = here("match", put("l.csv", ledger(*written)), put("r.csv", crm(*names)), "-f", "json").json
    assert {one["alias"]: one["name"] for one in found} == written
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
