"""One opened glossary and all that can be asked of it: joins the layers below and holds no rule of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstool.errors import InputError, UsageError
from cstool.glossary.index import Index

if TYPE_CHECKING:
    from cstool.accounts.card import Card, NotOne
    from cstool.accounts.table import AccountTable
    from cstool.compute.formulas.catalog import Available
    from cstool.compute.joins.matching import Matched
    from cstool.compute.projects.goals import Scorecard
    from cstool.compute.projects.project_draft import Drafted
    from cstool.compute.projects.project_status import FileStatus
    from cstool.compute.recognize.inspection import Understood
    from cstool.compute.tables.comparison import Comparison
    from cstool.export.warehouse import Printed
    from cstool.glossary.find.finding import Finder, Found
    from cstool.glossary.find.names import Names
    from cstool.glossary.find.searching import Hit, Searcher
    from cstool.glossary.project import Project
    from cstool.glossary.restoring import Loaded
    from cstool.glossary.store import Facts
    from cstool.glossary.target_rules import Targets
    from cstool.model.entries import Difference, Glossary, Term
    from cstool.model.reading import Reading
    from cstool.model.request import CalcRequest, JoinedFile
    from cstool.model.results import Result
    from cstool.plays.planning import Planned, PlaysRequest


class Book(Index):
    """One glossary, opened: the shipped one, or `path` laid over it (a whole glossary at `path` replaces it).

    What was kept of it is used as it is, for as long as that is enough.
    """

    def __init__(self, path: Path | None = None) -> None:
        from cstool.glossary.store import FACTS, OVERRIDES, open_kept

        self._path = path
        kept = open_kept(path)
        self._kept = kept if kept and kept.facts.keys() >= {OVERRIDES, *FACTS} else None
        if not self._kept:
            _ = self._loaded

    def hand_on(self) -> None:
        """Spares the next `Book` of the same path in this process from reading it again."""
        from cstool.glossary.store import hand_on

        hand_on(self._path, self._kept)

    @cached_property
    def _loaded(self) -> Loaded:
        from cstool.glossary.restoring import load

        if self._kept:
            return load(self._path, self._kept)
        from cstool.compute.formulas.cache_facts import MAKERS

        return load(self._path, facts=MAKERS)

    @property
    def glossary(self) -> Glossary:
        return self._loaded.glossary

    @cached_property
    def finder(self) -> Finder:
        from cstool.glossary.find.finding import Finder

        return Finder(self.glossary, self._loaded.names)

    @property
    def terms(self) -> Mapping[str, Term]:
        return self.glossary.terms

    def find(self, query: str, *, exact: bool = False, limit: int | None = None) -> Found:
        """What a query finds; at most `limit` terms."""
        return self.finder.find(query, exact=exact, limit=limit)

    def exact_answer(self, query: str, limit: int) -> dict[str, Any] | None:
        """What json prints of a query that is just the name of a term, from what is kept and without an entry built.

        None where it is not, or where nothing is kept of the glossary yet.
        """
        from cstool.glossary.find.names import match_record
        from cstool.glossary.store import RECORDS
        from cstool.model.naming import normalise

        kept = self._kept
        named = kept.names.named(normalise(query).split())[:limit] if kept else []
        if kept is None or not named:
            return None
        try:
            return {
                "query": query,
                "matches": [match_record(how, 100.0, kept.entry(RECORDS, id_)) for id_, how in named],
            }
        except (ValueError, KeyError, TypeError):
            return None

    def difference(self, terms: Sequence[Term]) -> Difference | None:
        """The written difference of two or three terms, in whatever order."""
        return self.glossary.differences.get(tuple(sorted(term.id for term in terms)))

    def told_apart(self, candidates: Sequence[Sequence[Term]]) -> Sequence[Term]:
        """One term for each name: of names that several terms bear, those a written difference exists between."""
        choices = list(product(*candidates))
        return next((terms for terms in choices if self.difference(terms)), choices[0])

    def nearest_written(self, terms: Sequence[Term]) -> Sequence[Term]:
        """The terms whose written difference answers for `terms`; see `senses.nearest_written`."""
        from cstool.glossary.find.senses import nearest_written

        return nearest_written(self.glossary, terms)

    @cached_property
    def comparable(self) -> Mapping[str, Sequence[str]]:
        """By id, the other terms that a written difference exists to."""
        others: dict[str, list[str]] = {}
        for between in self.glossary.differences:
            if len(set(between)) == 2:
                others.setdefault(between[0], []).append(between[1])
                others.setdefault(between[1], []).append(between[0])
        return others

    def resolve(self, name: str) -> Term:
        """The one term of a name, for commands that need just one.

        Raises UsageError with suggestions where nothing, or nothing near enough, is found.
        """
        found = self.find(name)
        if found.matches:
            return found.matches[0].term
        raise UsageError(f"'{name}' is no term of the glossary", hint=found.did_you_mean, code="unknown-term")

    def calc(self, request: CalcRequest) -> Result:
        """Compute metrics; see `CalcRequest` for what can be asked and `Result` for what comes back."""
        from cstool.compute.projects.families import calculate

        if request.metrics == ("health-backtest",):
            from cstool.accounts.backtest import backtest

            return backtest(self.glossary, self.finder, request)
        self._refuse_faulty_sql(request)
        if request.since:
            from cstool.accounts.history import scored_since

            self._refuse_faulty_shapes()
            return scored_since(self.glossary, self.finder, request)
        if request.sets:
            from cstool.accounts.signals import health_of_accounts, reads_accounts

            if reads_accounts(self.glossary, self.finder, request):
                self._refuse_faulty_shapes()
                return health_of_accounts(self.glossary, self.finder, request)
        return calculate(self.glossary, self.finder, request)

    def query(self, request: CalcRequest, dialect: str, table: str) -> Printed:
        """The query that would compute it over a table of a warehouse; a file is an example of the table's header."""
        from cstool.export.warehouse import warehouse_query

        self._refuse_faulty_sql(request)
        return warehouse_query(self.glossary, self.finder, request, dialect, table)

    def semantic_layer(self) -> tuple[str, list[str]]:
        """The metrics as a dbt semantic layer in YAML, and why some are not in it."""
        from cstool.export.metricflow import semantic_layer

        return semantic_layer(self.glossary)

    def compare(self, terms: Sequence[Term], request: CalcRequest) -> Comparison:
        """Two metrics on the same files, and what makes them differ there."""
        from cstool.compute.tables.comparison import compare

        self._refuse_faulty_sql(request)
        return compare(self.glossary, self.finder, terms, request)

    def _refuse_faulty_sql(self, request: CalcRequest) -> None:
        """Raises InputError where a team's glossary holds SQL that may not run; the shipped one was checked before."""
        if self._path is not None:
            from cstool.compute.formulas.checking import refuse_faulty_sql

            refuse_faulty_sql(self.glossary, self.finder, request.metrics)

    def match(self, left: str, right: JoinedFile, **options: Any) -> Matched:
        """Aliases proposed for the accounts of a file that another does not have; see `matching.match`."""
        from cstool.compute.joins.matching import match

        return match(self.glossary, left, right, **options)

    def accounts(self, request: CalcRequest) -> AccountTable:
        """A row an account on the day of a request, with what all its files tell; see `accounts.table`."""
        from cstool.accounts.table import account_table

        self._refuse_faulty_shapes()
        return account_table(self.glossary, request)

    def account(self, request: CalcRequest, name: str) -> Card | NotOne:
        """All that files tell of one account, or those that a name could mean; see `accounts.card`."""
        from cstool.accounts.card import account_card

        self._refuse_faulty_shapes()
        return account_card(self.glossary, self.finder, request, name)

    def _refuse_faulty_shapes(self) -> None:
        """Raises InputError where a team's glossary holds SQL of input types that may not run."""
        if self._path is not None:
            from cstool.compute.formulas.checking import refuse_faulty_shapes

            refuse_faulty_shapes(self.glossary)

    def is_account_list(self, file: str, plays: str, config: str | None) -> bool:
        """Whether a file is a list of accounts for plays, and no export that tells of them."""
        from cstool.plays.list_or_export import is_account_list
        from cstool.plays.planning import words_of_rules

        return is_account_list(self.glossary, file, words_of_rules(plays, config))

    def targets(self, targets: Targets, request: CalcRequest) -> Scorecard:
        """The goals of a file of targets, measured on the files of a request; see `goals.measured`."""
        from cstool.compute.projects.goals import measured

        return measured(self.glossary, self.finder, targets, request)

    def plays(self, request: PlaysRequest) -> Planned:
        """The tasks that plays make for accounts on a day; see `PlaysRequest`."""
        from cstool.plays.planning import planned

        return planned(request)

    def catalogue(self) -> list[Available]:
        """Everything that can be computed, by name."""
        from cstool.compute.formulas.catalog import catalogue

        return catalogue(self.glossary)

    def sampled(self, terms: Iterable[Term]) -> Mapping[str, str]:
        """By id, a kind of file that a term can be computed from."""
        samples = self._facts["samples"]
        return {term.id: samples[term.id] for term in terms if term.id in samples}

    def metric(self, name: str) -> Available:
        """One metric or table by any of its names. Raises UsageError where there is none."""
        from cstool.compute.formulas.catalog import available
        from cstool.compute.formulas.resolve import computable

        return available(self.glossary, computable(self.glossary, self.finder, name))

    def columns(
        self,
        file: str,
        mapping: Mapping[str, str],
        reading: Reading,
        shape: str | None = None,
        preset: str | None = None,
    ) -> tuple[str, Understood, Sequence[str]]:
        """The file's name, what was understood of it, and what to tell the user about reading it."""
        import tempfile

        from cstool import scratch as scratch_folders
        from cstool.compute.recognize.inspection import understood
        from cstool.compute.recognize.shapes import findable
        from cstool.ingest.source.table import open_table

        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
            table = open_table(file, findable(self.glossary, mapping.values()), Path(scratch), reading)
            found = understood(self.glossary, table, mapping, shape, preset)
            return table.name, found, (*table.notes, *found.notes)

    def project_files(self, project: Project) -> list[FileStatus]:
        """What each file of a project is, how far it goes, whose accounts it has, and what is wrong with it."""
        from cstool.compute.formulas.resolve import computable
        from cstool.compute.projects.project_status import project_status

        return project_status(self.glossary, lambda name: computable(self.glossary, self.finder, name), project)

    def drafted_project(self, files: Sequence[str]) -> Drafted:
        """A `cstool.yaml` for files, or for those of the current folder and its subfolders where none are named."""
        from cstool.compute.projects.project_draft import drafted

        return drafted(self.glossary, files)

    @property
    def presets(self) -> Sequence[str]:
        return list(self.glossary.presets)

    @property
    def shapes(self) -> Sequence[str]:
        return list(self.glossary.shapes)

    def variants(self, metrics: Iterable[str]) -> Sequence[str]:
        """The names of the other readings of metrics that `calc` knows by any of their names."""
        from cstool.compute.formulas.resolve import variants_of
        from cstool.glossary.store import COMPUTED

        computed = self._facts[COMPUTED]
        ids = {id_ for name in metrics for id_ in ({computed[name]} if name in computed else self.bearers(name))}
        return sorted({variant for id_ in ids for variant in variants_of(self.terms[id_])})

    @property
    def _facts(self) -> Facts:
        return self._kept.facts if self._kept else self._loaded.facts

    @property
    def _names(self) -> Names:
        return self._kept.names if self._kept else self._loaded.names

    @property
    def metric_names(self) -> Mapping[str, str]:
        """By a term's id, the name `calc` knows it by."""
        from cstool.glossary.listing import metric_names

        return metric_names(self.glossary)

    def listed(
        self,
        *,
        category: str | None = None,
        source: str | None = None,
        letter: str | None = None,
        computable: bool = False,
    ) -> list[Term]:
        """The entries that fit everything asked for, by name; see `listing.listed`."""
        from cstool.glossary.listing import listed

        return listed(self.glossary, category=category, source=source, letter=letter, computable=computable)

    def search(self, words: Sequence[str]) -> list[Hit]:
        """The entries in whose texts all words or phrases occur, best first; see `Searcher.search`."""
        return self._searcher.search(words)

    @cached_property
    def _searcher(self) -> Searcher:
        from cstool.glossary.find.searching import Searcher

        return Searcher(self.glossary)

    def any_of(self, category: str | None = None) -> Found:
        """One entry at random, of a category if one is given, as if its name had been looked up."""
        import random

        from cstool.glossary.find.finding import Found, Match

        terms = self.listed(category=category)
        if not terms:
            raise InputError("the glossary has no entries", code="bad-glossary")
        term = random.choice(terms)
        return Found(term.term, (Match(term, "exact", 100.0),))
