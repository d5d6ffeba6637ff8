"""What a verb leads to: the next verb, another document, or the end. Pure, with the words the verb runners share."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Any, Protocol

from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.steps import Target
from guichet.carrier.simulator.webhooks import Ask


class End(Enum):
    """How the documents of a leg came to an end."""

    FINISHED = "finished"
    """The last document ran out of verbs."""
    HUNG_UP = "hung up"
    LEFT = "left"
    """<Leave> in a wait document."""
    REJECTED = "rejected"
    FAILED = "failed"
    """No document could be had."""


Outcome = Ask | End | None
"""Another document, an end, or None for the next verb."""


class Runner(Protocol):
    """Runs TwiML on a leg; verbs that hold other documents (whisper, hold music) use it."""

    async def run(self, leg: Leg, start: Ask | str, allowed: frozenset[type] | None = None) -> End:
        """Run documents from this one on, to an end; `allowed` are the verbs that may stand in them."""
        ...

    def follow(self, target: Target | None, url: str, form: Mapping[str, str]) -> Ask:
        """Return the request to a URL of a document that was found at `url`; None asks the same one again."""
        ...

    def tell(self, leg: Leg, target: Target, url: str, form: Mapping[str, str]) -> None:
        """Send a callback for a leg; nobody waits for it."""
        ...


VerbRunner = Callable[[Leg, Any, str], Awaitable[Outcome]]
"""Runs one kind of step on a leg, found in the document at a URL."""
