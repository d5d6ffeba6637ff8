"""Being called back at another number, and another person to be asked for there: by keys and by voice."""

import pytest

from guichet.core.phone import PhoneNumber
from guichet.ivr import script as said
from guichet.ivr import slot_script
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Input, Keys, Silence, SlotBooked, SlotFound
from guichet.ivr.moves import CallElsewhere, CallSoon, End, FindSlot, Move
from guichet.ivr.wire import call_from_text, call_to_text
from tests.ivr.scripts import says
from tests.ivr.test_choosing import HEARD, LATER, MORNING, chooses, time_said
from tests.ivr.test_dialogue import told

DAUGHTER = PhoneNumber.parse("+33199001234")
SPOKEN = time_said("0199001234")
"""Digits are the value of what is heard at this question."""


def elsewhere(*inputs: Input) -> tuple[Call, tuple[Move, ...]]:
    """Ask for another number by key, and go on."""
    return chooses(Keys("3"), *inputs)


def redirected(moves: tuple[Move, ...]) -> list[CallElsewhere]:
    return [move for move in moves if isinstance(move, CallElsewhere)]


@pytest.mark.parametrize(
    "wish", [Keys("3"), says("un autre numéro"), says("appelez plutôt ma fille"), says("another number please")]
)
def test_another_number_is_a_key_and_a_word(wish: Input) -> None:
    call, moves = chooses(wish)
    assert call.at is At.ELSEWHERE
    assert told(moves) == slot_script.WHERE.fr


@pytest.mark.parametrize("before", [(Keys("2"),), (*HEARD, SlotBooked(MORNING))])
def test_another_number_can_be_wished_for_while_a_time_is_chosen(before: tuple[Input, ...]) -> None:
    assert chooses(*before, says("à un autre numéro"))[0].at is At.ELSEWHERE


@pytest.mark.parametrize("given", [(Keys("0199001234"),), (Keys("01990"), Keys("01234")), (SPOKEN,)])
def test_a_number_is_said_back_and_then_the_person_is_asked_for(given: tuple[Input, ...]) -> None:
    call, moves = elsewhere(*given)
    assert (call.at, call.elsewhere) == (At.PERSON, DAUGHTER)
    assert told(moves) == f"J'ai compris : 01 99 00 12 34. {slot_script.PERSON.fr}"
    assert call_from_text(call_to_text(call)) == call


@pytest.mark.parametrize(
    ("answer", "person"),
    [
        (Keys("1"), None),
        (Silence(), None),
        (says("non"), None),
        (says("c'est moi"), None),
        (says("Julie Martin"), "Julie Martin"),
        (says("demandez Julie"), "Julie"),
        (says("ask for Tom"), "Tom"),
    ],
)
def test_who_may_answer_there_is_kept_and_when_is_asked_again(answer: Input, person: str | None) -> None:
    call, moves = elsewhere(SPOKEN, answer)
    assert redirected(moves) == [CallElsewhere(DAUGHTER, person)]
    assert call.at is At.WHEN
    assert told(moves).startswith("C'est noté : nous appellerons le 01 99 00 12 34")
    assert told(moves).endswith(slot_script.WHEN.fr)
    assert "Julie" not in told(moves)


def test_a_misheard_number_is_put_right() -> None:
    call, moves = elsewhere(SPOKEN, Keys("2"))
    assert (call.at, call.elsewhere, redirected(moves)) == (At.ELSEWHERE, None, [])


@pytest.mark.parametrize("digits", ["0899123456", "0012345678", "1234567890"])
def test_a_number_that_costs_extra_or_is_none_is_not_taken(digits: str) -> None:
    call, moves = elsewhere(Keys(digits))
    assert call.at is At.ELSEWHERE
    assert told(moves).startswith(said.NOT_A_NUMBER.fr)


def test_who_gives_no_number_goes_on_with_their_own() -> None:
    call, moves = elsewhere(says("non"))
    assert (call.at, redirected(moves)) == (At.WHEN, [])
    call, moves = elsewhere(Silence(), Silence(), Silence())
    assert (call.at, redirected(moves), moves[-1]) == (At.END, [], End())
    assert CallSoon() in moves


def test_a_number_that_was_given_counts_whatever_follows() -> None:
    call, moves = elsewhere(SPOKEN, Keys("7"), Keys("7"))
    assert (call.at, redirected(moves)) == (At.END, [CallElsewhere(DAUGHTER, None)])


def test_a_time_can_be_chosen_after_the_number() -> None:
    assert elsewhere(SPOKEN, Keys("1"), time_said("demain matin"))[1] == (FindSlot(("demain matin",)),)
    call, _ = elsewhere(SPOKEN, Keys("1"), time_said("demain soir"), SlotFound(near=(LATER,)))
    assert call.at is At.SLOT
