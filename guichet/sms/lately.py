"""What we made of somebody's last text, while what we asked or understood is still fresh. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.callbacks.request import Request, RequestState
from guichet.carrier.events import IncomingMessage
from guichet.citizens.contact import Contact
from guichet.core.phone import PhoneNumber
from guichet.sms.acting import REPLIED
from guichet.sms.ports import Unit
from guichet.sms.talk import Lately

SESSION = timedelta(hours=2)
"""How long a question of ours stays open, and what we understood can be taken back."""


@dataclass(frozen=True, slots=True)
class Before:
    """The conversation of the last text before one, where it is recent; None else."""

    contact: Contact | None

    def told(self, waiting: Sequence[Request]) -> str | None:
        """Return the reference of the request about which they have answered an agent lately, if it is open."""
        known = self.contact
        if known is None or known.outcome != REPLIED or known.request is None:
            return None
        return next((request.reference for request in waiting if request.id == known.request), None)

    async def understood(self, unit: Unit) -> Lately | None:
        """Return what we understood, and the request that it opened, if nobody is at it yet."""
        known = self.contact
        if known is None or known.intent is None:
            return None
        request = await unit.requests.get(known.request) if known.request else None
        is_own = request is not None and request.contact == known.id and request.state is RequestState.WAITING
        return Lately(known.intent, request.reference if request is not None and is_own else None)


async def before(unit: Unit, incoming: IncomingMessage, sender: PhoneNumber, now: datetime) -> Before:
    """Return the conversation of the last text before this one."""
    last = await unit.messages.last_from(sender, incoming.line, but=incoming.message)
    if last is None or last.contact is None or now - last.created_at >= SESSION:
        return Before(None)
    return Before(await unit.contacts.get(last.contact))
