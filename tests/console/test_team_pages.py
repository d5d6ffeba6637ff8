import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from guichet.console.account_sql_store import SqlAccountStore
from guichet.console.audit import Entry, Look
from guichet.console.role import Role
from guichet.console.team import MemoryTeamStore, Note, Shift, TeamStore
from guichet.console.team_sql_store import SqlTeamStore
from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.routing.agent import Agent, Level, Presence
from tests.conftest import BACKENDS, Engines
from tests.console.browsing import employed, signed_in
from tests.console.units import NOON, account
from tests.journeys.people import CLAIRE, accepts, agent
from tests.journeys.world import World

AWA, PAUL = account("awa"), account("paul")
HOUR = timedelta(hours=1)


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[TeamStore]:
    if request.param == "memory":
        yield MemoryTeamStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        for one in (AWA, PAUL):
            await SqlAccountStore(connection).add(one)
        yield SqlTeamStore(connection)


async def test_notes_are_kept_read_once_and_each_for_their_own(store: TeamStore) -> None:
    first = Note("note_1", AWA.id, "Sam", NOON, "bravo")
    second = Note("note_2", AWA.id, "Sam", NOON + HOUR, "plus lentement")
    for note in (first, second, Note("note_3", PAUL.id, "Sam", NOON, "bonjour")):
        await store.add_note(note)
    assert list(await store.notes_of(AWA.id)) == [second, first]
    assert (await store.unread(AWA.id), await store.unread(PAUL.id)) == (2, 1)
    await store.mark_read(AWA.id, NOON + 2 * HOUR)
    await store.mark_read(AWA.id, NOON + 3 * HOUR)
    assert {note.read_at for note in await store.notes_of(AWA.id)} == {NOON + 2 * HOUR}
    assert (await store.unread(AWA.id), await store.unread(PAUL.id)) == (0, 1)


async def test_planned_presence_is_found_where_it_touches_a_stretch_of_time(store: TeamStore) -> None:
    morning = Shift("shift_1", AWA.id, NOON, NOON + 4 * HOUR)
    later = Shift("shift_2", PAUL.id, NOON + 4 * HOUR, NOON + 8 * HOUR)
    for shift in (later, morning):
        await store.plan(shift)
    assert list(await store.shifts(NOON + HOUR, NOON + 5 * HOUR)) == [morning, later]
    assert list(await store.shifts(NOON + 4 * HOUR, NOON + 5 * HOUR)) == [later]
    await store.unplan("shift_1")
    assert list(await store.shifts(NOON, NOON + 24 * HOUR)) == [later]
    with pytest.raises(BadInput):
        Shift("shift_3", AWA.id, NOON, NOON)


async def test_an_agent_reads_what_a_supervisor_wrote_and_the_supervisor_sees_it_was_read(any_world: World) -> None:
    world = any_world
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    awa = await signed_in(world, AWA)
    page = await sam.go(f"/console/team/{AWA.id}")
    assert "Aucun conseil." in page.words
    page = await sam.go(f"/console/team/{AWA.id}/notes", {"text": "Laissez les gens finir leur phrase."})
    assert "Le conseil est envoyé." in page.words
    assert "pas encore lu" in page.words
    page = await awa.go("/console/coaching")
    assert "Laissez les gens finir leur phrase." in page.words
    assert "nouveau" in page.words
    assert "nouveau" not in (await awa.go("/console/coaching")).words
    assert "pas encore lu" not in (await sam.go(f"/console/team/{AWA.id}")).words
    paul = await signed_in(world, PAUL)
    assert "Aucun conseil." in (await paul.go("/console/coaching")).words
    assert (await awa.go(f"/console/team/{PAUL.id}")).status == 403


async def test_presence_is_planned_shown_and_taken_away(any_world: World) -> None:
    world = any_world
    await employed(world, AWA)
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    day = world.clock.now().date() + timedelta(days=1)
    times = {"starts": f"{day}T09:00", "ends": f"{day}T12:30"}
    page = await sam.go(f"/console/team/{AWA.id}/shifts", times)
    assert "La présence est prévue." in page.words
    assert "09:00" in (await sam.go("/console/team")).words
    shift = re.search(r'value="(shift_\w+)"', page.text)
    assert shift
    page = await sam.go(f"/console/team/{AWA.id}/shifts", {"forget": shift[1]})
    assert "Rien n’est prévu" in page.words
    page = await sam.go(f"/console/team/{AWA.id}/shifts", {**times, "ends": f"{day}T08:00"})
    assert (page.status, "Une présence finit après son début" in page.words) == (400, True)
    assert (await sam.go(f"/console/team/{AWA.id}/shifts", {"starts": "demain", "ends": ""})).status == 400


async def test_an_administrator_makes_and_shuts_accounts_but_not_their_own(any_world: World) -> None:
    world = any_world
    await world.hire(agent("claire", CLAIRE), accepts())
    root = await signed_in(world, account("root", role=Role.ADMINISTRATOR))
    page = await root.go("/console/team")
    assert "Agents sans compte" in page.words
    new = {"login": "Claire", "name": "Claire Petit", "role": "agent", "agent": "agent_claire"}
    page = await root.go("/console/team/accounts", {**new, "password": "court"})
    assert (page.status, "Refusé" in page.words) == (400, True)
    page = await root.go("/console/team/accounts", {**new, "password": "trois chevaux dans la cour"})
    assert "Le compte est en place." in page.words
    assert "Agents sans compte" not in page.words
    page = await root.go("/console/team/accounts", {"login": "claire", "shut": "yes"})
    assert "fermé" in page.words
    assert (await root.go("/console/team/accounts", {"login": "root", "shut": "yes"})).status == 400
    assert (await root.go("/console/team/accounts", {"login": "ROOT", "role": "agent"})).status == 400
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    assert "Créer ou changer un compte" not in (await sam.go("/console/team")).words
    assert (await sam.go("/console/team/accounts", {"login": "sam", "role": "administrator"})).status == 403


async def test_an_agent_is_added_and_their_skills_levels_languages_and_telephone_are_changed(any_world: World) -> None:
    world = any_world
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    page = await sam.go("/console/team/new/agent")
    assert "Ajouter un agent" in page.words
    new = {"name": "Awa Diallo", "phone": "01 99 00 20 01", "language:fr": "yes", "skill:social": "3", "skill:sms": "2"}
    page = await sam.go("/console/team/new/agent", new)
    assert "L’agent est ajouté" in page.words
    (awa,) = await everybody(world)
    assert (awa.name, awa.phone.address) == ("Awa Diallo", "+33199002001")
    assert awa.languages == {Language.FR}
    assert awa.skills == {"social", "sms"}
    assert (awa.level("social"), awa.level("sms")) == (Level.MASTERS, Level.KNOWS)
    assert awa.presence is Presence.AWAY
    own = f"/console/team/agents/{awa.id}"
    assert '<option value="3" selected>' in (await sam.go(own)).text
    changes = {"name": "Awa D.", "phone": "sip:awa@mairie.example", "language:en": "yes", "skill:accueil": "1"}
    page = await sam.go(own, {**changes, "skill:social": ""})
    assert "C’est enregistré." in page.words
    (awa,) = await everybody(world)
    assert awa.skills == {"accueil"}
    assert awa.languages == {Language.EN}
    assert awa.level("accueil") is Level.BEGINS
    assert awa.phone.address == "sip:awa@mairie.example"
    for wrong in ({"phone": "12"}, {"skill:accueil": ""}, {"language:en": ""}, {"name": " "}, {"skill:magie": "2"}):
        page = await sam.go(own, {**changes, **wrong})
        assert (page.status, "Refusé" in page.words) == (400, True), wrong
    await sam.go("/console/team/new/agent", {**new, "name": "Paul"})
    page = await sam.go("/console/team/new/agent", {**new, "name": "Zoé"})
    assert (page.status, "Refusé" in page.words) == (400, True)
    assert (await sam.go("/console/team/agents/agent_none")).status == 404
    async with world.services.database.read() as unit:
        done = [one.action for one in await unit.audit.find(Look(action="agent."))]
    assert done == ["agent.added", "agent.changed", "agent.added"]
    assert (await (await signed_in(world)).go(own)).status == 403


async def everybody(world: World) -> tuple[Agent, ...]:
    async with world.services.database.read() as unit:
        return await unit.agents.all()


async def test_the_trail_is_read_by_who_what_and_when_page_by_page_and_exported(any_world: World) -> None:
    world = any_world
    eve = await signed_in(world, account("eve", role=Role.AUDITOR))
    sam = await signed_in(world, account("sam", role=Role.SUPERVISOR))
    assert "Rien n’est inscrit" in (await eve.go("/console/audit?action=rules.")).words
    await sam.go("/console/emergency")
    for _ in range(60):
        await sam.go("/console/search?q=acte")
    await sam.go("/console/emergency", {"fr": "Eau coupée.", "en": "No water.", "for": "60"})
    page = await eve.go("/console/audit?action=emergency.")
    assert "Sam a diffusé un message d’urgence emergency.put_up" in page.words
    assert "<code>transcripts.searched</code>" not in page.text
    page = await eve.go("/console/audit?action=transcripts.searched&actor=account:acc_sam")
    assert page.text.count("<code>transcripts.searched</code>") == 50
    more = re.search(r'href="(/console/audit\?[^"]*before=[^"]+)"', page.text)
    assert more
    assert (await eve.go(more[1].replace("&amp;", "&"))).text.count("<code>transcripts.searched</code>") == 10
    day = world.clock.now().date() + timedelta(days=1)
    assert "Rien n’est inscrit" in (await eve.go(f"/console/audit?from={day}&action=emergency.")).words
    page = await eve.go("/console/audit/csv?action=emergency.")
    assert [row["action"] for row in csv.DictReader(io.StringIO(page.text))] == ["emergency.put_up"]
    noted = {"note": "-1"}
    async with world.services.database.begin() as unit:
        await unit.audit.note(Entry(world.clock.now(), "@cmd", "rules.published", '=HYPERLINK("//x")', noted))
    page = await eve.go("/console/audit/csv?action=rules.published")
    (row,) = csv.DictReader(io.StringIO(page.text))
    assert (row["actor"], row["subject"], row["detail"]) == ("'@cmd", '\'=HYPERLINK("//x")', "note=-1")
    async with world.services.database.read() as unit:
        assert [one.detail for one in await unit.audit.find(Look(action="audit.exported"))] == 2 * [{"entries": 1}]
