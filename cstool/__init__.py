"""The executable customer-success glossary, as a library.

import cstool

cstool.calc("nrr", "accounts.csv", by="segment").rows
cstool.lookup("net revenue retension").matches[0].term.definition
cstool.diff("grr", "nrr").summary
cstool.columns("accounts.csv").roles

Every failure is a `CstoolError` with a message and a hint: see `cstool.errors`. Importing this package loads nothing
else; a function loads what it needs when it is called.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which takes longer to import than all of this
if TYPE_CHECKING:
    from cstool.compute.read_options import ReadOptions
    from cstool.errors import CstoolError, InputError, UndefinedError, UsageError
    from cstool.library import calc, columns, diff, lookup

__version__ = "0.1.0"

_HOME = {
    **dict.fromkeys(("calc", "columns", "diff", "lookup"), "cstool.library"),
    **dict.fromkeys(("CstoolError", "InputError", "UndefinedError", "UsageError"), "cstool.errors"),
    "ReadOptions": "cstool.compute.read_options",
}

__all__ = [
    "CstoolError",
    "InputError",
    "ReadOptions",
    "UndefinedError",
    "UsageError",
    "__version__",
    "calc",
    "columns",
    "diff",
    "lookup",
]


def __getattr__(name: str) -> object:
    """A public name, imported when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module 'cstool' has no attribute '{name}'")
    from importlib import import_module

    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
