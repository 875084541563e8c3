"""Terms by what people say of them. Imported only once neither an exact nor a near name has answered."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cstool.glossary.find.concepts import concept, concepts

# What a concept is worth that stands in another way to say the term, and one that only the definition has.
ELSEWHERE = 0.9
DEFINED = 0.8
UNKNOWN = 4.0  # the weight of a concept that no term has
FEWEST = 3  # words of a description
AGREED = 50.0  # what is enough where the words name the term, too
SAME = 5.0  # points for the same words rather than others for the same
COVERED = 0.6  # of the score, what the share of the query's concepts that a term has decides


WHOLE = 100.0  # all is said in one way to say the term
SAME_WORDS = 102.5  # and about half of the words are the same
# What must be reached to be meant, by the number of concepts asked for (the last: and more), and the lead.
ENOUGH = {2: 90.0, 3: 76.0, 4: 58.0, 5: 54.0}
LEAD = 2.5
SLIGHT = 0.5  # the lead that is enough then
CERTAIN, FAR = 80.0, 8.0  # the score and lead with which a description counts for more than a name among its words
CONCEPTS_A_MISS = 3  # of more than so many, one may be missing from what is said of the term
# What is enough where no word is of the field, of few concepts and of MANY.
FOREIGN, STRANGE = 93.0, 70.0
MANY = 4
ALIKE, ALONE = 101.0, 20.0  # the score and lead with which two concepts of no field are enough
# Words that tell a question of the field from one of another, and those of them that do so beside one other word.
_PEOPLE = frozenset("accounts client clients csm csms customer customers users".split())
_FIELD = _PEOPLE | frozenset(
    "account adoption arr cac cancelation ces churn churned churns contract contracts cs csat csql cta"
    " detractor detractors ebr ebrs feature features gainsight grr health icp ltv mrr msa nps nrr onboard"
    " onboarded onboarding pql product promoter promoters qbr qbrs renew renewable renewal renewals renewed"
    " renewing renews retention revenue saas seat seats sla slas sow subscribers subscription subscriptions"
    " support ticket tickets trial trials ttv upsell upselling upsells usage user vendor winback".split()
)
# Words of other fields, where what is said of terms has words for the rest: `onboarding new employees`.
_ELSEWHERE = frozenset(
    "employee employees hire hires hiring hospital nurse patient patients player pupil staff student students teacher"
    " teachers worker workers".split()
)
_OPPOSITES = ({"churn", "keep"}, {"grow", "shrink"}, {"gross", "net"})


_BESIDE = "|"  # between the concepts of a text and its words


class _Text(NamedTuple):
    """One way to say a term: its concepts, what they weigh together, and its words."""

    concepts: Mapping[str, None]
    weight: float
    words: frozenset[str]


def described(texts: Mapping[str, Iterable[str]], definitions: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What `Descriptions` needs of the names and questions of each term, all normalised, and of its definition, by id.

    `said` has each text as its concepts and its words; `named` and `defined` the ids by concept. All is text, of which
    little is taken apart for a query.
    """
    said: dict[str, str] = {}
    named: dict[str, dict[str, None]] = {}
    defined: dict[str, dict[str, None]] = {}
    for id_, own in texts.items():
        lines = []
        for text in own:
            about = concepts(text.split())
            lines.append(f"{' '.join(about)}{_BESIDE}{text}")
            for word in about:
                named.setdefault(word, {})[id_] = None
        said[id_] = "\n".join(lines)
        for word in concepts(definitions[id_].split()):
            defined.setdefault(word, {})[id_] = None
    bearers = {"named": named, "defined": defined}
    return {"said": said} | {part: {word: " ".join(ids) for word, ids in own.items()} for part, own in bearers.items()}


class Descriptions:
    """The concepts of what is said of each term: its names, its definition, and how people ask for it."""

    def __init__(self, said: Mapping[str, str], named: Mapping[str, str], defined: Mapping[str, str]) -> None:
        """What `described` gives."""
        self._said = said
        self._ids = {"named": named, "defined": defined}
        self._weights: dict[str, float] = {}

    def _bearing(self, part: str, word: str) -> frozenset[str]:
        """The ids of the terms with a concept."""
        return frozenset(self._ids[part].get(word, "").split())

    def _weigh(self, word: str) -> float:
        if word not in self._weights:
            count = len(self._bearing("named", word) | self._bearing("defined", word))
            self._weights[word] = math.log1p(len(self._said) / count) if count else UNKNOWN
        return self._weights[word]

    def _weight(self, said: Iterable[str]) -> float:
        return sum(map(self._weigh, said))

    def _texts(self, id_: str) -> Iterator[_Text]:
        for line in self._said[id_].split("\n"):
            about, _, text = line.partition(_BESIDE)
            said = dict.fromkeys(about.split())
            yield _Text(said, self._weight(said), frozenset(text.split()))

    def meant(self, words: Sequence[str], named: Collection[str] = ()) -> tuple[str, bool]:
        """The id of the one term that is clearly meant, else nothing, and whether certainly.

        The words name those in `named`, of which less is enough.
        """
        asked = concepts(list(words))
        if len(asked) < min(ENOUGH) or (len(words) < FEWEST and _FIELD.isdisjoint(words)):
            return "", False
        best, *others = sorted(self.scores(words).items(), key=lambda found: (-found[1], found[0])) or [("", 0.0)]
        lead = best[1] - (others[0][1] if others else 0.0)
        enough, ahead = _needed(words, len(asked), best[0] in named)
        if best[1] < enough or lead < (ahead if best[1] < WHOLE or ahead > LEAD else SLIGHT):
            return "", False
        if any(best[0] not in self._bearing("named", concept(word)) for word in _ELSEWHERE.intersection(words)):
            return "", False
        if best[1] < WHOLE and any(asked.keys() >= pair for pair in _OPPOSITES):
            return "", False
        unsaid = sum(best[0] not in self._bearing("named", word) | self._bearing("defined", word) for word in asked)
        if enough > AGREED and unsaid > (len(asked) // CONCEPTS_A_MISS if len(asked) > CONCEPTS_A_MISS else 0):
            return "", False
        return best[0], best[1] >= WHOLE or (best[1] >= CERTAIN and lead >= FAR)

    def scores(self, words: Sequence[str]) -> dict[str, float]:
        """Each term's score, 0 to 100 and a little more where even the words are the same."""
        asked = concepts(list(words))
        typed = frozenset(words)
        whole = self._weight(asked)
        shares: dict[str, dict[str, float]] = {}
        for word in asked:
            for part, share in (("defined", DEFINED), ("named", ELSEWHERE)):
                for id_ in self._bearing(part, word):
                    shares.setdefault(id_, {})[word] = share * self._weigh(word)
        found: dict[str, float] = {}
        for id_, own in shares.items():
            covered = sum(own.values())
            if 2 * covered >= whole:
                found[id_] = max(self._score(text, own, covered, whole, typed) for text in self._texts(id_))
        return found

    def _score(
        self, text: _Text, shares: Mapping[str, float], covered: float, whole: float, typed: frozenset[str]
    ) -> float:
        shared = sum(self._weigh(word) for word in text.concepts if word in shares)
        covered += sum(self._weigh(word) - shares[word] for word in text.concepts if word in shares)
        alike = 2 * shared / (text.weight + whole)
        same = 2 * len(text.words & typed) / (len(text.words) + len(typed))
        return 100 * (COVERED * covered / whole + (1 - COVERED) * alike) + SAME * same


def _needed(words: Sequence[str], count: int, named: bool) -> tuple[float, float]:
    """The score and the lead with which so many concepts mean a term, which the words may have named, too."""
    if _FIELD.isdisjoint(words):
        return (ALIKE, ALONE) if count == min(ENOUGH) else (FOREIGN if count < MANY else STRANGE, LEAD)
    if named:
        return AGREED, LEAD
    if len(words) < FEWEST and _PEOPLE.isdisjoint(words):
        return SAME_WORDS, LEAD
    return ENOUGH[min(count, max(ENOUGH))], LEAD
