"""A YAML file -> entries of a class. The only room that knows YAML.

Every scalar is read as text (YAML's own typing turns NO into False), duplicate and unknown keys are refused, and all
problems are collected, each with file and line, before anything is reported.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import yaml

from cstool.model.entries import LOOKS, Term, is_entry, is_ordinary
from cstool.model.naming import made_id

T = TypeVar("T")
MappingType = typing.get_origin(Mapping[str, Decimal])
NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?"
DEEPEST = 20  # levels of lists and keys in a file; the C parser recurses, and runs out of stack on hostile ones
_FIRST_ASKED = ("term", "definition", "id", "category", "sources")  # what a term must say, as a beginner meets it
TEAM_DEFAULTS = ("id", "category", "sources")  # keys that an entry of a team's own need not give
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a glossary file."""

    file: Path
    line: int
    text: str
    entry: int = 0  # the line of the term that it kept from being read

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """An entry, its file, and the line of each of its values by path (`related.0`)."""

    entry: T
    file: Path
    lines: Mapping[str, int]

    def problem(self, text: str, at: str = "") -> Problem:
        return Problem(self.file, self.lines.get(at, self.lines[""]), text)


def read_one(file: Path, kind: type[T]) -> tuple[Located[T] | None, list[Problem]]:
    """The one entry that a file of its own is, and what is wrong with it."""
    root, problems = composed(file, trusted=False)
    if root is None:
        return None, problems or [Problem(file, 1, "the file is empty")]
    builder = EntryBuilder(file, set(), complete=True)
    entry = builder.build(kind, root, "")
    problems += builder.problems
    return (None if problems else Located(entry, file, builder.lines)), problems


def read_list(file: Path, kind: Any, under: str) -> tuple[Located[Any] | None, list[Problem]]:
    """As `read_one`, of a file that may also be the list of the key `under` alone.

    An item of that list that has nothing but other keys of `kind`, as `holidays`, is read as if it stood beside it.
    """
    root, problems = composed(file, trusted=False)
    if root is None:
        return None, problems or [Problem(file, 1, "the file is empty")]
    if isinstance(root, yaml.SequenceNode):
        others = [item for item in root.value if _has_only(item, set(kind._fields) - {under})]
        root.value = [item for item in root.value if item not in others]
        pairs = [pair for item in others for pair in item.value]
        mark = yaml.ScalarNode("tag:yaml.org,2002:str", under, root.start_mark, root.start_mark)
        root = yaml.MappingNode("tag:yaml.org,2002:map", [(mark, root), *pairs], root.start_mark, root.end_mark)
    builder = EntryBuilder(file, set(), complete=True)
    entry = builder.build(kind, root, "")
    problems += builder.problems
    return (None if problems else Located(entry, file, builder.lines)), problems


def _has_only(node: yaml.Node, keys: set[str]) -> bool:
    """Whether a node has keys, and only some of these."""
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return False
    return all(isinstance(key, yaml.ScalarNode) and key.value in keys for key, _ in node.value)


_LARGEST = 16 << 20  # characters


def composed(file: Path, *, trusted: bool) -> tuple[yaml.Node | None, list[Problem]]:
    """A file's root node, None where it has none or cannot be read, and what is wrong with it."""
    problems: list[Problem] = []
    try:
        with file.open(encoding="utf-8") as source:
            text = source.read(_LARGEST + 1)
        if len(text) > _LARGEST:  # as a device that never ends is
            return None, [Problem(file, 1, f"larger than {_LARGEST >> 20} MB; this is no such file")]
        if not trusted:
            problems.extend(Problem(file, line, said) for line, said in _untold(text))
            if any(problem.text == _TOO_DEEP for problem in problems):
                return None, problems
        return yaml.compose(text, Loader=_Loader), problems
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [*problems, Problem(file, line, f"not YAML: {error.problem}")]
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [Problem(file, line, "not UTF-8; save the file as UTF-8")]
    except (yaml.YAMLError, OSError) as error:
        return None, [*problems, Problem(file, 1, f"cannot be read: {' '.join(str(error).split())}")]


_TOO_DEEP = "nested deeper than any entry is"


def _untold(text: str) -> Iterator[tuple[int, str]]:
    """What the composed file no longer tells: anchors, aliases and depths that would exhaust the stack, by line."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if getattr(event, "anchor", None):
            yield line, "anchors and aliases are not used here; write the value out"
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield line, _TOO_DEEP
            return


class EntryBuilder:
    """Walks one entry's nodes along the fields of its class. `built` holds the nodes of the file seen so far.

    In a `complete` glossary an entry says everything; in a team's own file some of it has a default.
    """

    def __init__(self, file: Path, built: set[int], *, complete: bool) -> None:
        self.file = file
        self._complete = complete
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._built = built

    def complain(self, node: yaml.Node, text: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, text))

    def build(self, kind: Any, node: yaml.Node, at: str) -> Any:
        """A value of type `kind` from a node; None after a complaint."""
        self.lines[at] = node.start_mark.line + 1
        # An alias is the same node seen again; built once, a few lines of aliases cannot multiply into billions.
        if id(node) in self._built:
            return self.complain(node, "this value is used again by an alias")
        self._built.add(id(node))
        if is_entry(kind):
            return self._record(kind, node, at)
        origin = typing.get_origin(kind)
        if origin is tuple:
            return self._list(typing.get_args(kind)[0], node, at)
        if origin is MappingType:
            inner = typing.get_args(kind)[1]
            if is_entry(inner):
                return self._entries(kind, node, at)
            return self._numbers(node, at) if inner is Decimal else self._texts(kind, node, at)
        if kind is Decimal:
            return self._number(node, at)
        return self._text(kind, node, at)

    def _record(self, kind: Any, node: yaml.Node, at: str) -> Any:
        known = _fields(kind)
        values: dict[str, Any] = {}
        if isinstance(node, yaml.ScalarNode) and (short := trait(kind, "short_key")):
            values[short] = self._text(known[short], node, at)
        elif not isinstance(node, yaml.MappingNode):
            return self.complain(node, f"{at or 'an entry'} must hold keys and values")
        hyphens = trait(kind, "hyphenated")
        for written, key, value in self._pairs(node) if isinstance(node, yaml.MappingNode) else ():
            name = written.replace("-", "_") if hyphens else written
            if name not in known:
                names = [one.replace("_", "-") if hyphens else one for one in known]
                self.complain(key, f"unknown key '{written}'; known here: {', '.join(names)}")
                continue
            if name in (trait(kind, "lone_items") or ()) and isinstance(value, yaml.ScalarNode):
                values[name] = (self.build(typing.get_args(known[name])[0], value, _join(at, name)),)
                continue
            values[name] = self.build(known[name], value, _join(at, name))
        if kind is Term and not self._complete:
            values = self._with_defaults(values)
        for name in _FIRST_ASKED if kind is Term else known:
            if name not in values and name not in kind._field_defaults:
                self.complain(node, f"'{name}' is missing")
        return None if self.problems else kind(**values)

    def _with_defaults(self, values: dict[str, Any]) -> dict[str, Any]:
        """What a team's own entry need not say: an id made of the term, its category and its source."""
        made = made_id(values.get("term") or "")
        defaults = {"category": "own", "sources": ("own",)} | ({"id": made} if made else {})
        return {**defaults, **values}

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
        """Names, their nodes and the values' nodes, each name once."""
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.complain(key, "a key must be text")
            elif key.value in seen:
                self.complain(key, f"key '{key.value}' stands twice")
            else:
                seen.add(key.value)
                yield key.value, key, value

    def _list(self, inner: Any, node: yaml.Node, at: str) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.complain(node, f"'{at}' must be a list")
            return ()
        return tuple(self.build(inner, item, _join(at, str(i))) for i, item in enumerate(node.value))

    def _numbers(self, node: yaml.Node, at: str) -> Mapping[str, Decimal]:
        numbers: dict[str, Decimal] = {}
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f"'{at}' must hold names and numbers")
            return numbers
        for name, _, value in self._pairs(node):
            number = self._number(value, _join(at, name))
            if number is not None:
                numbers[name] = number
        return numbers

    def _entries(self, kind: Any, node: yaml.Node, at: str) -> Mapping[str, Any]:
        """Entries by their names, each name of the type that the class asks for."""
        key_kind, inner = typing.get_args(kind)
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f"'{at}' must hold a name for each (name: ...)")
            return {}
        return {
            self._text(key_kind, key, f"{at}: {name}"): self.build(inner, value, _join(at, name))
            for name, key, value in self._pairs(node)
        }

    def _texts(self, kind: Any, node: yaml.Node, at: str) -> Mapping[str, str]:
        """Texts by what they are about, each key of the type that the class asks for."""
        key_kind, text_kind = typing.get_args(kind)
        if not isinstance(node, yaml.MappingNode):
            self.complain(node, f"'{at}' must hold a text for each id (id: text), not a list")
            return {}
        texts: dict[str, str] = {}
        for name, key, value in self._pairs(node):
            texts[self._text(key_kind, key, f"{at}: {name}")] = self.build(text_kind, value, _join(at, name))
        return texts

    def _number(self, node: yaml.Node, at: str) -> Decimal | None:
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if re.fullmatch(NUMBER, text, re.ASCII):
            if is_ordinary(number := Decimal(text)):
                return number
            self.complain(node, f"'{at}' has too many digits")
            return None
        self.complain(node, f"'{at}' must be a number, not '{_short(text)}'")
        return None

    def _text(self, kind: Any, node: yaml.Node, at: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.complain(node, f"'{at}' must be text")
            return ""
        text: str = node.value.strip() if kind is str else node.value
        allowed = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
        if not text.strip():
            self.complain(node, f"'{at}' is empty; leave the key out instead")
        elif allowed and text not in allowed:
            self.complain(node, f"'{at}' is '{_short(text)}'; it must be one of {', '.join(filter(None, allowed))}")
        elif (pattern := pattern_of(kind)) and not re.fullmatch(pattern, text, re.ASCII):
            self.complain(node, f"'{at}' is '{_short(text)}'; it must look like {LOOKS[kind]}")
        return text


def trait(kind: Any, name: str) -> Any:
    """What an entry class says of how its values may be written; None where it says nothing."""
    return getattr(kind, name)() if hasattr(kind, name) else None


def pattern_of(kind: Any) -> str | None:
    """The pattern of an annotated text type."""
    return typing.get_args(kind)[1] if typing.get_origin(kind) is Annotated else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


@cache
def _fields(kind: Any) -> dict[str, Any]:
    """The fields of an entry class with their types, `X | None` taken as X."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {name: without_none(hints[name]) for name in kind._fields}


def without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(kind for kind in typing.get_args(hint) if kind is not type(None))
    return hint
