"""What the README and the tutorial show is what the command prints, and what they say of the set-up is what CI runs.

`python -m tests.test_readme` writes today's output into both.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

import pytest

from cstool.api import Book
from tests.conftest import ENVIRONMENT, ROOT
from tests.test_terminal import read

README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial.md"
# A command behind `$`, and the indented lines of output below it.
EXAMPLE = re.compile(r"^    \$ (?P<command>.+)\n(?P<output>(?:    (?!\$ ).*\n|\n(?=    (?!\$ )))*)", re.MULTILINE)
TYPES = re.compile(r"(?<=\n\| input type \| one row is \| required \|\n\|---\|---\|---\|\n)(?P<rows>(?:\|.*\n)*)")
# What a terminal does not show in the end: a progress bar that is taken away, and colours, which jq adds.
UNSEEN = re.compile(r"(\r?\[[#.]{30}\] +\d+%)+\r?(\x1b\[K)?|\r\x1b\[K|\r|\x1b\[[0-9;]*m")
TEAM_GLOSSARY = re.compile(r"```yaml\n(?P<text>- .*?)```", re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """The commands of the README with the output shown for each."""
    return [
        (found["command"], trimmed(found["output"])) for found in EXAMPLE.finditer(README.read_text(encoding="utf-8"))
    ]


def trimmed(text: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def printed(command: str, folder: Path) -> str:
    """What a command prints on a terminal of 100 columns without colour, indented as in the README."""
    found = TEAM_GLOSSARY.search(README.read_text(encoding="utf-8"))
    assert found
    (folder / "ours.yaml").write_text(found["text"], encoding="utf-8")
    if "examples/" in command and not (folder / "examples").exists():
        (folder / "examples").symlink_to(ROOT / "examples")
    (folder / ".git").mkdir(exist_ok=True)  # a project is looked for here only
    env = {name: value for name, value in ENVIRONMENT.items() if name != "CSTOOL_PROJECT"}
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    with subprocess.Popen(
        ["bash", "-c", f'cstool() {{ "{sys.executable}" -m cstool "$@"; }}\n{command}'],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**env, "TERM": "xterm", "NO_COLOR": "1", "PAGER": "cat"},
    ) as process:
        os.close(theirs)
        text = b"".join(iter(lambda: read(ours), b"")).decode("utf-8")
        os.close(ours)
        process.wait(timeout=60)
    return trimmed("".join(f"    {line}\n" for line in UNSEEN.sub("", text).splitlines()))


@pytest.mark.parametrize("command", [command for command, _ in shown()])
def test_the_readme_shows_what_the_command_prints(command: str, tmp_path: Path) -> None:
    if "| jq" in command and not shutil.which("jq"):
        pytest.skip("needs jq")
    assert printed(command, tmp_path) == dict(shown())[command]


def followed(folder: Path) -> str:
    """The tutorial with what its commands print today, each run in the folder that those before it left."""
    text = TUTORIAL.read_text(encoding="utf-8")
    shutil.copytree(ROOT / "examples" / "exports", folder / "exports")
    written = list(re.finditer(r"```yaml\n(?:# (?P<name>\S+\.yaml)\n)?(?P<text>.*?)```", text, re.DOTALL))

    def run(found: re.Match[str]) -> str:
        for block in written:
            if found.start() > block.start():
                (folder / (block["name"] or "cstool.yaml")).write_text(block["text"], encoding="utf-8")
        return f"    $ {found['command']}\n{printed(found['command'], folder)}"

    return EXAMPLE.sub(run, text)


@pytest.mark.slow
def test_the_tutorial_shows_what_its_commands_print(tmp_path: Path) -> None:
    assert followed(tmp_path) == TUTORIAL.read_text(encoding="utf-8")


def input_types() -> str:
    """The rows of the README's table of input types, as the glossary has them."""
    rows = []
    for shape in Book().glossary.shapes.values():
        needs = [f"`{role}`" for role in shape.required]
        if shape.months == "columns":
            needs.append("columns headed by months")
        if shape.one_of:
            needs.append(" or ".join(f"`{role}`" for role in shape.one_of))
        if 0 < len(shape.any_of) <= 6:
            needs.append(f"any of {', '.join(f'`{role}`' for role in shape.any_of)}")
        rows.append(f"| `{shape.shape}` | {shape.about.removeprefix('one row per ')} | {', '.join(needs)} |\n")
    return "".join(rows)


def test_the_readme_lists_every_input_type() -> None:
    assert TYPES.search(README.read_text(encoding="utf-8"))["rows"] == input_types()  # type: ignore[index]


def set_up_commands() -> tuple[str, str]:
    """The README's two commands: the main job on the sample, and the tests."""
    main, tests = re.findall(r"^    (python3 -m venv .*)$", README.read_text(encoding="utf-8"), re.MULTILINE)
    return main, tests


def test_ci_runs_the_test_command_of_the_readme_as_it_is_printed() -> None:
    _, tests = set_up_commands()
    assert tests.endswith("-m pytest -n auto")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert tests in [line.strip() for line in script.splitlines()]


def test_the_main_job_of_the_readme_computes_on_the_sample(tmp_path: Path) -> None:
    main, _ = set_up_commands()
    job = main.rpartition(" && ")[2].replace(".venv/bin/cstool", "cstool")
    assert "Enterprise" in printed(job, tmp_path)


def test_no_line_installs_the_package_of_that_name_on_the_public_index() -> None:
    texts = [README, *(ROOT / "docs").glob("*.md"), *(ROOT / "cstool").rglob("*.py")]
    of_the_index = re.compile(r"(pip|pipx|uv) (install|add|run) (-\S+ )*['\"]?cstool")
    assert [path.name for path in texts if of_the_index.search(path.read_text(encoding="utf-8"))] == []


def main() -> None:
    """Writes what the commands print today into the README and the tutorial."""
    with tempfile.TemporaryDirectory() as folder:
        tutorial = followed(Path(folder))
    TUTORIAL.write_text(tutorial, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        text = EXAMPLE.sub(
            lambda found: f"    $ {found['command']}\n{printed(found['command'], Path(folder))}",
            README.read_text(encoding="utf-8"),
        )
    README.write_text(TYPES.sub(lambda _: input_types(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
