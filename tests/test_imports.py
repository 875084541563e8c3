"""What a command may load, and who may import whom."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ENVIRONMENT, ROOT, run_cstool

HEAVY = ("duckdb", "rapidfuzz", "rich", "yaml", "numpy", "pandas", "pydantic", "click", "sqlglot")

# Runs the command, then says on the last line of stderr which of the heavy packages it loaded.
PROGRAM = f"""
import atexit, sys
atexit.register(lambda: print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr))
from cstool.cli import main
main()
"""

DIRECT = ("calc", "nrr", "--set", "starting=4", "--set", "expansion=0", "--set", "contraction=1", "--set", "churned=0")


@pytest.fixture(scope="module", autouse=True)
def kept() -> None:
    """The glossary has been read once, as it is but for the first command after a change of its files."""
    run_cstool("lookup", "nrr")


def loaded(*args: str, code: int = 0, stdin: str = "", env: Mapping[str, str] | None = None) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**ENVIRONMENT, **(env or {})},
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(
    "args",
    [["--help"], ["--version"], ["lookup", "--help"], ["calc", "--help"], ["glossary", "--help"], ["glossary", "path"]],
    ids=" ".join,
)
def test_help_version_and_path_load_nothing(args: list[str], tmp_path: Path) -> None:
    assert loaded(*args, env={"XDG_CACHE_HOME": str(tmp_path)}) == set()


def test_a_wrong_command_line_is_refused_before_anything_is_loaded() -> None:
    assert loaded("lookup", "--no-such-option", code=2) == set()


def test_only_the_first_command_reads_yaml(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    assert loaded("lookup", "nrr", "-f", "json", env=env) == {"yaml"}
    assert loaded("lookup", "nrr", "-f", "json", env=env) == set()


def test_an_exact_lookup_loads_nothing_to_search_compute_or_draw() -> None:
    assert loaded("lookup", "nrr", "-f", "json") == set()
    assert loaded("lookup", "-", "-f", "jsonl", stdin="nrr\nwhat is churn\n") == set()
    assert loaded("diff", "nrr", "grr", "-f", "json") == set()


def test_a_misspelt_lookup_loads_what_it_takes_to_search() -> None:
    assert loaded("lookup", "net revenu retension", "-f", "json") == {"rapidfuzz"}


def test_only_tables_load_what_draws_them() -> None:
    assert loaded("lookup", "nrr") == {"rich"}
    assert loaded("lookup", "nrr", "-f", "md") == set()


@pytest.mark.parametrize(
    "line",
    [
        "cstool l",
        "cstool lookup net",
        "cstool calc nr",
        "cstool diff nrr ",
        "cstool calc nrr --sql s",
        "cstool calc nrr --preset s",
        "cstool calc nrr --shape s",
        "cstool calc nrr --variant w",
        "cstool sample s",
    ],
)
def test_completion_loads_nothing(line: str) -> None:
    env = {"_CSTOOL_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(line.split(" ")) - 1)}
    assert loaded(env=env) == set()


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "value", "md"])
def test_a_computation_loads_the_engine_and_nothing_to_search_or_draw(form: str) -> None:
    assert loaded(*DIRECT, "-f", form) == {"duckdb"}


def test_a_computation_from_a_file_loads_no_more(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("account,starting_mrr,ending_mrr\nA,4,3\n", encoding="utf-8")
    assert loaded("calc", "nrr", str(file), "-f", "json") == {"duckdb"}


def test_the_library_loads_no_command_line() -> None:
    program = "import json, sys; from cstool import api; api.Book().find('nrr'); print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=True
    )
    assert not {"yaml", "typer", "rich", "duckdb", "rapidfuzz"} & set(json.loads(done.stdout))


def test_imports_run_downwards_only() -> None:
    """The contracts are written in pyproject.toml."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
