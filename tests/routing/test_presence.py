from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import Conflict
from guichet.core.ids import AgentId, AttemptId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Level, Presence
from guichet.routing.presence import MISSED, NOT_AT_WORK, WITH_SOMEBODY, About, changed, lengthened, missed, said

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)
ANNE = Agent(
    AgentId("agent_anne"),
    "Anne",
    PhoneNumber("+33145670001"),
    frozenset({"social"}),
    frozenset({Language.FR}),
    Presence.AVAILABLE,
    NOON,
)
WRITES = changed(
    ANNE.evolve(presence=Presence.BUSY),
    Presence.WRAP_UP,
    NOON,
    About(until=NOON + timedelta(minutes=1), attempt=AttemptId("att_1")),
)


def test_a_skill_is_known_as_usual_unless_a_level_says_otherwise() -> None:
    anne = ANNE.evolve(skills=frozenset({"social", "accueil"}), levels={"social": Level.MASTERS})
    assert (anne.level("social"), anne.level("accueil")) == (3, 2)


def test_a_pause_asked_for_during_a_call_begins_when_the_agent_would_be_free() -> None:
    talks = ANNE.evolve(presence=Presence.BUSY)
    wants = said(talks, Presence.PAUSE, "Repas", NOON)
    assert (wants.presence, wants.afterwards) == (Presence.BUSY, Presence.PAUSE)
    writes = changed(wants, Presence.WRAP_UP, LATER, About(until=LATER))
    assert (writes.presence, writes.afterwards) == (Presence.WRAP_UP, Presence.PAUSE)
    pauses = changed(writes, Presence.AVAILABLE, LATER)
    assert (pauses.presence, pauses.reason, pauses.afterwards) == (Presence.PAUSE, "Repas", None)


def test_who_changes_their_mind_during_a_call_goes_on_working() -> None:
    wants = said(ANNE.evolve(presence=Presence.RINGING), Presence.AWAY, "", NOON)
    assert wants.afterwards is Presence.AWAY
    assert said(wants, Presence.AVAILABLE, "", NOON).afterwards is None


def test_saying_what_is_so_changes_nothing() -> None:
    assert said(ANNE, Presence.AVAILABLE, "", LATER) is ANNE
    pause = said(ANNE, Presence.PAUSE, "Repas", NOON)
    assert said(pause, Presence.PAUSE, "Repas", LATER) is pause
    assert said(pause, Presence.PAUSE, "Formation", LATER).since == LATER


def test_the_second_call_left_unanswered_sets_an_agent_away_and_says_why() -> None:
    rings = changed(ANNE, Presence.RINGING, NOON)
    once = missed(rings, LATER, 2)
    assert (once.presence, once.missed, once.since) == (Presence.AVAILABLE, 1, LATER)
    twice = missed(changed(once, Presence.RINGING, LATER), LATER, 2)
    assert (twice.presence, twice.missed, twice.reason) == (Presence.AWAY, 0, MISSED)


def test_an_agent_who_wanted_a_pause_has_it_after_a_missed_call() -> None:
    rings = said(changed(ANNE, Presence.RINGING, NOON), Presence.PAUSE, "Repas", NOON)
    assert missed(rings, LATER, 2).presence is Presence.PAUSE


def test_time_to_write_up_is_lengthened_once() -> None:
    longer = lengthened(WRITES, timedelta(minutes=2), NOON)
    assert longer.until == NOON + timedelta(minutes=3)
    with pytest.raises(Conflict):
        lengthened(longer, timedelta(minutes=2), NOON)
    with pytest.raises(Conflict):
        lengthened(ANNE, timedelta(minutes=2), NOON)


def test_a_rest_is_not_lengthened() -> None:
    rests = changed(ANNE, Presence.WRAP_UP, NOON, About("rests", NOON + timedelta(seconds=30)))
    with pytest.raises(Conflict):
        lengthened(rests, timedelta(minutes=2), NOON)


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(Presence)),
        st.tuples(st.just("say"), st.sampled_from([Presence.AVAILABLE, Presence.PAUSE, Presence.AWAY])),
        st.tuples(st.just("miss"), st.just(Presence.RINGING)),
    ),
    max_size=20,
)


@given(_steps)
def test_whatever_happens_a_wish_is_kept_until_the_agent_is_free_and_no_longer(
    steps: list[tuple[str, Presence]],
) -> None:
    agent = ANNE
    for deed, what in steps:
        before = agent
        if deed == "change":
            agent = changed(agent, what, LATER)
        elif deed == "say":
            agent = said(agent, what, "Repas", LATER)
        elif agent.presence is Presence.RINGING:
            agent = missed(agent, LATER, 2)
        if agent.presence not in WITH_SOMEBODY | {Presence.WRAP_UP}:
            assert agent.afterwards is None
        if before.afterwards is not None and deed == "change" and what is Presence.AVAILABLE:
            assert agent.presence is before.afterwards
        assert agent.lengthened is False
        assert agent.missed < 2
        if agent.presence in NOT_AT_WORK:
            assert agent.missed == 0
