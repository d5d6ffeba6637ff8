"""Reads texts for citizens, which exist in both languages, and the blanks left in them. Pure."""

import re
from collections.abc import Collection

from guichet.core.language import Bilingual
from guichet.routing.document import Item

_BLANK = re.compile(r"\{([^{}]*)\}")
TEXT_KEYS = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}


def bilingual(item: Item, blanks: Collection[str] = ()) -> Bilingual:
    """Read a text in both languages; `blanks` are the names that may stand in braces."""
    if item.is_text:
        raise item.wrong(
            "il faut le texte en deux langues : « {fr: …, en: …} »",
            "the text is needed in two languages: '{fr: …, en: …}'",
        )
    fields = item.fields(TEXT_KEYS)
    for language, french, english in (("fr", "français", "French"), ("en", "anglais", "English")):
        if language not in fields or not fields[language].text():
            raise item.wrong(
                f"il manque le texte en {french} ({language})", f"the {english} text ({language}) is missing"
            )
    for part in fields.values():
        _check_blanks(part, blanks)
    return Bilingual(fields["fr"].text(), fields["en"].text())


def _check_blanks(item: Item, blanks: Collection[str]) -> None:
    for name in _BLANK.findall(item.text()):
        if name not in blanks:
            known = ", ".join(f"{{{blank}}}" for blank in blanks)
            fr, en = (f" ; on peut écrire {known}", f"; {known} may be used") if known else ("", "")
            raise item.wrong(f"champ à remplir inconnu {{{name}}}{fr}", f"unknown blank {{{name}}}{en}")


def filled(text: Bilingual, **blanks: Bilingual) -> Bilingual:
    """Fill the blanks, in each language with its own words."""
    fr, en = text.fr, text.en
    for name, value in blanks.items():
        fr, en = fr.replace(f"{{{name}}}", value.fr), en.replace(f"{{{name}}}", value.en)
    return Bilingual(fr, en)
