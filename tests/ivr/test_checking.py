"""The check: a birth date or a file number, and the questions that tell close candidates apart."""

from dataclasses import replace

import pytest

from guichet.citizens.citizen import Item
from guichet.core.language import Language
from guichet.ivr import script as said
from guichet.ivr.call import At
from guichet.ivr.inputs import Identified, Keys, Spoken
from guichet.ivr.moves import Ask, Decide, Identify, Tell
from guichet.transcripts.heard import FileNumber, Postcode
from tests.ivr.scripts import ANSWERED, DEAF, HOUSEHOLD, NOBODY, ONE, SURE, says
from tests.ivr.test_dialogue import BIRTH, TO_CALLBACK, play, told


def with_files(answer: Identified, separating: Item | None = None) -> Identified:
    """Return who the caller may be, where file numbers are on record."""
    return Identified(replace(answer.identification, has_files=True, separating=separating))


CHECKED = (BIRTH, with_files(ONE), TO_CALLBACK)
"""The birth date has been asked for."""
NUMBER = Spoken("[numéro de dossier]", value="2024log00123\n202400123")


def test_a_file_number_is_offered_where_the_record_has_any() -> None:
    _, moves = play(*CHECKED)
    assert said.OR_FILE.fr in told(moves)
    assert said.OR_FILE.en in told(moves, Language.EN)
    assert said.OR_FILE.fr not in told(play(BIRTH, ONE, TO_CALLBACK)[1])
    assert said.OR_FILE_KEYS.fr in told(play(Keys("1"), with_files(ONE), TO_CALLBACK, script=DEAF)[1])


@pytest.mark.parametrize("wish", [Keys("5"), says("numéro de dossier"), says("my file number please")])
def test_it_is_asked_for_by_key_and_by_voice(wish: Keys | Spoken) -> None:
    call, moves = play(*CHECKED, wish)
    assert call.at is At.FILE
    assert isinstance(moves[-1], Ask)
    assert moves[-1].expects == FileNumber()
    call, moves = play(*CHECKED, wish, NUMBER)
    assert call.files == ("2024log00123", "202400123")
    assert moves == (Identify(),)
    call, moves = play(*CHECKED, wish, NUMBER, SURE)
    assert call.citizen == "ci_lea"
    assert moves == (Tell(said.CHECKED), Decide())


def test_it_is_not_taken_where_there_are_no_files() -> None:
    call, _ = play(BIRTH, ONE, TO_CALLBACK, says("numéro de dossier"))
    assert (call.at, call.misses) == (At.CHECK, 1)


def test_eight_digits_are_what_was_asked_for_and_nothing_else() -> None:
    call, _ = play(*CHECKED, Keys("03031985"))
    assert (call.birth_dates, call.files) == (("1985-03-03",), ())
    call, _ = play(*CHECKED, Keys("5"), Keys("03031985"))
    assert (call.birth_dates, call.files) == ((), ("03031985",))


def test_a_date_of_the_fifth_is_typed_as_ever() -> None:
    call, _ = play(*CHECKED, Keys("05"), Keys("031985"))
    assert call.birth_dates == ("1985-03-05",)
    call, _ = play(*CHECKED, Keys("0503198"), Keys("5"))
    assert call.birth_dates == ("1985-03-05",)


def test_two_tries_in_all_whichever_is_given_and_no_hint() -> None:
    failed = with_files(ONE)
    call, moves = play(*CHECKED, Keys("5"), Keys("123456"), failed)
    assert (call.at, call.tries, call.files) == (At.CHECK, 1, ())
    assert told(moves).startswith(said.NOT_CHECKED.fr)
    call, moves = play(*CHECKED, Keys("5"), Keys("123456"), failed, Keys("03031985"), failed)
    assert call.tries == 2
    assert moves == (Tell(said.NOT_CHECKED), Tell(said.GO_ON), Decide())


@pytest.mark.parametrize("keys", ["12", "12*", "", "x"])
def test_what_is_no_file_number_is_asked_again_without_costing_a_try(keys: str) -> None:
    call, moves = play(*CHECKED, Keys("5"), Keys(keys))
    assert (call.at, call.tries) == (At.FILE, 0)
    assert isinstance(moves[-1], Ask)


def test_who_will_not_give_it_is_served_all_the_same() -> None:
    _, moves = play(*CHECKED, Keys("5"), says("je ne sais pas"))
    assert moves == (Tell(said.GO_ON), Decide())
    _, moves = play(*CHECKED, Keys("5"), *[says("blabla")] * 4)
    assert moves == (Tell(said.GO_ON), Decide())


def test_file_numbers_are_forgotten_when_the_call_ends() -> None:
    call, _ = play(*CHECKED, Keys("5"), NUMBER)
    assert call.has_said_who
    assert not call.forgetting().has_said_who


@pytest.mark.parametrize(
    ("item", "at"),
    [
        (Item.NAME, At.WHO),
        (Item.BIRTH_DATE, At.CHECK),
        (Item.FILE, At.FILE),
        (Item.POSTCODE, At.POSTCODE),
        (None, At.WHO),
    ],
)
def test_several_people_on_one_number_are_asked_what_separates_them(item: Item | None, at: At) -> None:
    call, _ = play(BIRTH, with_files(HOUSEHOLD, item), TO_CALLBACK)
    assert call.at is at


@pytest.mark.parametrize(
    ("item", "at"),
    [
        (Item.NAME, At.CHECK),
        (Item.BIRTH_DATE, At.CHECK),
        (Item.FILE, At.FILE),
        (Item.POSTCODE, At.POSTCODE),
        (None, At.CHECK),
    ],
)
def test_two_of_one_name_are_asked_what_separates_them(item: Item | None, at: At) -> None:
    call, _ = play(BIRTH, NOBODY, TO_CALLBACK, says("marie petit"), with_files(HOUSEHOLD, item))
    assert call.at is at


@pytest.mark.parametrize("answer", [Keys("38790"), Spoken("[code postal]", value="38790")])
def test_a_postcode_tells_apart_and_proves_nothing(answer: Keys | Spoken) -> None:
    asked = (BIRTH, with_files(HOUSEHOLD, Item.POSTCODE), TO_CALLBACK)
    _, moves = play(*asked)
    assert isinstance(moves[-1], Ask)
    assert moves[-1].expects == Postcode()
    call, moves = play(*asked, answer)
    assert (call.postcodes, moves) == (("38790",), (Identify(),))
    call, _ = play(*asked, answer, SURE)
    assert (call.at, call.citizen, call.certainty) == (At.CHECK, None, "check")
    call, _ = play(*asked, answer, SURE, Keys("03031985"), SURE)
    assert (call.citizen, call.certainty) == ("ci_lea", "sure")


def test_a_postcode_may_be_typed_in_pieces_corrected_or_left_out() -> None:
    asked = (BIRTH, with_files(HOUSEHOLD, Item.POSTCODE), TO_CALLBACK)
    assert play(*asked, Keys("387"), Keys("90"))[0].postcodes == ("38790",)
    assert told(play(*asked, Keys("3*"))[1]).endswith(said.POSTCODE.fr)
    assert said.NOT_A_POSTCODE.fr in told(play(*asked, says("blabla"))[1])
    assert play(*asked, says("je ne sais pas"))[1] == (Tell(said.GO_ON), Decide())


def test_what_is_for_checked_people_is_answered_after_the_check() -> None:
    """The rules keep it back by deciding for a callback; before one is promised, the caller is asked who they are."""
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys("03031985"), SURE, ANSWERED)
    assert (call.at, call.outcome) == (At.MORE, "answer")
    assert ANSWERED.decision.answer is not None
    assert ANSWERED.decision.answer.fr in told(moves)
