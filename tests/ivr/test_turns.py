import pytest

from guichet.carrier.twiml import Site, render
from guichet.carrier.verbs import ConnectStream, Enqueue, Gather, Hangup, Redirect, Say, Verb
from guichet.core.ids import RequestId
from guichet.core.language import Bilingual, Language
from guichet.ivr.apology import after_desk, apology, ring_desk
from guichet.ivr.call import Call
from guichet.ivr.moves import Ask, End, Hold, Move, SendText, Tell
from guichet.ivr.turns import verbs
from guichet.transcripts.heard import FreeSpeech, SpokenDate
from tests.ivr.scripts import FRONT_DESK, LINE

CALL = Call(Language.EN, request=RequestId("req_1"))
HELLO = Bilingual("Bonjour", "Hello")
WHAT = Bilingual("Quoi ?", "What?")
STREAM = ConnectStream("/media/tok")
NEXT = Redirect("/voice/turn?n=3")


def gather(*prompts: Say, timeout: int = 1, digits: int = 1, finish_on: str = "") -> Gather:
    return Gather("/voice/turn?n=3&by=keys", prompts, timeout, digits, finish_on)


# moves → verbs
@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        (
            (Tell(HELLO), Tell(HELLO, Language.FR), Ask(WHAT, FreeSpeech())),
            (
                gather(Say("Hello", Language.EN), Say("Bonjour", Language.FR), Say("What?", Language.EN)),
                STREAM,
                NEXT,
            ),
        ),
        (
            (Ask(WHAT, SpokenDate(), keys=8),),
            (gather(Say("What?", Language.EN), timeout=2, digits=8, finish_on="#"), STREAM, NEXT),
        ),
        ((Ask(None, SpokenDate(), keys=4),), (gather(timeout=4, digits=4, finish_on="#"), STREAM, NEXT)),
        (
            (Ask(WHAT, FreeSpeech(), listen=False),),
            (gather(Say("What?", Language.EN), timeout=7), NEXT),
        ),
        (
            (Tell(HELLO), Hold()),
            (
                Say("Hello", Language.EN),
                Enqueue("hold-req_1", wait="/voice/hold?request=req_1", action="/voice/held?n=3"),
            ),
        ),
        ((Tell(HELLO), SendText("emergency"), End()), (Say("Hello", Language.EN), Hangup())),
        ((), (NEXT,)),
    ],
)
def test_moves_become_verbs(moves: tuple[Move, ...], expected: tuple[Verb, ...]) -> None:
    found = verbs(CALL, 3, "tok", moves)
    assert found == expected
    assert render(found, Site("https://guichet.example"))


@pytest.mark.parametrize("fallback", [FRONT_DESK, None])
@pytest.mark.parametrize("again", ["/voice/turn?n=1&again=1", None])
def test_an_apology_speaks_both_languages_and_leads_somewhere(fallback: object, again: str | None) -> None:
    number = FRONT_DESK if fallback else None
    document = render(apology(number, again), Site("https://guichet.example"))
    assert "incident technique" in document
    assert "technical problem" in document
    assert ("/voice/fallback" in document) == (number is not None)
    assert ("<Redirect" in document) == (again is not None)
    assert ("<Hangup" in document) == (again is None)


def test_a_line_without_a_desk_says_to_call_later() -> None:
    assert ring_desk(None, LINE)[-1] == Hangup()
    assert after_desk("busy", None)[-1] == Hangup()
    assert after_desk("completed", FRONT_DESK) == (Hangup(),)
