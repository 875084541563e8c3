"""Options that every metric shares: thresholds for a pipeline, a total row, and exports by their own headers."""

from __future__ import annotations

import pytest

from tests.conftest import Run

ACCOUNTS = "account,segment,region,starting_mrr,ending_mrr\nA,big,N,1000,900\nB,small,N,100,120\nC,small,S,100,0\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--fail-under", "80%"), 0),
        (("--fail-under", "0.9"), 1),
        (("--fail-over", "90%"), 0),
        (("--fail-over", "0.8"), 1),
        (("--fail-under", "0.5", "--fail-over", "0.95"), 0),
        (("--by", "segment", "--fail-under", "70%"), 1),  # one group is enough
    ],
)
def test_a_missed_threshold_is_exit_code_1_and_the_number_is_still_printed(
    cstool: Run, options: tuple[str, ...], code: int
) -> None:
    ran = cstool("calc", "nrr", "-", "-f", "value", *options, stdin=ACCOUNTS)
    assert ran.code == code
    assert ran.out.splitlines()[0].startswith("0.8" if "--by" not in options else "0.9")


def test_a_threshold_that_is_missed_says_where(cstool: Run) -> None:
    ran = cstool("calc", "nrr", "-", "--by", "segment", "--fail-under", "80%", stdin=ACCOUNTS)
    assert ran.code == 1
    assert ran.err.splitlines()[-1].endswith("below the 80% of --fail-under")


def test_a_percent_without_its_sign_is_refused_before_anything_is_shown(cstool: Run) -> None:
    ran = cstool("calc", "nrr", "-", "--fail-under", "95", stdin=ACCOUNTS)
    assert (ran.code, ran.out) == (2, "")
    assert "95%" in ran.err


def test_a_threshold_watches_one_metric_and_is_a_number(cstool: Run) -> None:
    for asked, limit in (("nrr,grr", "0.9"), ("nrr", "ninety")):
        ran = cstool("calc", asked, "-", "--fail-under", limit, stdin=ACCOUNTS)
        assert (ran.code, ran.out) == (2, "")
        assert "--fail-under" in ran.err


def test_what_is_undefined_misses_no_threshold(cstool: Run) -> None:
    file = ACCOUNTS + "D,new,S,0,50\n"
    ran = cstool("calc", "nrr", "-", "--by", "segment", "--fail-under", "50%", "-f", "csv", stdin=file)
    assert ran.code == 0
    assert "new,\n" in ran.out
    assert "nrr is undefined in new" in ran.err


def test_a_total_row_stands_last_and_is_computed_from_all_rows(cstool: Run) -> None:
    ran = cstool("calc", "nrr", "-", "--by", "segment", "--by", "region", "--total", "-f", "json", stdin=ACCOUNTS)
    assert ran.json[-1] == {"segment": "total", "region": None, "nrr": 0.85}
    assert len(ran.json) == 4


def test_a_delighted_export_has_its_times_in_seconds(cstool: Run) -> None:
    """1767225600 is the first second of 2026 in UTC."""
    file = "score,comment,created_at\n10,good,1767225599\n9,fine,1767225600\n3,bad,1767225601\n"
    ran = cstool("calc", "nps", "-", "--every", "year", "-f", "csv", stdin=file)
    assert [line.split(",")[:2] for line in ran.out.splitlines()[1:]] == [["2025", "100"], ["2026", "0"]]


def test_the_row_of_all_groups_is_called_so_once(cstool: Run) -> None:
    out = cstool("calc", "nrr", "-", "--by", "segment", "--by", "region", "--total", stdin=ACCOUNTS).out
    assert out.splitlines()[-1].split()[:1] == ["total"]
    assert "(none)" not in out.splitlines()[-1]
