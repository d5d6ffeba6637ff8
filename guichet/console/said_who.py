"""Whom a search means: an id, a request's reference, a telephone number, the number of a record or a file, a name.

A name is several people's: who searches is shown those it may be, and chooses. What was typed is not kept; the trail
has the ids of those who were shown.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from guichet.callbacks.store import RequestStore
from guichet.citizens.citizen import Citizen, Evidence, Identification
from guichet.citizens.file_number import heard_digits
from guichet.citizens.record_store import RecordStore
from guichet.citizens.store import CitizenStore
from guichet.console.account import Account
from guichet.console.audit import AuditStore, Entry
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.ids import CitizenId, RequestId
from guichet.core.phone import PhoneNumber

MOST = 8
"""People of a name who are shown."""
_REFERENCE = re.compile(r"([2-9A-HJ-NP-Z]{2})[- ]?([2-9A-HJ-NP-Z]{4})", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9 .()/-]{6,}")


@dataclass(frozen=True, slots=True)
class Meant:
    """Somebody of the record, a number, or a request; or several `people`, of whom to choose. All empty: nobody."""

    citizen: Citizen | None = None
    number: PhoneNumber | None = None
    request: RequestId | None = None
    people: tuple[Citizen, ...] = ()

    @property
    def is_anybody(self) -> bool:
        """Whether there is somebody to search for."""
        return bool(self.citizen or self.number or self.request)


class WhoUnit(Protocol):
    """One transaction over the record and the requests, and the trail of it."""

    @property
    def citizens(self) -> CitizenStore:
        """The citizens."""
        ...

    @property
    def records(self) -> RecordStore:
        """Their files."""
        ...

    @property
    def requests(self) -> RequestStore:
        """The requests."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


class Finding:
    """Finds whom a text means. `identify` weighs who has a name."""

    def __init__(
        self,
        begin: Callable[[], AbstractAsyncContextManager[WhoUnit]],
        identify: Callable[[Evidence], Awaitable[Identification]],
        clock: Clock,
    ) -> None:
        self._begin = begin
        self._identify = identify
        self._clock = clock

    async def whom(self, account: Account, text: str) -> Meant:
        """Return whom a text means; people whom it shows are in the trail."""
        async with self._begin() as unit:
            meant = await _known(unit, text)
        if meant is None:
            found = await self._identify(Evidence(names=(text,)))
            meant = Meant(people=tuple(one.citizen for one in found.candidates[:MOST]))
        shown = [one.id for one in (meant.people or ((meant.citizen,) if meant.citizen else ()))]
        if shown:
            entry = Entry(self._clock.now(), account.actor, "citizens.looked_for", "", {"citizens": shown})
            async with self._begin() as unit:
                await unit.audit.note(entry)
        return meant


async def _known(unit: WhoUnit, text: str) -> Meant | None:
    """Return whom a number or an id means; None: it is to be read as a name."""
    citizen = await unit.citizens.get(CitizenId(text)) or await unit.citizens.by_external_id(text)
    if citizen is not None:
        return Meant(citizen=citizen)
    if reference := _REFERENCE.fullmatch(text):
        request = await unit.requests.by_reference(f"{reference[1]}-{reference[2]}")
        if request is not None:
            return Meant(request=request.id)
    if _NUMBER.fullmatch(text):
        try:
            return Meant(number=PhoneNumber.parse(text))
        except BadInput:
            pass  # the number of a file, perhaps
    if any(letter.isdigit() for letter in text):
        owners = await unit.records.owners_of_files(heard_digits([text]), MOST)
        people = [await unit.citizens.get(owner) for owner in owners]
        return _of([one for one in people if one is not None])
    return None


def _of(people: list[Citizen]) -> Meant:
    return Meant(citizen=people[0]) if len(people) == 1 else Meant(people=tuple(people))
