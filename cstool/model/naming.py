"""One way to fold a name, used for storing, comparing and searching alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DROPPED = re.compile(r"['’ʼ`´]")
_SPLIT = re.compile(r"[\W_]+")

# British spellings that differ by more than a typo's worth over a whole name; compiled when one is looked for.
_SPELLINGS = (
    (r"is(ation|ations|ing|ed|e|es|er)$", r"iz\1"),
    (r"([ae])ll(ed|ing)$", r"\1l\2"),
    (r"aviour", "avior"),
    (r"(licen)c(es?)$", r"\1s\2"),
    (r"(practi)[sz](es?)$", r"\1c\2"),
    (r"programme(s?)$", r"program\1"),
)


_ACCENTS = dict.fromkeys(range(0x300, 0x370))  # the marks that NFKD takes off their letters


def normalise(text: str) -> str:
    """NFKC, case folded, apostrophes dropped, every other run of punctuation and space one space."""
    # Twice, since folding takes some letters apart; `´` would become a space first.
    folded = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()
    folded = _DROPPED.sub("", unicodedata.normalize("NFKC", folded))
    return _SPLIT.sub(" ", folded.replace("&", " and ")).strip()


def made_id(name: str) -> str:
    """The id of a term that gives none: its name in small letters and digits with hyphens, accents dropped."""
    return "-".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKD", normalise(name)).translate(_ACCENTS)))


def singular(normalised: str) -> str:
    """A normalised name with each word in the singular and American spelling: how names are compared after exactly."""
    return " ".join(_singular(word) for word in normalised.split())


@lru_cache(maxsize=20_000)
def _singular(word: str) -> str:
    if len(word) > 6:
        for pattern, replacement in _SPELLINGS:
            word = re.sub(pattern, replacement, word)
    if len(word) < 4 or word.endswith(("ss", "sis")):
        return word
    if word.endswith("yses"):
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word
