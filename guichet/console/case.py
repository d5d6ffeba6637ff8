"""A case, as whoever works it sees it: who it may be and why, what they want, what was said, what may be said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guichet.callbacks.request import Attempt, Request, RequestState
from guichet.citizens.case_file import CaseFile
from guichet.citizens.citizen import Citizen
from guichet.citizens.contact import Contact
from guichet.citizens.history import Entry, Happening
from guichet.citizens.mandate import Mandate
from guichet.console.account import Account, AccountId
from guichet.console.audit import Entry as Noted
from guichet.console.desk_unit import BeginDesk, DeskUnit
from guichet.console.work import Concluded, Note, Raised
from guichet.core.clock import Clock
from guichet.core.errors import NotFound
from guichet.core.ids import CitizenId, RequestId
from guichet.core.language import Bilingual
from guichet.ivr.recording import Recording
from guichet.sms.message import Message
from guichet.transcripts.line import TranscriptLine

SURE = 0.6
"""Words that were heard with less confidence are marked."""
SHOWN = 40
"""Entries of the history that are shown, the latest."""
SUSPECTS = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody whom a contact may be from: score from 0 to 1, and the reasons in both languages."""

    id: CitizenId
    name: str
    score: float
    because: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Talk:
    """One contact of a case: what was said or written, who it may be, what was decided.

    `sounds` are the messages that can still be listened to.
    """

    contact: Contact
    lines: Sequence[TranscriptLine]
    messages: Sequence[Message]
    suspects: Sequence[Suspect]
    sounds: Sequence[Recording]

    @property
    def certainty(self) -> str:
        """How sure it is who it was: `sure`, `check` or `unknown`."""
        return str(self.contact.file.get("citizen", {}).get("certainty", "unknown"))

    @property
    def is_checked(self) -> bool:
        """Whether they have answered a question that only they can."""
        return bool(self.contact.file.get("grounds", {}).get("is_checked"))

    @property
    def was_put_right(self) -> bool:
        """Whether an agent has said that it was not whom it was taken for."""
        return bool(self.contact.file.get("undone"))

    @property
    def mandate(self) -> Mapping[str, Any] | None:
        """Whether they spoke for somebody else, and as what."""
        found: Mapping[str, Any] | None = self.contact.file.get("mandate")
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """A request with everything about it. `holder` names the agent who has it; `authors` those who wrote."""

    request: Request
    title: Bilingual
    citizen: Citizen | None
    talks: Sequence[Talk]
    files: Sequence[CaseFile]
    mandates: Sequence[Mandate]
    history: Sequence[Entry]
    notes: Sequence[Note]
    outcomes: Sequence[Concluded]
    flags: Sequence[Raised]
    draft: Mapping[str, str]
    ahead: int
    attempt: Attempt | None
    holder: str
    held_since: datetime | None
    is_mine: bool
    authors: Mapping[AccountId, str]

    @property
    def can_take(self) -> bool:
        """Whether it waits for somebody to take it."""
        return self.request.state is RequestState.WAITING and not self.request.holds

    @property
    def is_in_my_hands(self) -> bool:
        """Whether it was taken by who looks at it, and nobody is being rung."""
        return self.is_mine and self.request.state is RequestState.OFFERED

    @property
    def last(self) -> Talk | None:
        """The last contact."""
        return self.talks[-1] if self.talks else None


class Cases:
    """Reads cases, and notes who has seen them. `title` names a matter."""

    def __init__(self, read: BeginDesk, begin: BeginDesk, title: Callable[[str], Bilingual], clock: Clock) -> None:
        self._read = read
        self._begin = begin
        self._title = title
        self._clock = clock

    async def of(self, request_id: RequestId, account: Account) -> Case:
        """Return a case. Raises NotFound."""
        async with self._read() as unit:
            return await self._case(unit, request_id, account)

    async def seen(self, case: Case, account: Account) -> None:
        """Note that somebody has seen a case and the record of its person."""
        subject = f"citizen:{case.request.citizen}" if case.request.citizen else f"request:{case.request.id}"
        entry = Noted(self._clock.now(), account.actor, "case.seen", subject, {"request": case.request.id})
        async with self._begin() as unit:
            await unit.audit.note(entry)

    async def _case(self, unit: DeskUnit, request_id: RequestId, account: Account) -> Case:
        request = await unit.requests.get(request_id)
        if request is None:
            raise NotFound("there is no such case")
        citizen = await unit.citizens.get(request.citizen) if request.citizen else None
        notes, outcomes = await unit.work.notes_of(request.id), await unit.work.outcomes_of(request.id)
        flags = await unit.work.flags_of(request.id)
        is_waiting = request.state is RequestState.WAITING
        authors = {*(one.account for one in notes), *(one.account for one in outcomes), *(one.account for one in flags)}
        return Case(
            request=request,
            title=self._title(request.intent),
            citizen=citizen,
            talks=[await _talk(unit, contact, self._clock.now()) for contact in await _contacts(unit, request)],
            files=await unit.records.files_of(citizen.id) if citizen else (),
            mandates=await unit.records.mandates_of(citizen.id) if citizen else (),
            history=await _history(unit, citizen, request),
            notes=notes,
            outcomes=outcomes,
            flags=flags,
            draft=await unit.work.draft(account.id, request.id),
            ahead=await unit.requests.ahead(request) if is_waiting else 0,
            attempt=await unit.attempts.live_of(request.id),
            held_since=await _held_since(unit, request),
            holder=(await unit.agents.get(request.agent)).name if request.agent else "",
            is_mine=request.agent is not None and request.agent == account.agent,
            authors=await _authors(unit, authors),
        )


async def _held_since(unit: DeskUnit, request: Request) -> datetime | None:
    """Return since when somebody has a case, however often they have touched it since."""
    if request.agent is None:
        return None
    waited = RequestState.WAITING.value
    own = [one for one in await unit.requests.events_of(request.id) if one.attempt is None]
    taken = [one.cause.at for one in own if one.before == waited != one.after]
    return taken[-1] if taken else request.changed_at


async def _contacts(unit: DeskUnit, request: Request) -> list[Contact]:
    found = [await unit.contacts.get(one) for one in await unit.requests.contacts_of(request.id)]
    return [contact for contact in found if contact is not None]


async def _talk(unit: DeskUnit, contact: Contact, now: datetime) -> Talk:
    candidates = contact.file.get("citizen", {}).get("candidates", [])[:SUSPECTS]
    suspects = []
    for one in candidates:
        person = await unit.citizens.get(CitizenId(one["id"]))
        suspects.append(Suspect(CitizenId(one["id"]), person.full_name if person else "", one["score"], one["because"]))
    lines = await unit.transcripts.of(contact.id)
    sounds = [one for one in await unit.recordings.of(contact.id) if one.kept_until and one.kept_until > now]
    return Talk(contact, lines, await unit.messages.of_contact(contact.id), suspects, sounds)


async def _history(unit: DeskUnit, citizen: Citizen | None, request: Request) -> Sequence[Entry]:
    """Return what happened with the person besides this case, the latest first."""
    if citizen is None:
        return ()
    own = {request.id, *(await unit.requests.contacts_of(request.id))}
    told = (Happening.CONTACT, Happening.REQUEST)
    entries = [one for one in await unit.history.of(citizen.id) if one.what in told and one.id not in own]
    return entries[::-1][:SHOWN]


async def _authors(unit: DeskUnit, accounts: set[AccountId]) -> Mapping[AccountId, str]:
    names: dict[AccountId, str] = {}
    for account in accounts:
        try:
            names[account] = (await unit.accounts.get(account)).name
        except NotFound:
            names[account] = ""
    return names
