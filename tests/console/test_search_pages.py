import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from guichet.carrier.simulator.parties import Answers
from guichet.console.audit import Look
from guichet.console.role import Role
from guichet.console.said_tables import said
from guichet.console.said_web import marked
from guichet.sms.tables import messages
from guichet.transcripts.tables import transcript_lines
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.people import AHMED, CATHERINE, keys, person, says
from tests.journeys.world import World

SEARCH = "/console/search"


def birth() -> Answers:
    return person(
        ("Dites en une phrase", says("je voudrais un acte de naissance pour mon frère à Bègles")),
        ("date de naissance", keys("03031985")),
    )


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    await any_world.call(CATHERINE, birth())
    await any_world.text(AHMED, "mon badge de cantine ne marche plus, ma sœur l'a perdu")
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def test_words_are_found_whatever_their_accents_case_and_ligatures(sam: Visitor) -> None:
    for words in ("frere", "FRÈRE", "acte naissance", "naiss"):
        page = await sam.go(f"{SEARCH}?q={words}")
        assert "mon <mark>" in page.text or "<mark>acte</mark>" in page.text or "<mark>naissance</mark>" in page.text
    for words in ("soeur", "sœur"):
        assert "<mark>sœur</mark>" in (await sam.go(f"{SEARCH}?q={words}")).text
    assert "Rien n’a été trouvé" in (await sam.go(f"{SEARCH}?q=frere cantine")).words
    assert "Rien n’a été trouvé" in (await sam.go(f'{SEARCH}?q="*) OR folded:')).words


async def test_what_is_found_is_narrowed_by_matter_channel_outcome_day_and_person(
    any_world: World, sam: Visitor
) -> None:
    day = any_world.clock.now().date()

    async def has(query: str) -> tuple[bool, bool]:
        page = await sam.go(f"{SEARCH}?{query}")
        assert page.status == 200
        return "frère" in page.words, "badge" in page.words

    assert await has("intent=etat_civil_acte") == (True, False)
    assert await has("channel=sms") == (False, True)
    assert await has("outcome=callback") == (True, True)
    assert await has(f"from={day}&to={day}") == (True, True)
    assert await has(f"from={day + timedelta(days=1)}") == (False, False)
    assert await has(f"who={CATHERINE.replace('+', '%2B')}") == (True, False)
    (citizen,) = {one.citizen for one in (await any_world.tables()).contacts if one.channel == "voice"}
    assert await has(f"who={citizen}&q=acte") == (True, False)
    (request,) = [one for one in (await any_world.tables()).requests if one.citizen == citizen]
    assert await has(f"who={request.reference}") == (True, False)
    assert await has(f"who={request.reference.lower().replace('-', '')}&channel=sms") == (False, False)


async def test_a_person_is_found_by_name_and_chosen_among_those_it_may_be(any_world: World, sam: Visitor) -> None:
    (citizen,) = {one.citizen for one in (await any_world.tables()).contacts if one.channel == "voice"}
    async with any_world.services.database.read() as unit:
        catherine = await unit.citizens.get(citizen)
    assert catherine is not None
    page = await sam.go(f"{SEARCH}?who={catherine.full_name}&channel=voice")
    assert "frère" not in page.words
    link = re.search(rf'href="({SEARCH}\?who={citizen}[^"]*)">{catherine.full_name}</a>', page.text)
    assert link
    page = await sam.go(link[1].replace("&amp;", "&"))
    assert f"Ce qui a été dit et écrit avec {catherine.full_name}" in page.words
    assert "frère" in page.words
    assert "Appel" in page.words
    assert "frère" in (await sam.go(f"{SEARCH}?who={catherine.external_id}")).words
    async with any_world.services.database.read() as unit:
        noted = await unit.audit.find(Look(action="citizens.looked_for"))
    assert all(citizen in one.detail["citizens"] for one in noted)
    assert catherine.family_name not in str(noted)
    for nobody in ("Zorglub Xyxyx", "K7-4QX9", "999999", "A12345678"):
        page = await sam.go(f"{SEARCH}?who={nobody}")
        assert page.status == 200
        assert "Personne n’a été trouvé" in page.words or "Rien n’a été trouvé" in page.words, nobody


async def test_each_search_and_reading_is_in_the_trail_without_its_words(any_world: World, sam: Visitor) -> None:
    page = await sam.go(f"{SEARCH}?q=frere")
    link = re.search(r'href="(/console/contacts/con_\w+)"', page.text)
    assert link
    page = await sam.go(link[1])
    assert "pour mon frère" in page.words
    assert "Acte" in page.words
    async with any_world.services.database.read() as unit:
        searched = await unit.audit.find(Look(action="transcripts.searched"))
        seen = await unit.audit.find(Look(action="contact.seen"))
    assert [one.detail for one in searched] == [{"by": ["words"], "found": 1}]
    assert [one.subject for one in seen] == [f"contact:{link[1].rpartition('/')[2]}"]


async def test_what_is_changed_or_erased_is_so_in_the_index_at_once(any_world: World, sam: Visitor) -> None:
    async with any_world.services.database.begin() as unit:
        await unit.connection.execute(sa.update(messages).values(body="effacé"))
        await unit.connection.execute(sa.update(transcript_lines).values(text="rien"))
    assert "Rien n’a été trouvé" in (await sam.go(f"{SEARCH}?q=cantine")).words
    assert "effacé" in (await sam.go(f"{SEARCH}?q=efface")).words
    async with any_world.services.database.begin() as unit:
        await unit.connection.execute(sa.delete(messages))
        await unit.connection.execute(sa.delete(transcript_lines))
        assert (await unit.connection.execute(sa.select(sa.func.count()).select_from(said))).scalar_one() == 0
    assert "Rien n’a été trouvé" in (await sam.go(f"{SEARCH}?q=efface")).words


async def test_the_older_ones_follow_page_by_page(any_world: World, sam: Visitor) -> None:
    async with any_world.services.database.begin() as unit:
        row = (await unit.connection.execute(sa.select(transcript_lines).limit(1))).mappings().one()
        for turn in range(100, 160):
            line = {**row, "turn": turn, "text": f"encore la ligne {turn}"}
            await unit.connection.execute(transcript_lines.insert().values(line))
    page = await sam.go(f"{SEARCH}?q=encore")
    assert "ligne 159" in page.words
    assert "ligne 109" not in page.words
    more = re.search(r'href="(/console/search\?[^"]*before=\d+)"', page.text)
    assert more
    assert "ligne 109" in (await sam.go(more[1].replace("&amp;", "&"))).words


async def test_an_agent_and_an_auditor_do_not_read_what_citizens_said(any_world: World) -> None:
    for role in (Role.AGENT, Role.AUDITOR, Role.ADMINISTRATOR):
        other = await signed_in(any_world, account(role.value, role=role))
        assert (await other.go(f"{SEARCH}?q=acte")).status == 403


def test_words_are_marked_and_the_rest_is_escaped() -> None:
    assert marked("l'été <b> chaud", ("ete",)) == "<mark>l&#39;été</mark> &lt;b&gt; chaud"
    assert marked("rien", ()) == "rien"
