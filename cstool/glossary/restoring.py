"""A glossary from what was kept of it, each entry built when it is asked for; else from its files, and kept."""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from cstool.glossary.find.names import Names, names_of
from cstool.glossary.places import roots
from cstool.glossary.records import entry_record
from cstool.glossary.store import COMPUTED, JOINER, OVERRIDES, RECORDS, Kept, keep, open_kept
from cstool.model.entries import Glossary, is_entry

_PARTS = {
    "terms": ("entries", "Term"),
    "differences": ("entries", "Difference"),
    "sources": ("entries", "Source"),
    "roles": ("inputs", "Role"),
    "shapes": ("inputs", "Shape"),
    "relations": ("inputs", "Relation"),
    "presets": ("inputs", "Preset"),
}


class Loaded(NamedTuple):
    """A glossary, the names of its terms, and what else was asked to be kept of it."""

    glossary: Glossary
    names: Names
    facts: Mapping[str, Mapping[str, str]]


Facts = Mapping[str, Callable[[Glossary], Mapping[str, str]]]


def load(path: Path | None = None, kept: Kept | None = None, facts: Facts | None = None) -> Loaded:
    """The glossary at `path`: a whole one replaces the shipped one, else it is laid over that.

    `kept` is what is kept of it, if it is known already. `facts` are found out once per change of the glossary, by
    name. Raises InputError naming the first problems, by file and line, when any file cannot be read as entries.
    """
    wanted = facts or {}
    kept = kept or open_kept(path)
    if kept and _PARTS.keys() <= kept.spans.keys() and {COMPUTED, OVERRIDES, *wanted} <= kept.facts.keys():
        parts = {part: _Entries(kept, part, path) for part in _PARTS}
        return Loaded(Glossary(**parts, computed=kept.facts[COMPUTED]), kept.names, kept.facts)
    from cstool.glossary import loading

    glossary = loading.parse(path)
    names = names_of(glossary.terms.values())
    held: dict[str, dict[str, Any]] = {
        part: {_text(key): _plain(entry) for key, entry in getattr(glossary, part).items()} for part in _PARTS
    }
    held[RECORDS] = {id_: entry_record(term) for id_, term in glossary.terms.items()}
    found = {name: find(glossary) for name, find in wanted.items()} | {COMPUTED: glossary.computed}
    found[OVERRIDES] = _overridden(glossary, path, facts)
    keep(path, names, held, found)
    return Loaded(glossary, names, found)


def _overridden(glossary: Glossary, path: Path | None, facts: Facts | None) -> Mapping[str, str]:
    """The names of the shipped metrics that a glossary laid over the shipped one computes in another way."""
    if path is None or len(roots(path)) < 2:
        return {}
    shipped = load(facts=facts).glossary
    changed = {
        (name, measure.measure)
        for name, relation in glossary.relations.items()
        if name in shipped.relations and relation != shipped.relations[name]
        for measure in relation.measures
        if measure not in shipped.relations[name].measures
    }
    found: dict[str, str] = {}
    for name, id_ in shipped.computed.items():
        own, term = shipped.terms[id_], glossary.terms[id_]
        kind = term.metric or term.table
        parts = term.table.columns if term.table else ()
        formulas = [*([term.metric.formula] if term.metric else []), *(part.formula for part in parts)]
        used = {(kind.of, word) for text in formulas for word in re.findall(r"[a-z_]\w*", text)} if kind else set()
        if (own.metric, own.table) != (term.metric, term.table) or used & changed:
            found[name] = ""
    return found


class _Entries(Mapping[Any, Any]):
    """One part of a kept glossary. Should an entry turn out not to be one, the files are parsed after all."""

    def __init__(self, kept: Kept, part: str, path: Path | None) -> None:
        self._kept = kept
        self._part = part
        self._path = path
        self._built: dict[Any, Any] = {}

    def __getitem__(self, key: Any) -> Any:
        if key not in self._built:
            text = _text(key)
            if text not in self._kept.spans[self._part]:
                raise KeyError(key)
            self._built[key] = self._build(key, text)
        return self._built[key]

    def _build(self, key: Any, text: str) -> Any:
        try:
            return _restored(_class(self._part), self._kept.entry(self._part, text))
        except (ValueError, KeyError, TypeError, AttributeError):
            from cstool.glossary import loading

            return getattr(loading.parse(self._path), self._part)[key]

    def __contains__(self, key: object) -> bool:
        return isinstance(key, (str, tuple)) and _text(key) in self._kept.spans[self._part]

    def __iter__(self) -> Iterator[Any]:
        keys: Callable[[str], Any] = _ids if self._part == "differences" else str
        return map(keys, self._kept.spans[self._part])

    def __len__(self) -> int:
        return len(self._kept.spans[self._part])


@cache
def _class(part: str) -> Any:
    """The class of a part's entries; what reads no files needs no more than those of terms."""
    module, name = _PARTS[part]
    return getattr(import_module(f"cstool.model.{module}"), name)


def _text(key: str | tuple[str, ...]) -> str:
    return key if isinstance(key, str) else JOINER.join(key)


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split(JOINER))


def _plain(value: Any) -> Any:
    """An entry as JSON holds it; what is left at its default is left out."""
    if is_entry(type(value)):
        kept = value._asdict()
        return {name: _plain(own) for name, own in kept.items() if own != value._field_defaults.get(name)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: str(own) for name, own in value.items()}
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
    options = [one for one in typing.get_args(hint) if is_entry(one)]
    if is_entry(hint):
        return hint
    origin = typing.get_origin(hint)
    if origin is tuple:
        return (options[0] if options else None,)
    if origin is typing.get_origin(Mapping[str, Decimal]):
        return Decimal if Decimal in typing.get_args(hint) else None
    return options[0] if options else None
