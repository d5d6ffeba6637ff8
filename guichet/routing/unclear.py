"""What citizens said that matched no matter: kept masked, grouped by what is alike, with a suggestion. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz

from guichet.core.ids import ContactId
from guichet.core.language import Language
from guichet.core.text import fold

ALIKE = 75.0
"""Likeness, of 100, of two texts' words from which they are put together."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A text that was not understood, as it may be kept: `turn` of a contact, the channel it came by."""

    contact: ContactId
    turn: int
    channel: str
    language: Language
    at: datetime
    text: str

    @property
    def id(self) -> str:
        """What names it on a command line."""
        return f"{self.contact}:{self.turn}"


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that are alike, latest first, and the matter that most of them are nearest to, if any."""

    suggestion: str | None
    texts: tuple[Unclear, ...]


def grouped(texts: Sequence[Unclear], nearest: Callable[[str], str | None]) -> tuple[Group, ...]:
    """Put texts together that share most of their words, in one language; the largest group first.

    `nearest` names the likeliest matter of a text, even where that is not sure at all.
    """
    groups: list[list[Unclear]] = []
    firsts: list[str] = []
    for text in sorted(texts, key=lambda one: (one.at, one.id), reverse=True):
        words = f"{text.language} {fold(text.text)}"
        place = next((at for at, first in enumerate(firsts) if _alike(words, first)), None)
        if place is None:
            groups.append([text])
            firsts.append(words)
        else:
            groups[place].append(text)
    found = [Group(_most(nearest, group), tuple(group)) for group in groups]
    return tuple(sorted(found, key=lambda group: -len(group.texts)))


def _alike(one: str, other: str) -> bool:
    """Compare two texts of one language; the order of words does not matter."""
    return one[:3] == other[:3] and fuzz.token_sort_ratio(one[3:], other[3:], score_cutoff=ALIKE) >= ALIKE


def _most(nearest: Callable[[str], str | None], group: Sequence[Unclear]) -> str | None:
    """Return the matter that most texts of a group are nearest to."""
    found = Counter(matter for text in group if (matter := nearest(text.text)) is not None)
    return found.most_common(1)[0][0] if found else None
