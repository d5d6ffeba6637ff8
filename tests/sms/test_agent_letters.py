import pytest

from guichet.core.errors import BadInput
from guichet.core.ids import AgentId
from guichet.core.jobs import SendMessage
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import Telephone, telephone
from guichet.routing.agent import Agent, Presence
from guichet.routing.presence import MISSED, REFUSED
from guichet.sms.agent_letters import AgentLetters
from guichet.sms.parts import measure
from tests.sms.desk import TUESDAY_NOON, Desk, book

MOBILE = PhoneNumber("+33639981001")


async def told(phone: Telephone = MOBILE, *, presence: Presence = Presence.AWAY, reason: str = MISSED) -> list[str]:
    """Return what an agent in that presence is written, the job run twice."""
    desk = Desk()
    awa = Agent(
        AgentId("agent_awa"), "Awa", phone, frozenset(), frozenset(Language), presence, TUESDAY_NOON, reason=reason
    )
    await desk.unit.agents.add(awa)
    letters = AgentLetters(desk._begin, desk.clock, book)
    for _ in range(2):
        await letters.text_agent(awa.id, "absent")
    written = [message.body for message in desk.unit.messages.rows.values()]
    assert len([job for job in desk.unit.jobs.jobs if isinstance(job, SendMessage)]) == len(written)
    return written


@pytest.mark.parametrize("reason", [MISSED, REFUSED])
async def test_an_agent_who_was_set_away_is_told_once_why_and_how_to_come_back(reason: str) -> None:
    (text,) = await told(reason=reason)
    assert "aucun appel ne vous sera plus passé" in text
    assert measure(text).count == 1


async def test_who_is_back_by_then_or_left_by_themselves_is_not_told() -> None:
    assert await told(presence=Presence.AVAILABLE, reason="") == []
    assert await told(reason="") == []


async def test_a_telephone_that_takes_no_texts_gets_none() -> None:
    assert await told(PhoneNumber("+33199002001")) == []
    assert await told(telephone("sip:awa@mairie.example")) == []


async def test_a_template_that_does_not_exist_is_refused() -> None:
    desk = Desk()
    with pytest.raises(BadInput):
        await AgentLetters(desk._begin, desk.clock, book).text_agent(AgentId("agent_awa"), "praise")
