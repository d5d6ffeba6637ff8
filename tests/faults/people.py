"""What the people of a run do: they ring or write, and try again when nobody has served them; agents sign in."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Event, Kind
from guichet.carrier.simulator.parties import Answers, HangUp, Moment, Party, Press
from guichet.core.ids import AgentId
from guichet.routing.agent import Presence
from tests.faults.plant import Plant
from tests.journeys.people import LINE, agent
from tests.journeys.world import is_held

TRIES = 5
GLANCE = 0.005
"""Real seconds between two looks at who is on the line."""
PROMISES = ("va vous rappeler", "Vous gardez votre place", "allons vous rappeler")
"""What callers hear who will be called back."""
PICKS_UP = Answers([Press("1"), HangUp(40.0)], ring=4)
ACCEPTS = Answers([Press("1"), HangUp(60.0, Moment.BRIDGED)], ring=2)


def is_served(call: CallRecord) -> bool:
    """Whether a caller has spoken to an agent or been promised a call, or has hung up themselves."""
    said = " ".join(call.log.said)
    return bool(call.log.of(Kind.BRIDGED)) or any(promise in said for promise in PROMISES)


@dataclass
class Town:
    """The people of a run."""

    plant: Plant

    def __post_init__(self) -> None:
        self._on_the_line: dict[str, CallRecord] = {}
        self._people: set[asyncio.Task[None]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether somebody still wants something."""
        return any(not task.done() for task in self._people)

    def rings(self, number: str, script: Callable[[], Answers], later: Party = PICKS_UP) -> None:
        """Let a citizen ring until they are served, and answer their telephone so when they are called back."""
        self.plant.carrier.simulator.party(number, later)
        self._people.add(asyncio.create_task(self._ring(number, script)))

    def answers(self, number: str, later: Party) -> None:
        """Let a citizen answer their telephone so from now on."""
        self.plant.carrier.simulator.party(number, later)

    def writes(self, number: str, body: str) -> None:
        """Let a citizen write until they are answered, and pick up when they are called."""
        self.plant.carrier.simulator.party(number, PICKS_UP)
        self._people.add(asyncio.create_task(self._write(number, body)))

    async def _ring(self, number: str, script: Callable[[], Answers]) -> None:
        for _ in range(TRIES):
            record, carried = self.plant.carrier.simulator.ring(number, LINE, script())
            record.log.follow(self._hear)
            self._on_the_line[record.sid] = record
            await asyncio.gather(carried, return_exceptions=True)
            del self._on_the_line[record.sid]
            if is_served(record):
                return
            await self.plant.next_round.wait()

    async def _write(self, number: str, body: str) -> None:
        simulator = self.plant.carrier.simulator
        for _ in range(TRIES):
            before = len(simulator.texts_to(number))
            await simulator.text(number, LINE, body)
            for _ in range(4):
                await self.plant.next_round.wait()
                if len(simulator.texts_to(number)) > before:
                    return

    def _hear(self, event: Event) -> None:
        """Let the scripted recogniser know what is being said."""
        if event.kind is Kind.SPOKE:
            self.plant.recogniser.say(event.what)

    async def quiet(self) -> None:
        """Wait until whoever is on the line is on hold."""
        async with self.plant.patience.until("whoever is on the line holds"):
            while any(not is_held(call) for call in self._on_the_line.values()):  # noqa: ASYNC110 - logs, not events
                await asyncio.sleep(GLANCE)

    async def hire(self, name: str, phone: str) -> None:
        """Add an agent who accepts every call."""
        self.plant.carrier.simulator.party(phone, ACCEPTS)
        async with self.plant.beside.begin() as unit:
            await unit.agents.add(replace(agent(name, phone), since=self.plant.true_clock.now()))

    async def presence(self, name: str, before: Presence, after: Presence) -> None:
        """Let an agent change their own presence."""
        async with self.plant.beside.begin() as unit:
            await unit.agents.change(AgentId(f"agent_{name}"), before, after, self.plant.true_clock.now())

    async def come_back(self) -> None:
        """Let agents who were taken for absent be available again."""
        async with self.plant.beside.begin() as unit:
            away = [one for one in await unit.agents.all() if one.presence is Presence.AWAY]
            for one in away:
                await unit.agents.change(one.id, Presence.AWAY, Presence.AVAILABLE, self.plant.true_clock.now())

    async def go_home(self) -> None:
        """Wait for nobody any more."""
        for task in self._people:
            task.cancel()
        await asyncio.gather(*self._people, return_exceptions=True)
