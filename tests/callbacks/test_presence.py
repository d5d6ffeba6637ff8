"""Agents and their presence around calls: available, rung, talking, writing up, paused, away."""

from datetime import timedelta

import pytest

from guichet.callbacks.absence import ABSENT
from guichet.callbacks.lifecycle import WRITTEN_UP
from guichet.callbacks.presence import Presences
from guichet.callbacks.request import RequestState
from guichet.carrier.events import CallState
from guichet.core.errors import BadInput, Conflict, NotFound, Refused
from guichet.core.ids import AgentId
from guichet.core.jobs import TextAgent
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import telephone
from guichet.routing.agent import Agent, Level, Presence
from guichet.routing.presence import MISSED, REFUSED
from guichet.routing.rule_book import RuleBook
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import ACT, BOOK, NOON, agent

ANNE = agent().id
BRUNO = agent("Bruno", phone=PhoneNumber("+33145670002"), since=NOON + timedelta(seconds=1))


class PresenceDesk(CallDesk):
    """A desk whose agents say how they are; `rules` is what its book says of agents."""

    def __init__(self, *agents: Agent, rules: str = "agents: {apres_appel: 1 min}") -> None:
        book = RuleBook.parse(f"{BOOK}{rules}\n")
        super().__init__(*agents, rules=book)
        self.presences = Presences(self.begin, self.begin, self.clock, lambda: book)

    async def anne(self) -> Agent:
        """Return Anne as she is now."""
        return await self.unit.agents.get(ANNE)

    async def talks(self) -> None:
        """Let a callback be made, and both talk."""
        await self.asks()
        await self.agent_accepts()
        await self.citizen_answers()
        await self.citizen_keys("1")

    async def talks_for(self, minutes: int) -> None:
        """Let both talk for a while, and hang up."""
        await self.talks()
        self.clock.move(timedelta(minutes=minutes))
        await self.dial_ends("completed", bridged=True)

    async def after(self, seconds: int) -> Agent:
        """Let time pass, do what is due, and return Anne."""
        self.clock.move(timedelta(seconds=seconds))
        await self.jobs()
        return await self.anne()


async def test_writing_up_ends_by_itself_after_the_time_of_the_rule_book() -> None:
    desk = PresenceDesk(agent())
    await desk.talks_for(3)
    anne = await desk.anne()
    assert (anne.presence, anne.until) == (Presence.WRAP_UP, desk.clock.now() + timedelta(minutes=1))
    assert (await desk.after(50)).presence is Presence.WRAP_UP
    assert (await desk.after(11)).presence is Presence.AVAILABLE
    attempt = await desk.attempt()
    assert attempt.bridged_at == NOON
    assert attempt.ended_at is not None
    assert attempt.wrapped_up_at == attempt.ended_at + timedelta(seconds=61)
    events = await desk.unit.requests.events_of(attempt.request)
    assert [event.after for event in events][-1] == WRITTEN_UP


async def test_a_queue_may_have_its_own_time_to_write_up() -> None:
    desk = PresenceDesk(agent())
    desk._rules = RuleBook.parse(
        BOOK.replace("{nom: etat_civil, demandes", "{nom: etat_civil, apres_appel: 5 min, demandes")
    )
    await desk.talks_for(1)
    assert (await desk.anne()).until == desk.clock.now() + timedelta(minutes=5)


async def test_without_any_time_to_write_up_the_next_comes_at_once() -> None:
    desk = PresenceDesk(agent(), rules="agents: {apres_appel: aucun}")
    await desk.talks_for(1)
    assert (await desk.anne()).presence is Presence.AVAILABLE
    attempt = await desk.attempt()
    assert attempt.wrapped_up_at == attempt.ended_at


async def test_an_agent_ends_writing_up_and_gets_the_next() -> None:
    desk = PresenceDesk(agent())
    await desk.talks_for(3)
    next_ = await desk.asks("con_2", number=PhoneNumber("+33698765432"))
    assert next_.state is RequestState.WAITING
    desk.clock.move(timedelta(seconds=10))
    assert (await desk.presences.end_wrap_up(ANNE)).presence is Presence.AVAILABLE
    await desk.jobs()
    assert (await desk.request(next_)).state is RequestState.DIALING_AGENT
    attempt = await desk.attempt()
    assert attempt.wrapped_up_at == NOON + timedelta(minutes=3, seconds=10)
    with pytest.raises(Conflict):
        await desk.presences.end_wrap_up(ANNE)


async def test_an_agent_lengthens_writing_up_once() -> None:
    desk = PresenceDesk(agent())
    await desk.talks_for(3)
    assert (await desk.presences.lengthen(ANNE)).until == desk.clock.now() + timedelta(minutes=3)
    assert (await desk.after(70)).presence is Presence.WRAP_UP
    with pytest.raises(Conflict):
        await desk.presences.lengthen(ANNE)
    assert (await desk.after(111)).presence is Presence.AVAILABLE


async def test_a_book_may_give_no_more_time() -> None:
    desk = PresenceDesk(agent(), rules="agents: {prolongation: aucune}")
    await desk.talks_for(3)
    with pytest.raises(BadInput):
        await desk.presences.lengthen(ANNE)


async def test_writing_up_ends_although_its_job_is_lost() -> None:
    desk = PresenceDesk(agent())
    await desk.talks_for(3)
    assert await desk.presences.end_overdue() == 0
    desk.clock.move(timedelta(seconds=61))
    assert await desk.presences.end_overdue() == 1
    assert (await desk.anne()).presence is Presence.AVAILABLE


async def test_a_pause_has_a_reason_of_the_book_and_waits_for_the_end_of_the_call() -> None:
    desk = PresenceDesk(agent())
    with pytest.raises(BadInput, match="Repas"):
        await desk.presences.say(ANNE, Presence.PAUSE, "sieste")
    await desk.talks()
    assert (await desk.presences.say(ANNE, Presence.PAUSE, "meal")).presence is Presence.BUSY
    await desk.dial_ends("completed", bridged=True)
    assert (await desk.anne()).presence is Presence.WRAP_UP
    anne = await desk.after(61)
    assert (anne.presence, anne.reason) == (Presence.PAUSE, "Repas")
    await desk.asks("con_2", number=PhoneNumber("+33698765432"))
    assert len(desk.carrier.placed) == 1
    await desk.presences.say(ANNE, Presence.AVAILABLE)
    await desk.jobs()
    assert len(desk.carrier.placed) == 2
    log = [(stood.presence.value, stood.reason) for stood in await desk.unit.agents.log_of(ANNE, NOON)]
    assert log == [("wrap_up", ""), ("pause", "Repas"), ("available", "")]


async def test_who_pauses_while_writing_up_has_written_up() -> None:
    desk = PresenceDesk(agent())
    await desk.talks_for(3)
    desk.clock.move(timedelta(seconds=20))
    assert (await desk.presences.say(ANNE, Presence.PAUSE, "Repas")).presence is Presence.PAUSE
    attempt = await desk.attempt()
    assert attempt.wrapped_up_at == NOON + timedelta(minutes=3, seconds=20)
    assert (await desk.after(120)).presence is Presence.PAUSE


async def test_an_agent_who_answers_no_call_twice_is_away_and_told() -> None:
    desk = PresenceDesk(agent())
    await desk.asks()
    for number in (1, 2):
        await desk.agent_leg(CallState.NO_ANSWER, number)
        await desk.jobs()
    anne = await desk.anne()
    assert (anne.presence, anne.reason) == (Presence.AWAY, MISSED)
    assert [job for job in desk.unit.jobs.jobs if isinstance(job, TextAgent)] == [TextAgent(ANNE, ABSENT)]
    assert len(desk.carrier.placed) == 2


async def test_the_book_says_how_many_calls_make_an_agent_absent_and_whether_they_are_written_to() -> None:
    desk = PresenceDesk(agent(), rules="agents: {sans_reponse: 1, prevenir: non}")
    await desk.asks()
    await desk.agent_leg(CallState.NO_ANSWER)
    assert (await desk.anne()).presence is Presence.AWAY
    assert not [job for job in desk.unit.jobs.jobs if isinstance(job, TextAgent)]


async def test_an_agent_whom_the_carrier_refuses_to_ring_is_away_and_told_why() -> None:
    desk = PresenceDesk(agent())
    desk.carrier.failure = Refused("no such number", 21211)
    await desk.asks()
    anne = await desk.anne()
    assert (anne.presence, anne.reason) == (Presence.AWAY, REFUSED)
    assert TextAgent(ANNE, ABSENT) in desk.unit.jobs.jobs


async def test_an_agent_at_a_sip_address_is_rung_there() -> None:
    desk = PresenceDesk(agent(phone=telephone("sip:anne@mairie.example")))
    await desk.asks()
    assert desk.carrier.placed[0]["to"].address == "sip:anne@mairie.example"


async def test_who_has_tried_to_reach_a_citizen_is_asked_again_although_somebody_has_been_idle_for_longer() -> None:
    desk = PresenceDesk(agent())
    request = await desk.asks()
    await desk.agent_accepts()
    await desk.citizen_leg(CallState.BUSY)
    await desk.unit.agents.add(BRUNO)
    assert (await desk.after(31)).presence is Presence.AVAILABLE
    desk.clock.move(timedelta(minutes=5))
    await desk.jobs()
    assert (await desk.request(request)).agent == ANNE


async def test_who_masters_a_skill_comes_before_who_has_been_idle_for_longer() -> None:
    master = BRUNO.evolve(levels={"etat_civil": Level.MASTERS})
    desk = PresenceDesk(agent(), master)
    assert (await desk.asks(intent=ACT)).agent == master.id


async def test_the_presence_of_nobody_cannot_be_said() -> None:
    desk = PresenceDesk(agent())
    with pytest.raises(NotFound):
        await desk.presences.say(AgentId("agt_nobody"), Presence.AWAY)
    with pytest.raises(BadInput):
        await desk.presences.say(ANNE, Presence.BUSY)
