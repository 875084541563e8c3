"""--aliases: several names of one account, replaced before anything is computed."""

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

Put = Callable[[str, str], str]


@pytest.fixture
def here(cstool: Run, tmp_path: Path) -> Run:
    """The command, run in the folder of the files that `put` writes."""
    return partial(cstool, cwd=tmp_path)


@pytest.fixture
def put(write: Callable[..., str]) -> Put:
    """Writes a file into that folder and gives its name back."""
    return lambda name, text: Path(write(name, text)).name


LEDGER = "customer,month,mrr\nAcme,2026-01,100\nAcme,2026-02,120\nOld Acme,2026-01,5\nOld Acme,2026-02,5\nB,2026-02,1\n"
CRM = "account_id,account,tier\nA-1,Acme,gold\nB-2,B,tin\n"


def listed(here: Run, *args: str) -> list[tuple[str, float, float]]:
    ran = here("calc", "nrr", *args, "--window", "1m", "--accounts", "-f", "json")
    assert ran.code == 0, ran.err
    return sorted((row["account"], row["starting_mrr"], row["ending_mrr"]) for row in ran.json)


def test_rows_that_become_one_are_added_up_once(here: Run, put: Put) -> None:
    aliases = put("aliases.csv", "alias,account\nOld Acme,Acme\n")
    args = [put("l.csv", LEDGER), "--aliases", aliases]
    assert listed(here, *args) == [("Acme", 105, 125), ("B", 0, 1)]
    ran = here("calc", "nrr", *args, "--window", "1m")
    assert "1 alias replaced in 2 rows of l.csv" in ran.err
    assert "2 rows added to others of one account and month" in ran.err
    assert here("calc", "mrr", *args, "--where", "customer = 'Acme'", "-f", "value").out == "125\n"
    assert here("calc", "mrr", *args, "--where", "customer = 'Old Acme'", "-f", "value").code == 3


def test_an_account_is_a_key_or_a_name_of_the_joined_file(here: Run, put: Put) -> None:
    ledger, crm = put("l.csv", LEDGER), put("c.csv", CRM)
    for account in ("Acme", "A-1"):  # the file itself calls it by its name
        aliases = put("aliases.csv", f"alias,account\nOld Acme,{account}\n")
        assert listed(here, ledger, "--aliases", aliases, "--join", crm) == [("Acme", 105, 125), ("B", 0, 1)]
        by = here("calc", "mrr", ledger, "--aliases", aliases, "--join", crm, "--by", "tier", "-f", "json").json
        assert {row["tier"]: row["mrr"] for row in by} == {"gold": 125, "tin": 1}
    other = put("o.csv", LEDGER.replace("Acme,", "Acme Inc,"))  # calls it by neither
    aliases = put("aliases.csv", "alias,account\nOld Acme Inc,Acme\nAcme Inc,A-1\n")
    assert listed(here, other, "--aliases", aliases, "--join", crm) == [("A-1", 105, 125), ("B", 0, 1)]


def test_chains_are_followed_and_named(here: Run, put: Put) -> None:
    aliases = put("aliases.csv", "alias,account\nOld Acme,Acme Inc\nAcme Inc,Acme\n")
    args = [put("l.csv", LEDGER), "--aliases", aliases]
    assert listed(here, *args)[0] == ("Acme", 105, 125)
    assert "aliases of aliases are followed: 'Old Acme' -> 'Acme Inc' -> 'Acme'" in here("calc", "mrr", *args).err


def test_an_account_that_stands_nowhere_is_named_with_its_line(here: Run, put: Put) -> None:
    aliases = put("aliases.csv", "alias,account\nnot here,nor here\nOld Acme,Acne\n")
    ran = here("calc", "mrr", put("l.csv", LEDGER), "--aliases", aliases)
    assert "no row of l.csv has the account 'Acne' (line 3)" in ran.err
    assert "nor here" not in ran.err
    ran = here("calc", "mrr", "l.csv", "--aliases", put("none.csv", "alias,account\nnot here,nor here\n"))
    assert "none of its aliases stands in l.csv" in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("alias,account\na,b\nb,a\n", "'a' -> 'b' -> 'a' goes round in a circle"),
        ("alias,account\na,b\nb,c\nc,b\n", "'b' -> 'c' -> 'b' goes round in a circle"),
        ("alias,account\na,b\na,c\n", "'a' is 'b' on line 2 and 'c' on line 3"),
        ("alias,account\na,a\n", "line 2: 'a' stands for itself"),
        ("alias,account\na,\n", "line 2: no account"),
        ("alias,account\n,a\n", "line 2: no alias"),
        ("old,new\na,b\n", "no columns alias and account"),
    ],
)
def test_aliases_that_cannot_be_meant_are_refused(here: Run, put: Put, text: str, said: str) -> None:
    ran = here("calc", "mrr", put("l.csv", LEDGER), "--aliases", put("aliases.csv", text))
    assert (ran.code, ran.out) == (3, "")
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_rows_that_cannot_be_added_up_are_refused(here: Run, put: Put) -> None:
    signals = put("s.csv", "account,usage,nps\nA,3,4\nB,5,6\n")
    config = put("h.yaml", "components:\n  - {column: usage, weight: 1, low: 0, high: 10}\n")
    aliases = put("aliases.csv", "alias,account\nA,B\n")
    ran = here("calc", "health-score", signals, "--config", config, "--aliases", aliases)
    assert (ran.code, ran.out) == (3, "")
    assert "'A' and 'B' are one account by aliases.csv, and rows of signals are not added up" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["nrr", "--set", "starting=1", "--aliases", "a.csv"], "--aliases needs a file"),
        (["mrr", "l.csv", "--aliases", "nowhere.csv"], "nowhere.csv: no such file"),
        (["mrr", "l.csv", "--aliases", "a.csv", "--engine", "spark"], "--aliases does not work on Spark"),
        (["mrr", "--aliases", "a.csv", "--sql", "snowflake", "--table", "t"], "--aliases has no use with --sql"),
        (["mrr", "series.csv", "--aliases", "a.csv"], "--aliases: no column of series.csv names accounts"),
    ],
)
def test_aliases_of_no_use_are_refused(here: Run, put: Put, options: list[str], said: str) -> None:
    put("a.csv", "alias,account\na,b\n"), put("l.csv", LEDGER), put("series.csv", "month,mrr\n2026-01,5\n")
    ran = here("calc", *options)
    assert (ran.code in (2, 3), ran.out) == (True, "")
    assert said in ran.err


def test_a_difference_on_a_file_takes_aliases(here: Run, put: Put) -> None:
    put("l.csv", LEDGER.replace("Old Acme,2026-02,5\n", ""))
    put("a.csv", "alias,account\nOld Acme,Acme\n")
    shown = here("diff", "nrr", "grr", "--data", "l.csv", "--window", "1m", "--aliases", "a.csv", "-f", "json").json
    assert shown["data"]["rows"][0]["nrr"] == pytest.approx(120 / 105)
    assert "--aliases goes with --data" in here("diff", "nrr", "grr", "--aliases", "a.csv").err


# Two names are as good as one

SHAPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "ledger": ("nrr,grr,logo-churn,mrr", "account", {"every": "quarter"}),
    "snapshot": ("nrr,grr,logo-churn", "account", {}),
    "wide": ("nrr,mrr,churned-mrr", "account", {"every": "month"}),
    "subscriptions": ("nrr,mrr,logo-churn", "account", {"every": "year"}),
    "invoices": ("mrr,net-new-mrr", "account", {"every": "month"}),
    "mrr-deltas": ("nrr,mrr", "customer_id", {"accounts": True}),
    "customers": ("logo-churn", "customer", {"every": "month"}),
    "seats": ("utilization", "account", {}),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_with_aliases_gives_the_numbers_of_one_without(cstool: Run, tmp_path: Path, shape: str) -> None:
    metrics, account, more = SHAPES[shape]
    text = cstool("sample", shape).out
    rows = list(csv.DictReader(io.StringIO(text)))
    draw = random.Random(3)
    renamed = [{**row, account: draw.choice([row[account], f"Old {row[account]}"])} for row in rows]
    if shape == "ledger":  # an account may stand twice in a month, under two names
        renamed += [{**row, account: f"Older {row[account]}", "mrr": "0"} for row in rows[::7]]
    names = {row[account] for row in renamed} - {row[account] for row in rows}
    plain, other, aliases = (tmp_path / f"{name}.csv" for name in ("plain", "other", "aliases"))
    plain.write_text(text)
    with other.open("w", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(renamed)
    pairs = [f'"{name}","{name.removeprefix("Older ").removeprefix("Old ")}"' for name in sorted(names)]
    aliases.write_text("\n".join(["alias,account", *pairs, ""]))
    assert library.calc(metrics, other, aliases=aliases, **more).rows == library.calc(metrics, plain, **more).rows


def test_changes_of_two_names_run_side_by_side(here: Run, put: Put) -> None:
    changes = "customer,change_date,mrr_movement,mrr\nA,2026-01-05,100,100\nOld A,2026-01-05,7,7\nA,2026-02-05,20,120\n"
    aliases = put("aliases.csv", "alias,account\nOld A,A\n")
    ran = here("calc", "mrr", put("c.csv", changes), "--aliases", aliases, "--every", "month", "-f", "json")
    assert [row["mrr"] for row in ran.json] == [107, 127]


def test_amounts_of_two_currencies_are_not_added_up(here: Run, put: Put) -> None:
    ledger = put("l.csv", "account,month,mrr,currency\nA,2026-01,1,EUR\nB,2026-01,2,USD\n")
    aliases = put("aliases.csv", "alias,account\nA,B\n")
    ran = here("calc", "mrr", ledger, "--aliases", aliases)
    assert (ran.code, "cannot be added up" in ran.err) == (3, True)
    ran = here("calc", "mrr", ledger, "--aliases", aliases, "--by", "currency")
    assert (ran.code, "cannot be added up" in ran.err) == (3, True)
