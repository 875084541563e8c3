"""What ships: the program, its queries and its entries, and nothing an editor left behind."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import cstool
from tests.conftest import ENVIRONMENT, ROOT

LEFT_BEHIND = [
    "cstool/.api.py.swp",
    "cstool/api.py~",
    "cstool/glossary/notes.txt",
    "cstool/compute/sql/.ledger.sql.swp",
    "glossary/terms/.retention.yaml.swp",
    "glossary/terms/retention.yaml~",
    "glossary/terms/#retention.yaml#",
    "glossary/schema/terms.json.orig",
    "glossary/README.md",
]

MEMBERS = (
    r"cstool/([a-z_]+/)*[a-z_]+\.py",
    r"cstool/compute/sql/[a-z_-]+\.sql",
    r"cstool/py\.typed",
    r"cstool/glossary/entries/([a-z]+/)?[a-z_-]+\.yaml",
    r"cstool/glossary/entries/schema/[a-z_-]+\.json",
    r"cstool-[^/]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel, built from a copy of the project in which an editor has left its files."""
    project = tmp_path_factory.mktemp("project")
    for name in ("cstool", "glossary"):
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, project)
    for name in LEFT_BEHIND:
        (project / name).write_text("left behind", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
        cwd=project,
        capture_output=True,
        timeout=120,
        check=True,
    )
    (built,) = (project / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_only_what_the_program_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = archive.namelist()
    assert [name for name in members if not any(re.fullmatch(form, name) for form in MEMBERS)] == []


def test_the_wheel_holds_all_that_the_program_needs(unpacked: Path) -> None:
    sources = {
        path.relative_to(ROOT) for kind in ("py", "sql", "typed") for path in (ROOT / "cstool").rglob(f"*.{kind}")
    }
    entries = {path.relative_to(ROOT / "glossary") for path in (ROOT / "glossary").rglob("*.yaml")}
    assert [path for path in sorted(sources) if not (unpacked / path).is_file()] == []
    assert [path for path in sorted(entries) if not (unpacked / "cstool/glossary/entries" / path).is_file()] == []


def run_unpacked(unpacked: Path, cwd: Path, *args: str) -> str:
    """Runs the command out of the unpacked wheel alone, away from the project."""
    program = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from cstool.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, *args],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    return done.stdout


def test_the_entries_come_from_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    entries = unpacked / "cstool" / "glossary" / "entries"
    assert run_unpacked(unpacked, tmp_path, "glossary", "path") == f"{entries}\n"
    retention = entries / "terms" / "retention.yaml"
    text = retention.read_text(encoding="utf-8")
    retention.write_text(text.replace("term: Net Revenue Retention\n", "term: Net Revenue Kept\n"), encoding="utf-8")
    assert "Net Revenue Kept" in run_unpacked(unpacked, tmp_path, "lookup", "nrr")


def test_the_unpacked_wheel_computes(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("account,starting_mrr,ending_mrr\nA,200,150\n", encoding="utf-8")
    assert run_unpacked(unpacked, tmp_path, "calc", "nrr", "a.csv", "-f", "value") == "0.75\n"


def test_the_tested_command_and_the_tested_package_are_one(tmp_path: Path) -> None:
    """Else a checkout could be tested in the place of what was installed, or the other way round."""
    program = "import cstool; print(cstool.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert Path(done.stdout.strip()) == Path(cstool.__file__)
