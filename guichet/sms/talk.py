"""What is remembered between two messages, and a message as the conversation sees it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guichet.callbacks.slots import Slot
from guichet.core.text import words
from guichet.routing.intent import IntentMatch
from guichet.sms.calls_back import NOTHING_SAID, Said
from guichet.sms.for_another import NO_HELP, Help, Helping
from guichet.sms.keywords import Command

MOST_MISSES = 2
"""Messages that were not understood, after which a person reads them."""
_PICKED = {
    **dict.fromkeys(("1", "un", "one", "premier", "premiere", "first"), 0),
    **dict.fromkeys(("2", "deux", "two", "deuxieme", "second"), 1),
    **dict.fromkeys(("3", "trois", "three", "troisieme", "third"), 2),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What is remembered between two messages: matters asked back, and misses since the last progress.

    `asked` is what was asked about a callback (`time` or `number`), and `reference` of which request; `slots` were
    offered by number; `helping` what we have asked about somebody whom they write for.
    """

    choices: tuple[str, ...] = ()
    misses: int = 0
    asked: str = ""
    reference: str | None = None
    slots: tuple[Slot, ...] = ()
    helping: Helping | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for the contact's file."""
        values: dict[str, Any] = {"choices": list(self.choices), "misses": self.misses}
        if self.helping is not None:
            values["helping"] = self.helping.to_json()
        slots = [[slot.starts.isoformat(), slot.ends.isoformat()] for slot in self.slots]
        return {**values, "asked": self.asked, "reference": self.reference, "slots": slots} if self.asked else values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Talk":
        """Read what `to_json` has written; anything else is a new talk."""
        choices, misses = tuple(values.get("choices", ())), int(values.get("misses", 0))
        slots = tuple(Slot(*map(datetime.fromisoformat, slot)) for slot in values.get("slots", ()))
        helping = Helping.from_json(values.get("helping"))
        return cls(choices, misses, str(values.get("asked", "")), values.get("reference"), slots, helping)


@dataclass(frozen=True, slots=True)
class Lately:
    """What we understood of their last text, and the reference of the request that it has opened, if any."""

    intent: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message and what it looks like.

    `obeyed` is the command that the carrier has obeyed and answered itself, `nearest` the likeliest matter even where
    `match` found none, `opted_out` whether they have said STOP before, `waits_for` the matters of their open requests.
    `calls` is what it says of being called back, and `awaits_call` whether a callback of theirs is open. `surveyed`
    says that a question how they were served has no answer yet. `asked` is the reference of the request about which an
    agent has asked them something, and `told` that of the one about which they have answered lately: what is not
    understood adds to that. `help` is what is known of writing for somebody else. `lately` is what we understood of the
    text before, which may be taken back.
    """

    text: str
    match: IntentMatch
    nearest: str | None = None
    obeyed: Command | None = None
    opted_out: bool = False
    waits_for: frozenset[str] = frozenset()
    calls: Said = NOTHING_SAID
    awaits_call: bool = False
    surveyed: bool = False
    asked: str | None = None
    told: str | None = None
    help: Help = NO_HELP
    lately: Lately | None = None


def place_picked(text: str) -> int | None:
    """Return which of several is picked, by a word alone."""
    said = words(text)
    return _PICKED.get(said[0]) if len(said) == 1 else None
