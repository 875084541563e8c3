"""Words for what a row of a billing export is, compared in lower case and letters only."""

from __future__ import annotations

import re
from collections.abc import Sequence

BACK = (
    "refund refunds refundreceipt partialrefund fullrefund paymentrefund refundpayment credit credits creditmemo"
    " creditmemos creditnote creditnotes salescreditnote customercredit chargeback chargebacks dispute reversal"
    " paymentreversal accreccredit gutschrift avoir"
).split()
# Bill nothing: the money of what was billed, or what may be billed some day.
NOT_BILLED = (
    "payout payouts transfer transfers withdrawal deposit topup fee fees stripefee applicationfee networkcost"
    " estimate quote proforma proformainvoice salesorder purchase bill expense journal journalentry"
).split()
PAYMENTS = "payment payments paymentreceived customerpayment receivepayment receipt paymentreceipt overpayment".split()
INVOICES = (
    "invoice invoices taxinvoice salesinvoice customerinvoice subscriptioninvoice accrec rechnung facture".split()
)
# What statuses say of subscriptions only, or of invoices only.
_OF_SUBSCRIPTIONS = frozenset(
    "active live trial trialing intrial nonrenewing paused expired future dunning churned".split()
)
_OF_INVOICES = frozenset(
    "paid paymentdue void voided uncollectible sent overdue partiallypaid awaitingpayment succeeded refunded".split()
)
_TELLING = frozenset((*BACK, *NOT_BILLED))
_MOST_WORDS = 12  # different values that a column of types has at most


def says_types(cells: Sequence[str]) -> bool:
    """Whether the cells of a column say of some rows, but not of all, that they bill nothing or pay back."""
    words = {re.sub(r"[\W_]+", "", cell.casefold()) for cell in cells}
    if not 1 < len(words) <= _MOST_WORDS:
        return False
    return bool(words & _TELLING) or bool(words & {*PAYMENTS} and words & {*INVOICES})


def says_status(shape: str, cells: Sequence[str]) -> bool:
    """Whether the cells of a status say what only rows of a type of file can be."""
    words = {re.sub(r"[\W_]+", "", cell.casefold()) for cell in cells}
    own = {"subscriptions": _OF_SUBSCRIPTIONS, "customers": _OF_SUBSCRIPTIONS, "invoices": _OF_INVOICES}
    return bool(words & own.get(shape, frozenset()))
