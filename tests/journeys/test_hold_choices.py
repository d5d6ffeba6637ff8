"""On hold: what may be wished for by key or by voice, what is said and when, and where nobody holds at all."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import WSMsgType

from guichet.callbacks.holding import REST
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.mischief import Fail
from guichet.carrier.simulator.parties import Action, Answers, NoAnswer
from guichet.carrier.simulator.signing import Scheme, headers
from guichet.citizens.contact import Channel
from guichet.core.ids import CallSid
from guichet.gateway.settings import VoiceMode
from guichet.routing.agent import Presence
from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import (
    AHMED,
    BRUNO,
    CATHERINE,
    CLAIRE,
    LINE,
    accepts,
    agent,
    keys,
    person,
    says,
)
from tests.journeys.voices import in_both_voices
from tests.journeys.world import PATIENCE, PUBLIC, TOKEN, World, open_world

AGENT = ("Dites en une phrase", says("un agent"))
NEXT = "Vous êtes le prochain."
RECORDS = "\nenregistrements: {proposer: oui}\n"
LEA = "+33199002003"
FOR_EVER = Answers([], ring=10_000)


def book_with(hold: str) -> RuleBook:
    """Return the sample book, whose front desk holds people so, and takes messages."""
    text = SAMPLE.read_text("utf-8")
    queue = "  - nom: accueil\n    libelle:"
    assert text.count(queue) == 1
    return RuleBook.parse(
        text.replace(queue, queue.replace("    libelle", f"    attente: {hold}\n    libelle")) + RECORDS
    )


async def webhook(world: World, path: str, form: Mapping[str, str]) -> str:
    """Ask what the carrier would ask; return the answer."""
    signed = headers(TOKEN, PUBLIC + path, form, Scheme.SHA1)
    async with world.http.post(world.base + path, data=form, headers=signed) as answer:
        return await answer.text()


@pytest.fixture
async def desk(first_day: Path, tmp_path: Path, voice_mode: VoiceMode) -> AsyncIterator[World]:
    """Open a gateway whose front desk holds one person at most, then overflows to the civil registry."""
    rules = book_with("{debordement: {personnes: 1, vers: etat_civil, apres: 5 min}}")
    async with open_world(copy_of(first_day, tmp_path), tmp_path, voice_mode=voice_mode, rules=rules) as running:
        yield running


@in_both_voices
@pytest.mark.parametrize(
    ("wish", "answer", "kind", "heard"),
    [
        (keys("2"), None, "callback", "Laissez votre message après le bip"),
        (keys("3"), None, "text", "Vous allez recevoir un SMS."),
        (says("rappelez-moi"), says("oui"), "callback", "Votre demande est"),
        (says("je veux laisser un message"), keys("1"), "callback", "Laissez votre message après le bip"),
        (says("je préfère par SMS"), says("oui"), "text", "Vous allez recevoir un SMS."),
    ],
)
async def test_a_key_or_a_few_words_on_hold_are_enough(
    desk: World, wish: Action, answer: Action | None, kind: str, heard: str
) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    asked = [("Sinon, restez en ligne", answer)] if answer is not None else []
    call, carried = desk.ring(CATHERINE, person(AGENT, (NEXT, wish), *asked, ("Laissez votre", says("pour mon acte"))))
    await carried
    await desk.settled()
    assert any(heard in text for text in call.log.said), call.log.said
    tables = await aftermath.check(desk)
    (request,) = tables.requests
    assert (request.kind, request.state, request.held_since) == (kind, "waiting", request.opened_at)
    (claire,) = tables.agents
    assert claire.presence in {"available", "away"}
    assert all("rappel" not in line.text for line in tables.lines), "what was said on hold is kept"


@in_both_voices
async def test_who_was_overheard_and_says_no_goes_on_holding_and_is_served(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    overheard = says("il faut le rappeler demain")
    call, carried = desk.ring(
        CATHERINE,
        person(AGENT, (NEXT, [overheard, says("rappelez-moi")]), ("Sinon, restez en ligne", says("non merci"))),
    )
    await desk.until_said(call, "Vous restez en ligne et gardez votre place.")
    assert len([text for text in call.log.said if "Voulez-vous être rappelé" in text]) == 1
    desk.simulator.party(BRUNO, accepts())
    await desk.hire(agent("bruno", BRUNO, "accueil"), accepts())
    desk.simulator.party(CLAIRE, accepts())
    await desk.move(timedelta(seconds=50))
    await desk.presence_if_away("claire")
    await desk.move(timedelta(seconds=10))
    await carried
    await desk.settled()
    assert len(call.log.of(Kind.BRIDGED)) == 1
    tables = await aftermath.check(desk)
    assert [request.state for request in tables.requests] == ["done"]


@in_both_voices
async def test_a_key_counts_after_a_wish_that_the_carrier_could_not_be_asked_for(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    call, carried = desk.ring(CATHERINE, person(AGENT, (NEXT, [says("je préfère par SMS"), keys("1")])))
    desk.simulator.mischief.add(f"/Calls/{call.sid}", Fail(503), times=50)
    await carried
    await desk.settled()
    (request,) = (await aftermath.check(desk)).requests
    assert (request.kind, request.state) == ("callback", "waiting")


async def test_what_can_be_said_on_hold_is_told_only_while_somebody_listens(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), NoAnswer())
    form = {"CallSid": "CA" + "5" * 32, "From": CATHERINE, "To": LINE, "CallStatus": "in-progress"}
    await webhook(desk, "/voice/incoming", form)
    held = await webhook(desk, "/voice/turn?n=1&by=keys", {**form, "Digits": "0"})
    (ears,) = re.findall(r'wss://[^/]*(/media/[^"]*/hold)"', held)
    (waiting,) = re.findall(r'waitUrl="[^"]*(/voice/hold[^"]*)"', held)
    assert "tapez 2. " in await webhook(desk, waiting, form)
    await desk.settled()
    await desk.busy("claire")
    signed = headers(TOKEN, PUBLIC.replace("https", "wss") + ears, {}, Scheme.SHA1)
    async with desk.http.ws_connect(desk.base + ears, headers=signed) as stream:
        assert "ou dites « rappelez-moi »" in await webhook(desk, waiting, form)
        for _ in range(21):
            await stream.send_str("nothing of the carrier's")
        assert (await stream.receive(PATIENCE)).type is WSMsgType.CLOSE
    assert "tapez 2. " in await webhook(desk, waiting, form)
    await webhook(desk, "/voice/status", {**form, "CallStatus": "completed"})


@pytest.mark.parametrize("wish", ["", "&wish=9", "&wish=%00", "&wish=3"])
async def test_whoever_is_asked_back_without_a_wish_that_can_be_read_is_asked_about_a_callback(
    desk: World, wish: str
) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    call, carried = desk.ring(CATHERINE, person(AGENT))
    await desk.until_said(call, NEXT)
    form = {"CallSid": call.sid, "From": CATHERINE, "To": LINE, "CallStatus": "in-progress", "Direction": "inbound"}
    path = f"/voice/held/asked?n=2{wish}"
    for _ in range(2):
        wanted = "continuer par SMS ?" if wish == "&wish=3" else "rappelé sans attendre ?"
        assert wanted in await webhook(desk, path, form)
    assert carried.cancel() is not None


@in_both_voices
async def test_where_they_stand_is_said_once_and_again_after_a_long_rest(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), NoAnswer())
    call, carried = desk.ring(CATHERINE, person(AGENT))
    await desk.until_said(call, NEXT)
    await desk.settled()
    await desk.busy("claire")
    for _ in range(3):
        await desk.until_round(call)
    assert len([text for text in call.log.said if NEXT in text]) == 1
    assert len(call.log.of(Kind.PLAYED)) > 2
    await desk.move(REST)
    await desk.until_round(call)
    await desk.until_round(call)
    assert len([text for text in call.log.said if NEXT in text]) == 2
    assert carried.cancel() is not None


@in_both_voices
async def test_nobody_is_put_on_hold_where_nobody_serves(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), accepts())
    await desk.presence("claire", Presence.PAUSE)
    call = await desk.call(CATHERINE, person(AGENT))
    assert not call.log.of(Kind.HOLD)
    tables = await aftermath.check(desk)
    (request,) = tables.requests
    assert (request.kind, request.state) == ("callback", "waiting")


@in_both_voices
async def test_when_the_last_agent_leaves_those_who_hold_are_called_back_at_their_place(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    call, carried = desk.ring(CATHERINE, person(AGENT))
    await desk.until_said(call, NEXT)
    async with desk.services.database.begin() as unit:
        known = await unit.agents.get(agent("claire", CLAIRE).id)
        await unit.agents.change(known.id, known.presence, Presence.AWAY, desk.clock.now())
    await desk.until_round(call)
    assert not carried.done()
    await desk.move(timedelta(seconds=31))
    await carried
    await desk.settled()
    assert any("Aucun agent n'est plus là" in text for text in call.log.said)
    tables = await aftermath.check(desk)
    (request,) = tables.requests
    assert (request.kind, request.state, request.held_since) == ("callback", "waiting", request.opened_at)


async def test_who_finds_the_queue_full_holds_in_the_other_one(desk: World) -> None:
    for name, phone, skill in (("claire", CLAIRE, "accueil"), ("lea", LEA, "accueil"), ("bruno", BRUNO, "etat_civil")):
        await desk.hire(agent(name, phone, skill), FOR_EVER)
    first, _one = desk.ring(AHMED, person(AGENT))
    await desk.until(first, lambda event: event.kind is Kind.HOLD)
    second, _two = desk.ring(CATHERINE, person(AGENT))
    await desk.until(second, lambda event: event.kind is Kind.HOLD)
    async with desk.services.database.read() as unit:
        contacts = [await unit.contacts.by_carrier_id(Channel.VOICE, CallSid(call.sid)) for call in (first, second)]
    queues = [contact.file["decision"]["queue"] for contact in contacts if contact is not None]
    assert queues == ["accueil", "etat_civil"]
    told = contacts[1].file["decision"]["because"] if contacts[1] is not None else []
    assert any("1 personne attend déjà en ligne" in why["fr"] for why in told)


@in_both_voices
async def test_who_has_held_for_five_minutes_is_served_by_the_other_queue_too(desk: World) -> None:
    await desk.hire(agent("claire", CLAIRE, "accueil"), FOR_EVER)
    await desk.hire(agent("bruno", BRUNO, "etat_civil"), accepts())
    call, carried = desk.ring(CATHERINE, person(AGENT))
    await desk.until_said(call, NEXT)
    await desk.move(timedelta(minutes=5))
    async with desk.services.database.begin() as unit:
        await unit.agents.change(agent("claire", CLAIRE).id, Presence.AWAY, Presence.AVAILABLE, desk.clock.now())
    await desk.move(timedelta(minutes=1))
    await desk.until_said(call, "Je cherche aussi un agent dans un autre service.")
    for _ in range(6):
        await desk.move(timedelta(seconds=20))
    await carried
    await desk.settled()
    tables = await aftermath.check(desk)
    (request,) = tables.requests
    assert (request.state, request.queue, request.agent) == ("done", "etat_civil", "agent_bruno")
