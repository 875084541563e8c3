"""Faults to plant in a copy of the glossary, each with what the check must say of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Lines appended to a file, those to be complained of marked `# <`, and what the check must say there."""

    file: str
    lines: str
    said: tuple[str, ...]


def term(id_: str, more: str = "", *, category: str = "support", definition: str = "", sources: str = "[own]") -> str:
    name = id_.replace("-", " ").title()
    told = definition or "something planted in a copy so that it is found"
    return f"- id: {id_}\n  term: {name}\n  category: {category}\n  definition: {told}\n  sources: {sources}\n{more}"


def marked(entry: str) -> str:
    """The entry with its first line marked."""
    return entry.replace("\n", "  # <\n", 1)


def metric(id_: str, formula: str, example: str, *, more: str = "", mark: str = "formula") -> str:
    lines = [f"name: {id_}", "of: support", f"formula: {formula}", "unit: ratio", "better: higher"]
    lines.append(f"example: {{{example}}}")
    told = "".join(f"    {line}{'  # <' if line.startswith(f'{mark}:') else ''}\n" for line in lines)
    return term(id_, f"  metric:\n{told}{more}", category="product")


ZZ = "Between Zz P, Zz Q, Zz R, Zz S, Zz T, Zz U and Zz V"
LONG = "one of " + "many and " * 22 + "more words"
FILE = "terms/support.yaml"
UNDATED = "{value: 1%, what: mean, source: own}"
RELATED = "churn cross-sell discount logo net-promoter-score renewal seat subscription upsell".split()
FAULTS = {
    "an unknown related": Fault(
        FILE, term("zz-a", "  related:\n    - zz-none  # <\n"), ("related 'zz-none' is no entry",)
    ),
    "an unknown broader": Fault(FILE, term("zz-b", "  broader: zz-none  # <\n"), ("broader 'zz-none' is no entry",)),
    "broader is itself": Fault(FILE, term("zz-c", "  broader: zz-c  # <\n"), ("broader names the entry itself",)),
    "an unknown replacement": Fault(
        FILE, term("zz-d", "  retired: zz-none  # <\n"), ("retired 'zz-none' is no entry",)
    ),
    "an unknown source": Fault(
        FILE, term("zz-e", sources="[own, zz-none]  # <"), ("source 'zz-none' is not in sources.yaml",)
    ),
    "no source": Fault(FILE, term("zz-f", sources="[]  # <"), ("no source; `own` marks what was written",)),
    "an unknown source of a variant": Fault(
        FILE,
        term("zz-g", "  variants:\n    - label: ours\n      text: another reading\n      sources: [zz-none]  # <\n"),
        ("source 'zz-none' is not in sources.yaml",),
    ),
    "a short definition": Fault(
        FILE, term("zz-h", definition="far too short a one  # <"), ("the definition has 5 words; 6 to 45 are allowed",)
    ),
    "a long definition": Fault(
        FILE, term("zz-i", definition=f"{LONG}  # <"), ("the definition has 48 words; 6 to 45 are allowed",)
    ),
    "a circular definition": Fault(
        FILE,
        term("zz-jigsaw", definition="kind of thing that all zz jigsaws are made from  # <"),
        ("circular, 'Zz Jigsaw' stands in its own definition",),
    ),
    "a definition of an acronym by itself": Fault(
        FILE,
        term("zz-k", "  acronyms: [ZK]\n", definition="the ZK that is kept by a team each week  # <"),
        ("circular, 'ZK' stands in its own definition",),
    ),
    "refers to": Fault(
        FILE,
        term("zz-l", definition="refers to the things that a team has planted  # <"),
        ("'refers to' says nothing",),
    ),
    "a note without its subject": Fault(
        FILE,
        term("zz-la", "  note: Shows the customers who have left.  # <\n")
        + term("zz-lb", "  note: Named after a town. It lies in the north.  # <\n")
        + term("zz-lba", "  note: It never ends.  # <\n")
        + term("zz-lbb", "  note: Count them apart from the others.  # <\n"),
        (
            "the note starts with 'Shows the'",
            "the note starts with 'Named after'",
            "the note starts with 'It'",
            "the note starts with 'Count them'",
        ),
    ),
    "an acronym of something else": Fault(
        FILE,
        term("zz-lbc", "  acronyms: [ZQK]  # <\n"),
        ("no name of the entry spells out 'ZQK'",),
    ),
    "a note about the program": Fault(
        FILE,
        term("zz-lc", "  note: The calculator takes three months.  # <\n")
        + term("zz-ld", "  note: The period is a year unless `--window` sets another.  # <\n"),
        (
            "'calculator' in the note; what cstool does belongs into `computed`",
            "'`' in the note; what cstool does belongs into `computed`",
        ),
    ),
    "a note with the name of another entry": Fault(
        FILE,
        term("zz-le", "  note: The thing is also called an SLA by those who sell it.  # <\n"),
        ("the note gives it the name 'SLA', which is service-level-agreement",),
    ),
    "words that the house does not use": Fault(
        FILE,
        term("zz-lf", "  example: Somebody leaves.  # <\n")
        + term("zz-lfa", "  note: The one stays and the other leaves.  # <\n")
        + term("zz-lg", definition="number that hangs on how many people a team has  # <"),
        (
            "'Somebody' in example; write someone",
            "write the names of the two",
            "'hangs on' in definition; write depends on",
        ),
    ),
    "amounts and dates in other forms": Fault(
        FILE,
        term("zz-lh", "  example: It costs 1.200 EUR.  # <\n")
        + term("zz-li", "  example: It costs $1200.  # <\n")
        + term("zz-lj", "  example: It costs $50k.  # <\n")
        + term("zz-lk", "  example: It ends on 10 March.  # <\n")
        + term("zz-ll", "  example: It ends on 3/10/2026.  # <\n"),
        (
            "'1.200 EUR' in example; write $1,200",
            "'$1200' in example; write $1,200, with a comma",
            "'$50k' in example; write $50,000",
            "'10 March' in example; write March 10",
            "'3/10/2026' in example; write March 10",
        ),
    ),
    "the code of a source": Fault(
        FILE,
        term("zz-lm", "  example: According to `chartmogul` it is 3%.  # <\n"),
        ("`chartmogul` in example; name the source by its title",),
    ),
    "a full stop": Fault(
        FILE,
        term("zz-m", definition="something planted in a copy so that it is found.  # <"),
        ("the definition is a phrase and ends without a full stop",),
    ),
    "a synonym of two terms": Fault(
        FILE,
        term("zz-n", "  synonyms:\n    - Planted Twice  # <\n") + term("zz-o", "  synonyms: [planted-twice]  # <\n"),
        ("'Planted Twice' is also a name of zz-o", "'planted-twice' is also a name of zz-n"),
    ),
    "a question of two terms": Fault(
        FILE,
        term("zz-oa", "  asked: [what was planted here]  # <\n")
        + term("zz-ob", "  asked:\n    - What was planted here  # <\n"),
        ("'what was planted here' is also asked for zz-ob", "'What was planted here' is also asked for zz-oa"),
    ),
    "an acronym shared without a word": Fault(
        FILE,
        term("zz-p", "  acronyms: [ZZP]  # <\n") + term("zz-q", "  shared_acronyms: [ZZP]  # <\n"),
        ("'ZZP' is also a name of zz-q", "no other entry declares 'ZZP' as shared"),
    ),
    "a name twice in one entry": Fault(FILE, marked(term("zz-r", "  synonyms: [Zz-R]\n")), ("'zz r' stands 2 times",)),
    "more than eight related": Fault(
        FILE,
        term("zz-s", f"  related: [{', '.join(RELATED)}]  # <\n"),
        ("zz-s: 9 related entries; keep the 8 most useful",),
    ),
    "related to its broader term": Fault(
        FILE,
        term("zz-t", "  broader: renewal\n  related:\n    - churn\n    - renewal  # <\n"),
        ("zz-t: renewal is its broader term, so leave it out of related",),
    ),
    "another category": Fault(
        FILE, term("zz-u", category="health  # <"), ("category 'health' stands in support.yaml",)
    ),
    "an id twice": Fault(FILE, term("zz-v") + marked(term("zz-v")), ("'zz-v' stands twice",)),
    "an unsorted entry": Fault(FILE, term("zz-x") + marked(term("zz-w")), ("'zz-w' is not in sorted order",)),
    "a metric's name twice": Fault(
        "terms/surveys.yaml",
        marked(term("zz-aa", category="surveys"))
        + "  metric:\n    name: nrr\n    of: survey\n    formula: responses\n    unit: count\n    better: depends\n"
        "    example: {responses: 1, value: 1}\n",
        ("metric 'nrr' stands twice",),
    ),
    "an unknown relation": Fault(
        "terms/surveys.yaml",
        term("zz-ab", category="surveys")
        + "  metric:\n    name: zz-ab\n    of: zz-none  # <\n    formula: 1 + 1\n    unit: count\n"
        "    better: depends\n    example: {value: 2}\n",
        ("no measures are known for relation 'zz-none'",),
    ),
    "an unknown measure": Fault(
        "terms/product.yaml",
        metric("yy-a", "tickets + zz_none", "tickets: 1, zz_none: 1, value: 2"),
        ("'zz_none' is no measure of support",),
    ),
    "no expression": Fault(
        "terms/product.yaml",
        metric("yy-b", "tickets +", "tickets: 1, value: 2"),
        ("not one complete expression",),
    ),
    "a function that reads": Fault(
        "terms/product.yaml",
        metric("yy-c", "read_text('a')", "value: 2"),
        ("the function read_text is not allowed in a formula",),
    ),
    "a wrong value": Fault(
        "terms/product.yaml",
        metric("yy-d", "first_contact / tickets", "first_contact: 1, tickets: 4, value: 0.3", mark="example"),
        ("the example gives 0.25, not 0.3",),
    ),
    "no value": Fault(
        "terms/product.yaml",
        metric("yy-e", "tickets", "tickets: 4", mark="example"),
        ("the metric's example has no 'value'",),
    ),
    "an example without a measure": Fault(
        "terms/product.yaml",
        metric("yy-f", "first_contact / tickets", "tickets: 4, value: 1", mark="example"),
        ("the example lacks first_contact",),
    ),
    "an example with a measure too many": Fault(
        "terms/product.yaml",
        metric("yy-g", "tickets", "tickets: 4, first_contact: 1, value: 4", mark="example"),
        ("the example gives first_contact, which the formula does not use",),
    ),
    "a rate of other things than its definition names": Fault(
        "terms/product.yaml",
        metric("yy-ga", "first_contact / tickets", "first_contact: 1, tickets: 4, value: 0.25", mark="")
        .replace("unit: ratio", "unit: percent")
        .replace("something planted in a copy so that it is found", "share of the seats that somebody uses  # <"),
        (
            "a rate is a 'percentage of' something, not a 'share of'",
            "the definition has no word for what is divided: first_contact",
            "the definition has no word for what is divided by: tickets",
            "'somebody' in definition",
        ),
    ),
    "a benchmark without its source": Fault(
        "terms/product.yaml",
        metric(
            "yy-h",
            "tickets",
            "tickets: 4, value: 4",
            more="    benchmarks:\n      - value: 1%\n        what: mean\n        population: all\n"
            "        year: 2024\n        source: zz-none  # <\n",
            mark="",
        ),
        ("source 'zz-none' is not in sources.yaml",),
    ),
    "a benchmark without year and population": Fault(
        "terms/product.yaml",
        metric("yy-i", "tickets", "tickets: 4, value: 4", more=f"    benchmarks:\n      - {UNDATED}  # <\n", mark=""),
        ("'year' is missing", "'population' is missing"),
    ),
    "a source that cannot be found": Fault(
        "sources.yaml",
        "- id: zz-a  # <\n  title: A page\n  kind: article\n  year: 2024\n",
        ("zz-a: a source needs its publisher", "zz-a: a source needs its address"),
    ),
    "a title that no card has room for": Fault(
        "sources.yaml",
        "- id: zz-b\n  title: A page of which the title is a great deal longer than that  # <\n  kind: own\n",
        ("zz-b: its title is longer than 40 characters",),
    ),
    "a difference to no entry": Fault(
        "differences.yaml",
        f"- between: [zz-none, zz-nought]  # <\n  summary: {ZZ}\n  aspects: []\n  use: u\n  sources: [own]\n",
        ("'zz-none' is no entry", "'zz-nought' is no entry"),
    ),
    "names that a term does not have": Fault(
        "differences.yaml",
        f"- between: [zz-p, zz-p]\n  summary: {ZZ}\n  aspects:\n    - aspect: colour\n      values:\n"
        "        zz-p: red\n        zz-q: blue  # <\n  use: u\n  sources: [own]\n",
        ("'zz-q' is no name of the term",),
    ),
    "values of other terms": Fault(
        "differences.yaml",
        f"- between: [zz-p, zz-q]\n  summary: {ZZ}\n  aspects:\n    - aspect: colour  # <\n      values:\n"
        "        zz-p: red\n        zz-r: blue  # <\n  use: u\n  sources: [own]\n",
        ("aspect 'colour' has no value for zz-q", "aspect 'colour': 'zz-r' is none of zz-p, zz-q"),
    ),
    "values without their terms": Fault(
        "differences.yaml",
        f"- between: [zz-p, zz-r]\n  summary: {ZZ}\n  aspects:\n    - aspect: colour\n      values: [red, blue]  # <\n"
        "  use: u\n  sources: [own]\n",
        ("'aspects.0.values' must hold a text for each id (id: text), not a list",),
    ),
    "a row whose cells agree": Fault(
        "differences.yaml",
        f"- between: [zz-p, zz-s]\n  summary: {ZZ}\n  aspects:\n    - aspect: colour  # <\n      values:\n"
        "        zz-p: red\n        zz-s: Red\n  use: u\n  sources: [own]\n",
        ("aspect 'colour' has the same value for each term; leave the row out",),
    ),
    "a difference with a column's name": Fault(
        "differences.yaml",
        f"- between: [zz-p, zz-u]\n  summary: {ZZ}\n  aspects: []\n"
        "  use: divide net_burn by two  # <\n  sources: [own]\n",
        ("'net_burn' in use; write it in words",),
    ),
    "a summary without one of its terms": Fault(
        "differences.yaml",
        "- between: [zz-q, zz-u]\n  summary: Zz Q is the first. Zz U is the second.  # <\n  aspects: []\n  use: u\n"
        "  sources: [own]\n",
        ("the first sentence of the summary does not name Zz U",),
    ),
    "a difference out of order": Fault(
        "differences.yaml",
        f"- between: [zz-u, zz-t]  # <\n  summary: {ZZ}\n  aspects: []\n  use: u\n  sources: [own]\n",
        ("the ids of 'between' are not sorted",),
    ),
    "a difference written twice": Fault(
        "differences.yaml",
        f"- between: [zz-t, zz-u]  # <\n  summary: {ZZ}\n  aspects: []\n  use: u\n  sources: [own]\n",
        ("'zz-t / zz-u' stands twice",),
    ),
    "a difference of one": Fault(
        "differences.yaml",
        f"- between: [zz-u]  # <\n  summary: {ZZ}\n  aspects: []\n  use: u\n  sources: [own]\n",
        ("a difference is between two or three terms",),
    ),
    "a difference without its source": Fault(
        "differences.yaml",
        f"- between: [zz-u, zz-v]\n  summary: {ZZ}\n  aspects: []\n  use: u\n  sources: [zz-none]  # <\n",
        ("source 'zz-none' is not in sources.yaml",),
    ),
    "measures of no term": Fault(
        "measures/support.yaml",
        "- relation: zz-a\n  about: planted\n  measures:\n    - {measure: a, about: a, term: zz-none}  # <\n"
        "    - {measure: b, about: b, sql: sum( }  # <\n    - {measure: a, about: a}  # <\n",
        ("'zz-none' is no entry", "not one complete expression", "measure 'a' stands twice"),
    ),
    "faulty SQL of an input type": Fault(
        "shapes/surveys.yaml",
        """- shape: zz-sql
  becomes: survey
  about: planted
  required: [score]
  unique: []
  derived:
    - {column: good, sql: fiilter (wher score >= 9}  # <
    - {column: later, sql: sooner + 1}  # <
    - {column: sooner, sql: score + 1}
    - {column: hidden, sql: has_zz}  # <
    - {column: elsewhere, sql: (select 1)}  # <
  measures:
    - {measure: promoters, about: a, sql: count(*) filter (where zz_score >= 9)}  # <
    - {measure: responses, about: a, sql: count(*)) from (select 1}  # <
    - {measure: points, about: a, sql: sum(sooner) + period_weekdays}
    - {measure: climb, about: a, formula: zz_points / responses}  # <
    - {measure: easy, about: a, sql: pg_sleep(5)}  # <
""",
        (
            "zz-sql: good: it is not one complete expression",
            "zz-sql: later: 'sooner' is not a column",
            "zz-sql: hidden: 'has_zz' is not a column",
            "zz-sql: elsewhere: subquery is not allowed",
            "zz-sql: promoters: 'zz_score' is not a column",
            "zz-sql: responses: more than an expression",
            "zz-sql: climb: 'zz_points' is not a measure",
            "zz-sql: easy: the function pg_sleep is not allowed",
        ),
    ),
    "an order of rows by what they do not have": Fault(
        "terms/product.yaml",
        metric(
            "yy-order",
            "tickets",
            "tickets: 4, value: 4",
            mark="x",
            more=("    accounts_order:\n      - zz_age desc  # <\n      - opened_at; drop table cells  # <\n"),
        ),
        ("'zz_age' is not a column", "not one complete expression"),
    ),
    "faulty SQL of a check": Fault(
        "terms/product.yaml",
        metric(
            "yy-sql",
            "tickets",
            "tickets: 4, value: 4",
            more="    checks:\n      - {sql: score betwixt 0 and, text: a}  # <\n"
            "      - {sql: zz_score > 1, text: a}  # <\n"
            "    beside:\n      - {column: a, about: a, unit: count, formula: zz_tickets}  # <\n",
            mark="",
        ),
        (
            "check: it is not one complete expression",
            "'zz_score' is not a column",
            "'zz_tickets' is no measure of support",
        ),
    ),
    "a role like none": Fault(
        "roles/revenue.yaml",
        "- role: zz_a\n  kind: text\n  about: a\n  headers: [zz a]\n  like: zz_none  # <\n",
        ("like 'zz_none' is in no file of roles",),
    ),
    "a shape of no role": Fault(
        "shapes/revenue.yaml",
        "- shape: zz-a\n  becomes: revenue\n  about: a\n  unique: [account]\n  required: [account, zz_none]  # <\n",
        ("role 'zz_none' is in no file of roles",),
    ),
}
