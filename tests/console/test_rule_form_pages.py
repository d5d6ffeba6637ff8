"""The form of the rule book, in a browser without scripts."""

import html
import re

import pytest

from guichet.console.role import Role
from guichet.routing.hold_rules import HoldRules
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.rule_form_asks import Part
from tests.console.browsing import Page, Visitor, signed_in
from tests.console.units import account
from tests.journeys.world import World

FORM = "/console/rules/form"
FIELD = re.compile(
    r'<input id="[^"]*" name="(?P<a>[^"]*)" value="(?P<b>[^"]*)"'
    r'|<textarea id="[^"]*" name="(?P<c>[^"]*)"[^>]*>\n(?P<d>[^<]*)</textarea>'
)


def shown(page: Page) -> dict[str, str]:
    """Return what a browser would send back: every field with what is written there."""
    fields = {
        one["a"] or one["c"]: html.unescape(one["b"] if one["a"] else one["d"]) for one in FIELD.finditer(page.text)
    }
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', page.text):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[html.unescape(name)] = html.unescape(chosen[1]) if chosen else ""
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page.text)
    assert digest
    return {**fields, "digest": digest[1]}


async def draft_of(world: World) -> str:
    async with world.services.database.read() as unit:
        kept = await unit.rule_drafts.draft(account("sam").id)
    assert kept
    return kept.text


@pytest.fixture
async def sam(any_world: World) -> Visitor:
    return await signed_in(any_world, account("sam", role=Role.SUPERVISOR))


async def test_every_part_sent_as_it_was_shown_leaves_the_draft_as_it_was(any_world: World, sam: Visitor) -> None:
    for part in Part:
        page = await sam.go(f"{FORM}/{part.value}")
        assert page.status == 200
        page = await sam.go(f"{FORM}/{part.value}", shown(page))
        assert "Le brouillon est enregistré." in page.words
    assert await draft_of(any_world) == read_text()
    assert (await sam.go(f"{FORM}/nothing")).status == 404


async def test_hours_are_changed_in_the_form_and_published(any_world: World, sam: Visitor) -> None:
    given = shown(await sam.go(f"{FORM}/hours"))
    assert given["hours.0.0.ranges"] == "8:30-12:00, 13:30-17:30"
    page = await sam.go(f"{FORM}/hours", {**given, "hours.0.0.ranges": "8:30-12:30"})
    assert "→ du lundi au vendredi de 8 heures 30 à 12 heures 30" in page.words
    page = await sam.go("/console/rules/publish", {"note": "après-midi fermés"})
    assert "La version est publiée" in page.words
    await any_world.services.rules.refresh()
    assert [one.end for one in any_world.services.rules.book().hours["mairie"].week[0]] == [750]


async def test_how_people_hold_is_asked_and_published(any_world: World, sam: Visitor) -> None:
    page = await sam.go(f"{FORM}/queues")
    assert "Déborde dès ce nombre de personnes en ligne" in page.words
    given = {**shown(page), "queues.0.hold_sound": "False", "queues.0.overflow_to": "social"}
    page = await sam.go(f"{FORM}/queues", {**given, "queues.0.overflow_most": "5"})
    assert "→ silence" in page.words
    again = shown(await sam.go(f"{FORM}/queues"))
    assert (again["queues.0.hold_sound"], again["queues.0.overflow_to"]) == ("False", "social")
    await sam.go(f"{FORM}/queues", {**again, "queues.0.target": "1 h"})
    assert "La version est publiée" in (await sam.go("/console/rules/publish", {"note": "débordement"})).words
    await any_world.services.rules.refresh()
    queue = any_world.services.rules.book().queues["accueil"]
    assert (queue.hold, queue.target_minutes) == (HoldRules(music=False, to="social", most=5), 60)


async def test_errors_stand_at_their_field_with_what_was_typed(any_world: World, sam: Visitor) -> None:
    given = shown(await sam.go(f"{FORM}/lines"))
    page = await sam.go(f"{FORM}/lines", {**given, "lines.0.number": "12"})
    assert 'name="lines.0.number" value="12" autocomplete="off" aria-invalid="true"' in page.text
    assert "numéro de téléphone inexact" in page.words
    assert "Une erreur" in page.words
    page = await sam.go(f"{FORM}/queues")
    assert "Ailleurs dans le livre" in page.words
    page = await sam.go(f"{FORM}/lines", {**shown(await sam.go(f"{FORM}/lines")), "lines.0.number": "01 99 00 10 10"})
    assert "Aucune différence." in page.words
    assert RuleBook.parse(await draft_of(any_world))


async def test_a_draft_that_was_changed_in_another_window_is_shown_with_what_was_typed(sam: Visitor) -> None:
    given = shown(await sam.go(f"{FORM}/messages"))
    await sam.go("/console/rules/draft", {"text": read_text().replace("objectif: 4 h", "objectif: 3 h")})
    page = await sam.go(f"{FORM}/messages", {**given, "messages.closed_fr": "Fermé jusqu'à {ouverture}."})
    assert page.status == 409
    assert "Rien de ce que vous avez tapé n’est perdu" in page.words
    again = shown(page)
    assert again["messages.closed_fr"] == "Fermé jusqu'à {ouverture}."
    page = await sam.go(f"{FORM}/messages", again)
    assert "Fermé jusqu'à {ouverture}." in page.words


async def test_a_text_that_is_no_yaml_is_mended_as_text_first(sam: Visitor) -> None:
    await sam.go("/console/rules/draft", {"text": "horaires: [\n"})
    page = await sam.go(f"{FORM}/hours")
    assert "corrigez-le d’abord en texte" in page.words


async def test_rules_say_when_they_apply_and_who_only_watches_sees_no_form(any_world: World, sam: Visitor) -> None:
    page = await sam.go(f"{FORM}/rules")
    assert "Quand : la demande est « horaires_adresse »" in page.words
    eve = await signed_in(any_world, account("eve", role=Role.AUDITOR))
    assert (await eve.go(f"{FORM}/rules")).status == 403
