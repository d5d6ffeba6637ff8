"""Somebody hangs up at each instant of a call: no ghost is left in a queue, in presence, in figures."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.callbacks.passing_on import ToQueue
from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Event, Kind
from guichet.carrier.simulator.parties import Action, Answers, NoAnswer, Press, Speak
from guichet.core.ids import AgentId, RequestId
from guichet.gateway.settings import VoiceMode
from guichet.routing.measures import By, Measures, Period
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import BRUNO, CATHERINE, CLAIRE, accepts, agent, keys, person, says
from tests.journeys.voices import in_both_voices
from tests.journeys.world import World, open_world

RULES = RuleBook.parse(SAMPLE.read_text("utf-8") + "enregistrements: {proposer: oui}\n")
SPEED = 1000.0
"""Simulated seconds in a real one: who talks for ever talks for longer than any test."""
FOR_EVER = 1_000_000.0
REST = timedelta(seconds=31)
LATE = timedelta(seconds=6)
"""After so long what the carrier has not told is asked of it."""
AGENT = ("Dites en une phrase", says("un agent"))
CERTIFICATE = ("Dites en une phrase", says("je voudrais un acte de naissance"))
BORN = ("date de naissance", keys("03031985"))
NEXT = "Vous êtes le prochain."
CONNECTING = "Nous vous mettons en relation"


@dataclass(frozen=True, slots=True)
class Instant:
    """The `nth` event of a kind that has this in it, in a call of that telephone; and whose telephone is hung up."""

    phone: str
    kind: Kind
    piece: str = ""
    nth: int = 1


@pytest.fixture
async def world(first_day: Path, tmp_path: Path, voice_mode: VoiceMode) -> AsyncIterator[World]:
    """Open a gateway whose callers talk in their own time, and may leave messages."""
    url = copy_of(first_day, tmp_path)
    async with open_world(url, tmp_path, speed=SPEED, voice_mode=voice_mode, rules=RULES) as running:
        yield running


def phone_of(record: CallRecord) -> str:
    return record.from_ if record.direction == "inbound" else record.to


def hang_up_at(world: World, who: str, instant: Instant) -> asyncio.Event:
    """Let somebody hang up at an instant of this call or another one; return what is set when they do."""
    done = asyncio.Event()
    seen = 0

    def look(event: Event) -> None:
        nonlocal seen
        if event.kind is not instant.kind or instant.piece not in event.what or done.is_set():
            return
        seen += 1
        if seen == instant.nth:
            done.set()
            for record in world.simulator.calls:
                if phone_of(record) == who:
                    world.simulator.hang_up(record)

    past = {record.sid for record in world.simulator.calls}

    def listen(record: CallRecord) -> None:
        if record.sid not in past and phone_of(record) == instant.phone:
            record.log.follow(look)

    world.simulator.calls.follow(listen)
    return done


def keep_time(world: World, phone: str) -> None:
    """Let our clock go on with the calls to a number, where it is by time that it is told what became of them."""

    def listen(record: CallRecord) -> None:
        if record.to == phone:
            begun = world.clock.now()
            record.log.follow(
                lambda event: world.clock.move(
                    max(timedelta(0), begun + timedelta(seconds=event.at) - world.clock.now())
                )
            )

    world.simulator.calls.follow(listen)


async def figures(world: World) -> Measures:
    """Count what `guichet report` says of today."""
    now = world.clock.now()
    book = world.services.books.rules
    period = Period(now.date(), now.date(), book.calendar.zone)
    async with world.services.database.read() as unit:
        return (await unit.measures.report(period, By.ALL, now)).all


async def check(world: World, figure: str, state: str, outcome: str) -> None:
    """Check that nobody is left anywhere, that it is counted once, and that agents are free after their rest."""
    await world.settled()
    tables = await aftermath.check(world)
    assert [call.state.value for call in world.simulator.calls if not call.state.is_final] == []
    assert [queue.name for queue in world.simulator.queues.all() if queue.members] == []
    assert [contact.outcome for contact in tables.contacts] == [outcome] * bool(outcome)
    assert [request.state for request in tables.requests] == [state] * bool(state)
    assert not [request for request in tables.open_requests if request.agent is not None]
    found = await figures(world)
    told = {name: getattr(found, name) for name in ("handled", "waiting", "abandoned", "left", "withdrawn", "lost")}
    assert {name: count for name, count in told.items() if count} == ({figure: 1} if figure else {})
    assert (found.needing, found.contacts) == (bool(figure), bool(outcome))
    await world.move(REST)
    await world.settled()
    assert {row.presence for row in (await world.tables()).agents} <= {"available", "away"}


def case(name: str, *values: object) -> object:
    return pytest.param(*values, id=name)


def citizen(kind: Kind, piece: str = "", nth: int = 1) -> Instant:
    return Instant(CATHERINE, kind, piece, nth)


def claire(kind: Kind, piece: str = "", nth: int = 1) -> Instant:
    return Instant(CLAIRE, kind, piece, nth)


def bruno(kind: Kind, piece: str = "", nth: int = 1) -> Instant:
    return Instant(BRUNO, kind, piece, nth)


GONE = ("abandoned", "cancelled", "abandoned")
SERVED = ("handled", "done", "agent")
GONE_ON = ("waiting", "waiting", "agent")
"""Whom an agent has talked with and passed on is called back."""
CALLED = ("waiting", "waiting", "callback")
SILENT = ("", "", "abandoned")


@in_both_voices
@pytest.mark.parametrize(
    ("instant", "figure", "state", "outcome"),
    [
        case("greeting", citizen(Kind.STATE, "in-progress"), *SILENT),
        case("question", citizen(Kind.STREAM, "opened"), *SILENT),
        case("answering", citizen(Kind.SPOKE, "un agent"), *SILENT),
        case("told to hold", citizen(Kind.VERB, "Enqueue"), *GONE),
        case("enters the queue", citizen(Kind.HOLD, "entered"), *GONE),
    ],
)
async def test_a_citizen_hangs_up_before_holding(
    world: World, instant: Instant, figure: str, state: str, outcome: str
) -> None:
    await world.hire(agent("claire", CLAIRE), accepts(talk=FOR_EVER))
    hung_up = hang_up_at(world, CATHERINE, instant)
    await world.call(CATHERINE, person(AGENT))
    assert hung_up.is_set()
    await check(world, figure, state, outcome)


@pytest.mark.parametrize(
    ("instant", "figure", "state", "outcome"),
    [
        case("rings", claire(Kind.STATE, "ringing"), *GONE),
        case("picks up", claire(Kind.STATE, "in-progress"), *GONE),
        case("whisper", claire(Kind.SAID, "Appuyez sur 1"), *GONE),
        case("accepts", claire(Kind.PRESSED, "1"), *GONE),
        case("bridge", citizen(Kind.BRIDGED), *SERVED),
    ],
)
async def test_a_citizen_hangs_up_while_an_agent_is_found(
    world: World, instant: Instant, figure: str, state: str, outcome: str
) -> None:
    await world.hire(agent("claire", CLAIRE), accepts(talk=FOR_EVER))
    hung_up = hang_up_at(world, CATHERINE, instant)
    await world.call(CATHERINE, person(AGENT))
    assert hung_up.is_set()
    await check(world, figure, state, outcome)


@pytest.mark.parametrize("who", [CATHERINE, CLAIRE], ids=["citizen", "agent"])
@pytest.mark.parametrize(
    "instant",
    [
        case("dials the queue", claire(Kind.VERB, "Dial")),
        case("taken out of the queue", citizen(Kind.WEBHOOK, "/voice/agent/connected")),
        case("told of the agent", citizen(Kind.SAID, CONNECTING)),
    ],
)
async def test_either_hangs_up_in_the_moment_before_the_bridge(world: World, who: str, instant: Instant) -> None:
    """The carrier calls them bridged from here on: what counts is that it counts once, and nobody is left."""
    await world.hire(agent("claire", CLAIRE), accepts(talk=FOR_EVER))
    hung_up = hang_up_at(world, who, instant)
    await world.call(CATHERINE, person(AGENT))
    assert hung_up.is_set()
    is_handled = (await figures(world)).handled
    await check(world, *(SERVED if is_handled else GONE))


@pytest.mark.parametrize(
    "instant",
    [
        case("rings", claire(Kind.STATE, "ringing")),
        case("picks up", claire(Kind.STATE, "in-progress")),
        case("whisper", claire(Kind.SAID, "Appuyez sur 1")),
        case("accepts", claire(Kind.PRESSED, "1")),
        case("talk", citizen(Kind.BRIDGED)),
    ],
)
async def test_an_agent_hangs_up_and_the_citizen_is_served(world: World, instant: Instant) -> None:
    await world.hire(agent("claire", CLAIRE), accepts(talk=FOR_EVER))
    await world.move(timedelta(seconds=1))
    await world.hire(agent("bruno", BRUNO), accepts())
    hung_up = hang_up_at(world, CLAIRE, instant)
    call = await world.call(CATHERINE, person(AGENT))
    assert hung_up.is_set()
    assert call.log.of(Kind.BRIDGED)
    assert call.log.said[-1] == "Merci de votre appel. Au revoir."
    await check(world, *SERVED)


@pytest.mark.parametrize(
    ("wish", "instant", "figure", "state", "outcome"),
    [
        case("told where they stand", None, citizen(Kind.SAID, NEXT), *GONE),
        case("music", None, citizen(Kind.PLAYED), *GONE),
        case("a later round", None, citizen(Kind.PLAYED, nth=3), *GONE),
        case("presses for a callback", keys("1"), citizen(Kind.PRESSED, "1"), *GONE),
        case("is promised one", keys("1"), citizen(Kind.SAID, "Vous gardez votre place"), *CALLED),
        case("is promised a text", keys("3"), citizen(Kind.SAID, "Vous allez recevoir un SMS"), *CALLED),
        case("is to leave a message", keys("2"), citizen(Kind.SAID, "Laissez votre message"), *CALLED),
        case("leaves one", keys("2"), citizen(Kind.VERB, "Record"), *CALLED),
    ],
)
async def test_a_citizen_hangs_up_on_hold(
    world: World, wish: Action | None, instant: Instant, figure: str, state: str, outcome: str
) -> None:
    await hangs_up_on_hold(world, wish, instant)
    await check(world, figure, state, outcome)


@in_both_voices
@pytest.mark.parametrize(
    "instant",
    [
        case("asks for a callback", citizen(Kind.SPOKE, "rappelez-moi")),
        case("is asked back", citizen(Kind.SAID, "Voulez-vous être rappelé")),
    ],
)
async def test_a_citizen_who_says_a_wish_on_hold_hangs_up_before_it_is_confirmed(
    world: World, instant: Instant
) -> None:
    await hangs_up_on_hold(world, says("rappelez-moi"), instant)
    await check(world, *GONE)


async def hangs_up_on_hold(world: World, wish: Action | None, instant: Instant) -> None:
    await world.hire(agent("claire", CLAIRE), NoAnswer())
    hung_up = hang_up_at(world, CATHERINE, instant)
    await world.call(CATHERINE, person(AGENT, *([(NEXT, wish)] if wish else [])))
    assert hung_up.is_set()


@pytest.mark.parametrize(
    ("instant", "figure", "state", "outcome"),
    [
        case("is sent on", citizen(Kind.WEBHOOK, "/voice/passed"), *GONE_ON),
        case("is told", citizen(Kind.SAID, "Je vous passe la personne"), *GONE_ON),
        case("holds again", citizen(Kind.HOLD, "entered", nth=2), *GONE_ON),
        case("second ring", bruno(Kind.STATE, "ringing"), *GONE_ON),
        case("second whisper", bruno(Kind.SAID, "De la part de Claire"), *GONE_ON),
        case("second agent accepts", bruno(Kind.PRESSED, "1"), *GONE_ON),
        case("second bridge", citizen(Kind.BRIDGED, nth=2), *SERVED),
    ],
)
async def test_a_citizen_hangs_up_while_being_passed_on(
    world: World, instant: Instant, figure: str, state: str, outcome: str
) -> None:
    await world.hire(agent("claire", CLAIRE, "accueil"), accepts(talk=FOR_EVER))
    await world.hire(agent("bruno", BRUNO, "social"), accepts(talk=FOR_EVER))
    hung_up = hang_up_at(world, CATHERINE, instant)
    call, carried = world.ring(CATHERINE, person(AGENT))
    await world.until(call, lambda event: event.kind is Kind.BRIDGED)
    (request,) = (await world.tables()).open_requests
    claires = AgentId("agent_claire")
    await world.services.passing_on.pass_on(RequestId(request.id), claires, ToQueue("social"), "Une aide.")
    await carried
    assert hung_up.is_set()
    await check(world, figure, state, outcome)


@pytest.mark.parametrize(
    ("instant", "figure", "state", "outcome"),
    [
        case("birth date", citizen(Kind.SAID, "date de naissance"), "left", "", "abandoned"),
        case("when to call", citizen(Kind.SAID, "tapez 2, ou dites-le"), *CALLED),
        case("message offered", citizen(Kind.SAID, "après le bip"), *CALLED),
        case("message begins", citizen(Kind.VERB, "Record"), *CALLED),
        case("message under way", citizen(Kind.SPOKE, "pour ma fille"), *CALLED),
    ],
)
async def test_a_citizen_hangs_up_on_the_way_to_a_callback(
    world: World, instant: Instant, figure: str, state: str, outcome: str
) -> None:
    hung_up = hang_up_at(world, CATHERINE, instant)
    message = Speak(says("").mulaw, "pour ma fille", after_tone=True)
    await world.call(CATHERINE, person(CERTIFICATE, BORN, ("ou dites-le", keys("1")), ("après le bip", message)))
    assert hung_up.is_set()
    await check(world, figure, state, outcome)


@pytest.mark.parametrize(
    ("who", "instant", "figure"),
    [
        case("the citizen, picking up", CATHERINE, citizen(Kind.STATE, "in-progress"), "waiting"),
        case("the citizen, told who calls", CATHERINE, citizen(Kind.SAID, "vous rappelle, comme"), "waiting"),
        case("the citizen, accepting", CATHERINE, citizen(Kind.PRESSED, "1"), "waiting"),
        case("the citizen, talking", CATHERINE, citizen(Kind.BRIDGED), "handled"),
        case("the agent, while it rings", CLAIRE, citizen(Kind.STATE, "ringing"), "waiting"),
        case("the agent, while it is said who calls", CLAIRE, citizen(Kind.SAID, "vous rappelle, comme"), "waiting"),
        case("the agent, just connected", CLAIRE, citizen(Kind.BRIDGED), "waiting"),
    ],
)
async def test_somebody_hangs_up_in_a_callback(world: World, who: str, instant: Instant, figure: str) -> None:
    await world.call(CATHERINE, person(CERTIFICATE, BORN, ("ou dites-le", keys("1"))))
    world.simulator.party(CATHERINE, Answers([Press("1")], ring=2))
    await world.hire(agent("claire", CLAIRE), accepts(talk=FOR_EVER))
    world.clock.move(timedelta(minutes=1))
    keep_time(world, CATHERINE)
    hung_up = hang_up_at(world, who, instant)
    await world.services.offering.look()
    await world.settled()
    assert hung_up.is_set()
    await world.move(LATE)
    await check(world, figure, "done" if figure == "handled" else "waiting", "callback")
