"""How times are written in texts, put into words that are said: `jeu 14-16h`, `30/11`, `tmrw 10ish`. Pure."""

import re
from datetime import date

from guichet.core.language import Language
from guichet.core.text import without_accents
from guichet.transcripts.spoken.calendar_words import month_names, weekdays

_TO = {Language.FR: ("de", "à"), Language.EN: ("from", "to")}
_RANGE = re.compile(
    r"\b(?<![-/.])([01]?\d|2[0-4])( ?[h:] ?[0-5]\d| ?h| ?[ap]m)? ?[-–/] ?([01]?\d|2[0-4])( ?(?:h|:|[ap]m))"
)
_DATE = re.compile(r"\b(?<![-/.\d])([0-3]?\d)/([01]?\d)(?:/(20\d\d|\d\d))?\b(?![/-]| ?h)")
_SCORE = re.compile(r"\W*[1-5]/5\W*")
"""`4/5` alone says how somebody was served."""
_AN_HOUR = r"(?=\.? ?(?:\d|(?:le |au |en )?(?:debut|fin|matin|mat\b|midi|apr|apm|soir|vers|a \d|avant|proch|entre)))"
_AN_ENGLISH_HOUR = (
    r"(?=\.? ?(?:\d|(?:late |early |in the )?(?:morning|afternoon|evening|am\b|pm\b)|around|at \d|after|before|between"
    r"|from|lunch|noon))"
)
_SPELLINGS: dict[Language, tuple[tuple[str, str], ...]] = {
    Language.FR: (
        (r"(?:2|d)m(?:1|ain|in)|dem(?:1|in|ein)|2main|dem(?=\.? ?(?:\d|mat|apr|apm|soir|a ))", "demain"),
        (r"apm|aprm|aprem(?:s|'|idi)?|apres? m(?:i|d)di|am(?= midi)", "aprem"),
        (r"mat", "matin"),
        (r"ajd|auj|aujourdhui|aujourd'?8|oj", "aujourd'hui"),
        (r"asap", "dès que possible"),
        (r"proch", "prochain"),
    ),
    Language.EN: (
        (r"tmrw|tmr|tmw|tomo|2moro|2morrow|tom+or+ow", "tomorrow"),
        (r"(\d{1,2})(?: ?([ap]m))?ish", r"around \1 \2"),
        (r"asap", "as soon as possible"),
        (r"aft|arvo", "afternoon"),
    ),
}
_SHORT_DAYS = {
    Language.FR: {"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "vend": 4, "sam": 5, "dim": 6},
    Language.EN: {
        "mon": 0,
        "tue": 1,
        "tues": 1,
        "wed": 2,
        "weds": 2,
        "thu": 3,
        "thur": 3,
        "thurs": 3,
        "fri": 4,
        "sat": 5,
        "sun": 6,
    },
}
"""Days cut short: words of their own (`la mer`, "the sun"), unless an hour follows."""


def in_words(text: str, language: Language) -> str:
    """Return a text with its figures and short forms of times as they would be said."""
    plain = without_accents(text)
    for written, said in _SPELLINGS[language]:
        plain = re.sub(rf"\b(?:{written})\b", said, plain)
    follows = _AN_HOUR if language is Language.FR else _AN_ENGLISH_HOUR
    names = list(weekdays(language))
    for short, place in _SHORT_DAYS[language].items():
        plain = re.sub(rf"\b{short}\b{follows}", names[place], plain)
    opening, joint = _TO[language]
    plain = _RANGE.sub(lambda found: f"{opening} {_hour(found, 1)} {joint} {_hour(found, 3)}", plain)
    if _SCORE.fullmatch(plain):
        return plain
    return _DATE.sub(lambda found: _date_in_words(found, language), plain)


def _hour(found: re.Match[str], place: int) -> str:
    """Return an hour of a range; the first has its unit of the second: `14-16h`."""
    unit = found[place + 1] or ("h" if found[4].strip() == "h" else "")
    return f"{found[place]}{unit}"


def _date_in_words(found: re.Match[str], language: Language) -> str:
    """Return a date in figures, the day first; what is none stays."""
    day, month = int(found[1]), int(found[2])
    year = f" 20{found[3][-2:]}" if found[3] else ""
    try:
        date(2000, month, day)
    except ValueError:
        return found[0]
    name = month_names(language)[month - 1]
    return f"{day} {name}{year}"
