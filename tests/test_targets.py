"""Targets through the command: what is met, missed or undefined, and that no broken file makes a green job."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run, run_cstool

LEDGER = """\
month,account,segment,mrr
2026-01,a,SMB,100
2026-01,b,Mid,300
2026-02,a,SMB,100
2026-02,b,Mid,330
2026-03,a,SMB,0
2026-03,b,Mid,330
2026-04,b,Mid,330
"""
TICKETS = """\
ticket,opened_at,first_response_at
1,2026-03-02 10:00,2026-03-02 13:00
2,2026-04-02 10:00,2026-04-02 15:00
3,2026-04-29 10:00,2026-04-29 11:00
"""
TARGETS = """\
- name: keep
  goal: Keep what we have
  kpis:
    - {metric: mrr, target: "300"}
    - {metric: logo-churn, target: <= 3%}
- name: growth
  where: segment <> 'SMB'
  every: quarter
  kpis: [{metric: mrr, target: ">= 330"}]
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    (tmp_path / "targets.yaml").write_text(TARGETS, encoding="utf-8")
    return tmp_path


def test_each_metric_stands_beside_the_period_before_and_its_target(cstool: Run) -> None:
    ran = cstool("targets", "targets.yaml", "ledger.csv", "-f", "json")
    assert ran.code == 0
    assert ran.json == [
        {"name": "keep", "metric": "mrr", "period": "2026-04", "value": 330, "before": 330, "change": 0}
        | {"target": "300", "state": "met"},
        {"name": "keep", "metric": "logo-churn", "period": "2026-04", "value": 0, "before": 0.5, "change": -0.5}
        | {"target": "<= 3%", "state": "met"},
        {"name": "growth", "metric": "mrr", "period": "2026-Q1", "value": 330, "before": None, "change": None}
        | {"target": ">= 330", "state": "met"},
    ]


@pytest.mark.parametrize(("metric", "target", "state"), [("mrr", ">= 331", "missed"), ("mrr", "< 331", "bad")])
def test_a_missed_target_exits_with_one_and_a_wrong_side_is_refused(
    here: Path, cstool: Run, metric: str, target: str, state: str
) -> None:
    write(here, metric, target)
    ran = cstool("targets", "targets.yaml", "ledger.csv", "-f", "csv")
    if state == "bad":
        assert (ran.code, ran.out) == (3, "")
        assert "targets.yaml:2: target '< 331': mrr is better where it is higher; write >=" in ran.err
    else:
        assert (ran.code, ran.out.splitlines()[1].rpartition(",")[2]) == (1, state)


def write(here: Path, metric: str, target: str, more: str = "") -> None:
    text = f"- name: one\n  kpis: [{{metric: {metric}, target: '{target}'}}]\n{more}"
    (here / "targets.yaml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("metric", "target", "said"),
    [
        ("logo-churn", "0.03", "is not in its unit; write it like 90%"),
        ("logo-churn", "$3", "is no number in its unit"),
        ("mrr", "1,00", "is not in its unit; write it like 1,000,000"),
        ("first-response-time", "4", "is not in its unit; write it like 4 h"),
        ("csm-ratio", "40", "needs >= or <=: neither side is better in general"),
        ("mrr-movements", "40", "is a table, and a target needs one number"),
        ("nonsense", "40", "there is no metric 'nonsense'"),
    ],
)
def test_what_does_not_fit_is_named_by_its_line(here: Path, cstool: Run, metric: str, target: str, said: str) -> None:
    write(here, metric, target)
    ran = cstool("targets", "targets.yaml", "ledger.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "targets.yaml:2: " in ran.err
    assert said in ran.err


@pytest.mark.parametrize(("text", "state"), [("<= 1 h", "missed"), ("<= 60 min", "missed"), ("<= 5 hours", "met")])
def test_lengths_of_time_are_written_with_their_unit(here: Path, cstool: Run, text: str, state: str) -> None:
    write(here, "first-response-time", text)
    ran = cstool("targets", "targets.yaml", "tickets.csv", "-f", "json")
    assert (ran.json[0]["period"], ran.json[0]["value"], ran.json[0]["state"]) == ("2026-03", 180, state)


def test_what_is_undefined_is_not_met_and_why_is_said(here: Path, cstool: Run) -> None:
    write(here, "logo-churn", "<= 3%", "  where: segment = 'none'\n")
    ran = cstool("targets", "targets.yaml", "ledger.csv", "-f", "json")
    assert (ran.code, [row["state"] for row in ran.json]) == (1, ["undefined"])
    assert "logo-churn" in ran.err


def test_an_old_export_does_not_pass_for_a_new_one(cstool: Run) -> None:
    ran = cstool("targets", "targets.yaml", "ledger.csv", "--as-of", "2026-06-15", "-f", "json")
    assert ran.code == 1
    assert {(row["period"], row["state"]) for row in ran.json} == {("2026-05", "undefined"), ("2026-Q1", "met")}


@pytest.mark.parametrize("text", ["", "month,account,segment\n2026-01,a,SMB\n", 'month,account,mrr\n2026-01,"a,1\n'])
def test_a_broken_export_exits_with_three_and_prints_no_row(here: Path, cstool: Run, text: str) -> None:
    (here / "ledger.csv").write_text(text, encoding="utf-8")
    ran = cstool("targets", "targets.yaml", "ledger.csv", "-f", "csv")
    assert (ran.code, ran.out) == (3, "")
    assert "Traceback" not in ran.err


def test_a_metric_takes_the_file_that_gives_it(here: Path, cstool: Run) -> None:
    write(here, "first-response-time", "4 h")
    (here / "cstool.yaml").write_text(
        "files: {money: ledger.csv, desk: tickets.csv}\ntargets: targets.yaml\n", encoding="utf-8"
    )
    assert cstool("targets", "--project", "cstool.yaml", "-f", "value").out == "met\n"
    (here / "tickets.csv").unlink()
    ran = cstool("targets", "--project", "cstool.yaml", "-f", "value")
    assert (ran.code, ran.out) == (3, "")
    assert "tickets.csv: no such file" in ran.err


@pytest.mark.slow
def test_the_sample_targets_run_on_the_sample_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_cstool("sample", "project", "-o", str(tmp_path / "acme")).code == 0
    monkeypatch.chdir(tmp_path / "acme")
    ran = run_cstool("targets", "--project", "cstool.yaml", "-f", "json")
    assert list(dict.fromkeys(row["name"] for row in ran.json)) == [
        "onboarding", "adoption", "renewal", "risk", "expansion",
    ]  # fmt: skip
    assert all(row["state"] in ("met", "missed") for row in ran.json)
    assert (
        "Check usage and open tickets of"
        in run_cstool("targets", "--project", "cstool.yaml", "--as-of", "2026-10-31").out
    )


KEPT = """\
- name: keep
  kpis: [{metric: mrr, target: ">= 300"}]
- name: answer
  kpis: [{metric: first-response-time, target: "<= 8 h"}]
"""


def desk(*, until: int = 30) -> str:
    """Tickets of April up to a day, one every other day, each answered after an hour."""
    rows = [f"{day},2026-04-{day:02} 10:00,2026-04-{day:02} 11:00\n" for day in range(2, until + 1, 2)]
    return "ticket,opened_at,first_response_at\n" + "".join(rows)


BREAKS: dict[str, tuple[int, str | None]] = {
    "whole": (0, desk()),
    "quiet at its end": (0, desk(until=22)),
    "missing": (3, None),
    "empty": (3, ""),
    "header only": (3, desk(until=0)),
    "cut in a row": (3, desk()[:-25]),
    "cut in a quote": (3, desk() + '31,"2026-04-30 10'),
    "cut between rows": (1, desk(until=16)),
    "a page of a sign-in instead": (3, "<!DOCTYPE html><html><body>Sign in</body></html>\n"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_no_broken_export_of_a_project_passes(here: Path, cstool: Run, what: str) -> None:
    code, text = BREAKS[what]
    (here / "cstool.yaml").write_text(
        "files: {money: ledger.csv, desk: tickets.csv}\ntargets: targets.yaml\n", encoding="utf-8"
    )
    (here / "targets.yaml").write_text(KEPT, encoding="utf-8")
    (here / "tickets.csv").unlink()
    if text is not None:
        (here / "tickets.csv").write_text(text, encoding="utf-8")
    ran = cstool("targets", "--project", "cstool.yaml", "--as-of", "2026-05-04", "-f", "csv")
    assert ran.code == code
    assert "Traceback" not in ran.err
    assert code == 3 or ran.out.splitlines()[1].endswith("met")
    assert code == 0 or "tickets.csv" in ran.err
    assert code != 1 or "tickets.csv ends on 2026-04-16, 14 days before 2026-04 does" in ran.err
    assert (code == 3) == (ran.out == "")


def test_a_month_that_is_not_complete_is_not_taken(here: Path, cstool: Run) -> None:
    write(here, "first-response-time", "<= 2 h")
    (here / "tickets.csv").write_text(TICKETS.replace("2026-04-29", "2026-04-30"), encoding="utf-8")
    assert cstool("targets", "targets.yaml", "tickets.csv", "-f", "json").json[0]["period"] == "2026-04"
    (here / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    assert cstool("targets", "targets.yaml", "tickets.csv", "-f", "json").json[0]["period"] == "2026-03"


@pytest.mark.parametrize(
    ("metric", "every", "starts", "as_of", "period", "before"),
    [
        ("first-response-time", "week", "january", "2026-05-03", "2026-W18", None),
        ("ticket-volume", "week", "january", "2026-04-26", "2026-W17", 0),
        ("mrr", "quarter", "february", "2026-05-31", "FY2027-Q1", 400),
        ("mrr", "year", "may", "2026-05-31", "FY2026", None),
    ],
)
def test_weeks_and_fiscal_years(
    here: Path, cstool: Run, metric: str, every: str, starts: str, as_of: str, period: str, before: int | None
) -> None:
    (here / "cstool.yaml").write_text(
        f"files: {{money: ledger.csv, desk: tickets.csv}}\nfiscal_year_starts: {starts}\n", encoding="utf-8"
    )
    (here / "tickets.csv").write_text(TICKETS.replace("2026-04-29", "2026-05-01"), encoding="utf-8")
    write(here, metric, "<= 1 h" if metric == "first-response-time" else ">= 1", f"  every: {every}\n")
    ran = cstool("targets", "targets.yaml", "--project", "cstool.yaml", "--as-of", as_of, "-f", "json")
    assert (ran.json[0]["period"], ran.json[0]["before"]) == (period, before), ran.err


def test_recurring_revenue_has_no_weeks(here: Path, cstool: Run) -> None:
    write(here, "mrr", "300", "  every: week\n")
    ran = cstool("targets", "targets.yaml", "ledger.csv")
    assert (ran.code, ran.out) == (3, "")
    assert "targets.yaml:2: mrr: its rows are counted by months here; write every: month" in ran.err
