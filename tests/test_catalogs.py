"""glossary export to catalogs, a page, a linter of prose and flash cards: what each format's reader gets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from tests.conftest import Ran, run_cstool

HOSTILE = """\
- id: zebra-call
  term: 'Zebra </script><img src=x onerror="alert(1)"> "Call" \\ & Co'
  category: own
  acronyms: [ZBR, ZCL]
  synonyms: ['Zebra (Old|New) Call $1', 'Zebra.Talk With "Quotes"']
  hidden: [zbra]
  definition: "talk with a\\ttab, a <b>tag</b>, a \\"quote\\" and a back\\\\slash <!-- <script>"
  sources: [own]
  related: [onboarding]
  broader: customer-success
"""
NAME = 'Zebra </script><img src=x onerror="alert(1)"> "Call" \\ & Co'
SYNONYM = "Zebra (Old|New) Call $1"


@pytest.fixture
def export(write: Callable[..., str]) -> Callable[..., Ran]:
    file = write("ours.yaml", HOSTILE)
    return lambda to, *more: run_cstool("glossary", "export", "--to", to, "--glossary", file, *more)


class Page(HTMLParser):
    """The elements of a page and the text of its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script":
            self.scripts[-1] += data
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", {}))


def test_a_page_acts_on_nothing_that_entries_say(export: Callable[..., Ran], tmp_path: Path) -> None:
    target = tmp_path / "glossary.html"
    assert export("html", "-o", str(target)).code == 0
    page = Page(target.read_text(encoding="utf-8"))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"img", "link", "iframe", "b", "object"}
    assert not any(name.startswith("on") or name == "src" for _, attributes in page.elements for name in attributes)
    assert len(page.scripts) == 2
    assert NAME in page.text
    each_link_leads_to_a_term(page)


def each_link_leads_to_a_term(page: Page) -> None:
    anchors = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    targets = [str(attributes["href"]) for tag, attributes in page.elements if tag == "a"]
    assert len(anchors) == len(set(anchors))
    assert {"zebra-call", "net-revenue-retention"} <= set(anchors)
    assert {target[1:] for target in targets if target.startswith("#")} <= set(anchors)
    assert all(target.startswith(("#", "https://")) for target in targets)
    terms = json.loads(page.scripts[0])["hasDefinedTerm"]
    assert NAME in [term["name"] for term in terms]


def test_concepts_are_read_by_a_parser_of_turtle(export: Callable[..., Ran]) -> None:
    rdflib = pytest.importorskip("rdflib", reason="the extra 'test' brings a parser of Turtle")
    skos = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    # Of the whole glossary a few concepts are enough: the parser takes seconds.
    parts = re.split(r"\n\n", export("skos").out)
    wanted = (
        "@prefix",
        "<urn:x-cstool:term:zebra-call>",
        "<urn:x-cstool:term:net-revenue-retention>",
        "<urn:x-cstool:source",
    )
    graph = rdflib.Graph().parse(data="\n\n".join(part for part in parts if part.startswith(wanted)), format="turtle")
    ours = rdflib.URIRef("urn:x-cstool:term:zebra-call")
    assert str(graph.value(ours, skos.prefLabel)) == NAME
    assert SYNONYM in [str(label) for label in graph.objects(ours, skos.altLabel)]
    assert [str(label) for label in graph.objects(ours, skos.hiddenLabel)] == ["zbra"]
    assert str(graph.value(ours, skos.broader)) == "urn:x-cstool:term:customer-success"
    assert "\ttab" in str(graph.value(ours, skos.definition))
    nrr = rdflib.URIRef("urn:x-cstool:term:net-revenue-retention")
    assert "NDR" in [str(label) for label in graph.objects(nrr, skos.altLabel)]
    assert str(graph.value(nrr, skos.note)).startswith("Formula: ")


@pytest.mark.slow
def test_the_whole_glossary_keeps_the_rules_of_skos() -> None:
    rdflib = pytest.importorskip("rdflib", reason="the extra 'test' brings a parser of Turtle")
    skos = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    graph = rdflib.Graph().parse(data=run_cstool("glossary", "export", "--to", "skos").out, format="turtle")
    concepts = set(graph.subjects(rdflib.RDF.type, skos.Concept))
    assert len(concepts) > 600
    for concept in concepts:
        labels = [list(graph.objects(concept, kind)) for kind in (skos.prefLabel, skos.altLabel, skos.hiddenLabel)]
        assert len(labels[0]) == 1
        assert not set(labels[0]) & set(labels[1])
        assert not set(labels[2]) & {*labels[0], *labels[1]}
        above = set(graph.transitive_objects(concept, skos.broader))
        assert not above & set(graph.objects(concept, skos.related))
    assert set(graph.objects(None, skos.related)) | set(graph.objects(None, skos.broader)) <= concepts


def test_a_style_of_vale_proposes_one_name(export: Callable[..., Ran], tmp_path: Path) -> None:
    folder = tmp_path / "prose"
    (folder / "styles").mkdir(parents=True)
    (folder / ".vale.ini").write_text("# ours\n", encoding="utf-8")
    ran = export("vale", "-o", str(folder))
    assert "is left as it was" in ran.err
    assert (folder / ".vale.ini").read_text(encoding="utf-8") == "# ours\n"
    rules = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in folder.glob("styles/*/*.yml")}
    swap = rules["Names"]["swap"]
    assert rules["Names"]["action"] == {"name": "replace"}
    assert swap["NDR"] == "NRR"
    assert swap["ZCL"] == "ZBR"
    assert swap[re.escape(SYNONYM).replace("\\ ", " ")] == NAME
    assert all(re.compile(pattern).groups == 0 for pattern in swap)
    assert "TAM" in rules["Ambiguous"]["tokens"]
    assert "TAM" not in (folder / "styles/config/vocabularies/CustomerSuccess/accept.txt").read_text().split("\n")


def test_vale_needs_a_folder(cstool: Callable[..., Ran], tmp_path: Path) -> None:
    assert cstool("glossary", "export", "--to", "vale").code == 2
    file = tmp_path / "taken"
    file.write_text("", encoding="utf-8")
    ran = cstool("glossary", "export", "--to", "vale", "-o", str(file))
    assert (ran.code, len(ran.err.splitlines())) == (3, 2)


def test_cards_for_anki_have_a_stable_id_and_four_fields(export: Callable[..., Ran]) -> None:
    lines = export("anki").out.split("\n")
    head = [line for line in lines if line.startswith("#")]
    assert head[:2] == ["#separator:tab", "#html:false"]
    assert "#columns:Id\tFront\tBack\tTags" in head
    cards = list(csv.reader(io.StringIO("\n".join(lines[len(head) :])), delimiter="\t"))
    assert {len(card) for card in cards} == {4}
    ours = {card[0]: card for card in cards}["cstool-zebra-call"]
    assert ours[1] == f"{NAME} (ZBR, ZCL)"


@pytest.mark.slow
def test_every_format_goes_to_a_file_too(export: Callable[..., Ran], tmp_path: Path) -> None:
    target = tmp_path / "glossary.any"
    assert export("csv", "-o", str(target), "--quiet").err == ""
    assert target.read_text(encoding="utf-8").startswith("id,term,")
