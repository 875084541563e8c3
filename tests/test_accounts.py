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
    early = cstool("accounts", *OF, "--as-of", "2020-01-01", "-f", "json", cwd=project).json
    assert (early[0]["mrr"], early[0]["tickets_90d"]) == (None, 0)  # columns stay, whatever the day
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


def test_the_card_of_an_account_has_a_block_a_file_and_what_happened_up_to_the_day(project: Path, cstool: Run) -> None:
    (project / "aliases.csv").write_text("alias,account\nAsh Inc,Ash\n", encoding="utf-8")
    settings = (project / "cstool.yaml").read_text(encoding="utf-8")
    (project / "cstool.yaml").write_text(settings.replace("name: account", "name: account, aliases: aliases.csv"))
    day = (*OF, "--as-of", "2026-11-10", "-f", "json")
    card = cstool("account", "Ash Inc", *day, cwd=project).json
    assert card == cstool("account", "1", *day, cwd=project).json
    assert list(card) == ["account", "account_id", "about", "blocks", "health", "warnings", "timeline"]
    assert card["about"] == {"segment": "SMB", "csm": "Ana"}
    assert [list(one) for one in card["blocks"]] == [["file", "shape", "until", "rows", "metrics"]] * 4
    blocks = {one["file"]: one for one in card["blocks"]}
    assert (blocks["mrr"]["until"], blocks["mrr"]["rows"], blocks["mrr"]["metrics"]["mrr"]) == ("2026-10", 2, 15)
    assert blocks["nps"]["metrics"] == {"last_score": 4, "last_score_at": "2026-10-01"}
    assert blocks["csat"]["rows"] == 0
    assert card["timeline"] == [
        {"date": "2026-10-01", "file": "mrr", "what": "MRR 10 to 15"},
        {"date": "2026-10-01", "file": "nps", "what": "answered 4"},
        {"date": "2026-09-01", "file": "mrr", "what": "MRR 0 to 10"},
        {"date": "2026-09-01", "file": "tickets", "what": "ticket opened: 1"},
        {"date": "2026-08-01", "file": "nps", "what": "answered 9"},
        {"date": "2026-03-01", "file": "tickets", "what": "ticket opened: 2"},
    ]
    assert cstool("account", "Oak", *day, cwd=project).json["account_id"] is None


def test_a_name_of_no_account_or_of_several_is_not_guessed(project: Path, cstool: Run) -> None:
    near = cstool("account", "birsh", *OF, cwd=project)
    assert (near.code, near.out) == (1, "")
    assert "did you mean Birch (2)?" in near.err
    (project / "crm.csv").write_text("account_id,account\n1,Ash\n2,Ash\n", encoding="utf-8")
    several = cstool("account", "Ash", *OF, "@crm", cwd=project)
    assert several.code == 1
    assert "'Ash' is the name of 2 accounts: Ash (1), Ash (2)" in several.err
    refused = cstool("accounts", *OF, cwd=project)  # whose MRR is it?
    assert refused.code == 3
    assert "mrr" in refused.err


def test_goals_are_behind_where_more_of_their_time_has_passed_than_is_reached(tmp_path: Path, cstool: Run) -> None:
    (tmp_path / "goals.csv").write_text(
        "account,key result,start,target,current,set on,due\n"
        "Ash,seats,0,10,4,2026-01-01,2026-12-31\nAsh,logins,0,10,9,2026-01-01,2026-12-31\n",
        encoding="utf-8",
    )
    (tmp_path / "steps.csv").write_text(
        "account,milestone,due,done at\nAsh,Kickoff,2026-02-01,\nAsh,Review,2026-09-01,2026-08-30\n", encoding="utf-8"
    )
    run = ("account", "Ash", "goals.csv", "steps.csv", "--as-of", "2026-07-02", "-f", "json")
    goals, steps = (one["metrics"] for one in cstool(*run, cwd=tmp_path).json["blocks"])
    assert goals["goals_behind"] == 1
    assert [(one["reached"], one["pace"]) for one in goals["plan"]] == [(0.9, "on pace"), (0.4, "behind")]
    assert goals["plan"][0]["time_passed"] == pytest.approx(0.5, abs=0.001)
    assert steps["milestones_late"] == 1
    assert [one["pace"] for one in steps["plan"]] == ["late", "ahead"]  # done only after that day


def test_scores_beside_those_of_an_earlier_list_say_what_moved_them(project: Path, cstool: Run) -> None:
    (project / "weights.yaml").write_text(
        "components:\n"
        "- {column: nps_last_score, weight: 3, low: 0, high: 10}\n"
        "- {column: open_tickets, weight: 1, low: 0, high: 4, better: lower}\n",
        encoding="utf-8",
    )
    earlier = cstool("accounts", *OF, "--as-of", "2026-09-15", "-f", "csv", cwd=project).out
    (project / "earlier.csv").write_text(earlier.replace("Oak,", "Elder,"), encoding="utf-8")
    asked = ("calc", "health-score", *OF, "--config", "weights.yaml", "--since", "earlier.csv")
    ran = cstool(*asked, "--as-of", "2026-11-10", "-f", "json", cwd=project)
    rows = {row["account"]: row for row in ran.json}
    ash = rows["Ash"]  # 3/4 of 90 and 1/4 of 50 became 3/4 of 40 and 1/4 of 50
    assert (ash["health_score_before"], ash["health_score"], ash["health_score_change"]) == (80, 42.5, -37.5)
    assert ash["moved_most"] == "nps_last_score"
    assert (rows["=Elm"]["health_score_change"], rows["=Elm"]["moved_most"]) == (0, None)
    assert (rows["Oak"]["health_score_before"], rows["Oak"]["health_score_change"]) == (None, None)
    (project / "short.csv").write_text("account,open_tickets\nAsh,1\n", encoding="utf-8")
    lacking = cstool(*asked[:-1], "short.csv", cwd=project)
    assert lacking.code == 3
    assert "nps_last_score" in lacking.err
    assert cstool("calc", "nrr", "mrr.csv", "--since", "earlier.csv", cwd=project).code == 2


def test_a_backtest_says_how_many_of_each_band_left_within_the_days(tmp_path: Path, cstool: Run) -> None:
    (tmp_path / "weights.yaml").write_text(
        "components: [{column: utilization, weight: 1, low: 0, high: 1}]\nbands: {red: 0, green: 50}\n",
        encoding="utf-8",
    )
    (tmp_path / "earlier.csv").write_text(
        "account,account_id,renewal_date,days_to_renewal,utilization\n"
        "Ash,1,2026-04-11,100,0.2\nBirch,2,,,0.4\nElm,3,,,0.9\nOak,4,,,0.8\nFir,5,,,\nYew,6,,,0.1\n",
        encoding="utf-8",
    )
    (tmp_path / "gone.csv").write_text(
        "account,churn date,returned at\n1,2026-02-01,\nElm,2026-03-30,\n4,2026-08-01,\nYew,2025-11-01,\n",
        encoding="utf-8",
    )
    asked = ("calc", "health-backtest", "earlier.csv", "--config", "weights.yaml")
    ran = cstool(*asked, "--join", "gone.csv", "--within", "90", "-f", "json", cwd=tmp_path)
    assert ran.json == [
        {"band": "red", "accounts": 2, "left": 1, "share_left": 0.5},
        {"band": "green", "accounts": 2, "left": 1, "share_left": 0.5},
    ]
    assert "red: precision 50.0% (1 of 2 left within 90 days), recall 50.0% (1 of 2 who left)" in ran.err
    assert "earlier.csv: of 2026-01-01, from which it counts days_to_renewal" in ran.err
    assert "1 account had left by 2026-01-01 and is left out" in ran.err
    assert "1 account without a score is left out" in ran.err
    assert cstool(*asked, cwd=tmp_path).code == 2
    (tmp_path / "strangers.csv").write_text("account,churn date\nPine,2026-02-01\n", encoding="utf-8")
    assert cstool(*asked, "--join", "strangers.csv", cwd=tmp_path).code == 3


@pytest.mark.slow
def test_an_input_type_of_a_team_adds_its_columns_and_its_part_of_the_timeline(project: Path, cstool: Run) -> None:
    ours = project / "ours"
    ours.mkdir()
    (ours / "roles.yaml").write_text(
        "- {role: referred_on, kind: date, about: day of the referral, headers: [referred on]}\n"
        "- {role: referral_won, kind: date, about: day it was won, headers: [referral won]}\n",
        encoding="utf-8",
    )
    (ours / "measures.yaml").write_text(
        "- relation: referrals\n  about: referrals\n  measures: [{measure: all, about: all, sql: count(*)}]\n",
        encoding="utf-8",
    )
    shape = (
        "- shape: referrals\n  becomes: referrals\n  about: one row per referral\n  required: [account, referred_on]\n"
        "  optional: [referral_won]\n  unique: []\n  dated: referred_on\n"
        "  happenings: [{on: referred_on, what: recommended us}]\n"
        "  per_account: [{column: referrals_open, about: open ones, sql: SQL, empty: zero}]\n"
    )
    (ours / "shapes.yaml").write_text(shape.replace("SQL", "count(*) filter (where referral_won is null)"))
    (project / "refs.csv").write_text(
        "account,referred on,referral won\n1,2026-10-01,2026-12-01\nAsh,2026-10-02,2026-10-05\n", encoding="utf-8"
    )
    asked = ("crm.csv", "refs.csv", "--as-of", "2026-11-10", "--glossary", "ours", "-f", "json")
    rows = cstool("accounts", *asked, cwd=project).json
    assert [row["referrals_open"] for row in rows] == [1, 0, 0]
    card = cstool("account", "1", *asked, cwd=project).json
    assert [one["what"] for one in card["timeline"]] == ["recommended us", "recommended us"]
    (ours / "shapes.yaml").write_text(shape.replace("SQL", "(select max(content) from read_text('crm.csv'))"))
    refused = cstool("accounts", *asked, cwd=project)
    assert refused.code == 3
    assert "bad-glossary" in refused.err
