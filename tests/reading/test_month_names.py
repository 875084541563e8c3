"""Months and days named in other languages: each name has one meaning, or the column is refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from cstool.errors import InputError
from cstool.model import month_names
from cstool.model.reading import Column, Kind
from tests.conftest import Run
from tests.reading.reader import column, one_column, read

ACCOUNT = Column("account", "account", "id")
KNOWN = frozenset({"account", "value"})
YEAR = 2026 * 12
# As Excel prints a year of months: its MMM in each language.
PRINTED = {
    "German": "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "German with points": "Jän. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "French": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Spanish": "ene feb mar abr may jun jul ago sep oct nov dic",
    "Italian": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Dutch": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "Portuguese": "jan fev mar abr mai jun jul ago set out nov dez",
    "English with Sept": "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec",
    "English with points": "Jan. Feb. Mar. Apr. May Jun. Jul. Aug. Sept. Oct. Nov. Dec.",
    "French without accents": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "German in capitals": "JANUAR FEBRUAR MÄRZ APRIL MAI JUNI JULI AUGUST SEPTEMBER OKTOBER NOVEMBER DEZEMBER",
    "Spanish in full": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}


def values(write: Callable[..., str], kind: Kind, cells: Sequence[str]) -> list[object]:
    file = write("a.csv", one_column(cells))
    return [row[1] for row in read(file, [ACCOUNT, column(kind)], known=KNOWN).rows]


def test_no_name_is_another_month_in_another_language() -> None:
    for one in month_names.by_language().values():
        for other in month_names.by_language().values():
            assert {one[name] for name in one.keys() & other.keys()} <= set(range(1, 13))
            assert all(one[name] == other[name] for name in one.keys() & other.keys())


def test_every_language_names_all_months() -> None:
    assert all(set(names.values()) == set(range(1, 13)) for names in month_names.by_language().values())
    assert max(map(len, month_names.months())) == month_names.LONGEST


@pytest.mark.parametrize("language", PRINTED)
@pytest.mark.parametrize("form", ["{} 2026", "{}-26", "{}/2026", "2026 {}"])
def test_a_year_of_months_is_read_in_any_language(language: str, form: str, write: Callable[..., str]) -> None:
    cells = [form.format(name) for name in PRINTED[language].split()]
    assert values(write, "month", cells) == list(range(YEAR, YEAR + 12))


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["31. Januar 2026", "1. März 2026"], ["2026-01-31", "2026-03-01"]),
        (["31. Dez. 25", "1. Mai 26"], ["2025-12-31", "2026-05-01"]),
        (["1er février 2026", "28 févr. 2026"], ["2026-02-01", "2026-02-28"]),
        (["31 de enero de 2026", "1 de septiembre de 2026"], ["2026-01-31", "2026-09-01"]),
        (["31-dic-2026", "01-ago-2026"], ["2026-12-31", "2026-08-01"]),
        (["05/mrt/2026", "06/okt/2026"], ["2026-03-05", "2026-10-06"]),
        (["Sept. 5, 2026", "Oct 31, 2026"], ["2026-09-05", "2026-10-31"]),
        (["01JAN2026", "15DEC2026"], ["2026-01-01", "2026-12-15"]),
        (["3. Mai 2026 14:30", "31. Mai 2026 08:05:10"], ["2026-05-03", "2026-05-31"]),
    ],
)
def test_days_are_read_in_any_language(cells: list[str], days: list[str], write: Callable[..., str]) -> None:
    assert list(map(str, values(write, "date", cells))) == days


def test_a_name_far_down_the_column_is_read_as_well(write: Callable[..., str]) -> None:
    cells = ["Jan 2026"] * 150 + ["Dez 2026"]
    assert values(write, "month", cells) == [YEAR] * 150 + [YEAR + 11]


@pytest.mark.parametrize(
    ("kind", "cells", "bad"),
    [
        ("month", ["mai 2026", "jui 2026"], "jui 2026"),  # juin or juillet
        ("month", ["Mai 2026", "Mrx 2026"], "Mrx 2026"),
        ("date", ["1. März 2026", "31. April 2026"], "31. April 2026"),
        ("date", ["Januar 2026", "März 2026"], "Januar 2026"),  # no day
    ],
)
def test_what_is_no_month_is_refused_by_its_place(
    kind: Kind, cells: Sequence[str], bad: str, write: Callable[..., str]
) -> None:
    with pytest.raises(InputError) as error:
        values(write, kind, cells)
    message = "\n".join(error.value.lines())
    assert f"{cells.index(bad) + 2} (row {cells.index(bad) + 1}): value is '{bad}'" in message


def test_a_ledger_of_german_months_on_the_command_line(write: Callable[..., str], cstool: Run) -> None:
    file = write("a.csv", "account;month;mrr\nA;März 2026;100,00\nA;April 2026;80,00\n")
    assert cstool("calc", "nrr", file, "--window", "1m", "-f", "value").out == "0.8\n"
