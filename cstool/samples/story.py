"""The exports of one company: who grows, who leaves, and why it could be seen coming.

Usage falls, tickets pile up and answers get worse in the months before an account shrinks or leaves; then a notice is
given, a renewal is lost, and the ledger shows it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from cstool.model.windows import first_day, last_day
from cstool.samples.account_lists import Account, account_rows, customers
from cstool.samples.plays import HEALTH, PLAYS
from cstool.samples.revenue import FIRST, LAST, ledger_rows
from cstool.samples.targets import TARGETS

Row = Sequence[object]
Maker = Callable[[Sequence[Account], random.Random], Iterator[Row]]

TODAY = last_day(LAST)
_SEATS = {"SMB": (5, 10), "Mid-Market": (25, 40), "Enterprise": (80, 120)}
_WARNING = 4  # months in which an account that leaves can be seen to
_FEATURES = ("dashboard", "search", "reports", "exports", "automation", "API")
_REASONS = ("price", "missing feature", "sponsor left", "not used")
_USERS = 10  # users of an account whose actions are told, at most

CONFIG = """\
# The exports of a sample company; paths are relative to this file. `cstool project` checks them.
#   cstool calc nrr,csat,ticket-volume,utilization
#   cstool calc nrr,renewal-rate --by segment
files:
  crm: exports/accounts.csv
  billing: {path: exports/ledger.csv, feeds: revenue}
  renewals: exports/renewals.csv
  deals: exports/deals.csv
  tickets: exports/tickets.csv
  csat: {path: exports/csat.csv, feeds: csat, options: {scale: 5}}
  nps: {path: exports/nps.csv, feeds: nps}
  usage: exports/events.csv
  seats: exports/seats.csv
  onboardings: exports/onboardings.csv
  milestones: exports/milestones.csv
  goals: exports/goals.csv
  notices: exports/notices.csv
  departures: exports/departures.csv
accounts: {file: crm, key: account_id, name: account}
health: health.yaml
plays: plays.yaml
targets: targets.yaml
"""


def project_files(accounts: int, seed: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """The exports by path, each with the rows of a file of its own, header first."""
    for name, make in MAKERS.items():
        yield f"exports/{name}.csv", told(name, make, accounts, seed)


def told(name: str, make: Maker, accounts: int, seed: int) -> Iterator[Row]:
    """The rows of a file of the company of a seed, header first."""
    return make(customers(accounts, random.Random(seed)), random.Random(f"{seed} {name}"))


def trouble(one: Account, month: int) -> float:
    """How badly an account does in a month, from 0 to 1: it grows towards a loss of revenue that is to come."""
    losses = [own.end for own in one.periods if own.end and not _grows(one, own.end)]
    ahead = [loss - month for loss in losses if 0 < loss - month <= _WARNING]
    return 1 - (min(ahead) - 1) / _WARNING if ahead else 0


def _grows(one: Account, month: int) -> bool:
    return mrr_in(one, month) >= mrr_in(one, month - 1)


def mrr_in(one: Account, month: int) -> int:
    return next((own.mrr for own in one.periods if own.start <= month and (own.end is None or month < own.end)), 0)


def paying(company: Sequence[Account], last: int) -> Iterator[tuple[Account, int]]:
    """Each account in each of the last months in which it was a customer."""
    for month in range(LAST - last + 1, LAST + 1):
        yield from ((one, month) for one in company if mrr_in(one, month))


def on(month: int, chance: random.Random) -> date:
    return first_day(month) + timedelta(days=chance.randrange(28))


def _at(month: int, chance: random.Random) -> datetime:
    return datetime.combine(on(month, chance), datetime.min.time()) + timedelta(minutes=chance.randrange(8 * 60, 1080))


def _renewals(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """A yearly contract each, from a year before to a year ahead: it was renewed where the account still paid."""
    yield (
        "account_id",
        "account",
        "segment",
        "csm",
        "due_date",
        "amount",
        "status",
        "renewed_at",
        "renewed_amount",
        "probability",
    )
    for one in company:
        for due in range(one.since + 12, LAST + 13, 12):
            before, after = mrr_in(one, min(due - 1, LAST)), mrr_in(one, due)
            if due < LAST - 11 or not before:
                continue
            head = (one.key, one.name, one.segment, one.csm, first_day(due), before * 12)
            if due > LAST:
                yield *head, "Open", "", "", f"{round(90 - 60 * trouble(one, LAST))}%"
            elif after:
                yield (
                    *head,
                    "Renewed",
                    first_day(due) - timedelta(days=chance.choice((3, 8, 20, 45))),
                    after * 12,
                    "100%",
                )
            else:
                yield *head, "Lost", "", "", "0%"


def _deals(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """What was won when an account came or grew, and what is open or was lost beside it; some sign for two years."""
    yield "deal_id", "account_id", "account", "stage", "amount", "created_at", "closed_at", "probability", "term_months"
    number = 0
    for one, month in paying(company, 12):
        gained = mrr_in(one, month) - mrr_in(one, month - 1)
        if gained > 0 or (gained == 0 and chance.random() < 0.04):
            number += 1
            won = gained > 0
            closed = on(month, chance)
            open_ = not won and month > LAST - 2
            months = 24 if one.segment == "Enterprise" else 12
            amount = gained * months if won else round(mrr_in(one, month) * 0.3 * months, -1)
            stage = "Closed Won" if won else "Proposal" if open_ else "Closed Lost"
            end = closed + timedelta(days=60) if open_ else closed
            share = "100%" if won else "40%" if open_ else "0%"
            begun = min(closed, TODAY) - timedelta(days=chance.randrange(20, 70))
            yield f"D-{number:03d}", one.key, one.name, stage, amount, begun, end, share, months


def _tickets(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield (
        "Id", "Organization", "Created at", "Solved at", "Status", "Priority", "Reopens",
        "First reply time in minutes", "Full resolution time in minutes", "Group", "Replies",
        "First reply time in minutes within business hours", "Escalated",
    )  # fmt: skip
    number = 4000
    for one, month in paying(company, 6):
        bad = trouble(one, month)
        for _ in range(chance.randrange(2) + round(4 * bad)):
            number += 1
            opened = _at(month, chance)
            wait = int(chance.lognormvariate(0, 0.8) * (120 + 400 * bad)) + 3
            effort = wait + int(chance.lognormvariate(0, 0.8) * 600 * (1 + bad))
            end = opened + timedelta(minutes=effort)
            solved = end.date() <= TODAY
            replied = (opened + timedelta(minutes=wait)).date() <= TODAY
            priority = chance.choices(("Low", "Normal", "High"), (3, 6, 1 + 8 * bad))[0]
            yield (
                number, one.name, opened.isoformat(" "), end.isoformat(" ") if solved else "",
                "Solved" if solved else "Open", priority, chance.randrange(2) if bad and solved else 0,
                wait if replied else "", effort if solved else "", *_handling(number, wait, bad, replied=replied),
            )  # fmt: skip


def _handling(number: int, wait: int, bad: float, *, replied: bool) -> Row:
    """Who handled a ticket, how many replies it took, the wait while the desk was open, and whether it went further."""
    chance = random.Random(number)
    replies = chance.choices((1, 2, 3, 5), (50 - 40 * bad, 25, 15, 10))[0] if replied else 0
    further = chance.random() < 0.04 + 0.3 * bad
    return (
        chance.choice(("Billing", "Product", "Technical")), replies, int(wait * 0.4) + 1 if replied else "",
        "yes" if further else "no",
    )  # fmt: skip


def _csat(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "Respondent", "Score", "Response date"
    for one, month in paying(company, 6):
        if chance.random() < 0.5:
            score = round(4.4 - 2.5 * trouble(one, month) + chance.gauss(0, 0.7))
            yield one.key, f"user1@{domain(one)}", min(5, max(1, score)), on(month, chance)


def _nps(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "Respondent", "Score", "Response date"
    for one, month in paying(company, 6):
        if chance.random() < 0.35:
            score = round(8.6 - 5 * trouble(one, month) + chance.gauss(0, 1.3))
            yield one.key, f"user2@{domain(one)}", min(10, max(0, score)), on(month, chance)


def domain(one: Account) -> str:
    return f"{one.name.lower().replace(' ', '-')}.example"


def _events(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """Two months of actions; the users of an account in trouble come less and less."""
    yield "user_id", "account_id", "feature", "timestamp"
    for one, month in paying(company, 2):
        seats = min(_SEATS[one.segment][0], _USERS)
        for user in range(1, seats + 1):
            for _ in range(int(chance.uniform(2, 8) * (1 - 0.85 * trouble(one, month)))):
                feature = chance.choice(_FEATURES[: 2 + user % 5])
                yield f"{one.key}-u{user}", one.key, feature, _at(month, chance).isoformat(" ")


def _seats(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "account", "segment", "seats_purchased", "seats_used", "snapshot_date"
    for one, month in paying(company, 1):
        bought = chance.choice(_SEATS[one.segment])
        used = bought * (chance.uniform(0.7, 0.98) - 0.6 * trouble(one, month))
        yield one.key, one.name, one.segment, bought, max(1, round(used)), TODAY


def _onboardings(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "account", "started_at", "completed_at"
    for one in company:
        if one.since > FIRST:
            begun = first_day(one.since)
            done = begun + timedelta(days=chance.randrange(20, 95))
            yield one.key, one.name, begun, done if done <= TODAY else ""


def _milestones(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "milestone", "due", "done_at"
    for one in company:
        if not mrr_in(one, LAST):
            continue
        begun = first_day(max(one.since, LAST - 5))
        steps = ("Kickoff", "First report", "Training", "Business review")
        for milestone, after in zip(steps, (14, 45, 80, 200), strict=True):
            due = begun + timedelta(days=after)
            late = trouble(one, LAST) or chance.random() < 0.1
            done = due + timedelta(days=chance.randrange(25, 90) if late else chance.randrange(-10, 1))
            yield one.key, milestone, due, done if done <= TODAY else ""


def _goals(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "objective", "key_result", "start", "target", "current", "date", "set_on", "due"
    for one in company:
        if mrr_in(one, LAST) and one.segment != "SMB":
            start, target = 10, 10 * chance.randrange(4, 9)
            share = chance.uniform(0.5, 1.1) - 0.7 * trouble(one, LAST)
            yield (
                one.key, "Adopt in every team", "weekly users", start, target,
                max(start, round(start + (target - start) * share)), TODAY, date(2026, 7, 1), date(2026, 12, 31),
            )  # fmt: skip


def _notices(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    """Those who left gave notice before; a few others did, and stayed, one at least where nobody left."""
    yield "account_id", "notice_date", "reason", "withdrawn_on", "churn_date"
    given, last = None, next((one for one in reversed(company) if mrr_in(one, LAST)), None)
    for one in company:
        end = one.periods[-1].end
        if end is not None and end > LAST - 12:
            given = first_day(end) - timedelta(days=chance.randrange(20, 60))
            yield one.key, given, chance.choice(_REASONS), "", first_day(end) if end <= LAST else ""
        elif mrr_in(one, LAST) and (chance.random() < 0.08 or (one is last and not given)):
            given = first_day(LAST - chance.randrange(5, 9))
            yield one.key, given, chance.choice(_REASONS), given + timedelta(days=chance.randrange(5, 30)), ""


def _departures(company: Sequence[Account], chance: random.Random) -> Iterator[Row]:
    yield "account_id", "account", "churn_date", "reason", "returned_at"
    for one in company:
        for own, then in zip(one.periods, [*one.periods[1:], None], strict=True):
            if own.end is None or own.end > LAST or (then and then.start == own.end):
                continue
            back = first_day(then.start) if then else ""
            yield one.key, one.name, first_day(own.end), chance.choice(_REASONS), back


MAKERS: Mapping[str, Maker] = {
    "accounts": account_rows,
    "ledger": lambda company, _: ledger_rows([period for one in company for period in one.periods]),
    "renewals": _renewals,
    "deals": _deals,
    "tickets": _tickets,
    "csat": _csat,
    "nps": _nps,
    "events": _events,
    "seats": _seats,
    "onboardings": _onboardings,
    "milestones": _milestones,
    "goals": _goals,
    "notices": _notices,
    "departures": _departures,
}
FILES: Mapping[str, str] = {"health.yaml": HEALTH, "plays.yaml": PLAYS, "targets.yaml": TARGETS, "cstool.yaml": CONFIG}
