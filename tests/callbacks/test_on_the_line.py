"""Whom an agent is told that they are about to talk to."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from guichet.callbacks.joining import new_request
from guichet.callbacks.on_the_line import on_the_line
from guichet.callbacks.request import Request, RequestKind
from guichet.citizens.contact import Channel, Contact
from guichet.core.ids import CallSid, ContactId
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from tests.callbacks.world import CLAIRE, LINE, NOON, MemoryUnit, demand, memory_unit

HELPER = {"standing": "mandate", "role": "guardian", "helper": None, "helper_name": "Paul Roy"}
OTHER = PhoneNumber("+33612000099")


async def asked(unit: MemoryUnit, request: Request, number: PhoneNumber | None, mandate: dict[str, Any] | None) -> None:
    """Let somebody have asked for a request, in a call of a number of its own."""
    known = len(await unit.requests.contacts_of(request.id))
    contact = Contact(
        ContactId(f"con_{known}"),
        Channel.VOICE,
        f"CA-{known}",
        LINE,
        number,
        request.language,
        NOON + timedelta(minutes=known),
        file={} if mandate is None else {"mandate": mandate},
    )
    await unit.contacts.add(contact)
    await unit.requests.link(request.id, contact.id, contact.started_at)


async def opened(**changes: Any) -> tuple[MemoryUnit, Request]:
    """Return a unit with a request of Claire's."""
    unit = memory_unit()
    request = replace(new_request(demand(), NOON), **{"citizen": CLAIRE, "call": None, **changes})
    await unit.requests.open(request)
    return unit, request


async def test_the_helper_is_named_and_for_whom_and_that_the_mandate_is_checked() -> None:
    unit, request = await opened()
    await asked(unit, request, request.number, HELPER)
    assert await on_the_line(unit, request) == Bilingual(
        "Paul Roy, pour Claire Dubois, mandat vérifié : représentant légal,",
        "Paul Roy, for Claire Dubois, mandate checked: a guardian,",
    )


async def test_a_helper_on_record_is_named_as_on_record() -> None:
    unit, request = await opened()
    await asked(unit, request, request.number, {**HELPER, "role": "relative", "helper": CLAIRE})
    told = await on_the_line(unit, request)
    assert told is not None
    assert told.fr == "Claire Dubois, pour Claire Dubois, mandat vérifié : proche,"


async def test_who_asks_for_themselves_is_named_alone() -> None:
    unit, request = await opened()
    await asked(unit, request, request.number, None)
    assert await on_the_line(unit, request) == Bilingual("Claire Dubois", "Claire Dubois")


async def test_without_a_mandate_the_agent_is_warned() -> None:
    unit, request = await opened(citizen=None)
    await asked(unit, request, request.number, {**HELPER, "standing": "none"})
    told = await on_the_line(unit, request)
    assert told is not None
    assert "sans mandat vérifié" in told.fr


async def test_nobody_known_is_nobody() -> None:
    unit, request = await opened(citizen=None)
    await asked(unit, request, request.number, None)
    assert await on_the_line(unit, request) is None


@pytest.mark.parametrize("first", [None, HELPER])
async def test_on_hold_it_is_who_holds(first: dict[str, Any] | None) -> None:
    second = HELPER if first is None else None
    unit, request = await opened(kind=RequestKind.HOLD, call=CallSid("CA-1"))
    await asked(unit, request, request.number, first)
    await asked(unit, request, OTHER, second)
    told = await on_the_line(unit, request)
    assert told is not None
    assert ("Paul Roy" in told.fr) is (second is not None)


async def test_who_is_called_back_is_who_asked_last_from_that_number() -> None:
    unit, request = await opened()
    await asked(unit, request, request.number, None)
    await asked(unit, request, OTHER, HELPER)
    assert await on_the_line(unit, request) == Bilingual("Claire Dubois", "Claire Dubois")
