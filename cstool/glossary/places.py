"""Where the glossary's files are. Knows names of files, not what stands in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from cstool.errors import InputError

PROJECT = "cstool.yaml"
_TAKES = "--glossary takes a YAML file or a folder of them"

# The kinds of entry: a file `terms.yaml` or a folder `terms/` holds terms, and so on; any other file holds terms.
KINDS = ("terms", "differences", "sources", "roles", "shapes", "measures", "presets")


def shipped() -> Path:
    """The folder of the glossary that came with the program."""
    installed = Path(__file__).parent / "entries"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "glossary"


def existing(path: Path) -> Path:
    """The path of a glossary, if there is one. Raises InputError."""
    if not path.exists():
        raise InputError(f"{path}: no such glossary", hint=_TAKES, code="bad-glossary")
    if (
        not path.is_file() and not path.is_dir()
    ):  # a pipe can be read only once, and a glossary is read as often as needed
        raise InputError(
            f"{path}: a glossary cannot be read from a pipe or a device",
            hint="save it as a YAML file",
            code="bad-glossary",
        )
    return path


def stands_alone(path: Path) -> bool:
    """Whether `path` is a whole glossary rather than entries to lay over the shipped one."""
    return (path / "terms").is_dir()


def roots(path: Path | None, *, alone: bool = False) -> list[Path]:
    """The folders or files a glossary is made of, later ones laid over earlier ones."""
    if path is None:
        return [shipped()]
    return [path] if alone or stands_alone(path) else [shipped(), path]


def files(root: Path) -> Iterator[tuple[Path, str]]:
    """The YAML files of a glossary with the kind of entry each holds, in a fixed order. Raises InputError."""
    return ((Path(file), kind) for file, kind in file_names(root))


def file_names(root: Path) -> Iterator[tuple[str, str]]:
    """The same by text: many paths take long to make and compare."""
    if existing(root).is_file():
        yield str(root), root.stem if root.stem in KINDS else "terms"
        return
    found = []
    for folder, _, names in os.walk(root):
        inside = folder[len(str(root)) :].split(os.sep)[1:]  # noqa: PTH206
        found += [[*inside, name] for name in names if name.lower().endswith((".yaml", ".yml")) and name[0] != "."]
    if not found:
        raise InputError(f"{root}: a folder without YAML files", hint=_TAKES, code="bad-glossary")
    for parts in sorted(found):
        file = os.path.join(root, *parts)  # noqa: PTH118
        if not os.path.isfile(file):  # noqa: PTH113
            raise InputError(f"{file}: not a file", hint="a glossary is made of plain YAML files", code="bad-glossary")
        kind = parts[0].partition(".")[0]  # differences.yaml, or shapes/revenue.yaml
        yield file, kind if kind in KINDS else "terms"


def found_project(start: Path | None = None) -> Path | None:
    """The nearest `cstool.yaml` from a folder upwards; None where there is none.

    The search ends at a folder with `.git` and at the home folder, both of which are looked at, and before a folder of
    another owner.
    """
    try:
        folder = os.path.abspath(start) if start else os.getcwd()  # noqa: PTH100, PTH109
        owner = os.stat(folder).st_uid  # noqa: PTH116
        home = os.path.expanduser("~")  # noqa: PTH111
        while True:
            file = os.path.join(folder, PROJECT)  # noqa: PTH118
            if os.path.isfile(file):  # noqa: PTH113
                return Path(os.path.relpath(file)) if not start else Path(file)
            above = os.path.dirname(folder)  # noqa: PTH120
            if above == folder or folder == home or os.path.exists(os.path.join(folder, ".git")):  # noqa: PTH110, PTH118
                return None
            if os.stat(above).st_uid != owner:  # noqa: PTH116
                return None
            folder = above
    except OSError:
        return None  # the current folder was removed, or one above it is closed to us
