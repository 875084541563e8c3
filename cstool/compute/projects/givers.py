"""Which file gives which metric, where there are several: the input type of each decides, or what the project says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from cstool.compute.formulas.catalog import Available, available
from cstool.compute.joins.account_lists import ACCOUNTS, listed_accounts
from cstool.compute.recognize.header_matching import Columns
from cstool.compute.recognize.inspection import unmet
from cstool.compute.recognize.recognition import Recognised, Wish, overall, recognise
from cstool.compute.recognize.shapes import becomes, findable
from cstool.errors import CstoolError, InputError, UsageError, and_more
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table, open_table, same_header
from cstool.model.entries import Glossary, Term
from cstool.model.request import CalcRequest, FileSet

HEALTH = "health"

Resolve = Callable[[str], Term]  # the term of a metric's name; raises UsageError


@dataclass
class Giver:
    """Files of one header, opened, and what can be computed from them."""

    glossary: Glossary
    source: FileSet
    tables: Sequence[Table]

    @cached_property
    def columns(self) -> Columns:
        return Columns(self.glossary.roles, self.tables[0])

    def recognised(self, one: Available) -> Recognised:
        """What the files are, for a metric. Raises what `recognise` raises, InputError where they lack something."""
        how = self.source.how
        wish = Wish(how.get("mapping", {}), how.get("shape"), how.get("preset"), [one.name])
        found = recognise(self.glossary, self.tables[0], one.of, wish, self.columns)
        if lacking := unmet(one, found):
            raise InputError(
                f"{self.tables[0].name}: no column for {' and '.join(map(str, lacking))}", code="missing-column"
            )
        return found

    @cached_property
    def relations(self) -> set[str]:
        """The relations of the input types that explain most of the columns."""
        if shape := self.source.how.get("shape"):
            return {becomes(self.glossary, self.glossary.shapes[shape])} if shape in self.glossary.shapes else set()
        fits = [one for one in overall(self.glossary, self.columns, {}) if one.fits]
        if listed_accounts(self.columns, fits):
            return {ACCOUNTS}
        fits = [one for one in fits if one.shape.shape != ACCOUNTS]
        most = max((one.explained for one in fits), default=0)
        return {becomes(self.glossary, one.shape) for one in fits if one.explained == most}

    @property
    def header(self) -> frozenset[str]:
        return frozenset(map(header_key, self.tables[0].columns))


def assigned(
    glossary: Glossary, resolve: Resolve, terms: Sequence[Term], request: CalcRequest, scratch: Path
) -> list[tuple[FileSet, list[Term]]]:
    """The files that give each term, in the order in which they are first needed.

    Raises UsageError where two could give one and nothing says which, InputError where none can.
    """
    sets = request.sets or (FileSet(request.files, how=_how(request)),)
    if len(sets) == 1 and len(sets[0].files) == 1:  # nothing to choose: what it lacks is said when it is computed
        return [(sets[0], list(terms))]
    feeding = {id(one): [feed_of(glossary, resolve, feed, one) for feed in one.feeds] for one in sets}
    found: dict[int, tuple[FileSet, list[Term]]] = {}
    looked = _Looked(glossary, request, scratch)
    for term in terms:
        feeds = [one for one in sets if any(feed(term) for feed in feeding[id(one)])]
        open_ = [one for one in sets if not one.feeds]
        chosen = looked.chosen(available(glossary, term), feeds or open_, told=bool(feeds), every=sets)
        found.setdefault(id(chosen), (chosen, []))[1].append(term)
    return list(found.values())


def _how(request: CalcRequest) -> Mapping[str, Any]:
    names = ("mapping", "shape", "preset", "cents", "interval", "end_inclusive", "reading")
    return {name: getattr(request, name) for name in names}


def feed_of(glossary: Glossary, resolve: Resolve, feed: str, of: FileSet) -> Callable[[Term], bool]:
    """Whether a term is fed, by what `feeds` names: a metric, a family (relation or category) or an input type.

    Raises InputError, with the place in the project, for what is none of them.
    """
    if feed in glossary.relations or any(term.category == feed for term in glossary.metrics.values()):
        return lambda term: feed in (term.category, (term.metric or term.table).of)  # type: ignore[union-attr]
    if feed in glossary.shapes:
        relation = becomes(glossary, glossary.shapes[feed])
        return lambda term: (term.metric or term.table).of == relation  # type: ignore[union-attr]
    try:
        own = resolve(feed).id
    except UsageError as error:
        families = ", ".join(glossary.relations)
        raise InputError(
            f"{of.place}: feeds: {error.message}", hint=f"metrics, or families: {families}", code="bad-project"
        ) from error
    return lambda term: term.id == own


class _Looked:
    """Files looked at so far, each opened once."""

    def __init__(self, glossary: Glossary, request: CalcRequest, scratch: Path) -> None:
        self._glossary = glossary
        self._request = request
        self._scratch = scratch
        self._known: dict[int, list[Giver] | CstoolError] = {}
        self._joined: dict[tuple[int, ...], FileSet] = {}

    def chosen(self, one: Available, among: Sequence[FileSet], *, told: bool, every: Sequence[FileSet]) -> FileSet:
        """The files that give a metric, `among` those that may; `told` where the project says that they do."""
        if told and len(among) == 1:
            return among[0]
        givers, refusals = self._able(one, among)
        if not givers:
            raise self._none(one, among, refusals, every)
        own = [giver for giver in givers if one.of in giver.relations]
        if not own and one.of == HEALTH:  # signs of health may stand in any file
            raise self._none(one, among, [], every)
        own = own or givers
        if len(own) > 1 and self._are_one(own, one, told=told):
            return self._join(own)
        if len(own) > 1:
            raise _several(one, own)
        return own[0].source

    def _able(self, one: Available, among: Sequence[FileSet]) -> tuple[list[Giver], list[CstoolError]]:
        givers, refusals = [], []
        for files in among:
            opened = self._opened(files)
            if isinstance(opened, CstoolError):
                refusals.append(opened)
                continue
            for giver in opened:
                try:
                    giver.recognised(one)
                    givers.append(giver)
                except (InputError, UsageError) as error:
                    refusals.append(error)
        return givers, refusals

    def _opened(self, files: FileSet) -> list[Giver] | CstoolError:
        if id(files) not in self._known:
            try:
                self._known[id(files)] = self._open(files)
            except CstoolError as error:
                if not files.name or len(self._request.sets) == 1:
                    raise
                self._known[id(files)] = error
        return self._known[id(files)]

    def _open(self, files: FileSet) -> list[Giver]:
        how = files.how
        if not files.files:
            raise InputError(f"{files.place}: no file fits the path of {files.name}", code="file-not-found")
        known = findable(self._glossary, (*how.get("mapping", {}).values(), *self._request.by))
        tables = [
            open_table(one, known, self._scratch, how.get("reading", self._request.reading)) for one in files.files
        ]
        if files.name:
            same_header(tables)
        groups: dict[frozenset[str], list[int]] = {}
        for i, table in enumerate(tables):
            groups.setdefault(frozenset(map(header_key, table.columns)), []).append(i)
        return [
            Giver(
                self._glossary,
                files if len(groups) == 1 else replace(files, files=tuple(files.files[i] for i in own)),
                [tables[i] for i in own],
            )
            for own in groups.values()
        ]

    def _are_one(self, givers: Sequence[Giver], one: Available, *, told: bool) -> bool:
        """Whether files of one header are read as one: named together, or with rows that can be told apart."""
        first = givers[0]
        if any(giver.header != first.header or giver.source.how != first.source.how for giver in givers):
            return False
        named = told or not all(giver.source.name for giver in givers) or self._request.files
        return bool(named) or bool(first.recognised(one).shape.unique)

    def _join(self, givers: Sequence[Giver]) -> FileSet:
        key = tuple(id(giver.source) for giver in givers)
        if key not in self._joined:
            first = givers[0].source
            files = tuple(file for giver in givers for file in giver.source.files)
            name = ", @".join(giver.source.name for giver in givers if giver.source.name)
            self._joined[key] = replace(first, files=files, name=name)
        return self._joined[key]

    def _none(
        self, one: Available, among: Sequence[FileSet], refusals: Sequence[CstoolError], every: Sequence[FileSet]
    ) -> CstoolError:
        """What to say where no file gives a metric: the one refusal that leads on, or what each file lacks."""
        leading = [error for error in refusals if "--map" in error.hint or "--shape" in error.hint]
        if len(refusals) == 1 and len(every) == 1:
            return refusals[0]
        if not among:
            names = ", ".join(one.shown for one in every)
            return InputError(
                f"no file feeds {one.name}: {names}",
                hint="add it to `feeds` of the one that does",
                code="not-given-by-file",
            )
        unread = [error for files in among if isinstance(error := self._known.get(id(files)), CstoolError)]
        if unread:
            return InputError(
                f"no file gives {one.name}; not read:",
                problems=and_more([error.message for error in unread]),
                hint="`cstool project` says what is wrong with each file",
                code="not-given-by-file",
            )
        close = [error for error in leading if "no column for" not in error.message]
        if len(close) == 1:
            return close[0]
        shapes = ", ".join(dict.fromkeys(shape.shape for shape in one.shapes))
        return InputError(
            f"no file gives {one.name}" + (f", which needs {shapes}" if shapes else ""),
            problems=and_more([error.message for error in refusals]),
            hint="`cstool columns FILE` shows what a file gives and lacks",
            code="not-given-by-file",
        )


def _several(one: Available, givers: Sequence[Giver]) -> UsageError:
    shown = " and ".join(giver.source.shown for giver in givers)
    first = givers[0].source
    if not first.place:
        return UsageError(
            f"{one.name} could come from {shown}",
            hint="name one of them only, or say what each is with a project",
            code="ambiguous-file",
        )
    line = f"{first.name}: {{path: {', '.join(first.files)}, feeds: [{one.name}]}}"
    return UsageError(
        f"{one.name} could come from {shown}",
        hint=f"add `feeds` to one, as in {first.place}: `{line}`",
        code="ambiguous-file",
    )
