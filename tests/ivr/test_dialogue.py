from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.callbacks.request import RequestKind
from guichet.callbacks.slots import Offer, Slot
from guichet.citizens.citizen import Item
from guichet.core.language import Bilingual, Language
from guichet.ivr import script as said
from guichet.ivr.call import At, Call
from guichet.ivr.dialogue import LAST_TURNS, begin, step
from guichet.ivr.inputs import (
    Failed,
    HoldEnded,
    Identified,
    Input,
    Keys,
    RequestOpened,
    Silence,
    SlotBooked,
    SlotFound,
    Spoken,
)
from guichet.ivr.moves import (
    Abandon,
    Ask,
    BookSlot,
    Decide,
    End,
    FindSlot,
    Hold,
    Identify,
    Move,
    OpenRequest,
    SendText,
    TakeBack,
    TakeMessage,
    Tell,
)
from guichet.ivr.script import Script
from guichet.routing.decision import Outcome
from guichet.routing.intent import AGENT, DANGER
from guichet.transcripts.heard import SpokenDate
from tests.ivr import scripts
from tests.ivr.scripts import (
    ANSWERED,
    CALLBACK,
    CALLER,
    DEAF,
    HELD,
    HOUSEHOLD,
    NOBODY,
    ONE,
    SCRIPT,
    SURE,
    decided,
    says,
)

TO_AGENT = decided(Outcome.AGENT, free=True)
TO_CALLBACK = decided(Outcome.CALLBACK)
EMERGENCY = decided(Outcome.EMERGENCY)
TOMORROW = Offer(
    Slot(datetime(2026, 9, 2, 7, tzinfo=UTC), datetime(2026, 9, 2, 8, tzinfo=UTC)),
    Bilingual("demain à 9 heures", "tomorrow at 9"),
)
BIRTH = says("i want a birth certificate", "etat_civil_acte")


def play(*inputs: Input, script: Script = SCRIPT, hidden: bool = False) -> tuple[Call, tuple[Move, ...]]:
    """Return the call and the last moves after some inputs."""
    call, moves = begin(script, None if hidden else CALLER)
    for given_input in inputs:
        call, moves = step(script, call, given_input)
    return call, moves


def told(moves: Sequence[Move], language: Language = Language.FR) -> str:
    """Return all that is said."""
    texts = [move.text if isinstance(move, Tell) else move.prompt for move in moves if isinstance(move, Tell | Ask)]
    return " ".join(text.to(language) for text in texts if text)


def test_a_call_opens_with_who_answers_the_notice_and_a_question() -> None:
    call, moves = play()
    assert "mairie de Bellerive" in told(moves)
    assert said.NOTICE.fr in told(moves)
    assert any(isinstance(move, Tell) and move.language is Language.EN for move in moves)
    assert isinstance(moves[-1], Ask)
    assert moves[-1].listen
    assert call.at is At.MATTER


def test_a_closed_desk_says_so_and_still_asks() -> None:
    closed = Bilingual("Nos bureaux sont fermés ; ils ouvrent lundi à 9 heures.", "We are closed until Monday, 9.")
    _, moves = play(script=Script(SCRIPT.welcome, closed=closed))
    assert closed.fr in told(moves)
    assert isinstance(moves[-1], Ask)


def test_a_line_that_cannot_hear_reads_its_menu_at_once() -> None:
    _, moves = play(script=DEAF)
    assert isinstance(moves[-1], Ask)
    assert not moves[-1].listen
    assert "tapez 1" in told(moves)


# what follows what: inputs after the greeting → where it stands, and the last move
@pytest.mark.parametrize(
    ("inputs", "at", "last"),
    [
        ((BIRTH,), At.MATTER, Identify()),
        ((BIRTH, NOBODY), At.MATTER, Decide()),
        ((BIRTH, NOBODY, TO_CALLBACK), At.WHO, Ask),
        ((BIRTH, ONE, TO_CALLBACK), At.CHECK, Ask),
        ((BIRTH, HOUSEHOLD, TO_AGENT), At.WHO, Ask),
        ((BIRTH, HOUSEHOLD, TO_AGENT, says("lea martin")), At.WHO, Identify()),
        ((BIRTH, HOUSEHOLD, TO_AGENT, says("lea martin"), ONE), At.CHECK, Ask),
        ((BIRTH, HOUSEHOLD, TO_AGENT, says("lea martin"), ONE, Keys("03031985"), SURE), At.CHECK, Decide()),
        ((BIRTH, HOUSEHOLD, TO_AGENT, says("lea martin"), SURE, TO_AGENT), At.WHO, OpenRequest(RequestKind.HOLD)),
        ((BIRTH, ONE, TO_AGENT, Keys("03031985"), SURE, TO_AGENT, HELD), At.HOLD, Hold(listen=True)),
        ((BIRTH, NOBODY, TO_CALLBACK, says("jean durand"), NOBODY, TO_CALLBACK, CALLBACK), At.END, End()),
        ((BIRTH, ONE, ANSWERED), At.MORE, Ask),
        ((BIRTH, ONE, ANSWERED, says("non merci")), At.END, End()),
        ((BIRTH, ONE, ANSWERED, Keys("2")), At.END, End()),
        ((BIRTH, ONE, ANSWERED, says("oui")), At.MATTER, Ask),
        ((BIRTH, ONE, ANSWERED, says("je veux un passeport", "identite_titre")), At.MATTER, Decide()),
        ((BIRTH, ONE, ANSWERED, Silence(), Silence()), At.END, End()),
        ((says("un agent"),), At.MATTER, Identify()),
        ((says("un agent"), ONE, TO_AGENT), At.MATTER, OpenRequest(RequestKind.HOLD)),
        ((Keys("0"), NOBODY, TO_CALLBACK), At.MATTER, OpenRequest(RequestKind.CALLBACK)),
        ((BIRTH, ONE, TO_CALLBACK, says("i want to speak to somebody please")), At.CHECK, Decide()),
        ((Keys("1"), NOBODY), At.MATTER, Decide()),
        ((Keys("7"), NOBODY), At.MATTER, Decide()),
        ((Keys("1"), NOBODY, TO_CALLBACK, Keys("2")), At.WHO, Decide()),
        ((Keys("1"), HOUSEHOLD, TO_CALLBACK, Keys("1")), At.CHECK, Ask),
    ],
)
def test_the_dialogue_goes_from_question_to_question(
    inputs: tuple[Input, ...], at: At, last: Move | type[Move]
) -> None:
    call, moves = play(*inputs)
    assert call.at is at
    assert moves[-1] == last if not isinstance(last, type) else isinstance(moves[-1], last)


def test_a_matter_that_is_not_sure_is_asked_back_with_the_second_likeliest() -> None:
    unsure = says("un papier", "etat_civil_acte", 0.4, "identite_titre", 0.35)
    call, moves = play(unsure)
    assert call.at is At.CHOICE
    assert call.options == ("etat_civil_acte", "identite_titre")
    assert "tapez 2" in told(moves)
    assert play(unsure, Keys("2"))[0].intent == "identite_titre"
    assert play(unsure, says("la deuxième"))[0].intent == "identite_titre"
    assert play(unsure, says("l'acte", "etat_civil_acte", 0.4))[0].intent == "etat_civil_acte"


def test_two_close_matters_are_asked_back_however_high_they_score() -> None:
    assert play(says("papiers", "etat_civil_acte", 0.8, "identite_titre", 0.75))[0].at is At.CHOICE


def test_words_heard_badly_are_asked_back() -> None:
    mumbled = Spoken("birth", ("birth",), confidence=0.2, match=BIRTH.match)
    assert play(mumbled)[0].at is At.CHOICE
    assert play(mumbled, says("yes"))[0].intent == "etat_civil_acte"


def test_neither_of_two_goes_back_to_the_matter_and_does_not_offer_them_again() -> None:
    unsure = says("un papier", "etat_civil_acte", 0.4, "identite_titre", 0.35)
    call, _ = play(unsure, says("non, ni l'un ni l'autre"))
    assert (call.at, call.refused) == (At.MATTER, ("etat_civil_acte", "identite_titre"))
    assert play(unsure, Keys("3"), unsure)[0].at is At.MATTER


def test_a_matter_understood_wrongly_can_be_taken_back() -> None:
    call, moves = play(BIRTH, ONE, TO_CALLBACK, says("non, pas ça"))
    assert (call.at, call.intent) == (At.MATTER, None)
    assert said.CORRECTED.fr in told(moves)


@pytest.mark.parametrize(
    "way",
    [
        (BIRTH, ONE, TO_CALLBACK),
        (BIRTH, NOBODY, TO_CALLBACK),
        (says("j'appelle pour ma mère un acte", "etat_civil_acte"), NOBODY, TO_CALLBACK),
        (BIRTH, ONE, ANSWERED),
        (BIRTH, SURE, TO_CALLBACK, replace(CALLBACK, offers=(TOMORROW,))),
    ],
    ids=["check", "who", "self", "more", "when"],
)
@pytest.mark.parametrize("heard", [says("je me suis trompé"), says("that's not it"), Keys("7")], ids=str)
def test_a_matter_may_be_taken_back_after_each_question(way: tuple[Input, ...], heard: Input) -> None:
    call, moves = play(*way, heard)
    assert (call.at, call.intent, call.refused, call.request) == (At.MATTER, None, ("etat_civil_acte",), None)
    assert isinstance(moves[-1], Ask)
    assert (TakeBack(CALLBACK.request) in moves) == (play(*way)[0].request is not None)


def test_the_matter_said_with_a_correction_is_taken_at_once() -> None:
    meant = says("non, pas ça, c'est pour la cantine", "cantine_periscolaire")
    for way in ((BIRTH, ONE, TO_CALLBACK), (BIRTH, ONE, ANSWERED), (says("un papier", "etat_civil_acte", 0.4),)):
        assert play(*way, meant)[0].intent == "cantine_periscolaire"
    assert play(BIRTH, ONE, TO_CALLBACK, says("non, pas un acte", "etat_civil_acte"))[0].at is At.CHECK


def test_a_birth_date_said_after_a_slip_is_the_answer() -> None:
    slip = Spoken("je me suis trompé le trois mars", ("je me suis trompé le trois mars",), value="1985-03-03")
    assert play(BIRTH, ONE, TO_CALLBACK, slip)[1] == (Identify(),)


def test_seven_is_a_digit_where_a_number_is_being_typed() -> None:
    assert play(BIRTH, ONE, TO_CALLBACK, Keys("03"), Keys("7"))[0].at is At.CHECK


MAYBE = says("il se passe quelque chose", None, 0.02, DANGER)


def test_words_that_fit_nothing_but_danger_are_asked_about_once() -> None:
    call, moves = play(MAYBE)
    assert (call.at, call.options) == (At.CHOICE, (DANGER,))
    assert said.IN_DANGER.fr in told(moves)
    assert play(MAYBE, says("oui"))[0].at is At.DANGER
    assert play(MAYBE, Keys("1"))[0].at is At.DANGER
    assert play(says("la fumée", DANGER, 0.1))[0].options == (DANGER,)
    calm, moves = play(MAYBE, says("non"))
    assert (calm.at, calm.refused) == (At.MATTER, (DANGER,))
    assert play(MAYBE, Keys("3"), MAYBE)[0].at is At.MATTER
    assert play(MAYBE, Keys("3"), says("au feu", DANGER))[0].at is At.DANGER


def test_a_danger_that_is_none_leads_back_to_the_matter() -> None:
    for words in ("non ce n'est pas une urgence", "pas ça", "it's not an emergency"):
        call, moves = play(says("au feu", DANGER), decided(Outcome.EMERGENCY), says(words, DANGER))
        assert (call.at, call.outcome) == (At.MATTER, "")
        assert isinstance(moves[-1], Ask)


def test_the_matter_understood_is_said_before_the_caller_is_asked_who_they_are() -> None:
    assert "acte d'état civil" in told(play(BIRTH, ONE, TO_CALLBACK)[1])


@pytest.mark.parametrize("keys", ["*", "", "#"])
def test_star_and_a_lone_hash_ask_again_without_a_miss(keys: str) -> None:
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys(keys))
    assert (call.at, call.misses) == (At.CHECK, 0)
    assert isinstance(moves[-1], Ask)


def test_star_after_an_answer_says_the_answer_again() -> None:
    assert "Nous ouvrons à 9 heures." in told(play(BIRTH, ONE, ANSWERED, Keys("*"))[1])


def test_a_birth_date_may_be_typed_in_pieces() -> None:
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys("0303"))
    assert moves == (Ask(None, SpokenDate(), keys=4),)
    call, moves = step(SCRIPT, call, Keys("1985"))
    assert (call.birth_dates, moves) == (("1985-03-03",), (Identify(),))


@pytest.mark.parametrize("keys", ["31021985", "99999999", "03031785", "030319851", "0303198*"])
def test_what_is_no_birth_date_is_asked_again(keys: str) -> None:
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys(keys))
    assert call.at is At.CHECK
    assert not call.birth_dates
    assert isinstance(moves[-1], Ask)


def test_a_birth_date_that_does_not_fit_may_be_given_twice_and_no_hint_is_given() -> None:
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys("03031985"), ONE)
    assert call.at is At.CHECK
    assert "Martin" not in told(moves)
    assert isinstance(moves[-1], Ask)
    call, moves = play(BIRTH, ONE, TO_CALLBACK, Keys("03031985"), ONE, Keys("04031985"), ONE)
    assert moves[-1] == Decide()
    assert call.citizen is None


def test_two_misses_bring_the_keys() -> None:
    call, moves = play(Silence())
    assert not call.by_keys
    call, moves = play(Silence(), Silence())
    assert call.by_keys
    assert "tapez 1" in told(moves)


def test_a_silent_caller_ends_with_a_callback_even_if_an_agent_is_free() -> None:
    silent = (Silence(),) * 4
    call, moves = play(*silent)
    assert moves[-1] == Identify()
    assert not call.wants_agent
    _, moves = play(*silent, ONE, TO_AGENT)
    assert moves == (OpenRequest(RequestKind.CALLBACK),)
    _, moves = play(*silent, ONE, TO_AGENT, CALLBACK)
    assert "K, 7, 4, Q, X, 9" in told(moves)
    assert moves[-1] == End()


def test_a_silent_caller_who_hides_their_number_is_told_what_remains() -> None:
    call, moves = play(*(Silence(),) * 4, TO_CALLBACK, hidden=True)
    assert call.at is At.NUMBER
    assert "masqué" in told(moves)
    for _ in range(3):
        call, moves = step(SCRIPT, call, Silence())
    assert "01 42 34 56 00" in told(moves)
    assert moves[-1] == End()


def test_a_caller_who_is_not_understood_four_times_gets_a_person_if_one_is_free() -> None:
    mumble = says("blah blah")
    call, _ = play(*(mumble,) * 4)
    assert call.wants_agent
    assert play(*(mumble,) * 4, ONE, TO_AGENT)[1] == (OpenRequest(RequestKind.HOLD),)
    assert play(*(mumble,) * 4, ONE, TO_CALLBACK)[1] == (OpenRequest(RequestKind.CALLBACK),)


def test_a_hidden_caller_gives_a_number_to_be_called_back() -> None:
    call, _ = play(BIRTH, TO_CALLBACK, Keys("2"), TO_CALLBACK, hidden=True)
    assert call.at is At.NUMBER
    call, moves = step(SCRIPT, call, Keys("0612345678"))
    assert (call.number, moves) == (CALLER, (OpenRequest(RequestKind.CALLBACK),))


@pytest.mark.parametrize("before", [(), (BIRTH, ONE, TO_CALLBACK), (BIRTH, NOBODY, TO_AGENT), (BIRTH, ONE, ANSWERED)])
def test_danger_gets_the_numbers_at_once_anywhere(before: tuple[Input, ...]) -> None:
    call, moves = play(*before, says("ça sent le gaz dans mon immeuble", DANGER, 0.6))
    assert isinstance(moves[0], Tell)
    assert "112" in moves[0].text.fr
    assert "18" in moves[0].text.fr
    assert SendText("emergency") in moves
    assert call.outcome == "emergency"


def test_a_name_that_only_looks_like_danger_is_a_name() -> None:
    assert play(BIRTH, NOBODY, TO_CALLBACK, says("Jean Legaz", DANGER, 0.5))[1] == (Identify(),)


def test_danger_goes_to_a_person_who_is_free_and_else_says_the_numbers_again() -> None:
    danger = says("there is a fire", DANGER)
    assert play(danger, decided(Outcome.EMERGENCY, free=True))[1] == (OpenRequest(RequestKind.HOLD),)
    assert play(danger, EMERGENCY)[0].at is At.DANGER
    assert "112" in told(play(danger, EMERGENCY, Keys("*"))[1])
    assert play(danger, EMERGENCY, BIRTH)[0].intent == "etat_civil_acte"
    assert play(danger, EMERGENCY, Silence(), Silence())[1][-1] == End()


@pytest.mark.parametrize(
    "heard", [Keys("9"), says("english please"), Spoken("what can i do", ("what can i do",), language=Language.EN)]
)
def test_the_language_changes_by_key_by_name_and_by_speaking_it(heard: Input) -> None:
    call, moves = play(heard)
    assert call.language is Language.EN
    assert "Say in one sentence" in told(moves, Language.EN)


def test_a_matter_said_in_the_other_language_is_taken_with_it() -> None:
    call, moves = play(Spoken(BIRTH.text, BIRTH.readings, match=BIRTH.match, language=Language.EN))
    assert (call.language, call.intent, moves) == (Language.EN, "etat_civil_acte", (Identify(),))


def test_a_failure_of_ours_is_no_miss_and_a_second_one_leaves_keys_alone() -> None:
    call, moves = play(Failed())
    assert (call.misses, call.by_keys) == (0, True)
    assert isinstance(moves[-1], Ask)
    assert moves[-1].listen
    _, moves = play(Failed(), Failed())
    assert isinstance(moves[-1], Ask)
    assert not moves[-1].listen


def test_a_caller_by_keys_alone_is_asked_a_birth_date_and_no_name() -> None:
    call, moves = play(Keys("1"), HOUSEHOLD, TO_CALLBACK, script=DEAF)
    assert call.at is At.CHECK
    assert not isinstance(moves[-1], Ask) or not moves[-1].listen
    assert play(Keys("1"), NOBODY, TO_CALLBACK, script=DEAF)[1] == (OpenRequest(RequestKind.CALLBACK),)


@pytest.mark.parametrize(
    ("result", "last"),
    [
        ("bridged", End()),
        ("hangup", End()),
        ("leave", OpenRequest(RequestKind.CALLBACK)),
        ("error", OpenRequest(RequestKind.CALLBACK)),
        ("queue-full", OpenRequest(RequestKind.CALLBACK)),
        ("system-error", OpenRequest(RequestKind.CALLBACK)),
    ],
)
def test_the_end_of_a_hold_is_an_end_or_a_callback(result: str, last: Move) -> None:
    held = (says("un agent"), ONE, TO_AGENT, HELD)
    call, moves = play(*held, HoldEnded(result))
    assert moves[-1] == last
    assert (Abandon() in moves) == (result == "hangup")
    if call.at is not At.END:
        confirmed = RequestOpened(HELD.request, HELD.reference, is_new=False)
        assert said.KEPT_PLACE.fr in told(step(SCRIPT, call, confirmed)[1])


def test_a_call_that_ends_forgets_what_was_said_of_the_person() -> None:
    call, _ = play(BIRTH, HOUSEHOLD, TO_CALLBACK, says("lea martin"), SURE, TO_CALLBACK, CALLBACK)
    assert (call.names, call.birth_dates, call.citizen) == ((), (), scripts.LEA.id)


intents = st.sampled_from([None, "etat_civil_acte", "identite_titre", "horaires_adresse", AGENT, DANGER])
words = st.sampled_from(
    [
        "",
        "non",
        "oui",
        "un agent",
        "english",
        "français",
        "pas ça",
        "gaz",
        "répétez",
        "lea martin",
        "je ne sais pas",
        "dossier",
    ]
)
speech = st.builds(
    says, words, intents, st.floats(0, 1), st.sampled_from([None, "etat_civil_acte", DANGER]), st.floats(0, 1)
)
dated = st.builds(Spoken, words, value=st.sampled_from([None, "1985-03-03", "0612345678", "xx"]))
keys = st.builds(Keys, st.text("0123456789*#", max_size=10))
from_caller = st.one_of(st.just(Silence()), st.just(Failed()), keys, speech, dated)
outcomes = st.sampled_from(
    [TO_AGENT, decided(Outcome.AGENT), TO_CALLBACK, ANSWERED, EMERGENCY, decided(Outcome.ANSWER)]
)
people = st.builds(
    lambda known, item: Identified(replace(known.identification, separating=item, has_files=item is not None)),
    st.sampled_from([NOBODY, ONE, HOUSEHOLD, SURE]),
    st.sampled_from([None, *Item]),
)
nine = datetime(2026, 3, 4, 8, tzinfo=UTC)
offer = Offer(Slot(nine, nine + timedelta(hours=1)), Bilingual("demain à 9 heures", "tomorrow at 9"))
choices = st.sampled_from([(), (offer,), (offer, offer)])
callbacks = st.sampled_from([CALLBACK, replace(CALLBACK, offers=(offer,)), replace(CALLBACK, slot=offer)])
found = st.builds(SlotFound, st.sampled_from([None, offer]), choices, st.booleans(), st.booleans(), words)
booked = st.builds(SlotBooked, st.sampled_from([None, offer]), choices)
hold_ends = st.sampled_from(["bridged", "hangup", "leave", "redirected", "error", "queue-full", "nonsense"])


def about_request(data: st.DataObject, need: OpenRequest | FindSlot | BookSlot) -> Input:
    """Draw what becomes of a request."""
    match need:
        case OpenRequest(kind):
            return HELD if kind is RequestKind.HOLD else data.draw(callbacks)
        case FindSlot():
            return data.draw(found)
        case BookSlot():
            return data.draw(booked)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), hidden=st.booleans(), script=st.sampled_from([SCRIPT, DEAF]))
def test_whatever_is_said_a_call_speaks_and_ends(data: st.DataObject, *, hidden: bool, script: Script) -> None:
    call, moves = begin(script, None if hidden else CALLER)
    speaks, turns, needs = bool(moves), 0, 0
    while moves[-1] != End():
        match moves[-1]:
            case Ask() as ask:
                assert ask.prompt or call.keyed
                speaks, turns, needs = False, turns + 1, 0
                heard: Input = data.draw(from_caller)
            case Hold():
                turns, needs = turns + 1, 0
                heard = HoldEnded(data.draw(hold_ends))
            case Identify():
                needs, heard = needs + 1, data.draw(people)
            case Decide():
                needs, heard = needs + 1, data.draw(outcomes)
            case OpenRequest() | FindSlot() | BookSlot() as need:
                needs, heard = needs + 1, about_request(data, need)
            case other:
                raise AssertionError(f"{other} ends no step")
        call, moves = step(script, call, heard)
        speaks = speaks or any(isinstance(move, Tell | Ask) for move in moves)
        assert moves
        assert needs <= 4
    assert speaks or call.outcome == "abandoned"
    assert turns <= script.longest + LAST_TURNS + 2
    assert step(script, call, Silence())[1][-1] == End()


@pytest.mark.parametrize("keeps", [0, 30])
def test_where_messages_are_taken_one_is_offered_after_the_reference_with_what_becomes_of_it(keeps: int) -> None:
    script = replace(SCRIPT, message_seconds=120, keeps_messages=keeps)
    call = Call(Language.FR, number=CALLER, names=("Léa",))
    call, moves = step(script, call, CALLBACK)
    assert call.at is At.MESSAGE
    assert call.names == ()
    assert moves[-1] == TakeMessage(120)
    assert "parlez après le bip" in told(moves)
    assert ("gardé 30 jours" in told(moves)) is bool(keeps)
    for heard in (Failed(), Silence(), Keys("0"), says("un agent")):
        ended, last = step(script, call, heard)
        assert ended.at is At.END
        assert isinstance(last[-1], End)
