"""A glossary parsed once per change of its files, and kept as JSON in the user's cache folder.

What is kept is believed only if it says which contents it was made from, to the byte, and is whole itself; else the
files are parsed again. Where nothing can be kept, nothing is lost but time.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import typing
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from cstool import __version__
from cstool.glossary import entries
from cstool.glossary.entries import Glossary
from cstool.glossary.places import files, roots

_PARTS = {
    "terms": entries.Term,
    "differences": entries.Difference,
    "sources": entries.Source,
    "roles": entries.Role,
    "shapes": entries.Shape,
    "relations": entries.Relation,
    "presets": entries.Preset,
}
_JOINER = "\x1f"  # between the ids of a difference's key


def load(path: Path | None = None) -> Glossary:
    """The glossary at `path`: a whole one replaces the shipped one, a file or folder of terms is laid over it.

    Raises InputError naming the first problems, by file and line, when any file cannot be read as entries.
    """
    made_from = _fingerprint(path)
    kept_at = _folder() / f"{_named(path)}.json"
    kept = _read(kept_at, made_from)
    if kept is not None:
        return kept
    from cstool.glossary.loading import parse

    glossary = parse(path)
    _write(kept_at, made_from, glossary)
    return glossary


def _named(path: Path | None) -> str:
    """One name for each glossary of each installation."""
    return hashlib.sha256("\0".join(str(root.resolve()) for root in roots(path)).encode()).hexdigest()[:16]


def _fingerprint(path: Path | None) -> str:
    """What a kept glossary must have been made from: this program's entry classes and the files' very contents."""
    digest = hashlib.sha256(f"{__version__} {Path(entries.__file__).stat().st_mtime_ns}".encode())
    for root in roots(path):
        for file, kind in files(root):
            with suppress(OSError):  # loading says what is wrong with it
                digest.update(f"\0{kind}\0{file}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home())
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "cstool"


def _read(kept_at: Path, made_from: str) -> Glossary | None:
    try:
        head, _, body = kept_at.read_bytes().partition(b"\n")
        if head != _head(made_from, body):
            return None
        held: Mapping[str, Mapping[str, Any]] = json.loads(body)
        restored: dict[str, Any] = {
            part: {name: _restored(kind, value) for name, value in held[part].items()} for part, kind in _PARTS.items()
        }
        restored["differences"] = {tuple(key.split(_JOINER)): one for key, one in restored["differences"].items()}
        return Glossary(**restored)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(kept_at: Path, made_from: str, glossary: Glossary) -> None:
    """Keeps a glossary; another process sees all of it or nothing."""
    held: dict[str, dict[str, Any]] = {part: {} for part in _PARTS}
    for part in _PARTS:
        for key, entry in getattr(glossary, part).items():
            held[part][key if isinstance(key, str) else _JOINER.join(key)] = _plain(entry)
    body = json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()
    beside = kept_at.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        kept_at.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(_head(made_from, body) + b"\n" + body)
        beside.replace(kept_at)


def _head(made_from: str, body: bytes) -> bytes:
    return f"{made_from} {hashlib.sha256(body).hexdigest()}".encode()


def _plain(value: Any) -> Any:
    """An entry as JSON holds it; what is left at its default is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        owns = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _plain(own) for field, own in owns if own != field.default and own != {}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: str(number) for name, number in value.items()}
    return value


def _restored(kind: Any, value: Any) -> Any:
    if kind is None:
        return value
    if isinstance(kind, tuple):
        return tuple(value) if kind[0] is None else tuple(_restored(kind[0], item) for item in value)
    if kind is Decimal:
        return {name: Decimal(number) for name, number in value.items()}
    known = _kinds(kind)
    return kind(**{name: _restored(known[name], own) for name, own in value.items()})


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    """For each field of an entry class what its value is restored to: an entry, a tuple of some, numbers, or text."""
    return {name: _kind(hint) for name, hint in typing.get_type_hints(kind).items()}


def _kind(hint: Any) -> Any:
    options = [one for one in typing.get_args(hint) if is_dataclass(one)]
    if is_dataclass(hint):
        return hint
    origin = typing.get_origin(hint)
    if origin is tuple:
        return (options[0] if options else None,)
    if origin is typing.get_origin(Mapping[str, Decimal]):
        return Decimal
    return options[0] if options else None
