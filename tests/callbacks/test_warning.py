from datetime import timedelta

from guichet.core.jobs import TextRequest
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.routing.rule_book import RuleBook
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import BOOK, CLAIRE, NOON, OTHER, agent

BUSY = agent(presence=Presence.BUSY)


def warned(desk: CallDesk) -> list[TextRequest]:
    return [job for job in desk.unit.jobs.jobs if isinstance(job, TextRequest)]


async def test_as_many_are_warned_as_agents_are_at_work_in_order_and_once() -> None:
    desk = CallDesk(BUSY)
    first = await desk.asks("con_1")
    await desk.asks("con_2", number=OTHER)
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.warn()
    await desk.offering.warn()
    assert warned(desk) == [TextRequest(first.id, "warning")]


async def test_who_has_just_asked_is_not_warned() -> None:
    desk = CallDesk(BUSY)
    await desk.asks()
    await desk.offering.warn()
    assert warned(desk) == []


async def test_who_holds_comes_first_and_needs_no_warning() -> None:
    desk = CallDesk(BUSY)
    await desk.holds("con_1", "CA1", number=None, priority=1)
    await desk.asks("con_2")
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.warn()
    assert warned(desk) == []


async def test_a_slot_is_announced_shortly_before_it() -> None:
    desk = CallDesk(BUSY)
    request = await desk.asks()
    await desk.unit.requests.change(request, request.evolve(not_before=NOON + timedelta(hours=1)))
    desk.clock.move(timedelta(minutes=54))
    await desk.offering.warn()
    assert warned(desk) == []
    desk.clock.move(timedelta(minutes=1))
    await desk.offering.warn()
    assert warned(desk) == [TextRequest(request.id, "warning")]


async def test_nobody_is_warned_when_nobody_works_or_it_is_night_there_or_they_are_never_called() -> None:
    desk = CallDesk()
    await desk.asks()
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.warn()
    desk.unit.agents.rows[BUSY.id] = BUSY
    desk.clock.move(timedelta(hours=8))
    await desk.offering.warn()
    desk = CallDesk(BUSY)
    desk.unit.citizens.never_call = True
    await desk.asks(citizen=CLAIRE)
    await desk.asks("con_2", number=PhoneNumber("+687751234"))
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.warn()
    assert warned(desk) == []


async def test_the_rules_may_want_no_warning() -> None:
    desk = CallDesk(BUSY, rules=RuleBook.parse(BOOK + "rappels: {preavis: aucun}"))
    await desk.asks()
    desk.clock.move(timedelta(minutes=10))
    await desk.offering.warn()
    assert warned(desk) == []


async def test_who_is_called_without_having_been_warned_is_told_as_the_agent_is_rung() -> None:
    desk = CallDesk()
    request = await desk.asks()
    desk.clock.move(timedelta(minutes=10))
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.offer()
    assert warned(desk) == [TextRequest(request.id, "warning")]
