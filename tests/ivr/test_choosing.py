from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guichet.callbacks.slots import Offer, Slot
from guichet.core.language import Bilingual
from guichet.ivr import slot_script
from guichet.ivr.asking import CHOOSING
from guichet.ivr.call import At, Call
from guichet.ivr.dialogue import step
from guichet.ivr.inputs import Failed, HoldEnded, Input, Keys, RequestOpened, Silence, SlotBooked, SlotFound, Spoken
from guichet.ivr.moves import Ask, BookSlot, CallSoon, Decide, End, FindSlot, Move, TakeMessage
from guichet.ivr.wire import call_from_text, call_to_text
from guichet.routing.decision import Outcome
from guichet.routing.intent import DANGER
from guichet.transcripts.heard import SpokenTime
from tests.ivr import scripts
from tests.ivr.scripts import CALLBACK, DEAF, NOBODY, SCRIPT, decided, says
from tests.ivr.test_dialogue import play, told

NINE = datetime(2026, 3, 4, 8, tzinfo=UTC)


def offer(hour: int) -> Offer:
    starts = NINE + timedelta(hours=hour - 9)
    told_so = Bilingual(f"demain entre {hour} heures et {hour + 1} heures", f"tomorrow at {hour}")
    return Offer(Slot(starts, starts + timedelta(hours=1)), told_so)


MORNING, AFTERNOON, LATER = offer(9), offer(14), offer(16)
OPENED = RequestOpened(CALLBACK.request, CALLBACK.reference, text_follows=True, offers=(MORNING, AFTERNOON))
TO_BE_CALLED = (says("un agent"), NOBODY, decided(Outcome.CALLBACK))
SOON = "Votre demande est enregistrée, un agent va vous rappeler."


def chooses(*inputs: Input) -> tuple[Call, tuple[Move, ...]]:
    """Play a call to the question when to be called back, and on."""
    return play(*TO_BE_CALLED, OPENED, *inputs)


def time_said(*readings: str) -> Spoken:
    return Spoken(readings[0], readings, value="\n".join(readings))


NOT_UNDERSTOOD = SlotFound(is_time=False, said="euh")
HEARD = (time_said("demain matin", "deux mains matin"), SlotFound(MORNING))


def test_who_is_called_back_is_asked_when() -> None:
    call, moves = chooses()
    assert call.at is At.WHEN
    assert told(moves) == f"{slot_script.TO_BE_CALLED.fr} {slot_script.WHEN.fr}"
    assert isinstance(moves[-1], Ask)
    assert moves[-1].expects == SpokenTime()
    assert call_from_text(call_to_text(call)) == call


@pytest.mark.parametrize(
    "answer",
    [
        Keys("1"),
        Silence(),
        says("dès que possible"),
        says("le plus vite possible s'il vous plaît"),
        says("n'importe quand"),
    ],
)
def test_as_soon_as_possible_is_a_key_a_word_and_silence(answer: Input) -> None:
    call, moves = chooses(answer)
    assert moves[-1] == End()
    assert CallSoon() in moves
    assert SOON in told(moves)
    assert call.at is At.END


def test_a_time_that_is_said_is_looked_up_in_every_reading_kept_and_agreed_to() -> None:
    assert chooses(HEARD[0])[1] == (FindSlot(("demain matin", "deux mains matin")),)
    assert chooses(*HEARD)[1] == (BookSlot(MORNING),)
    call, moves = chooses(*HEARD, SlotBooked(MORNING))
    assert call.at is At.AGREE
    assert told(moves) == f"{slot_script.noted(MORNING).fr} {slot_script.AGREE.fr}"


@pytest.mark.parametrize("answer", [Silence(), Keys("1"), says("oui c'est parfait")])
def test_silence_and_yes_agree(answer: Input) -> None:
    more = (SlotFound(is_time=False, said=answer.text),) if isinstance(answer, Spoken) else ()
    call, moves = chooses(*HEARD, SlotBooked(MORNING), answer, *more)
    assert moves[-1] == End()
    assert CallSoon() not in moves
    assert "Un agent vous rappellera demain entre 9 heures et 10 heures. Sa référence est K, 7, 4" in told(moves)
    assert "SMS" in told(moves)
    assert call.slot == MORNING


def test_what_was_misheard_is_put_right_by_saying_it_again() -> None:
    again = (says("non demain après-midi"), SlotFound(AFTERNOON), SlotBooked(AFTERNOON))
    call, moves = chooses(*HEARD, SlotBooked(MORNING), *again)
    assert (call.at, call.slot) == (At.AGREE, AFTERNOON)
    assert slot_script.noted(AFTERNOON).fr in told(moves)


@pytest.mark.parametrize("no", [Keys("2"), says("non")])
def test_who_does_not_agree_gives_the_slot_back_and_hears_others(no: Input) -> None:
    more = (SlotFound(is_time=False, said="non"),) if isinstance(no, Spoken) else ()
    call, moves = chooses(*HEARD, SlotBooked(MORNING), no, *more)
    assert moves[0] == CallSoon()
    assert call.at is At.SLOT
    assert "Pour demain entre 14 heures et 15 heures, tapez 1." in told(moves)
    assert CallSoon() in step(SCRIPT, call, Silence())[1]


def test_two_reads_slots_and_their_keys_book_them() -> None:
    call, moves = chooses(Keys("2"))
    assert told(moves).startswith("Pour demain entre 9 heures et 10 heures, tapez 1. Pour demain entre 14 heures et 15")
    assert "Pour être rappelé dès que possible, tapez 3." in told(moves)
    assert step(SCRIPT, call, Keys("2"))[1] == (BookSlot(AFTERNOON),)
    assert step(SCRIPT, call, says("le premier"))[1] == (BookSlot(MORNING),)
    assert CallSoon() in step(SCRIPT, call, Keys("3"))[1]
    assert "Cette touche n'est pas proposée." in told(step(SCRIPT, call, Keys("7"))[1])
    call, moves = step(SCRIPT, step(SCRIPT, call, Keys("2"))[0], SlotBooked(AFTERNOON))
    assert moves[-1] == End()
    assert "vous rappellera demain entre 14 heures et 15 heures" in told(moves)


def test_a_full_slot_offers_the_nearest() -> None:
    call, moves = chooses(HEARD[0], SlotFound(None, (AFTERNOON, LATER), is_full=True))
    assert (call.at, call.offers) == (At.SLOT, (AFTERNOON, LATER))
    assert told(moves).startswith(f"{slot_script.FULL.fr} Pour demain entre 14 heures")
    _, moves = chooses(HEARD[0], SlotFound(None, (AFTERNOON,)))
    assert slot_script.NOT_THEN.fr in told(moves)


def test_a_slot_that_somebody_else_took_meanwhile_offers_the_nearest() -> None:
    call, moves = chooses(Keys("2"), Keys("1"), SlotBooked(None, (LATER,)))
    assert (call.at, call.offers) == (At.SLOT, (LATER,))
    assert slot_script.FULL.fr in told(moves)


def test_where_no_time_is_understood_slots_are_read_with_their_keys_and_then_it_is_as_soon_as_possible() -> None:
    said = says("euh")
    call, moves = chooses(said, NOT_UNDERSTOOD)
    assert call.at is At.SLOT
    assert slot_script.NOT_A_TIME.fr in told(moves)
    _, moves = chooses(said, NOT_UNDERSTOOD, said, NOT_UNDERSTOOD, said, NOT_UNDERSTOOD)
    assert CallSoon() in moves
    assert moves[-1] == End()


def test_no_to_choosing_is_as_soon_as_possible() -> None:
    assert CallSoon() in chooses(says("non merci"), SlotFound(is_time=False, said="non merci"))[1]


def test_who_has_a_slot_keeps_it_unless_they_want_another() -> None:
    known = RequestOpened(
        CALLBACK.request, CALLBACK.reference, is_new=False, offers=(AFTERNOON,), slot=MORNING, text_follows=True
    )
    call, moves = play(*TO_BE_CALLED, known)
    assert told(moves).startswith("Nous devons vous rappeler demain entre 9 heures et 10 heures.")
    for answer in (Silence(), Keys("1")):
        _, moves = step(SCRIPT, call, answer)
        assert CallSoon() not in moves
        assert "vous rappellera demain entre 9 heures" in told(moves)
    assert CallSoon() in step(SCRIPT, call, says("dès que possible"))[1]


def test_a_line_that_cannot_hear_asks_by_keys() -> None:
    call, moves = play(Keys("0"), NOBODY, decided(Outcome.CALLBACK), OPENED, script=DEAF)
    assert slot_script.WHEN_KEYS.fr in told(moves)
    assert isinstance(moves[-1], Ask)
    assert not moves[-1].listen
    _, moves = step(DEAF, call, Keys("2"))
    assert slot_script.OR_SAY.fr not in told(moves)


def test_our_own_deafness_goes_on_by_keys() -> None:
    _, moves = chooses(Failed(), Failed())
    assert slot_script.WHEN_KEYS.fr in told(moves)


@pytest.mark.parametrize(
    "opened",
    [
        CALLBACK,
        RequestOpened(CALLBACK.request, CALLBACK.reference, slot=MORNING),
    ],
)
def test_without_a_choice_nothing_is_asked(opened: RequestOpened) -> None:
    call, moves = play(*TO_BE_CALLED, opened)
    assert (call.at, moves[-1]) == (At.END, End())


def test_a_message_may_be_left_once_the_moment_is_chosen() -> None:
    call, moves = play(*TO_BE_CALLED, OPENED, Silence(), script=replace(SCRIPT, message_seconds=60))
    assert (call.at, moves[-1]) == (At.MESSAGE, TakeMessage(60))
    assert CallSoon() in moves


def test_who_is_in_danger_and_who_was_never_heard_is_asked_nothing() -> None:
    danger = (says("au feu", DANGER), NOBODY, decided(Outcome.EMERGENCY, free=True), scripts.HELD)
    left = play(*danger)[0]
    call, _ = step(SCRIPT, left, HoldEnded("leave"))
    assert step(SCRIPT, call, OPENED)[1][-1] == End()
    silent = (Silence(), Silence(), Silence(), Silence(), NOBODY, decided(Outcome.CALLBACK), OPENED)
    assert play(*silent)[1][-1] == End()


@pytest.mark.parametrize("at", sorted(CHOOSING))
def test_an_agent_and_a_danger_come_first_everywhere(at: At) -> None:
    way: dict[At, tuple[Input, ...]] = {
        At.WHEN: (),
        At.SLOT: (Keys("2"),),
        At.AGREE: (*HEARD, SlotBooked(MORNING)),
    }
    call, _ = chooses(*way[at])
    assert call.at is at
    assert step(SCRIPT, call, Keys("0"))[1][-1] == Decide()
    wants, _ = step(SCRIPT, call, says("un agent"))
    again, _ = step(SCRIPT, wants, decided(Outcome.CALLBACK))
    assert step(SCRIPT, again, OPENED)[1][-1] == End(), "nobody is asked twice"
    burning = says("au secours il y a le feu", DANGER)
    assert step(SCRIPT, call, burning)[0].at is At.DANGER
