"""Each option that a refusal proposes leads further on the same file: to a result, or to another refusal."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cstool.errors import CstoolError
from tests.metrics.computing import calc

HEAD = "account,starting_mrr,ending_mrr\n"
ROWS = "".join(f"A{i},10,20\n" for i in range(12))
LEDGER = "account,month,mrr\n"
REFUSALS: dict[str, tuple[str, str]] = {
    "a blank": (HEAD + ROWS + "B,,5\n", "nrr"),
    "blanks and words": (HEAD + ROWS + "B,,5\nC,x,5\n", "nrr"),
    "a negative": (HEAD + ROWS + "B,-5,5\n", "nrr"),
    "a word": (HEAD + ROWS + "B,ten,5\n", "nrr"),
    "many words": (HEAD + ROWS + "B,ten,5\nC,ten,5\nD,ten,6\n", "nrr"),
    "a blank name": (HEAD + ROWS + ",10,5\n", "nrr"),
    "thousands or a fraction": (HEAD + 'A,"1,234","2,345"\n', "nrr"),
    "a row twice": (HEAD + "A,10,20\nA,10,20\nB,5,5\n", "nrr"),
    "rows of one account": (HEAD + "A,10,20\nA,10,5\nB,5,5\n", "nrr"),
    "a blank month of a ledger": (LEDGER + "A,2026-01,10\nA,2026-02,\nB,2026-01,5\nB,2026-02,5\n", "mrr"),
    "days or months first": ("account,start_date,mrr\nA,02/03/2026,10\nB,04/05/2026,10\n", "mrr"),
}
_VALUED = r"--(blank|negative|duplicates|decimal|date-order|skip-limit) ([a-z]+|[0-9]+%|[.,])"


def attempt(text: str, metric: str, **options: Any) -> CstoolError | None:
    """What a metric over a text is refused with; None where it has a result."""
    try:
        calc(text, metric, **options)
    except CstoolError as error:
        return error
    return None


@pytest.mark.parametrize("case", REFUSALS)
def test_the_options_of_a_hint_lead_further(case: str) -> None:
    text, metric = REFUSALS[case]
    queue: list[dict[str, Any]] = [{}]
    solved = False
    for options in queue:
        error = attempt(text, metric, **options)
        if error is None:
            solved = True
            continue
        said = " ".join(error.lines())
        proposed: list[dict[str, Any]] = [
            {name.replace("-", "_"): _value(value)} for name, value in re.findall(_VALUED, said)
        ]
        proposed += [{"skip_bad": True}] if "--skip-bad leaves" in said else []
        assert proposed, said
        for more in proposed:
            assert not more.keys() & options.keys(), said
            further = attempt(text, metric, **options, **more)
            assert further is None or further.lines() != error.lines(), said
            queue.append({**options, **more})
        assert len(queue) < 40
    assert solved


def _value(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else text
