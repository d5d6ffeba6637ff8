"""Abusive calls: flagged, ended with a warning, handed to a supervisor; the request lives on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from guichet.callbacks.flag import Flag, Incivility
from guichet.callbacks.flag_store import FlagStore, MemoryFlagStore
from guichet.callbacks.incivility import Incivilities
from guichet.callbacks.passing_on import PassingOn
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.sql_flags import SqlFlagStore
from guichet.carrier.events import CallState, CallTurn
from guichet.carrier.verbs import Gather, Say
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, CallSid, RequestId
from guichet.core.jobs import Job, MoveCaller, WarnCaller
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from guichet.routing.rule_book import RuleBook
from tests.callbacks.desk import CallDesk, leg
from tests.callbacks.world import BOOK, CLAIRE, NOON, agent
from tests.conftest import BACKENDS, Engines

ANNE = agent()
BRUNO = agent("Bruno", phone=PhoneNumber("+33145670002"), since=NOON + timedelta(seconds=1))
SUPERVISOR = agent("Sonia", phone=PhoneNumber("+33145670003"), skills=frozenset({"social"}))
LANDLINE = PhoneNumber("+33145678901")


class StormyDesk(CallDesk):
    """A desk where somebody swears; `rules` is what its book says of it."""

    def __init__(self, *agents: Agent, rules: str = "incivilites: {superviseurs: social}") -> None:
        book = RuleBook.parse(f"{BOOK}{rules}\n")
        super().__init__(*agents, rules=book)
        self.passing_on = PassingOn(self.begin, self.carrier, self.clock, lambda: book)
        self.incivilities = Incivilities(self.begin, self.carrier, self.clock, lambda: book, self.passing_on)

    async def perform(self, job: Job) -> None:
        """Do a job."""
        if isinstance(job, MoveCaller):
            await self.passing_on.move(job.request_id)
        elif isinstance(job, WarnCaller):
            await self.incivilities.warn(job.request_id, job.call)
        else:
            await super().perform(job)

    async def talks(self, **changes: Any) -> Request:
        """Let somebody who holds talk with Anne."""
        request = await self.holds(**changes)
        attempt = await self.attempt()
        await self.agent_accepts()
        await self.ringing.connected(attempt.id)
        return await self.request(request)

    async def whispered(self, number: int) -> str:
        """Return what an agent hears who picks up."""
        attempt = await self.attempt(number)
        gather, _ = await self.ringing.answered(attempt.id, CallTurn(leg(number), CallState.IN_PROGRESS))
        assert isinstance(gather, Gather)
        said = gather.prompts[0]
        assert isinstance(said, Say)
        return said.text


async def test_a_call_is_ended_with_a_warning_and_the_request_is_answered_in_writing() -> None:
    desk = StormyDesk(ANNE)
    request = await desk.talks()
    desk.clock.move(timedelta(minutes=1))
    await desk.incivilities.end_call(request.id, ANNE.id, Incivility.INSULT, "Mots grossiers.")
    await desk.jobs()
    assert desk.carrier.redirected == [(CallSid("CA2"), f"/voice/warned?request={request.id}")]
    served = await desk.request(request)
    assert (served.kind, served.state, served.call) == (RequestKind.TEXT, RequestState.WAITING, None)
    assert served.target_at == request.target_at
    assert desk.unit.agents.presence() is Presence.WRAP_UP
    assert (await desk.attempt()).result == "ended for incivility"
    (flag,) = await desk.incivilities.seen_with(request.id)
    assert (flag.kind, flag.expires_at) == (Incivility.INSULT, desk.clock.now() + timedelta(days=30))


async def test_who_takes_no_texts_is_called_back_by_somebody_else_once_it_is_calm() -> None:
    desk = StormyDesk(ANNE, BRUNO)
    request = await desk.talks(number=LANDLINE)
    await desk.incivilities.end_call(request.id, ANNE.id, Incivility.THREAT)
    desk.unit.agents.rows[ANNE.id] = ANNE
    await desk.jobs()
    waits = await desk.request(request)
    assert (waits.kind, waits.not_before) == (RequestKind.CALLBACK, NOON + timedelta(hours=1))
    desk.clock.move(timedelta(hours=1))
    await desk.offering.look()
    await desk.jobs()
    assert (await desk.attempt(2)).agent == BRUNO.id
    assert (await desk.whispered(2)).startswith("Attention, personne signalée : menaces.")


async def test_a_small_office_without_anybody_else_still_serves_them() -> None:
    desk = StormyDesk(ANNE, rules="incivilites: {suite: rappel, apaisement: 10 min}")
    request = await desk.talks()
    await desk.incivilities.end_call(request.id, ANNE.id, Incivility.OTHER)
    desk.unit.agents.rows[ANNE.id] = ANNE
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.look()
    await desk.jobs()
    assert (await desk.request(request)).agent == ANNE.id


async def test_the_book_may_hand_what_follows_to_a_supervisor() -> None:
    desk = StormyDesk(ANNE, SUPERVISOR, rules="incivilites: {suite: superviseur, superviseurs: social}")
    request = await desk.talks()
    served = await desk.incivilities.end_call(request.id, ANNE.id, Incivility.INSULT)
    assert (served.queue, served.kind) == ("social", RequestKind.CALLBACK)


async def test_a_hidden_caller_cannot_be_flagged_and_their_call_ends_all_the_same() -> None:
    desk = StormyDesk(ANNE)
    request = await desk.talks(number=None)
    with pytest.raises(BadInput):
        await desk.incivilities.flag(request.id, ANNE.id, Incivility.INSULT)
    served = await desk.incivilities.end_call(request.id, ANNE.id, Incivility.INSULT)
    assert served.state is RequestState.CANCELLED
    assert not await desk.incivilities.seen_with(request.id)


async def test_a_flag_is_heard_before_the_next_call_until_it_is_lifted_or_expires() -> None:
    desk = StormyDesk(ANNE)
    request = await desk.asks()
    flag = await desk.incivilities.flag(request.id, ANNE.id, Incivility.INSULT)
    assert (await desk.whispered(1)).startswith("Attention, personne signalée : insultes. Rappel à faire.")
    await desk.incivilities.lift(flag.id, "sonia")
    with pytest.raises(NotFound):
        await desk.incivilities.lift(flag.id, "sonia")
    assert not (await desk.whispered(1)).startswith("Attention")
    await desk.incivilities.flag(request.id, ANNE.id, Incivility.INSULT)
    desk.clock.move(timedelta(days=30))
    assert not await desk.incivilities.seen_with(request.id)


async def test_a_known_citizen_is_flagged_and_not_the_family_that_shares_the_number() -> None:
    desk = StormyDesk(ANNE)
    claire = await desk.asks(citizen=CLAIRE)
    other = await desk.asks("con_9", intent="logement_social")
    await desk.incivilities.flag(claire.id, ANNE.id, Incivility.INSULT)
    assert len(await desk.incivilities.seen_with(claire.id)) == 1
    assert not await desk.incivilities.seen_with(other.id)


async def test_a_supervisor_who_is_free_takes_the_call() -> None:
    desk = StormyDesk(ANNE, SUPERVISOR)
    request = await desk.talks()
    await desk.incivilities.ask_supervisor(request.id, ANNE.id, "Demande un responsable.")
    await desk.jobs()
    assert (await desk.attempt(2)).agent == SUPERVISOR.id
    assert "De la part de Anne. Demande un responsable." in await desk.whispered(2)


async def test_without_a_supervisor_the_agent_is_told_what_they_can_do() -> None:
    desk = StormyDesk(ANNE)
    request = await desk.talks()
    with pytest.raises(Conflict, match="end the call with a warning"):
        await desk.incivilities.ask_supervisor(request.id, ANNE.id)
    nobody = StormyDesk(ANNE, rules="")
    request = await nobody.talks()
    with pytest.raises(BadInput, match="supervisors"):
        await nobody.incivilities.ask_supervisor(request.id, ANNE.id)


async def test_only_who_talks_with_them_ends_a_call() -> None:
    desk = StormyDesk(ANNE, BRUNO)
    request = await desk.talks()
    with pytest.raises(Conflict):
        await desk.incivilities.end_call(request.id, BRUNO.id, Incivility.INSULT)
    with pytest.raises(NotFound):
        await desk.incivilities.end_call(RequestId("req_none"), ANNE.id, Incivility.INSULT)
    with pytest.raises(NotFound):
        await desk.incivilities.seen_with(RequestId("req_none"))
    with pytest.raises(BadInput):
        await desk.incivilities.end_call(request.id, ANNE.id, Incivility.INSULT, "a" * 301)
    assert (await desk.request(request)).state is RequestState.TALKING


@asynccontextmanager
async def stores(backend: str, engines: Engines) -> AsyncIterator[FlagStore]:
    if backend == "memory":
        yield MemoryFlagStore()
        return
    async with engines(backend) as engine, engine.begin() as connection:
        yield SqlFlagStore(connection)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_flags_are_kept_and_found_while_they_stand(backend: str, engines: Engines) -> None:
    first = Flag(
        "flag_1", "number:+33", Incivility.THREAT, "", RequestId("req_1"), AgentId("a"), NOON, NOON + timedelta(days=1)
    )
    second = first.evolve(id="flag_2", at=NOON + timedelta(hours=1), expires_at=NOON + timedelta(days=9))
    other = first.evolve(id="flag_3", subject="citizen:cit")
    async with stores(backend, engines) as store:
        for flag in (first, second, other):
            await store.add(flag)
        assert list(await store.standing(["number:+33", "citizen:x"], NOON)) == [second, first]
        assert list(await store.standing(["number:+33"], NOON + timedelta(days=2))) == [second]
        assert not await store.standing([], NOON)
        assert await store.lift("flag_2", "sonia", NOON + timedelta(hours=2))
        assert not await store.lift("flag_2", "sonia", NOON + timedelta(hours=2))
        assert list(await store.standing(["number:+33"], NOON + timedelta(days=2))) == []
