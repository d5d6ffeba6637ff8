from datetime import timedelta

from guichet.core.language import Bilingual
from guichet.routing.urgent import Urgent
from tests.sms.desk import TUESDAY_NOON, Desk

TEXT = Bilingual("L'eau est coupée rue Haute.", "There is no water in rue Haute.")


def flooded() -> Desk:
    """Return a desk with an urgent message that is up."""
    desk = Desk()
    ends = TUESDAY_NOON + timedelta(hours=1)
    desk.urgent.append(Urgent("urg_1", TEXT, False, None, "Awa", TUESDAY_NOON, ends))
    return desk


async def test_the_reply_has_it_after_what_was_asked_and_once_in_a_conversation() -> None:
    desk = flooded()
    first = await desk.writes("???")
    assert first is not None
    assert first.endswith(TEXT.fr)
    second = await desk.writes("acte de naissance")
    assert second is not None
    assert TEXT.fr not in second


async def test_a_new_conversation_has_it_again_until_it_expires() -> None:
    desk = flooded()
    assert TEXT.fr in (await desk.writes("acte de naissance") or "")
    assert TEXT.fr in (await desk.writes("STATUT") or "")
    desk.clock.move(timedelta(hours=1))
    assert TEXT.fr not in (await desk.writes("STATUT") or "")


async def test_who_wants_no_texts_is_told_nothing_more() -> None:
    desk = flooded()
    reply = await desk.writes("STOP")
    assert TEXT.fr not in (reply or "")
