"""How often what people type is answered with the entry they mean, by kind of query.

    python benchmarks/finding.py [--seed 1] [--missed KIND] [--half tuning]

Misspells each name of the glossary in each way that fits it, and asks the questions, synonyms and terms of other
fields in finding.tsv. Names and queries are split in two: look at what is missed in the tuning half only, and believe
the other half.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from cstool.glossary.find.finding import Finder
from cstool.glossary.loading import parse
from cstool.model.naming import normalise

QUERIES = Path(__file__).with_suffix(".tsv")
HALVES = ("tuning", "held out")
SHORTEST = 6  # letters of a name that is misspelt: shorter ones are suggested at best
LONG = 12  # letters of a name that is misspelt twice
LETTERS = "abcdefghijklmnopqrstuvwxyz"
FOREIGN = "foreign"
# How people write what they hear; the first that fits at a place drawn by lot.
SOUNDS = (
    *(("ption", "pshun"), ("tion", "shun"), ("sion", "zhun"), ("ch", "kh"), ("ph", "f"), ("ck", "k"), ("qu", "kw")),
    *(("x", "ks"), ("ea", "ee"), ("ee", "ea"), ("ie", "ei"), ("ei", "ie"), ("ous", "us"), ("ue", "oo"), ("ai", "ay")),
    *(("er", "or"), ("or", "er"), ("ar", "er"), ("ance", "ence"), ("ence", "ance"), ("able", "ible"), ("le", "el")),
    *(("c", "k"), ("s", "z"), ("y", "ie"), ("i", "e"), ("a", "e"), ("o", "u")),
)


class Query(NamedTuple):
    """What is typed, the answers that are right (none where nothing is meant), its kind and half."""

    text: str
    right: tuple[frozenset[str], ...]
    kind: str
    half: str


def half(text: str) -> str:
    return HALVES[zlib.crc32(text.encode()) % 2]


def written() -> Iterator[Query]:
    """The queries of finding.tsv: `|` between terms of which any is right, `+` between terms that belong together."""
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            right = () if row["expected"] == "-" else row["expected"].split("|")
            choices = tuple(frozenset(choice.split("+")) for choice in right)
            yield Query(row["query"], choices, row["kind"], half(row["query"]))


def misspelt(finder: Finder, seed: int) -> Iterator[Query]:
    """Each name of at least SHORTEST letters, misspelt once in each way that fits it."""
    for term in finder.glossary.terms.values():
        for name in (normalise(name) for name in (term.term, *term.synonyms)):
            if len(name.replace(" ", "")) < SHORTEST:
                continue
            right = tuple(frozenset([match.term.id]) for match in finder.find(name, exact=True).matches)
            for kind, spoil in WAYS.items():
                text = spoil(name, Random(f"{seed} {name} {kind}"))
                if text and not finder.find(text, exact=True).matches and _telling(finder, name, text, kind):
                    yield Query(text, right, kind, half(name))


def _telling(finder: Finder, name: str, text: str, kind: str) -> bool:
    """Whether the text can mean only the term of this name: the beginnings of several terms mean none."""
    if kind != "beginning":
        return True
    ids = set(finder.names.whole[name])
    return all(set(found) <= ids for other, found in finder.names.whole.items() if f" {text} " in f" {other} ")


def _at(text: str, chance: Random, least: int = 1) -> int | None:
    """Somewhere in the text a letter, at `least` the second."""
    places = [i for i, letter in enumerate(text) if letter.isalpha() and i >= least]
    return chance.choice(places) if places else None


def _edit(change: Callable[[str, int, Random], str], least: int = 1) -> Callable[[str, Random], str | None]:
    def spoil(text: str, chance: Random) -> str | None:
        i = _at(text, chance, least)
        if i is None:
            return None
        spoilt = change(text, i, chance)
        return spoilt if spoilt != text else None

    return spoil


def _other(letter: str, chance: Random) -> str:
    return chance.choice(LETTERS.replace(letter, ""))


def _insert(text: str, i: int, chance: Random) -> str:
    return text[:i] + chance.choice(LETTERS) + text[i:]


def _delete(text: str, i: int, _: Random) -> str:
    return text[:i] + text[i + 1 :]


def _replace(text: str, i: int, chance: Random) -> str:
    return text[:i] + _other(text[i], chance) + text[i + 1 :]


def _swap(text: str, i: int, _: Random) -> str:
    return text[:i] + text[i + 1 : i + 2] + text[i] + text[i + 2 :] if text[i + 1 : i + 2].strip() else text


def _double(text: str, i: int, _: Random) -> str:
    return text[:i] + text[i] + text[i:]


def _single(text: str, chance: Random) -> str | None:
    doubled = list(re.finditer(r"([a-z])\1", text))
    if not doubled:
        return None
    found = chance.choice(doubled)
    return text[: found.start()] + text[found.start() + 1 :]


def _first(text: str, chance: Random) -> str | None:
    """Another letter at the start of one word."""
    i = chance.choice([word.start() for word in re.finditer("[a-z]{4,}", text)] or [-1])
    return None if i < 0 else _replace(text, i, chance)


def _sound(text: str, chance: Random) -> str | None:
    fits = [(found.start(), old, new) for old, new in SOUNDS for found in re.finditer(old, text)]
    long = [fit for fit in fits if len(fit[1]) > 1] or fits
    if not long:
        return None
    i, old, new = chance.choice(long)
    return text[:i] + new + text[i + len(old) :]


def _split(text: str, chance: Random) -> str | None:
    places = [i for word in re.finditer("[a-z]{5,}", text) for i in range(word.start() + 2, word.end() - 1)]
    i = chance.choice(places or [0])
    return f"{text[:i]} {text[i:]}" if i else None


def _join(text: str, chance: Random) -> str | None:
    spaces = [i for i, letter in enumerate(text) if letter == " "]
    i = chance.choice(spaces or [0])
    return text[:i] + text[i + 1 :] if i else None


def _twice(text: str, chance: Random) -> str | None:
    if len(text.replace(" ", "")) < LONG:
        return None
    edits = [_edit(change) for change in (_insert, _delete, _replace, _swap)]
    once = chance.choice(edits)(text, chance)
    return once and chance.choice(edits)(once, chance)


def _beginning(text: str, _: Random) -> str | None:
    *words, _ = text.split()
    return " ".join(words) if len(words) > 1 and len(words[-1]) > 3 else None


WAYS: dict[str, Callable[[str, Random], str | None]] = {
    "insert": _edit(_insert),
    "delete": _edit(_delete),
    "replace": _edit(_replace),
    "swap": _edit(_swap),
    "first letter": _first,
    "doubled": _edit(_double),
    "undoubled": _single,
    "sound": _sound,
    "split": _split,
    "joined": _join,
    "two edits": _twice,
    "beginning": _beginning,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, help="misspell only every so many names")
    parser.add_argument("--missed", help="list what is missed of this kind (in the tuning half)")
    options = parser.parse_args()
    finder = Finder(parse())
    queries = [*written(), *list(misspelt(finder, options.seed))[:: options.every]]
    start = time.perf_counter()
    found = [finder.find(query.text) for query in queries]
    taken = time.perf_counter() - start
    counts: dict[str, dict[str, list[int]]] = {}
    for query, answer in zip(queries, found, strict=True):
        ids = frozenset(match.term.id for match in answer.matches)
        good = any(ids and (ids == right or (len(right) == 1 and ids >= right)) for right in query.right)
        hit = bool(ids) if query.kind == FOREIGN else good
        for kind in (query.kind, *(["all misspelt"] if query.kind in WAYS else [])):
            count = counts.setdefault(kind, {name: [0, 0, 0] for name in HALVES})[query.half]
            count[0] += hit
            count[1] += bool(ids) and not good
            count[2] += 1
        if options.missed == query.kind and query.half == HALVES[0] and hit == (query.kind == FOREIGN):
            expected = " | ".join("+".join(sorted(right)) for right in query.right) or "-"
            near = [f"{match.term.id} {match.score}" for match in (*answer.matches, *answer.suggestions)[:3]]
            print(f"{query.text:<40} {expected:<36} {'ANSWERED ' if ids else ''}{', '.join(near) or 'nothing'}")
    print(f"{'kind':<14}" + "".join(f"{name + ': right':>18} {'wrong':>6} {'of':>6}" for name in HALVES))
    for kind, halves in counts.items():
        cells = (
            f"{100 * good / total:>17.1f}% {wrong:>6} {total:>6}" for good, wrong, total in halves.values() if total
        )
        print(f"{kind:<14}" + "".join(cells))
    print(f"{len(queries):,} queries in {taken:.1f} s")


if __name__ == "__main__":
    main()
