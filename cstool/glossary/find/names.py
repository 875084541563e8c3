"""The names that terms bear, folded: what an exact answer needs, and all that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from cstool.model.naming import normalise, singular

if TYPE_CHECKING:
    from cstool.model.entries import Term

How = Literal["exact", "synonym", "acronym", "fuzzy"]
Bearers = Mapping[str, Mapping[str, How]]  # name -> the ids that bear it, and as what


class Names:
    """Normalised names as they stand and in the singular; `expansions` has the words that an acronym stands for.

    `asked` has the ids of terms by the gist of what people ask who do not know a name; see `asking.gist`. `parts` has
    all four by these words, and what `describing.described` gives, each read from there only when it is needed.
    """

    def __init__(self, parts: Mapping[str, Mapping[str, Any]]) -> None:
        self.parts = parts

    @cached_property
    def whole(self) -> Bearers:
        return self.parts["whole"]

    @cached_property
    def singulars(self) -> Bearers:
        return self.parts["singulars"]

    @cached_property
    def expansions(self) -> Mapping[str, str]:
        return self.parts["expansions"]

    @cached_property
    def asked(self) -> Mapping[str, str]:
        return self.parts["asked"]

    def named(self, words: Sequence[str]) -> list[tuple[str, How]]:
        """The ids of the terms of exactly this normalised name, and as what they bear it."""
        name = " ".join(words)
        return sorted((self.whole.get(name) or self.singulars.get(singular(name)) or {}).items())


def names_of(terms: Iterable[Term]) -> Names:
    whole: dict[str, dict[str, How]] = {}
    full: dict[str, str] = {}
    terms = list(terms)
    for term in terms:
        full[term.id] = term.term
        for name, how in _spellings(term):
            whole.setdefault(normalise(name), {}).setdefault(term.id, how)
    singulars: dict[str, dict[str, How]] = {}
    for name, found in sorted(whole.items()):
        for id_, how in found.items():
            # An acronym is its own singular: KPIs are KPI, but a cog is not COGS.
            singulars.setdefault(name if how == "acronym" else singular(name), {}).setdefault(id_, how)
    expansions = {
        name: singular(normalise(full[id_]))
        for name, found in whole.items()
        for id_, how in found.items()
        if how == "acronym" and len(found) == 1
    }
    return Names({"whole": whole, "singulars": singulars, "expansions": expansions, **_descriptions(terms, whole)})


def _descriptions(terms: Iterable[Term], whole: Bearers) -> dict[str, Mapping[str, str]]:
    """What is said of terms: the gist of what is asked for one only, and what `describing.described` gives."""
    from cstool.glossary.find.asking import gist
    from cstool.glossary.find.describing import described

    texts = {term.id: [normalise(text) for text in term.asked] for term in terms}
    asked: dict[str, set[str]] = {}
    for id_, own in texts.items():
        for text in own:
            about = gist(text.split())
            asked.setdefault(about if " " in about else text, set()).add(id_)
    for name, ids in whole.items():
        for id_ in ids:
            texts[id_].append(name)
    telling = {text: found.pop() for text, found in asked.items() if len(found) == 1}
    return {"asked": telling, **described(texts, {term.id: normalise(term.definition) for term in terms})}


def _spellings(term: Term) -> Iterator[tuple[str, How]]:
    yield term.term, "exact"
    yield term.id, "exact"
    for name in term.all_acronyms:
        yield name, "acronym"
    for name in (*term.synonyms, *term.hidden):
        yield name, "synonym"
    if term.metric:
        yield term.metric.name, "synonym"


def match_record(how: How, score: float, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as the answer to a query, as json prints it."""
    return {"id": entry["id"], "term": entry["term"], "match": how, "score": score, **entry}
