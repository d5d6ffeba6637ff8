"""The hours in a wish for a time. Pure."""

import re
from datetime import time

from guichet.core.language import Language

Span = tuple[time, time]
"""From when to when on one day."""
WHOLE_DAY: Span = (time(0, 0), time(23, 59))
_LAST = 23 * 60 + 59
_PARTS = {
    Language.FR: (
        (r"fin (?:de |d )?(?:la |l )?(?:matin|matinee)", (600, 720)),
        (r"debut (?:de |d )?(?:la |l )?(?:matin|matinee)", (480, 600)),
        (r"debut (?:de |d )?(?:l )?aprem", (720, 900)),
        (r"fin (?:de |d )?(?:l )?aprem|fin de journee", (960, 1140)),
        (r"matin|matinee", (480, 720)),
        (r"aprem", (720, 1080)),
        (r"soir|soiree", (1080, 1260)),
        (r"dejeuner", (720, 840)),
        (r"tot(?! possible)", (480, 600)),
        (r"(?<!plus )tard", (960, 1140)),
    ),
    Language.EN: (
        (r"late (?:in the )?morning", (600, 720)),
        (r"early (?:in the )?morning", (480, 600)),
        (r"early (?:in the )?afternoon", (720, 900)),
        (r"late (?:in the )?afternoon|end of the day", (960, 1140)),
        (r"morning", (480, 720)),
        (r"afternoon", (720, 1080)),
        (r"evening|tonight", (1080, 1260)),
        (r"lunch", (720, 840)),
        (r"early|(?:first|1) thing", (480, 600)),
        (r"late", (960, 1140)),
    ),
}
"""Parts of the day in minutes from midnight."""
_HOUR = {
    Language.FR: r"(midi|\d{1,2})(?: heures)?(?: ([0-5]?\d|moins15)\b)?()",
    Language.EN: r"(\d{1,2})(?: ([0-5]\d|minus15)\b)?(?: ([ap]m)\b)?",
}
"""An hour, its minutes, and in English its half of the day: three groups everywhere."""
_AFTER = {
    Language.FR: r"(?:(?<!pas )apres|a partir de|a partir|des|(?<!pas )plus tard que|pas avant)",
    Language.EN: r"(?:(?<!not )after|from|past|not before|(?<!no )(?<!not )later than)",
}
_BEFORE = {
    Language.FR: r"(?:(?<!pas )avant|jusqu a|jusque|(?:au )?plus tard a|au plus tard|pas plus tard que|pas apres)",
    Language.EN: r"(?:(?<!not )before|until|till|by|(?:no|not) later than|not after)",
}
_ABOUT = {Language.FR: r"(?:vers|autour de|aux alentours de|environ)", Language.EN: r"(?:around|about)"}
_BETWEEN = {Language.FR: ((r"entre", r"et"), (r"de", r"a")), Language.EN: ((r"between", r"and"), (r"from", r"to"))}
_AT = {
    Language.FR: r"\b(?:a )?(midi|\d{1,2}(?= heures))(?: heures)?(?: ([0-5]?\d|moins15)\b)?()",
    Language.EN: (
        r"\bat (\d{1,2})(?: ([0-5]\d|minus15)\b)?(?: ([ap]m)\b)?|\b(\d{1,2}) (30|15|minus15)\b()"
        r"|\b(\d{1,2})(?: ([0-5]\d|minus15)\b)? ([ap]m)\b"
    ),
}


def hours_said(words: str, language: Language) -> Span | None:
    """Return from when to when on a day, if anything was said of it (words from `plain_words`)."""
    part, rest = _part(words, language)
    half = _half(words, part, language)
    limits = _limits(rest, language, half)
    if limits is None:
        return _span(*part) if part else None
    if part is None:
        return _span(*limits)
    starts, ends = max(part[0], limits[0]), min(part[1], limits[1])
    return _span(starts, ends) if starts < ends else _span(*limits)


def _span(starts: int, ends: int) -> Span | None:
    """Return a span of minutes as times, if there is any time in it."""
    if not 0 <= starts < ends:
        return None
    last = min(ends, _LAST)
    return (time(starts // 60, starts % 60), time(last // 60, last % 60)) if starts < last else None


def _part(words: str, language: Language) -> tuple[tuple[int, int] | None, str]:
    """Return the part of the day that was named, in minutes, and the words without it."""
    for pattern, span in _PARTS[language]:
        found = re.search(rf"\b(?:{pattern})\b", words)
        if found is not None:
            return span, f"{words[: found.start()]} {words[found.end() :]}"
    return None, words


def _half(words: str, part: tuple[int, int] | None, language: Language) -> str:
    """Tell which half of the day an hour is in: `am`, `pm`, or nothing if that was not said."""
    if language is Language.EN:
        marks = re.findall(r"\b([ap]m)\b", words)
        if marks:
            return str(marks[-1])
    if part is None:
        return ""
    return "am" if part[1] <= 720 else "pm"


def _limits(words: str, language: Language, half: str) -> tuple[int, int] | None:
    """Return the hours that were said, in minutes from midnight."""
    hour = _HOUR[language]
    for opening, joint in _BETWEEN[language]:
        found = re.search(rf"\b{opening} {hour} {joint} {hour}", words)
        if found is not None:
            return _between(found, half)
    starts = _minutes(re.search(rf"\b{_AFTER[language]} {hour}", words), half)
    ends = _minutes(re.search(rf"\b{_BEFORE[language]} {hour}", words), half)
    if starts is not None or ends is not None:
        return starts or 0, ends or _LAST
    about = _minutes(re.search(rf"\b{_ABOUT[language]} {hour}", words), half)
    if about is not None:
        return max(0, about - 30), about + 30
    at = _minutes(re.search(_AT[language], words), half)
    return None if at is None else (at, at + 60)


def _between(found: re.Match[str], half: str) -> tuple[int, int] | None:
    """Return two hours, the second after the first: `from 11 to 2 pm` begins in the morning."""
    groups = found.groups()
    first, second = groups[:3], groups[3:]
    starts, ends = _clock(first, half), _clock(second, half)
    if starts is None or ends is None:
        return None
    if starts >= ends:
        starts = _clock(first, "am") or 0
    if starts >= ends and ends < 720:
        ends += 720
    return starts, ends


def _minutes(found: re.Match[str] | None, half: str) -> int | None:
    """Return an hour that was found, in minutes from midnight."""
    if found is None:
        return None
    groups = found.groups()
    return next((_clock(groups[n : n + 3], half) for n in range(0, len(groups), 3) if groups[n] is not None), None)


def _clock(groups: tuple[str | None, ...], half: str) -> int | None:
    """Return an hour and its minutes in minutes from midnight; hours from 1 to 6 are in the afternoon unless said."""
    hour = 12 if groups[0] == "midi" else int(groups[0] or 0)
    shown = groups[1] or "0"
    minutes = -15 if shown.endswith("s15") else int(shown)
    own = groups[2] or half
    if hour > 24 or (hour == 24 and minutes > 0):
        return None
    is_afternoon = own == "pm" or (not own and 1 <= hour <= 6)
    if is_afternoon and hour < 12:
        hour += 12
    elif own == "am" and hour == 12:
        hour = 0
    return max(0, hour * 60 + minutes)
