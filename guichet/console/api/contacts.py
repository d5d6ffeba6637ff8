"""Contacts over the API: calls and conversations, with their decision files and masked transcripts."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from guichet.callbacks.undoing import undo_match
from guichet.citizens.contact import Channel, Contact
from guichet.console.api.kinds import USUAL_LIMIT, Id, Limit, MaybeCursor, MaybeId, MaybeMoment, MaybeShort, moment
from guichet.console.api.listing import NEWEST_CONTACTS, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, ContactId

_COLUMNS = (
    "id",
    "channel",
    "line",
    "caller",
    "language",
    "started_at",
    "ended_at",
    "citizen",
    "intent",
    "outcome",
    "request",
)
_FILE = ("heard", "citizen", "intent", "decision", "grounds", "mandate", "urgent", "undone")
"""The subjects of a decision file that are shown; what else stands there is the dialogue's own memory."""


class ContactBrief(msgspec.Struct, frozen=True):
    """A call or a conversation by text. `outcome` is empty until it is decided."""

    id: str
    channel: Channel
    line: str
    caller: str | None
    language: str
    started_at: datetime
    ended_at: datetime | None
    citizen: str | None
    intent: str | None
    outcome: str
    request: str | None


class ContactsPage(msgspec.Struct, frozen=True):
    """A page of contacts, latest first."""

    items: tuple[ContactBrief, ...]
    next: str | None


class ContactShown(msgspec.Struct, frozen=True):
    """A contact with its decision file: what was heard (masked), who it may be, what was decided, and why."""

    contact: ContactBrief
    file: dict[str, Any]


class WordShown(msgspec.Struct, frozen=True):
    """A word: seconds from the start of listening, confidence from 0 to 1."""

    text: str
    start: float
    end: float
    confidence: float


class LineShown(msgspec.Struct, frozen=True):
    """What came in one turn, masked; `source` is the caller, keys or a text."""

    turn: int
    source: str
    at: datetime
    language: str
    text: str
    confidence: float
    words: tuple[WordShown, ...]
    alternatives: tuple[str, ...]


class TranscriptShown(msgspec.Struct, frozen=True):
    """A transcript, in the order of its turns."""

    items: tuple[LineShown, ...]


class ContactsWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which contacts; `since` and `until` are about when they began."""

    channel: Channel | UnsetType = UNSET
    citizen: MaybeId = UNSET
    intent: MaybeShort = UNSET
    outcome: MaybeShort = UNSET
    request: MaybeId = UNSET
    since: MaybeMoment = UNSET
    until: MaybeMoment = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class Undo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who it really was; null: nobody known."""

    right: Id | None


class UndoneShown(msgspec.Struct, frozen=True):
    """What was put right: requests that went with the contact, and those that it has now of its own."""

    contact: str
    moved: tuple[str, ...]
    opened: tuple[str, ...]


async def _list(asked: Asked) -> Answer:
    wanted: ContactsWanted = asked.query
    names = ("channel", "citizen", "intent", "outcome", "request")
    since, until = moment(wanted.since), moment(wanted.until)
    rows, following = await asked.unit.listing.page(
        Wanted(
            "contacts",
            _COLUMNS,
            NEWEST_CONTACTS,
            wanted.limit,
            None if wanted.cursor is UNSET else str(wanted.cursor),
            equal={name: getattr(wanted, name) for name in names if getattr(wanted, name) is not UNSET},
            since=None if since is None else ("started_at", since),
            until=None if until is None else ("started_at", until),
        )
    )
    page = ContactsPage(tuple(map(_brief, rows)), following)
    return Answer(page, detail={"contacts": [one.id for one in page.items]})


async def _read(asked: Asked) -> Answer:
    contact = await _found(asked)
    row = await asked.unit.listing.row("contacts", contact.id, _COLUMNS)
    if row is None:
        raise NotFound("there is no such contact")
    file = {subject: contact.file[subject] for subject in _FILE if subject in contact.file}
    return Answer(ContactShown(_brief(row), file), f"contact:{contact.id}")


async def _transcript(asked: Asked) -> Answer:
    contact = await _found(asked)
    lines = tuple(
        LineShown(
            turn=one.turn,
            source=one.source,
            at=one.at,
            language=one.heard.language.value,
            text=one.heard.text,
            confidence=one.heard.confidence,
            words=tuple(WordShown(word.text, word.start, word.end, word.confidence) for word in one.heard.words),
            alternatives=one.heard.alternatives,
        )
        for one in await asked.unit.transcripts.of(contact.id)
    )
    return Answer(TranscriptShown(lines), f"contact:{contact.id}")


async def _undo(asked: Asked) -> Answer:
    given: Undo = asked.body
    contact = await _found(asked)
    right = None if given.right is None else CitizenId(given.right)
    undone = await undo_match(asked.unit, contact.id, right, asked.token.id, asked.now)
    shown = UndoneShown(contact.id, undone.moved, undone.opened)
    return Answer(shown, f"contact:{contact.id}", {"right": right, "moved": undone.moved, "opened": undone.opened})


async def _found(asked: Asked) -> Contact:
    """Return the contact of the path. Raises NotFound."""
    contact = await asked.unit.contacts.get(ContactId(asked.path["id"]))
    if contact is None:
        raise NotFound("there is no such contact")
    return contact


def _brief(row: Any) -> ContactBrief:
    return msgspec.convert({name: row[name] for name in _COLUMNS}, ContactBrief)


def operations() -> tuple[Operation, ...]:
    """Return the operations on contacts."""
    return (
        Operation(
            name="list_contacts",
            method="GET",
            path="/contacts",
            scope=Scope.CONTACTS_READ,
            summary="List calls and conversations, latest first",
            query=ContactsWanted,
            answers=ContactsPage,
            perform=_list,
            action="contacts.listed",
        ),
        Operation(
            name="read_contact",
            method="GET",
            path="/contacts/{id}",
            scope=Scope.CONTACTS_READ,
            summary="Read a contact with its decision file",
            answers=ContactShown,
            perform=_read,
            action="contact.seen",
        ),
        Operation(
            name="read_transcript",
            method="GET",
            path="/contacts/{id}/transcript",
            scope=Scope.CONTACTS_READ,
            summary="Read what was said or written, masked",
            answers=TranscriptShown,
            perform=_transcript,
            action="contact.transcript_seen",
        ),
        Operation(
            name="undo_match",
            method="POST",
            path="/contacts/{id}/undo-match",
            scope=Scope.CONTACTS_WRITE,
            summary="Take a contact from the person it was matched to; what came of it follows",
            body=Undo,
            answers=UndoneShown,
            perform=_undo,
            action="contact.match_undone",
            writes=True,
        ),
    )
