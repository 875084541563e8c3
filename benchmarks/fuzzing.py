"""What the fuzz scripts share: spoiled bytes, a watch over time and memory, and findings that are kept."""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from cstool.errors import CstoolError

HANG = 10  # seconds of CPU time
_MEMORY = 6 << 30  # so that a fault of one input takes no machine down
# Words of the database, of Python and of compiled libraries, which no message may repeat.
_NOT_OURS = re.compile(
    r"Error:|Exception|Traceback|duckdb|DuckDB|LINE \d|Candidate|VARCHAR|\^$|binder|catalog|panicked|0x[0-9a-f]{6}"
)


class HangError(BaseException):
    """An input took too long."""


def spoiled(chance: random.Random, data: bytes, pieces: Sequence[bytes], times: Sequence[int] = (1, 1, 2, 3)) -> bytes:
    """The bytes with a few pieces put in, taken out, exchanged or repeated."""
    for _ in range(chance.choice(times)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((0, 0, 1, 1, 3, 10, 40)))
        other = chance.randrange(len(data) + 1)
        put = (chance.choice(pieces), b"", bytes([chance.randrange(256)]), data[min(at, other) : max(at, other)][:2000])
        data = data[:at] + chance.choice(put) + data[to:]
    return data


def refused(error: CstoolError) -> str:
    """`refused`, where the error is said in words of our own. Raises AssertionError where it is not."""
    lines = error.lines()
    # What the input itself says is quoted, and is not ours to choose.
    if any("\n" in line or _NOT_OURS.search(re.sub("'[^']*'|\"[^\"]*\"", "''", line)) for line in lines):
        raise AssertionError(f"no plain message: {lines}") from error
    return "refused"


def fuzz(doc: str, ending: str, attempt: Callable[[random.Random], tuple[bytes, Callable[[], str]]]) -> int:
    """Runs the attempts, each an input and what to do with it; keeps those that fail. The exit code."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGPROF, _hangs)
    outcomes: Counter[str] = Counter()
    began = time.monotonic()
    for i in range(asked.inputs):
        data, run = attempt(random.Random(f"{asked.seed} {i}"))
        used = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, HANG)
        try:
            outcomes[run()] += 1
        except CstoolError as error:
            found = _outcome(error)
            outcomes[found[0]] += 1
            if found[1]:
                _keep(asked.keep, f"{asked.seed}-{i}", ending, data, found[1])
        except BaseException as error:
            signal.setitimer(signal.ITIMER_PROF, 0)
            if isinstance(error, KeyboardInterrupt) and time.process_time() - used < HANG - 1:
                raise
            outcomes["failed"] += 1
            _keep(asked.keep, f"{asked.seed}-{i}", ending, data, traceback.format_exc())
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if i % 100 == 99:
            sys.stderr.write(f"{i + 1} inputs, {dict(outcomes)}, {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(f"{asked.inputs} inputs: {dict(outcomes)}\n")
    return 1 if outcomes["failed"] else 0


def _hangs(*_: object) -> None:
    raise HangError


def _outcome(error: CstoolError) -> tuple[str, str]:
    try:
        return refused(error), ""
    except AssertionError:
        return "failed", traceback.format_exc()


def _keep(folder: Path, name: str, ending: str, data: bytes, trace: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}{ending}").write_bytes(data)
    (folder / f"{name}.txt").write_text(trace, encoding="utf-8")
