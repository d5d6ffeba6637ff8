"""The words of a wish for a time: numbers as digits, each idea as one word; for `when_day` and `when_hours`. Pure."""

import re
from datetime import timedelta

from guichet.core.language import Language
from guichet.transcripts.spoken.calendar_words import days_of_month
from guichet.transcripts.spoken.cardinals import cardinals_at
from guichet.transcripts.spoken.said import said
from guichet.transcripts.spoken.when_written import in_words

_ONE_WORD = {
    Language.FR: (
        (r"apres demain", "surlendemain"),
        (r"(?:apres midi|aprem)", "aprem"),
        (r"aujourd hui", "aujourdhui"),
        (r"(?:entre )?midi et (?:2|14)(?: heures)?", "dejeuner"),
        (r"apres (?:le )?(?:travail|boulot|taf)", "apres 17 heures"),
        (r"apres (?:l )?ecole", "apres 16 heures 30"),
        (r"apres (?:manger|(?:le )?(?:repas|dejeuner))", "apres 13 heures 30"),
        (r"moins le quart", "moins15"),
        (r"et quart", "15"),
        (r"et demie?", "30"),
        (r"(\d+) ?h\b", r"\1 heures"),
        (r"heure\b", "heures"),
        (r"(?<!de )(?<!entre )(\d+ heures(?: [0-5]\d)?) a (\d+ heures)\b", r"de \1 a \2"),
    ),
    Language.EN: (
        (r"(?:the )?day after tomorrow", "overmorrow"),
        (r"([ap]) m\b", r"\1m"),
        (r"(?:at )?(\d+) o clock", r"at \1"),
        (r"(\d+) ?h(?: ([0-5]\d))?\b", r"at \1 \2"),
        (r"(\d{1,2}(?: [0-5]\d)?) (?:in the morning)", r"\1 am"),
        (r"(\d{1,2}(?: [0-5]\d)?) (?:in the (?:afternoon|evening)|at night)", r"\1 pm"),
        (r"after (?:work|hours)", "after 5 pm"),
        (r"after school", "after 4 pm"),
        (r"after lunch", "after 1 30 pm"),
        (r"(?<!from )(?<!between )(\d{1,2}(?: [0-5]\d)?(?: ?[ap]m)?) to (\d{1,2}\b)", r"from \1 to \2"),
        (r"half past (\d+)", r"\1 30"),
        (r"quarter past (\d+)", r"\1 15"),
        (r"quarter to (\d+)", r"\1 minus15"),
        (r"(?:noon|midday)\b", "12 pm"),
        (r"lunch ?time", "lunch"),
    ),
}
_SOON = {
    Language.FR: (
        r"\b(?:tout de suite|maintenant|des que (?:possible|vous pouvez)|(?:le|au) plus (?:tot|vite|rapidement)"
        r"|immediatement|d ici (?:1 |une? )?(?:\d+ )?(?:demie? )?(?:heures|minutes))\b"
    ),
    Language.EN: r"\b(?:right away|now|as soon as (?:possible|you can)|immediately|straight away|within the hour)\b",
}
_DELAY = {
    Language.FR: r"\bdans (?:une? |1 )?(\d+|demie?) (heures?|minutes?)(?: ([0-5]\d)\b)?",
    Language.EN: r"\bin (?:about )?(?:an? )?(\d+|half an|half)? ?(hours?|minutes?)()\b",
}
_ANY_TIME = re.compile(
    r"\b(?:quand vous (?:voulez|pouvez|voudrez|pourrez)|n importe (?:quand|quel moment|quelle heure)|peu importe"
    r"|toute la journee|any ?time|whenever|all day)\b"
)


def plain_words(text: str, language: Language) -> str:
    """Return the words in lower case without accents, numbers as digits (`quatorze heures` is `14 heures`)."""
    words, place, plain = said(in_words(text, language), language).words, 0, []
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
    amount, unit, more = delay.groups()
    minutes = 60 if unit.startswith("h") else 1
    if amount and amount.isdigit():
        return timedelta(minutes=min(int(amount), 1440) * minutes + int(more or 0))
    return timedelta(minutes=minutes // 2 if amount else minutes)


def says_any_time(words: str) -> bool:
    """Whether any time will do: it means something where no day and no hour is named."""
    return _ANY_TIME.search(words) is not None
