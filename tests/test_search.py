"""`cstool search`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

LONG = (
    "The beam of a ship is its width at the widest point, and a vessel with much of it lies quietly in a swell while a"
    " narrow one rolls; the keel below it keeps the mast upright when gusts arrive, whatever the crew does about it."
)
HARBOUR = f"""\
- id: anchor
  term: Anchor
  synonyms: [Iron Hook]
  category: gear
  definition: heavy iron that holds a ship to the ground
  note: Sailors drop it in the harbour. A storm may drag it.
  sources: [own]
- id: beam
  term: Beam
  category: hull
  definition: greatest width of a hull
  note: {LONG}
  sources: [own]
- id: harbour
  term: Harbour
  category: place
  definition: sheltered water in which ships lie
  example: The storm passed the harbour by.
  sources: [own]
- id: harbour-master
  term: Harbour Master
  acronyms: [HM]
  category: people
  definition: person who says where everybody lies
  variants:
    - label: elected
      text: chosen by those who moor there
  sources: [own]
- id: ship-old
  term: Old Ship
  category: relics
  definition: ship in a storm in a harbour
  sources: [own]
  retired: anchor
"""
DIFFERENCES = """\
- between: [anchor, beam]
  summary: One is forged by a blacksmith, the other laid down by a shipwright.
  aspects:
    - aspect: made by
      values: {anchor: smith, beam: wright}
  use: Each where it belongs.
  sources: [own]
"""


@pytest.fixture
def harbour(write: Callable[..., str]) -> str:
    """A whole glossary of a few entries."""
    write("harbour/sources.yaml", "- id: own\n  title: Own words\n  kind: own\n")
    write("harbour/differences.yaml", DIFFERENCES)
    return str(Path(write("harbour/terms/harbour.yaml", HARBOUR)).parents[1])


@pytest.fixture
def found(cstool: Run, harbour: str) -> Callable[..., list[dict[str, Any]]]:
    def found_(*words: str) -> list[dict[str, Any]]:
        ran = cstool("search", "-f", "json", "--glossary", harbour, *words)
        hits: list[dict[str, Any]] = ran.json
        assert ran.code == (0 if hits else 1)
        return hits

    return found_


Hits = Callable[..., list[dict[str, Any]]]


def ids(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["id"] for hit in hits]


def test_all_words_must_occur_in_whatever_field(found: Hits) -> None:
    assert set(ids(found("storm"))) == {"anchor", "harbour"}
    assert ids(found("storm", "iron")) == ["anchor"]
    assert found("storm", "elected") == []


def test_entries_out_of_use_are_not_found(found: Hits) -> None:
    assert "ship-old" not in ids(found("ship"))


@pytest.mark.parametrize(
    ("word", "id_", "field"),
    [
        ("hook", "anchor", "synonym"),
        ("hm", "harbour-master", "acronym"),
        ("ground", "anchor", "definition"),
        ("sailor", "anchor", "note"),
        ("passed", "harbour", "example"),
        ("elected", "harbour-master", "variant"),
        ("master", "harbour-master", "term"),
    ],
)
def test_every_text_of_an_entry_is_searched_and_named(found: Hits, word: str, id_: str, field: str) -> None:
    assert [(hit["id"], hit["field"]) for hit in found(word)] == [(id_, field)]


def test_a_differences_summary_is_found_under_each_of_its_terms(found: Hits) -> None:
    hits = found("blacksmith")
    assert [(hit["id"], hit["field"]) for hit in hits] == [("anchor", "difference"), ("beam", "difference")]


def test_plurals_capitals_and_punctuation_make_no_difference(found: Hits) -> None:
    assert ids(found("SAILOR")) == ids(found("sailors")) == ids(found("sailors'")) == ["anchor"]


def test_several_words_in_quotes_are_a_phrase(found: Hits) -> None:
    assert ids(found("heavy iron")) == ["anchor"]
    assert found("iron heavy") == []
    assert ids(found("iron", "heavy")) == ["anchor"]
    assert ids(found('storm "drop it" anchor')) == ["anchor"]
    assert found('storm "it drop" anchor') == []


def test_a_phrase_that_is_nowhere_is_told_from_words_that_are_nowhere(cstool: Run, harbour: str) -> None:
    phrase = cstool("search", "iron heavy", "--glossary", harbour)
    assert (phrase.code, phrase.out) == (1, "")
    assert "without the quotes: 1 entry" in phrase.err
    words = cstool("search", "iron", "gondola", "--glossary", harbour)
    assert (words.code, words.out) == (1, "")
    assert "iron gondola" in words.err
    assert "cstool lookup" in words.err


def test_a_name_comes_before_a_mention_and_the_whole_name_first(found: Hits) -> None:
    assert ids(found("harbour")) == ["harbour", "harbour-master", "anchor"]
    scores = [hit["score"] for hit in found("harbour")]
    assert scores == sorted(scores, reverse=True)


def test_a_word_is_found_at_the_beginning_of_another_from_four_letters(found: Hits) -> None:
    assert ids(found("blac")) == ["anchor", "beam"]
    assert found("bla") == []
    assert found("smith") == []


def test_the_word_itself_counts_for_more_than_words_that_begin_with_it(found: Hits) -> None:
    whole, beginning = found("blacksmith")[0], found("black")[0]
    assert whole["score"] > beginning["score"]


def test_words_that_say_nothing_need_not_occur_unless_alone(found: Hits) -> None:
    assert ids(found("what", "is", "the", "iron", "for")) == ids(found("iron"))
    assert "harbour" in ids(found("the"))


def test_a_short_sentence_is_shown_whole(found: Hits) -> None:
    assert found("drag")[0]["snippet"] == "A storm may drag it."


@pytest.mark.parametrize("word", ["widest", "vessel", "narrow", "keel", "gusts", "crew"])
def test_a_long_sentence_is_cut_between_words_around_what_was_found(found: Hits, word: str) -> None:
    (hit,) = found(word)
    shown = hit["snippet"].strip("…")
    assert word in shown
    assert 60 < len(shown) <= 100
    assert re.search(rf"(?<!\w){re.escape(shown)}(?!\w)", LONG)


def test_where_a_sentence_is_cut_is_shown(found: Hits) -> None:
    (hit,) = found("keel")
    assert hit["snippet"].startswith("…")
    assert hit["snippet"].endswith("…")
    assert " keel " in hit["snippet"]


def test_a_name_is_shown_with_what_it_means(found: Hits) -> None:
    assert found("anchor")[0]["snippet"] == "heavy iron that holds a ship to the ground"
    assert found("hook")[0]["snippet"] == "Iron Hook: heavy iron that holds a ship to the ground"


def test_people_see_the_best_and_are_told_of_the_rest(cstool: Run, harbour: str) -> None:
    ran = cstool("search", "harbour", "--limit", "1", "--glossary", harbour)
    assert [line.split() for line in ran.out.splitlines()] == [
        ["term", "text"],
        ["Harbour", "sheltered", "water", "in", "which", "ships", "lie"],
    ]
    assert "1 of 3 entries" in ran.err
    assert cstool("search", "harbour", "--limit", "1", "-q", "--glossary", harbour).err == ""
    assert cstool("search", "harbour", "--limit", "3", "--glossary", harbour).err == ""


def test_ten_entries_are_shown_unless_more_are_asked_for(cstool: Run) -> None:
    assert len(cstool("search", "customer", "-f", "value").out.splitlines()) == 10
    assert len(cstool("search", "customer", "-f", "value", "--limit", "25").out.splitlines()) == 25


def test_every_format_carries_the_same_hits(cstool: Run, harbour: str) -> None:
    def out(form: str) -> list[str]:
        return cstool("search", "storm", "-f", form, "--glossary", harbour).out.splitlines()

    assert out("value") == ["Anchor", "Harbour"]
    assert out("csv")[0] == "id,term,score,field,snippet"
    assert [line.split(",")[0] for line in out("csv")[1:]] == ["anchor", "harbour"]
    assert [line.split("\t")[1] for line in out("tsv")[1:]] == ["Anchor", "Harbour"]
    assert [json.loads(line)["id"] for line in out("jsonl")] == ["anchor", "harbour"]
    assert out("md")[2:] == [
        "| Anchor | A storm may drag it. |",
        "| Harbour | The storm passed the harbour by. |",
    ]


def test_nothing_found_is_an_empty_list_for_programs(cstool: Run, harbour: str) -> None:
    ran = cstool("search", "gondola", "-f", "json", "--glossary", harbour)
    assert (ran.code, ran.json) == (1, [])
    assert cstool("search", "gondola", "-f", "csv", "--glossary", harbour).out == ""


@pytest.mark.parametrize("words", [[], [""], ["?!"], ["--limit", "0", "storm"]])
def test_a_search_without_a_word_or_a_result_is_a_wrong_command_line(cstool: Run, words: list[str]) -> None:
    ran = cstool("search", *words)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


def test_a_search_loads_neither_an_engine_nor_a_matcher_nor_for_programs_a_table(cstool: Run) -> None:
    ran = cstool("search", "churn", "-f", "json", "-q", env={"PYTHONPROFILEIMPORTTIME": "1"})
    loaded = {line.rsplit("|", 1)[1].strip() for line in ran.err.splitlines() if line.startswith("import time:")}
    assert "cstool.glossary.find.searching" in loaded
    assert loaded & {"duckdb", "rapidfuzz", "rich", "sqlglot"} == set()


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        (["churn"], "churn"),
        (["nrr"], "net-revenue-retention"),
        (["health", "score"], "health-score"),
        (["same", "customers", "pay"], "net-revenue-retention"),
        (["unpaid", "invoices"], "days-sales-outstanding"),
        (["first value", "time"], "time-to-first-value"),
        (["survey", "response", "rate"], "response-rate"),
    ],
)
def test_in_the_shipped_glossary_the_entry_meant_comes_first(cstool: Run, words: list[str], id_: str) -> None:
    assert cstool("search", "-f", "json", *words).json[0]["id"] == id_
