"""A glossary's files -> its entries: which file holds what, a team's laid over the shipped ones, all problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import yaml

from cstool.errors import InputError, and_more
from cstool.glossary.places import KINDS, files, roots, shipped, stands_alone
from cstool.glossary.yaml_entries import EntryBuilder, Located, Problem, composed
from cstool.model.entries import Difference, Glossary, Source, Term
from cstool.model.inputs import Preset, Relation, Role, Shape

T = TypeVar("T")

# Which entries a file of each kind holds.
LAYOUT: Mapping[str, type[Any]] = dict(
    zip(KINDS, (Term, Difference, Source, Role, Shape, Relation, Preset), strict=True)
)


@dataclass(frozen=True, slots=True)
class Documents:
    """All entries of a glossary in file order, and what could not be read."""

    terms: tuple[Located[Term], ...]
    differences: tuple[Located[Difference], ...]
    sources: tuple[Located[Source], ...]
    roles: tuple[Located[Role], ...]
    shapes: tuple[Located[Shape], ...]
    measures: tuple[Located[Relation], ...]
    presets: tuple[Located[Preset], ...]
    problems: tuple[Problem, ...]
    looked_at: int = 0  # the terms in the files, those that could not be read included

    def over(self, below: Documents) -> Documents:
        """These laid over others, as `read_all` does."""
        return Documents(**{one.name: getattr(below, one.name) + getattr(self, one.name) for one in fields(self)})


def parse(path: Path | None = None) -> Glossary:
    """The glossary at `path`, read from its files; `store.load` saves the time where they have not changed.

    Raises InputError naming the first problems, by file and line, when any file cannot be read as entries.
    """
    documents = read_all(path)
    if documents.problems:
        raise InputError(
            "the glossary cannot be read:",
            hint=f"`cstool glossary check{f' {path}' if path else ''}` lists every problem",
            problems=and_more([str(one) for one in sorted(documents.problems, key=lambda one: (one.file, one.line))]),
            code="bad-glossary",
        )
    return assemble(documents)


def assemble(documents: Documents) -> Glossary:
    """Entries by id; a later one replaces an earlier one of the same id."""
    terms = {located.entry.id: located.entry for located in documents.terms}
    return Glossary(
        terms=terms,
        differences={tuple(sorted(located.entry.between)): located.entry for located in documents.differences},
        sources={located.entry.id: located.entry for located in documents.sources},
        roles=_with_likes({located.entry.role: located.entry for located in documents.roles}),
        shapes={located.entry.shape: located.entry for located in documents.shapes},
        relations={located.entry.relation: located.entry for located in documents.measures},
        presets={located.entry.preset: located.entry for located in documents.presets},
        computed={kind.name: term.id for term in terms.values() if (kind := term.metric or term.table)},
    )


def _with_likes(roles: dict[str, Role]) -> dict[str, Role]:
    """Roles whose headers include those of the role that they are `like`."""
    return {
        name: role._replace(headers=tuple(dict.fromkeys((*role.headers, *roles[role.like].headers))))
        if role.like in roles
        else role
        for name, role in roles.items()
    }


def read_all(path: Path | None = None, *, alone: bool = False) -> Documents:
    """Every file's entries and problems; with `alone` nothing is laid under `path`."""
    found: dict[str, list[Any]] = {kind: [] for kind in LAYOUT}
    problems: list[Problem] = []
    for root in roots(path, alone=alone):
        trusted = root == shipped() and not alone
        complete = root == shipped() or stands_alone(root)
        for file, kind in files(root):
            problems.extend(_read(file, LAYOUT[kind], found[kind], trusted=trusted, complete=complete))
    unread = {(problem.file, problem.entry) for problem in problems if problem.entry}
    return Documents(
        **{kind: tuple(found[kind]) for kind in LAYOUT},
        problems=tuple(problems),
        looked_at=len(found["terms"]) + len(unread),
    )


def _read(file: Path, kind: type[T], into: list[Located[T]], *, trusted: bool, complete: bool) -> list[Problem]:
    """Adds a file's entries to `into` and gives back what is wrong with it; a trusted file is read in one pass."""
    root, problems = composed(file, trusted=trusted)
    if root is None:
        return problems
    if not isinstance(root, yaml.SequenceNode):
        return [*problems, Problem(file, 1, "a list of entries is expected")]
    built: set[int] = set()
    for node in root.value:
        if kind is Term and (home := _home(node)):
            problems.append(Problem(file, node.start_mark.line + 1, home))
            continue
        builder = EntryBuilder(file, built, complete=complete)
        entry = builder.build(kind, node, "")
        if builder.problems:
            first = node.start_mark.line + 1 if kind is Term else 0
            problems.extend(replace(problem, entry=first) for problem in builder.problems)
        else:
            into.append(Located(entry, file, builder.lines))
    return problems


# The key by which an entry of another kind is known, and the file that it belongs into.
_OTHER_KINDS = {
    "between": "differences",
    "role": "roles",
    "shape": "shapes",
    "relation": "measures",
    "preset": "presets",
}


def _home(node: yaml.Node) -> str:
    """What to do about an entry of another kind among terms; empty for a term."""
    keys = {str(key.value) for key, _ in node.value} if isinstance(node, yaml.MappingNode) else set()
    for key in () if "term" in keys else (keys & _OTHER_KINDS.keys()):
        name = _OTHER_KINDS[key]
        return (
            f"a file of terms holds no {name}; put them into {name}.yaml in a folder, and give the folder as --glossary"
        )
    return ""
