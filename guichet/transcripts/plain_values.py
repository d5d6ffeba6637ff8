"""Values of plainly spoken text: digits, yes or no, letters, dates; French and English. Pure.

The simple reading: left to right, the longest words first. What cannot be read this way is None, never a guess.
"""

from contextlib import suppress
from datetime import date
from functools import cache

from guichet.core.language import Language
from guichet.core.text import fold
from guichet.transcripts.number_words import MONTHS, NO, ORDINALS, SPELT, YES, below_hundred

LATEST_SHORT_YEAR = 30
"""A year said as two digits up to this is of the 2000s, beyond it of the 1900s."""

_LETTER_WORDS = {
    Language.EN: {"zed": "Z", "zee": "Z", "x ray": "X", "double u": "W"},
    Language.FR: {"double v": "W", "i grec": "Y"},
}
_LINKS = {Language.EN: (["for"], ["as", "in"], ["like"]), Language.FR: (["comme"],)}


@cache
def _numbers(language: Language) -> dict[tuple[str, ...], int]:
    """Return 0 to 99 by their folded words, and other words for them."""
    table = {tuple(fold(said).split()): value for value, said in enumerate(below_hundred(language))}
    if language is Language.EN:
        return table | {("oh",): 0, ("o",): 0, ("nought",): 0}
    belgian = {("septante",): 70, ("octante",): 80, ("huitante",): 80, ("nonante",): 90, ("quatre", "vingt"): 80}
    units = {fold(word): value for value, word in enumerate(below_hundred(language)[:10])}
    joined = {
        (*ten, *(("et", "un") if unit == 1 else (word,))): value + unit
        for ten, value in belgian.items()
        for word, unit in units.items()
        if unit and len(ten) == 1
    }
    return table | belgian | joined | {("une",): 1}


def _longest(words: list[str], start: int, table: dict[tuple[str, ...], int]) -> tuple[int, int] | None:
    """Return the value of the longest entry at this place, and the number of its words."""
    for length in range(min(4, len(words) - start), 0, -1):
        value = table.get(tuple(words[start : start + length]))
        if value is not None:
            return value, length
    return None


def groups(text: str, language: Language) -> list[str]:
    """Return the numbers of a text as groups of digits: `two hundred and five oh six` is 205, 0, 6."""
    words = fold(text).split()
    found: list[str] = []
    place, times, open_hundred = 0, 1, False
    while place < len(words):
        word = words[place]
        number = _longest(words, place, _numbers(language))
        if number is not None:
            value, length = number
            if open_hundred and value:
                found[-1] = found[-1][:-2] + f"{value:02}"
            else:
                found += [str(value)] * times
            times, open_hundred, place = 1, False, place + length
            continue
        if word.isdecimal():
            found += [word] * times
            times = 1
        elif word in {"hundred", "cent", "cents"}:
            found = [*found[:-1], found[-1] + "00"] if found and len(found[-1]) == 1 else [*found, "100"]
            open_hundred, place = True, place + 1
            continue
        elif word in {"double", "triple"}:
            times = 2 if word == "double" else 3
        open_hundred = open_hundred and word in {"and", "et"}
        place += 1
    return found


def digits(text: str, language: Language) -> str | None:
    """Return the digits of a text, or None without any."""
    return "".join(groups(text, language)) or None


def stray_groups(text: str, language: Language) -> int:
    """Count the groups among mostly single digits: each is more often a digit misheard than a group meant."""
    found = groups(text, language)
    long = sum(len(group) > 1 for group in found)
    return long if len(found) >= 5 and len(found) - long >= 2 * long else 0


def yes_or_no(text: str) -> str | None:
    """Return `yes` or `no`, in either language, or None: neither or both."""
    forms = {tuple(fold(form).split()): 1 for language in Language for form in YES[language]}
    forms |= {tuple(fold(form).split()): 0 for language in Language for form in NO[language]}
    words, place, answers = fold(text).split(), 0, set()
    while place < len(words):
        found = _longest(words, place, forms)
        if found is not None:
            answers.add(found[0])
        place += found[1] if found else 1
    return None if len(answers) != 1 else "yes" if answers == {1} else "no"


def letters(text: str, language: Language) -> str | None:
    """Return the letters of a text in upper case; a name that spells a letter outweighs the letter before it."""
    words, found, place, times = fold(text).split(), "", 0, 1
    names = {fold(name): chr(ord("A") + n) for n, name in enumerate(SPELT[language])}
    while place < len(words):
        pair = " ".join(words[place : place + 2])
        link = next((link for link in _LINKS[language] if words[place : place + len(link)] == link), None)
        special = _LETTER_WORDS[language]
        if link and found and place + len(link) < len(words):
            name = words[place + len(link)]
            found, place = found[:-1] + names.get(name, name[0].upper()), place + len(link) + 1
            continue
        if pair in special:
            found, place = found + special[pair], place + 2
            continue
        word = words[place]
        if word == "double":
            times = 2
        elif (
            letter := special.get(word)
            or names.get(word)
            or (word.upper() if len(word) == 1 and word.isalpha() else "")
        ):
            found, times = found + letter * times, 1
        place += 1
    return found or None


def day(text: str, language: Language) -> str | None:
    """Return the date of a text in ISO 8601, or None: day, month as a word or a number, and year."""
    words = _with_plain_days(fold(text), language).split()
    months = [fold(month) for month in MONTHS[language]]
    at = next((place for place, word in enumerate(words) if word in months), None)
    if at is None:
        return _date(_compact(groups(" ".join(words), language)))
    before, after = groups(" ".join(words[:at]), language), groups(" ".join(words[at + 1 :]), language)
    if not before and after:
        before, after = after[:1], after[1:]
    return _date([*before[-1:], str(months.index(words[at]) + 1), *after])


def _with_plain_days(text: str, language: Language) -> str:
    """Replace ordinal days by plain numbers, and thousands by hundreds as in years."""
    if language is Language.FR:
        text = text.replace("deux mille", "vingt cent").replace("mille neuf cent", "dix neuf ")
        return f" {text} ".replace(" premier ", " un ").replace("vingt cent", "2000 et")
    plain = dict(zip(ORDINALS, below_hundred(language)[1:], strict=False)) | {"thirtieth": "thirty"}
    text = text.replace("two thousand and", "two thousand").replace("two thousand", "2000 et")
    return " ".join(plain.get(word, word) for word in text.split())


def _compact(found: list[str]) -> list[str]:
    """Cut digits said or keyed in one go into day, month and year: `03031985`, or one by one."""
    whole = "".join(found)
    if len(whole) in {6, 8} and (len(found) == 1 or all(len(group) == 1 for group in found)):
        return [whole[:2], whole[2:4], whole[4:]]
    if len(found) >= 5 and [len(group) for group in found[:4]] == [1, 1, 1, 1] and found[0] in "0123":
        return [found[0] + found[1], found[2] + found[3], *found[4:]]
    return _without_zeros(found)


def _without_zeros(found: list[str]) -> list[str]:
    """Join a leading zero to the digit after it: `0, 3` is 03."""
    joined: list[str] = []
    for group in found:
        if joined and joined[-1] == "0" and len(group) == 1:
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _date(parts: list[str]) -> str | None:
    """Make a date of day, month and the groups of a year, if they make one."""
    if len(parts) < 3:
        return None
    year = _year(parts[2:])
    with suppress(ValueError):
        if year is not None:
            return date(year, int(parts[1]), int(parts[0])).isoformat()
    return None


def _year(parts: list[str]) -> int | None:
    """Return the year of its groups: 1985, 19 and 85, 85, 2000 and 5, or digit by digit."""
    if len(parts) == 2 and parts[0] == "2000" and len(parts[1]) <= 2:
        return 2000 + int(parts[1])
    whole = "".join(parts)
    if len(whole) == 4:
        return int(whole)
    if len(whole) == 2:
        return int(whole) + (2000 if int(whole) <= LATEST_SHORT_YEAR else 1900)
    return None
