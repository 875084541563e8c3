"""What a status says of a row: that it never brought money, is a trial, stands still, is over, or was paid back."""

from __future__ import annotations

from cstool.backends.duck import identifier, quoted
from cstool.compute.cells.ends import other_ends
from cstool.compute.filtering import where_option
from cstool.compute.recognize.header_matching import Columns
from cstool.compute.source import Source
from cstool.errors import InputError

TRIALS = "trial trialing trialling intrial freetrial ontrial trialperiod trialactive trialstarted".split()
# Rows that never ran or brought no money.
NEVER = (
    "incomplete incompleteexpired draft pending pendingactivation future notstarted notyetstarted scheduled"
    " abandoned failed declined rejected void voided quote proposed trialexpired trialended trialcanceled expiredtrial"
    " awaitingsignup failedtocreate creationfailed pendingacceptance pendingcustomerapproval pendingapproval"
    " pendingstart pendingsignature pendingmandate pendingauthorization pendingauthorisation pendingsubmission"
    " pendingconfirmation pendingsetup customerapprovaldenied customerapprovalgranted approvaldenied awaitingapproval"
    " awaitingactivation awaitingsignature awaitingstart notactivated newlead workinglead qualifiedlead"
    " unqualifiedlead"
).split()
UNPAID_INVOICES = (
    "void voided draft uncollectible failed failure declined canceled cancelled refunded fullyrefunded deleted pending"
    " incomplete requirespaymentmethod requiresaction requiresconfirmation blocked expired writtenoff notpaid"
    " chargeback chargedback reversed rejected abandoned badbt baddebt denied ready awaitingapproval"
    " customerapprovaldenied"
).split()
# Counted, which is said: their service goes on or may go on, and vendors differ.
STANDING = "paused onhold suspended pastdue unpaid delinquent dunning overdue grace graceperiod".split()
OVER = (
    "canceled cancelled expired ended terminated churned inactive closed deleted lapsed lost stopped deactivated"
    " cancelledfromdunning canceledfromdunning formercustomer churnedcustomer"
).split()


def word_of(column: str) -> str:
    """SQL of a status as statuses are compared: in lower case, letters only."""
    bare = f"replace(lower(trim({column})), 'wc-', '')"  # as WooCommerce begins them
    for mark in (" ", "_", "-", "."):
        bare = f"replace({bare}, {quoted(mark)}, '')"
    return bare


def is_one_of(column: str, words: list[str]) -> str:
    """SQL of whether a status is one of some; a blank one is none."""
    return f"coalesce({word_of(column)} in ({', '.join(map(quoted, words))}), false)"


IS_TRIAL = is_one_of("status", TRIALS)
NEVER_RAN = is_one_of("status", NEVER)
# Whatever else waits for something is counted, too: one that waits for its cancellation still runs.
_WAITS = f"coalesce(regexp_matches({word_of('status')}, '^(pending|awaiting|waiting)'), false)"
STANDS_STILL = f"({is_one_of('status', STANDING)} or {_WAITS})"
IS_OVER = is_one_of("status", OVER)
# What is canceled may run until it expires.
HAS_ENDED = is_one_of("status", [word for word in OVER if not word.startswith("cancel")])


def keep_what_ran(source: Source) -> None:
    """Leaves trials and what never ran out of the subscriptions, with a note of how many; names what stands still."""
    trial = f"({IS_TRIAL} or coalesce(trial, false))"
    never = f"count(*) filter (where {NEVER_RAN} and not {trial})"
    trials, others = source.engine.row(f"select count(*) filter (where {trial}), {never} from {source.cells}")
    if trials:
        source.notes.append(f"{source.name}: {trials} trial{'s' if trials > 1 else ''} left out; a trial is not MRR")
    if others:
        _say_left_out(source, "status", NEVER_RAN, others, "never ran")
    if trials or others:
        source.replace(f"select * from {source.cells} where not {trial} and not {NEVER_RAN}", "ran")
    standing = words_in(source, "status", STANDS_STILL)
    if standing:
        source.notes.append(
            f"{source.name}: {source.roles['status']} {', '.join(standing)}: counted until an end date;"
            " --where leaves rows out"
        )


def refuse_endless(source: Source) -> None:
    """Raises InputError for subscriptions that are over by their status and have no end: they would run on for ever.

    Those with MRR 0 add nothing; counts of customers look at them on their own.
    """
    if "status" not in source.roles:
        return
    amount = next((role for role in ("mrr", "amount", "unit_price") if role in source.roles), None)
    endless = f"{IS_OVER} and not coalesce(trial, false) and end_date is null"
    endless += f" and {amount} <> 0" if amount else ""
    endless += f" and start_date <= date '{source.request.day}'" if source.request.day else ""
    count, example = source.engine.row(f"select count(*), min(account) from {source.cells} where {endless}")
    if not count:
        return
    header, words = source.roles["status"], words_in(source, "status", endless)
    shown = where_option(header, *(f"is distinct from {word}" for word in words))
    whose = (
        f"1 subscription, of {example}, is" if count == 1 else f"{count} subscriptions, of {example} and others, are"
    )
    spare = other_ends(Columns(source.glossary.roles, source.table), source.roles)
    role = "agreed_end" if spare and "end_date" in source.roles else "end_date"
    ends = f"{role}={_option(spare[0]) if spare else 'COLUMN'}"
    raise InputError(
        f"{source.name}: {whose} {' or '.join(words)} by {header} without an end date, so that no month loses"
        f" {'it' if count == 1 else 'them'}",
        hint=f"name the column of ends: --map {ends};"
        f" for what runs today leave them out: --where {shown}; --map status=none counts them as running",
        code="contradicting-cells",
    )


def _option(header: str) -> str:
    return f'"{header}"' if " " in header else header


def refuse_undated(source: Source, role: str) -> None:
    """Raises InputError where rows that count have no day: no start, or none of the invoice."""
    columns = ", ".join(map(identifier, source.roles))
    rows = source.engine.run(
        f"select {columns}, count(*) over () from {source.cells} where {role} is null order by all limit 20"
    )
    if not rows:
        return
    count, header = int(rows[0][-1]), source.roles[role]
    place = source.place([dict(zip(source.roles, row, strict=False)) for row in rows], "") or source.name
    cells = f" ({count} blank cells)" if count > 1 else ""
    raise InputError(
        f"{place}: {header} ({role}) is blank{cells}", hint="--blank skip leaves their rows out", code="bad-cells"
    )


def keep_what_was_paid(source: Source) -> None:
    """Leaves out of the invoices what brought no money, with a note of how many, and takes refunds off."""
    unpaid = is_one_of("payment_status", UNPAID_INVOICES)
    partly = is_one_of("payment_status", ["partiallyrefunded", "partialrefund", "partlyrefunded"])
    back = "refunded" in source.roles
    lost, some = source.engine.row(
        f"select count(*) filter (where {unpaid}), count(*) filter (where {partly}) from {source.cells}"
    )
    if some and not back:
        raise InputError(
            f"{source.name}: {source.roles['payment_status']} says that {some} rows were paid back in part, and no"
            " column says how much",
            hint="name the column: --map refunded=COLUMN, or leave the rows out with --where",
            code="missing-column",
        )
    if lost:
        _say_left_out(source, "payment_status", unpaid, lost, "brought no money")
        source.replace(f"select * from {source.cells} where not {unpaid}", "paid")
    if back:
        _take_refunds_off(source)


def _take_refunds_off(source: Source) -> None:
    """What was paid back comes off the amount of the whole line."""
    over, total = source.engine.row(
        f"select count(*) filter (where refunded > amount), sum(refunded) from {source.cells} where refunded > 0"
    )
    if over:
        header = source.roles.get("amount") or f"{source.roles['unit_price']} times the quantity"
        rows = "1 row" if over == 1 else f"{over} rows"
        raise InputError(
            f"{source.name}: {source.roles['refunded']} is more than {header} in {rows}",
            hint="--map refunded=none if it is not what was paid back",
            code="impossible-value",
        )
    if total:
        source.notes.append(f"{source.name}: {total.normalize():f} of {source.roles['refunded']} taken off the amounts")
        taken = "cast(amount - coalesce(refunded, 0) as decimal(38, 18)) as amount"
        source.replace(f"select * replace ({taken}) from {source.cells}", "refunds_off")


def words_in(source: Source, role: str, condition: str) -> list[str]:
    """The words of a role in the rows of a condition, in quotes, five at most."""
    if role not in source.roles:
        return []
    found = source.engine.run(f"select distinct {role} from {source.cells} where {condition} order by 1 limit 5")
    return [f"'{row[0]}'" for row in found]


def _say_left_out(source: Source, role: str, condition: str, count: int, why: str) -> None:
    words = ", ".join(words_in(source, role, condition))
    rows = "1 row" if count == 1 else f"{count} rows"
    source.notes.append(f"{source.name}: {rows} left out that {why}: {source.roles[role]} is {words}")
