"""From what people type to entries: exact first, then near, and nothing for nonsense.

The only room that knows rapidfuzz, and only once an exact answer has failed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from cstool.glossary.entries import Glossary, Term
from cstool.glossary.naming import normalise, singular

How = Literal["exact", "synonym", "acronym", "fuzzy"]

ACRONYM_LENGTH = 5  # queries of one word up to this length are answered exactly or not at all
ANSWER = 86.0  # at least this near to be an answer
MARGIN = 3.0  # and this far ahead of the next term
SUGGEST = 70.0  # at least this near to be worth a suggestion
SUGGESTIONS = 5
NEAREST = 20  # labels looked at in each spelling
PREFIX = 4  # letters that a word of the query must share with a word of a label to be compared by words
SCORE_CEILING = 99.0  # near is never quite exact


@dataclass(frozen=True, slots=True)
class Match:
    """A term that answers a query: how it was found and how near (100 = exactly)."""

    term: Term
    how: How
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds: the answer (several terms where they share a name), or else weaker ideas."""

    query: str
    matches: tuple[Match, ...] = ()
    suggestions: tuple[Match, ...] = ()
    between: tuple[Term, ...] = ()  # the terms whose difference the query asks for


@dataclass(frozen=True)
class _Labels:
    """Every name near finding compares with, in three spellings, and the term each belongs to."""

    terms: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    starting: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # a word's beginning -> labels


# What stands around a term in a question; tried from the longest.
_OPENINGS = re.compile(
    r"^(?:please )?"
    r"(?:(?:what|whats|what s) (?:is|are|does|do|was)?|whats|define|definition of|meaning of|explain|tell me about"
    r"|how (?:do (?:i|you|we) |to |is |are |can i |should i )?(?:calculate|compute|measure|work out|define)d?"
    r"|formula (?:for|of)|calculate|describe)\b ?"
    r"(?:(?:a|an|the|our|my|your) )?(?:(?:meaning|definition|formula) (?:of|for) )?(?:(?:a|an|the|our|my|your) )?"
)
_CLOSINGS = re.compile(
    r" (?:means?|meaning|definition|formula|defined|calculated|calculation|explained|stand for"
    r"|in (?:saas|cs|customer success|business|sales))$"
)
_BETWEEN = (
    re.compile(r"^(?:.*\b)?(?:differences?|distinction|distinguish|differ) (?:between|of) (?P<names>.+)$"),
    re.compile(r"^(?:how (?:is|are|does|do) )(?P<names>.+? (?:different from|differ from|compared? to) .+)$"),
    re.compile(r"^compare (?P<names>.+)$"),
    re.compile(r"^(?P<names>.+ (?:vs|versus|v s) .+?)(?: difference)?$"),
)
_JOINERS = re.compile(r" (?:and|vs|v s|versus|with|to|from|or|different from|differ from|compared? to) ")


class Finder:
    """Finds the terms of one glossary."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary

    def find(self, query: str, *, exact: bool = False, limit: int | None = None) -> Found:
        """The terms a query names, at most `limit`; with `exact` only by name, synonym or acronym."""
        found = self._find(query, exact)
        return replace(found, matches=found.matches[:limit], suggestions=found.suggestions[:limit])

    def _find(self, query: str, exact: bool) -> Found:
        wanted = normalise(query)
        if not wanted:
            return Found(query)
        matches = self.named(wanted)
        if matches or exact:
            return Found(query, matches)
        asked = self._difference(wanted)
        if asked:
            return Found(query, tuple(Match(term, "exact", 100.0) for term in asked), between=asked)
        bare = without_question(wanted)
        if bare and bare != wanted:
            matches = self.named(bare)
            if matches:
                return Found(query, matches)
        return self._near(query, bare or wanted)

    def named(self, name: str) -> tuple[Match, ...]:
        """The terms of exactly this normalised name: as it stands, then in the singular."""
        for names, key in ((self._names, name), (self._singulars, singular(name))):
            if key in names:
                found = names[key]
                return tuple(Match(self.glossary.terms[id_], found[id_], 100.0) for id_ in sorted(found))
        return ()

    def _difference(self, wanted: str) -> tuple[Term, ...]:
        """Both terms of a question such as `difference between nrr and grr`."""
        for pattern in _BETWEEN:
            asked = pattern.match(wanted)
            if not asked:
                continue
            names = asked["names"]
            for joiner in _JOINERS.finditer(names):
                sides = names[: joiner.start()], names[joiner.end() :]
                found = [self.find_one(without_question(side) or side) for side in sides]
                if found[0] and found[1]:
                    return found[0], found[1]
        return ()

    def find_one(self, name: str) -> Term | None:
        """The one term a name stands for, exactly or nearly; None where there are none or several."""
        wanted = normalise(name)
        matches = self.named(wanted) or self._near(name, wanted).matches
        return matches[0].term if matches else None

    @cached_property
    def _names(self) -> Mapping[str, Mapping[str, How]]:
        """Normalised name -> the ids that bear it, and as what."""
        names: dict[str, dict[str, How]] = defaultdict(dict)
        for term in self.glossary.terms.values():
            for name, how in _spellings(term):
                names[normalise(name)].setdefault(term.id, how)
        return names

    @cached_property
    def _singulars(self) -> Mapping[str, Mapping[str, How]]:
        singulars: dict[str, dict[str, How]] = defaultdict(dict)
        for name, found in self._names.items():
            for id_, how in found.items():
                # An acronym is its own singular: KPIs are KPI, but a cog is not COGS.
                singulars[name if how == "acronym" else singular(name)].setdefault(id_, how)
        return singulars

    @cached_property
    def _labels(self) -> _Labels:
        labels = _Labels()
        for name, found in sorted(self._names.items()):
            for id_ in found:
                labels.terms.append(id_)
                labels.plain.append(singular(name))
                labels.ordered.append(_ordered(name))
                labels.joined.append(name.replace(" ", ""))
                for word in singular(name).split():
                    labels.starting[word[:PREFIX]].append(len(labels.terms) - 1)
        return labels

    def _near(self, query: str, wanted: str) -> Found:
        if len(wanted) <= ACRONYM_LENGTH and " " not in wanted:
            scores = self._one_letter_off(wanted)
            return Found(query, suggestions=self._ranked(scores)[:SUGGESTIONS])
        ranked = self._ranked(self._scores(wanted))
        if not ranked or ranked[0].score < SUGGEST:
            return Found(query)
        best = ranked[0]
        if best.score >= ANSWER and (len(ranked) == 1 or best.score - ranked[1].score >= MARGIN):
            return Found(query, (best,), ranked[1 : SUGGESTIONS + 1])
        return Found(query, suggestions=tuple(match for match in ranked if match.score >= SUGGEST)[:SUGGESTIONS])

    def _one_letter_off(self, wanted: str) -> dict[str, float]:
        """Terms with a name one edit away: never an answer, since nrr and ndr, arr and mrr are one letter apart."""
        from rapidfuzz.distance import OSA

        if len(wanted) < 3:
            return {}
        return {
            id_: 90.0
            for name, id_ in zip(self._labels.joined, self._labels.terms, strict=True)
            if abs(len(name) - len(wanted)) <= 1 and OSA.distance(name, wanted, score_cutoff=1) <= 1
        }

    def _scores(self, wanted: str) -> dict[str, float]:
        """Each term's best nearness to the query over its names, 0 to 99, where it is worth a suggestion."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        scores: dict[str, float] = {}
        labels = self._labels
        folded = singular(wanted)
        cutoff = SUGGEST / 100

        def keep(index: int, score: float) -> None:
            id_ = labels.terms[index]
            scores[id_] = max(scores.get(id_, 0.0), min(score, SCORE_CEILING))

        for spelling, names, worth in (
            (folded, labels.plain, 1.0),
            (_ordered(wanted), labels.ordered, 0.98),
            (wanted.replace(" ", ""), labels.joined, 0.99),
        ):
            for _, near, index in extract(
                spelling, names, scorer=OSA.normalized_similarity, score_cutoff=cutoff, limit=NEAREST
            ):
                keep(index, near * worth * 100)
        words = set(folded.split())
        for index in {index for word in words for index in labels.starting.get(word[:PREFIX], ())}:
            score = _contained(words, folded, labels.plain[index])
            if score:
                keep(index, score)
        return scores

    def _ranked(self, scores: Mapping[str, float]) -> tuple[Match, ...]:
        """Best first; equals by name then id, so that the order of files never decides."""
        terms = self.glossary.terms
        order = sorted(scores, key=lambda id_: (-round(scores[id_], 6), terms[id_].term.casefold(), id_))
        return tuple(Match(terms[id_], "fuzzy", round(scores[id_], 1)) for id_ in order)


def without_question(wanted: str) -> str:
    """A normalised query without the words of a question around the term."""
    previous = None
    while previous != wanted:
        previous = wanted
        wanted = _CLOSINGS.sub("", _OPENINGS.sub("", wanted, count=1), count=1).strip()
    return wanted


def _spellings(term: Term) -> Iterator[tuple[str, How]]:
    yield term.term, "exact"
    yield term.id, "exact"
    for name in term.all_acronyms:
        yield name, "acronym"
    for name in (*term.synonyms, *term.hidden):
        yield name, "synonym"
    if term.metric:
        yield term.metric.name, "synonym"


def _ordered(name: str) -> str:
    return " ".join(sorted(singular(name).split()))


def _contained(words: set[str], wanted: str, name: str) -> float:
    """How much of a name the query says, or of the query the name: an idea of what was meant, seldom an answer."""
    own = set(name.split())
    if len(wanted) >= PREFIX and name.startswith(wanted):
        return 72.0 + 20.0 * len(wanted) / len(name)
    if len(wanted) >= PREFIX and words <= own:
        return 70.0 + 20.0 * len(wanted) / len(name)
    if len(own) > 1 and own <= words:
        return 70.0 + 22.0 * len(name) / len(wanted)
    return 0.0
