"""Calling for somebody else."""

import pytest

from guichet.citizens.another_words import calls_for_another, calls_for_self
from guichet.citizens.mandate import Role
from guichet.citizens.speaking import Spoken as Mandated
from guichet.citizens.speaking import Standing
from guichet.core.ids import CitizenId
from guichet.ivr import script as said
from guichet.ivr.call import At, Call
from guichet.ivr.dialogue import begin, step
from guichet.ivr.inputs import Identified, Input, Keys, Represented, Silence, Spoken
from guichet.ivr.moves import Ask, Decide, Identify, Move, OpenRequest, Represent, Tell
from guichet.ivr.script import Script
from guichet.routing.decision import Outcome
from guichet.routing.intent_book import IntentBook
from tests.ivr.scripts import CALLBACK, CALLER, DEAF, ONE, SCRIPT, SURE, decided, says

FOR_MOTHER = says("j'appelle pour ma mère elle voudrait l'apa", "apa_personne_agee")
TO_CALLBACK = decided(Outcome.CALLBACK)
BORN = Spoken("le trois mars", value="1985-03-03")
ODETTE = CitizenId("ci_odette")
MANDATE = Represented(Mandated(Standing.MANDATE, ODETTE, Role.RELATIVE))
NONE = Represented(Mandated(Standing.NONE))
HOLDER = Identified(ONE.identification, mandated=True)


def play(*inputs: Input, script: Script = SCRIPT) -> tuple[Call, tuple[Move, ...]]:
    """Return the call and the last moves after some inputs."""
    call, moves = begin(script, CALLER)
    for given in inputs:
        call, moves = step(script, call, given)
    return call, moves


def told(moves: tuple[Move, ...]) -> list[str]:
    """Return the French of all that is said."""
    texts = [move.text if isinstance(move, Tell) else move.prompt for move in moves if isinstance(move, Tell | Ask)]
    return [text.fr for text in texts if text is not None]


@pytest.mark.parametrize(
    "text",
    [
        "j'appelle pour ma mère",
        "bonjour j'appelle pour ma grand-mère elle voudrait l'apa",
        "c'est pour ma voisine",
        "j'appelle de la part de mon mari",
        "je suis l'assistante sociale de madame Payet",
        "je suis la fille de madame Payet",
        "je téléphone à la place de mon père",
        "je vous appelle pour quelqu'un d'autre",
        "I'm calling for my mother",
        "on behalf of a client",
        "I am her guardian",
        "I'm his daughter",
    ],
)
def test_words_for_somebody_else_are_heard(text: str) -> None:
    assert calls_for_another(text)


@pytest.mark.parametrize(
    "text",
    [
        "j'appelle pour un acte de naissance",
        "c'est pour la cantine de mon fils",
        "j'appelle pour mon fils",
        "I'm calling for a passport",
        "je voudrais l'acte de mariage de mes parents",
        "ma mère est décédée chez vous",
        "je suis né à Lyon",
        "I am calling about my daughter's school",
    ],
)
def test_words_about_a_matter_or_a_child_are_their_own(text: str) -> None:
    assert not calls_for_another(text)


def test_no_example_of_the_book_is_taken_for_a_call_for_somebody_else() -> None:
    assert [
        text for intent in IntentBook.packaged().intents for text in intent.texts() if calls_for_another(text)
    ] == []


def test_a_caller_who_speaks_of_another_is_asked_whether_they_call_for_themselves() -> None:
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK)
    assert call.at is At.SELF
    assert said.SELF.fr in told(moves)


def test_a_caller_whose_number_holds_a_mandate_is_asked_too() -> None:
    call, _ = play(says("apa", "apa_personne_agee"), HOLDER, TO_CALLBACK)
    assert call.at is At.SELF


def test_anybody_else_is_not_asked() -> None:
    call, _ = play(says("apa", "apa_personne_agee"), ONE, TO_CALLBACK)
    assert call.at is At.CHECK


@pytest.mark.parametrize("answer", [says("oui"), Keys("1"), says("pour moi"), says("oui c'est pour mon fils")])
def test_for_themselves_they_are_checked_as_ever(answer: Input) -> None:
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, answer, TO_CALLBACK)
    assert (call.for_another, call.at) == (False, At.CHECK)
    assert told(moves) == [said.CHECK.fr]
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, answer, TO_CALLBACK, BORN, SURE, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about == SURE.identification.best.citizen.id  # type: ignore[union-attr]


@pytest.mark.parametrize("answer", [says("non"), Keys("2"), says("non c'est pour ma mère"), says("c'est pour ma mère")])
def test_for_another_who_calls_is_checked_first_and_then_for_whom(answer: Input) -> None:
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, answer, TO_CALLBACK)
    assert (call.for_another, call.at) == (True, At.CHECK)
    assert told(moves) == [said.CHECK.fr]
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, answer, TO_CALLBACK, BORN, SURE, TO_CALLBACK)
    assert call.at is At.OTHER
    assert told(moves)[-1] == said.OTHER.fr


AS_DAUGHTER = (FOR_MOTHER, ONE, TO_CALLBACK, Keys("2"), TO_CALLBACK, BORN, SURE, TO_CALLBACK)


def test_with_a_mandate_the_request_is_that_of_whom_they_speak_for() -> None:
    call, moves = play(*AS_DAUGHTER, says("odette payet"))
    assert isinstance(moves[-1], Represent)
    assert call.others == ("odette payet",)
    call, moves = step(SCRIPT, call, MANDATE)
    assert told(moves) == [said.MANDATE.fr]
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about == ODETTE
    call, _ = step(SCRIPT, call, CALLBACK)
    assert call.others == ()


def test_without_a_mandate_the_request_is_nobody_s() -> None:
    call, moves = play(*AS_DAUGHTER, says("odette payet"), NONE)
    assert told(moves) == [said.NO_MANDATE.fr]
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about is None


@pytest.mark.parametrize("answer", [Keys("2"), says("je préfère pas")])
def test_whom_they_will_not_name_they_cannot_speak_for(answer: Input) -> None:
    call, moves = play(*AS_DAUGHTER, answer)
    assert told(moves) == [said.NO_MANDATE.fr]
    assert isinstance(moves[-1], Decide)
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about is None


def test_who_cannot_be_checked_is_not_asked_for_whom() -> None:
    tries = (BORN, ONE, BORN, ONE, TO_CALLBACK)
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, Keys("2"), TO_CALLBACK, *tries)
    assert told(moves) == [said.NO_MANDATE.fr]
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about is None


def test_another_matter_asks_the_mandate_again_but_not_the_name() -> None:
    answered = decided(Outcome.ANSWER, answer=said.THANKS)
    call, _ = play(*AS_DAUGHTER, says("odette payet"), MANDATE, answered)
    assert call.at is At.MORE
    call, moves = step(SCRIPT, call, says("la cantine", "cantine_periscolaire"))
    assert isinstance(moves[-1], Decide)
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], Represent)
    assert (call.standing, call.represented, call.others) == ("", None, ("odette payet",))


def test_where_nothing_can_be_heard_the_name_is_not_asked() -> None:
    call, moves = play(Keys("2"), HOLDER, TO_CALLBACK, Keys("2"), TO_CALLBACK, script=DEAF)
    assert call.at is At.CHECK
    for given in (Keys("03031985"), SURE, TO_CALLBACK):
        call, moves = step(DEAF, call, given)
    assert told(moves) == [said.NO_MANDATE.fr]


def test_silence_at_the_question_goes_on_in_the_end() -> None:
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, *[Silence()] * 4)
    assert said.GO_ON.fr in told(moves)
    assert call.for_another is False


def test_an_agent_may_be_asked_for_instead() -> None:
    call, moves = play(FOR_MOTHER, ONE, TO_CALLBACK, says("un agent"))
    assert isinstance(moves[-1], Decide)
    call, moves = step(SCRIPT, call, TO_CALLBACK)
    assert isinstance(moves[-1], OpenRequest)
    assert call.about is None


@pytest.mark.parametrize(("text", "own"), [("pour moi", True), ("for my son", True), ("pour ma mère", False)])
def test_words_for_oneself(text: str, own: bool) -> None:
    assert calls_for_self(text) is own


def test_identify_is_still_the_first_need() -> None:
    _, moves = play(FOR_MOTHER)
    assert isinstance(moves[-1], Identify)
