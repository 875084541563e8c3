"""Which of some accounts a name may mean: the only room of `match` that knows rapidfuzz."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cstool.ingest.checks.likeness import accented, form_of, spellings, together, without_form

# How sure a proposal is, of 100, by what two spellings differ in.
CASE, MARKS, ACCENTS, FORM, ORDER, OTHER_FORM = 99, 98, 97, 95, 92, 75
_SPELLING, _MORE_WORDS = 85, 65  # at most, for a name that is misspelt, and for one that has further words
_AS_CLOSE = 2  # points between which two proposals are equally good
_MOST_TIED = 3  # proposals of one name; where more are as close, none is made
_COMMON = 200  # accounts that share a word which says nothing then
_STEM = 3  # letters that words which may be the same begin with
_LONG = 4  # letters of a word that a name may be known by

_GENERIC = frozenset("group holding holdings international global the of and de company".split())


class Account(NamedTuple):
    """An account that may be meant: its key, its name, and its row."""

    key: str
    name: str
    row: int


class Near(NamedTuple):
    """An account that a name may mean, how sure that is, and why."""

    account: Account
    score: int
    why: str


class _Form(NamedTuple):
    """One spelling of an account, in the steps in which it is compared.

    `whole` are its words as one, `bare` those without a legal form, each first as it is and then transliterated.
    """

    account: Account
    text: str
    whole: Sequence[str]
    bare: Sequence[str]
    words: frozenset[str]
    sorted_words: frozenset[tuple[str, ...]]
    numbers: tuple[str, ...]
    form: frozenset[str]


def _form(account: Account, text: str) -> _Form:
    ways = spellings(text)
    bare = [without_form(way) for way in ways]
    return _Form(
        account,
        text,
        [together(way) for way in ways],
        [together(way) for way in bare],
        frozenset(bare[0].split()),
        frozenset(tuple(sorted(way.split())) for way in bare),
        tuple(re.findall(r"\d+", ways[0])),
        form_of(ways[0]),
    )


class Nearby:
    """The accounts that names are compared with, by their spellings, their words, and how words begin."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._forms: list[_Form] = []
        self._same: dict[str, list[int]] = defaultdict(list)
        self._words: dict[str, list[int]] = defaultdict(list)
        for account in accounts:
            for text in dict.fromkeys(one for one in (account.key, account.name) if one):
                self._add(_form(account, text))

    def _add(self, form: _Form) -> None:
        index = len(self._forms)
        self._forms.append(form)
        for one in _common(form):
            self._same[one].append(index)
        for one in {*form.words, *(word[:_STEM] for word in form.words if len(word) > _STEM)}:
            self._words[one].append(index)

    def of(self, text: str) -> list[Near]:
        """The accounts that a name may mean, the surest first; several where none is surer, none where many are."""
        own = _form(Account("", text, -1), text)
        best = self._best(own, {index for one in _common(own) for index in self._same.get(one, ())})
        if not any(one.score >= ORDER for one in best.values()):
            parts = {*own.words, *(word[:_STEM] for word in own.words if len(word) > _STEM)}
            found = [self._words.get(one, ()) for one in parts]
            best |= self._best(own, {index for one in found if len(one) <= _COMMON for index in one})
        if not best:
            return []
        ranked = sorted(best.values(), key=lambda one: (-one.score, one.account.row))
        tied = [one for one in ranked if one.score >= ranked[0].score - _AS_CLOSE]
        if len(tied) > _MOST_TIED:
            return []
        if len(tied) == 1:
            return tied
        return [one._replace(why=f"{one.why}; {len(tied) - 1} more as close") for one in tied]

    def _best(self, own: _Form, indices: Iterable[int]) -> dict[int, Near]:
        """By its row, how near each account is at best in some of its spellings."""
        best: dict[int, Near] = {}
        for index in indices:
            form = self._forms[index]
            near = self._compared(own, form)
            if near and (form.account.row not in best or best[form.account.row].score < near.score):
                best[form.account.row] = near
        return best

    def _compared(self, own: _Form, other: _Form) -> Near | None:
        for score, why, same in _STEPS:
            if same(own, other):
                return Near(other.account, score, why)
        if own.numbers != other.numbers:
            return None
        return _misspelt(own, other) or self._longer(own, other)

    def _longer(self, own: _Form, other: _Form) -> Near | None:
        """One name has all words of the other and more, and these name one account only."""
        one, two = own.words, other.words
        if not one or not two or not (one < two or two < one):
            return None
        shared = [word for word in one & two if len(word) >= _LONG and word not in _GENERIC]
        if not any(len({self._forms[index].account.row for index in self._words[word]}) == 1 for word in shared):
            return None
        more = sorted(one ^ two)
        score = _MORE_WORDS - (0 if set(more) <= _GENERIC else 5 * min(len(more), 3))
        return Near(other.account, score, f"more words: {', '.join(more)}")


def _common(form: _Form) -> set[str]:
    """What forms that may be the same have in common, however they are written."""
    return {*form.whole, *form.bare, *(" ".join(words) for words in form.sorted_words)}


def _misspelt(own: _Form, other: _Form) -> Near | None:
    """The same words but for a letter or two of some: East and West, or numbers, are not."""
    if len(own.words) != len(other.words) or not own.words:
        return None
    left, right = sorted(own.words - other.words), sorted(other.words - own.words)
    if len(left) != len(right) or not left:
        return None
    for one, two in zip(left, right, strict=True):
        if one + "s" == two or two + "s" == one:
            continue
        shorter = min(len(one), len(two))
        if shorter < _LONG or one[0] != two[0] or re.search(r"\d", one + two):
            return None
        if OSA.distance(one, two) > (1 if shorter < 8 else 2):
            return None
    ratio = fuzz.ratio(" ".join(sorted(own.words)), " ".join(sorted(other.words)))
    return Near(other.account, round(_SPELLING * ratio / 100), "spelling")


def _marks_only(own: _Form, other: _Form) -> bool:
    """Whether spellings are the same but for case, punctuation and zeros; accents count."""
    return own.whole[0] == other.whole[0] and accented(own.text) == accented(other.text)


def _forms_agree(own: _Form, other: _Form) -> bool:
    return not own.form or not other.form or own.form == other.form


def _other_order(own: _Form, other: _Form) -> bool:
    return bool(own.sorted_words & other.sorted_words)


# What two spellings may differ in, from the least on.
_STEPS: Sequence[tuple[int, str, Callable[[_Form, _Form], bool]]] = (
    (CASE, "case", lambda own, other: own.text.casefold() == other.text.casefold()),
    (MARKS, "punctuation or leading zeros", _marks_only),
    (ACCENTS, "accents or transliteration", lambda own, other: bool({*own.whole} & {*other.whole})),
    (FORM, "legal form", lambda own, other: own.bare[0] == other.bare[0] and _forms_agree(own, other)),
    (
        FORM - 1,
        "legal form and transliteration",
        lambda own, other: bool({*own.bare} & {*other.bare}) and _forms_agree(own, other),
    ),
    (ORDER, "word order", lambda own, other: _other_order(own, other) and _forms_agree(own, other)),
    (OTHER_FORM, "another legal form", _other_order),
)
