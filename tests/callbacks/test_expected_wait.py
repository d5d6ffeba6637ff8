"""How long people wait: from who is before them, who is at work, and how long cases take."""

from datetime import timedelta

from guichet.callbacks.expected_wait import CONNECTING, Handled, expected_wait, handling, in_minutes
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from tests.callbacks.world import agent

CIVIL, SOCIAL = ("etat_civil", Language.FR), ("social", Language.FR)
TAKES = timedelta(minutes=6)


def busy(number: int, *skills: str, presence: Presence = Presence.BUSY) -> Agent:
    return agent(
        id=AgentId(f"agt_{number}"),
        phone=PhoneNumber(f"+3314567{number:04}"),
        skills=frozenset(skills or {"etat_civil"}),
        presence=presence,
    )


def skills(queue: str) -> frozenset[str]:
    return frozenset({queue})


def test_who_is_next_waits_for_the_first_of_the_agents_to_come_free() -> None:
    crew = [busy(1), busy(2), busy(3)]
    assert expected_wait(CIVIL, {}, crew, skills, TAKES) == timedelta(minutes=2) + CONNECTING
    third = expected_wait(CIVIL, {CIVIL: 2}, crew, skills, TAKES)
    assert third is not None
    assert timedelta(minutes=5) < third < timedelta(minutes=6), "some of those before give up"


def test_who_finds_a_free_agent_is_connected_at_once() -> None:
    crew = [busy(1), busy(2, presence=Presence.AVAILABLE)]
    assert expected_wait(CIVIL, {}, crew, skills, None) == CONNECTING
    assert expected_wait(CIVIL, {CIVIL: 1}, crew, skills, TAKES) == timedelta(minutes=3) + CONNECTING
    assert expected_wait(CIVIL, {CIVIL: 1}, crew, skills, None) is None


def test_people_of_another_queue_count_as_far_as_the_same_agents_serve_them() -> None:
    crew = [busy(1, "etat_civil", "social"), busy(2, "etat_civil"), busy(3, "social")]
    alone = expected_wait(CIVIL, {}, crew, skills, TAKES)
    shared = expected_wait(CIVIL, {SOCIAL: 2}, crew, skills, TAKES)
    assert alone is not None
    assert shared is not None
    assert timedelta(minutes=2) < shared - alone < timedelta(minutes=3)
    assert expected_wait(CIVIL, {("jardins", Language.FR): 9}, crew, skills, TAKES) == alone


def test_where_nobody_serves_no_wait_is_told() -> None:
    assert expected_wait(CIVIL, {}, [busy(1, "social")], skills, TAKES) is None
    assert expected_wait(("etat_civil", Language.EN), {}, [busy(1)], skills, TAKES) is None


def test_handling_times_are_those_of_the_queue_or_where_they_are_few_of_all() -> None:
    own = [Handled("etat_civil", 120.0)] * 5
    assert handling([*own, Handled("social", 900.0)], "etat_civil") == timedelta(minutes=2)
    assert handling([*own[:4], Handled("social", 520.0)], "etat_civil") == timedelta(seconds=200)
    assert handling(own[:4], "etat_civil") is None


def test_a_wait_is_told_in_whole_minutes_never_in_none() -> None:
    assert [in_minutes(timedelta(seconds=seconds)) for seconds in (0, 60, 89, 91)] == [1, 1, 1, 2]
    assert in_minutes(None) is None
