"""What agents write often: texts with places to fill, in both languages. Pure, but for reading the package's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from guichet.console.wording import Wording
from guichet.core.language import Bilingual, Language
from guichet.sms.parts import Encoding, Parts, measure, plain


@dataclass(frozen=True, slots=True)
class Answer:
    """A text to begin with: its name, what it is called, and its words with `{reference}` and `{matter}`."""

    name: str
    title: Bilingual
    words: Bilingual

    def filled(self, language: Language, values: Mapping[str, str]) -> str:
        """Return the words with the places filled in."""
        return self.words.to(language).format(**values)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a text takes: its parts, characters left in the last of them, and the price of all in euros (None: unset).

    `spoils` are the characters that make it cost more than twice as much: those that the plain alphabet lacks.
    """

    parts: Parts
    left: int
    price: float | None
    spoils: Sequence[str]

    def in_words(self, words: Wording) -> str:
        """Say how many parts it takes, what is left in the last, and what they cost."""
        said = words.count("case.parts", self.parts.count, left=self.left)
        if self.price is None:
            return said
        price = f"{self.price:.2f}"
        return f"{said} {words('case.price', price=price.replace('.', ',') if words.language == 'fr' else price)}"

    def spoils_in_words(self, words: Wording) -> str:
        """Say which characters make it dearer; nothing where none does."""
        return words("case.spoils", letters=" ".join(self.spoils)) if self.spoils else ""


_ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}


def measured(text: str, price: float) -> Measured:
    """Measure a text as it would be sent: made plain where that is safe. `price` is that of a part; 0: not known."""
    sent = plain(text)
    parts = measure(sent)
    alone, each = _ROOM[parts.encoding]
    room = alone if parts.count == 1 else each * parts.count
    spoils = sorted({letter for letter in sent if measure(letter).encoding is Encoding.UCS2})
    return Measured(parts, max(0, room - parts.units), price * parts.count if price else None, spoils)


@cache
def packaged() -> Mapping[str, Answer]:
    """Return the texts of the package by their names."""
    text = (files("guichet.console") / "words" / "answers.yaml").read_text("utf-8")
    return {
        name: Answer(name, Bilingual(**one["title"]), Bilingual(**one["words"]))
        for name, one in yaml.load(text, yaml.BaseLoader).items()  # noqa: S506  # every scalar a string
    }
