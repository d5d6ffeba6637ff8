"""Several texts sent in a row are understood as one; nothing that matters waits for it."""

import pytest

from guichet.sms import replies
from guichet.sms.message import DeliveryState
from tests.sms.desk import Desk


def requests_of(desk: Desk) -> list[str]:
    return [request.intent for request in desk.unit.requests.rows.values()]


async def test_pieces_of_a_text_are_read_as_one_and_answered_once() -> None:
    desk = Desk()
    assert await desk.writes("bonjour", goes_on=True) is None
    assert await desk.writes("je voudrais un papier", goes_on=True) is None
    reply = await desk.writes("pour la naissance")
    assert reply is not None
    assert reply.startswith("Votre demande")
    assert requests_of(desk) == ["etat_civil_acte"]
    assert [text.state for text in desk.ours if text.state is DeliveryState.WITHDRAWN] == [DeliveryState.WITHDRAWN] * 2
    assert len(desk.carrier.sent) == 1
    assert len({text.contact for text in desk.unit.messages.rows.values()}) == 1


async def test_pieces_that_make_no_sense_together_are_one_miss() -> None:
    desk = Desk()
    for piece in ("euh", "voila", "donc"):
        assert await desk.writes(piece, goes_on=True) is None
    assert await desk.writes("hein") is not None
    assert len(desk.carrier.sent) == 1
    assert requests_of(desk) == []
    await desk.writes("toujours pas")
    assert requests_of(desk) == ["agent_humain"], "the second miss is read by a person"


async def test_a_question_goes_when_nothing_follows() -> None:
    desk = Desk()
    assert await desk.writes("bonjour") is not None


async def test_more_of_the_same_matter_at_once_is_kept_without_a_second_reply() -> None:
    desk = Desk()
    assert await desk.writes("acte de naissance", goes_on=True) is not None
    assert await desk.writes("c'est pour mon fils") is None
    assert requests_of(desk) == ["etat_civil_acte"]
    assert len(desk.unit.transcripts.rows) == 2
    assert next(iter(desk.unit.requests.rows.values())).reminders == 0


async def test_another_matter_at_once_is_served() -> None:
    desk = Desk()
    await desk.writes("acte de naissance", goes_on=True)
    assert await desk.writes("et ma carte didentite") is not None
    assert requests_of(desk) == ["etat_civil_acte", "identite_titre"]


@pytest.mark.parametrize(
    ("text", "reply"),
    [("arrêtez svp", replies.OPTED_OUT.fr), ("danger", "URGENCE : appelez le 112"), ("AIDE", replies.HELP.fr)],
)
async def test_stop_danger_and_commands_wait_for_nothing_and_the_question_is_taken_back(text: str, reply: str) -> None:
    desk = Desk()
    await desk.writes("bonjour", goes_on=True)
    assert (await desk.writes(text, goes_on=True) or "").startswith(reply)
    assert desk.ours[0].state is DeliveryState.WITHDRAWN


async def test_danger_in_two_pieces_is_danger() -> None:
    desk = Desk()
    await desk.writes("je suis en", goes_on=True)
    assert (await desk.writes("danger", goes_on=True) or "").startswith("URGENCE : appelez le 112")


async def test_a_question_that_has_gone_is_not_taken_back() -> None:
    desk = Desk()
    await desk.writes("bonjour")
    await desk.writes("je ne sais pas")
    assert [text.state for text in desk.ours if text.state is DeliveryState.WITHDRAWN] == []
    assert requests_of(desk) == ["agent_humain"]


async def test_a_repeated_webhook_takes_nothing_back() -> None:
    desk = Desk()
    await desk.writes("bonjour", sid="SM-one", goes_on=True)
    assert await desk.writes("bonjour", sid="SM-one") is not None
    assert len(desk.carrier.sent) == 1
