"""What people type leads to the entry they mean, and nonsense to none."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from cstool.glossary.find.finding import Finder, Found
from cstool.glossary.loading import parse as load
from cstool.model.entries import Term

QUERIES = Path(__file__).parent / "queries.tsv"
KINDS = {
    *("exact", "acronym", "synonym", "plural", "typo", "spacing", "order"),
    *("paraphrase", "question", "difference", "nonsense"),
}


@dataclass(frozen=True)
class Query:
    """A line of queries.tsv: what was typed, the terms it stands for, and the sort of query it is."""

    text: str
    expected: frozenset[str]
    kind: str


@cache
def queries() -> list[Query]:
    with QUERIES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [Query(row["query"], frozenset(row["expected"].split(",")) - {"-"}, row["kind"]) for row in rows]


def meant() -> list[Query]:
    return [query for query in queries() if query.expected]


@cache
def shipped() -> Finder:
    return Finder(load())


def find(text: str) -> Found:
    return shipped().find(text)


def matched(found: Found) -> list[str]:
    return [match.term.id for match in found.matches]


def suggested(found: Found) -> list[str]:
    return [match.term.id for match in found.suggestions]


def first(found: Found, count: int) -> set[str]:
    return set([*matched(found), *suggested(found)][:count])


def told(found: Sequence[Query]) -> str:
    return "; ".join(f"{query.text!r} -> {first(find(query.text), 3) or 'nothing'}" for query in found)


# The list itself


def test_the_queries_name_entries_that_exist_and_sorts_that_are_known() -> None:
    terms = shipped().glossary.terms
    assert {query.kind.removesuffix("-held") for query in queries()} == KINDS
    assert not {id_ for query in queries() for id_ in query.expected} - terms.keys()
    assert all(bool(query.expected) != query.kind.startswith("nonsense") for query in queries())
    assert [text for text, count in Counter(query.text for query in queries()).items() if count > 1] == []


def test_the_queries_reach_into_every_category() -> None:
    terms = shipped().glossary.terms
    reached = Counter(terms[id_].category for query in queries() for id_ in query.expected)
    assert set(reached) == {term.category for term in terms.values()}
    assert min(reached.values()) >= 15


# What is meant comes first


def test_the_entry_meant_comes_first_for_99_queries_of_100() -> None:
    missed = [query for query in meant() if first(find(query.text), len(query.expected)) != query.expected]
    assert len(missed) <= len(meant()) / 100, told(missed)


def test_the_entry_meant_is_always_among_the_first_three() -> None:
    missed = [query for query in meant() if not query.expected <= first(find(query.text), 3)]
    assert not missed, told(missed)


def test_nine_queries_of_ten_are_answered_rather_than_suggested() -> None:
    answered = [query for query in meant() if set(matched(find(query.text))) == query.expected]
    assert len(answered) >= 0.9 * len(meant())


def test_no_query_is_answered_with_another_entry() -> None:
    wrong = [query for query in meant() if not set(matched(find(query.text))) <= query.expected]
    assert not wrong, told(wrong)


def test_nonsense_is_never_answered() -> None:
    answered = [query for query in queries() if not query.expected and find(query.text).matches]
    assert not answered, told(answered)


def test_answers_do_not_depend_on_the_order_of_the_files() -> None:
    glossary = shipped().glossary
    shuffled = list(glossary.terms.values())
    random.Random(7).shuffle(shuffled)
    other = Finder(glossary._replace(terms={term.id: term for term in shuffled}))
    assert [query.text for query in queries() if other.find(query.text) != find(query.text)] == []


# Exactly


def test_every_name_finds_its_term() -> None:
    for term in shipped().glossary.terms.values():
        names = (term.id, term.term, *term.all_acronyms, *term.synonyms, *term.hidden)
        for name in (*names, *(name.upper() for name in names)):
            found = shipped().find(name, exact=True)
            assert term.id in matched(found), name
            assert {match.score for match in found.matches} == {100.0}
            assert {match.how for match in found.matches} <= {"exact", "synonym", "acronym"}


@pytest.mark.parametrize(
    "text",
    [
        "net revenue retension",
        "netrevenue retention",
        "retention net revenue",
        "net rev retention",
        "what is churn",
        "nrr vs grr",
        "vp of cs",
        "chrun",
        "customer success template",
    ],
)
def test_exact_finds_only_names(text: str) -> None:
    assert shipped().find(text, exact=True) == Found(text)
    assert find(text) != Found(text)


@pytest.mark.parametrize(
    ("acronym", "terms"),
    [
        ("TAM", ["technical-account-manager", "total-addressable-market"]),
        ("acv", ["annual-contract-value", "average-contract-value"]),
    ],
)
def test_an_acronym_of_two_terms_answers_with_both(acronym: str, terms: list[str]) -> None:
    found = find(acronym)
    assert matched(found) == terms
    assert {match.how for match in found.matches} == {"acronym"}


def test_the_way_a_term_was_found_is_told() -> None:
    ways = {text: find(text).matches[0].how for text in ("net revenue retention", "net retention", "nrr")}
    assert ways == {"net revenue retention": "exact", "net retention": "synonym", "nrr": "acronym"}
    assert find("net revenue retension").matches[0].how == "fuzzy"


def test_an_acronym_is_its_own_singular() -> None:
    assert matched(find("KPIs")) == ["key-performance-indicator"]
    assert not find("cog").matches  # one letter from COGS, whose s is no plural


@pytest.mark.parametrize("text", ["nrr", "what is churn", "difference between nrr and grr", "what does qbr stand for"])
def test_an_exact_answer_loads_no_rapidfuzz(text: str) -> None:
    program = "import sys; from cstool import api; assert api.Book().find(sys.argv[1]).matches; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, text], capture_output=True, text=True, check=True, timeout=60)
    assert "rapidfuzz" not in done.stdout.split()


# Nearly


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("nnr", "net-revenue-retention"),
        ("arrr", "annual-recurring-revenue"),
        ("csta", "customer-satisfaction-score"),
        ("chrun", "churn"),
        ("upsel", "upsell"),
        ("what is chrun", "churn"),
    ],
)
def test_a_short_word_with_a_wrong_letter_is_suggested_never_answered(typed: str, term: str) -> None:
    found = find(typed)
    assert not found.matches
    assert term in suggested(found)


@pytest.mark.parametrize("typed", ["nr", "x", "zzz", "fcrt r"])
def test_what_is_near_to_nothing_suggests_nothing(typed: str) -> None:
    assert find(typed) == Found(typed)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("gross margin retention", {"gross-retention", "gross-margin"}),
        ("brun rate", {"burn-rate", "revenue-run-rate"}),
    ],
)
def test_between_two_entries_both_are_suggested_and_neither_answers(typed: str, terms: set[str]) -> None:
    found = find(typed)
    assert not found.matches
    assert terms <= set(suggested(found))


def test_a_word_that_the_glossary_knows_is_not_taken_for_a_misspelling() -> None:
    for typed in ("customer experience manager", "gross churn retention", "closing cmrr"):
        assert not find(typed).matches, typed


def test_a_wrong_first_letter_is_not_taken_for_a_slip() -> None:
    for typed in ("coverage", "massive", "wicket", "customer preference"):
        assert not find(typed).matches, typed


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("gross vhurn", "gross-churn"),
        ("cohort nalysis", "cohort-analysis"),
        ("annual contact value", "annual-contract-value"),
        ("adopshun", "adoption"),
        ("quarterly bizness review", "quarterly-business-review"),
        ("customer suc cess plan", "customer-success-plan"),
        ("netrevenueretention", "net-revenue-retention"),
        ("customr sucess maneger", "customer-success-manager"),
        ("single source of", "single-source-of-truth"),
        ("net new annual", "net-new-arr"),
    ],
)
def test_a_name_is_answered_for_a_slip_anywhere_in_it(typed: str, term: str) -> None:
    assert matched(find(typed)) == [term]


def test_names_with_one_wrong_letter_are_answered_and_never_with_another() -> None:
    chance = random.Random(11)
    typed = []
    for term in shipped().glossary.terms.values():
        name = term.term.casefold()
        at = chance.randrange(1, len(name))
        if len(name) >= 12 and name[at].isalpha():
            typed.append((term.id, name[:at] + chance.choice(["", "q", name[at] * 2]) + name[at + 1 :]))
    answers = [(id_, matched(find(text))) for id_, text in typed]
    assert [id_ for id_, ids in answers if ids and id_ not in ids] == []
    assert sum(bool(ids) for _, ids in answers) >= 0.97 * len(typed)


@pytest.mark.parametrize(
    "typed", ["butter retention", "close mat", "arm per csm", "loyalty birth", "business clash", "succession planning"]
)
def test_other_words_than_those_of_names_are_no_slips(typed: str) -> None:
    assert not find(typed).matches


def test_an_acronym_inside_a_longer_name_stands_for_its_words() -> None:
    assert matched(find("vp of cs")) == ["vp-of-customer-success"]
    assert matched(find("starting monthly recurring revenue")) == ["starting-mrr"]


def test_a_repeated_word_of_a_name_must_be_repeated() -> None:
    for typed in ("month", "months", "business", "quarters"):
        assert not find(typed).matches, typed


def test_a_near_answer_is_less_sure_than_an_exact_one() -> None:
    near = [match for query in queries() for match in find(query.text).matches if match.how == "fuzzy"]
    assert near
    assert all(90 < match.score < 100 for match in near)


def test_suggestions_come_nearest_first_and_are_not_answers() -> None:
    for query in queries():
        found = find(query.text)
        scores = [match.score for match in found.suggestions]
        assert scores == sorted(scores, reverse=True)
        assert not set(matched(found)) & set(suggested(found))


def test_equally_near_terms_come_in_order_of_name() -> None:
    def term(id_: str, name: str) -> Term:
        return Term(id=id_, term=name, category="x", definition="what is made up for this test", sources=("own",))

    terms = [term(name[0], f"Busy Street Crossing {name}") for name in ("zebra", "acorn", "mouse")]
    for order in (terms, terms[::-1]):
        finder = Finder(shipped().glossary._replace(terms={one.id: one for one in order}, differences={}))
        assert suggested(finder.find("busy street crossing")) == ["a", "m", "z"]


def test_at_most_as_many_as_asked_for_are_given() -> None:
    assert matched(shipped().find("tam", limit=1)) == ["technical-account-manager"]
    assert len(shipped().find("success", limit=2).suggestions) == 2


@pytest.mark.parametrize("text", ["", "   ", "?!", "…", "word " * 5000, "vs " * 5000, "nrr and " * 5000])
def test_what_cannot_name_a_term_finds_nothing(text: str) -> None:
    assert find(text) == Found(text)


def test_a_glossary_without_terms_finds_nothing() -> None:
    empty = Finder(shipped().glossary._replace(terms={}, differences={}))
    for text in ("nrr", "net revenue retension", "nrr vs grr"):
        assert empty.find(text) == Found(text)


# Questions


@pytest.mark.parametrize(
    "question",
    [
        "what is nrr",
        "What's NRR?",
        "what does NRR mean?",
        "what does nrr stand for",
        "how do you calculate nrr",
        "how is NRR calculated?",
        "how can we improve our nrr",
        "formula for nrr",
        "nrr formula",
        "nrr meaning",
        "define NRR",
        "what is a good nrr in saas?",
        "please explain the meaning of nrr to me",
    ],
)
def test_a_question_about_a_term_finds_it(question: str) -> None:
    assert matched(find(question))[:1] == ["net-revenue-retention"]


@pytest.mark.parametrize(
    ("question", "term"),
    [
        ("what is a cta in gainsight", "call-to-action"),
        ("gainsight health score", "health-score"),
        ("what is a playbook in customer success", "playbook"),
        ("nrr benchmark 2024", "net-revenue-retention"),
        ("is grr capped at 100%", "gross-revenue-retention"),
        ("qbr agenda", "quarterly-business-review"),
        ("average nps score for b2b saas", "net-promoter-score"),
        ("client churn rate", "logo-churn"),
        ("csat podcast", "customer-satisfaction-score"),
        ("customer testimonial", "testimonial"),
        ("pooled csm model", "pooled-model"),
        ("closing the loop on nps", "closed-loop-feedback"),
    ],
)
def test_a_term_is_found_among_words_that_name_no_other(question: str, term: str) -> None:
    assert matched(find(question)) == [term]


@pytest.mark.parametrize(
    "question",
    [
        "employee retention rate",
        "heart attack",
        "heart rate",
        "gross margin retention",
        "response rate to chemotherapy",
    ],
)
def test_words_around_a_name_that_change_what_it_means_are_not_left_out(question: str) -> None:
    assert not find(question).matches


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("how many customers should a csm have", "csm-ratio"),
        ("how many accounts can one csm manage", "csm-ratio"),
        ("how to run a qbr with an exec sponsor", "quarterly-business-review"),
        ("outcome based pricing for ai agents", "outcome-based-pricing"),
        ("deferred revenue journal entry", "deferred-revenue"),
        ("appropriate experience lincoln murphy", "appropriate-experience"),
        ("high touch csm", "high-touch"),
        ("leading indicators of churn", "leading-indicator"),
        ("discount at renewal", "discount"),
        ("who owns upsell", "upsell"),
        ("nps by segment", "net-promoter-score"),
        ("renewal rate by cohort", "renewal-rate"),
        ("customer training programme", "customer-training"),
        ("good ltv/cac for seed stage", "ltv-cac"),
    ],
)
def test_a_question_is_answered_with_the_one_term_it_asks_for(question: str, meant: str) -> None:
    assert matched(find(question)) == [meant]


@pytest.mark.parametrize("question", ["api gateway timeout", "burn rate of rocket fuel", "sales tax nexus rules"])
def test_unknown_words_after_a_name_are_at_most_as_many_as_its_own(question: str) -> None:
    assert not find(question).matches


def test_words_of_questions_stay_where_they_belong_to_a_name() -> None:
    assert matched(find("what is mean time to resolve")) == ["mean-time-to-resolve"]
    assert matched(find("what is the cost to serve")) == ["cost-to-serve"]
    assert matched(find("how to measure time to value")) == ["time-to-value"]


def between(text: str) -> list[str]:
    return [term.id for term in find(text).between]


@pytest.mark.parametrize(
    "question",
    [
        "difference between nrr and grr",
        "what is the difference between nrr and grr?",
        "what's the diff between NRR & GRR",
        "nrr vs grr",
        "nrr vs. grr",
        "NRR versus GRR difference",
        "nrr or grr",
        "compare nrr to grr",
        "compare nrr with grr",
        "how is nrr different from grr",
        "how does nrr differ from grr?",
        "is nrr the same as grr",
        "nrr compared to grr",
        "nrr grr difference",
        "net revenue retension vs gross revenue retenton",
        "net vs gross revenue retention",
        "nrr vs grr for startups",
    ],
)
def test_a_question_about_a_difference_finds_both_terms(question: str) -> None:
    found = find(question)
    assert [term.id for term in found.between] == ["net-revenue-retention", "gross-revenue-retention"]
    assert matched(found) == ["net-revenue-retention", "gross-revenue-retention"]


def test_every_difference_in_the_queries_is_understood_as_one() -> None:
    asked = [query for query in queries() if query.kind.startswith("difference")]
    assert [query.text for query in asked if frozenset(between(query.text)) != query.expected] == []


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("gross vs net burn", ["gross-burn", "net-burn"]),
        ("customer vs revenue churn", ["customer-churn", "revenue-churn"]),
        ("leading vs lagging indicators", ["leading-indicator", "lagging-indicator"]),
        ("adoption vs adoption rate", ["adoption", "adoption-rate"]),
        ("customer health vs health score", ["customer-health", "health-score"]),
    ],
)
def test_the_first_side_of_a_difference_may_leave_out_what_both_end_in(question: str, terms: list[str]) -> None:
    assert between(question) == terms


def test_three_terms_can_be_told_apart() -> None:
    assert between("bookings vs billings vs revenue") == ["bookings", "billings", "revenue"]
    assert between("difference between bookings, billings and revenue") == ["bookings", "billings", "revenue"]


def test_joining_words_inside_a_name_do_not_split_it() -> None:
    assert between("land and expand vs upsell") == ["land-and-expand", "upsell"]
    assert between("difference between time to value and time to first value") == [
        "time-to-value",
        "time-to-first-value",
    ]


def test_of_terms_that_share_an_acronym_the_one_with_a_written_difference_is_meant() -> None:
    assert between("tam vs csm") == ["technical-account-manager", "customer-success-manager"]
    assert between("acv vs tcv") == ["annual-contract-value", "total-contract-value"]


def test_two_names_of_one_term_are_one_answer_and_both_sides_of_the_difference() -> None:
    found = find("grr vs gdr")
    assert matched(found) == ["gross-revenue-retention"]
    assert between("grr vs gdr") == ["gross-revenue-retention", "gross-revenue-retention"]


@pytest.mark.parametrize("question", ["cats vs dogs", "difference between nrr and photosynthesis", "compare nrr", "vs"])
def test_a_difference_with_an_unknown_side_is_none(question: str) -> None:
    assert not find(question).between
