from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.joining import new_request
from guichet.callbacks.order import place_of, why_here
from guichet.callbacks.request import Request, RequestKind
from tests.callbacks.desk import CallDesk
from tests.callbacks.world import NOON, OTHER, agent, demand

PARIS = ZoneInfo("Europe/Paris")


def request(minutes: int = 0, priority: int = 0, kind: RequestKind = RequestKind.CALLBACK) -> Request:
    return new_request(demand(kind=kind, priority=priority, target_at=NOON + timedelta(minutes=minutes)), NOON)


def test_a_place_is_explained() -> None:
    moved = request(240, 10).evolve(not_before=NOON + timedelta(days=1), reminders=2)
    assert [reason.fr for reason in why_here(moved, NOON, PARIS)] == [
        "à rappeler",
        "urgence 10, par règle",
        "réponse promise pour le 03/03 à 17h00",
        "première demande le 03/03 à 13h00",
        "relances : 2",
        "pas avant le 04/03 à 13h00",
    ]
    assert [reason.en for reason in why_here(request(240), NOON, PARIS)][1] == "an answer promised for 03/03 at 17:00"


@given(st.tuples(st.integers(0, 100), st.integers(0, 9)), st.tuples(st.integers(0, 100), st.integers(0, 9)))
def test_how_somebody_waits_never_changes_their_place(one: tuple[int, int], other: tuple[int, int]) -> None:
    first, second = request(*one), request(*other)
    before = place_of(first) < place_of(second)
    for kind in RequestKind:
        assert (place_of(first.evolve(kind=kind)) < place_of(second)) is before


async def test_who_overtakes_by_rule_is_noted() -> None:
    desk = CallDesk()
    await desk.asks("con_1")
    desk.clock.move(timedelta(minutes=1))
    urgent = await desk.asks("con_2", number=OTHER, priority=5)
    desk.unit.agents.rows[agent().id] = agent()
    await desk.offering.offer()
    reasons = [event.cause.reason for event in await desk.unit.requests.events_of(urgent.id)]
    assert "overtakes 1" in reasons
