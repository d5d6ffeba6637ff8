"""A request as the API reads and names it."""

from typing import Any

from guichet.callbacks.request import Request
from guichet.console.api.etag import etag_of
from guichet.console.api.operation import Asked
from guichet.console.api.request_shapes import RequestRef
from guichet.core.errors import NotFound
from guichet.core.ids import RequestId

COLUMNS = (
    "id",
    "reference",
    "kind",
    "state",
    "citizen",
    "number",
    "callback_number",
    "line",
    "language",
    "intent",
    "queue",
    "priority",
    "opened_at",
    "target_at",
    "changed_at",
    "closed_at",
    "agent",
    "reminders",
    "not_before",
    "slot_at",
    "slot_until",
)


async def found(asked: Asked) -> Request:
    """Return the request of the path. Raises NotFound."""
    request = await asked.unit.requests.get(RequestId(asked.path["id"]))
    if request is None:
        raise NotFound("there is no such request")
    return request


def etag(request: Request) -> str:
    """Name the state of a request, for `If-Match`: not its place, which changes with others."""
    told: dict[str, Any] = {name: getattr(request, name, None) for name in COLUMNS}
    numbers = ("number", "callback_number", "line")
    return etag_of(told | {name: told[name] and told[name].e164 for name in numbers})


def ref(request: Request) -> RequestRef:
    """Return what is answered to a change."""
    return RequestRef(request.id, request.reference, request.state)
