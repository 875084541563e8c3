"""Metrics of several families in one result, from files that are given or that a project names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

Write = Callable[..., str]

LEDGER = "account,segment,month,mrr\n" + "".join(
    f"A,ent,2025-{m:02},100\nB,smb,2025-{m:02},50\n" for m in range(1, 13)
) + "A,ent,2026-01,120\n"  # fmt: skip
ANSWERS = (
    "account,segment,score,answered_at\nA,ent,5,2026-01-03\nA,ent,4,2026-01-09\nC,gov,2,2026-01-10\n"
    "B,smb,1,2025-12-30\n"
)
TICKETS = (
    "ticket,account,segment,created_at,first_response_minutes\n"
    "1,A,ent,2025-12-04 10:00,30\n2,B,smb,2026-01-05 10:00,50\n3,A,ent,2026-02-02 10:00,10\n"
)
SEATS = "account,segment,seats_purchased,seats_used\nA,ent,10,5\nB,smb,10,10\n"


@pytest.fixture
def project(write: Write) -> str:
    for name, text in {"ledger": LEDGER, "csat": ANSWERS, "tickets": TICKETS, "seats": SEATS}.items():
        write(f"exports/{name}.csv", text)
    return write(
        "cstool.yaml",
        "files:\n  billing: exports/ledger.csv\n  csat: {path: exports/csat.csv, options: {scale: 5}}\n"
        "  tickets: exports/tickets.csv\n  seats: exports/seats.csv\n",
    )


def test_each_metric_comes_from_the_file_that_gives_it(project: str, cstool: Run) -> None:
    ran = cstool("calc", "nrr,csat,ticket-volume,utilization", "--project", project, "-f", "json")
    assert ran.json == [{"period": "2026-01", "nrr": 0.8, "csat": 2 / 3, "ticket_volume": 1, "utilization": 0.75}]
    lines = ran.err.splitlines()
    assert lines[0] == f"project: {project}"
    assert lines[1] == "nrr from @billing; csat from @csat; ticket-volume from @tickets; utilization from @seats"
    assert "2026-01: the newest that every file reaches" in lines[2]
    assert "ledger.csv" in lines[2]
    assert any("seats.csv: no dates, counted as it is" in line for line in lines)


def test_files_that_are_given_need_no_project(project: str, cstool: Run) -> None:
    folder = Path(project).parent / "exports"
    files = [str(folder / name) for name in ("csat.csv", "ledger.csv")]
    ran = cstool("calc", "nrr,csat", *files, "--scale", "5", "-f", "json")
    assert ran.json == [{"period": "2026-01", "nrr": 0.8, "csat": 2 / 3}]
    alone = cstool("calc", "csat", *files, "--scale", "5")
    assert (alone.code, alone.out) == (3, "")  # whoever gives a file thinks that its rows count
    assert "ledger.csv lacks score" in alone.err


def test_a_row_for_each_group_of_any_file(project: str, cstool: Run) -> None:
    ran = cstool("calc", "csat,nrr,ticket-volume", "--by", "segment", "--project", project, "-f", "json")
    assert ran.json == [
        {"segment": "ent", "period": "2026-01", "csat": 1.0, "nrr": 1.2, "ticket_volume": None},
        {"segment": "gov", "period": "2026-01", "csat": 0.0, "nrr": None, "ticket_volume": None},
        {"segment": "smb", "period": "2026-01", "csat": None, "nrr": 0.0, "ticket_volume": 1},
    ]
    total = cstool("calc", "csat,nrr", "--by", "segment", "--total", "--project", project, "-f", "csv")
    assert total.out.splitlines()[-1].startswith("total,2026-01,")


def test_a_series_has_the_periods_of_all_files(project: str, cstool: Run) -> None:
    ran = cstool("calc", "mrr,ticket-volume", "--every", "quarter", "--project", project, "-f", "json")
    assert [(row["period"], row["mrr"], row["ticket_volume"]) for row in ran.json] == [
        ("2025-Q1", 150, None),
        ("2025-Q2", 150, None),
        ("2025-Q3", 150, None),
        ("2025-Q4", 150, 1),
        ("2026-Q1", None, 2),
    ]
    undated = cstool("calc", "mrr,utilization", "--every", "quarter", "--project", project)
    assert undated.code == 2
    assert "seats.csv" in undated.err


def test_a_period_is_that_of_every_dated_file(project: str, cstool: Run) -> None:
    ran = cstool("calc", "mrr,csat,utilization", "--as-of", "2025-12", "--project", project, "-f", "json")
    assert ran.json == [{"period": "2025-12", "mrr": 150, "csat": 0.0, "utilization": 0.75}]
    empty = cstool("calc", "mrr,csat", "--as-of", "2025-11", "--project", project, "-f", "json")
    assert empty.json == [{"period": "2025-11", "mrr": 150, "csat": None}]
    assert "no rows in --as-of 2025-11" in empty.err


def test_companions_stand_in_an_explanation_only(project: str, cstool: Run) -> None:
    short = cstool("calc", "mrr,csat", "--project", project, "-f", "json").json[0]
    assert set(short) == {"period", "mrr", "csat"}
    whole = cstool("calc", "mrr,csat", "--explain", "--project", project, "-f", "json").json[0]
    assert whole["csat_responses"] == whole["responses"] == 3


def test_tables_and_options_of_one_file_are_asked_alone(project: str, cstool: Run) -> None:
    for more in (["nrr,backlog"], ["mrr,csat", "--accounts"], ["mrr,csat", "--set", "nothing=3"]):
        ran = cstool("calc", *more, "--project", project)
        assert (ran.code, ran.out) == (2, "")


def test_a_listed_path_is_read_as_the_project_says_and_an_option_goes_before_it(
    project: str, write: Write, cstool: Run
) -> None:
    file = write("exports/comma.csv", 'account,starting_mrr,ending_mrr\nA,"1,5","3,0"\n')
    text = Path(project).read_text(encoding="utf-8")
    Path(project).write_text(text + '  book: {path: exports/comma.csv, options: {decimal: ","}}\n', encoding="utf-8")
    assert cstool("calc", "nrr", file, "--project", project, "-f", "value").out == "2\n"
    assert cstool("calc", "mrr", "@book", "--project", project, "-f", "value").out == "3\n"
    assert cstool("calc", "nrr", file, "--decimal", ".", "--project", project, "-f", "value").out != "2\n"
    same = cstool("calc", "nrr", file, "--decimal", ",", "-f", "value").out
    assert same == "2\n"
    shown = cstool("columns", "@book", "--project", project, "-f", "json").json
    assert shown["shape"] == "snapshot"
    assert cstool("diff", "grr", "nrr", "--data", "@book", "--project", project).code == 0


def test_names_that_are_none_are_refused(project: str, cstool: Run) -> None:
    ran = cstool("calc", "nrr", "@bill", "--project", project)
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "its files: billing, csat, tickets, seats")
    nothing = cstool("calc", "nrr")
    assert nothing.code == 2
    assert "cstool init" in nothing.err
    assert "cstool init" in cstool("calc", "nrr", "@billing").err
    assert cstool("calc", "logo-churn", "--set", "churn=1", "--project", project).err.count("project") == 0


def test_two_files_that_give_a_metric_are_told_apart_by_feeds(project: str, write: Write, cstool: Run) -> None:
    write("exports/nps.csv", ANSWERS)
    before = Path(project).read_text(encoding="utf-8")
    Path(project).write_text(before + "  nps: exports/nps.csv\n", encoding="utf-8")
    ran = cstool("calc", "csat", "--project", project)
    assert (ran.code, ran.out) == (2, "")
    assert "@csat" in ran.err
    assert "@nps" in ran.err
    assert "feeds: [csat]" in ran.err
    Path(project).write_text(before + "  nps: {path: exports/nps.csv, feeds: nps}\n", encoding="utf-8")
    assert cstool("calc", "csat", "--project", project, "-f", "value").code == 0
    Path(project).write_text(before + "  nps: {path: exports/nps.csv, feeds: nsp}\n", encoding="utf-8")
    wrong = cstool("calc", "csat", "--project", project)
    assert (wrong.code, f"{project}:6: feeds:" in wrong.err) == (3, True)


def test_a_family_can_be_fed(write: Write, cstool: Run) -> None:
    write("a.csv", "account,starting_mrr,ending_mrr\nA,4,3\n")
    write("b.csv", LEDGER)
    project = write("cstool.yaml", "files: {a: {path: a.csv, feeds: revenue}, b: b.csv}\n")
    assert cstool("calc", "nrr", "--project", project, "-f", "value").out == "0.75\n"
    project = write("cstool.yaml", "files: {a: a.csv, b: b.csv}\n")
    assert cstool("calc", "nrr", "--project", project).code == 2


def test_a_pattern_is_one_file(write: Write, cstool: Run) -> None:
    header, *rows = LEDGER.splitlines()
    write("x/jan.csv", "\n".join([header, *rows[:12]]))
    write("x/feb.csv", "\n".join([header, *rows[12:]]))
    project = write("cstool.yaml", "files: {billing: 'x/*.csv'}\n")
    assert cstool("calc", "nrr", "--project", project, "-f", "value").out == "0.8\n"
    project = write("cstool.yaml", "files: {jan: x/jan.csv, feb: x/feb.csv}\n")
    assert cstool("calc", "nrr", "--project", project, "-f", "value").out == "0.8\n"
    assert cstool("calc", "nrr", "@jan", "@feb", "--project", project, "-f", "value").out == "0.8\n"
    write("x/other.csv", SEATS)
    project = write("cstool.yaml", "files: {billing: 'x/*.csv'}\n")
    ran = cstool("calc", "nrr", "--project", project)
    assert (ran.code, "different columns" in ran.err) == (3, True)


def test_a_file_that_is_missing_matters_to_what_needs_it(project: str, cstool: Run) -> None:
    (Path(project).parent / "exports/csat.csv").unlink()
    assert cstool("calc", "nrr", "--project", project, "-f", "value").out == "0.8\n"
    ran = cstool("calc", "csat", "--project", project)
    assert ran.code == 3
    assert "csat.csv: no such file" in ran.err


def test_what_is_due_in_the_future_does_not_set_the_period(project: str, write: Write, cstool: Run) -> None:
    write(
        "exports/due.csv",
        "account,due_date,amount,status,renewed_at\nA,2025-11-01,10,Renewed,2025-10-20\nB,2026-01-09,20,Lost,\n"
        "C,2026-08-01,30,Open,\n",
    )
    text = Path(project).read_text(encoding="utf-8")
    Path(project).write_text(text + "  renewals: exports/due.csv\n", encoding="utf-8")
    ran = cstool("calc", "mrr,renewal-rate", "--project", project, "-f", "json")
    assert ran.json == [{"period": "2026-01", "mrr": 120, "renewal_rate": 0.0}]
