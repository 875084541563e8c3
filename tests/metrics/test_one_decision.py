"""`columns` and `calc` take a file for the same thing, and agree on what can be computed from it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cstool.compute.recognize.inspection import Understood, understood
from cstool.compute.recognize.recognition import Wish, recognise
from cstool.compute.recognize.shapes import findable
from cstool.errors import CstoolError, InputError
from cstool.ingest.source.table import open_table
from cstool.model.reading import Reading
from cstool.samples import sample_csv
from tests.metrics.computing import book, calc, rows, table, value

SHAPES = sorted(
    {*book().glossary.shapes} - {"churn-flags", "customer-counts", "customers", "mrr-deltas", "mrr-series", "signals"}
)


def inspected(data: str) -> tuple[Understood, dict[str, str]]:
    """What `columns` says of a file, and by metric the shape that `calc` takes it for."""
    glossary = book().glossary
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        path.write_text(data, encoding="utf-8")
        opened = open_table(str(path), findable(glossary), Path(folder), Reading())
        taken = {}
        for one in book().catalogue():
            try:
                taken[one.name] = recognise(glossary, opened, one.of, Wish({}, metrics=[one.name])).shape.shape
            except CstoolError:
                continue
        return understood(glossary, opened, {}), taken


def signed() -> Iterator[tuple[str, str]]:
    """A file for each preset with a signature: its headers, what its type requires, and cells that fit them."""
    cells = {"date": "2026-01-05", "time": "2026-01-05", "amount": "10.00", "count": "1", "interval": "month"}
    roles = book().glossary.roles
    for preset in book().glossary.presets.values():
        if preset.signature:
            headers = {
                mapped.header: cells.get(mapped.role, cells.get(roles[mapped.role].kind, "x"))
                for mapped in preset.roles
            }
            named = {mapped.role for mapped in preset.roles}
            required = set(book().glossary.shapes[preset.shape].required) - named
            headers |= {role: cells.get(roles[role].kind, "9") for role in sorted(required)}
            row = {header: headers.get(header, "x") for header in dict.fromkeys([*preset.signature, *headers])}
            yield preset.preset, table(",".join(row), [tuple(row.values())])


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sample_is_taken_for_what_it_is_and_all_that_is_called_computable_takes_it_so(shape: str) -> None:
    found, taken = inspected("".join(sample_csv(shape, 6)))
    assert found.shape == shape
    assert set(found.metrics) <= set(taken)
    assert not set(found.metrics) & set(found.missing)
    own = {one.name for one in book().catalogue() if shape in {other.shape for other in one.shapes} and not one.given}
    assert {taken[name] for name in own & set(found.metrics)} <= {shape}


@pytest.mark.parametrize(("preset", "data"), list(signed()), ids=[name for name, _ in signed()])
def test_an_export_is_recognised_by_its_headers_and_named(preset: str, data: str) -> None:
    found, _ = inspected(data)
    known = book().glossary.presets[preset]
    assert found.shape == known.shape
    assert any(f"--preset {preset}" in note for note in found.notes)
    assert found.roles.items() <= {mapped.role: mapped.header for mapped in known.roles}.items() | found.roles.items()


# Everyday exports, a few rows each: the type that `columns` names and calc takes, and a metric that it gives.
EXPORTS = [
    ("subscriptions", "mrr", "customer,start_date,Termination Date,mrr,status", ("a", "2025-01-10", "", 100, "active")),
    (
        "subscriptions",
        "mrr",
        "Customer,Start Date (UTC),Plan Amount,Interval,Quantity,Status",
        ("a", "2025-01-10", 10, "month", 3, "active"),
    ),
    (
        "subscriptions",
        "nrr",
        "client,subscribed_on,canceled_at,monthly fee,is_trial",
        ("a", "2025-01-10", "", 100, "no"),
    ),
    ("customers", "logo-churn", "customer,start date,end date", ("a", "2025-01-10", "2025-06-01")),
    ("churn-flags", "logo-churn", "customer,churned,active at start", ("a", "no", "yes")),
    (
        "invoices",
        "mrr",
        "Invoice Number,Bill To,Invoice Date,Line Total,Invoice Status",
        (1, "a", "2025-01-10", 10, "paid"),
    ),
    ("invoices", "mrr", "Customer,Date,Transaction Type,Amount", ("a", "2025-01-10", "Invoice", 10)),
    ("wide", "nrr", "Account,Jan 2025,Feb 2025,Mrz 2025", ("a", 10, "", 12)),
    ("ledger", "mrr", "account,month,ARR (USD)", ("a", "2025-01", 1200)),
    ("mrr-series", "mom", "month,mrr", ("2025-01", 1200)),
    ("movements", "nrr", "Month starting,MRR at start,New MRR,Churned MRR", ("2025-01-01", 100, 5, 4)),
    ("mrr-deltas", "mrr", "customer,change date,mrr change,change type", ("a", "2025-01-10", 10, "new")),
    (
        "responses",
        "nps",
        "Respondent ID,Date,How likely are you to recommend us?",
        (1, "2025-01-10", "Extremely likely - 10"),
    ),
    ("tickets", "time-to-resolution", "Issue key,Created,Resolved", ("S-1", "2025-01-10", "2025-01-11")),
    (
        "deals",
        "win-rate",
        "Deal ID,Deal Stage,Amount,Create Date,Close Date",
        (1, "Closed Won", 10, "2025-01-10", "2025-02-01"),
    ),
]


@pytest.mark.parametrize(("shape", "metric", "header", "row"), EXPORTS, ids=[f"{one[0]}: {one[2]}" for one in EXPORTS])
def test_columns_and_calc_agree_on_everyday_exports(
    shape: str, metric: str, header: str, row: tuple[object, ...]
) -> None:
    found, taken = inspected(table(header, [row]))
    assert found.shape == shape
    assert metric in found.metrics
    assert taken[metric] == shape
    assert set(found.metrics) <= set(taken)
    assert not set(found.metrics) & set(found.missing)


def test_what_calc_refuses_columns_does_not_call_computable() -> None:
    data = table("customer_id,created_at,price", [("a", "2026-01-05", 10), ("b", "2026-02-05", 20)])
    with pytest.raises(InputError, match="may be") as refused:
        calc(data, "mrr", shape=None)
    assert "--shape subscriptions" in refused.value.hint
    assert "--shape invoices" in refused.value.hint
    found, _ = inspected(data)
    assert "mrr" not in found.metrics
    assert "mrr" in found.missing


def test_a_type_that_asks_for_little_is_not_taken_where_the_file_is_clearly_another() -> None:
    deals = table(
        "Deal ID,Deal Stage,Amount,Create Date,Close Date,Owner",
        [(1, "Closed Won", 100, "2026-01-01", "2026-02-01", "Ana")],
    )
    with pytest.raises(InputError, match="is read as deals, which do not give ticket-volume") as refused:
        calc(deals, "ticket-volume")
    assert "--shape tickets" in refused.value.hint


def test_a_mapped_role_without_use_is_refused() -> None:
    data = table("account,month,mrr,note", [("a", "2026-01", 10, "x")])
    with pytest.raises(CstoolError, match="--map stage: ledger has no use for it") as refused:
        calc(data, "mrr", mapping={"stage": "note"})
    assert refused.value.hint


# Ends


ENDED = [("a", "2025-01-10", "2026-01-20", 100), ("b", "2025-02-10", "", 50)]


@pytest.mark.parametrize(
    "header",
    "canceled_date|Termination Date|Expiration Date|expiry_date|end_dt|cancel_at|churned_date|Effective End Date"
    "|End of Term|Service End|Closed On|Deactivated|Inactive Date|Recurring revenue inactive date|Expires|Lost Date"
    "|Offboarded|Cancelled|Date Canceled|Discontinued on|terminatedAt|EndDate|Vertragsende|service_stop_date"
    "|Subscription Expiry Day|left_on".split("|"),
)
def test_a_header_that_means_an_end_is_used(header: str) -> None:
    assert value(table(f"customer,start_date,{header},mrr", ENDED), "mrr", as_of="2026-02") == 50


@pytest.mark.parametrize("header", ["Renewal Date", "Offline since day", "Decision"])
def test_later_days_that_no_role_takes_are_refused_until_they_are_settled(header: str) -> None:
    data = table(f"customer,start_date,{header},mrr", ENDED)
    with pytest.raises(InputError, match="holds dates later than start_date") as refused:
        calc(data, "mrr", as_of="2026-02")
    assert f'--map end_date="{header}"' in refused.value.hint
    assert value(data, "mrr", as_of="2026-02", mapping={"end_date": header}) == 50
    assert value(data, "mrr", as_of="2026-02", mapping={"end_date": "none"}) == 150


@pytest.mark.parametrize(
    "header",
    ["updated_at", "Last Modified", "Current Period End", "next_invoice", "Trial End", "created", "Last Login"],
)
def test_a_header_known_to_mean_something_else_is_no_end(header: str) -> None:
    later = [("a", "2025-01-10", "2025-01-20", 100), ("b", "2025-02-10", "2025-02-20", 50)]
    assert value(table(f"customer,start_date,{header},mrr", later), "mrr", as_of="2026-02") == 150


def test_an_agreed_end_beside_one_that_happened_is_not_taken() -> None:
    dates = ("2025-01-10", "2026-01-09", "2025-11-02")
    data = table(
        "customer,start_date,Contract End Date,Cancelled At,mrr",
        [("a", *dates, 100), ("b", "2025-01-09", "2026-01-09", "", 40)],
    )
    result = calc(data, "mrr", every="month")
    assert rows(result)[-2:] == [("2025-10", 140), ("2025-11", 40)]
    assert any("Cancelled At is taken as the end" in note for note in result.notes)


# Statuses and trials


@pytest.mark.parametrize("word", ["incomplete_expired", "Incomplete", "draft", "pending", "future", "trialing"])
def test_a_subscription_that_never_ran_does_not_count_and_is_named(word: str) -> None:
    data = table("customer,start_date,mrr,status", [("a", "2026-01-05", 100, "active"), ("b", "2026-01-06", 50, word)])
    result = calc(data, "mrr")
    assert rows(result, "mrr") == [(100,)]
    assert any("left out" in note for note in result.notes)


@pytest.mark.parametrize("word", ["paused", "past_due", "On Hold", "unpaid"])
def test_what_stands_still_counts_and_is_named(word: str) -> None:
    data = table("customer,start_date,mrr,status", [("a", "2026-01-05", 100, "active"), ("b", "2026-01-06", 50, word)])
    result = calc(data, "mrr")
    assert rows(result, "mrr") == [(150,)]
    assert any(f"'{word}'" in note and "--where" in note for note in result.notes)


@pytest.mark.parametrize("header", ["is_trial", "On Trial", "trial", "Free Trial?"])
def test_a_trial_by_flag_is_left_out(header: str) -> None:
    data = table(f"customer,start_date,mrr,{header}", [("a", "2026-01-05", 100, "no"), ("b", "2026-01-06", 50, "yes")])
    assert value(data, "mrr") == 100


@pytest.mark.parametrize("word", ["void", "Voided", "draft", "uncollectible", "failed", "Refunded", "canceled"])
def test_an_invoice_that_brought_no_money_does_not_count_and_is_named(word: str) -> None:
    data = table(
        "Invoice,Customer,Date,Amount,Status", [(1, "a", "2026-01-05", 100, "open"), (2, "b", "2026-01-06", 50, word)]
    )
    result = calc(data, "mrr")
    assert rows(result, "mrr") == [(100,)]
    assert any(word in note for note in result.notes)


def test_refunds_are_taken_off() -> None:
    data = table(
        "customer,invoice date,amount,amount refunded,status",
        [("a", "2026-01-05", 100, 30, "partially_refunded"), ("b", "2026-01-05", 50, 0, "paid")],
    )
    assert value(data, "mrr") == 120


def test_a_column_with_words_of_a_status_is_not_ignored() -> None:
    data = table(
        "customer,invoice date,amount,outcome", [("a", "2026-01-05", 100, "paid"), ("b", "2026-01-06", 9, "void")]
    )
    with pytest.raises(InputError, match="outcome says 'void'") as refused:
        calc(data, "mrr")
    assert "--map payment_status=none" in refused.value.hint
    assert value(data, "mrr", mapping={"payment_status": "outcome"}) == 100


# Amounts, units and intervals


@pytest.mark.parametrize(
    ("interval", "mrr"),
    [
        ("every 3 months", 100),
        ("3 months", 100),
        ("P3M", 100),
        ("quarterly", 100),
        ("Every 6 Months", 50),
        ("per year", 25),
    ],
)
def test_an_interval_in_words_is_read(interval: str, mrr: int) -> None:
    assert value(table("customer,start_date,amount,interval", [("a", "2026-01-05", 300, interval)]), "mrr") == mrr


@pytest.mark.parametrize(
    "header", ["interval,interval_count", "billing_period_unit,billing_period", "plan_interval,plan_interval_count"]
)
def test_three_hundred_each_three_months_is_a_hundred_a_month(header: str) -> None:
    assert value(table(f"customer,start_date,amount,{header}", [("a", "2026-01-05", 300, "month", 3)]), "mrr") == 100


@pytest.mark.parametrize("header", ["quantity", "seat_count", "Number of seats", "plan_quantity", "license count"])
def test_a_price_of_one_is_multiplied_and_a_line_amount_is_not(header: str) -> None:
    row = [("a", "2026-01-05", 10, "month", 5)]
    assert value(table(f"customer,start_date,unit price,interval,{header}", row), "mrr") == 50
    assert value(table(f"customer,start_date,Total amount,interval,{header}", row), "mrr") == 10
    assert value(table(f"customer,start_date,mrr,plan,{header}", row), "mrr") == 10


def test_an_invoice_lines_unit_price_is_multiplied_by_its_quantity() -> None:
    lines = [("a", "2026-01-05", 10, 5), ("b", "2026-01-06", 7, 1)]
    assert value(table("Customer,Invoice Date,Unit Price,Qty", lines), "mrr") == 57
    assert value(table("Customer,Invoice Date,Line Total,Qty", lines), "mrr") == 17


def test_a_yearly_invoice_runs_a_year_and_a_late_one_continues_it() -> None:
    data = table(
        "customer,invoice date,amount,interval",
        [("a", "2024-03-10", 1200, "year"), ("a", "2025-04-05", 1200, "year"), ("b", "2025-03-01", 10, "month")],
    )
    result = calc(data, "mrr", every="month", as_of="2025-04")
    assert rows(result)[-3:] == [("2025-02", 100), ("2025-03", 110), ("2025-04", 100)]
    assert any("1 invoice continues" in note for note in result.notes)


@pytest.mark.parametrize(
    "header", ["customer,month,arr", "customer,month,Annual Recurring Revenue", "customer,month,ARR (USD)"]
)
def test_arr_in_the_place_of_mrr_is_divided_by_twelve_and_named(header: str) -> None:
    result = calc(table(header, [("a", "2026-01", 1200), ("b", "2026-01", 600)]), "mrr", "arr")
    assert rows(result, "mrr", "arr") == [(150, 1800)]
    assert any("divided by 12" in note for note in result.notes)


def test_starting_and_ending_arr_give_the_same_ratio() -> None:
    assert value(table("account,Starting ARR,Ending ARR", [("a", 1200, 900), ("b", 1200, 1200)]), "nrr") == 0.875


def test_cents_in_a_header_are_cents_and_named() -> None:
    result = calc(
        table("customer,month,mrr_in_cents", [("a", "2026-01", 12300)]), "mrr", mapping={"mrr": "mrr_in_cents"}
    )
    assert rows(result, "mrr") == [(123,)]
    assert any("cents" in note and "--no-cents" in note for note in result.notes)


# Hints


def test_two_keys_of_a_ticket_do_not_shut_the_file() -> None:
    data = table("Issue key,Issue id,Created,Resolved", [("S-1", 1, "2026-01-01", "2026-01-02")])
    result = calc(data, "time-to-resolution")
    assert rows(result, "time_to_resolution") == [(1440,)]


def test_of_columns_named_for_surveys_the_one_asked_for_is_taken() -> None:
    data = table("respondent,nps,csat,ces", [("a", 9, 5, 6), ("b", 6, 4, 7)])
    assert value(data, "csat") == 1
    assert value(data, "nps") == 0


def test_an_exact_name_is_proposed_first() -> None:
    data = table("period,starting_mrr,New MRR,MRR new", [("2026-01", 100, 1, 2)])
    with pytest.raises(InputError, match="2 columns could be new_mrr") as refused:
        calc(data, "new-mrr")
    assert '--map new_mrr="New MRR"' in refused.value.hint
