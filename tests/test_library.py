"""The Python library: what the README shows works, and importing it loads nothing."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import cstool
from cstool import library
from tests.conftest import ENVIRONMENT, ROOT, Run

Write = Callable[..., str]

ACCOUNTS = ROOT / "examples" / "accounts.csv"


def shown() -> list[str]:
    """The lines of the README's section about the library."""
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## As a library")[1]
    found = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1].splitlines()


def test_the_lines_of_the_readme_run_and_give_what_it_shows(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    export = write("export.csv", "Kunde;starting_mrr;ending_mrr\nA;1.000,5;800\n")
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    value: object = None
    for line in shown():
        if line.startswith("# "):
            assert repr(value).startswith(line[2:].removesuffix(", ...]"))
        elif line.startswith("cstool."):
            value = eval(line.replace("export.csv", export), names)
            assert value
        else:
            exec(line, names)


def test_its_own_examples_run() -> None:
    assert doctest.testmod(library) == (0, doctest.testmod(library).attempted)


def test_a_computation_gives_the_rows_that_the_command_prints(cstool: Run) -> None:
    printed = cstool("calc", "nrr,logo-churn", str(ACCOUNTS), "--by", "segment", "--total", "-f", "json").json
    assert library.calc("nrr,logo-churn", ACCOUNTS, by="segment", total=True).rows == printed
    assert library.calc(["nrr", "logo-churn"], [ACCOUNTS], by=["segment"], total=True).rows == printed


def test_given_values_may_be_numbers_or_text() -> None:
    given: dict[str, Decimal | float | str] = {"starting": 2000, "expansion": 300.0, "contraction": "5%"}
    (row,) = cstool.calc("nrr", given={**given, "churned": Decimal(400)}).rows
    assert row == {"nrr": pytest.approx(0.949975)}
    (row,) = cstool.calc("nrr", given={**given, "churned": 400}, explain=True).rows
    assert set(row) == {"nrr", "starting", "expansion", "contraction", "churned"}


def test_columns_of_another_file_are_joined(write: Write) -> None:
    file = write("a.csv", "account,starting_mrr,ending_mrr\nA,100,90\nB,100,50\n")
    csms = write("csms.csv", "customer,csm\nA,Ana\nB,Bo\n")
    expected = [{"csm": "Ana", "nrr": 0.9}, {"csm": "Bo", "nrr": 0.5}]
    assert cstool.calc("nrr", file, join=csms, by="csm").rows == expected
    assert cstool.calc("nrr", file, join=csms, on=("account", "customer"), by="csm").rows == expected


def test_a_difference_that_is_not_written_is_none() -> None:
    assert cstool.diff("nrr", "onboarding") is None
    with pytest.raises(cstool.UsageError, match="nothing found for 'photosynthesis'"):
        cstool.diff("nrr", "photosynthesis")


def test_a_file_is_understood_as_by_the_command(cstool: Run) -> None:
    printed = cstool("columns", str(ACCOUNTS), "-f", "json").json
    found = library.columns(ACCOUNTS)
    assert (found.shape, dict(found.roles), list(found.unused)) == (
        printed["shape"],
        printed["roles"],
        printed["unused"],
    )


def test_wrong_options_are_refused_as_on_the_command_line() -> None:
    for options in (
        cstool.ReadOptions(decimal=";"),
        cstool.ReadOptions(encoding="no-such"),
        cstool.ReadOptions(delimiter=";;"),
        cstool.ReadOptions(skip_limit="20%"),
        cstool.ReadOptions(header_line=0),
    ):
        with pytest.raises(cstool.UsageError):
            cstool.calc("nrr", ACCOUNTS, options=options)


@pytest.mark.slow
def test_a_glossary_of_a_team_is_read_afresh(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    for name in ("Zebra Call", "Zebra Walk"):
        file.write_text(f"- term: {name}\n  definition: talk about odd accounts\n", encoding="utf-8")
        assert cstool.lookup(name, exact=True, glossary=file).matches[0].term.term == name


def test_importing_it_loads_nothing_but_itself() -> None:
    program = "import sys; before = set(sys.modules); import cstool; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=True
    )
    assert set(done.stdout.split()) <= {"cstool", "__future__"}


def test_the_public_names_are_listed_and_typed() -> None:
    assert set(cstool.__all__) <= set(dir(cstool))
    for name in cstool.__all__:
        assert getattr(cstool, name)
    with pytest.raises(AttributeError, match="no attribute 'calculate'"):
        getattr(cstool, "calculate")  # noqa: B009
