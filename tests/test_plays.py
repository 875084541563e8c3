"""Plays through the command: the same rules give the same tasks, and no name can break a file of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run, run_cstool

ACCOUNTS = """\
account,account_id,csm,mrr,renewal_date,days_to_renewal,health_score,open_tickets
Acme,A-1,Ana,1200.50,2026-12-20,23,60,4
"Bolt, Inc",A-2,,100,2027-12-01,369,90,0
Cora,A-3,Ben,50,2026-12-01,4,40,1
Dora,A-4,Ben,50,,,40,9
"""
PLAYS = """\
- play: renewal at risk
  when: days_to_renewal between 0 and 90 and health_score < 75
  once: [account, renewal_date]
  owner: csm
  outcome: renewed at or above the old price
  tasks:
    - {do: "Check usage of {account}", due: +1 workday, priority: A}
    - {do: "Ask the sponsor about plans", due: renewal_date - 60 days, priority: B}
- play: many tickets
  when: open_tickets >= 4
  owner: {name: Zoe}
  tasks:
    - {do: "Call {account} about {open_tickets} tickets", due: +1 week}
- holidays: [2026-11-30]
"""
DAY = "2026-11-27"  # a Friday


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "plays.yaml").write_text(PLAYS, encoding="utf-8")
    return tmp_path


def asked(*more: str, day: str = DAY) -> list[str]:
    return ["plays", "accounts.csv", "--plays", "plays.yaml", "--as-of", day, *more]


def test_a_rule_becomes_tasks_with_due_days_owners_and_reasons(cstool: Run) -> None:
    ran = cstool(*asked("-f", "json"))
    assert [list(row) for row in ran.json] == [
        ["id", "play", "account", "task", "due", "owner", "priority", "why"] for _ in range(6)
    ]
    first, second, *_, last = ran.json
    assert first | {"id": ""} == {
        "id": "",
        "play": "renewal at risk",
        "account": "Acme",
        "task": "Check usage of Acme",
        "due": "2026-12-01",  # Monday is a holiday
        "owner": "Ana",
        "priority": "A",
        "why": "days_to_renewal = 23, health_score = 60",
    }
    assert (second["due"], last["owner"], last["due"]) == ("2026-10-21", "Zoe", "2026-12-04")
    assert "2026-10-21 (late)" in cstool(*asked()).out
    assert ran.err.splitlines() == [
        "as of 2026-11-27",
        "'renewal at risk' cannot be judged in 1 account: a value is blank",
    ]


def test_a_day_later_open_tasks_are_unchanged_and_finished_ones_gone(cstool: Run, here: Path) -> None:
    (first,) = {cstool(*asked("-f", "todo")).out, cstool(*asked("-f", "todo")).out}
    done, edited, *rest = first.splitlines()
    edited = edited.replace("(B)", "(C)") + " @phone"
    (here / "todo.txt").write_text(
        "\n".join([f"x 2026-11-27 {done}", edited, "Buy milk", *rest]) + "\n", encoding="utf-8"
    )
    (here / "accounts.csv").write_text(
        ACCOUNTS.replace("100,2027-12-01,369,90,0", "100,2027-12-01,369,90,5"), encoding="utf-8"
    )
    later = asked("--tasks", "todo.txt", day="2026-11-28")
    ran = cstool(*later, "-f", "todo")
    lines = ran.out.splitlines()
    assert [line for line in lines if "Bolt" not in line] == [edited, *rest]
    assert len([line for line in lines if "Bolt" in line]) == 1
    assert "1 task finished before" in ran.err
    assert "1 line is not of plays" in ran.err
    rows = cstool(*later, "-f", "json").json
    assert [row["due"] for row in rows if row["account"] == "Acme"] == ["2026-10-21", "2026-12-04"]
    assert cstool(*later, "-o", "todo.txt").code == 2
    (here / "done.txt").write_text(f"x {done}\n", encoding="utf-8")
    (here / "todo.txt").write_text("\n".join([edited, *rest]) + "\n", encoding="utf-8")
    assert cstool(*later, "--tasks", "done.txt", "-o", "todo.txt").code == 0
    assert (here / "todo.txt").read_text(encoding="utf-8") == ran.out


@pytest.mark.parametrize("form", ["json", "csv"])
def test_open_tasks_of_json_and_csv_keep_their_due_day(cstool: Run, here: Path, form: str) -> None:
    (here / "tasks").write_text(cstool(*asked("-f", form)).out, encoding="utf-8")
    before = cstool(*asked("-f", "json")).json
    (here / "accounts.csv").write_text(ACCOUNTS.replace("23,60,4", "18,61,4"), encoding="utf-8")
    assert cstool(*asked("--tasks", "tasks", "-f", "json", day="2026-12-02")).json == before


def test_since_leaves_only_accounts_for_which_the_rule_did_not_hold(cstool: Run, here: Path) -> None:
    earlier = ACCOUNTS.replace("23,60,4", "24,80,4").replace("Cora,A-3,Ben,50,2026-12-01,4,40,1\n", "")
    (here / "earlier.csv").write_text(earlier, encoding="utf-8")
    rows = cstool(*asked("--since", "earlier.csv", "-f", "json")).json
    assert [(row["play"], row["account"]) for row in rows] == [
        ("renewal at risk", "Acme"),
        ("renewal at risk", "Acme"),
        ("renewal at risk", "Cora"),
        ("renewal at risk", "Cora"),
    ]
    (here / "earlier.csv").write_text(earlier.replace("open_tickets", "tickets"), encoding="utf-8")
    ran = cstool(*asked("--since", "earlier.csv"))
    assert ran.code == 3
    assert "no column open_tickets" in ran.err


def test_faults_are_named_by_file_and_line(cstool: Run, here: Path) -> None:
    faulty = PLAYS.replace("health_score < 75", "helth_score < 75").replace("Call {account}", "Call {acount}")
    faulty = faulty.replace("renewal_date - 60", "csm - 60")
    (here / "plays.yaml").write_text(faulty, encoding="utf-8")
    ran = cstool(*asked())
    assert (ran.code, ran.out) == (3, "")
    assert "plays.yaml:2: play 'renewal at risk': no column helth_score (did you mean health_score?)" in ran.err
    assert "plays.yaml:8: play 'renewal at risk': csm holds no days" in ran.err
    assert "plays.yaml:13: play 'many tickets': {acount} is no column" in ran.err
    (here / "plays.yaml").write_text(PLAYS.replace("+1 week", "soon!").replace("once:", "ones:"), encoding="utf-8")
    ran = cstool(*asked())
    assert ran.code == 3
    assert "plays.yaml:3: unknown key 'ones'" in ran.err
    assert "plays.yaml:13" in ran.err


def test_check_finds_what_is_odd(cstool: Run, here: Path) -> None:
    odd = PLAYS.replace("open_tickets >= 4", "open_tickets >= 4 and mrr > 9").replace("  owner: csm\n", "")
    never = "- {play: never, when: mrr < 0, owner: csm, tasks: [{do: Sleep}]}\n"
    (here / "plays.yaml").write_text(odd + never, encoding="utf-8")
    ran = cstool(*asked("--check", "-f", "json"))
    assert ran.code == 1
    assert [(one["line"], one["problem"]) for one in ran.json] == [
        (1, "its tasks have no owner"),
        (8, "holds together with 'renewal at risk' for Acme"),
        (14, "holds for none of 4 accounts"),
    ]
    assert cstool(*asked("--check", "-f", "json", day="2026-11-28")).out == ran.out


def test_a_condition_reads_no_file_and_fits_its_columns(cstool: Run, here: Path) -> None:
    for condition, said in (
        ("(select count(*) from read_csv('/etc/passwd')) > 0", "not allowed"),
        ("csm > 3", "a comparison does not fit its columns: csm holds texts"),
        ("getenv('HOME') = ''", "not allowed"),
    ):
        (here / "plays.yaml").write_text(PLAYS.replace("open_tickets >= 4", f'"{condition}"'), encoding="utf-8")
        ran = cstool(*asked())
        assert ran.code == 3
        assert said in ran.err


HOSTILE = "=cmd() x due:2020-01-01 id:no @home +you, a; b\\c\n(A) \x1b[31m\u202e" + "ü" * 60


@pytest.fixture
def hostile(here: Path) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([["account", "csm", "open_tickets"], [HOSTILE, HOSTILE, 9]])
    (here / "accounts.csv").write_text(out.getvalue(), encoding="utf-8")
    (here / "plays.yaml").write_text(
        '- {play: "p\\n: q", when: open_tickets > 1, owner: csm, tasks: [{do: "Call {account}", due: +1 day}]}\n',
        encoding="utf-8",
    )


@pytest.mark.usefixtures("hostile")
def test_no_name_breaks_a_todo_file(cstool: Run, here: Path) -> None:
    (line,) = cstool(*asked("-f", "todo")).out.splitlines()
    words = line.split(" ")
    assert [word for word in words if word[0] in "+@" or (":" in word[1:-1])] == words[-4:]
    assert words[-2] == "due:2026-11-28"
    assert "\x1b" not in line
    (here / "todo.txt").write_text(line + "\n", encoding="utf-8")
    assert cstool(*asked("-f", "todo", "--tasks", "todo.txt", day="2026-12-24")).out == line + "\n"


@pytest.mark.usefixtures("hostile")
def test_a_calendar_is_read_back_by_another_program(cstool: Run) -> None:
    icalendar = pytest.importorskip("icalendar")
    ran = cstool(*asked("-f", "ics"))
    raw = ran.out.encode()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.count(b"\n") == raw.count(b"\r\n")
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["UID"]) == cstool(*asked("-f", "json")).json[0]["id"]
    assert str(event["SUMMARY"]) == f"Call {HOSTILE}".replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    assert event.decoded("DTSTART").isoformat() == "2026-11-28"


@pytest.mark.slow
@pytest.mark.usefixtures("hostile")
@pytest.mark.skipif(not shutil.which("task"), reason="Taskwarrior is not installed")
def test_taskwarrior_imports_tasks_twice_as_the_same(cstool: Run, here: Path) -> None:
    text = cstool(*asked("-f", "taskwarrior")).out
    settings = ["task", f"rc.data.location={here}", "rc.confirmation=no", "rc:/dev/null"]
    for _ in range(2):
        subprocess.run([*settings, "import"], input=text, text=True, check=True, capture_output=True, encoding="utf-8")
    exported = subprocess.run(
        [*settings, "export"], text=True, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    (task,) = json.loads(exported)
    assert task["uuid"] == json.loads(text)[0]["uuid"]
    (here / "done.json").write_text(exported.replace('"pending"', '"completed"'), encoding="utf-8")
    assert cstool(*asked("-f", "json", "--tasks", "done.json")).json == []
    (here / "open.json").write_text(exported, encoding="utf-8")
    assert cstool(*asked("-f", "json", "--tasks", "open.json", day="2026-12-05")).json[0]["due"] == "2026-11-28"


def test_a_list_of_own_columns_is_taken_as_it_is(cstool: Run, here: Path) -> None:
    (here / "accounts.csv").write_text(cstool("sample", "signals").out, encoding="utf-8")
    (here / "health.yaml").write_text(cstool("sample", "health-config").out, encoding="utf-8")
    (here / "plays.yaml").write_text(
        "- {play: fell, rule: usage fell by half, tasks: [{do: 'Call {account}, at {weekly_users} users'}]}",
        encoding="utf-8",
    )
    warned = cstool(
        "calc", "early-warning", "accounts.csv", "--config", "health.yaml", "--as-of", "2026-10", "-f", "json"
    )
    fell = [row["account"] for row in warned.json if row["rule"] == "usage fell by half"]
    rows = cstool(*asked("--config", "health.yaml", "-f", "json")).json
    assert sorted(row["account"] for row in rows) == sorted(fell)
    assert rows[0]["due"] is rows[0]["owner"] is rows[0]["priority"] is None


def test_a_list_keeps_the_columns_that_plays_name_and_has_an_account_once(cstool: Run, here: Path) -> None:
    seats = "account,seats_purchased,seats_used,csm\nAcme,10,2,Ana\nBolt,10,9,Ben\n"
    (here / "accounts.csv").write_text(seats, encoding="utf-8")
    play = "- {{play: low, when: {}, owner: {}, tasks: [{{do: Call}}]}}"
    (here / "plays.yaml").write_text(play.format("seats_used < 5", "csm"), encoding="utf-8")
    assert [row["owner"] for row in cstool(*asked("-f", "json")).json] == ["Ana"]
    (here / "plays.yaml").write_text(play.format("utilization < 0.5", "{name: Zoe}"), encoding="utf-8")
    assert [row["account"] for row in cstool(*asked("-f", "json")).json] == ["Acme"]
    (here / "accounts.csv").write_text(f"{ACCOUNTS}Acme,A-1,Ana,9,,,,\n", encoding="utf-8")
    (here / "plays.yaml").write_text(PLAYS, encoding="utf-8")
    ran = cstool(*asked())
    assert (ran.code, "'A-1' stands on lines 2 and 6" in ran.err) == (3, True)


# On the files of a project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("plays") / "acme"
    assert run_cstool("sample", "project", "-o", str(made)).code == 0
    return made


@pytest.mark.slow
def test_the_sample_plays_run_on_the_sample_project_and_have_no_fault(cstool: Run, project: Path) -> None:
    assert cstool("sample", "plays").out == (project / "plays.yaml").read_text(encoding="utf-8")
    checked = cstool("plays", "--project", str(project), "--as-of", "2026-10-31", "--check", "-f", "json")
    assert (checked.code, checked.json) == (0, [])


@pytest.mark.slow
def test_the_accounts_of_files_and_their_list_give_the_same_tasks(cstool: Run, project: Path, here: Path) -> None:
    of = ("--project", str(project), "--as-of", "2026-10-31")
    (here / "list.csv").write_text(cstool("accounts", *of, "-f", "csv").out, encoding="utf-8")
    rows = cstool("plays", *of, "-f", "json").json
    assert {row["play"] for row in rows} == {"renewal at risk", "renewal near", "save", "behind plan"}
    assert cstool("plays", "list.csv", *of, "-f", "json").json == rows
    some = [str(project / f"exports/{name}.csv") for name in ("accounts", "milestones", "notices", "ledger")]
    less = cstool("plays", *some, *of, "-f", "json")
    assert (less.code, "csat_last_score" in less.err) == (3, True)
    (here / "late.yaml").write_text(
        "- {play: late, when: milestones_late > 0, owner: csm, tasks: [{do: 'Call {account}'}]}", encoding="utf-8"
    )
    assert cstool("plays", *some, *of, "--plays", "late.yaml", "-f", "json").code == 0


@pytest.mark.slow
def test_an_account_shows_its_open_plays(cstool: Run, project: Path) -> None:
    ran = cstool("account", "Harbor Ltd", "--project", str(project), "--as-of", "2026-10-31")
    assert "Ask Harbor Ltd what would have to change" in ran.out.partition("Open plays")[2]
