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
ENDS = "customer,mrr,start_date,canceled_at,contract_end\n"
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
    "a canceled end before an agreed one": (ENDS + "A,10,2025-01-04,2025-02-20,2025-05-04\nB,5,2025-03-04,,\n", "mrr"),
    "an agreed end that has passed": (ENDS + "A,10,2025-01-04,2025-03-20,\nB,5,2025-01-04,,2025-02-04\n", "mrr"),
    "a second table": ("client,start,mrr\nA,2025-01-03,10\nclient,start,mrr\nA,2025-01-03,10\n", "mrr"),
    "an answer beyond the scale": ("CSAT\n7\n4\n3\n", "csat"),
    "times without a unit": (
        "Ticket ID,Created,First Response Time\n1,2026-02-01,12\n2,2026-02-02,30\n",
        "first-response-time",
    ),
    "times such as 2:15": (
        "Ticket ID,Created,First Response Time\n1,2026-02-01,2:15\n2,2026-02-02,0:30\n",
        "first-response-time",
    ),
    "a count of intervals": (
        "customer,price,interval,recurrence_length,start_date\nA,30,month,3,2025-01-04\nB,10,month,1,2025-01-04\n",
        "mrr",
    ),
    "a status that is over without an end": (
        "customer,mrr,status,start_date,cancelled_on,expires_on\n"
        "A,10,live,2025-01-04,,\nB,5,expired,2025-01-04,,\nC,5,live,2025-01-04,2025-03-04,\n",
        "mrr",
    ),
    "a contract's end without a word on what happened": (
        "customer,mrr,start,end of plan,finish\nA,10,2025-01-04,2025-02-04,\n",
        "mrr",
    ),
    "days or months first": ("account,start_date,mrr\nA,02/03/2026,10\nB,04/05/2026,10\n", "mrr"),
}
_MAPPED = r'--map (\w+)=(?:"([^"]+)"|([a-z_]+))'
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
        proposed += [{"given": {"scale": int(scale)}} for scale in re.findall(r"--scale (\d+)", error.hint)]
        proposed += [{"where": condition} for condition in re.findall(r'--where "([^"]+)"', error.hint)]
        for way in error.hint.split(";"):
            if mapped := {role: quoted or bare for role, quoted, bare in re.findall(_MAPPED, way)}:
                proposed.append({"mapping": mapped | options.get("mapping", {})})
        assert proposed, said
        for more in proposed:
            assert not more.keys() & options.keys() - {"mapping"}, said
            further = attempt(text, metric, **options, **more)
            assert further is None or further.lines() != error.lines(), said
            queue.append({**options, **more})
        assert len(queue) < 40
    assert solved


def _value(text: str) -> Any:
    from decimal import Decimal

    return Decimal(text.removesuffix("%")) / 100 if text.endswith("%") else text
