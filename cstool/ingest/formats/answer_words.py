"""Words that answers of surveys are given in: whole scales from worst to best, which words praise, and no answers."""

from __future__ import annotations

import re

# By scale, from the worst answer to the best: what each step is called. Small letters.
SCALES: tuple[tuple[str, ...], ...] = (
    (
        "very dissatisfied|extremely dissatisfied|completely dissatisfied|very unsatisfied|extremely unsatisfied"
        "|not at all satisfied",
        "dissatisfied|unsatisfied|somewhat dissatisfied|not satisfied",
        "neutral|neither satisfied nor dissatisfied|neither|ok|okay",
        "satisfied|somewhat satisfied",
        "very satisfied|extremely satisfied|completely satisfied|highly satisfied",
    ),
    (
        "extremely dissatisfied|very dissatisfied",
        "moderately dissatisfied|dissatisfied",
        "slightly dissatisfied|somewhat dissatisfied",
        "neither satisfied nor dissatisfied|neutral",
        "slightly satisfied|somewhat satisfied",
        "moderately satisfied|satisfied",
        "extremely satisfied|very satisfied",
    ),
    ("very unhappy|extremely unhappy", "unhappy", "neutral|ok|okay", "happy", "very happy|extremely happy"),
    ("very poor|very bad|terrible", "poor|bad", "average|fair|neutral|ok|okay", "good", "very good|excellent|great"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("poor", "average", "good", "excellent"),
    ("poor", "fair", "good", "excellent"),
    ("bad|poor|not good", "ok|okay|average|neutral", "good|great"),
    ("negative", "neutral", "positive"),
    ("unhappy", "neutral|ok|okay", "happy"),
    ("bad", "good"),
    ("negative", "positive"),
    ("thumbs down|👎", "thumbs up|👍"),
    ("very difficult|extremely difficult", "difficult", "neutral|neither easy nor difficult|neither", "easy",
     "very easy|extremely easy"),
    ("extremely difficult|very difficult", "difficult", "somewhat difficult|slightly difficult",
     "neutral|neither easy nor difficult|neither", "somewhat easy|slightly easy", "easy", "extremely easy|very easy"),
    ("strongly disagree", "disagree", "neutral|neither agree nor disagree|neither", "agree", "strongly agree"),
    ("strongly disagree", "disagree", "somewhat disagree|slightly disagree",
     "neutral|neither agree nor disagree|neither", "somewhat agree|slightly agree", "agree", "strongly agree"),
    ("sehr unzufrieden", "unzufrieden|eher unzufrieden", "neutral|teils teils|teils/teils|teils-teils|weder noch",
     "zufrieden|eher zufrieden", "sehr zufrieden"),
    ("sehr schlecht", "schlecht", "mittel|neutral|mittelmäßig|okay|ok", "gut", "sehr gut"),
    ("schlecht", "gut"),
    ("très insatisfait|pas du tout satisfait", "insatisfait|plutôt insatisfait|pas satisfait",
     "neutre|ni l'un ni l'autre", "satisfait|plutôt satisfait", "très satisfait"),
    ("mauvais", "bon"),
    ("muy insatisfecho", "insatisfecho", "neutral|ni satisfecho ni insatisfecho", "satisfecho", "muy satisfecho"),
    ("malo", "bueno"),
    ("zeer ontevreden", "ontevreden", "neutraal", "tevreden", "zeer tevreden"),
    ("molto insoddisfatto", "insoddisfatto", "neutro|neutrale", "soddisfatto", "molto soddisfatto"),
    ("muito insatisfeito", "insatisfeito", "neutro", "satisfeito", "muito satisfeito"),
)  # fmt: skip

NO_ANSWERS = frozenset(
    (
        "offered", "unoffered", "not offered", "not rated", "unrated", "no rating", "no answer", "no response",
        "not answered", "unanswered", "skipped", "pending", "don't know", "do not know", "dont know", "not sure",
        "no opinion", "not applicable", "does not apply", "prefer not to say", "prefer not to answer", "keine angabe",
        "k.a.", "k. a.", "weiß nicht", "weiss nicht", "nicht beantwortet", "sans réponse", "sans avis", "ne sait pas",
        "no sé", "no sabe", "no contesta", "ns/nc", "sin respuesta", "geen antwoord", "weet niet", "no aplica",
    )
)  # fmt: skip

_PRAISE = (
    r"satisfied|likely|happy|easy|agree|good|great|excellent|amazing|outstanding|positive|love|best|zufrieden|gut|einfach"
    r"|wahrscheinlich|satisfait|probable|satisfecho|tevreden|waarschijnlijk|soddisfatto|satisfeito|exceeded"
)
_BLAME = (
    r"dissatisfied|unsatisfied|unlikely|unhappy|difficult|hard|disagree|bad|poor|terrible|awful|horrible|negative|hate"
    r"|worst|unzufrieden|schlecht|schwierig|schwer|unwahrscheinlich|insatisfait|improbable|insatisfecho|ontevreden"
    r"|onwaarschijnlijk|insoddisfatto|insatisfeito|mauvais"
)
_NOT = r"\b(?:not|nicht|pas|no|niet|non|não|überhaupt nicht|keineswegs)\b"


def tone(words: str) -> int:
    """1 where words praise, -1 where they blame, 0 where neither or both."""
    text = words.lower()
    if re.search(r"\b(?:neither|nor|weder|neutral|ni)\b", text):
        return 0
    praise, blame = (bool(re.search(rf"\b(?:{one})\b", text)) for one in (_PRAISE, _BLAME))
    if praise is blame:
        return 0
    found = 1 if praise else -1
    return -found if re.search(_NOT, text) else found
