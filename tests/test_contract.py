"""What scripts may rely on: streams, exit codes, formats and shapes, asked of the real command."""

from __future__ import annotations

import json
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from cstool.render.blocks import Format
from tests.conftest import ENVIRONMENT, Run

Write = Callable[..., str]

CSTOOL = (sys.executable, "-m", "cstool")
FORMATS = get_args(Format)

ACCOUNTS = """\
account,segment,region,starting_mrr,ending_mrr
A,ent,eu,400,500
B,ent,us,200,150
C,smb,eu,200,0
D,smb,us,0,90
"""

# A pays 100 + 10 a month for 14 months; B leaves in May.
LEDGER = "account,month,mrr\n" + "".join(
    f"A,{2024 + i // 12}-{i % 12 + 1:02d},{100 + 10 * i}\n"
    + (f"B,{2024 + i // 12}-{i % 12 + 1:02d},50\n" if i < 4 else "")
    for i in range(14)
)


@pytest.fixture
def accounts(write: Write) -> str:
    return write("accounts.csv", ACCOUNTS)


@pytest.fixture
def ledger(write: Write) -> str:
    return write("ledger.csv", LEDGER)


# lookup


def test_an_acronym_shows_the_entry_with_its_formula(cstool: Run) -> None:
    ran = cstool("lookup", "nrr")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Net Revenue Retention (NRR")
    assert "Formula" in ran.out
    assert "(starting + expansion - contraction - churned) / starting" in cstool("metrics", "nrr").out


def test_words_need_no_quotes_and_a_typo_is_answered_and_said(cstool: Run) -> None:
    ran = cstool("lookup", "gros", "revenue", "retantion", "-f", "json")
    (match,) = ran.json["matches"]
    assert (ran.code, match["id"], match["match"]) == (0, "gross-revenue-retention", "fuzzy")
    assert match["score"] < 100
    assert ran.err == "showing Gross Revenue Retention for 'gros revenue retantion'\n"


def test_the_json_of_a_lookup_holds_the_whole_entry(cstool: Run) -> None:
    record = cstool("lookup", "Net Retention", "-f", "json").json
    assert record["query"] == "Net Retention"
    (match,) = record["matches"]
    keys = "id term match score definition note example variants acronyms synonyms category related sources metric"
    assert set(keys.split()) <= set(match)
    assert (match["id"], match["match"], match["score"]) == ("net-revenue-retention", "synonym", 100.0)
    assert {"name", "formula", "unit", "better", "window", "example", "benchmarks"} <= set(match["metric"])
    assert match["metric"]["example"]["value"] == 1.02
    assert {"label", "text", "sources"} <= set(match["variants"][0])


def test_an_acronym_of_two_terms_answers_both(cstool: Run) -> None:
    record = cstool("lookup", "TAM", "-f", "json").json
    assert {match["id"] for match in record["matches"]} == {"total-addressable-market", "technical-account-manager"}
    assert {match["match"] for match in record["matches"]} == {"acronym"}
    assert len(cstool("lookup", "TAM", "--limit", "1", "-f", "json").json["matches"]) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_nonsense_finds_nothing_and_exits_1(cstool: Run, form: str) -> None:
    ran = cstool("lookup", "photosynthesis", "-f", form)
    assert ran.code == 1
    assert ran.err == "nothing found for 'photosynthesis'\n"
    if form in ("json", "jsonl"):
        assert ran.json == {"query": "photosynthesis", "matches": []}
    else:
        assert ran.out == ""


def test_a_word_that_only_texts_hold_is_pointed_to_where_it_stands(cstool: Run) -> None:
    ran = cstool("lookup", "value")
    assert (ran.code, ran.out) == (1, "")
    found = re.fullmatch(r"nothing found for 'value'; `cstool (.+)` finds (\d+) entries that mention it\n", ran.err)
    assert found
    assert len(cstool(*found[1].split(), "--limit", "999", "-f", "json").json) == int(found[2])


def test_a_near_miss_is_a_suggestion_and_no_answer(cstool: Run) -> None:
    ran = cstool("lookup", "nrx", "-f", "json")
    assert (ran.code, ran.json["matches"]) == (1, [])
    first = ran.json["suggestions"][0]
    assert set(first) == {"id", "term", "score"}
    assert "did you mean" in ran.err
    assert cstool("lookup", "nrx").out == ""
    assert "suggestions" not in cstool("lookup", "nrx", "--exact", "-f", "json").json


def test_a_batch_gives_a_line_for_each_query_in_order(cstool: Run) -> None:
    ran = cstool("lookup", "-", "-f", "jsonl", stdin="grr\n\nphotosynthesis\n  churn \n")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert [line["query"] for line in lines] == ["grr", "", "photosynthesis", "churn"]
    assert [len(line["matches"]) for line in lines] == [1, 0, 0, 1]
    assert ran.code == 1
    assert cstool("lookup", "-", "-f", "jsonl", stdin="grr\nchurn\n").code == 0
    assert len(cstool("lookup", "-", "-f", "json", stdin="grr\nchurn\n").json) == 2


# calc


def test_several_metrics_of_one_file(cstool: Run, accounts: str) -> None:
    ran = cstool("calc", "nrr,grr,logo-churn", accounts, "-f", "json")
    assert (ran.code, ran.err) == (0, "")
    (row,) = ran.json
    assert row == {"nrr": 0.8125, "grr": 0.6875, "logo_churn": pytest.approx(1 / 3, abs=1e-15)}
    assert list(row) == ["nrr", "grr", "logo_churn"]


def test_a_row_for_each_group_in_each_format(cstool: Run, accounts: str) -> None:
    def run(form: str) -> str:
        return cstool("calc", "nrr", accounts, "--by", "segment", "-f", form).out

    assert run("csv") == "segment,nrr\nent,1.0833333333333333\nsmb,0\n"
    assert run("tsv") == "segment\tnrr\nent\t1.0833333333333333\nsmb\t0\n"
    assert run("value") == "1.0833333333333333\n0\n"
    assert json.loads(run("json")) == [{"segment": "ent", "nrr": 1.0833333333333333}, {"segment": "smb", "nrr": 0.0}]
    assert [json.loads(line)["segment"] for line in run("jsonl").splitlines()] == ["ent", "smb"]
    assert run("table") == "segment     nrr\nent      108.3%\nsmb        0.0%\n"
    assert run("md") == "| segment | nrr |\n| --- | ---: |\n| ent | 108.3% |\n| smb | 0.0% |\n"


def test_two_groupings_make_a_row_for_each_pair(cstool: Run, accounts: str) -> None:
    out = cstool("calc", "mrr", accounts, "--by", "segment", "--by", "region", "-f", "csv").out
    assert out == "segment,region,mrr\nent,eu,500\nent,us,150\nsmb,eu,0\nsmb,us,90\n"


def test_stdin_is_a_file(cstool: Run) -> None:
    assert cstool("calc", "nrr", "-", "-f", "value", stdin=ACCOUNTS).out == "0.8125\n"


def test_given_values_need_no_file(cstool: Run) -> None:
    given = [f"--set={name}" for name in ("starting=2000", "expansion=300", "contraction=5%", "churned=400")]
    assert cstool("calc", "nrr", *given, "-f", "value").out == "0.949975\n"
    ran = cstool("calc", "nrr", *given[:3])
    assert (ran.code, ran.out) == (2, "")
    assert "churned" in ran.err


def test_a_ledger_is_compared_with_the_year_before(cstool: Run, ledger: str) -> None:
    (row,) = cstool("calc", "nrr,logo-churn", ledger, "--as-of", "2025-01", "--window", "12m", "-f", "json").json
    assert row == {"period": "2025-01", "nrr": 220 / 150, "logo_churn": 0.5}
    (row,) = cstool("calc", "nrr", ledger, "-f", "json").json
    assert row == {"period": "2025-02", "nrr": 230 / 160}


@pytest.mark.parametrize(
    ("every", "periods"),
    [
        ("month", [f"2024-{month:02d}" for month in range(2, 13)] + ["2025-01", "2025-02"]),
        ("quarter", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]),
        ("year", ["2024"]),
    ],
)
def test_a_series_names_its_periods(cstool: Run, ledger: str, every: str, periods: list[str]) -> None:
    ran = cstool("calc", "logo-churn", ledger, "--every", every, "--window", "1m", "-f", "jsonl")
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["period"] for row in rows] == periods
    assert all(list(row) == ["period", "logo_churn"] for row in rows)


def test_explain_adds_the_measures_as_keys(cstool: Run, accounts: str) -> None:
    (row,) = cstool("calc", "nrr", accounts, "--explain", "-f", "json").json
    assert row == {"nrr": 0.8125, "starting": 800, "expansion": 100, "contraction": 50, "churned": 200}
    assert "(800 + 100 - 50 - 200) / 800 = 81.3%" in cstool("calc", "nrr", accounts, "--explain").out


def test_what_is_undefined_for_a_group_is_null_blank_or_said(cstool: Run, write: Write) -> None:
    file = write("new.csv", "account,segment,starting_mrr,ending_mrr\nA,old,10,5\nB,new,0,5\n")
    args = ("calc", "nrr", file, "--by", "segment")
    ran = cstool(*args, "-f", "json")
    assert (ran.code, ran.json) == (0, [{"segment": "new", "nrr": None}, {"segment": "old", "nrr": 0.5}])
    assert ran.err.startswith("nrr is undefined in new: ")
    assert cstool(*args, "-f", "csv").out == "segment,nrr\nnew,\nold,0.5\n"
    assert cstool(*args, "-f", "value").out == "\n0.5\n"
    assert "new        n/a" in cstool(*args).out


def test_nothing_defined_at_all_is_exit_3(cstool: Run, write: Write) -> None:
    ran = cstool("calc", "nrr,grr", write("new.csv", "account,starting_mrr,ending_mrr\nB,0,5\n"))
    assert (ran.code, ran.out) == (3, "")
    assert "nrr is undefined" in ran.err


# errors


BAD_FILES = {
    "a blank": (b"account,starting_mrr,ending_mrr\nA,10,\nB,5,5\n", ["file.csv:2", "ending_mrr", "--blank"]),
    "a word": (b"account,starting_mrr,ending_mrr\nA,10,10\nB,ten,5\n", ["file.csv:3", "starting_mrr", "'ten'"]),
    "nothing": (b"", ["file.csv", "empty"]),
    "a header alone": (b"account,starting_mrr,ending_mrr\n", ["file.csv", "no rows"]),
    "a column too few": (b"account,starting_mrr\nA,10\n", ["file.csv", "ending_mrr"]),
    "a column misspelt": (b"account,starting_mrr,ending_mmr\nA,10,5\n", ["ending_mmr", "--map"]),
    "noise": (bytes(range(256)) * 8, ["file.csv"]),
    "NULs": (b"\0" * 3000, ["file.csv"]),
    "a broken archive": (b"\x1f\x8b\x08\x00garbage", ["file.csv"]),
    "one long line": (b"x" * 200_000, ["file.csv"]),
    "open quotes": (b'account,starting_mrr,ending_mrr\n"A,10,10\nB,5,5\n', ["file.csv"]),
}


@pytest.mark.parametrize(("data", "words"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_answer_is_refused_in_a_few_plain_lines(
    cstool: Run, write: Write, data: bytes, words: list[str]
) -> None:
    ran = cstool("calc", "nrr", write("file.csv", data))
    refused(ran.code, ran.out, ran.err, 3)
    assert all(word in ran.err for word in words), ran.err


def refused(code: int, out: str, err: str, expected: int) -> None:
    """An error as every error is: its exit code, nothing on stdout, a few plain lines on stderr."""
    assert (code, out) == (expected, ""), err
    assert err.startswith("cstool: ")
    assert "Traceback" not in err
    assert "\x1b" not in err
    assert 1 <= len(err.splitlines()) < 8
    assert all(len(line) < 600 for line in err.splitlines())


WRONG = {
    "no such file": (3, ["calc", "nrr", "no-such.csv"], ["no-such.csv: no such file"]),
    "a folder for a file": (3, ["calc", "nrr", "{folder}"], ["is a folder"]),
    "an empty stdin": (3, ["calc", "nrr", "-"], ["stdin", "empty"]),
    "no such glossary": (3, ["lookup", "nrr", "--glossary", "no-such"], ["no-such: no such glossary"]),
    "a glossary that is none": (3, ["calc", "nrr", "{accounts}", "--glossary", "{accounts}"], ["a list of entries"]),
    "an unknown group": (3, ["calc", "nrr", "{accounts}", "--by", "plan"], ["plan", "segment"]),
    "an unknown column": (3, ["calc", "nrr", "{accounts}", "--map", "starting_mrr=nope"], ["nope", "segment"]),
    "a period outside": (3, ["calc", "nrr", "{ledger}", "--as-of", "2031-01"], ["2031-01", "2024-01 to 2025-02"]),
    "an unknown metric": (2, ["calc", "nnr", "{accounts}"], ["no metric 'nnr'", "did you mean", "nrr"]),
    "a term that is no metric": (2, ["calc", "churn", "{accounts}"], ["'churn' (Churn) is a term"]),
    "no metric": (2, ["calc", ",", "{accounts}"], ["calc needs a metric"]),
    "an unknown option": (2, ["lookup", "nrr", "--no-such"], ["--no-such"]),
    "an unknown command": (2, ["compute"], ["compute"]),
    "an unknown format": (2, ["lookup", "nrr", "-f", "xml"], ["xml", "jsonl"]),
    "no words": (2, ["lookup", " "], ["lookup needs a term"]),
    "no queries": (2, ["lookup", "-"], ["lookup needs a term"]),
    "a limit of nothing": (2, ["lookup", "nrr", "--limit", "0"], ["--limit"]),
    "a window of nothing": (2, ["calc", "nrr", "{ledger}", "--window", "0"], ["'0' is no window", "12m"]),
    "a window of words": (2, ["calc", "nrr", "{ledger}", "--window", "long"], ["'long' is no window"]),
    "a rubbish period": (2, ["calc", "nrr", "{ledger}", "--as-of", "rubbish"], ["'rubbish' is no period", "2026-10"]),
    "a 13th month": (2, ["calc", "nrr", "{ledger}", "--as-of", "2024-13"], ["'2024-13' is no period"]),
    "an unknown step": (2, ["calc", "nrr", "{ledger}", "--every", "decade"], ["decade", "quarter"]),
    "an unknown role": (2, ["calc", "nrr", "{accounts}", "--map", "starting=A"], ["'starting' is no role"]),
    "a map of nothing": (2, ["calc", "nrr", "{accounts}", "--map", "account"], ["--map takes ROLE=COLUMN"]),
    "an unknown shape": (2, ["calc", "nrr", "{accounts}", "--shape", "round"], ["round"]),
    "a value that is none": (2, ["calc", "nrr", "--set", "starting=lots"], ["'lots' is not a number"]),
    "a value twice": (2, ["calc", "nrr", "--set", "starting=1", "--set", "starting=2"], ["stands twice"]),
    "a value no metric uses": (2, ["calc", "nrr", "--set", "stripes=1"], ["stripes"]),
    "groups of values": (2, ["calc", "nrr", "--set", "starting=1", "--by", "segment"], ["--by"]),
}


@pytest.mark.parametrize(("code", "args", "words"), WRONG.values(), ids=WRONG)
def test_what_is_asked_wrongly_is_refused_in_a_few_plain_lines(
    cstool: Run, accounts: str, ledger: str, tmp_path: Path, code: int, args: list[str], words: list[str]
) -> None:
    filled = [arg.format(accounts=accounts, ledger=ledger, folder=tmp_path) for arg in args]
    ran = cstool(*filled)
    refused(ran.code, ran.out, ran.err, code)
    assert all(word in ran.err for word in words), ran.err


@pytest.mark.parametrize("form", ["json", "csv", "md"])
def test_an_error_leaves_stdout_empty_in_every_format(cstool: Run, write: Write, form: str) -> None:
    file = write("word.csv", "account,starting_mrr,ending_mrr\nA,10,x\n")
    ran = cstool("calc", "nrr", file, "-f", form)
    if form == "json":  # told as json, too
        refused(ran.code, ran.out, f"cstool: {json.loads(ran.err)['error']}", 3)
    else:
        refused(ran.code, ran.out, ran.err, 3)


# streams


def test_help_and_version_go_to_stdout(cstool: Run) -> None:
    ran = cstool("--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Exit codes: 0 done; 1 nothing found" in ran.out
    assert all(command in ran.out for command in ("lookup", "diff", "calc", "glossary"))
    ran = cstool("--version")
    assert (ran.code, ran.err, ran.out.split()[0]) == (0, "", "cstool")
    assert cstool("calc", "--help").code == 0


def test_quiet_leaves_only_errors_on_stderr(cstool: Run, write: Write) -> None:
    ledger = write("ledger.csv", LEDGER)
    assert cstool("calc", "nrr", ledger, "--window", "12m").err != ""
    assert cstool("calc", "nrr", ledger, "--window", "12m", "--quiet").err == ""
    assert cstool("lookup", "gros", "revenue", "retantion", "--quiet").err == ""
    assert cstool("lookup", "photosynthesis", "-q").err == ""
    assert cstool("calc", "nnr", ledger, "--quiet").err.startswith("cstool: ")


def test_nothing_forces_colour_into_a_pipe(cstool: Run, accounts: str) -> None:
    env = dict.fromkeys(("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "CLICOLOR_FORCE", "TTY_COMPATIBLE"), "1")
    env |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for args in (["--help"], ["lookup", "nrr"], ["calc", "nrr", accounts], ["lookup", "--no-such"], ["calc", "nnr"]):
        ran = cstool(*args, env=env)
        assert "\x1b" not in ran.out + ran.err


def test_in_a_pipe_no_line_is_cut_or_wrapped_whatever_the_terminal(cstool: Run) -> None:
    narrow = cstool("lookup", "nrr", env={"COLUMNS": "40"})
    assert narrow.out == cstool("lookup", "nrr").out
    assert "…" not in narrow.out
    assert max(len(line) for line in narrow.out.splitlines()) > 150


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "utf-16"},
    ],
    ids=lambda env: next(iter(env)) + env.get("PYTHONIOENCODING", ""),
)
def test_no_locale_makes_a_character_an_error_and_programs_read_utf8(
    cstool: Run, write: Write, env: dict[str, str]
) -> None:
    file = write("a.csv", "account,segment,starting_mrr,ending_mrr\nA,Zürich 東京 🎉,10,5\n")
    args = ("calc", "nrr", file, "--by", "segment", "-f")
    if env.get("PYTHONIOENCODING", "ascii") == "ascii":
        ran = cstool(*args, "table", env=env)
        assert (ran.code, ran.err) == (0, "")
        assert "Z\\xfcrich" in ran.out
    for form, text in (("json", '"segment": "Zürich 東京 🎉"'), ("csv", "Zürich 東京 🎉,0.5\n")):
        ran = cstool(*args, form, env=env)
        assert ran.code == 0
        assert text in ran.out


@pytest.mark.parametrize("form", FORMATS)
def test_a_reader_who_leaves_is_no_error(form: str) -> None:
    """More is printed than a pipe holds, and nobody reads past the first line."""
    queries = 1200 if form in ("csv", "tsv", "value") else 300
    code, err = left_after("head -n 1", "lookup", "-", "-f", form, stdin="nrr\n" * queries)
    assert (code, err) == (141, "")


def test_a_reader_who_never_reads_is_no_error() -> None:
    for args in (["lookup", "nrr"], ["--help"], ["glossary", "path"]):
        assert left_after("true", *args) == (141, "")


def test_only_a_reader_of_the_output_who_leaves_ends_the_command() -> None:
    """Any other pipe or socket, as that to Spark, is for whoever writes to it."""
    script = (
        "import contextlib, socket, cstool.cli; cstool.cli._settle_streams(); ours, theirs = socket.socketpair();"
        "theirs.close(); whole = contextlib.suppress(BrokenPipeError)\nwith whole: ours.send(b'x')\nprint('went on')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert (done.returncode, done.stdout) == (0, "went on\n"), done.stderr


def test_a_master_of_spark_without_spark_is_refused(cstool: Run) -> None:
    ran = cstool("calc", "nrr", "a.csv", "--spark-master", "local[2]")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "cstool: --spark-master names where --engine spark runs, and that is not asked for\n"


def test_a_full_disk_is_told_in_a_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*CSTOOL, "lookup", "nrr"], stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, check=False
        )
    assert (done.returncode, done.stderr) == (3, b"cstool: cannot write: No space left on device\n")


@pytest.mark.parametrize(
    ("streams", "args", "code"),
    [
        ("<&-", "lookup -", 2),
        (">&-", "lookup nrr", 0),
        ("2>&-", "lookup photosynthesis", 1),
        ("<&- >&- 2>&-", "lookup nrr -f json", 0),
    ],
)
def test_a_closed_stream_breaks_nothing(streams: str, args: str, code: int) -> None:
    script = f"{shlex.join(CSTOOL)} {args} {streams}"
    done = subprocess.run(
        ["bash", "-c", script], stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_queries_in_any_bytes_are_answered(cstool: Run, encoding: str) -> None:
    stdin = "Zürich\n".encode() + b"caf\xe9\nnrr\n"
    ran = cstool("lookup", "-", "-f", "jsonl", stdin=stdin, env={"PYTHONIOENCODING": encoding})
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert [record["query"] for record in records] == ["Zürich", "caf\\xe9", "nrr"]
    assert [len(record["matches"]) for record in records] == [0, 0, 1]


def test_without_a_command_the_help_is_shown(cstool: Run) -> None:
    for args, heading in (([], "Numbers"), (["glossary"], "Commands")):
        ran = cstool(*args)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("Usage: cstool")
        assert f"\n{heading}:\n" in ran.err


def test_an_interrupt_ends_quietly_with_130() -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen([*CSTOOL, "lookup", "-"], stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT)
    assert process.stdin
    # Once more than a pipe holds is taken, the command is known to be reading.
    process.stdin.write(b"\n" * 300_000)
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


def left_after(reader: str, *args: str, stdin: str = "") -> tuple[int, str]:
    """The command's exit code and stderr when it prints into a reader that soon leaves."""
    script = f"{shlex.join([*CSTOOL, *args])} | {reader} >/dev/null; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], input=stdin, capture_output=True, text=True, env=ENVIRONMENT, timeout=240, check=False
    )
    return done.returncode, done.stderr


# data is text


GROUPS = ["\x1b[31mred[bold]x[/b]", "<b>|*y*", "=1+2", "a\x9bJ\u202e"]
HOSTILE = "account,segment,starting_mrr,ending_mrr\n" + "".join(f"{name[-1]},{name},10,5\n" for name in GROUPS)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_in_data_acts_on_a_terminal(cstool: Run, write: Write, form: str) -> None:
    ran = cstool("calc", "nrr", write("x.csv", HOSTILE), "--by", "segment", "-f", form, "--explain")
    assert ran.code == 0
    assert not {"\x1b", "\x9b", "\u202e"} & set(ran.out + ran.err)


def test_escapes_and_markup_in_data_are_text(cstool: Run, write: Write) -> None:
    args = ("calc", "nrr", write("x.csv", HOSTILE), "--by", "segment", "-f")
    table = cstool(*args, "table").out
    assert all(text in table for text in ("\\x1b[31mred[bold]x[/b]", "=1+2", "<b>|*y*", "a\\x9bJ\\u202e"))
    assert [row["segment"] for row in cstool(*args, "json").json] == GROUPS
    assert r"\<b\>\|\*y\*" in cstool(*args, "md").out
    assert "\n'=1+2,0.5\n" in cstool(*args, "csv").out
    assert "\n'=1+2\t0.5\n" in cstool(*args, "tsv").out
    assert "\n=1+2,0.5\n" in cstool(*args, "csv", "--raw").out


def test_hostile_names_on_the_command_line_and_in_headers_are_text(cstool: Run, write: Write) -> None:
    file = write("x.csv", 'account,"=\x1b[2Jx",starting_mrr,ending_mrr\nA,y,10,5\n')
    for args in (
        ["lookup", "\x1b[2J"],
        ["calc", "\x1b[2J", file],
        ["calc", "nrr", "\x1b[2J.csv"],
        ["calc", "nrr", file, "--by", "no\x1b[2J"],
        ["calc", "nrr", file, "--by", "=\x1b[2Jx", "-f", "csv"],
        ["diff", "\x1b[2J", "nrr"],
        ["lookup", "nrr", "--glossary", "\x1b[2J"],
    ):
        ran = cstool(*args)
        assert "\x1b" not in ran.out + ran.err
        assert "\\x1b[2J" in ran.out + ran.err
