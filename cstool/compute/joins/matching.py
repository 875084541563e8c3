"""`match`: for the accounts of one file that another does not have, which of its accounts may be meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cstool.backends.duck import DuckDB
from cstool.compute.joins.aliases import Aliases
from cstool.compute.joins.joining import Joined
from cstool.compute.joins.nearby import Account, Nearby
from cstool.compute.recognize.account_columns import account_column
from cstool.compute.recognize.inspection import understood
from cstool.compute.recognize.shapes import findable
from cstool.ingest.source.table import open_table
from cstool.model.entries import Glossary
from cstool.model.reading import Column, Reading
from cstool.model.request import JoinedFile

METRICS = (
    "nrr",
    "mrr",
    "ticket-volume",
    "csat",
    "nps",
    "renewal-rate",
    "win-rate",
)  # of the command that comes next, the first that the file gives


_SURE = 100  # of an alias that the list of accounts itself tells


@dataclass(frozen=True, slots=True)
class Proposal:
    """An alias to review: the account that it may stand for by its key, its name, how sure that is, and why."""

    alias: str
    account: str
    name: str
    score: int
    why: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What `match` found: proposals, best first, the accounts without any, and how many accounts there are and match.

    `notes` say how the files were read, `following` is the command that uses the proposals from the file
    `aliases`.
    """

    proposals: Sequence[Proposal]
    without: Sequence[str]
    accounts: int
    matching: int
    left: str
    right: str
    notes: Sequence[str]
    following: str
    aliases: str


def match(
    glossary: Glossary,
    left: str,
    right: JoinedFile,
    *,
    reading: Reading | None = None,
    aliases: str | None = None,
    called: tuple[str, str] | None = None,
) -> Matched:
    """Proposes aliases for the accounts of a file that a list of accounts does not have; applies nothing.

    `reading` says how `left` is read, `aliases` is a file of those that are settled, `called` what the next command
    calls the files by. Raises InputError where the files do not name accounts.
    """
    import tempfile

    from cstool import scratch as scratch_folders

    engine = DuckDB()
    try:
        with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as folder:
            return _match(engine, glossary, left, right, reading or Reading(), aliases, called, Path(folder))
    finally:
        engine.close()


def _match(
    engine: DuckDB,
    glossary: Glossary,
    file: str,
    right: JoinedFile,
    reading: Reading,
    aliases: str | None,
    called: tuple[str, str] | None,
    scratch: Path,
) -> Matched:
    from cstool.ingest.read import cells

    own = open_table(file, findable(glossary, (right.left,)), scratch, reading)
    found = understood(glossary, own, {})
    left = right.left or found.roles.get("account") or account_column(glossary, own)
    joined = Joined(glossary, replace(right, left=left), own, None, scratch, engine)
    joined.read([])
    column = Column("account", joined.left, "text", optional=True)
    notes = cells.read(engine, [own], [column], [], reading, "cells")
    settled = Aliases(aliases, scratch).accounts if aliases else {}
    texts = [one for (one,) in engine.run("select distinct account from cells where account is not null order by 1")]
    listed = [Account(key or "", name or "", row) for key, name, row in joined.accounts()]
    known = {text for one in listed for text in (one.key, one.name) if text}
    open_ = [one for one in texts if one not in known and one not in settled]
    nearby = Nearby(listed) if open_ else None
    without = []
    present = set(texts)
    proposals = [
        Proposal(name, key, name, _SURE, "key and name of one account")
        for key, name in engine.run(joined.named_twice("select account from cells"))
        if name not in settled and key not in settled
    ]
    for text in open_:
        near = nearby.of(text) if nearby else []
        if not near:
            without.append(text)
        for account, score, why in near:
            taken = next((one for one in (account.key, account.name) if one and one in present), "")
            more = f"; the file also has {taken}" if taken else ""
            proposals.append(Proposal(text, account.key or account.name, account.name, score, f"{why}{more}"))
    proposals.sort(key=lambda one: (-one.score, one.alias, one.account))
    used = aliases or "aliases.csv"
    return Matched(
        proposals,
        without,
        len(texts),
        len(texts) - len(open_),
        own.name,
        joined.table.name,
        [*notes, *joined.notes, f"{own.name}: {joined.left} compared with {joined.by} of {joined.table.name}"],
        _following(joined, found.metrics, called or (file, right.file), right, used if proposals or aliases else ""),
        used,
    )


def _following(joined: Joined, metrics: Sequence[str], files: tuple[str, str], right: JoinedFile, aliases: str) -> str:
    import shlex

    columns = [one for one in joined.table.columns if one and one not in (joined.key, joined.name)]
    by = next((one for one in columns if joined.own.column(one) is None), columns[0] if columns else "COLUMN")
    metric = next((one for one in (*METRICS, *metrics) if one in metrics), "METRIC")
    words = ["cstool", "calc", metric, files[0], "--join", files[1]]
    words += ["--on", f"{right.left}={right.key}"] if right.left else []
    words += ["--aliases", aliases] if aliases else []
    return shlex.join([*words, "--by", by])
