"""From what people type to entries: exact first, then near, and nothing for nonsense."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from cstool.glossary.find import within
from cstool.glossary.find.asking import (
    Words,
    asks_about,
    asks_difference,
    circumstances,
    gist,
    in_other_words,
    is_around,
    peeled,
    peeled_side,
    per_one,
    sides,
    whole,
    without_field,
    without_owner,
    without_period,
)
from cstool.glossary.find.lookalikes import ACRONYMS
from cstool.glossary.find.names import How, Names, names_of
from cstool.model.entries import Glossary, Term
from cstool.model.naming import normalise, singular

if TYPE_CHECKING:
    from cstool.glossary.find.describing import Descriptions
    from cstool.glossary.find.nearness import Nearness
    from cstool.glossary.find.spelling import Spelling

LONGEST = 24  # words; no query names a term in more
ACRONYM_LENGTH = 5  # queries of one word up to this length are answered exactly or not at all
ANSWER = 91.0  # at least this near to be an answer
CLEARLY = 0.75  # wrong letters fewer than the next term's
MARGIN = 3.0  # and this far ahead of the next term
ALONE = 79.0  # near enough to be an answer where nothing else is near and all words are of the field
RATHER = 85.0  # nearer than this, the words are not taken apart
SUGGESTIONS = 5
NEXT_TO_EXACT = 99.0
WRONG_LETTER = 2.5  # what it takes from that
UNKNOWN = 2  # words after a name that no name has
INSIDE = 92.0  # how near a name is among words that say something else


class Match(NamedTuple):
    """A term that answers a query: how it was found and how near (100 = exactly)."""

    term: Term
    how: How
    score: float


Ideas = tuple[tuple[Match, ...], tuple[Match, ...]]  # the answer, and weaker ones


class Found(NamedTuple):
    """What a query finds: the answer (several terms where they share a name), or else weaker ideas."""

    query: str
    matches: tuple[Match, ...] = ()
    suggestions: tuple[Match, ...] = ()
    between: tuple[Term, ...] = ()  # the terms whose difference the query asks for

    @property
    def did_you_mean(self) -> str:
        """The weaker ideas as a hint, or how to find terms where there are none."""
        names = ", ".join(match.term.term for match in self.suggestions)
        return f"did you mean: {names}?" if names else "`cstool lookup WORDS` finds terms"


class Finder:
    """Finds the terms of one glossary."""

    def __init__(self, glossary: Glossary, names: Names | None = None) -> None:
        self.glossary = glossary
        self.names = names or names_of(glossary.terms.values())

    def find(self, query: str, *, exact: bool = False, limit: int | None = None) -> Found:
        """The terms a query names, at most `limit`; with `exact` only by name, synonym or acronym."""
        words = normalise(query).split()
        named = self._named(words)
        if named or exact or not words or len(words) > LONGEST:
            return Found(query, named[:limit])
        asked = self._difference(normalise(query.replace(",", " and ")).split())
        if asked:
            once = tuple({match.term.id: match for match in asked}.values())
            return Found(query, once[:limit], between=tuple(match.term for match in asked))
        asked_for = self.names.asked.get(" ".join(words)) or self.names.asked.get(gist(words))
        if asked_for:
            return Found(query, (Match(self.glossary.terms[asked_for], "fuzzy", NEXT_TO_EXACT),)[:limit])
        *_, barest = forms = list(peeled(words))
        reworded = in_other_words(words)
        named = self._first_named((per_one(reworded), *peeled(reworded), *forms))
        in_part = () if named else self._named_in_part(words, reworded)
        if in_part or (named and asks_about(words)):
            described, certain = self._described(words)
            named = described if certain else named or in_part
        matches, suggestions = (named, ()) if named else self._guessed(words, barest)
        return Found(query, matches[:limit], suggestions[:limit])

    def _named(self, words: Words) -> tuple[Match, ...]:
        """The terms of exactly this normalised name: as it stands, then in the singular."""
        return tuple(Match(self.glossary.terms[id_], how, 100.0) for id_, how in self.names.named(words))

    def _first_named(self, forms: Iterable[Words]) -> tuple[Match, ...]:
        return next(filter(None, map(self._named, forms)), ())

    def _named_in_part(self, words: Words, reworded: Words) -> tuple[Match, ...]:
        """The terms that are named without whose they are, what field they are of or by what they are broken down."""
        parts = (whole(words), without_period(words), without_owner(reworded), without_field(words))
        return self._first_named(form for part in parts for form in peeled(part))

    def _inside(self, words: Words, more: int = 0) -> tuple[Match, ...]:
        """The term that is named among words which say little else."""
        found = within.named(words, self.names, self._spelling, more)
        return tuple(match._replace(how="fuzzy", score=INSIDE) for match in self._named(found))

    def _concerning(self, words: Words) -> tuple[Match, ...]:
        """The first of two terms, both named exactly, where the second says what the first concerns."""
        for first, second in circumstances(words):
            if ACRONYMS.isdisjoint((first[-1], second[-1])) and any(self._named(form) for form in peeled(second)):
                found = self._first_named(peeled(first))
                if found:
                    return found
        return ()

    def _is_of_the_field(self, word: str) -> bool:
        return is_around(word) or (word not in ACRONYMS and self._spelling.knows(singular(word)))

    def _guessed(self, words: Words, barest: Words) -> Ideas:
        """The answer, if one term is clearly meant though none is named exactly, and other ideas."""
        spelt, sure = self._misspelt(words, barest)
        if sure:
            return spelt[:1], spelt[1:]
        described, certain = self._described(words)
        named = described if certain else self._inside(words) or self._concerning(words)
        if named:
            return named, ()
        matches, suggestions = self._near(words, barest, spelt)
        if matches:
            return matches, suggestions
        near = bool(suggestions) and suggestions[0].score >= RATHER
        matches = described or (() if near else self._inside(words, more=UNKNOWN))
        return matches, tuple(idea for idea in suggestions if idea.term not in [match.term for match in matches])

    def _misspelt(self, words: Words, barest: Words) -> tuple[tuple[Match, ...], bool]:
        telling = _singular(barest)
        return self._spelt(words, _singular(words), *([] if _is_short(telling) else [barest, telling]))

    def _near(self, words: Words, barest: Words, spelt: tuple[Match, ...]) -> Ideas:
        """The answer, if one term is near and clearly nearest, and other ideas."""
        telling = _singular(barest)
        if _is_short(telling):
            # Never an answer: nrr and ndr, arr and mrr are one letter apart.
            return (), self._ranked(self._nearness.one_letter_off(telling[0]))[:SUGGESTIONS]
        scores = self._nearness.scores(_singular(words), telling)
        for match in spelt:
            scores[match.term.id] = max(match.score, scores.get(match.term.id, 0.0))
        ranked = self._ranked(scores)
        best = ranked[0].score if ranked else 0.0
        ahead = best - (ranked[1].score if len(ranked) > 1 else 0.0)
        if best >= ANSWER and ahead >= MARGIN and not spelt:
            return ranked[:1], ranked[1 : 1 + SUGGESTIONS]
        if best >= ALONE and len(ranked) == 1 and len(telling) > 1 and all(map(self._is_of_the_field, words)):
            return (ranked[0]._replace(score=max(best, ANSWER)),), ()
        return (), ranked[:SUGGESTIONS]

    def _described(self, words: Words) -> tuple[tuple[Match, ...], bool]:
        """The one term that is described rather than named, as in `share of customers who renew`, and if certainly."""
        named = [id_ for id_, _ in self.names.named(within.one_name(words, self.names))]
        id_, certain = self._descriptions.meant(words, named)
        return ((Match(self.glossary.terms[id_], "fuzzy", ANSWER),) if id_ else ()), certain

    def _spelt(self, *forms: Words) -> tuple[tuple[Match, ...], bool]:
        """The terms that the words may misspell, and whether the first is clearly the nearest."""
        tried: list[Words] = []
        for words in forms:
            slips = self._spelling.nearest(words) if list(words) not in tried else {}
            tried.append(list(words))
            if slips:
                first, *others = sorted(slips.values())
                sure = not first.doubtful and all(slip.wrong - first.wrong >= CLEARLY for slip in others)
                return self._ranked({id_: NEXT_TO_EXACT - WRONG_LETTER * slips[id_].wrong for id_ in slips}), sure
        return (), False

    def _ranked(self, scores: Mapping[str, float]) -> tuple[Match, ...]:
        """Best first; equals by name then id, so that the order of files never decides."""
        terms = self.glossary.terms
        order = sorted(scores, key=lambda id_: (-round(scores[id_], 6), terms[id_].term.casefold(), id_))
        return tuple(Match(terms[id_], "fuzzy", round(scores[id_], 1)) for id_ in order)

    def _difference(self, words: Words) -> tuple[Match, ...]:
        """The terms that a question such as `difference between nrr and grr` asks to tell apart."""
        for exactly in (True, False) if asks_difference(words) else (True,):
            for parts in sides(words):
                found = [self._side(part, exactly) for part in parts]
                if len(parts) == 2 and found[1]:
                    found[0] = (*self._borrowed(*parts, found[1]), *found[0])
                if all(found):
                    choices = list(product(*found))
                    return next(filter(self._written, choices), choices[0])
        return ()

    def _borrowed(self, words: Words, others: Words, known: tuple[Match, ...]) -> Iterator[Match]:
        """The terms that the first side names with the end of the second: `gross vs net burn`."""
        for i in range(1, len(others)):
            yield from (match for match in self._side([*words, *others[i:]], exactly=True) if match not in known)

    def _side(self, words: Words, exactly: bool) -> tuple[Match, ...]:
        forms = list(peeled_side(words))
        if not forms:
            return ()
        return self._first_named(forms) or (() if exactly else self._almost(forms[-1]))

    def _almost(self, words: Words) -> tuple[Match, ...]:
        spelt, sure = self._misspelt(words, words)
        return spelt[:1] if sure else self._near(words, words, spelt)[0]

    def _written(self, matches: tuple[Match, ...]) -> bool:
        return tuple(sorted(match.term.id for match in matches)) in self.glossary.differences

    @cached_property
    def _spelling(self) -> Spelling:
        from cstool.glossary.find.spelling import Spelling

        return Spelling(self.names.singulars)

    @cached_property
    def _descriptions(self) -> Descriptions:
        from cstool.glossary.find.describing import Descriptions

        return Descriptions(*(self.names.parts[part] for part in ("said", "named", "defined")))

    @cached_property
    def _nearness(self) -> Nearness:
        from cstool.glossary.find.nearness import Nearness

        return Nearness({name: tuple(found) for name, found in self.names.singulars.items()}, self.names.expansions)


def _is_short(words: Words) -> bool:
    return len(words) == 1 and len(words[0]) <= ACRONYM_LENGTH


def _singular(words: Words) -> list[str]:
    return singular(" ".join(words)).split()
