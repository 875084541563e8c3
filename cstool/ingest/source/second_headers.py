"""Further header lines right below the first one, as surveys and databases write them: answers, ids, units, types."""

from __future__ import annotations

from collections.abc import Sequence

LOOKED_AT = 3  # records below the header

_IMPORT_ID = "importid"  # Qualtrics: {"ImportId":"QID1"}
# SurveyMonkey: what kind of answer a column holds, below the question.
_ANSWERS = frozenset(
    (
        "response", "open-ended response", "antwort", "offene antwort", "beantwortung mit offenem ende", "réponse",
        "réponse ouverte", "respuesta", "respuesta abierta", "risposta", "risposta aperta", "resposta",
        "resposta aberta", "antwoord", "open antwoord", "svar",
    )
)  # fmt: skip
_UNITS = frozenset(
    "text string str varchar char object number numeric int integer bigint float double decimal date datetime timestamp"
    " boolean bool currency usd eur gbp chf cad aud jpy sek nok dkk $ € £ % percent pct # id key months days hours"
    " minutes".split()
)


def further_lines(records: Sequence[Sequence[str]]) -> int:
    """How many of the first records below a header are header lines, too."""
    cells = [[field.strip().casefold() for field in record] for record in records[:LOOKED_AT]]
    for i, record in enumerate(cells):
        if any(_IMPORT_ID in cell and cell.startswith("{") for cell in record):
            return i + 1
    first = cells[0] if cells and len(cells[0]) > 1 else []
    filled = [cell for cell in first if cell not in ("", "-")]
    if first and not first[0] and any(cell in _ANSWERS for cell in filled):
        return 1
    return int(len(filled) > 1 and all(cell.strip("()[]") in _UNITS for cell in filled))
