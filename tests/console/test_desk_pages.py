"""The desk and its cases as a browser without scripts sees them, on the whole gateway."""

import json
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiohttp
import sqlalchemy as sa

from guichet.callbacks.request import Request
from guichet.carrier.events import RecordingSid
from guichet.carrier.simulator.parties import Answers, HangUp, Press
from guichet.console.audit import Look
from guichet.console.role import Role
from guichet.core.ids import AgentId, CallSid
from guichet.core.language import Language
from guichet.ivr.recording import Recording
from guichet.routing.agent import Presence
from tests.console.browsing import Visitor, signed_in
from tests.console.cases import called, requests, serving, written
from tests.console.units import account
from tests.journeys.people import CATHERINE, accepts
from tests.journeys.world import World

CLAIRE = AgentId("agent_claire")
PARIS = ZoneInfo("Europe/Paris")


def case(request: Request, rest: str = "") -> str:
    return f"/console/cases/{request.id}{rest}"


async def presence_of(world: World, name: str = "claire") -> Presence:
    async with world.services.database.read() as unit:
        return (await unit.agents.get(AgentId(f"agent_{name}"))).presence


async def done(world: World) -> set[str]:
    async with world.services.database.read() as unit:
        return {entry.action for entry in await unit.audit.find(Look(limit=200))}


async def answer(claire: Visitor, request: Request, body: str) -> str:
    """Write to the person of a case through its form; return the key that the form had."""
    page = await claire.go(case(request))
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key
    await claire.go(case(request, "/answer"), {"do": "send", "body": body, "key": key[1]})
    return key[1]


async def test_an_empty_installation_says_what_to_do_next(world: World) -> None:
    loose = await signed_in(world, account("paul"))
    page = await loose.go("/console/")
    assert page.url == "/console/desk"
    assert "guichet agents password paul --agent ID" in page.words
    claire = await serving(world)
    page = await claire.go("/console/desk")
    assert "Personne n’attend." in page.words
    assert "guichet text --from" in page.words


async def test_an_agent_says_that_they_are_available_on_a_break_or_away(world: World) -> None:
    claire = await serving(world)
    await claire.go("/console/desk")
    for said, after in (("available", "available"), ("pause", "pause"), ("away", "away")):
        page = await claire.go("/console/desk/presence", {"presence": said, "reason": "Repas"})
        assert page.status == 200
        assert (await presence_of(world)).value == after
    assert (await claire.go("/console/desk/presence", {"presence": "busy"})).status == 400


async def test_a_text_is_taken_and_answered_from_a_template(any_world: World) -> None:
    world = any_world
    await written(world)
    claire = await serving(world)
    await claire.go("/console/desk")
    page = await claire.go("/console/desk/next", {})
    (request,) = await requests(world)
    assert page.url == case(request)
    page = await claire.go(case(request, "/answer"), {"do": "template", "template": "pret", "body": ""})
    body = (
        f"Demande {request.reference} : le document est disponible à l'accueil de la mairie, avec une pièce d'identité."
    )
    assert body.replace("'", "&#39;") in page.text
    assert "1 SMS" in page.words
    key = await answer(claire, request, body)
    await claire.go(case(request, "/answer"), {"do": "send", "body": body, "key": key})
    await world.settled()
    tables = await world.tables()
    assert [text.body for text in tables.sent].count(body) == 1
    (request,) = await requests(world)
    assert request.state.value == "done"
    page = await claire.go(case(request))
    assert "Répondu" in page.words
    assert {"case.seen", "case.taken", "case.answered"} <= await done(world)


async def test_a_question_waits_for_its_answer(world: World) -> None:
    await written(world)
    claire = await serving(world)
    await claire.go("/console/desk")
    await claire.go("/console/desk/next", {})
    (request,) = await requests(world)
    page = await claire.go(case(request, "/answer"), {"do": "ask", "body": "Quel est votre nom ?", "key": "k"})
    assert "Le dossier attend la réponse." in page.words
    (request,) = await requests(world)
    assert (request.state.value, request.agent) == ("waiting", None)


async def test_two_agents_cannot_have_one_case_and_the_second_is_told_who_has_it(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    claire, bruno = await serving(world), await serving(world, "bruno")
    await claire.go(case(request, "/take"), {})
    page = await bruno.go(case(request, "/take"), {})
    assert "Quelqu’un d’autre a pris ce dossier avant vous." in page.words
    assert "Claire s’en occupe depuis" in page.words
    assert await presence_of(world, "bruno") is Presence.AWAY
    for rest, form in (
        ("/release", {}),
        ("/call", {}),
        ("/answer", {"do": "send", "body": "Bonjour", "key": "k"}),
        ("/outcome", {"outcome": "answered"}),
    ):
        assert (await bruno.go(case(request, rest), form)).status == 409, rest
    assert (await bruno.go(case(request, "/note"), {"note": "Vu"})).status == 200
    (after,) = await requests(world)
    assert after.agent == CLAIRE


async def test_a_case_is_called_back_from_ring_to_outcome(any_world: World) -> None:
    world = any_world
    await called(world)
    await world.move(timedelta(minutes=2))
    world.simulator.party(CATHERINE, Answers([Press("1"), HangUp(40.0)], ring=4))
    claire = await serving(world, party=accepts(), presence="available")
    (request,) = await requests(world)
    page = await claire.go(case(request, "/call"), {})
    assert page.status == 200
    await world.settled()
    await world.move(timedelta(seconds=10))
    (request,) = await requests(world)
    assert request.state.value == "done"
    assert await presence_of(world) is Presence.WRAP_UP
    page = await claire.go("/console/desk")
    assert f"Ouvrir {request.reference}" in page.words
    tomorrow = (world.clock.now() + timedelta(days=1)).date().isoformat()
    form = {"outcome": "forwarded", "next_step": "Envoyer l’acte", "follow_up": tomorrow}
    page = await claire.go(case(request, "/outcome"), form)
    assert page.status == 200
    assert await presence_of(world) is Presence.AVAILABLE
    world.clock.move(timedelta(days=1))
    claire = await signed_in(world, account("claire"))
    page = await claire.go("/console/desk")
    assert "Envoyer l’acte" in page.words
    settle = re.search(r"/console(/outcomes/out_[0-9a-z]+/settle)", page.text)
    assert settle
    page = await claire.go(f"/console{settle[1]}", {})
    assert "Envoyer l’acte" not in page.words


async def test_a_case_put_off_waits_again_from_its_day_on(world: World) -> None:
    await called(world)
    await world.move(timedelta(minutes=2))
    claire = await serving(world, presence="available")
    (request,) = await requests(world)
    await claire.go(case(request, "/take"), {})
    assert (await claire.go(case(request, "/outcome"), {"outcome": "later"})).status == 400
    assert (await claire.go(case(request, "/outcome"), {"outcome": "later", "follow_up": "2026-03-02"})).status == 400
    await claire.go(case(request, "/outcome"), {"outcome": "later", "follow_up": "2026-03-05"})
    (request,) = await requests(world)
    assert (request.state.value, str(request.not_before)) == ("waiting", "2026-03-05 07:00:00+00:00")
    assert await presence_of(world) is Presence.AVAILABLE


async def test_a_case_is_given_back_to_its_place(world: World) -> None:
    await written(world)
    (before,) = await requests(world)
    claire = await serving(world)
    await claire.go(case(before, "/take"), {})
    await claire.go(case(before, "/release"), {})
    (after,) = await requests(world)
    assert (after.state, after.agent, after.target_at) == (before.state, None, before.target_at)


async def test_nothing_typed_is_lost(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    claire = await serving(world)
    await claire.go(case(request))
    claire.headers["Accept"] = "application/json"
    page = await claire.ask("POST", case(request, "/draft"), {"note": "Rappeler <demain>", "body": "Reçu"})
    assert json.loads(page.text) == {
        "count": "1 SMS, encore 66 caractères. Environ 0,0725 EUR.",
        "dear": "Ces caractères rendent le message plus cher : ç",
        "saved": "Brouillon gardé.",
    }
    del claire.headers["Accept"]
    page = await claire.go(case(request))
    assert "Rappeler &lt;demain&gt;</textarea>" in page.text
    assert ">Reçu</textarea>" in page.text
    await claire.go(case(request, "/note"), {"note": "Rappeler <demain>"})
    page = await claire.go(case(request))
    assert "Rappeler &lt;demain&gt;</textarea>" not in page.text
    assert "Rappeler &lt;demain&gt;" in page.text
    assert ">Reçu</textarea>" in page.text


async def test_a_supervisor_is_called_for_help_and_looks_after_it(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    claire = await serving(world)
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    for _ in range(2):
        page = await claire.go(case(request, "/flag"), {"kind": "help"})
    assert page.words.count("Un superviseur est appelé") == 1
    page = await sam.go("/console/desk")
    assert "Claire demande de l’aide" in page.words
    settle = re.search(r"/console(/flags/help_[0-9a-z]+/settle)", page.text)
    assert settle
    page = await sam.go(f"/console{settle[1]}", {})
    assert "demande de l’aide" not in page.words
    assert "help.called" in await done(world)


async def test_a_wrong_match_is_put_right_from_the_case(world: World) -> None:
    await called(world)
    (request,) = await requests(world)
    claire = await serving(world)
    page = await claire.go(case(request))
    assert "Peut-être Catherine Martin" in page.words
    assert "le numéro appelant est sur la fiche" in page.words
    right = re.search(r'<option value="(cit_[^"]+)">Catherine Martin', page.text)
    contact = re.search(r'name="contact" value="([^"]+)"', page.text)
    assert right
    assert contact
    page = await claire.go(case(request, "/wrong-person"), {"contact": contact[1], "right": right[1]})
    assert page.status == 200
    assert "Catherine Martin – Actes" in page.words
    page = await claire.go(page.url.split("?")[0] + "/wrong-person", {"contact": contact[1], "right": ""})
    assert "Personne non identifiée – Actes" in page.words


async def test_words_that_were_heard_with_little_certainty_are_marked(world: World) -> None:
    await called(world)
    (request,) = await requests(world)
    claire = await serving(world)
    page = await claire.go(case(request))
    assert "<mark" not in page.text
    async with world.services.database.begin() as unit:
        await unit.connection.execute(sa.text("UPDATE transcript_lines SET words = replace(words, '1.0', '0.4')"))
        await unit.connection.execute(sa.text("UPDATE transcript_lines SET words = replace(words, '0.9', '0.4')"))
    page = await claire.go(case(request))
    assert "<mark" in page.text


async def test_the_desk_follows_by_itself(any_world: World) -> None:
    world = any_world
    claire = await serving(world)
    cookie = "; ".join(f"{name}={value}" for name, value in claire.cookies.items())
    async with world.http.get(f"{world.base}/console/desk/live", headers={"Cookie": cookie}) as stream:
        assert stream.headers["Content-Type"] == "text/event-stream"
        assert stream.headers["Cache-Control"] == "no-store"
        assert "Personne n’attend" in await next_state(stream.content)
        await written(world)
        assert "SMS" in await next_state(stream.content)


async def test_a_case_stays_in_the_hands_of_who_works_on_it_and_not_for_ever(world: World) -> None:
    await written(world)
    (request,) = await requests(world)
    claire = await serving(world)
    await claire.go(case(request, "/take"), {})
    for _ in range(3):
        await world.move(timedelta(minutes=20))
        await claire.ask("POST", case(request, "/draft"), {})
        (request,) = await requests(world)
        assert request.agent == CLAIRE
    page = await (await serving(world, "bruno")).go(case(request))
    taken = (world.clock.now() - timedelta(hours=1)).astimezone(PARIS)
    assert f"Claire s’en occupe depuis {taken:%H:%M} (le traite)" in page.words
    await world.move(timedelta(minutes=31))
    (request,) = await requests(world)
    assert (request.state.value, request.agent) == ("waiting", None)


async def test_a_match_is_not_put_right_in_the_hands_of_another(world: World) -> None:
    await called(world)
    await world.move(timedelta(minutes=2))
    (request,) = await requests(world)
    claire, bruno = await serving(world), await serving(world, "bruno")
    await claire.go(case(request, "/take"), {})
    page = await bruno.go(case(request))
    contact = re.search(r'name="contact" value="([^"]+)"', page.text)
    assert contact
    page = await bruno.go(case(request, "/wrong-person"), {"contact": contact[1], "right": ""})
    assert page.status == 409


async def test_a_stream_tells_nothing_twice_and_leaves_nobody_looking(world: World) -> None:
    claire = await serving(world)
    cookie = "; ".join(f"{name}={value}" for name, value in claire.cookies.items())
    address, headers = f"{world.base}/console/desk/live", {"Cookie": cookie}
    async with world.http.get(address, headers=headers) as stream:
        known = await last_id(stream.content)
    async with world.http.get(address, headers={**headers, "Last-Event-ID": known}) as stream:
        await written(world)
        assert await last_id(stream.content) != known


async def last_id(stream: aiohttp.StreamReader) -> str:
    """Return what the next event is known by."""
    while line := await stream.readline():
        if line.startswith(b"id: "):
            return line[4:].strip().decode()
    raise AssertionError("the stream has ended")


async def test_who_is_signed_out_follows_no_more(world: World) -> None:
    claire = await serving(world)
    cookie = "; ".join(f"{name}={value}" for name, value in claire.cookies.items())
    async with world.http.get(f"{world.base}/console/desk/live", headers={"Cookie": cookie}) as stream:
        await next_state(stream.content)
        await claire.go("/console/sign-out", {})
        assert await next_state(stream.content) == "/console/sign-in"
        assert await stream.content.read() == b"\n"


async def test_a_case_follows_with_its_words_and_what_can_be_done(any_world: World) -> None:
    world = any_world
    await written(world)
    (request,) = await requests(world)
    claire = await serving(world)
    cookie = "; ".join(f"{name}={value}" for name, value in claire.cookies.items())
    async with world.http.get(f"{world.base}{case(request, '/live')}", headers={"Cookie": cookie}) as stream:
        first = await next_state(stream.content)
        assert 'value="send" disabled' in first
        await claire.go(case(request, "/take"), {})
        assert 'value="send" disabled' not in await next_state(stream.content)
        await world.text(request.number.e164 if request.number else "", "avez-vous reçu mon message ?")
        assert "avez-vous reçu mon message" in await next_state(stream.content)


async def test_a_message_that_is_kept_is_listened_to_and_that_is_noted(world: World) -> None:
    await called(world)
    (request,) = await requests(world)
    claire = await serving(world)
    folder = world.services.settings.data_dir / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "RE1.wav").write_bytes(b"RIFF0000WAVE")
    now = world.clock.now()
    kept = Recording(
        RecordingSid("RE1"), request.contact, CallSid("CA1"), 1, Language.FR, now, kept_until=now + timedelta(days=2)
    )
    async with world.services.database.begin() as unit:
        await unit.recordings.add(kept)
    page = await claire.go(case(request))
    assert "/console/recordings/RE1" in page.text
    assert "Chaque écoute est notée au journal" in page.words
    page = await claire.ask("GET", "/console/recordings/RE1")
    assert (page.status, page.headers["Content-Type"], page.text) == (200, "audio/wav", "RIFF0000WAVE")
    assert page.headers["Cache-Control"] == "no-store"
    assert "recording.heard" in await done(world)
    await world.move(timedelta(days=2))
    claire = await signed_in(world, account("claire"))
    assert (await claire.ask("GET", "/console/recordings/RE1")).status == 404
    assert "recordings/RE1" not in (await claire.go(case(request))).text


async def next_state(stream: aiohttp.StreamReader) -> str:
    """Return the next region that a stream sends."""
    while True:
        line = await stream.readline()
        assert line
        if line.startswith(b"data: "):
            return str(json.loads(line[6:]))
