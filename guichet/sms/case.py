"""A citizen's text in its conversation, and what was done about it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from guichet.callbacks.request import Request
from guichet.citizens.citizen import Identification
from guichet.citizens.contact import Contact
from guichet.core.ids import CitizenId
from guichet.routing.decision_file import of_citizen, of_intent
from guichet.routing.intent import IntentMatch
from guichet.sms.message import Message
from guichet.sms.talk import Talk


@dataclass(frozen=True, slots=True)
class Case:
    """A citizen's text in its conversation, what it matched and who may have written it."""

    contact: Contact
    message: Message
    match: IntentMatch
    identification: Identification

    def file(self) -> dict[str, Any]:
        """Return its part of the decision file."""
        return {
            "heard": self.message.body,
            "intent": of_intent(self.match),
            "citizen": of_citizen(self.identification),
        }


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the contact's outcome (empty while a question is open), the reply if any, and what it is about.

    `key` is the reply's where it is one that something else may compose too; `talk` is what to remember, where it is
    not what the conversation's step said. A reply that `waits` is held back for what may follow in the same breath.
    `citizen` is whom the conversation turns out to be about.
    """

    outcome: str
    reply: str | None = None
    key: str | None = None
    request: Request | None = None
    intent: str | None = None
    file: dict[str, Any] = field(default_factory=dict)
    talk: Talk | None = None
    waits: bool = False
    citizen: CitizenId | None = None
