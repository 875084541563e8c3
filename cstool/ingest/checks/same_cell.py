"""Whether a cell as it is written is a value as it was read, for telling where a row stands."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation


def same_cell(text: str, value: object) -> bool:
    """Whether a trimmed cell may have been read as the value; what cannot be compared (yes and no) may."""
    if value is None:
        return not text
    if isinstance(value, str):
        return text == value
    if isinstance(value, bool):
        return bool(text)
    if isinstance(value, date):
        return _is_moment(text, value if isinstance(value, datetime) else datetime(value.year, value.month, value.day))
    return _number(text) == Decimal(str(value))


def _number(text: str) -> Decimal | None:
    """A number as people write it, any thousands marks left out; a percentage as its share."""
    bare = re.sub(r"[^\d.,+-]", "", text)
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    try:
        number = Decimal(bare.replace(",", ""))
    except InvalidOperation:
        return None
    return number / 100 if text.endswith("%") else number


def _is_moment(text: str, moment: datetime) -> bool:
    """Whether a text may stand for a moment: exactly where it is ISO, else by its year and day."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        numbers = [int(digits) for digits in re.findall(r"\d+", text)]
        seconds = (moment - datetime(1970, 1, 1)).total_seconds()
        year, day = moment.year in numbers or moment.year % 100 in numbers, moment.day in numbers
        return (year and day) or int(seconds) in numbers
    if found.tzinfo:
        found = found.astimezone(UTC).replace(tzinfo=None)
    return found == moment
