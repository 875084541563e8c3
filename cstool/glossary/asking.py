"""The words of a question around the terms it asks for. Knows words, no terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

Words = Sequence[str]  # of a normalised query

# Words that name nothing by themselves, wherever they stand.
LIGHT = frozenset(
    "a about an and any are as at be by do does for from how i in is me my of on or our s the their to we what"
    " whats when which who why with you your".split()
)
_PRODUCTS = frozenset(
    "amplitude appcues asana baremetrics capterra catalyst chargebee chartmogul chatgpt churnzero clari"
    " clientsuccess confluence custify delighted dynamics excel freshdesk g2 gainsight gong guidecx heap"
    " hubspot intercom jira linkedin looker marketo maxio medallia mixpanel netsuite notion outreach pendo"
    " planhat powerbi profitwell qualtrics recurly rocketlane salesforce salesloft slack snowflake stripe"
    " tableau totango trustpilot userpilot velaris vitally zapier zendesk zoho zuora".split()
)
# Whose idea a term is.
_AUTHORS = frozenset("lincoln mehta murphy reichheld skok".split())
_BEFORE = (
    LIGHT
    | _PRODUCTS
    | _AUTHORS
    | frozenset(
        "automating considered owns detecting handling monitoring predicting b2b bad benchmark best build"
        " calculate calculating can choose compare compute counts create creating"
        " define definition describe does exactly example examples explain explained fast find formula gives"
        " good happens healthy high improve improving increase increasing long low lower lowering makes"
        " many mean meaning means measure measuring much normal often percentage plain please present prevent"
        " reduce reducing role run running saas sample setting setup sentence should show simple tell template"
        " the track tracking types typical understand use used using write writing".split()
    )
)
_AFTER = (
    LIGHT
    | _PRODUCTS
    | _AUTHORS
    | frozenset(
        "avoid board dashboard dashboards email emails improve launch phases program programme programmes programs"
        " reduce request"
        " rollout script steps about agenda b2b benchmark benchmarks best better calculated calculation"
        " calculations calculator chart"
        " charts class computed deck decks defined definition description example examples explained"
        " explanation format formula formulas free good guide ideas job kpi kpis have ideal in like list look"
        " matter mean meaning means measure measured meeting metric metrics important pdf percentage ppt"
        " practice practices process question questions report responsibilities role roles saas salary sales"
        " sample samples setup skills slides spreadsheet stand stands strategies strategy survey surveys"
        " template templates tips tool tools used work works".split()
    )
)
# Words around the name of a term that is certain by itself: an acronym of the field, or several words.
_AROUND = frozenset(
    "accuracy average early late seed series stage size"
    " avg benchmark capped company compare enterprise ideal industry max maximum minimum month"
    " monthly months per platform platforms program programs quarterly saas smb software startup startups"
    " target targets typical year yearly".split()
)
# The people a term is about, named beside it: `high touch csm`, `customer save play`.
_PEOPLE = frozenset("account accounts client clients cs csm csms customer customers team teams user users".split())
_CONCERNING = frozenset("after at before by during for in inside on when with without".split())
# What a metric is broken down by: `nps by segment`.
_DIMENSIONS = frozenset(
    "account acv arr channel cohort country csm customer industry month plan product quarter region segment size stage"
    " team tier year".split()
)
_FIELDS = tuple(tuple(field.split()) for field in ("customer success", "cs", "client success"))
_WITHIN = frozenset("for in within".split())
# Other words for what the names of terms say.
_SAME = dict(
    pair.split(":")
    for pair in (
        "client:customer clients:customer avg:average yearly:annual exec:executive mgr:manager rep:manager"
        " percentage:rate percent:rate mgmt:management acct:account"
    ).split()
)
_WHOSE = frozenset("account company csm customer vendor".split())
# `how many accounts can one csm manage` asks for accounts per csm.
_HOW_MANY = re.compile(
    r"how (?:many|much) (.+?) (?:can|could|does|do|should|would|will) (?:a|an|each|every|one|the) (.+)"
)
_HAVING = frozenset("carry cover get handle have hold manage own support take".split())
_DIFFERENCE = frozenset(
    "between compare compared comparing comparison diff differ difference differences different differs"
    " diference differnce diffrence distinction distinguish or same v versus vs".split()
)
_JOINING = frozenset("against and as from or than to v versus vs with".split())
_AND = frozenset(["and"])
_COMPARING = _DIFFERENCE | _JOINING
_SIDES = 3  # at most so many terms are told apart


def peeled(words: Words) -> Iterator[Words]:
    """The words, then with less and less of the question around them."""
    return _peel(words, _BEFORE, _AFTER)


def peeled_side(words: Words) -> Iterator[Words]:
    """The same for one side of a comparison."""
    return _peel(words, _BEFORE | _COMPARING, _AFTER | _COMPARING)


def in_other_words(words: Words) -> Words:
    """The words as the names of terms say them."""
    return [_SAME.get(word, word) for word in words]


def per_one(words: Words) -> Words:
    """The ratio that a question such as `how many customers should a csm have` asks for; else no words."""
    asked = _HOW_MANY.fullmatch(" ".join(words))
    if not asked:
        return ()
    counted, owner = (part.split() for part in asked.groups())
    return (*counted, "per", *owner[: next((i for i, word in enumerate(owner) if word in _HAVING), len(owner))])


def whole(words: Words) -> Words:
    """What is broken down in words such as `renewal rate by cohort`; else no words."""
    return words[:-2] if len(words) > 2 and words[-2] == "by" and words[-1] in _DIMENSIONS else ()


def without_owner(words: Words) -> Words:
    """The words without whose term it is: `customer testimonial`, `customer success playbook`."""
    for field in _FIELDS:
        if len(words) > len(field) and tuple(words[: len(field)]) == field:
            return words[len(field) :]
    return words[1:] if len(words) > 1 and words[0] in _WHOSE else words


def asks_of_first(between: Words) -> bool:
    """Whether the words between two names make the second a circumstance of the first: `qbr with an exec sponsor`."""
    return not _CONCERNING.isdisjoint(between)


def circumstances(words: Words) -> Iterator[tuple[Words, Words]]:
    """The ways in which the words may name a term and what it concerns: `leading indicators of churn`."""
    for i, word in enumerate(words):
        if i and i + 1 < len(words) and (word == "of" or word in _CONCERNING):
            yield words[:i], words[i + 1 :]


def is_people(word: str) -> bool:
    """Whether a word says only whom a term is about."""
    return word in _PEOPLE


def is_around(word: str) -> bool:
    """Whether a word may stand around the name of a term and ask for nothing else."""
    return word in _BEFORE or word in _AFTER or word in _AROUND or word.isdecimal()


def _peel(words: Words, before: frozenset[str], after: frozenset[str]) -> Iterator[Words]:
    start = next((i for i, word in enumerate(words) if word not in before), len(words))
    end = next((i for i in range(len(words), 0, -1) if words[i - 1] not in after), 0)
    for dropped in range(start + len(words) - end + 1):
        for left in range(min(start, dropped) + 1):
            rest = words[left : len(words) - (dropped - left)]
            if dropped - left <= len(words) - end and rest:
                yield rest
    for field in _FIELDS:
        outside = len(words) - len(field)
        if outside > 1 and tuple(words[outside:]) == field and words[outside - 1] in _WITHIN:
            yield from _peel(words[: outside - 1], before, after)


def asks_difference(words: Words) -> bool:
    return not _DIFFERENCE.isdisjoint(words)


def sides(words: Words) -> Iterator[tuple[Words, ...]]:
    """The ways in which the words may name two or three terms to tell apart."""
    joining = _JOINING if asks_difference(words) else _AND
    joins = [i for i, word in enumerate(words) if word in joining]
    for count in range(1, _SIDES):
        for at in combinations(joins, count):
            starts, ends = (0, *(i + 1 for i in at)), (*at, len(words))
            yield tuple(words[start:end] for start, end in zip(starts, ends, strict=True))
    if not joins and asks_difference(words):
        yield from ((words[:i], words[i:]) for i in range(1, len(words)))
