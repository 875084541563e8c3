"""The words of a question around the terms it asks for. Knows words, no terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from cstool.model.naming import singular

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
        "acceptable achieve advantages analyze analyzing automate automating b2b bad benchmark benefits best"
        " biggest boost build calculate calculating can challenges choose collect common compare compute"
        " considered contain could counts create creating decide define definition describe detect detecting did"
        " disadvantages does effective estimate everything exactly example examples explain explained fast find"
        " fix formula gather get give gives go goes going good had handle handling happen happens has have"
        " healthy help high i identify if important improve improving include includes increase increasing"
        " into introduction it its keep kind kinds know learn long looks low lower lowering makes many matter"
        " matters maximize mean meaning means measure measuring minimize monitoring monthly most much need"
        " normal often optimize overview owns percentage phases plain please poor predicting present prevent"
        " problem problems quarterly realistic really reasonable reduce reducing role run running saas sample"
        " sentence setting setup should show simple simplify simply spot stages steps successful tackle take"
        " takes tell template the there track tracking types typical typically understand use used using usually"
        " was way ways were with would write writing yearly".split()
    )
)
_AFTER = (
    LIGHT
    | _PRODUCTS
    | _AUTHORS
    | frozenset(
        "about acceptable advantages again agenda all avoid b b2b basics benchmark benchmarks benefits best"
        " better board boost cadence calculated calculation calculations calculator can challenges chart charts"
        " checklist checklists class comparison computed cons contain could dashboard dashboards decide deck"
        " decks defined definition description detect did disadvantages doc duties email emails everything"
        " exactly example examples explain explained explanation fix format formula formulas free get give gives"
        " go goes going good guide guidelines had handle happen happens has have ideal ideas identify if"
        " important improve in include includes into introduction it its job keep know kpi kpis launch like list"
        " look looks matter matters mean meaning meanings means measure measured meeting metric metrics now ok"
        " one other out overview owner owners pdf per percentage phases policy ppt practice practices prevent"
        " prevention problems process program programme programmes programs pros question questions realistic"
        " really reasonable reduce reduction report reporting request requirements responsibilities responsible"
        " review reviews role roles rollout rules saas salary sales sample samples script setup should simply"
        " skills slides software solutions spot spreadsheet stand stands steps still strategies strategy"
        " structure survey surveys take takes targets template templates there tips today tool tools tracker"
        " tutorial types typically up used usually video visualization was ways were wording work workflow works"
        " would".split()
    )
)
# Words around the name of a term that is certain by itself: an acronym of the field, or several words.
_AROUND = frozenset(
    "acceptable accuracy advantages agenda average avg bad benchmark benefits boost cadence calls capped"
    " charter clause common company compare comparison cons cover cut decrease disadvantages doc document"
    " duties early enterprise explain fix form good great guide had handle help high ideal increase industry"
    " interview last late learn letter line low made making manage managing max maximum median minimum month"
    " monthly months need next normal ok own owner owners per platform platforms playbook playbooks plays"
    " poor prevent previous problems program programs pros quarter quarterly quarters raise realistic"
    " reasonable report reporting responsible review saas seed series simply size smb software spreadsheet"
    " stage start startup startups steps structure system target targets template timeline tracker trend"
    " trends tutorial typical vary ways week weekly weeks wording work workflow year yearly years".split()
)
# The people a term is about, named beside it: `high touch csm`, `customer save play`.
_PEOPLE = frozenset("account accounts client clients cs csm csms customer customers team teams user users".split())
# Words that tell a question of the field from one of another.
_BUSINESS = frozenset(
    "arr b2b churn client clients cs csm csms customer customers kpi kpis mrr nps nrr renewal renewals saas smb startup"
    " startups subscription".split()
)
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
        " percentage:rate percent:rate mgmt:management comp:compensation cust:customer acct:account"
    ).split()
)
_WHOSE = frozenset("account company csm customer vendor".split())
# `how many accounts can one csm manage` asks for accounts per csm.
_HOW_MANY = re.compile(
    r"how (?:many|much) (.+?) (?:can|could|does|do|should|would|will) (?:a|an|each|every|one|the) (.+)"
)
_WHEN = re.compile(
    r"\b((last|this|next|previous|current|per|each|every|a) (week|month|quarter|year)"
    r"|over time|year to date|ytd|20[0-9]{2})\b"
)
_HAVING = frozenset("carry cover get handle have hold manage own support take".split())
# Words left out around a name that may belong to another.
_MATTERS = frozenset("kpi kpis metrics process question questions role salary survey surveys team tool tools".split())
_DIFFERENCE = frozenset(
    "between compare compared comparing comparison diff differ difference differences different differs"
    " diference differnce diffrence distinction distinguish or same v versus vs".split()
)
_JOINING = frozenset("against and as from or than to v versus vs with".split())
_AND = frozenset(["and"])
_COMPARING = _DIFFERENCE | _JOINING
_SIDES = 3  # at most so many terms are told apart


def gist(words: Words) -> str:
    """The words that name something, in the singular and in the order of the alphabet."""
    return " ".join(sorted(singular(" ".join(word for word in words if word not in LIGHT)).split()))


def peeled(words: Words) -> Iterator[Words]:
    """The words, then with less and less of the question around them."""
    return _peel(words, _BEFORE, _AFTER)


def peeled_side(words: Words) -> Iterator[Words]:
    """The same for one side of a comparison, then without whom it is for: `arr for startups`."""
    yield from _peel(words, _BEFORE | _COMPARING, _AFTER | _COMPARING)
    concerning = next((i for i, word in enumerate(words) if i and word in _CONCERNING), 0)
    if concerning:
        yield from _peel(words[:concerning], _BEFORE | _COMPARING, _AFTER | _COMPARING)


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


def without_period(words: Words) -> Words:
    """The words without when or how long, as in `nrr last quarter`; else no words."""
    timeless = _WHEN.sub("", " ".join(words)).split()
    return timeless if len(timeless) < len(words) else ()


def without_owner(words: Words) -> Words:
    """The words without whose term it is: `customer testimonial`, `customer success playbook`."""
    for field in _FIELDS:
        if len(words) > len(field) and tuple(words[: len(field)]) == field:
            return words[len(field) :]
    return words[1:] if len(words) > 1 and words[0] in _WHOSE else words


def without_field(words: Words) -> Words:
    """The words without the field at their end: `playbook customer success`; else no words."""
    ends = (len(words) - len(field) for field in _FIELDS if tuple(words[-len(field) :]) == field)
    return next((words[:end] for end in ends), ())


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


def is_of_business(word: str) -> bool:
    """Whether a word tells that a question is of the field."""
    return word in _PRODUCTS or word in _BUSINESS


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


def asks_about(words: Words) -> bool:
    """Whether a word may be the thing asked for or only the way to ask: `tools for csms`, `churn metrics`."""
    return not _MATTERS.isdisjoint(words)


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
