"""A kept glossary saves time and is never believed when it is stale or damaged."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cstool.glossary import loading, store
from cstool.glossary.entries import Glossary

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
    first, second = store.load(), store.load()
    assert parses == [None]
    assert len(list(caches.glob("*.json"))) == 1
    assert first == second == loading.parse()
    assert list(first.terms) == list(second.terms)


def test_a_changed_file_is_parsed_again(caches: Path, parses: list[Path | None], write: Callable[..., str]) -> None:
    file = Path(write("ours.yaml", ENTRY))
    assert store.load(file).terms["moss"].term == "Moss"
    before = file.stat()
    file.write_text(ENTRY.replace("Moss", "Fern"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.load(file).terms["moss"].term == "Fern"
    assert parses == [file, file]
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
def test_a_damaged_one_is_not_believed(
    caches: Path, parses: list[Path | None], damage: Callable[[bytes], bytes]
) -> None:
    whole = store.load()
    kept = next(caches.glob("*.json"))
    kept.write_bytes(damage(kept.read_bytes()))
    assert store.load() == whole
    assert parses == [None, None]


def test_where_nothing_can_be_kept_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert store.load().terms["net-revenue-retention"].acronyms == ("NRR", "NDR")


def test_two_glossaries_are_kept_apart(caches: Path, write: Callable[..., str]) -> None:
    one = Path(write("one.yaml", ENTRY))
    other = Path(write("other.yaml", ENTRY.replace("moss", "fern")))
    assert "fern" not in store.load(one).terms
    assert "moss" not in store.load(other).terms
    assert len(list(caches.glob("*.json"))) == 2
