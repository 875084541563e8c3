"""What is worked out from a glossary once and cached with it, so that completion need not build entries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cstool.compute.formulas.catalog import catalogue
from cstool.compute.formulas.words import formula_in_words
from cstool.glossary.listing import categories
from cstool.glossary.store import FACTS, JOINER
from cstool.model.entries import Glossary


def _samples(glossary: Glossary) -> Mapping[str, str]:
    return {one.term.id: one.sample for one in catalogue(glossary) if one.sample}


def _names(glossary: Glossary) -> Mapping[str, str]:
    current = (term for term in glossary.terms.values() if not term.retired)
    return {term.id: JOINER.join((term.term, *term.all_acronyms, *term.synonyms)) for term in current}


def _categories(glossary: Glossary) -> Mapping[str, str]:
    return dict.fromkeys(categories(glossary), "")


def _differences(glossary: Glossary) -> Mapping[str, str]:
    return {JOINER.join(ids): "" for ids in glossary.differences}


def _sources(glossary: Glossary) -> Mapping[str, str]:
    return {id_: source.short or source.title for id_, source in glossary.sources.items()}


def _formulas(glossary: Glossary) -> Mapping[str, str]:
    return {
        id_: formula_in_words(term.metric, glossary.relations[term.metric.of])
        for id_, term in glossary.terms.items()
        if term.metric and term.metric.of in glossary.relations
    }


MAKERS: Mapping[str, Callable[[Glossary], Mapping[str, str]]] = dict(
    zip(FACTS, (_samples, _names, _categories, _differences, _sources, _formulas), strict=True)
)
