"""--by and --where: who belongs to which group, and which rows count."""

from __future__ import annotations

from typing import Any

import pytest

from cstool.errors import InputError, UndefinedError, UsageError
from tests.conftest import Run
from tests.metrics.computing import calc, rows, table, value

HEADER = "account,month,mrr,segment,region"
# B moves from SMB to Enterprise while it grows, C is won as Mid-Market, D leaves.
MOVED = table(
    HEADER,
    [
        ("A", "2026-01", 100, "SMB", "EMEA"),
        ("A", "2026-02", 100, "SMB", "EMEA"),
        ("B", "2026-01", 200, "SMB", "EMEA"),
        ("B", "2026-02", 600, "Enterprise", "AMER"),
        ("C", "2026-02", 50, "Mid-Market", "EMEA"),
        ("D", "2026-01", 1000, "Enterprise", "AMER"),
    ],
)


def test_an_account_that_changes_group_counts_in_the_one_it_opened_in() -> None:
    result = calc(MOVED, "nrr", "new-mrr", "logo-churn", by="segment", window=1)
    assert rows(result) == [
        ("Enterprise", "2026-02", 0, 0, 1),
        ("Mid-Market", "2026-02", None, 50, None),
        ("SMB", "2026-02", 700 / 300, 0, 0),
    ]


def test_a_new_account_counts_in_the_group_it_ends_in() -> None:
    text = table(
        HEADER,
        [
            ("A", "2026-01", 100, "SMB", "EMEA"),
            ("A", "2026-02", 100, "SMB", "EMEA"),
            ("B", "2026-01", 0, "SMB", "EMEA"),
            ("B", "2026-02", 70, "Enterprise", "EMEA"),
        ],
    )
    assert rows(calc(text, "new-mrr", by="segment")) == [("Enterprise", "2026-02", 70), ("SMB", "2026-02", 0)]


def test_several_columns_make_a_row_per_combination_in_their_order() -> None:
    result = calc(MOVED, "churned-mrr", by=("region", "segment"))
    assert rows(result) == [
        ("AMER", "Enterprise", "2026-02", 1000),
        ("EMEA", "Mid-Market", "2026-02", 0),
        ("EMEA", "SMB", "2026-02", 0),
    ]


def test_a_group_that_lost_everyone_has_no_mrr_rather_than_none() -> None:
    result = calc(MOVED, "mrr", "churned-mrr", by="segment", where="account = 'A' or account = 'D'")
    assert rows(result) == [("Enterprise", "2026-02", 0, 1000), ("SMB", "2026-02", 100, 0)]


def test_accounts_without_a_group_are_a_group_of_their_own() -> None:
    text = table("account,starting_mrr,ending_mrr,segment", [("A", 100, 90, "SMB"), ("B", 100, 50, "")])
    assert rows(calc(text, "nrr", by="segment")) == [("SMB", 0.9), (None, 0.5)]


def test_groups_that_differ_in_case_are_two_and_that_is_said() -> None:
    text = table("account,starting_mrr,ending_mrr,segment", [("A", 100, 90, "SMB"), ("B", 100, 50, "smb")])
    result = calc(text, "nrr", by="segment")
    assert len(result.rows) == 2
    assert any("'SMB' and 'smb' are counted as different groups" in note for note in result.notes)


def test_group_values_are_trimmed() -> None:
    text = table("account,starting_mrr,ending_mrr,segment", [("A", 100, 90, " SMB"), ("B", 100, 50, "SMB ")])
    assert rows(calc(text, "nrr", by="segment")) == [("SMB", 0.7)]


def test_a_group_column_is_found_whatever_its_case_and_one_that_is_missing_refused() -> None:
    assert len(calc(MOVED, "mrr", by="Segment").rows) == 3
    with pytest.raises(InputError, match="there is no column 'plan'") as refused:
        calc(MOVED, "mrr", by="plan")
    assert "segment" in refused.value.hint


# Where

SNAPSHOT = table(
    "account,Starting MRR,Ending MRR,segment,seats,Customer's Name",
    [
        ("A", 1000, 900, "SMB", 7, "Ann"),
        ("B", 500, 500, "Enterprise", 12, "O'Hara"),
        ("C", 100, 0, "SMB", 3, ""),
        ("D", 0, 40, "", 1, "Dee"),
    ],
)


@pytest.mark.parametrize(
    ("where", "mrr"),
    [
        ("segment = 'SMB'", 900),
        ("segment <> 'SMB'", 500),
        ("segment is null", 40),
        ("segment in ('Enterprise', 'Other')", 500),
        ("segment like 'S%' or segment ilike 'ENT%'", 1400),
        ("starting_mrr >= 500", 1400),
        ('"Starting MRR" between 1 and 999', 500),
        ("ending_mrr > starting_mrr", 40),
        ("cast(seats as int) > 5", 1400),
        ("\"Customer's Name\" = 'O''Hara'", 500),
        ("not (account = 'A') -- a remark", 540),
        ("lower(segment) = 'smb' and account != 'C'", 900),
    ],
)
def test_where_chooses_rows_by_amounts_and_texts(where: str, mrr: int) -> None:
    assert value(SNAPSHOT, "mrr", where=where) == mrr


@pytest.mark.parametrize(
    "where",
    [
        "account in (select 'A')",
        "exists (select 1)",
        "account = (select content from read_text('/etc/passwd'))",
        "read_csv('/etc/passwd') is not null",
        "account = getenv('HOME')",
        "1; drop table cells",
        "true) union all (select 1",
        "1=1 --\n; select 1",
        "true group by 1",
        "count(*) > 1",
        "row_number() over () < 2",
        "account = ?",
        "segment =",
        "",
        "'a' 'b' c",
    ],
)
def test_where_takes_only_a_condition_on_the_columns(where: str) -> None:
    with pytest.raises(UsageError, match="--where"):
        calc(SNAPSHOT, "mrr", where=where or " ")


def test_where_on_a_column_that_is_missing_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="there is no column 'plan'") as refused:
        calc(SNAPSHOT, "mrr", where="plan = 'pro'")
    assert "segment" in refused.value.hint


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"where": "segment = SMB"}, "if it is a text, quote it: 'SMB'; columns: "),
        ({"where": "segmnt = 'SMB'"}, "did you mean segment? columns: "),
        ({"by": "segmnt"}, "did you mean segment? columns: "),
        ({"by": "segment,seats"}, "name one column each: --by segment --by seats; columns: "),
    ],
)
def test_a_column_that_is_missing_is_told_with_what_may_be_meant(options: dict[str, Any], hint: str) -> None:
    with pytest.raises(InputError) as refused:
        calc(SNAPSHOT, "mrr", **options)
    assert refused.value.hint.startswith(hint)


def test_where_that_compares_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(InputError, match="--where"):
        calc(SNAPSHOT, "mrr", where="cast(segment as int) > 5")


def test_where_that_leaves_no_row_is_undefined() -> None:
    with pytest.raises(UndefinedError, match="no row satisfies"):
        calc(SNAPSHOT, "mrr", where="segment = 'none'")


def test_where_and_as_of_work_together() -> None:
    assert value(MOVED, "mrr", where="region = 'EMEA'", as_of="2026-01") == 300


@pytest.mark.parametrize(
    ("where", "months"),
    [
        ("month = '2026-01'", ["2026-01"]),
        ("month >= '2026-02'", ["2026-02"]),
        ("month < '2026'", []),
        ("month like '2026-%'", ["2026-01", "2026-02"]),
        ("month between '2026-02' and '2026-12'", ["2026-02"]),
    ],
)
def test_where_compares_a_month_as_it_is_printed(where: str, months: list[str]) -> None:
    text = MOVED.replace("2026-01", "Jan 2026").replace("2026-02", "Feb 2026")
    if months:
        assert [row["period"] for row in calc(text, "mrr", every="month", where=where).rows] == months
    else:
        with pytest.raises(UndefinedError, match="no row satisfies"):
            calc(text, "mrr", every="month", where=where)


def test_where_means_the_column_of_the_file_though_another_plays_the_role_of_that_name() -> None:
    text = table("account,starting_mrr,ending_mrr,listed", [("A", 100, 1, 90), ("B", 100, 2, 50)])
    mapping = {"ending_mrr": "listed"}
    assert value(text, "mrr", mapping=mapping, where="cast(ending_mrr as int) = 2") == 50
    assert value(text, "mrr", mapping=mapping, where="listed = 90") == 90


def test_where_compares_dates() -> None:
    header = "account,start_date,end_date,mrr"
    text = table(header, [("A", "2026-01-05", "", 100), ("B", "2026-02-01", "2026-09-01", 10)])
    assert value(text, "mrr", where="start_date < '2026-02-01'") == 100
    assert value(text, "mrr", where="end_date is not null", as_of="2026-08") == 10


def test_a_group_may_not_hide_a_value_of_its_name(cstool: Run) -> None:
    file = "account,nrr,starting_mrr,ending_mrr\na,x,10,9\n"
    ran = cstool("calc", "nrr", "-", "--by", "nrr", stdin=file)
    assert (ran.code, ran.out) == (2, "")
    assert "--by nrr" in ran.err


LEFT = table(
    "account,segment,month,mrr",
    [
        *(("A", "SMB", f"2026-0{month}", 100) for month in (1, 2)),
        ("B", "SMB", "2026-01", 50),
        *(("C", "Enterprise", f"2026-0{month}", 900) for month in (1, 2, 3, 4)),
    ],
)


def test_a_segment_that_everyone_left_is_told_of_until_the_files_last_month() -> None:
    asked: dict[str, Any] = {"every": "month", "window": 1}
    own = [row for row in calc(LEFT, "grr", "mrr", by="segment", **asked).rows if row["segment"] == "SMB"]
    chosen = calc(LEFT, "grr", "mrr", where="segment = 'SMB'", **asked).rows
    assert [(row["period"], row["grr"], row["mrr"]) for row in own if row["mrr"] or row["grr"] is not None] == [
        (row["period"], row["grr"], row["mrr"]) for row in chosen if row["mrr"] or row["grr"] is not None
    ]
    assert [row["grr"] for row in chosen if row["period"] == "2026-03"] == [0]
    assert calc(LEFT, "mrr", where="segment = 'SMB' and month <= '2026-02'").rows[0]["period"] == "2026-02"
