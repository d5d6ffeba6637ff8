"""A citizen's text in its conversation, and what was done about it. Pure."""

from dataclasses import dataclass, field
from typing import Any

from guichet.callbacks.request import Request
from guichet.citizens.citizen import Identification
from guichet.citizens.contact import Contact
from guichet.routing.intent import IntentMatch
from guichet.sms.conversation import Talk
from guichet.sms.message import Message


@dataclass(frozen=True, slots=True)
class Case:
    """A citizen's text in its conversation, what it matched and who may have written it."""

    contact: Contact
    message: Message
    match: IntentMatch
    identification: Identification

    def file(self) -> dict[str, Any]:
        """Return its part of the decision file."""
        runner_up = self.match.runner_up
        return {
            "heard": self.message.body,
            "intent": {
                "intent": self.match.intent,
                "score": round(self.match.score, 3),
                "runner_up": {"intent": runner_up.intent, "score": round(runner_up.score, 3)} if runner_up else None,
                "because": list(self.match.because),
            },
            "citizen": {
                "certainty": self.identification.certainty.value,
                "candidates": [
                    {
                        "id": candidate.citizen.id,
                        "score": round(candidate.score, 3),
                        "because": [
                            {"fr": reason.text.fr, "en": reason.text.en, "weight": reason.weight}
                            for reason in candidate.because
                        ],
                    }
                    for candidate in self.identification.candidates
                ],
            },
        }


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the contact's outcome (empty while a question is open), the reply if any, and what it is about.

    `key` is the reply's where it is one that something else may compose too; `talk` is what to remember, where it is
    not what the conversation's step said.
    """

    outcome: str
    reply: str | None = None
    key: str | None = None
    request: Request | None = None
    intent: str | None = None
    file: dict[str, Any] = field(default_factory=dict)
    talk: Talk | None = None
