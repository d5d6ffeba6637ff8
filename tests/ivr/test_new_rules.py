"""Calls under a rule book that changes: a turn is finished under one version, the next one has the new one."""

from guichet.routing.rule_book import SAMPLE, RuleBook
from tests.conftest import Engines
from tests.ivr.world import World, world

TEXT = SAMPLE.read_text(encoding="utf-8")
OTHER = RuleBook.parse(
    TEXT.replace("en: Hello, this is the town hall", "en: Welcome to the town hall").replace(
        "si: {demande: horaires_adresse, veut_agent: non}", "si: {demande: aide_numerique}"
    )
)


async def decided(town: World, *, during: bool) -> tuple[str, str]:
    """Ask for the hours while another book comes into force, during the turn or before it: the version, the rule."""
    caller = town.caller()
    await caller.ring()
    if during:
        town.rules.next = OTHER
    else:
        town.rules.book = OTHER
    await caller.press("6")
    decision = (await town.contact(caller)).file["decision"]
    return decision["version"], decision["rule"]


async def test_a_turn_under_way_is_finished_under_the_version_it_began_with(engines: Engines) -> None:
    async with world(engines) as town:
        before = town.rules.book.version
        assert await decided(town, during=True) == (before, "Horaires et adresse")
        assert town.rules.book is OTHER


async def test_the_next_turn_of_a_call_is_decided_by_the_new_version(engines: Engines) -> None:
    async with world(engines) as town:
        assert await decided(town, during=False) == (OTHER.version, "défaut")


async def test_the_next_caller_hears_the_new_greeting_at_once(engines: Engines) -> None:
    async with world(engines) as town:
        first, second = town.caller(line="+442079460010"), town.caller(line="+442079460010")
        assert "Hello, this is the town hall" in await first.ring()
        town.rules.book = OTHER
        assert "Welcome to the town hall" in await second.ring()
