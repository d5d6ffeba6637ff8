"""What a text will be and cost before it is sent: for whoever writes one by hand. Pure.

Typography is made plain where the meaning is safe, and that is shown. Accents are never changed: where letters make a
text dearer, the writer is shown which, and the same text without their accents to choose if they like.
"""

import unicodedata
from dataclasses import dataclass

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.routing.measures_in_words import amount
from guichet.routing.texting import Price
from guichet.sms.parts import Encoding, Parts, encoding_of, measure, plain

LONGEST = 1600
"""Characters that the carrier takes for one text."""

_ONE = Bilingual("1 SMS", "1 text")
_SEVERAL = Bilingual("{count} SMS", "{count} texts")


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it would go: how it travels, and its cost in millionths of a unit of the currency (None: not known).

    `replaced` is the typography that is made plain; `dear` the letters that make it dearer, if any, and `cheaper` the
    same text with plain letters in their place, for the writer to choose.
    """

    text: str
    parts: Parts
    cost: int | None
    currency: str | None
    replaced: tuple[str, ...] = ()
    dear: tuple[str, ...] = ()
    cheaper: "Draft | None" = None

    @property
    def said(self) -> Bilingual:
        """Say how many parts it makes, for how much: `2 SMS, 0,15 EUR`."""
        counted = _ONE if self.parts.count == 1 else _SEVERAL.format(count=self.parts.count)
        if self.cost is None:
            return counted
        return Bilingual(
            f"{counted.fr}, {amount(self.cost, self.currency).fr}",
            f"{counted.en}, {amount(self.cost, self.currency).en}",
        )


def draft(written: str, price: Price | None = None) -> Draft:
    """Measure what somebody has written. Raises BadInput for nothing, or for more than one text may hold."""
    text = plain(written).strip()
    if not text:
        raise BadInput("the text is empty: write something to send")
    if len(text) > LONGEST:
        raise BadInput(f"the text has {len(text)} characters and may have {LONGEST}: shorten it, or send two")
    found = _measured(text, price)
    composed = unicodedata.normalize("NFC", written)
    replaced = tuple(dict.fromkeys(letter for letter in composed if plain(letter) != letter))
    return Draft(
        found.text, found.parts, found.cost, found.currency, replaced, dear_letters(text), _cheaper(text, price, found)
    )


def dear_letters(text: str) -> tuple[str, ...]:
    """Return the letters of a text that make it dearer: those which GSM-7 does not have."""
    return tuple(dict.fromkeys(letter for letter in text if encoding_of(letter) is Encoding.UCS2))


def _measured(text: str, price: Price | None) -> Draft:
    parts = measure(text)
    cost = parts.count * price.millionths if price else None
    return Draft(text, parts, cost, price.currency if price else None)


def _cheaper(text: str, price: Price | None, found: Draft) -> Draft | None:
    """Return the text with plain letters in place of dear ones, where that saves parts."""
    if found.parts.encoding is Encoding.GSM7:
        return None
    bare = "".join(letter if encoding_of(letter) is Encoding.GSM7 else _bare(letter) for letter in text)
    other = _measured(bare, price)
    return other if other.parts.count < found.parts.count else None


def _bare(letter: str) -> str:
    """Return a letter without its accent; what is no accented letter stays."""
    bare = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
    return bare or letter
