"""--join: columns of another file by account, for --by and --where."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import cstool as library
from tests.conftest import Run

Write = Callable[..., str]

LEDGER = """\
customer,month,mrr
Acme Ltd,2026-01,100
Acme Ltd,2026-02,120
B-2,2026-01,50
B-2,2026-02,50
Gamma GmbH,2026-01,70
007,2026-02,10
"""
CRM = """\
account_id,account,segment,csm,arr
A-1,Acme Ltd,SMB,Ana,1200
B-2,Beta,Ent,Bo,
C-3,Gamma,SMB,Ana,900
7,Seven,SMB,Ana,900
"""


@pytest.fixture
def here(cstool: Run, tmp_path: Path) -> Run:
    """The command, run in the folder of the files that `put` writes."""
    return partial(cstool, cwd=tmp_path)


@pytest.fixture
def put(write: Write) -> Write:
    """Writes a file into that folder and gives its name back."""
    return lambda name, text: Path(write(name, text)).name


@pytest.fixture
def files(put: Write) -> tuple[str, str]:
    return put("ledger.csv", LEDGER), put("crm.csv", CRM)


def test_accounts_match_the_key_or_the_name_and_others_have_no_group(here: Run, files: tuple[str, str]) -> None:
    ran = here("calc", "mrr", files[0], "--join", files[1], "--by", "segment", "-f", "json")
    assert {row["segment"]: row["mrr"] for row in ran.json} == {"SMB": 120, "Ent": 50, None: 10}
    assert "2 accounts not in crm.csv counted under an empty group, 20.0% of mrr: 'Gamma GmbH', '007'" in ran.err
    assert "joined where customer is account_id or account" in ran.err


def test_a_condition_says_in_one_line_what_it_leaves_out_unmatched(here: Run, files: tuple[str, str]) -> None:
    ran = here("calc", "mrr", files[0], "--join", files[1], "--where", "segment = 'SMB'", "-f", "value")
    assert ran.out == "120\n"
    (line,) = [one for one in ran.err.splitlines() if "left out" in one]
    assert "2 accounts not in crm.csv left out by --where, 20.0% of mrr: 'Gamma GmbH', '007'" in line
    assert "`cstool match ledger.csv crm.csv`" in line


def test_what_other_conditions_leave_out_is_not_counted_as_left_out_for_want_of_a_match(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr,region\nA,2026-01,1,EU\nY,2026-01,3,EU\nZ,2026-01,96,US\n")
    crm = put("c.csv", "account,tier\nA,gold\n")
    ask = partial(here, "calc", "mrr", ledger, "--join", crm, "-f", "value")
    both = ask("--where", "tier = 'gold' and region = 'EU'")
    assert (both.out, "1 account not in c.csv left out by --where, 75.0% of mrr: 'Y'" in both.err) == ("1\n", True)
    either = ask("--where", "tier = 'gold' or region = 'EU'")
    assert (either.out, "1 account not in c.csv left out by --where, 96.0% of mrr: 'Z'" in either.err) == ("4\n", True)
    none = ask("--where", "tier = 'gold' and region = 'EU' and account = 'A'")
    assert (none.out, "left out" in none.err) == ("1\n", False)
    grouped = ask("--where", "region <> 'EU' or account = 'A'", "--by", "tier")
    assert "1 account not in c.csv counted under an empty group, 99.0% of mrr: 'Z'" in grouped.err
    wrong = ask("--where", "tier = 'gold' and region > 5")
    assert (wrong.code, wrong.err.startswith("cstool: ")) == (3, True)


def test_names_that_are_all_but_alike_are_named_only_where_there_are_some(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr\nA,2026-01,1\nZeta,2026-01,2\n")
    ran = here("calc", "mrr", ledger, "--join", put("c.csv", "account,tier\nA,gold\n"), "--by", "tier")
    assert "1 account not in c.csv" in ran.err
    assert "cstool match" not in ran.err


def test_the_file_s_own_column_comes_first_and_accounts_names_the_other(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr,segment\nA,2026-01,1,own\nB,2026-01,2,own\n")
    crm = put("c.csv", "account,segment,tier\nA,x,gold\nB,y,gold\n")
    join = ["--join", crm, "-f", "json"]
    own = here("calc", "mrr", ledger, *join, "--by", "segment", "--by", "tier").json
    assert own == [{"segment": "own", "tier": "gold", "period": "2026-01", "mrr": 3}]
    other = here("calc", "mrr", ledger, *join, "--by", "accounts.segment").json
    assert [(row["accounts.segment"], row["mrr"]) for row in other] == [("x", 1), ("y", 2)]
    where = "accounts.segment = 'x' and segment = 'own' and 'accounts.x' <> \"accounts\".tier"
    assert here("calc", "mrr", ledger, *join, "--where", where).json[0]["mrr"] == 1
    bare = put("b.csv", "account,month,mrr\nA,2026-01,1\nB,2026-01,2\n")
    assert "segment" in here("calc", "mrr", bare, *join, "--by", "accounts.segment").json[0]


def test_an_account_twice_in_the_joined_file_is_refused_with_its_lines(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr\nA,2026-01,1\n")
    crm = put("c.csv", "account,tier\nA,gold\nB,tin\n A ,gold\n")
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier")
    assert (ran.code, ran.out) == (3, "")
    assert "'A' on lines 2, 4" in ran.err


def test_a_key_that_is_another_s_name_is_refused(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr\nX,2026-01,1\nY,2026-01,1\n")
    crm = put("c.csv", "account_id,account,tier\nX,Y,gold\nY,Z,tin\n")
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier")
    assert (ran.code, ran.out) == (3, "")
    assert "'Y' is the account_id of the account on line 3 and the account of another, on line 2" in ran.err
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier", "--on", "account=account_id", "-f", "json")
    assert [(row["tier"], row["mrr"]) for row in ran.json] == [("gold", 1), ("tin", 1)]


def test_an_account_by_its_key_and_by_its_name_is_named_and_proposed_as_one(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr\nA-1,2026-01,1\nAcme,2026-02,1\nB,2026-01,1\nB,2026-02,1\n")
    crm = put("c.csv", "account_id,account,tier\nA-1,Acme,gold\nB,Beta,tin\n")
    ask = partial(here, "calc", "logo-churn", ledger, "--window", "1m", "--join", crm, "--by", "tier", "-f", "json")
    two = ask()
    assert "l.csv: 'A-1' and 'Acme' are one account in c.csv and counted as two" in two.err
    assert {row["tier"]: row["logo_churn"] for row in two.json} == {"gold": 1, "tin": 0}
    proposed = here("match", ledger, crm, "-f", "csv")
    assert proposed.out == "alias,account,name,score,why\nAcme,A-1,Acme,100,key and name of one account\n"
    one = ask("--aliases", put("aliases.csv", proposed.out))
    assert ("counted as two" in one.err, {row["logo_churn"] for row in one.json}) == (False, {0})
    tickets = put("t.csv", "ticket,account,created\n1,A-1,2026-01-01\n2,Acme,2026-01-01\n")
    assert "counted as two" not in here("calc", "ticket-volume", tickets, "--join", crm, "--by", "tier").err


def test_a_name_of_two_accounts_is_refused_where_the_file_uses_it(here: Run, put: Write) -> None:
    crm = put("c.csv", "account_id,account,tier\n1,Acme,gold\n2,Acme,tin\n3,Beta,tin\n")
    used = put("u.csv", "account,month,mrr\nAcme,2026-01,1\n")
    ran = here("calc", "mrr", used, "--join", crm, "--by", "tier")
    assert (ran.code, "'Acme' is the account of several accounts, on lines 2, 3" in ran.err) == (3, True)
    by_key = put("k.csv", "account,month,mrr\n1,2026-01,1\nBeta,2026-01,2\n")
    assert here("calc", "mrr", by_key, "--join", crm, "--by", "tier", "-f", "json").json[1]["mrr"] == 2


@pytest.mark.parametrize(
    ("account", "key"), [("00123", "123"), ("acme", "Acme"), ("Acme Inc.", "Acme Inc"), ("'00123", "00123")]
)
def test_accounts_that_differ_in_case_zeros_or_marks_do_not_match(
    here: Run, put: Write, account: str, key: str
) -> None:
    ledger = put("l.csv", f"account,month,mrr\n{account},2026-01,1\nB,2026-01,2\n")
    crm = put("c.csv", f"account,tier\n{key},gold\nB,tin\n")
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier", "-f", "json")
    assert {row["tier"]: row["mrr"] for row in ran.json} == {"tin": 2, None: 1}
    assert "1 account not in c.csv" in ran.err
    assert "cstool match l.csv c.csv" in ran.err


def test_blanks_around_accounts_and_quote_marks_of_csv_do_not_matter(here: Run, put: Write) -> None:
    ledger = put("l.csv", 'account,month,mrr\n"Acme, Inc",2026-01,1\n B,2026-01,2\n')
    crm = put("c.csv", 'account,tier\n "Acme, Inc",gold\nB ,tin\n\xa0,tin\n')
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier", "-f", "json")
    assert {row["tier"]: row["mrr"] for row in ran.json} == {"gold": 1, "tin": 2}
    assert "1 row has no account, left out" in ran.err


def test_a_join_that_matches_nothing_is_refused(here: Run, put: Write) -> None:
    ledger = put("l.csv", "account,month,mrr\nA,2026-01,1\n")
    crm = put("c.csv", "id,account,tier\n1,acme,gold\n")
    ran = here("calc", "mrr", ledger, "--join", crm, "--by", "tier")
    assert (ran.code, ran.out) == (3, "")
    assert "none of the 1 values of account stands in c.csv as id or account" in ran.err
    assert "--on LEFT=RIGHT" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--join", "{crm}"], "--join: neither --by nor --where names a column that only"),
        (["--join", "{crm}", "--by", "colour"], "there is no column 'colour'"),
        (["--join", "{crm}", "--by", "accounts.colour"], "there is no column 'colour'"),
        (["--join", "{crm}", "--by", "segment", "--on", "customer"], "--on takes LEFT=RIGHT"),
        (["--join", "{crm}", "--by", "segment", "--on", "customer=colour"], "there is no column 'colour'"),
        (["--on", "customer=account"], "--on goes with --join"),
        (["--join", "{crm}", "--by", "segment", "--engine", "spark"], "--join does not work on Spark"),
        (["--join", "{crm}", "--by", "segment", "--sql", "snowflake", "--table", "t"], "--join has no use with --sql"),
        (["--join", "@crm", "--by", "segment"], "@crm: there is no project"),
        (["--join", "nowhere.csv", "--by", "segment"], "nowhere.csv: no such file"),
    ],
)
def test_what_a_join_cannot_do_is_refused(here: Run, files: tuple[str, str], options: list[str], said: str) -> None:
    ran = here("calc", "mrr", files[0], *(one.format(crm=files[1]) for one in options))
    assert (ran.code in (2, 3), ran.out) == (True, "")
    assert said in ran.err


def test_values_need_no_join(here: Run, files: tuple[str, str]) -> None:
    ran = here("calc", "nrr", "--set", "starting=1", "--join", files[1])
    assert (ran.code, "--join needs a file" in ran.err) == (2, True)


# What is joined is as if it stood in the file

SHAPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "ledger": ("nrr,grr,logo-churn,mrr", "account", {"every": "quarter"}),
    "snapshot": ("nrr,grr,logo-churn", "account", {}),
    "wide": ("nrr,mrr,churned-mrr", "account", {"every": "month"}),
    "subscriptions": ("nrr,mrr,logo-churn", "account", {"every": "year"}),
    "invoices": ("mrr,net-new-mrr", "account", {"every": "month"}),
    "mrr-changes": ("nrr,mrr", "customer_id", {}),
    "mrr-deltas": ("nrr,mrr", "customer_id", {"accounts": True}),
    "customers": ("logo-churn", "customer", {"every": "month"}),
    "renewals": ("renewal-rate,logo-renewal-rate", "account_id", {"every": "quarter"}),
    "seats": ("utilization", "account_id", {"accounts": True}),
    "book": ("accounts-per-csm", "account_id", {}),
}


def _written_and_joined(text: str, account: str, seed: int, folder: Path) -> tuple[Path, Path, Path]:
    """The file, the same file with a column `tier`, and a list of accounts that has it, in mixed order."""
    draw = random.Random(seed)
    rows = list(csv.DictReader(io.StringIO(text)))
    names = list(dict.fromkeys(row[account] for row in rows))
    tiers = {name: draw.choice(["gold", "tin", "Zinn", ""]) for name in names}
    known = [name for name in names if draw.random() < 0.9] or names
    listed = [
        # The file names an account by its key or by its name.
        (f"K{i}", name, tiers[name]) if draw.random() < 0.5 else (name, f"Name {i}", tiers[name])
        for i, name in enumerate(known)
    ]
    listed += [(f"X{i}", f"Other {i}", "gold") for i in range(3)]
    draw.shuffle(listed)
    plain, written, crm = (folder / f"{name}.csv" for name in ("plain", "written", "crm"))
    _write(plain, list(rows[0]), [list(row.values()) for row in rows])
    told = {name: tiers[name] if name in known else "" for name in names}
    _write(written, [*rows[0], "tier"], [[*row.values(), told[row[account]]] for row in rows])
    padded = [[f" {key}" if draw.random() < 0.3 else key, name, tier] for key, name, tier in listed]
    _write(crm, ["account_id", "account_name", "tier"], padded)
    return plain, written, crm


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target)
        writer.writerow(header)
        writer.writerows(rows)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_joined_column_groups_and_selects_as_one_of_the_file_itself(
    cstool: Run, tmp_path: Path, shape: str, seed: int
) -> None:
    metrics, account, more = SHAPES[shape]
    plain, written, crm = _written_and_joined(cstool("sample", shape).out, account, seed, tmp_path)
    asked = dict(more)
    own = library.calc(metrics, written, by="tier", **asked).rows
    assert library.calc(metrics, plain, by="tier", join=crm, **asked).rows == own
    where = "tier = 'gold' or coalesce(tier, 'z') > 'r'"
    chosen = library.calc(metrics, written, where=where, **asked).rows
    assert library.calc(metrics, plain, where=where, join=crm, **asked).rows == chosen
    # What is not grouped is what it was.
    total = library.calc(metrics, plain, **asked).rows
    assert library.calc(metrics, plain, where="tier is null or tier is not null", join=crm, **asked).rows == total


# In a project

PROJECT = """\
files:
  crm: crm.csv
  billing: ledger.csv
  csat: {path: csat.csv, options: {scale: 5}}
accounts: {file: crm, key: account_id, name: account, aliases: aliases.csv}
"""


@pytest.fixture
def project(put: Write, here: Run) -> Run:
    """The command in the folder of a project of three files."""
    put("crm.csv", CRM), put("ledger.csv", LEDGER), put("cstool.yaml", PROJECT)
    put("aliases.csv", "alias,account\nGamma GmbH,C-3\n")
    put("csat.csv", "account,segment,score,answered_at\nAcme Ltd,?,5,2026-02-03\nB-2,?,1,2026-02-04\n")
    return lambda *args: here(*args, "--project", "cstool.yaml", "-f", "json")


def test_a_project_joins_its_accounts_file_where_a_column_is_asked_for(project: Run) -> None:
    ran = project("calc", "mrr", "@billing", "--by", "csm", "--as-of", "2026-01")
    assert {row["csm"]: row["mrr"] for row in ran.json} == {"Ana": 170, "Bo": 50}
    assert ran.err.startswith("project: cstool.yaml\n")
    # A file that the project does not list has its accounts all the same.
    other = project("calc", "mrr", "ledger.csv", "--where", "segment = 'Ent'")
    assert other.json[0]["mrr"] == 50
    assert "--join" not in project("calc", "mrr", "@billing").err


def test_several_families_are_grouped_by_the_accounts_file(project: Run) -> None:
    ran = project("calc", "mrr,csat", "@billing", "@csat", "--by", "segment", "--as-of", "2026-02")
    assert ran.code == 0, ran.err
    found = {row["segment"]: (row["mrr"], row["csat"]) for row in ran.json}
    assert found == {"SMB": (120, 1), "Ent": (50, 0), None: (10, None)}
    only = project("calc", "mrr,csat", "@billing", "@csat", "--where", "segment = 'SMB'", "--as-of", "2026-02")
    assert [(row["mrr"], row["csat"]) for row in only.json] == [(120, 1)]


@pytest.mark.slow
def test_the_library_takes_a_project_that_is_named(project: Run, tmp_path: Path) -> None:
    asked: dict[str, Any] = {"by": "segment", "as_of": "2026-02"}
    shown = project("calc", "mrr,csat", "--by", "segment", "--as-of", "2026-02").json
    for where in (tmp_path, tmp_path / "cstool.yaml"):
        assert library.calc("mrr,csat", project=where, **asked).rows == shown
    named = library.calc("mrr", "@billing", where="csm = 'Bo'", project=tmp_path)
    assert [row["mrr"] for row in named.rows] == [50]
    assert library.calc("nrr", given={"starting": 2, "churned": 1, "contraction": 0, "expansion": 0}, project=tmp_path)
    with pytest.raises(library.UsageError, match="has no file of that name"):
        library.calc("mrr", "@nothing", project=tmp_path)
    with pytest.raises(library.InputError, match="no such project"):
        library.calc("mrr", project=tmp_path / "nowhere.yaml")


@pytest.mark.slow
def test_columns_shows_all_files_of_a_project(project: Run, here: Run) -> None:
    shown = project("columns")
    assert [(one["file"], one["shape"]) for one in shown.json] == [
        ("crm.csv", "accounts"),
        ("ledger.csv", "ledger"),
        ("csat.csv", "responses"),
    ]
    assert shown.json[1] == project("columns", "@billing").json
    without = here("columns")
    assert (without.code, "`cstool init` writes a project" in without.err) == (2, True)


def test_a_difference_in_a_project_takes_its_aliases(project: Run, put: Write) -> None:
    put("ledger.csv", LEDGER + "C-3,2026-02,77\n")
    shown = project("diff", "nrr", "grr", "--data", "ledger.csv", "--window", "1m")
    assert shown.json["data"]["rows"][0]["nrr"] == pytest.approx((120 + 50 + 77) / (100 + 50 + 70))


def test_files_of_a_project_are_joined_and_matched_by_name(project: Run) -> None:
    joined = project("calc", "mrr", "ledger.csv", "--join", "@crm", "--by", "csm", "--as-of", "2026-01")
    assert {row["csm"]: row["mrr"] for row in joined.json} == {"Ana": 170, "Bo": 50}
    found = project("match", "@billing", "@crm")
    assert [(one["alias"], one["account"]) for one in found.json] == [("007", "7")]  # the alias of Gamma is settled
    last = found.err.splitlines()[-1]
    assert last.startswith("review them, add them to aliases.csv, then: cstool calc nrr @billing --join @crm")


def test_one_of_several_columns_of_a_name_is_named_by_its_place(here: Run, put: Write) -> None:
    args = [put("l.csv", "account,month,mrr\nB,2026-01,6\n"), "--join", put("c.csv", "account,tier,tier\nB,x,y\n")]
    refused = here("calc", "mrr", *args, "--by", "tier")
    assert (refused.code, "accounts.#2 or accounts.#3" in refused.err) == (3, True)
    assert here("calc", "mrr", *args, "--by", "accounts.#3", "-f", "csv").out.splitlines()[1] == "y,2026-01,6"
