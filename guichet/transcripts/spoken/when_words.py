"""The words of a wish for a time: numbers as digits, each idea as one word; for `when_day` and `when_hours`. Pure."""

import re
from datetime import timedelta

from guichet.core.language import Language
from guichet.transcripts.spoken.calendar_words import days_of_month
from guichet.transcripts.spoken.cardinals import cardinals_at
from guichet.transcripts.spoken.said import said

_ONE_WORD = {
    Language.FR: (
        (r"apres demain", "surlendemain"),
        (r"(?:apres midi|aprem)", "aprem"),
        (r"aujourd hui", "aujourdhui"),
        (r"(?:entre )?midi et (?:2|14)(?: heures)?", "dejeuner"),
        (r"moins le quart", "moins15"),
        (r"et quart", "15"),
        (r"et demie?", "30"),
        (r"(\d+) ?h\b", r"\1 heures"),
        (r"heure\b", "heures"),
    ),
    Language.EN: (
        (r"(?:the )?day after tomorrow", "overmorrow"),
        (r"([ap]) m\b", r"\1m"),
        (r"o clock", ""),
        (r"half past (\d+)", r"\1 30"),
        (r"quarter past (\d+)", r"\1 15"),
        (r"quarter to (\d+)", r"\1 minus15"),
        (r"(?:noon|midday)\b", "12 pm"),
        (r"lunch ?time", "lunch"),
    ),
}
_SOON = {
    Language.FR: r"\b(?:tout de suite|maintenant|des que possible|le plus (?:tot|vite) possible|immediatement)\b",
    Language.EN: r"\b(?:right away|now|as soon as (?:possible|you can)|immediately|straight away)\b",
}
_DELAY = {
    Language.FR: r"\bdans (?:une? |1 )?(\d+|demie?) (heures?|minutes?)",
    Language.EN: r"\bin (?:about )?(?:an? )?(\d+|half an|half)? ?(hours?|minutes?)\b",
}


def plain_words(text: str, language: Language) -> str:
    """Return the words in lower case without accents, numbers as digits (`quatorze heures` is `14 heures`)."""
    words, place, plain = said(text, language).words, 0, []
    while place < len(words):
        end, written = _number_at(words, place, language)
        plain.append(written)
        place = end
    joined = " ".join(plain)
    for said_so, one_word in _ONE_WORD[language]:
        joined = re.sub(rf"\b{said_so}", one_word, joined)
    return " ".join(joined.split())


def _number_at(words: tuple[str, ...], place: int, language: Language) -> tuple[int, str]:
    """Return the longest number at a place as digits, ordinals too; else the word there."""
    found = dict(cardinals_at(words, place, language)) if words[place] not in ("a", "o") else {}
    ordinals = days_of_month(language)
    for end in range(place + 1, min(place + 2, len(words)) + 1):
        day = ordinals.get(words[place:end])
        if day is not None:
            found[end] = day
    if not found:
        return place + 1, words[place]
    end = max(found)
    return end, str(found[end])


def soon_said(words: str, language: Language) -> timedelta | None:
    """Return how long from now, if that was said: nothing for `tout de suite`, an hour for `dans une heure`."""
    if re.search(_SOON[language], words):
        return timedelta()
    delay = re.search(_DELAY[language], words)
    if delay is None:
        return None
    amount, unit = delay.groups()
    minutes = 60 if unit.startswith("h") else 1
    if amount and amount.isdigit():
        return timedelta(minutes=min(int(amount), 1440) * minutes)
    return timedelta(minutes=minutes // 2 if amount else minutes)
