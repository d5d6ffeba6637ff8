"""Never call: whatever happens and whoever asks, no telephone rings of somebody whose record says so."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.service import become_callback
from guichet.callbacks.taking import Taken, prepare_call, take
from guichet.carrier.events import CallState
from guichet.carrier.verbs import DialNumber, Verb
from guichet.citizens.citizen import Citizen
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import CLAIRE, MARC, NUMBER, OTHER, agent, book

LANDLINE = PhoneNumber("+33145670099")
STEPS = ("ask", "hold", "hang up", "look", "accept", "decline", "take", "call", "dial ends", "time", "pause")


class Street:
    """One citizen, what agents and the clock do, and every telephone that was dialled."""

    def __init__(self, citizen: CitizenId | None, other: PhoneNumber | None) -> None:
        self.desk = CallDesk(agent())
        self.citizen, self.other = citizen, other
        self.is_never = False
        self.dialled_since = 0

    def never(self) -> None:
        """Let the record say so from now on."""
        self.is_never = True
        self.desk.unit.citizens.never_call = True
        owner = Citizen(CLAIRE, "1", "Claire", "Dubois", never_call=True)
        for number in (NUMBER, OTHER):
            self.desk.unit.citizens.at_number[number] = (owner,)

    def saw(self, verbs: tuple[Verb, ...]) -> None:
        """Count the citizen's telephone ringing once the record says never."""
        self.dialled_since += self.is_never and any(isinstance(verb, DialNumber) for verb in verbs)

    async def do(self, step: str) -> None:
        """Let something happen; what cannot happen now does not."""
        try:
            await self._do(step)
        except (BadInput, Conflict):
            return

    async def _do(self, step: str) -> None:
        desk = self.desk
        request = next((row for row in desk.unit.requests.rows.values() if row.state.is_open), None)  # type: ignore[attr-defined]
        if step == "ask":
            asked = await desk.asks(citizen=self.citizen)
            if self.other is not None and asked.state is RequestState.WAITING:
                await desk.unit.requests.change(asked, asked.evolve(callback_number=self.other))
        elif step == "hold":
            await desk.holds("con_h", "CAh", citizen=self.citizen)
        elif step == "hang up" and request is not None and request.holds:
            async with desk.begin() as unit:
                await become_callback(unit, request.id, desk.clock.now())
        elif step == "look":
            await desk.offering.look()
        elif step == "time":
            desk.clock.move(timedelta(minutes=5))
        elif step == "pause":
            name = agent().id
            free = desk.unit.agents.presence() is Presence.AVAILABLE
            desk.unit.agents.rows[name] = replace(
                desk.unit.agents.rows[name], presence=Presence.PAUSE if free else Presence.AVAILABLE
            )
        else:
            await self._of_agent(step, request)
        await desk.jobs()

    async def _of_agent(self, step: str, request: Request | None) -> None:
        desk, name = self.desk, agent().id
        placed = len(desk.carrier.placed)
        if step == "take" and request is not None:
            async with desk.begin() as unit:
                assert not isinstance(await take(unit, request.id, name, desk.clock.now()), Taken)
        elif step == "call" and request is not None:
            await desk.offering.ring_taker(request.id, name)
        elif placed and step == "accept":
            self.saw(await desk.agent_accepts(placed))
        elif placed and step == "decline":
            self.saw(await desk.agent_accepts(placed, "2"))
        elif placed and step == "dial ends":
            self.saw(await desk.dial_ends("no-answer", placed, bridged=False))
            await desk.agent_leg(CallState.COMPLETED, placed)


@settings(max_examples=150, deadline=None)
@given(
    citizen=st.sampled_from([None, CLAIRE]),
    other=st.sampled_from([None, OTHER]),
    before=st.lists(st.sampled_from(STEPS), max_size=8),
    after=st.lists(st.sampled_from(STEPS), max_size=14),
)
def test_no_path_dials_whom_the_record_says_never_to_call(
    citizen: CitizenId | None, other: PhoneNumber | None, before: list[str], after: list[str]
) -> None:
    async def live() -> None:
        street = Street(citizen, other)
        for step in before:
            await street.do(step)
        street.never()
        for step in after:
            await street.do(step)
        assert street.dialled_since == 0

    asyncio.run(live())


async def test_the_record_that_changes_while_the_agent_is_rung_is_obeyed() -> None:
    street = Street(CLAIRE, None)
    await street.do("ask")
    assert len(street.desk.carrier.placed) == 1
    street.never()
    await street.do("accept")
    assert street.dialled_since == 0
    (request,) = street.desk.unit.requests.rows.values()  # type: ignore[attr-defined]
    assert (request.kind, request.state) == (RequestKind.TEXT, RequestState.WAITING)
    assert street.desk.unit.agents.presence() is Presence.AVAILABLE


async def test_who_takes_no_texts_either_is_left_to_a_person() -> None:
    desk = CallDesk(agent())
    desk.unit.citizens.never_call = True
    request = await desk.asks(citizen=CLAIRE, number=LANDLINE)
    desk.clock.move(timedelta(minutes=1))
    await desk.jobs()
    assert (await desk.request(request)).state is RequestState.EXHAUSTED


async def test_somebody_else_with_the_same_number_is_called() -> None:
    desk = CallDesk(agent(presence=Presence.PAUSE))
    owners = (Citizen(CLAIRE, "1", "Claire", "D", never_call=True), Citizen(MARC, "2", "Marc", "D"))
    desk.unit.citizens.at_number[NUMBER] = owners
    request = await desk.asks()
    desk.clock.move(timedelta(minutes=1))
    async with desk.begin() as unit:
        await take(unit, request.id, agent().id, desk.clock.now())
        await prepare_call(unit, request.id, agent().id, book(), desk.clock.now())
    with pytest.raises(Conflict):
        async with desk.begin() as unit:
            await prepare_call(unit, request.id, agent().id, book(), desk.clock.now())
