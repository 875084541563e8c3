"""Optional packages: what to install for a feature whose package is missing."""

from __future__ import annotations

import sys


def to_install(extra: str) -> str:
    """The command that installs the requirements of an extra, as the installed package's metadata lists them.

    Requirements are installed by their own names: on the public index the name `cstool` is another project's.
    """
    from importlib.metadata import PackageNotFoundError, requires  # slow to import, and needed only for this message

    try:
        listed = requires("cstool") or []
    except PackageNotFoundError:  # run from a folder, without an installation
        listed = []
    ends = (f"extra == '{extra}'", f'extra == "{extra}"')
    packages = [one.partition(";")[0].strip() for one in listed if one.strip().endswith(ends)] or [f".[{extra}]"]
    return " ".join([sys.executable, "-m pip install", *(f"'{package}'" for package in packages)])
