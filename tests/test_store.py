"""A kept glossary saves time and is never believed when it is stale or damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cstool import api
from cstool.cli.commands.cards import context_of
from cstool.glossary import loading, store
from cstool.glossary.restoring import load
from cstool.glossary.store import keep
from cstool.model.entries import Glossary
from cstool.render.json import json_text
from cstool.render.views.terms import Answer, answers_view

ENTRY = (
    "- {id: moss, term: Moss, category: garden, definition: low green plant of damp and shady places, sources: [own]}\n"
)


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder of this test's own."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    return tmp_path / "caches" / "cstool"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """What was parsed from its files."""
    parsed: list[Path | None] = []
    parse = loading.parse

    def noted(path: Path | None = None) -> Glossary:
        parsed.append(path)
        return parse(path)

    monkeypatch.setattr(loading, "parse", noted)
    return parsed


def test_what_is_kept_is_what_was_parsed(caches: Path, parses: list[Path | None]) -> None:
    first, second = load()[0], load()[0]
    assert parses == [None]
    assert len(list(caches.glob("*.json"))) == 1
    assert first == second == loading.parse()
    assert list(first.terms) == list(second.terms)


def test_a_changed_file_is_parsed_again(caches: Path, parses: list[Path | None], write: Callable[..., str]) -> None:
    file = Path(write("ours.yaml", ENTRY))
    assert load(file)[0].terms["moss"].term == "Moss"
    before = file.stat()
    file.write_text(ENTRY.replace("Moss", "Fern"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert load(file)[0].terms["moss"].term == "Fern"
    assert [one for one in parses if one] == [file, file]
    assert caches.is_dir()


@pytest.mark.parametrize(
    "damage",
    [
        lambda kept: kept[:-1],
        lambda kept: kept.replace(b"recurring", b"occurring", 1),
        lambda _: b"",
        lambda _: b"\x00" * 100,
        lambda kept: kept.split(b"\n")[0] + b"\n{}",
    ],
)
@pytest.mark.slow
def test_a_damaged_one_is_not_believed(
    caches: Path, parses: list[Path | None], damage: Callable[[bytes], bytes]
) -> None:
    whole = load()[0]
    kept = next(caches.glob("*.json"))
    kept.write_bytes(damage(kept.read_bytes()))
    assert load()[0] == whole
    assert parses == [None, None]


def test_where_nothing_can_be_kept_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load()[0].terms["net-revenue-retention"].acronyms[:2] == ("NRR", "NDR")


@pytest.mark.slow
def test_two_glossaries_are_kept_apart(caches: Path, write: Callable[..., str]) -> None:
    one = Path(write("one.yaml", ENTRY))
    other = Path(write("other.yaml", ENTRY.replace("moss", "fern")))
    assert "fern" not in load(one)[0].terms
    assert "moss" not in load(other)[0].terms
    assert len(list(caches.glob("*.json"))) == 3  # and the shipped one, which they are compared with


def test_an_answer_that_was_kept_is_the_one_an_open_book_gives(caches: Path) -> None:
    book = api.Book()
    assert book.exact_answer("nrr", 5) is None, "nothing was kept yet"
    opened_again = api.Book()
    assert caches.is_dir()
    for query in ("NRR", "health scores", "logo", *book.terms):
        answer = Answer(book.find(query, limit=5))
        opened = json_text(answers_view([answer], context_of(book, [])).document)
        kept = opened_again.exact_answer(query, 5)
        assert kept is not None
        assert json_text(kept) == opened
    assert opened_again.exact_answer("net revenue retension", 5) is None


@pytest.mark.slow
def test_entries_that_are_none_are_parsed_after_all(caches: Path, parses: list[Path | None]) -> None:
    whole, names, _ = load()
    parts = {part: dict.fromkeys(getattr(whole, part), "no entry") for part in ("terms", "sources")}
    keep(
        None,
        names,
        parts | {part: {} for part in ("differences", "roles", "shapes", "relations", "presets")},
        {"computed": whole.computed},
    )
    assert caches.is_dir()
    assert load()[0].terms["net-revenue-retention"] == whole.terms["net-revenue-retention"]
    assert len(parses) == 2
    assert api.Book().exact_answer("nrr", 5) is None


@pytest.mark.slow
def test_the_cache_holds_the_newest_few_glossaries(
    caches: Path, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_KEPT", 2)
    for i in range(3):
        load(Path(write(f"ours{i}.yaml", ENTRY)))
    assert len(list(caches.iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_the_place_of_the_cache_is_not_waited_for(caches: Path) -> None:
    load()
    file = max(caches.iterdir(), key=lambda one: one.stat().st_mtime_ns)  # the shipped one is kept before
    file.unlink()
    os.mkfifo(file)
    assert "nrr" in load()[0].computed


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners here")
@pytest.mark.parametrize("widened", ["file", "folder"])
@pytest.mark.slow
def test_what_others_may_write_is_not_believed(
    widened: str, caches: Path, parses: list[Path | None], write: Callable[..., str]
) -> None:
    ours = Path(write("ours.yaml", ENTRY))
    load(ours)
    file = max(caches.iterdir(), key=lambda one: one.stat().st_mtime_ns)  # the shipped one is kept before
    (file if widened == "file" else caches).chmod(0o777)
    load(ours)
    assert [one for one in parses if one] == [ours, ours]


@pytest.mark.parametrize("name", ["XDG_CACHE_HOME", "HOME"])
def test_no_cache_is_made_in_the_current_folder(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv(name, "caches")
    load()
    assert not (tmp_path / "caches").exists()
