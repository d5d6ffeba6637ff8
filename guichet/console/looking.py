"""One look at all that open pages follow: in one transaction, with as many statements for fifty desks as for five."""

from collections.abc import Collection, Mapping
from typing import Any

from guichet.callbacks.ports import BookInForce
from guichet.console.desk import served_by
from guichet.console.desk_unit import BeginDesk, DeskUnit
from guichet.console.lookout import CaseOf, DeskOf, Seen, Subject
from guichet.core.clock import Clock
from guichet.core.ids import AgentId
from guichet.core.language import Language

Served = frozenset[tuple[str, Language]]


class Looking:
    """Looks (`lookout.Look`). Agents who serve the same share what waits for them."""

    def __init__(self, read: BeginDesk, book: BookInForce, clock: Clock) -> None:
        self._read = read
        self._book = book
        self._clock = clock

    async def __call__(self, subjects: Collection[Subject], sessions: Collection[str]) -> Seen:
        """Look once."""
        desks = [one for one in subjects if isinstance(one, DeskOf)]
        async with self._read() as unit:
            stamps = await self._desks(unit, desks) if desks else {}
            cases = [one.request for one in subjects if isinstance(one, CaseOf)]
            if cases:
                stamps |= {CaseOf(request): stamp for request, stamp in (await unit.looks.cases(cases)).items()}
            return Seen(stamps, await unit.looks.over(sessions, self._clock.now()))

    async def _desks(self, unit: DeskUnit, desks: Collection[DeskOf]) -> dict[Subject, str]:
        ids = {one.agent for one in desks if one.agent is not None}
        agents = await unit.looks.agents(ids)
        in_hand = await unit.looks.in_hand(ids)
        helps = await unit.looks.help_wanted() if any(one.helps for one in desks) else ""
        served = {agent: self._served(found) for agent, found in agents.items()}
        waiting = {queues: await self._waiting(unit, queues) for queues in set(served.values())}

        def stamp(desk: DeskOf) -> str:
            called = helps if desk.helps else ""
            if desk.agent is None or desk.agent not in agents:
                return called
            own: AgentId = desk.agent
            return f"{agents[own]}{in_hand.get(own, '')}{waiting[served[own]]}{called}"

        return {desk: stamp(desk) for desk in desks}

    def _served(self, agent: Mapping[str, Any]) -> Served:
        return served_by(agent["skills"], [Language(one) for one in agent["languages"]], self._book())

    async def _waiting(self, unit: DeskUnit, served: Served) -> str:
        rows = await unit.queues.waiting(served, self._clock.now())
        return str([(row.id, row.reminders, row.name) for row in rows])
