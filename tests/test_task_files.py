"""Whatever stands in a task, its line and its event are one, and are read back as the same."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstool.plays.due import DueRule, due_day, due_rule
from cstool.plays.earlier import read_earlier
from cstool.plays.tasks import Task, task_id
from cstool.render.calendar import as_calendar
from cstool.render.taskwarrior import as_taskwarrior
from cstool.render.todo import as_todo

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("+1 workday", "2026-11-30"),
        ("+1 day", "2026-11-28"),
        ("+2 weeks", "2026-12-11"),
        ("+21 workdays", "2026-12-29"),  # over Christmas Day
        ("renewal_date - 60 days", "2026-12-02"),
        ("renewal_date - 2 workdays", "2027-01-28"),
        ("renewal_date + 1 month", "2027-02-28"),
        ("renewal_date - 11 months", "2026-02-28"),
        ("renewal_date", "2027-01-31"),
    ],
)
def test_a_due_day_is_counted_from_the_run_or_a_column(text: str, due: str) -> None:
    rule = due_rule(text)
    start = date(2027, 1, 31) if rule.column else DAY
    assert str(due_day(rule, start, {date(2026, 12, 25)})) == due


@pytest.mark.slow
@given(st.integers(0, 60), st.integers(-400, 400), st.sets(st.integers(-300, 300), max_size=20))
@settings(max_examples=200, deadline=None)
def test_workdays_are_those_that_are_counted_one_by_one(first: int, number: int, free: set[int]) -> None:
    start = DAY + timedelta(days=first)
    holidays = {DAY + timedelta(days=day) for day in free}
    day = start
    for _ in range(abs(number)):
        day += timedelta(days=1 if number > 0 else -1)
        while day.weekday() > 4 or day in holidays:
            day += timedelta(days=1 if number > 0 else -1)
    assert due_day(DueRule("", number, "workday"), start, holidays) == day


def test_an_id_depends_on_the_play_what_it_is_made_once_for_and_the_text() -> None:
    first = task_id("renewal at risk", ["Acme", date(2026, 12, 20)], "Call {account}")
    assert first == "fbd27aae-bff8-5af0-bcec-d288c75bb150"  # files of earlier runs hold it
    others = [
        task_id("renewal at risk", ["Acme", date(2026, 12, 21)], "Call {account}"),
        task_id("renewal", ["at risk", "Acme", date(2026, 12, 20)], "Call {account}"),
        task_id("renewal at risk", ["Acme", date(2026, 12, 20)], "Call {account}!"),
    ]
    assert len({first, *others}) == 4


@pytest.mark.slow
@given(st.text(), st.text(), st.text(), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_one_line_and_one_event(
    tmp_path_factory: pytest.TempPathFactory, name: str, play: str, owner: str, due: date
) -> None:
    icalendar = pytest.importorskip("icalendar")
    id_ = task_id(play, [name], "Call")
    task = Task(id_, play, name, name, due, owner, "A", name, DAY, play)
    file = tmp_path_factory.mktemp("tasks") / "todo.txt"
    file.write_text(as_todo([task, task._replace(id=task_id("", [], ""), task="last")]), "utf-8", newline="")
    assert len(file.read_bytes().splitlines()) == 2
    earlier = read_earlier(str(file), date.max)
    assert (next(iter(earlier.open)), earlier.others, earlier.done) == (id_, 0, frozenset())
    assert earlier.open[id_].due == due
    assert earlier.open[id_].made == DAY
    raw = as_calendar([task]).encode()
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    (event,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert (str(event["UID"]), event.decoded("DTSTART")) == (id_, due)
    assert len(json.loads(as_taskwarrior([task]))) == 1
