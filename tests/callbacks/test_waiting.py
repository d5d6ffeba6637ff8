"""Where people stand and how full queues are, on every backend."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from guichet.callbacks.overflowing import overflow
from guichet.callbacks.request import RequestKind
from guichet.callbacks.service import open_request
from guichet.callbacks.stepping_out import become_text, stepped_out
from guichet.callbacks.waiting import LAST, Position, loads, position, standing
from guichet.core.ids import AgentId, RequestId
from guichet.core.jobs import ConfirmRequest
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.routing.hold_rules import Load
from guichet.routing.rule_book import RuleBook
from tests.callbacks.world import BOOK, NOON, NUMBER, OTHER, Begin, agent, book, demand, hold, transactions
from tests.conftest import BACKENDS, Engines

ANNE = agent(presence=Presence.BUSY)
SOCIAL = agent("Bruno", phone=PhoneNumber("+33145670002"), skills=frozenset({"social"}))
LATER = NOON + timedelta(minutes=1)
OVERFLOWING = RuleBook.parse(
    BOOK.replace(
        "{nom: etat_civil, demandes: [etat_civil_acte]}",
        "{nom: etat_civil, demandes: [etat_civil_acte], attente: {debordement: {vers: social, apres: 5 min}}}",
    )
)


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    """Open transactions with Anne, who talks, and Bruno of another queue, who is free."""
    async with transactions(request.param, engines, ANNE, SOCIAL) as opened:
        yield opened


async def test_who_holds_is_told_of_everybody_who_is_served_before(begin: Begin) -> None:
    async with begin() as unit:
        called = await open_request(unit, demand("con_1", target_at=NOON), NOON)
        first = await open_request(unit, hold("con_2", "CA2", number=None, target_at=LATER), NOON)
        text = await open_request(unit, demand("con_4", number=None, kind=RequestKind.TEXT), NOON)
        assert await position(unit, called.request, book(), NOON) == Position(0, None)
        assert await position(unit, first.request, book(), NOON) == Position(1, None)
        assert await position(unit, text.request, book(), NOON) == Position(2, None)


async def test_a_queue_is_unserved_since_the_last_of_its_agents_left(begin: Begin) -> None:
    async with begin() as unit:
        held = (await open_request(unit, hold("con_1", "CA1", number=None), NOON)).request
        assert (await standing(unit, held, book(), NOON)).unserved is None
        await unit.agents.change(ANNE.id, Presence.BUSY, Presence.PAUSE, NOON)
        assert (await standing(unit, held, book(), LATER)).unserved == timedelta(minutes=1)
        nobodys = held.evolve(language=Language.EN)
        assert (await standing(unit, nobodys, book(), LATER)).unserved == timedelta.max
        await unit.agents.change(ANNE.id, Presence.PAUSE, Presence.AVAILABLE, LATER)


async def test_the_load_of_a_queue_is_who_holds_and_who_is_at_work(begin: Begin) -> None:
    async with begin() as unit:
        await open_request(unit, hold("con_1", "CA1", number=None), NOON)
        await open_request(unit, demand("con_2"), NOON)
        found = await loads(unit, book().queues.values(), Language.FR, (0, LATER, LAST), book(), NOON)
        assert found == {"etat_civil": Load(1, 1, None), "social": Load(1, 0, 1)}


async def test_who_has_held_for_long_goes_over_to_the_other_queue_once_and_keeps_their_place(begin: Begin) -> None:
    async with begin() as unit:
        held = (await open_request(unit, hold("con_1", "CA1", number=None), NOON)).request
        late = NOON + timedelta(minutes=5)
        assert not await overflow(unit, held.id, OVERFLOWING, NOON)
        assert not await overflow(unit, held.id, book(), late)
        assert await overflow(unit, held.id, OVERFLOWING, late)
        over = await unit.requests.get(held.id)
        assert over is not None
        assert (over.queue, over.target_at, over.held_since) == ("social", held.target_at, held.held_since)
        events = await unit.requests.events_of(held.id)
        assert events[-1].cause.reason == "overflows from etat_civil to social after 5 min"
        await unit.requests.change(over, over.evolve(queue="etat_civil"))
        assert not await overflow(unit, held.id, OVERFLOWING, late)


async def test_nobody_goes_over_to_a_queue_that_nobody_serves(begin: Begin) -> None:
    async with begin() as unit:
        await unit.agents.change(SOCIAL.id, Presence.AVAILABLE, Presence.AWAY, NOON)
        held = (await open_request(unit, hold("con_1", "CA1", number=None), NOON)).request
        assert not await overflow(unit, held.id, OVERFLOWING, NOON + timedelta(hours=1))
        await unit.agents.change(SOCIAL.id, Presence.AWAY, Presence.AVAILABLE, NOON)


async def test_who_goes_on_in_writing_keeps_their_place_and_is_written_to(begin: Begin) -> None:
    async with begin() as unit:
        held = (await open_request(unit, hold("con_1", "CA1", number=OTHER), NOON)).request
        written = await become_text(unit, held.id, LATER, OTHER)
        assert (written.kind, written.target_at, written.call) == (RequestKind.TEXT, held.target_at, None)
        assert ConfirmRequest(held.id) in unit.jobs.jobs
        landline = PhoneNumber("+33145678901")
        other = (await open_request(unit, hold("con_2", "CA2", number=landline, intent="x"), NOON)).request
        assert (await become_text(unit, other.id, LATER, landline)).kind is RequestKind.CALLBACK


async def test_who_is_asked_something_is_out_of_the_queue_until_they_answer(begin: Begin) -> None:
    async with begin() as unit:
        held = (await open_request(unit, hold("con_1", "CA1", number=NUMBER), NOON)).request
        await unit.requests.change(held, held.evolve(entered_at=NOON, agent=AgentId("agt_Anne")))
        await stepped_out(unit, held.id)
        await stepped_out(unit, RequestId("req_none"))
        out = await unit.requests.get(held.id)
        assert out is not None
        assert (out.entered_at, out.held_since) == (None, held.held_since)
