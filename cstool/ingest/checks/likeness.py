"""Names that differ only in how they are written: case, accents, punctuation, leading zeros, legal forms."""

from __future__ import annotations

import re
import unicodedata

from cstool.backends.duck import quoted

# What stands behind the name of a company and says nothing of which one it is, without its dots.
LEGAL_FORMS = frozenset(
    (
        "ab ag aktiebolag aps as asa bhd bv bvba co company corp corporation cv dd doo eg ehf ev gbr gmbh hf inc"
        " incorporated inh is jsc kft kg kgaa kk lda limitada limited llc llp lp ltd ltda mbh nv nyrt ohg ooo ou oy"
        " oyj oü pbc plc private pte pty pvt sa sarl sas sasu sca sccl scs sdn se sl slu snc spa sprl spzoo srl sro"
        " ug vof zrt"
    ).split()
) | {"sp z oo"}
_DROPPED = "[.'’`´]"  # stands within a word: S.A., O'Neill
_IN_WORDS = f"(?<![0-9]){_DROPPED}|{_DROPPED}(?![0-9])"
_MARKS = " .,;:-_/\\'\"’`´&+()#*"
_NO_MARKS = str.maketrans("", "", _MARKS)
_AND = frozenset("and und et".split())
_ENDS = f"( ({'|'.join(sorted(LEGAL_FORMS | _AND))}))+$"
_SHORT = {"limited": "ltd", "incorporated": "inc", "corporation": "corp", "company": "co", "limitada": "ltda"}


def skeleton_sql(text: str) -> str:
    """SQL of `skeleton`; names that are `alike` have one of those of `with_forms` in common."""
    return f"replace(translate(lower({text}), {quoted(_MARKS)}, ''), '0', '')"


def skeleton(text: str) -> str:
    """A name in lower case without punctuation and zeros: little, and quick to compute."""
    return text.lower().translate(_NO_MARKS).replace("0", "")


def with_forms(name: str) -> list[str]:
    """A name as it is, without its legal form, and with each other one."""
    bare = without_form(plain(name))
    return [name, bare, *(f"{bare} {form}" for form in LEGAL_FORMS)]


def alike(name: str) -> str:
    """What names have in common that differ only in case, accents, punctuation, leading zeros and legal form."""
    return together(without_form(plain(name)))


def together(spaced: str) -> str:
    """Words as one; where there are digits, what they are parts of stays apart: 1-23 is not 12-3."""
    if not re.search(r"\d", spaced):
        return spaced.replace(" ", "")
    return " ".join(re.findall(r"\d+|[^\W\d]+", spaced))


def plain(text: str) -> str:
    """A name in lower case without accents, its words apart by a space; other letters and marks are left out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    bare = re.sub(_IN_WORDS, "", bare).replace("&", " and ")
    spaced = " ".join(re.findall(r"[^\W_]+", bare))
    return re.sub(r"(^|\D)0+(\d)", r"\1\2", spaced)


def without_form(name: str) -> str:
    """A name as `plain` gives it, without the legal form behind it and words for "and"; never without all words."""
    bare = re.sub(_ENDS, "", name) or name
    return " ".join(word for word in bare.split() if word not in _AND) or bare


def form_of(name: str) -> frozenset[str]:
    """The legal form behind a name as `plain` gives it, however it is written."""
    found = re.search(_ENDS, name)
    return frozenset(_SHORT.get(word, word) for word in (found[0].split() if found else ()) if word not in _AND)


def accented(text: str) -> list[str]:
    """The accents in a text, and the letters that others are written for."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return [mark for mark in folded if unicodedata.combining(mark) or mark in _LATIN]


# Letters as they are transliterated where a keyboard does not have them; of several ways the most common.
_LATIN = {
    **dict(zip("абвгдезиклмнопрстуфыэіґћјљњ", "abvgdeziklmnoprstufyeigcjln", strict=True)),
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya",
    **dict(zip("αβγδεζηικλμνξοπρστυφως", "avgdeziiklmnxoprstyfos", strict=True)),
    "θ": "th", "χ": "ch", "ψ": "ps",
    "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
}  # fmt: skip
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


def spellings(text: str) -> list[str]:
    """A name as `plain` gives it, and the same in Latin letters, with umlauts left out or spelled as ae, oe and ue."""
    own = plain(text)
    expanded = plain(unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS))
    return list(dict.fromkeys([own, _latin(own), _latin(expanded)]))


def _latin(name: str) -> str:
    return "".join(_LATIN.get(letter, letter) for letter in name)
