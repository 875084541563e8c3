"""What every format tells of the glossary, and prose as it is told there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cstool.model.entries import Source, Term
from cstool.render.words import plain_prose

TITLE = "Customer success glossary"


class Contents(NamedTuple):
    """Terms, sources, and the formulas of metrics in words, each by id."""

    terms: Mapping[str, Term]
    sources: Mapping[str, Source]
    formulas: Mapping[str, str]
    titles: Mapping[str, str]

    @property
    def by_id(self) -> list[Term]:
        return [self.terms[id_] for id_ in sorted(self.terms)]

    @property
    def by_name(self) -> list[Term]:
        return sorted(self.terms.values(), key=lambda term: (term.term.casefold(), term.id))

    def prose(self, text: str) -> str:
        return plain_prose(text, self.titles)

    def formula(self, term: Term) -> str:
        """In words; empty for what is no number."""
        return self.formulas.get(term.id, term.metric.formula) if term.metric else ""

    def cited(self, term: Term) -> list[Source]:
        return [self.sources[id_] for id_ in term.sources if id_ in self.sources]

    def ancestors(self, term: Term) -> set[str]:
        """The ids above a term, its own where entries go round in a circle."""
        found: set[str] = set()
        above = term.broader
        while above in self.terms and above not in found:
            found.add(above)
            above = self.terms[above].broader
        return found


def other_names(term: Term) -> list[str]:
    """Acronyms and synonyms, each once, without the name itself."""
    return [name for name in dict.fromkeys((*term.all_acronyms, *term.synonyms)) if name != term.term]
