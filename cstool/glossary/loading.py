"""YAML files -> entries. The only room that knows YAML.

Every scalar is read as text (YAML's own typing turns NO into False), duplicate and unknown keys are refused, and all
problems are collected, each with file and line, before anything is reported.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import yaml

from cstool.errors import InputError, and_more
from cstool.glossary.entries import Difference, Glossary, Relation, Role, Shape, Source, Term

T = TypeVar("T")
MappingType = typing.get_origin(Mapping[str, Decimal])
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A folder laid out like the shipped glossary: which file holds what. Any other file or folder holds terms.
LAYOUT: Mapping[str, type[Any]] = {
    "terms": Term,
    "differences": Difference,
    "sources": Source,
    "roles": Role,
    "shapes": Shape,
    "measures": Relation,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a glossary file."""

    file: Path
    line: int
    text: str

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


@dataclass(frozen=True, slots=True)
class Documents:
    """All entries of a glossary in file order, and what could not be read."""

    terms: tuple[Located[Term], ...]
    differences: tuple[Located[Difference], ...]
    sources: tuple[Located[Source], ...]
    roles: tuple[Located[Role], ...]
    shapes: tuple[Located[Shape], ...]
    measures: tuple[Located[Relation], ...]
    problems: tuple[Problem, ...]


def shipped() -> Path:
    """The folder of the glossary that came with the program."""
    installed = Path(__file__).parent / "entries"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "glossary"


def stands_alone(path: Path) -> bool:
    """Whether `path` is a whole glossary rather than entries to lay over the shipped one."""
    return (path / "terms").is_dir()


def load(path: Path | None = None) -> Glossary:
    """The glossary at `path`: a whole one replaces the shipped one, a file or folder of terms is laid over it.

    Raises InputError naming the first problems, by file and line, when any file cannot be read as entries.
    """
    documents = read_all(path)
    if documents.problems:
        raise InputError(
            "the glossary cannot be read:",
            hint="`cstool glossary check PATH` lists every problem",
            problems=and_more([str(problem) for problem in documents.problems]),
        )
    return assemble(documents)


def assemble(documents: Documents) -> Glossary:
    """Entries by id; a later one replaces an earlier one of the same id."""
    return Glossary(
        terms={located.entry.id: located.entry for located in documents.terms},
        differences={tuple(sorted(located.entry.between)): located.entry for located in documents.differences},
        sources={located.entry.id: located.entry for located in documents.sources},
        roles={located.entry.role: located.entry for located in documents.roles},
        shapes={located.entry.shape: located.entry for located in documents.shapes},
        relations={located.entry.relation: located.entry for located in documents.measures},
    )


def read_all(path: Path | None = None, *, alone: bool = False) -> Documents:
    """Every file's entries and problems; with `alone` nothing is laid under `path`."""
    roots = [shipped()] if path is None else [path] if alone or stands_alone(path) else [shipped(), path]
    found: dict[str, list[Any]] = {kind: [] for kind in LAYOUT}
    problems: list[Problem] = []
    for root in roots:
        for file, kind in _files(root):
            problems.extend(_read(file, LAYOUT[kind], found[kind]))
    return Documents(**{kind: tuple(found[kind]) for kind in LAYOUT}, problems=tuple(problems))


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    """The YAML files of a glossary with the kind of entry each holds, in a fixed order."""
    if not root.exists():
        raise InputError(f"{root}: no such glossary", hint="--glossary takes a YAML file or a folder of them")
    if root.is_file():
        yield root, root.stem if root.stem in LAYOUT else "terms"
        return
    for file in sorted([*root.rglob("*.yaml"), *root.rglob("*.yml")]):
        yield file, file.stem if file.parent == root and file.stem in LAYOUT else "terms"


def _read(file: Path, kind: type[T], into: list[Located[T]]) -> list[Problem]:
    problems: list[Problem] = []
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return [Problem(file, line, f"not YAML: {error.problem}")]
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        return [Problem(file, 1, f"cannot be read: {' '.join(str(error).split())}")]
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        return [Problem(file, 1, "a list of entries is expected")]
    for node in root.value:
        builder = _Builder(file)
        entry = builder.build(kind, node, "")
        if builder.problems:
            problems.extend(builder.problems)
        else:
            into.append(Located(entry, file, builder.lines))
    return problems


class _Builder:
    """Walks one entry's nodes along the fields of its class."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._aliased: set[int] = set()

    def complain(self, node: yaml.Node, text: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, text))

    def build(self, kind: Any, node: yaml.Node, at: str) -> Any:
        """A value of type `kind` from a node; None after a complaint."""
        self.lines[at] = node.start_mark.line + 1
        # An alias is the same node seen again: aliases multiply (a billion laughs) and say a thing out of its place.
        if id(node) in self._aliased:
            return self.complain(node, "anchors and aliases are not used here; write the value out")
        self._aliased.add(id(node))
        if is_dataclass(kind):
            return self._record(kind, node, at)
        origin = typing.get_origin(kind)
        if origin is tuple:
            return self._list(typing.get_args(kind)[0], node, at)
        if origin is MappingType:
            return self._numbers(node, at)
        return self._text(kind, node, at)

    def _record(self, kind: Any, node: yaml.Node, at: str) -> Any:
        if not isinstance(node, yaml.MappingNode):
            return self.complain(node, f"{at or 'an entry'} must hold keys and values")
        known = _fields(kind)
        values: dict[str, Any] = {}
        for name, value in self._pairs(node):
            if name not in known:
                allowed = ", ".join(known)
                self.complain(value, f"unknown key '{name}'; known here: {allowed}")
                continue
            values[name] = self.build(known[name][1], value, _join(at, name))
        for name, (field, _) in known.items():
            if name not in values and field.default is MISSING:
                self.complain(node, f"'{name}' is missing")
        return None if self.problems else kind(**values)

    def _pairs(self, node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values, each key once."""
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                self.complain(key, f"key '{name}' stands twice")
            else:
                seen.add(name)
                yield name, value

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
        for name, value in self._pairs(node):
            text = value.value if isinstance(value, yaml.ScalarNode) else ""
            try:
                number = Decimal(text)
            except InvalidOperation:
                number = Decimal("NaN")
            if not number.is_finite():
                self.complain(value, f"'{_join(at, name)}' must be a number, not '{text}'")
            numbers[name] = number
        return numbers

    def _text(self, kind: Any, node: yaml.Node, at: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.complain(node, f"'{at}' must be text")
            return ""
        text: str = node.value.strip()
        allowed = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
        if not text:
            self.complain(node, f"'{at}' is empty; leave the key out instead")
        elif allowed and text not in allowed:
            self.complain(node, f"'{at}' is '{text}'; it must be one of {', '.join(allowed)}")
        elif (pattern := pattern_of(kind)) and not re.fullmatch(pattern, text):
            self.complain(node, f"'{at}' is '{text}'; it must look like {pattern}")
        return text


def pattern_of(kind: Any) -> str | None:
    """The pattern of an annotated text type."""
    return typing.get_args(kind)[1] if typing.get_origin(kind) is Annotated else None


def _join(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


@cache
def _fields(kind: Any) -> dict[str, tuple[Field[Any], Any]]:
    """The fields of an entry class with their types, `X | None` taken as X."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {field.name: (field, without_none(hints[field.name])) for field in fields(kind)}


def without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(kind for kind in typing.get_args(hint) if kind is not type(None))
    return hint
