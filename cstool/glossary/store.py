"""A glossary as it was kept when its files last changed, in the user's cache folder: read without building anything.

What is kept is believed only if it says which contents it was made from, to the byte, and is whole itself. Its second
line says where in the third part the names, the facts and the places of entries stand, each read when it is asked for.
Imports next to nothing, since the answer to most lookups needs no more than this.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstool import __version__
from cstool.glossary.find.names import Names
from cstool.glossary.places import file_names, roots

if TYPE_CHECKING:
    from decimal import Decimal

try:
    from _blake2 import blake2b  # what hashlib gives too, a few milliseconds later
except ImportError:
    from hashlib import blake2b

# The folders whose code decides what is kept: with other code, what was kept is of no use.
_MAKERS = ("", "check", "find", "../model", "../compute", "../compute/formulas", "../compute/recognize", "../samples")
RECORDS = "records"  # the part that holds terms as json prints them
FACTS = (
    "samples",
    "names",
    "categories",
    "differences",
    "sources",
    "formulas",
)  # what `compute.formulas.cache_facts` finds out
OVERRIDES = "overrides"  # of the facts, the metrics that a glossary laid over the shipped one defines anew
COMPUTED = "computed"  # of the facts, the id of the term by the name that `calc` knows
MOST_KEPT = 8  # files in the cache, of a megabyte each
JOINER = "\x1f"  # between the names of a term, and between the ids of a difference

Facts = Mapping[str, Mapping[str, str]]  # by name, something about each of some entries
Spans = Mapping[str, Mapping[str, tuple[int, int]]]  # by part and key, where an entry begins and ends


class _Pieces(Mapping[str, Any]):
    """By name, what stands between two places as JSON; each is read once it is asked for."""

    def __init__(self, spans: Mapping[str, tuple[int, int]], body: memoryview) -> None:
        self._spans = spans
        self._body = body
        self._read: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._read:
            start, end = self._spans[key]
            self._read[key] = json.loads(bytes(self._body[start:end]))
        return self._read[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._spans)

    def __len__(self) -> int:
        return len(self._spans)


class Kept:
    """A kept glossary: the names of its terms, facts about it, and each entry's JSON by part and key."""

    def __init__(self, names: Names, facts: Facts, spans: Spans, body: memoryview) -> None:
        self.names = names
        self.facts = facts
        self.spans = spans
        self._body = body

    def entry(self, part: str, key: str) -> Any:
        """Raises ValueError or KeyError where there is none, or none that is whole."""
        start, end = self.spans[part][key]
        return json.loads(bytes(self._body[start:end]))


_handed: dict[Path | None, Kept] = {}


def hand_on(path: Path | None, kept: Kept | None) -> None:
    """Gives what was opened to the next opening of the same glossary, so that a command does not read it twice."""
    if kept:
        _handed[path] = kept


def open_kept(path: Path | None) -> Kept | None:
    """What is kept of the glossary at `path`; None where there is nothing, or nothing to be believed."""
    if path in _handed:
        return _handed.pop(path)
    try:
        whole = _own_bytes(_place(path))
        first = whole.index(b"\n")
        second = whole.index(b"\n", first + 1)
        view = memoryview(whole)  # it is long: nothing is copied that is not read
        if whole[:first] != _head(_fingerprint(path), view[first + 1 :]):
            return None
        held = json.loads(whole[first + 1 : second])
        names, facts, spans = (_Pieces(held[part], view[second + 1 :]) for part in ("names", "facts", "spans"))
        return Kept(Names(names), facts, spans, view[second + 1 :])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _own_bytes(place: Path) -> bytes:
    """What stands in a file of the cache. Raises OSError where it is not a plain file that only this user can write.

    Entries hold formulas that run: what another user could have put there is not read, and nothing is waited for.
    """
    with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        _refuse_foreign(os.fstat(file.fileno()), place)
        _refuse_foreign(os.stat(place.parent), place.parent)  # noqa: PTH116
        return file.read()


def _refuse_foreign(found: os.stat_result, place: Path) -> None:
    regular = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    if not regular or (hasattr(os, "geteuid") and (found.st_uid != os.geteuid() or found.st_mode & 0o022)):
        raise OSError(f"{place} is not this user's own")


def keep(path: Path | None, names: Names, parts: Mapping[str, Mapping[str, Any]], facts: Facts) -> None:
    """Keeps a glossary, its entries as JSON has them; another process sees all of it or nothing."""
    body = bytearray()

    def put(value: Any) -> tuple[int, int]:
        start = len(body)
        body.extend(_json(value))
        return start, len(body)

    spans = {part: {key: put(entry) for key, entry in entries.items()} for part, entries in parts.items()}
    index = {
        kind: {name: put(value) for name, value in values.items()}
        for kind, values in (("names", names.parts), ("facts", facts), ("spans", spans))
    }
    rest = _json(index) + b"\n" + body
    with suppress(OSError):
        place = _place(path)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_foreign(os.stat(place.parent), place.parent)  # noqa: PTH116
        beside = place.with_suffix(f".{os.getpid()}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(_head(_fingerprint(path), rest) + b"\n" + rest)
            beside.replace(place)
        finally:
            beside.unlink(missing_ok=True)
        _remove_old(place.parent)


def _remove_old(folder: Path) -> None:
    """Leaves the newest few: each path of a glossary has a file of its own, and temporary ones never come back."""
    kept = sorted(folder.iterdir(), key=lambda file: file.stat().st_mtime_ns)
    for file in kept[:-MOST_KEPT]:
        file.unlink(missing_ok=True)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_number).encode()


def _number(value: Decimal) -> int | float:
    """What json prints of a decimal."""
    return int(value) if value == value.to_integral_value() else float(value)


def _head(made_from: str, rest: bytes | memoryview) -> bytes:
    return f"{made_from} {len(rest)} {zlib.crc32(rest)}".encode()


def _place(path: Path | None) -> Path:
    """One file for each glossary of each installation."""
    named = "\0".join(os.path.realpath(root) for root in roots(path))
    return _folder() / f"{blake2b(named.encode(), digest_size=8).hexdigest()}.json"


def _fingerprint(path: Path | None) -> str:
    """What a kept glossary must have been made from: this program, and the files' very contents."""
    digest = blake2b(__version__.encode(), digest_size=16)
    here = os.path.dirname(__file__)  # noqa: PTH120
    for folder in _MAKERS:
        with os.scandir(f"{here}/{folder}") as found:
            changed = sorted((one.name, one.stat().st_mtime_ns) for one in found if one.name.endswith(".py"))
        digest.update(repr(changed).encode())
    for root in roots(path):
        for name, kind in file_names(root):
            with suppress(OSError), open(name, "rb", buffering=0) as file:  # noqa: PTH123  # loading says what is wrong
                digest.update(f"\0{kind}\0{name}\0".encode())
                digest.update(file.read())
    return digest.hexdigest()


def _folder() -> Path:
    """The user's cache folder. Raises OSError where the environment names none."""
    if os.environ.get("HOME") == "":  # which Python takes for the root folder
        raise OSError("no home folder")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home())
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # noqa: PTH117  # relative ones are to be ignored, says the XDG specification
            base = str(Path.home() / ".cache")
    if not os.path.isabs(base):  # noqa: PTH117
        raise OSError("no home folder")
    return Path(base) / "cstool"
