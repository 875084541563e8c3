"""What a card shows of an entry, and where."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import TERM, Run

Write = Callable[..., str]


def test_what_the_command_does_stands_after_all_that_is_said_of_the_concept(cstool: Run, write: Write) -> None:
    own = write("own.yaml", TERM + "  note: Zebras are rare.\n  computed: Counted by hand.\n")
    lines = cstool("lookup", "zebra call", "--glossary", own).out.splitlines()
    labels = [line.split("  ")[1].strip() for line in lines if line.startswith("  ") and line[2] != " "]
    assert labels[-2:] == ["In cstool", "Sources"]
    assert cstool("lookup", "zebra call", "-f", "json", "--glossary", own).json["matches"][0]["computed"]
    assert "Zebra Call" in cstool("search", "counted by hand", "--glossary", own).out


def test_a_card_names_at_most_eight_related_terms_and_its_broader_term_once(cstool: Run, write: Write) -> None:
    others = "churn, renewal, logo, seat, upsell, cross-sell, discount, subscription, promoter, passive"
    own = write("own.yaml", TERM + f"  broader: churn\n  related: [{others}]\n")
    out = cstool("lookup", "zebra call", "--glossary", own).out
    assert out.count("Churn") == 1
    assert "Promoter" in out
    assert "Passive" not in out
