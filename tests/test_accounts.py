"""`cstool accounts`: a row an account with what every file tells of it on a day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

OF = ("--project", "cstool.yaml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "crm.csv": "account_id,account,segment,csm\n1,Ash,SMB,Ana\n2,Birch,Mid,Ben\n3,=Elm,SMB,Ana\n",
        "mrr.csv": "account,month,mrr\nAsh,2026-09,10\nAsh,2026-10,15\nBirch,2026-09,20\nOak,2026-10,5\n",
        "tickets.csv": "ticket,account,created at,solved at\n"
        "1,1,2026-09-01,\n2,1,2026-03-01,2026-11-20\n3,Ash,2026-11-21,\n",
        "nps.csv": "account,score,date\n1,9,2026-08-01\n1,4,2026-10-01\n2,7,2026-12-01\n",
        "csat.csv": "account,score,date\n2,5,2026-08-01\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    listed = "".join(f"  {name.partition('.')[0]}: {name}\n" for name in files)
    (tmp_path / "cstool.yaml").write_text(
        f"files:\n{listed}accounts: {{file: crm, key: account_id, name: account}}\n", encoding="utf-8"
    )
    return tmp_path


def test_each_account_is_a_row_with_what_all_files_tell_of_the_day(project: Path, cstool: Run) -> None:
    done = cstool("accounts", *OF, "--as-of", "2026-11-10", "-f", "json", cwd=project)
    rows = {row["account"]: row for row in json.loads(done.out)}
    assert list(rows) == ["Ash", "Birch", "=Elm", "Oak"]
    ash = rows["Ash"]
    assert (ash["account_id"], ash["segment"], ash["mrr"], ash["mrr_change"]) == ("1", "SMB", 15, 5)
    assert ash["customer_since"] == "2026-09-01"
    assert (ash["open_tickets"], ash["tickets_90d"]) == (
        2,
        1,
    )  # solved later: open on that day; opened later: not there
    assert (ash["nps_last_score"], ash["nps_last_score_at"]) == (4, "2026-10-01")
    assert (rows["Birch"]["mrr"], rows["Birch"]["mrr_change"]) == (0, -20)
    assert (rows["Birch"]["nps_last_score"], rows["Birch"]["csat_last_score"]) == (None, 5)
    assert (rows["=Elm"]["mrr"], rows["=Elm"]["open_tickets"]) == (None, 0)  # no amount is known; a count of none is 0
    assert rows["Oak"]["account_id"] is None
    assert "1 account stands in other files only, not in crm.csv: Oak" in done.err
    assert "as of 2026-11-10" in done.err


def test_where_chooses_among_the_rows_and_may_not_read_files(project: Path, cstool: Run) -> None:
    done = cstool(
        "accounts",
        *OF,
        "--as-of",
        "2026-11-10",
        "--where",
        "open_tickets > 1 and csm = 'Ana'",
        "-f",
        "value",
        cwd=project,
    )
    assert done.out.split() == ["Ash"]
    refused = cstool("accounts", *OF, "--where", "account in (select content from read_text('crm.csv'))", cwd=project)
    assert refused.code == 2
    unknown = cstool("accounts", *OF, "--where", "opentickets_ > 1 and nothing = 1", cwd=project)
    assert unknown.code == 3
    assert "there is no column 'nothing'" in unknown.err


def test_names_that_are_formulas_cannot_act_in_a_spreadsheet(project: Path, cstool: Run) -> None:
    assert "'=Elm,3" in cstool("accounts", *OF, "-f", "csv", "-q", cwd=project).out


def test_scores_and_warnings_of_a_project_are_those_of_its_accounts(project: Path, cstool: Run) -> None:
    (project / "weights.yaml").write_text(
        "components: [{column: nps_last_score, weight: 1, low: 0, high: 10}]\n"
        "bands: {red: 0, green: 50}\n"
        "rules: [{rule: busy, when: open_tickets > 1 and segment = 'SMB' and customer_since < as_of}]\n",
        encoding="utf-8",
    )
    of = (*OF, "--as-of", "2026-11-10", "--config", "weights.yaml", "-f", "json")
    scores = cstool("calc", "health-score", *of, cwd=project).json
    assert tuple(scores[0][key] for key in ("account", "health_score", "band")) == ("Ash", 40, "red")
    assert len(scores) == 4
    warnings = cstool("calc", "early-warning", *of, cwd=project)
    assert [(row["account"], row["rule"]) for row in warnings.json] == [("Ash", "busy")]
    assert "as of 2026-11-10: 4 accounts" in warnings.err
