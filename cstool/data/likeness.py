"""Names that differ only in how they are written: case, accents, punctuation, leading zeros, legal forms."""

from __future__ import annotations

import re
import unicodedata

from cstool.engines.duck import quoted

# What stands behind the name of a company and says nothing of which one it is, without its dots.
LEGAL_FORMS = frozenset(
    (
        "ab ag aps as asa bv bvba co company corp corporation cv doo eg ehf ev gmbh hf inc incorporated inh is jsc"
        " kft kg kgaa kk lda limitada limited llc llp lp ltd ltda mbh nv ohg oy oyj pbc plc pte pty pvt sa sarl sas"
        " sasu sccl sl slu snc spa sprl spzoo srl sro ug vof zrt"
    ).split()
)
_DROPPED = "[.'’`´]"  # stands within a word: S.A., O'Neill
_NO_WORD = r"[^\p{L}\p{N}]+"
_ENDS = f"( ({'|'.join(sorted(LEGAL_FORMS))}|and|und|et|y))+$"
_ZEROS = r"(^|[^\p{N}])0+(\p{N})"


def loose_sql(text: str) -> str:
    """SQL of a name without case, accents, punctuation, leading zeros and legal form; for DuckDB."""
    bare = f"regexp_replace(strip_accents(lower({text})), {quoted(_DROPPED)}, '', 'g')"
    spaced = f"trim(regexp_replace(replace({bare}, '&', ' and '), {quoted(_NO_WORD)}, ' ', 'g'))"
    numbered = f"regexp_replace({spaced}, {quoted(_ZEROS)}, '\\1\\2', 'g')"
    return f"replace(coalesce(nullif(regexp_replace({numbered}, {quoted(_ENDS)}, ''), ''), {numbered}), ' ', '')"


def plain(text: str) -> str:
    """A name in lower case without accents, its words apart by a space; other letters and marks are left out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in folded if not unicodedata.combining(mark))
    bare = re.sub(_DROPPED, "", bare).replace("&", " and ")
    spaced = " ".join(re.findall(r"[^\W_]+", bare))
    return re.sub(r"(^|\D)0+(\d)", r"\1\2", spaced)


def without_form(name: str) -> str:
    """A name as `plain` gives it, without the legal form behind it; the whole where nothing else is left."""
    return re.sub(_ENDS, "", name) or name
