"""The rules of agents: how long they write up, what they may pause for, when they count as absent. Pure."""

from dataclasses import dataclass
from datetime import timedelta

from guichet.core.language import Bilingual
from guichet.core.text import without_accents

PAUSES = (
    Bilingual("Repas", "Meal"),
    Bilingual("Pause", "Break"),
    Bilingual("Réunion", "Meeting"),
    Bilingual("Formation", "Training"),
)
"""What an agent may pause for, unless the book says otherwise."""


@dataclass(frozen=True, slots=True)
class AgentRules:
    """How agents work. A queue may have a `wrap_up_seconds` of its own.

    `extension_seconds` is what an agent gets who asks for more time, once; 0: nothing. `unanswered` calls in a row set
    an agent away. `text_absent`: whether they are told so by text, besides at the desk.
    """

    wrap_up_seconds: int = 30
    extension_seconds: int = 120
    unanswered: int = 2
    pauses: tuple[Bilingual, ...] = PAUSES
    text_absent: bool = True

    @property
    def extension(self) -> timedelta:
        """How much more time to write up."""
        return timedelta(seconds=self.extension_seconds)

    def pause(self, named: str) -> Bilingual | None:
        """Return the reason of that name, in either language; accents and capitals do not matter."""
        wanted = _plain(named)
        return next((one for one in self.pauses if wanted in {_plain(one.fr), _plain(one.en)}), None)


def _plain(text: str) -> str:
    return without_accents(text.strip())
