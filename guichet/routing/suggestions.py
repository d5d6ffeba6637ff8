"""What somebody may have meant by a word that is not known: the nearest one, or the words there are. Pure."""

from collections.abc import Collection, Mapping

from rapidfuzz import fuzz, process

from guichet.core.language import Bilingual

NEAR = 70.0
"""Out of a hundred: below it a suggestion has nothing to do with what was written."""
SAME = 80.0
"""From here on a word is taken for the known one, mistyped."""
MOST = 14
"""Words that are listed where none is near."""


def nearest(word: str, known: Collection[str], near: float = NEAR) -> str | None:
    """Return the known word that is nearest to one, if any is near."""
    found = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=near) if known else None
    if found is not None:
        return str(found[0])
    begun = [one for one in known if len(word) > 2 and one.startswith(f"{word}_")] if near < SAME else []
    return begun[0] if len(begun) == 1 else None


def meant(word: str, known: Mapping[str, object] | Collection[str]) -> Bilingual:
    """Say what may have been meant, to follow what is wrong: the nearest word, else which there are.

    Of a mapping (each word to its meaning), French words stand before the English ones of the same meaning.
    """
    near = nearest(word, list(known))
    if near is not None:
        return Bilingual(f" ; vouliez-vous « {near} » ?", f"; did you mean '{near}'?")
    french, english = _by_language(known)
    if not french:
        return Bilingual("", "")
    fr, en = (", ".join(words[:MOST]) + (", …" if len(words) > MOST else "") for words in (french, english))
    return Bilingual(f" ; on peut écrire : {fr}", f"; known: {en}")


def _by_language(known: Mapping[str, object] | Collection[str]) -> tuple[list[str], list[str]]:
    """Return the first word of each meaning, and the last."""
    if not isinstance(known, Mapping):
        return list(known), list(known)
    first: dict[object, str] = {}
    last: dict[object, str] = {}
    for word, meaning in known.items():
        first.setdefault(meaning, word)
        last[meaning] = word
    return list(first.values()), list(last.values())
