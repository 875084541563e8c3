"""plays --check: what is wrong or odd with the rules, tried on the accounts there are."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from cstool import scratch as scratch_folders
from cstool.plays.account_list import ACCOUNT
from cstool.plays.conditions import Judge
from cstool.plays.findings import Finding, finding
from cstool.plays.planning import PlaysRequest, Tried, accounts_of, read_rules, tried_on
from cstool.plays.tasks import in_words


def checked(request: PlaysRequest) -> list[Finding]:
    """What is wrong with the plays, in the order of the file.

    Columns that there are not and conditions that cannot run; rules that hold for no account; tasks that nobody has;
    several plays on one account. Raises InputError where the files cannot be read.
    """
    plays, config = read_rules(request)
    with tempfile.TemporaryDirectory(prefix=scratch_folders.PREFIX) as scratch:
        judge = Judge(accounts_of(request, Path(scratch)), config, request.day, Path(scratch))
        try:
            tried, found = tried_on(plays, config, judge)
            places = {(one.line, one.play) for one in found}
            found += [one for one in _odd(tried) if (one.line, one.play) not in places]
        finally:
            judge.close()
    return sorted(found, key=lambda one: one.line)


def _of_fault(fault: str, file: str) -> Finding:
    line, _, rest = fault.removeprefix(f"{file}:").partition(": ")
    play, _, problem = rest.removeprefix("play '").partition("': ")
    return Finding(file, int(line), play, problem)


def _odd(tried: Tried) -> Iterator[Finding]:
    plays = tried.plays
    for i, (play, held) in enumerate(zip(plays.plays, tried.held, strict=True)):
        if tried.conditions[i] and not held.rows:
            yield finding(plays, i, play.condition, f"holds for none of {len(tried.judge.accounts.rows)} accounts")
        yield from (finding(plays, i, at, problem) for at, problem in _without_owner(tried, i))
    for (i, one), (j, _) in combinations(enumerate(plays.plays), 2):
        if both := sorted({*tried.held[i].rows} & {*tried.held[j].rows}):
            yield finding(plays, j, "", f"holds together with '{one.play}' for {_named(tried, both)}")


def _without_owner(tried: Tried, number: int) -> Iterator[tuple[str, str]]:
    owner = tried.plays.plays[number].owner
    if not owner:
        yield "", "its tasks have no owner"
        return
    column = tried.judge.column(owner.column) if owner.column else None
    if column:
        blank = [row for row in tried.held[number].rows if tried.judge.accounts.rows[row].get(column) is None]
        if blank:
            yield "owner", f"no owner, as {owner.column} is blank, for {_named(tried, blank)}"


def _named(tried: Tried, rows: Sequence[int]) -> str:
    names = [in_words(tried.judge.accounts.rows[row][ACCOUNT]) for row in rows]
    more = f" and {len(names) - 3} more accounts" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"
