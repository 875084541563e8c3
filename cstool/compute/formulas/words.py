"""Formulas as people say them: `(starting MRR - churned MRR) / starting MRR`."""

from __future__ import annotations

import re

from cstool.model.entries import Metric
from cstool.model.inputs import Relation

_NAME = re.compile(r"[a-z_][a-z_0-9]*")
_WHERE_POSITIVE = re.compile(r"case when (\w+) > 0 then \1 end")
_ACRONYMS = frozenset("acv arpa arr cac ces csat csms ltv mrr nps tcv".split())


def formula_in_words(metric: Metric, relation: Relation) -> str:
    """What divides what, each measure by the name people use; as it is declared where that is not plain enough."""
    if metric.in_words:
        return metric.in_words
    alone = next((measure.about for measure in relation.measures if measure.measure == metric.formula), "")
    if alone:
        return alone
    called = {measure.measure: measure.called or _spoken(measure.measure) for measure in relation.measures}
    formula = _WHERE_POSITIVE.sub(r"\1", metric.formula).replace(" * ", " \N{MULTIPLICATION SIGN} ")
    return _NAME.sub(lambda found: called.get(found[0], found[0]), formula)


def _spoken(name: str) -> str:
    words = name.split("_")
    return " ".join(_acronym(word) if word in _ACRONYMS else word for word in words)


def _acronym(word: str) -> str:
    return "CSMs" if word == "csms" else word.upper()
