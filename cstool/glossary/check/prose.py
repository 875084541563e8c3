"""How entries are worded: notes with a subject, definitions that name what their formula counts, plain English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cstool.glossary.loading import Documents
from cstool.glossary.yaml_entries import Located, Problem
from cstool.model.entries import Difference, Metric, Term
from cstool.model.naming import normalise, singular


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that prose avoids, with those that say it better."""

    found: re.Pattern[str]
    better: str


def _wording(pattern: str, better: str) -> Wording:
    return Wording(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), better)


WORDINGS = (
    _wording("somebody", "someone"),
    _wording("nobody", "no one"),
    _wording("everybody", "everyone"),
    _wording("mend(?:s|ed|ing)?", "fix"),
    _wording("(?:is|are) (?:told|said)|untold|unsaid", "noted, reported or covered"),
    _wording("bears?", "is named, or accepts"),
    _wording("opening (?:accounts|base|customers|group|mrr)", "existing customers, or customers at the start"),
    _wording("figures?", "number, amount or metric"),
    _wording("(?<!direct )mails?(?!-order)", "email"),
    _wording("(?<!and )answer(?:s|ed)? for", "is responsible for"),
    _wording("calculators?", "cstool"),
    _wording("hangs? on", "depends on"),
    _wording("beside", "next to, with"),
    _wording("(?<!chat )(?<!-)(?:whole|same|one|a|each|this|long|short|12-month|yearly) window", "period"),
)
_THE_ONE = Wording(re.compile(r"\bThe one\b[^.?]*\bthe other\b"), "the names of the two")
AMOUNTS_AND_DATES = (
    _wording(r"(?:USD|EUR|GBP) ?\d[\d,.]*|\d[\d,.]* ?(?:USD|EUR|GBP)", "$1,200 (every amount is in dollars)"),
    Wording(re.compile(r"[€£]\s?\d[\d,.]*|\d\s?[€£]|\d\$"), "$1,200 (every amount is in dollars)"),
    Wording(re.compile(r"\$\s\d[\d,.]*"), "$1,200, without a space"),
    Wording(re.compile(r"\$\d{4,}"), "$1,200, with a comma"),
    Wording(re.compile(r"\$[\d.,]+\s?(?:k|K|m|M|bn|B|mn)\b"), "$50,000 or $1.2 million"),
    Wording(re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.](?:\d{4}|\d{2})\b"), "March 10, or 2026-03-10 for what a file holds"),
    Wording(
        re.compile(
            r"\b\d{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|May|June|July|August|September|October"
            r"|November|December)\b(?! (?:customers|users|accounts))"
        ),
        "March 10",
    ),
)
_PROGRAM = re.compile(r"\b(?:cstool|calculators?|this (?:tool|program|command))\b|(?<!\w)--[a-z]|`", re.IGNORECASE)
_STARTS_WITH_VERB = re.compile(
    r"(?:(?:Also|Often|Usually|Mostly|Sometimes|Not|Only) )?"
    r"(?!(?:Always|As|Besides|Does|Has|Is|Its|Perhaps|Sometimes|This|Unless|Was) )"
    r"[A-Za-z]+(?<!s)s (?:the|an?|how|whether|what|no|each|every|its|their|only|both) ",
    re.IGNORECASE,
)
_STARTS_WITH_PARTICIPLE = re.compile(
    r"(?:Based|Called|Counted|Derived|Given|Known|Made|Measured|Named|Sold|Taken|Used)"
    r" (?:after|as|by|for|from|in|on|to|with) [^,]*?(?:[.;:]|$)"
)
_STARTS_WITH_PRONOUN = re.compile(
    r"(?:It|Its|They|Their|That|These|This|(?:Most|Each|Some|Both) of (?:it|them)|[A-Z][a-z]+ (?:it|them))\b"
)
_COLUMN_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_FIRST_SENTENCE = re.compile(r".*?[.?](?=\s+[\"A-Z0-9$]|$)", re.DOTALL)
_OTHER_NAME = re.compile(
    r"\b(?:also|otherwise|sometimes|often) (?:called|known as|named) (?:an? |the )?(?P<rest>[^.;:,)]+)"
)
_SHORT_WORDS = frozenset(
    "a all an and any are as at by each for from has in is it its no not of on or than that the their to who".split()
)
_IDENTIFIER = re.compile(r"[a-z_]\w*")


def check_prose(documents: Documents, whole: Documents, *, complete: bool) -> Iterator[Problem]:
    """Problems of wording, by file and line.

    A team's few entries may be worded as the team likes: rates, words and forms are checked in a `complete` glossary.
    """
    abouts = _abouts(whole)
    owners = _owners(whole)
    for term in documents.terms:
        yield from _note(term)
        yield from _names_of_others(term, owners)
        if complete:
            yield from _acronyms(term)
        if complete and (metric := term.entry.metric) and metric.unit == "percent":
            yield from _rate(term, metric, abouts)
    codes = re.compile(rf"`(?:{'|'.join(re.escape(source.entry.id) for source in whole.sources)})`")
    if complete:
        named = {located.entry.id: located.entry for located in whole.terms}
        for difference in documents.differences:
            yield from _difference(difference, named)
        entries: list[Located[Any]] = [*documents.terms, *documents.differences]
        for located in entries:
            for at, text in _texts(located.entry):
                yield from _worded(located, at, text)
                if found := codes.search(text):
                    yield located.problem(
                        f"{_label(located.entry)}: {found[0]} in {at}; name the source by its title", at
                    )


def _label(entry: Term | Difference) -> str:
    return entry.id if isinstance(entry, Term) else " / ".join(entry.between)


def _texts(entry: Term | Difference) -> Iterator[tuple[str, str]]:
    """Every text of an entry that readers see as prose, with the path its line is known by."""
    if isinstance(entry, Term):
        yield from ((at, getattr(entry, at)) for at in ("definition", "note", "example", "computed"))
        yield from ((f"variants.{i}.text", variant.text) for i, variant in enumerate(entry.variants))
        return
    yield from ((at, getattr(entry, at)) for at in ("summary", "use", "mistake"))
    for i, aspect in enumerate(entry.aspects):
        yield f"aspects.{i}.aspect", aspect.aspect
        yield from ((f"aspects.{i}.values.{id_}", text) for id_, text in aspect.values.items())


def _worded(located: Located[Any], at: str, text: str) -> Iterator[Problem]:
    for wording in (*WORDINGS, _THE_ONE, *AMOUNTS_AND_DATES):
        if (found := wording.found.search(text)) and not (at == "note" and wording.better == "cstool"):
            yield located.problem(f"{_label(located.entry)}: '{found[0]}' in {at}; write {wording.better}", at)


def _note(located: Located[Term]) -> Iterator[Problem]:
    term = located.entry
    if found := _PROGRAM.search(term.note):
        yield located.problem(f"{term.id}: '{found[0]}' in the note; what cstool does belongs into `computed`", "note")
    starts = (_STARTS_WITH_VERB, _STARTS_WITH_PARTICIPLE, _STARTS_WITH_PRONOUN)
    if found := next(filter(None, (start.match(term.note) for start in starts)), None):
        start = " ".join(found[0].split()[:2])
        yield located.problem(f"{term.id}: the note starts with '{start}'; begin with its subject", "note")


def _acronyms(located: Located[Term]) -> Iterator[Problem]:
    """The letters of an acronym stand in this order in the term or a synonym; an X may stand for any word."""
    term = located.entry
    for i, acronym in enumerate(term.acronyms):
        letters = re.sub(r"[^a-z]|^x", "", acronym.casefold())
        spelled = (
            iter(name.casefold()) for name in (term.term, *term.synonyms) if name.casefold() != acronym.casefold()
        )
        if not any(all(letter in name for letter in letters) for name in spelled) and not term.term.isupper():
            text = f"{term.id}: no name of the entry spells out '{acronym}'; if it means something else, hide it"
            yield located.problem(text, f"acronyms.{i}")


def _difference(located: Located[Difference], named: Mapping[str, Term]) -> Iterator[Problem]:
    """A difference speaks in words, and its first sentence names each of its terms."""
    difference = located.entry
    for at, text in _texts(difference):
        if found := _COLUMN_NAME.search(text):
            yield located.problem(f"{_label(difference)}: '{found[0]}' in {at}; write it in words", at)
    sentence = _FIRST_SENTENCE.match(difference.summary)
    said = normalise(sentence[0] if sentence else difference.summary)
    for id_ in dict.fromkeys(difference.between):
        if (term := named.get(id_)) and not _mentions(said, term):
            text = f"{_label(difference)}: the first sentence of the summary does not name {term.term}"
            yield located.problem(text, "summary")


def _mentions(said: str, term: Term) -> bool:
    """Whether a text holds a name of the term, in singular or plural, or each word of it."""
    names = (term.term, *term.all_acronyms, *term.synonyms, *term.hidden)
    text = f" {singular(said)} "
    return any(f" {singular(normalise(name))} " in text for name in names) or _words(term.term) <= _words(said)


def _owners(whole: Documents) -> Mapping[str, str]:
    """The entry of each name that belongs to one entry only."""
    return {
        normalise(name): located.entry.id
        for located in whole.terms
        for name in (located.entry.term, *located.entry.acronyms, *located.entry.synonyms, *located.entry.hidden)
    }


def _names_of_others(located: Located[Term], owners: Mapping[str, str]) -> Iterator[Problem]:
    """A note that gives the term a name under which another entry is found."""
    term = located.entry
    for found in _OTHER_NAME.finditer(term.note):
        words = found["rest"].split()
        for count in range(min(len(words), 6), 0, -1):
            name = " ".join(words[:count])
            if owner := owners.get(normalise(name)):
                if owner != term.id:
                    yield located.problem(f"{term.id}: the note gives it the name '{name}', which is {owner}", "note")
                break


def _rate(located: Located[Term], metric: Metric, abouts: Mapping[tuple[str, str], str]) -> Iterator[Problem]:
    """A definition has a word in common with what is divided, and with what it is divided by."""
    term = located.entry
    if re.search(r"\bshare of\b", term.definition):
        yield located.problem(f"{term.id}: a rate is a 'percentage of' something, not a 'share of'", "definition")
    defined = _words(term.definition)
    for name, part in zip(("divided", "divided by"), metric.formula.rsplit("/", 1), strict=False):
        counted = " ".join(abouts.get((metric.of, measure), "") for measure in _IDENTIFIER.findall(part))
        if not _words(f"{part} {counted} {metric.in_words}".replace("_", " ")) & defined:
            text = f"{term.id}: the definition has no word for what is {name}: {' '.join(part.split())}"
            yield located.problem(text, "definition")


def _abouts(whole: Documents) -> Mapping[tuple[str, str], str]:
    """What each measure is, and the term it belongs to, by relation and name."""
    names = {located.entry.id: located.entry.term for located in whole.terms}
    return {
        (located.entry.relation, measure.measure): f"{measure.called} {measure.about} {names.get(measure.term, '')}"
        for located in whole.measures
        for measure in located.entry.measures
    }


def _words(text: str) -> set[str]:
    """The beginnings of a text's words, so that activated and activation are one."""
    return {word[:5] for word in singular(normalise(text)).split() if word not in _SHORT_WORDS}
