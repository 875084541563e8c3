"""What a glossary holds, by name: answered from the cache, without building an entry."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from cstool.glossary.find.names import Names
from cstool.glossary.store import COMPUTED, JOINER, OVERRIDES, Facts
from cstool.model.naming import normalise


class Index(ABC):
    """The names, metrics, categories and sources of a glossary. A subclass opens the glossary or its cache."""

    @property
    @abstractmethod
    def _facts(self) -> Facts:
        """The facts that are cached with the glossary; see `compute.formulas.cache_facts`."""

    @property
    @abstractmethod
    def _names(self) -> Names:
        """The names of all terms."""

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """By id, the name, acronyms and synonyms of each term that is not retired."""
        return {id_: names.split(JOINER) for id_, names in self._facts["names"].items()}

    def bearers(self, name: str) -> set[str]:
        """The ids of the terms of exactly this name."""
        return {id_ for id_, _ in self._names.named(normalise(name).split())}

    @property
    def told_apart_ids(self) -> Sequence[set[str]]:
        """The ids in each written difference."""
        return [set(ids.split(JOINER)) for ids in self._facts["differences"]]

    @property
    def computed(self) -> Sequence[str]:
        """The names that `calc` knows."""
        return list(self._facts[COMPUTED])

    @property
    def overrides(self) -> Sequence[str]:
        """The shipped metrics that the glossary laid over them computes in another way, by name."""
        return sorted(self._facts[OVERRIDES])

    @property
    def categories(self) -> Sequence[str]:
        return list(self._facts["categories"])

    @property
    def source_ids(self) -> Sequence[str]:
        return list(self._facts["sources"])

    @property
    def source_titles(self) -> Mapping[str, str]:
        """By id, a source's title as cards print it."""
        return self._facts["sources"]

    @property
    def formulas(self) -> Mapping[str, str]:
        """By the id of a metric's term, its formula in words."""
        return self._facts["formulas"]
