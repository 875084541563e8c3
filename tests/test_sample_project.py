"""The sample project: exports of one company, of which each metric comes from one file and all accounts are known."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tests.conftest import Run, run_cstool


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("sample") / "acme"
    assert run_cstool("sample", "project", "-o", str(made)).code == 0
    return made


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"exports/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_its_files_have_no_problem_and_all_accounts_match(folder: Path, cstool: Run) -> None:
    ran = cstool("project", "--project", str(folder), "-f", "json")
    assert (ran.code, ran.err.splitlines()[1:]) == (0, [])
    assert {one["name"]: one["shape"] for one in ran.json} == {
        "crm": "accounts",
        "billing": "ledger",
        "renewals": "renewals",
        "deals": "deals",
        "tickets": "tickets",
        "csat": "responses",
        "nps": "responses",
        "usage": "events",
        "seats": "seats",
        "onboardings": "onboardings",
        "milestones": "milestones",
        "goals": "goals",
        "notices": "notices",
        "departures": "departures",
    }
    assert all(one["account"] and one["matched"] for one in ran.json)


ASKED = "nrr,csat,nps,ticket-volume,utilization,renewal-rate,milestone-completion,okr-progress,win-rate,mau"


def test_metrics_of_every_family_are_asked_at_once(folder: Path, cstool: Run) -> None:
    ran = cstool("calc", ASKED, "--project", str(folder), "-f", "json")
    assert ran.code == 0
    (row,) = ran.json
    assert list(row) == ["period", *(name.replace("-", "_") for name in ASKED.split(","))]
    assert sum(value is None for value in row.values()) < 3
    groups = cstool("calc", "nrr,utilization", "--by", "segment", "--project", str(folder), "-f", "json")
    assert {one["segment"] for one in groups.json} == {"SMB", "Mid-Market", "Enterprise"}


@pytest.mark.slow
def test_no_metric_could_come_from_two_of_its_files(folder: Path, cstool: Run) -> None:
    names = [one["name"] for one in cstool("metrics", "-f", "json").json]
    for name in names[::7]:
        ran = cstool("calc", name, "--project", str(folder))
        assert "could come from" not in ran.err, name


def test_those_who_leave_could_be_seen_coming(folder: Path) -> None:
    left = {row["account_id"] for row in rows(folder, "accounts") if row["status"] == "churned"}
    noticed = {row["account_id"] for row in rows(folder, "notices")}
    lost = {row["account_id"]: row["churn_date"] for row in rows(folder, "departures")}
    assert left <= set(lost)
    recent = {key for key in left if lost[key] > "2025-11"}
    assert recent
    assert recent <= noticed
    names = {row["account"]: row["account_id"] for row in rows(folder, "accounts")}
    last = {names[row["account"]] for row in rows(folder, "ledger") if row["month"] == "2026-10"}
    assert last == set(names.values()) - left
    assert {row["account_id"] for row in rows(folder, "seats")} == last


def test_a_folder_with_a_project_is_left_alone(folder: Path, cstool: Run) -> None:
    assert cstool("sample", "project", "-o", str(folder)).code == 2
    assert cstool("sample", "project").code == 2


@pytest.mark.parametrize(
    "kind",
    "tickets responses invitations events seats onboardings renewals deals book milestones goals notices departures"
    " signals ledger subscriptions wide customers".split(),
)
def test_samples_of_other_types_name_the_same_accounts(kind: str, cstool: Run, tmp_path: Path) -> None:
    for name in ("accounts", kind):
        assert cstool("sample", name, "-o", str(tmp_path / f"{name}.csv")).code == 0
    ran = cstool("match", f"{kind}.csv", "accounts.csv", cwd=tmp_path)
    accounts, found = re.findall(r"(\d+) of (\d+) accounts stand in accounts.csv", ran.err)[0]
    assert int(accounts) == int(found) > 3


def test_a_sample_alone_is_the_file_of_the_project(folder: Path, cstool: Run) -> None:
    assert cstool("sample", "tickets").out == (folder / "exports/tickets.csv").read_text(encoding="utf-8")
