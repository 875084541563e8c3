"""The glossary as a style and a vocabulary of Vale, the linter of prose."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cstool.model.entries import Term
from cstool.render.catalogs.contents import Contents
from cstool.render.escapes import visible

NAME = "CustomerSuccess"
_CONFIGURATION = f"""\
StylesPath = styles
MinAlertLevel = suggestion
Vocab = {NAME}

[*.{{md,txt}}]
BasedOnStyles = {NAME}
"""
# The vocabulary holds names of the glossary, which these rules are about.
_RULE = "extends: {extends}\nmessage: {message}\nlevel: {level}\nignorecase: false\nvocab: false\n"


def vale_files(contents: Contents) -> dict[str, str]:
    """The texts of a folder by their path in it; a rule that would be empty has no file."""
    terms = [term for term in contents.by_id if not term.retired]
    shared = _shared(terms)
    files = {".vale.ini": _CONFIGURATION}
    rules = {
        "Names": _substitution(
            "Use '%s' instead of '%s': one name for one thing.", "suggestion", _names(terms, shared)
        ),
        "Retired": _substitution("Use '%s' instead of '%s', which is retired.", "warning", _retired(contents)),
        "Ambiguous": _existence("'%s' has several meanings: spell it out.", sorted(shared)),
    }
    files |= {f"styles/{NAME}/{name}.yml": rule for name, rule in rules.items() if rule}
    return files | {
        f"styles/config/vocabularies/{NAME}/accept.txt": "".join(f"{word}\n" for word in _words(terms, shared))
    }


def _shared(terms: Iterable[Term]) -> set[str]:
    """The acronyms of several terms."""
    counted = Counter(acronym for term in terms for acronym in set(term.all_acronyms))
    return {acronym for acronym, times in counted.items() if times > 1}


def _names(terms: Iterable[Term], shared: set[str]) -> Iterator[tuple[str, str]]:
    """Further acronyms by the first, and further names by the term, as they are capitalised: plain words never.

    A name that is part of a term's name would be found in it, and is left out.
    """
    terms = list(terms)
    preferred = "\n".join(name for term in terms for name in (term.term, *term.acronyms[:1]))
    for term in terms:
        yield from ((acronym, term.acronyms[0]) for acronym in term.acronyms[1:] if acronym not in shared)
        capitalised = (name for name in term.synonyms if re.search(r"[A-Z]\S* .*[A-Z]", name))
        yield from ((name, term.term) for name in capitalised if name not in preferred)


def _retired(contents: Contents) -> Iterator[tuple[str, str]]:
    for term in contents.by_id:
        if term.retired in contents.terms:
            yield term.term, contents.terms[term.retired].term


def _words(terms: Iterable[Term], shared: set[str]) -> list[str]:
    """What a spelling check knows: acronyms as they are, names of one word in any case."""
    acronyms = {term.acronyms[0] for term in terms if term.acronyms and term.acronyms[0] not in shared}
    names = {term.term.casefold() for term in terms if " " not in term.term} - {name.casefold() for name in acronyms}
    return [_pattern(name) for name in sorted(acronyms)] + [f"(?i){_pattern(name)}" for name in sorted(names)]


def _substitution(message: str, level: str, names: Iterable[tuple[str, str]]) -> str:
    # Where Vale reads alternatives (|) or groups ($) into a proposal, there is none.
    swap: Mapping[str, str] = {
        _pattern(name): visible(better) for name, better in names if name not in better and not set(better) & set("|$")
    }
    lines = (f"  {_quoted(name)}: {_quoted(better)}\n" for name, better in swap.items())
    head = _RULE.format(extends="substitution", message=_quoted(message), level=level)
    # With this action Vale takes proposals as they are, not as patterns, and editors offer them.
    return f"{head}action:\n  name: replace\nswap:\n{''.join(lines)}" if swap else ""


def _existence(message: str, words: Iterable[str]) -> str:
    lines = "".join(f"  - {_quoted(_pattern(word))}\n" for word in words)
    head = _RULE.format(extends="existence", message=_quoted(message), level="suggestion")
    return f"{head}tokens:\n{lines}" if lines else ""


def _pattern(name: str) -> str:
    """A regular expression that matches a name and nothing else, on one line."""
    return re.sub(r"[\\^$.|?*+()\[\]{}#]", r"\\\g<0>", visible(name))


def _quoted(text: str) -> str:
    """A string of YAML: those of JSON are, once all characters stand for themselves."""
    return json.dumps(text, ensure_ascii=False)
