"""Who an agent is going to talk to: the person on record, or their helper, with what the mandate says."""

from collections.abc import Sequence
from typing import Protocol

from guichet.callbacks.request import Request
from guichet.callbacks.store import RequestStore
from guichet.citizens.citizen import Citizen
from guichet.citizens.contact import Channel, Contact
from guichet.citizens.mandate import Role
from guichet.citizens.speaking import Standing
from guichet.core.ids import CitizenId, ContactId
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber

_ROLES = {
    Role.RELATIVE: Bilingual("proche", "a relative"),
    Role.GUARDIAN: Bilingual("représentant légal", "a guardian"),
    Role.SOCIAL_WORKER: Bilingual("travailleur social", "a social worker"),
    Role.CARER: Bilingual("aidant", "a carer"),
}
_FOR = Bilingual(
    "{helper}, pour {person}, mandat vérifié : {role},", "{helper}, for {person}, mandate checked: {role},"
)
_HELPER = Bilingual("Un mandataire", "A representative")
_UNPROVED = Bilingual(
    "Un usager, pour une autre personne et sans mandat vérifié,", "A citizen, for another person, no mandate checked,"
)


class CitizenNames(Protocol):
    """The citizens, as far as naming one goes (`citizens.store`)."""

    async def get(self, citizen_id: CitizenId) -> Citizen | None:
        """Return a citizen."""
        ...

    async def with_phone(self, number: PhoneNumber, limit: int = 20) -> Sequence[Citizen]:
        """Return everybody on record who has that number."""
        ...


class Contacts(Protocol):
    """The contacts, as far as naming who called goes (`citizens.contact_store`)."""

    async def get(self, contact_id: ContactId) -> Contact | None:
        """Return a contact."""
        ...

    async def by_carrier_id(self, channel: Channel, carrier_id: str) -> Contact | None:
        """Return the contact of a call."""
        ...


class Unit(Protocol):
    """What is read to know who is on the line."""

    @property
    def requests(self) -> RequestStore:
        """The requests."""
        ...

    @property
    def citizens(self) -> CitizenNames:
        """The citizens."""
        ...

    @property
    def contacts(self) -> Contacts:
        """The contacts."""
        ...


async def on_the_line(unit: Unit, request: Request) -> Bilingual | None:
    """Name who waits, or will be called; None for somebody unknown who asks for themselves.

    A request may have been asked for by several people: on hold it is who holds, else who asked last from the number
    that will be called.
    """
    citizen = await unit.citizens.get(request.citizen) if request.citizen else None
    name = citizen.full_name if citizen else ""
    mandate = _mandate(await _asking(unit, request))
    if mandate.get("standing") == Standing.MANDATE.value and citizen is not None:
        helper = await _helper(unit, mandate)
        role = _ROLES[Role(mandate["role"])]
        return Bilingual(
            _FOR.fr.format(helper=helper.fr, person=name, role=role.fr),
            _FOR.en.format(helper=helper.en, person=name, role=role.en),
        )
    if mandate and citizen is None:
        return _UNPROVED
    return Bilingual(name, name) if name else None


async def also_asked(unit: Unit, request: Request) -> tuple[str, ...]:
    """Return the other matters that who is on the line has asked for in the same sentence."""
    contact = await _asking(unit, request)
    matched = (contact.file.get("intent") or {}) if contact else {}
    said = (matched.get("intent"), *matched.get("also", ()))
    return tuple(intent for intent in said if intent and intent != request.intent) if "also" in matched else ()


def _mandate(contact: Contact | None) -> dict[str, str]:
    return (contact.file.get("mandate") or {}) if contact else {}


async def _helper(unit: Unit, mandate: dict[str, str]) -> Bilingual:
    """Name the helper: as on record, or as the mandate names somebody from outside."""
    known = await unit.citizens.get(CitizenId(mandate["helper"])) if mandate.get("helper") else None
    name = known.full_name if known else mandate.get("helper_name")
    return Bilingual(name, name) if name else _HELPER


async def _asking(unit: Unit, request: Request) -> Contact | None:
    """Return the contact of who is on the line."""
    if request.holds and request.call is not None:
        return await unit.contacts.by_carrier_id(Channel.VOICE, request.call)
    found = [await unit.contacts.get(contact) for contact in await unit.requests.contacts_of(request.id)]
    contacts = [contact for contact in found if contact is not None]
    return _latest([one for one in contacts if one.caller == request.number]) or _latest(contacts[:1])


def _latest(contacts: Sequence[Contact]) -> Contact | None:
    return max(contacts, key=lambda contact: contact.started_at, default=None)
