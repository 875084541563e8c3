"""A list of accounts is an input type of its own, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from tests.conftest import Run

LISTS = {
    "whole": "account_id,account,segment,csm,plan,renewal_date,customer_since,arr,status\n"
    "1,Acorn,SMB,Ines,Pro,2026-12-01,2024-11-01,1200,active\n2,Birch,ENT,Jo,Pro,2027-02-01,2025-01-01,2400,active\n",
    "CRM": "Id,Name,Segment,Owner\n1,Acorn,SMB,Ines\n2,Birch,ENT,Jo\n",
    "two columns": "account,segment\n1,SMB\n2,ENT\n",
    "Customer": "Customer ID,Customer Name,Customer Success Manager,Customer Since\n1,Acorn,Ines,2024-01-05\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_accounts_is_known(name: str, cstool: Run) -> None:
    found = cstool("columns", "-", "-f", "json", stdin=LISTS[name]).json
    assert found["shape"] == "accounts"
    assert "account" in found["roles"]
    assert found["unused"] == []


OTHERS = {
    "snapshot": "account,segment,csm,plan,starting_mrr,ending_mrr\nA,SMB,Ines,Pro,10,12\n",
    "subscriptions": "account,segment,plan,csm,start_date,end_date,mrr,status\n"
    "A,SMB,Pro,Jo,2026-01-01,2026-02-01,10,canceled\nB,SMB,Pro,Jo,2026-01-01,,10,active\n",
    "signals": "account,segment,weekly_users,open_tickets,nps_answer\nA,SMB,3,0,9\n",
    "seats": "account,segment,csm,seats_purchased,seats_used\nA,SMB,Ines,10,5\n",
}


@pytest.mark.parametrize("shape", OTHERS)
def test_other_files_with_columns_of_accounts_are_what_they_were(shape: str, cstool: Run) -> None:
    found = cstool("columns", "-", "-f", "json", stdin=OTHERS[shape]).json
    assert found["shape"] != "accounts"
    if shape != "signals":
        assert found["shape"] == shape


def test_the_input_type_can_be_named(cstool: Run) -> None:
    found = cstool("columns", "-", "--shape", "accounts", "-f", "json", stdin=OTHERS["seats"]).json
    assert found["shape"] == "accounts"


def test_the_sample_lists_the_accounts_of_the_ledger(cstool: Run) -> None:
    accounts = cstool("sample", "accounts").out.splitlines()
    assert cstool("columns", "-", "-f", "json", stdin="\n".join(accounts)).json["shape"] == "accounts"
    names = {line.split(",")[1]: line.split(",") for line in accounts[1:]}
    ledger = [line.split(",") for line in cstool("sample", "ledger").out.splitlines()[1:]]
    assert {row[1] for row in ledger} <= set(names)
    assert all(names[row[1]][2] == row[2] for row in ledger)
    last = {row[1]: int(row[4]) for row in ledger if row[0] == "2026-10"}
    assert {name: int(row[7]) for name, row in names.items() if row[8] == "active"} == {
        name: 12 * mrr for name, mrr in last.items()
    }


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("Id,Organization,Created at,Solved at\n1,Acorn,2026-01-02 10:00,2026-01-03 10:00\n", "tickets"),
        ("Deal Name,Company,Deal Stage,Amount,Create Date,Close Date\nX,Acorn,Won,5,2026-01-02,2026-02-01\n", "deals"),
        ("user_id,account_id,signed_up_at,activated_at\nu1,A,2026-01-02,2026-01-03\n", "users"),
        ("customer,kickoff date,completed at\nA,2026-01-02,2026-02-03\n", "onboardings"),
        ("Company,Score,Response date\nA,9,2026-01-02\n", "responses"),
        ("user,account,timestamp,feature\nu1,A,2026-01-02 10:00,search\n", "events"),
        ("account,milestone,due,done at\nA,go live,2026-01-02,2026-01-03\n", "milestones"),
        ("account,key result,start,target,current\nA,logins,1,5,3\n", "goals"),
    ],
    ids=lambda value: value if " " not in value and "," not in value else "",
)
def test_an_account_can_stand_in_every_file_of_customers(text: str, shape: str, cstool: Run) -> None:
    found = cstool("columns", "-", "-f", "json", stdin=text).json
    assert (found["shape"], "account" in found["roles"]) == (shape, True)
