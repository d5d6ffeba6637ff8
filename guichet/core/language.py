"""The languages Guichet speaks, and texts that exist in each. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language of the service (ISO 639-1)."""

    FR = "fr"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text that a citizen, agent or supervisor may meet, in both languages."""

    fr: str
    en: str

    def to(self, language: Language) -> str:
        """Return the text in that language."""
        match language:
            case Language.FR:
                return self.fr
            case Language.EN:
                return self.en

    def format(self, **values: object) -> "Bilingual":
        """Fill the same placeholders in both languages."""
        return Bilingual(self.fr.format(**values), self.en.format(**values))


def counted(count: int, one: Bilingual, several: Bilingual) -> Bilingual:
    """Return a text about so many things, `{count}` filled in; in French zero is singular too, in English one alone."""
    return Bilingual((one if count < 2 else several).fr, (one if count == 1 else several).en).format(count=count)
