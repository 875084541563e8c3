"""A lost and a won account whose names differ only in punctuation, case or legal form: probably one customer."""

from __future__ import annotations

from cstool.backends.duck import quoted
from cstool.backends.engine import Engine
from cstool.ingest.checks.likeness import LEGAL_FORMS

_JOINED = "[./’`\"']"  # left out of a name, so that S.A. is SA
_BETWEEN = r"[^\p{L}\p{N}]+"
_SHOWN = 2


def renamed(engine: Engine, relation: str) -> list[str]:
    """A note of accounts that left while one of nearly the same name came.

    `relation` has a row an account and window.
    """
    moved = f"(select * from ({relation}) where (starting_mrr > 0) <> (ending_mrr > 0))"
    named = f"(select distinct account, starting_mrr > 0 as left_us, {_bare('account')} as bare from {moved})"
    found = engine.run(
        f"with named as (select * from {named}) select lost.account, won.account, count(*) over ()"
        " from (select * from named where left_us) as lost join (select * from named where not left_us) as won"
        " on lost.bare = won.bare where lost.account <> won.account and lost.bare <> ''"
        f" order by 1, 2 limit {_SHOWN}"
    )
    if not found:
        return []
    pairs = "; ".join(f"'{lost}' left and '{won}' came" for lost, won, _ in found)
    more = int(found[0][2]) - len(found)
    return [
        f"{pairs}{f'; and {more} more pairs' if more else ''}: names that differ only in punctuation, case or legal"
        " form; if they are one customer, --aliases FILE says so, with the columns alias,account"
    ]


def _bare(name: str) -> str:
    """SQL of a name without case, punctuation and legal form."""
    joined = f"regexp_replace(lower({name}), {quoted(_JOINED)}, '', 'g')"
    spaced = f"trim(regexp_replace({joined}, {quoted(_BETWEEN)}, ' ', 'g'))"
    forms = "|".join(sorted(LEGAL_FORMS))
    return f"trim(regexp_replace({spaced}, {quoted(f'( ({forms}))+$')}, ''))"
