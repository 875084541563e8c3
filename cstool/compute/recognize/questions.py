"""Which column of a survey holds the answers to which question, by the words of its header."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from cstool.errors import InputError
from cstool.ingest.source.header import header_key
from cstool.ingest.source.table import Table
from cstool.model.reading import Answers

# By metric: what a header says that asks its question, and what short names it has.
_ASKS = {
    "nps": (
        r"(?:how )?likel(?:y|ihood).*recommend|recommend.*likel(?:y|ihood)|would you recommend|recommend us"
        r"|wahrscheinlich.*(?:empfehl|empfiehl)|weiterempfehl|probab\w+.*recom\w+|recommand\w+.*(?:probab|ami|coll)"
        r"|recomend\w+.*(?:amig|coleg)|waarschijnlijk.*aanbeve|\bnps\b|net promoter"
    ),
    "csat": (
        r"(?:how|overall).*satisf|satisf\w+ (?:survey )?(?:are|were|with|score|rating|level)|\bcsat\b"
        r"|rate (?:your|our|the)|wie zufrieden"
        r"|zufrieden\w* (?:sind|waren|mit)|satisfait|satisfech[oa]|tevreden|soddisfatt|satisfeit"
    ),
    "ces": (
        r"\beffort\b|how (?:easy|difficult|hard)|made it easy|\bces\b|wie (?:einfach|leicht|aufwendig)|aufwand|facile"
        r"|fácil"
    ),
}
_NO_SCORE = (
    r"\b(?:why|reason|comments?|feedback|explain|group|category|bucket|type|segment|label|sentiment|trend|target|date"
    r"|open-ended|improve|what (?:is|could|would|can|was)|warum|grund|kommentar|pourquoi|commentaire|por qu[eé])\b"
)
# What stands for the question of a metric that is asked for, where no header asks it in full.
_NAMES = {
    "csat": r"(?:(?:niveau|degr[eé]|level|nivel|grado) (?:of|de|di) )?(?:satisfaction|satisfacci[oó]n|zufriedenheit)"
}
_RANGE = r"(?: ?\(? ?\d+ ?(?:-|–|to|bis|à) ?\d+ ?\)?)?"
_OTHERS = frozenset(_ASKS)


def asking(columns: Collection[str], metrics: Collection[str] = _OTHERS) -> list[str]:
    """The columns whose header asks the question of one of some metrics."""
    words = [_ASKS[metric] for metric in metrics if metric in _ASKS]
    return [
        column
        for column in columns
        if any(re.search(one, column.replace("_", " "), re.IGNORECASE) for one in words)
        and not re.search(_NO_SCORE, column.replace("_", " "), re.IGNORECASE)
    ]


def columns_asking(table: Table, metrics: Collection[str] = _OTHERS) -> list[str]:
    """The columns of a table that ask the question of one of some metrics, in their header or the line below it."""
    labels = [*table.labels, *[""] * len(table.columns)]
    return [one for one, label in zip(table.columns, labels, strict=False) if one and _asks(one, label, metrics)]


def _asks(column: str, label: str, metrics: Collection[str]) -> bool:
    return bool(asking([column], metrics) or (asking([label], metrics) and not re.search(_NO_SCORE, column, re.I)))


def answer_column(table: Table, metrics: Sequence[str]) -> str | None:
    """The column of answers to the question of the metrics asked for; None where no header says so.

    Raises InputError where the metrics ask different questions, or where the file only answers another one.
    """
    own = {metric: found for metric in metrics if (found := columns_asking(table, [metric]))}
    own = own or {metric: found for metric in metrics if (found := _named(table.columns, metric))}
    columns = {tuple(found) for found in own.values()}
    if len(columns) > 1:
        names = " and ".join(own)
        raise InputError(
            f"{table.name}: {names} are answers to different questions",
            hint="run calc once for each",
            code="different-inputs",
        )
    asked = [metric for metric in metrics if metric in _ASKS]
    if asked and not own:
        others = columns_asking(table, _OTHERS - set(asked))
        short = [one for one in others if header_key(one).removesuffix("score") in _OTHERS]
        if short and len(short) == len(others) == 1:
            raise InputError(
                f"{table.name}: {short[0]} holds answers to another question than {asked[0]}",
                hint=f'if they are, --map score="{short[0]}"',
                code="different-inputs",
            )
    chosen = next(iter(columns), ())
    return chosen[0] if len(chosen) == 1 else None


def _named(columns: Collection[str], metric: str) -> list[str]:
    """The columns called what a metric measures, as `Satisfaction (1-5)`."""
    words = _NAMES.get(metric)
    return [one for one in columns if words and re.fullmatch(words + _RANGE, one.replace("_", " "), re.IGNORECASE)]


def scale_of(metric: str, scale: int, *, reverse: bool, reversible: bool) -> Answers:
    """What answers a metric is computed from; `scale` is its highest answer, 0 where it has a default of its own."""
    if metric == "nps":
        return Answers(0, 10)
    highest = scale or (7 if metric == "ces" else 10)
    return Answers(1, highest, reverse, reversible, top_boxes=metric == "csat")
