"""The names of months in the languages that exports are written in, none of which means two months."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

YEARS = (1900, 2199)  # what a date can be meant to be in; later ones are how some systems write "never"
MONTHS = "january february march april may june july august september october november december".split()

# By language, the names of each month. French jui is left out: it may be juin or juillet.
_LANGUAGES = {
    "English": "january,jan february,feb march,mar april,apr may june,jun july,jul august,aug"
    " september,sept,sep october,oct november,nov december,dec",
    "German": "januar,jan,jänner,jaenner,jän februar,febr,feb,feber märz,maerz,mrz,mär april,apr mai juni,jun juli,jul"
    " august,aug september,sept,sep oktober,okt november,nov dezember,dez",
    "French": "janvier,janv,jan février,févr,fév mars,mar avril,avr mai juin,jun juillet,juill,juil,jul août,aoû"
    " septembre,sept,sep octobre,oct novembre,nov décembre,déc",
    "Spanish": "enero,ene febrero,febr,feb marzo,mar abril,abr mayo,may junio,jun julio,jul agosto,ago"
    " septiembre,setiembre,sept,sep,set octubre,oct noviembre,nov diciembre,dic",
    "Italian": "gennaio,genn,gen febbraio,febbr,feb marzo,mar aprile,apr maggio,magg,mag giugno,giu luglio,lug"
    " agosto,ago settembre,sett,set ottobre,ott novembre,nov dicembre,dic",
    "Dutch": "januari,jan februari,feb maart,mrt april,apr mei juni,jun juli,jul augustus,aug"
    " september,sept,sep oktober,okt november,nov december,dec",
    "Portuguese": "janeiro,jan fevereiro,fev março,mar abril,abr maio,mai junho,jun julho,jul agosto,ago"
    " setembro,set outubro,out novembro,nov dezembro,dez",
}
LONGEST = 10  # letters: septiembre


@cache
def by_language() -> Mapping[str, Mapping[str, int]]:
    """The months by their names in small letters, with accents and without them, in each language."""
    return {
        language: {
            written: month
            for month, names in enumerate(listed.split(), 1)
            for name in names.split(",")
            for written in (name, _without_accents(name))
        }
        for language, listed in _LANGUAGES.items()
    }


@cache
def months() -> Mapping[str, int]:
    """The months by their names in all languages."""
    return {name: month for names in by_language().values() for name, month in names.items()}


@cache
def translated() -> frozenset[str]:
    """The names that a parser of English names does not know: those of other languages, and Sept."""
    english = by_language()["English"]
    return frozenset(name for name in months() if english.get(name) is None or name == "sept")


def _without_accents(name: str) -> str:
    return "".join(mark for mark in unicodedata.normalize("NFD", name) if not unicodedata.combining(mark))
