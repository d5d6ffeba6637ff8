"""Dialogues over one stream: who speaks over a prompt is heard, who coughs hears the rest, a broken stream goes on."""

import pytest

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Cut, Drop, Repeat
from guichet.carrier.simulator.parties import (
    Action,
    Answers,
    HangUp,
    Moment,
    Press,
    Speak,
    spoken_seconds,
)
from guichet.carrier.voice import synthesise
from guichet.core.language import Language
from guichet.transcripts.endpoint import limits_for
from guichet.transcripts.heard import FreeSpeech
from guichet.transcripts.scripted import ScriptedRecogniser
from tests.journeys import aftermath
from tests.journeys.people import (
    CATHERINE,
    CLAIRE,
    HIDDEN,
    LANDLINE,
    LUCAS,
    MARTINS,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.world import World
from tests.transcripts.voices import noise

QUESTION = "Dites en une phrase"
CERTIFICATE = "je voudrais un acte de naissance"
BIRTH_DATE = ("date de naissance", keys("03031985"))


def speech(text: str, early: float | None = None) -> Speak:
    """Say a sentence with a French voice."""
    return Speak(synthesise(text, Language.FR), text, early=early)


def cleared(call: CallRecord) -> list[float]:
    """Return when prompts were stopped."""
    return [event.at for event in call.log.of(Kind.STREAM) if event.what == "cleared"]


def spoken(call: CallRecord) -> list[float]:
    """Return when the caller began to speak."""
    return [event.at for event in call.log.of(Kind.SPOKE)]


async def test_words_over_a_question_stop_it_and_none_is_lost(duplex_world: World) -> None:
    world = duplex_world
    call = await world.call(CATHERINE, person((QUESTION, speech(CERTIFICATE, early=0.5)), BIRTH_DATE))
    began = spoken(call)[0] + 0.5
    assert began < cleared(call)[0] < began + 1.0
    tables = await aftermath.check(world)
    assert tables.lines[0].text == CERTIFICATE
    (request,) = tables.requests
    assert (request.intent, request.kind) == ("etat_civil_acte", "callback")


@pytest.mark.parametrize(
    ("sound", "heard"),
    [(noise(0.25, 0.3), "euh"), (synthesise("euh", Language.FR), "euh"), (noise(0.25, 0.3), "")],
    ids=["a cough heard as euh", "euh", "a cough"],
)
async def test_a_cough_or_a_hesitation_ends_no_question(duplex_world: World, sound: bytes, heard: str) -> None:
    world = duplex_world
    said = person((QUESTION, Speak(sound, heard, early=0.4)), (QUESTION, says(CERTIFICATE)), BIRTH_DATE)
    call = await world.call(CATHERINE, said)
    first, second = [event for event in call.log.of(Kind.SAID) if QUESTION in event.what]
    seconds_of_question = spoken_seconds(first.what) / 4
    assert second.at - first.at > seconds_of_question + limits_for(FreeSpeech()).initial_silence, "it was cut short"
    assert not any("pas compris" in text for text in call.log.said), "what says nothing was taken for an answer"
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"


async def test_the_notice_is_heard_to_its_end_by_who_speaks_over_it(duplex_world: World) -> None:
    world = duplex_world
    call = await world.call(CATHERINE, person(("Une machine transcrit", speech(CERTIFICATE, early=0.1)), BIRTH_DATE))
    notice = next(event.at for event in call.log.of(Kind.SAID) if "Une machine transcrit" in event.what)
    assert cleared(call)[0] > notice + 1.5, "the notice was cut short"
    assert not any(QUESTION in text for text in call.log.said), "who has answered is not asked"
    assert (await aftermath.check(world)).lines[0].text == CERTIFICATE


async def test_keys_stop_any_prompt_at_once(duplex_world: World) -> None:
    world = duplex_world
    call = await world.call(
        CATHERINE, person(("Une machine transcrit", Press("8", early=0.1)), ("Pour un acte", keys("1")), BIRTH_DATE)
    )
    assert cleared(call)
    assert not any(QUESTION in text for text in call.log.said)
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"


@pytest.mark.parametrize("seconds", [4.0, 5.5, 7.0, 8.0, 9.5])
async def test_a_stream_that_breaks_in_mid_dialogue_goes_on_in_turns(duplex_world: World, seconds: float) -> None:
    world = duplex_world
    world.simulator.mischief.add("/media/", Cut(seconds))
    call = await world.call(
        CATHERINE,
        person(*[(QUESTION, says(CERTIFICATE))] * 2, *[BIRTH_DATE] * 2),
    )
    assert "Merci de votre appel. Au revoir." in call.log.said[-1]
    # Where it breaks in the very moment in which its turn is answered, the carrier may be refused another stream for
    # that turn, and goes on with what the first one brought.
    tables = await aftermath.check(world, forgiven=["31920"])
    assert (tables.requests[0].intent, tables.requests[0].kind) == ("etat_civil_acte", "callback")


async def test_a_stream_that_breaks_at_once_has_the_opening_said_by_the_carrier(duplex_world: World) -> None:
    world = duplex_world
    world.simulator.mischief.add("/media/", Cut(0.1))
    call = await world.call(CATHERINE, person((QUESTION, keys("8")), ("Pour un acte", keys("1")), BIRTH_DATE))
    assert any("Une machine transcrit" in text for text in call.log.said)
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"


async def test_without_a_recogniser_the_carrier_speaks_and_keys_are_offered(duplex_world: World) -> None:
    world = duplex_world
    assert isinstance(world.recogniser, ScriptedRecogniser)
    world.recogniser.break_down()
    call = await world.call(CATHERINE, person(("touches du téléphone", keys("1")), BIRTH_DATE))
    assert any("Continuons avec les touches" in text for text in call.log.said)
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"


@pytest.mark.parametrize("moment", [Moment.LISTENING, Moment.SPEAKING])
async def test_who_hangs_up_in_the_stream_leaves_nothing_open(duplex_world: World, moment: Moment) -> None:
    world = duplex_world
    script: list[Action] = [] if moment is Moment.LISTENING else [says(CERTIFICATE)]
    call = await world.call(LUCAS, [*script, HangUp(0.3 if moment is Moment.LISTENING else 0.0, moment)])
    assert call.ended_by == "person"
    tables = await aftermath.check(world)
    assert tables.contacts[0].outcome == "abandoned"


@pytest.mark.parametrize("trouble", [Repeat(2), Drop()], ids=["repeated", "lost once"])
@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn"])
async def test_one_request_whatever_happens_to_the_webhooks(
    duplex_world: World, path: str, trouble: Repeat | Drop
) -> None:
    world = duplex_world
    world.simulator.mischief.add(path, trouble, times=1)
    call = await world.call(CATHERINE, person((QUESTION, says(CERTIFICATE)), BIRTH_DATE))
    assert "Merci de votre appel. Au revoir." in call.log.said[-1]
    assert len((await aftermath.check(world)).requests) == 1


async def test_after_an_agent_the_caller_is_thanked(duplex_world: World) -> None:
    world = duplex_world
    await world.hire(agent("claire", CLAIRE), accepts())
    call = await world.call(MARTINS, person((QUESTION, says("un agent"))))
    assert call.log.said.count("Ne quittez pas, je vous mets en relation avec un agent.") == 1
    assert call.log.of(Kind.BRIDGED)
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    assert (await aftermath.check(world)).requests[0].state == "done"


NUMBER = "zéro six trente-neuf quatre-vingt-dix-huit quatre-vingt-dix-neuf zéro deux"


def opened(call: CallRecord) -> list[str]:
    """Return the paths of the streams of a call, without their tokens and those that only listen beside the queue."""
    paths = [event.details["path"] for event in call.log.of(Kind.STREAM) if event.what == "opened"]
    return ["one stream" if path.endswith("/duplex") else "turn" for path in paths if not path.endswith("/hold")]


async def test_who_comes_back_from_the_queue_to_a_question_may_interrupt_it_again(duplex_world: World) -> None:
    world = duplex_world
    await world.hire(agent("claire", CLAIRE), Answers([], ring=10_000))
    early = speech(NUMBER, early=0.5)
    call = await world.call(
        HIDDEN, person((QUESTION, says("un agent")), ("tapez 1", keys("1")), ("Votre numéro est masqué", early))
    )
    assert opened(call) == ["one stream", "one stream"]
    assert cleared(call)[-1] < spoken(call)[-1] + 1.5, "the question was not stopped"
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    (request,) = (await aftermath.check(world)).requests
    assert (request.kind, request.number) == ("callback", "+33639989902")


@pytest.mark.parametrize("seconds", [0.1, 2.0])
async def test_a_stream_that_breaks_after_the_queue_leaves_the_question_to_the_carrier(
    duplex_world: World, seconds: float
) -> None:
    world = duplex_world
    await world.hire(agent("claire", CLAIRE), Answers([], ring=10_000))
    said = person(
        (QUESTION, says("un agent")), ("tapez 1", keys("1")), *[("Votre numéro est masqué", says(NUMBER))] * 2
    )
    call, carried = world.ring(HIDDEN, said)
    await world.until_said(call, "Vous êtes le prochain.")
    world.simulator.mischief.add("/media/", Cut(seconds), times=1)
    await carried
    await world.settled()
    assert opened(call)[:3] == ["one stream", "one stream", "turn"]
    # Telephones of tests wait no time: where they come back before the cut is seen, the question gets no new stream.
    (request,) = (await aftermath.check(world, forgiven=["31920"])).requests
    assert (request.kind, request.number) == ("callback", "+33639989902")


async def test_when_the_machine_is_full_keys_are_offered_at_once_by_the_carrier(duplex_world: World) -> None:
    world = duplex_world
    assert isinstance(world.recogniser, ScriptedRecogniser)
    world.recogniser.is_full = True
    call = await world.call(CATHERINE, person(("tapez 1", keys("1")), BIRTH_DATE))
    assert opened(call) == []
    assert any("Pour un acte d'état civil, tapez 1" in text for text in call.log.said)
    assert not any(QUESTION in text for text in call.log.said)
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"


async def test_when_it_fills_in_mid_dialogue_the_next_question_is_answered_by_keys(duplex_world: World) -> None:
    world = duplex_world
    recogniser = world.recogniser
    assert isinstance(recogniser, ScriptedRecogniser)

    def react(prompt: str) -> Action | None:
        """Let others take all the room once the first question has been heard."""
        if QUESTION in prompt:
            return says(CERTIFICATE)
        if "date de naissance" in prompt:
            return keys("03031985")
        recogniser.is_full = recogniser.is_full or "c'est noté" in prompt.casefold()
        return None

    call = await world.call(CATHERINE, Answers(react=react))
    assert opened(call)[0] == "one stream"
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    tables = await aftermath.check(world)
    assert (tables.requests[0].intent, tables.contacts[0].citizen is not None) == ("etat_civil_acte", True)


async def test_who_asks_for_keys_and_never_speaks_is_served(duplex_world: World) -> None:
    world = duplex_world
    call = await world.call(LANDLINE, person((QUESTION, keys("8")), ("Pour un acte", keys("6"))))
    assert call.log.said
    tables = await aftermath.check(world)
    assert tables.contacts[0].intent == "horaires_adresse"


async def test_a_voice_that_fails_leaves_the_speaking_to_the_carrier(duplex_world: World) -> None:
    world = duplex_world
    assert world.services.duplex is not None

    def mute(text: str, language: Language) -> bytes:
        raise RuntimeError(f"no voice for {len(text)} letters of {language}")

    world.services.duplex._voice._synthesise = mute
    call = await world.call(CATHERINE, person((QUESTION, says(CERTIFICATE)), BIRTH_DATE))
    assert any("Une machine transcrit" in text for text in call.log.said)
    assert (await aftermath.check(world)).requests[0].intent == "etat_civil_acte"
