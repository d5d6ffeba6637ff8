"""What is told of what happens: ids and states, nothing of a person. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from guichet.callbacks.request import Request
from guichet.citizens.contact import Contact
from guichet.console.hooks.hook import Topic

_TOLD = ("state", "kind", "intent", "queue", "priority", "target_at", "not_before", "slot_at", "slot_until", "agent")
"""The changes of a request that are told; of who it belongs to and where to call them, only that they changed."""
_PERSONAL = ("citizen", "number", "callback_number")


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that others are told."""

    topic: Topic
    at: datetime
    data: dict[str, Any]

    def body(self) -> str:
        """Return the message, as Standard Webhooks shapes it."""
        told = {"type": self.topic.value, "timestamp": self.at, "data": self.data}
        return msgspec.json.encode(told).decode()


def opened(request: Request) -> Happening:
    """Tell of a request that was opened."""
    return Happening(Topic.REQUEST_OPENED, request.opened_at, _request(request))


def changed(before: Request, after: Request, at: datetime) -> Happening | None:
    """Tell of a request that changed or ended; None where nothing changed that others are told."""
    fields = [name for name in (*_TOLD, *_PERSONAL) if getattr(before, name) != getattr(after, name)]
    if not fields:
        return None
    data = {**_request(after), "before": before.state.value, "changed": fields}
    is_over = before.state.is_open and not after.state.is_open
    return Happening(Topic.REQUEST_CLOSED if is_over else Topic.REQUEST_CHANGED, at, data)


def ended(contact: Contact, at: datetime) -> Happening:
    """Tell of a call or a conversation that is over."""
    data = {
        "contact": contact.id,
        "channel": contact.channel.value,
        "outcome": contact.outcome,
        "request": contact.request,
        "started_at": contact.started_at,
    }
    return Happening(Topic.CONTACT_ENDED, at, data)


def _request(request: Request) -> dict[str, Any]:
    return {
        "request": request.id,
        "state": request.state.value,
        "kind": request.kind.value,
        "queue": request.queue,
    }
