"""An urgent message in a call: heard in the greeting and on hold; who is content with it counts apart."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from guichet.core.ids import AgentId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.dangers import advice, aloud
from guichet.routing.agent import Agent, Presence
from guichet.routing.urgent import Urgent
from tests.conftest import BACKENDS, Engines
from tests.ivr.world import LINE, MONDAY_MORNING, Caller, World, world

TEXT = Bilingual("L'eau est coupée rue Haute jusqu'à ce soir.", "There is no water in rue Haute until tonight.")


@pytest.fixture(params=BACKENDS)
async def town(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[World]:
    async with world(engines, request.param) as running:
        yield running


def put_up(town: World, **changes: Any) -> Urgent:
    """Put a message up now, for two hours."""
    now = town.clock.now()
    known: dict[str, Any] = {"id": f"urg_{len(town.rules.urgent)}", "text": TEXT, "closes": False, "line": None}
    message = Urgent(**{**known, "author": "Awa", "put_up_at": now, "expires_at": now + timedelta(hours=2), **changes})
    town.rules.urgent.append(message)
    return message


async def hung_up(town: World, caller: Caller, after: float) -> str:
    """Let somebody hang up after so many seconds; return the outcome of the contact."""
    town.clock.move(timedelta(seconds=after))
    await caller.ask("/voice/status", CallStatus="completed")
    return (await town.contact(caller)).outcome


async def holding(town: World) -> Caller:
    """Let somebody hold for an agent who rings in vain."""
    async with town.stores.begin() as unit:
        phone, everything = PhoneNumber("+33612340099"), frozenset(Language)
        anne = AgentId("agt_1")
        await unit.agents.add(
            Agent(anne, "Anne", phone, frozenset({"accueil"}), everything, Presence.AVAILABLE, MONDAY_MORNING)
        )
    caller = town.caller()
    await caller.ring()
    await caller.press("0")
    assert "Enqueue" in caller.verbs
    return caller


async def test_the_next_caller_hears_it_before_anything_else_until_it_expires(town: World) -> None:
    before, during, after = town.caller(), town.caller(), town.caller()
    assert TEXT.fr not in await before.ring()
    put_up(town)
    answer = await during.ring()
    assert f"Valmont-sur-Lise. {TEXT.fr} Si cette information vous suffit, vous pouvez raccrocher." in during.said
    assert answer == await during.ring()
    town.clock.move(timedelta(hours=2))
    await after.ring()
    assert TEXT.fr not in after.said


async def test_who_hangs_up_having_heard_it_is_informed_and_who_does_so_before_has_given_up(town: World) -> None:
    put_up(town)
    patient, hasty = town.caller(), town.caller()
    await patient.ring()
    assert await hung_up(town, patient, 15) == "informed"
    assert (await town.contact(patient)).file["urgent"] == ["urg_0"]
    await hasty.ring()
    assert await hung_up(town, hasty, 2) == "abandoned"


async def test_without_a_message_hanging_up_is_giving_up(town: World) -> None:
    caller = town.caller()
    await caller.ring()
    assert await hung_up(town, caller, 60) == "abandoned"


async def test_who_wanted_something_else_is_not_counted_as_informed(town: World) -> None:
    put_up(town)
    caller = town.caller()
    await caller.ring()
    await caller.press("1")
    assert await hung_up(town, caller, 60) == "abandoned"


@pytest.mark.parametrize("words", ["merci", "non c'est tout", "that's all"])
async def test_who_says_that_this_is_all_is_informed(town: World, words: str) -> None:
    put_up(town)
    caller = town.caller()
    await caller.ring()
    await caller.speak(words)
    assert caller.verbs == ["Say", "Hangup"]
    assert (await town.contact(caller)).outcome == "informed"


async def test_callers_on_hold_hear_what_is_put_up_meanwhile_once(town: World) -> None:
    caller = await holding(town)
    contact = await town.contact(caller)
    path = f"/voice/hold?request={contact.request}"
    await caller.ask(path)
    assert TEXT.fr not in caller.said
    put_up(town)
    await caller.ask(path)
    assert caller.said.startswith(TEXT.fr)
    again = caller.xml.find("Redirect")
    assert again is not None
    assert again.text is not None
    await caller.ask(again.text.removeprefix("https://guichet.example"))
    assert TEXT.fr not in caller.said
    assert caller.said == ""
    assert "attente.wav" in caller.answer


async def test_what_the_greeting_has_said_is_not_said_again_on_hold(town: World) -> None:
    put_up(town)
    caller = await holding(town)
    element = caller.xml.find("Enqueue")
    assert element is not None
    await caller.ask(element.attrib["waitUrl"].removeprefix("https://guichet.example"))
    assert TEXT.fr not in caller.said


async def test_an_emergency_closure_makes_callbacks_of_those_who_hold(town: World) -> None:
    caller = await holding(town)
    contact = await town.contact(caller)
    put_up(town, closes=True)
    await caller.ask(f"/voice/hold?request={contact.request}")
    assert caller.verbs == ["Say", "Leave"]
    await caller.ask("/voice/held?n=2", QueueResult="leave", QueueSid="QU1", QueueTime="9")
    await caller.press("1")
    assert "un agent va vous rappeler" in caller.said
    assert (await town.contact(caller)).outcome == "callback"


async def test_a_message_for_one_line_is_heard_on_that_line_only(town: World) -> None:
    put_up(town, line=PhoneNumber("+33199001020"))
    here, there = town.caller(line=LINE), town.caller(line="+33199001020")
    assert TEXT.fr not in await here.ring()
    await there.ring()
    assert TEXT.fr in there.said


def test_the_books_own_words_for_a_danger_come_after_what_fits_and_are_said_as_people_say_them() -> None:
    own = Bilingual("Appelez le 112 ou le 3919.", "Call 112 or 3919.")
    assert advice((), own) == Bilingual("Appelez le 112 ou le 39 19.", "Call 112 or 39 19.")
    assert advice(("gas",), own).en.startswith("Smell of gas: leave")
    assert advice(("gas",), own).en.endswith("Call 112 or 39 19.")
    assert aloud("le 3114, le 112, en 2026, +33199001010") == "le 31 14, le 112, en 2026, +33199001010"
