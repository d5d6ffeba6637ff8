"""A text that is being written, as its writer is told about it: parts, what is left, cost, what makes it dear. Pure."""

from dataclasses import dataclass

from guichet.console.wording import Wording
from guichet.routing.measures_in_words import amount
from guichet.sms.drafting import Draft
from guichet.sms.parts import Encoding, Parts

_ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}
"""Units in a lone part, and in each of several."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is told of a draft; None: nothing has been written."""

    draft: Draft | None

    def in_words(self, words: Wording) -> str:
        """Say how many parts it takes, what is left in the last, and what they cost."""
        if self.draft is None:
            return words("case.parts.none")
        parts = self.draft.parts
        said = words.count("case.parts", parts.count, left=left_in(parts))
        if self.draft.cost is None:
            return said
        price = amount(self.draft.cost, self.draft.currency).to(words.language)
        return f"{said} {words('case.price', price=price)}"

    def dear_in_words(self, words: Wording) -> str:
        """Say which letters make it dearer; nothing where none does."""
        if self.draft is None or not self.draft.dear:
            return ""
        return words("case.dear", letters=" ".join(self.draft.dear))


def left_in(parts: Parts) -> int:
    """Return how many characters the last part still takes."""
    alone, each = _ROOM[parts.encoding]
    room = alone if parts.count == 1 else each * parts.count
    return max(0, room - parts.units)
