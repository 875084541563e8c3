"""What a card shows of an entry, and where."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import TERM, Run

Write = Callable[..., str]


def test_what_the_command_does_stands_after_all_that_is_said_of_the_concept(cstool: Run, write: Write) -> None:
    own = write("own.yaml", TERM + "  note: Zebras are rare.\n  computed: Counted by hand.\n")
    lines = cstool("lookup", "zebra call", "--full", "--glossary", own).out.splitlines()
    labels = [line.split("  ")[1].strip() for line in lines if line.startswith("  ") and line[2] != " "]
    assert labels[-2:] == ["In cstool", "Sources"]
    assert cstool("lookup", "zebra call", "-f", "json", "--glossary", own).json["matches"][0]["computed"]
    assert "Zebra Call" in cstool("search", "counted by hand", "--glossary", own).out


def test_a_card_names_at_most_eight_related_terms_and_its_broader_term_once(cstool: Run, write: Write) -> None:
    others = "churn, renewal, logo, seat, upsell, cross-sell, discount, subscription, promoter, passive"
    own = write("own.yaml", TERM + f"  broader: churn\n  related: [{others}]\n")
    out = cstool("lookup", "zebra call", "--full", "--glossary", own).out
    assert out.count("Churn") == 1
    assert "Promoter" in out
    assert "Passive" not in out


def test_a_card_fits_a_screen_of_80_by_24_and_names_the_way_to_the_rest(cstool: Run) -> None:
    for name in ("nrr", "grr", "logo churn", "customer success", "csat"):
        lines = cstool("lookup", name).out.splitlines()
        labels = [line[2:].split("  ")[0] for line in lines if line.startswith("  ") and line[2] != " "][1:]
        assert set(labels) <= {"Formula", "Example", "Note", "Benchmarks", "More"}
        assert labels[-1] == "More"
        width = 78 - max(len(label) for label in labels) - 2
        assert sum(1 + len(line) // width for line in lines) <= 24


def test_a_formula_is_in_words_on_the_card_and_in_sql_under_metrics(cstool: Run) -> None:
    assert "(starting MRR - contraction MRR - churned MRR) / starting MRR" in cstool("lookup", "grr").out
    assert "net burn / net new ARR" in cstool("lookup", "burn multiple").out
    assert "(starting - contraction - churned) / starting" in cstool("metrics", "grr").out
    assert cstool("lookup", "grr", "-f", "json").json["matches"][0]["metric"]["formula"].startswith("(starting - ")


def test_the_whole_card_computes_the_readers_own_file(cstool: Run) -> None:
    assert "cstool calc nrr YOURFILE.csv\n" in cstool("lookup", "nrr", "--full").out
    assert (
        "cstool calc health-score YOURFILE.csv --config health.yaml\n" in cstool("lookup", "health score", "--full").out
    )


def test_sources_stand_on_cards_by_title_and_in_a_list_with_their_address(cstool: Run) -> None:
    assert "Totango glossary" in cstool("lookup", "nrr", "--full").out
    (record,) = cstool("glossary", "sources", "versus", "-f", "json").json
    assert record["address"] == "https://www.totango.com/learn/glossary/"
    assert {"id", "title", "publisher", "year", "address"} <= record.keys()
    assert len(cstool("glossary", "sources", "-f", "json").json) > 20
    missing = cstool("glossary", "sources", "nowhere")
    assert (missing.code, missing.out) == (1, "")
    assert "no source is called 'nowhere'" in missing.err


def test_no_backticks_and_no_codes_of_sources_on_a_card(cstool: Run, write: Write) -> None:
    own = write("own.yaml", TERM + "  note: Source `versus` differs. Ask for `nrr`.\n")
    assert "Note  The Totango glossary differs. Ask for nrr." in cstool("lookup", "zebra call", "--glossary", own).out


def test_a_page_for_a_wiki_holds_no_commands(cstool: Run) -> None:
    page = cstool("lookup", "nrr", "-f", "md").out
    assert "- **Other definitions:** " in page
    assert "- **Sources:** " in page
    assert "cstool calc" not in page
    assert "cstool diff" not in page
