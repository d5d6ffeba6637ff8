"""Texts over the API: what was written, how it travels, and sending one through the outbox, where it is welcome."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from guichet.callbacks.windows import quiet_until
from guichet.console.api.kinds import USUAL_LIMIT, Limit, MaybeCursor, MaybeId, MaybeMoment, moment
from guichet.console.api.listing import NEWEST_MESSAGES, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.problem import Refusal
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import ContactId, RequestId, new_id
from guichet.sms.composing import Addressee, compose, is_welcome
from guichet.sms.message import DeliveryState, Direction
from guichet.sms.parts import measure, plain

_COLUMNS = (
    "id",
    "direction",
    "number",
    "line",
    "body",
    "language",
    "state",
    "created_at",
    "contact",
    "request",
    "parts",
    "error",
)
_MOST_PARTS = 6

Body = Annotated[
    str, Meta(min_length=1, max_length=900, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$", description="What to write.")
]


class MessageShown(msgspec.Struct, frozen=True):
    """A text, ours (`out`) or a citizen's (`in`, masked); `error` is the carrier's code."""

    id: str
    direction: Direction
    number: str
    line: str
    body: str
    language: str
    state: DeliveryState
    created_at: datetime
    contact: str | None
    request: str | None
    parts: int
    error: int | None


class MessagesPage(msgspec.Struct, frozen=True):
    """A page of texts, latest first."""

    items: tuple[MessageShown, ...]
    next: str | None


class MessagesWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which texts; `since` and `until` are about when they were written."""

    direction: Direction | UnsetType = UNSET
    state: DeliveryState | UnsetType = UNSET
    contact: MaybeId = UNSET
    request: MaybeId = UNSET
    since: MaybeMoment = UNSET
    until: MaybeMoment = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text to the person of a request or of a contact: give one of the two.

    Outside decent hours where they live it is refused (409, Retry-After), unless `at_once`: an answer to what they have
    just asked.
    """

    body: Body
    request: MaybeId = UNSET
    contact: MaybeId = UNSET
    at_once: bool = False


class MessageRef(msgspec.Struct, frozen=True):
    """A text that was put into the outbox, and how many parts will be billed."""

    id: str
    state: DeliveryState
    parts: int


async def _list(asked: Asked) -> Answer:
    wanted: MessagesWanted = asked.query
    names = ("direction", "state", "contact", "request")
    since, until = moment(wanted.since), moment(wanted.until)
    rows, following = await asked.unit.listing.page(
        Wanted(
            "messages",
            _COLUMNS,
            NEWEST_MESSAGES,
            wanted.limit,
            None if wanted.cursor is UNSET else str(wanted.cursor),
            equal={name: getattr(wanted, name) for name in names if getattr(wanted, name) is not UNSET},
            since=None if since is None else ("created_at", since),
            until=None if until is None else ("created_at", until),
        )
    )
    page = MessagesPage(tuple(map(_shown, rows)), following)
    return Answer(page, detail={"messages": [one.id for one in page.items]})


async def _read(asked: Asked) -> Answer:
    row = await asked.unit.listing.row("messages", asked.path["id"], _COLUMNS)
    if row is None:
        raise NotFound("there is no such text")
    return Answer(_shown(row), f"message:{row['id']}")


async def _send(asked: Asked) -> Answer:
    given: NewMessage = asked.body
    to, parts = await _addressee(asked, given), measure(plain(given.body)).count
    if parts > _MOST_PARTS:
        raise BadInput(f"this text takes {parts} parts, {_MOST_PARTS} at most: shorten it, or leave out odd letters")
    if not to.number.can_receive_texts:
        raise BadInput("this number cannot receive texts")
    if not await is_welcome(asked.unit, to.number, to.line):
        raise Conflict("this person has asked for no texts (STOP): call them, or wait until they write again")
    later = None if given.at_once else quiet_until(asked.tools.book(), to.number, asked.now)
    if later is not None:
        wait = {"Retry-After": str(int((later - asked.now).total_seconds()) + 1)}
        raise Refusal(409, f"nobody is written to at this hour: send it from {later:%Y-%m-%d %H:%M} UTC on", wait)
    key = new_id("api")
    await compose(asked.unit, to, given.body, key, asked.now)
    message = await asked.unit.messages.by_key(key)
    if message is None:
        raise Conflict("the text has vanished")
    shown = MessageRef(message.id, message.state, message.parts)
    detail = {"request": to.request, "contact": to.contact, "parts": message.parts}
    return Answer(shown, f"message:{message.id}", detail, location=f"/messages/{message.id}")


async def _addressee(asked: Asked, given: NewMessage) -> Addressee:
    """Return to whom it goes. Raises BadInput where that cannot be told."""
    if (given.request is UNSET) == (given.contact is UNSET):
        raise BadInput("give `request` or `contact`: to whom it is, and what it is about")
    rules = asked.tools.book().texts
    if given.request is not UNSET:
        request = await asked.unit.requests.get(RequestId(str(given.request)))
        if request is None or request.number is None:
            raise BadInput("there is no such request, or it has no number")
        return Addressee(request.number, request.line, request.language, request=request.id, rules=rules)
    contact = await asked.unit.contacts.get(ContactId(str(given.contact)))
    if contact is None or contact.caller is None:
        raise BadInput("there is no such contact, or its number was hidden")
    return Addressee(contact.caller, contact.line, contact.language, contact.id, contact.request, rules)


def _shown(row: Any) -> MessageShown:
    return msgspec.convert({name: row[name] for name in _COLUMNS}, MessageShown)


def operations() -> tuple[Operation, ...]:
    """Return the operations on texts."""
    return (
        Operation(
            name="list_messages",
            method="GET",
            path="/messages",
            scope=Scope.MESSAGES_READ,
            summary="List texts, both ways, latest first",
            query=MessagesWanted,
            answers=MessagesPage,
            perform=_list,
            action="messages.listed",
        ),
        Operation(
            name="send_message",
            method="POST",
            path="/messages",
            scope=Scope.MESSAGES_WRITE,
            summary="Send a text about a request or a contact",
            description="409 where the person has said STOP, and at an hour when nobody is written to.",
            body=NewMessage,
            answers=MessageRef,
            perform=_send,
            action="message.sent",
            status=201,
            writes=True,
        ),
        Operation(
            name="read_message",
            method="GET",
            path="/messages/{id}",
            scope=Scope.MESSAGES_READ,
            summary="Read a text and where it stands",
            answers=MessageShown,
            perform=_read,
            action="message.seen",
        ),
    )
