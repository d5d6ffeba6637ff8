"""The intent book in force is followed, learned beside the one that serves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from guichet.core.clock import ManualClock
from guichet.core.errors import Unavailable
from guichet.core.language import Bilingual
from guichet.gateway.intents_in_force import IntentsInForce
from guichet.gateway.rules_in_force import RulesInForce
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.memory_rule_version_store import MemoryRuleVersionStore
from guichet.routing.memory_urgent_store import MemoryUrgentStore
from guichet.routing.publishing import Signed, intent_publishing
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_version import RuleVersion
from tests.routing.books import OPEN, book_with

SIGNED = Signed("Awa", "pour voir")
FIRST = """
matieres:
  cantine:
    titre: {fr: La cantine, en: School meals}
    exemples: {fr: [le menu de la cantine, payer la cantine, la cantine du mercredi]}
  voirie:
    titre: {fr: La rue, en: The street}
    exemples: {fr: [un trou dans la route, un lampadaire cassé, la rue est abîmée]}
hors_sujet: [quelle heure est-il, quel temps demain]
"""
SECOND = FIRST.replace("payer la cantine", "payer la cantine, le petit mange plus le mardi, il mange plus le jeudi")
THIRD = SECOND.replace("  voirie:", "  piscine:").replace("fr: La rue, en: The street", "fr: La piscine, en: The pool")
TEXT = "le petit mange plus le jeudi"


@dataclass
class Unit:
    """The versions."""

    intent_versions: MemoryRuleVersionStore = field(default_factory=MemoryRuleVersionStore)
    rule_versions: MemoryRuleVersionStore = field(default_factory=MemoryRuleVersionStore)
    urgent_messages: MemoryUrgentStore = field(default_factory=MemoryUrgentStore)


class Office:
    """One store, a clock, and a process that follows."""

    def __init__(self, folder: Path, learned: Callable[[IntentBook], None] = lambda _: None) -> None:
        self.clock = ManualClock(OPEN)
        self.unit = Unit()
        self.is_away = False
        self.publishing = intent_publishing(self.begin, self.clock)
        self.intents = IntentsInForce(IntentBook.parse(FIRST), self.begin, self.clock, folder, learned)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """Open a transaction, if there is a database."""
        if self.is_away:
            raise Unavailable("away")
        yield self.unit

    async def publish(self, text: str) -> RuleVersion:
        """Publish a minute later."""
        self.clock.move(timedelta(minutes=1))
        return await self.publishing.publish(text, SIGNED)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def test_what_is_published_is_understood_and_what_is_rolled_back_is_not(office: Office) -> None:
    await office.publishing.ensure_first(FIRST, SIGNED)
    assert not await office.intents.refresh()
    assert office.intents.match([TEXT]).intent is None
    await office.publish(SECOND)
    assert await office.intents.refresh()
    assert office.intents.match([TEXT]).intent == "cantine"
    office.clock.move(timedelta(minutes=1))
    await office.publishing.rollback(SIGNED)
    assert await office.intents.refresh()
    assert office.intents.match([TEXT]).intent is None
    assert not await office.intents.refresh()


async def test_the_one_in_force_serves_while_the_new_one_is_learned(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.intents.train()
    before = office.intents.matcher
    loop, learning, go_on = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    train = IntentMatcher.train

    def slowly(book: IntentBook, encoder: None = None) -> IntentMatcher:
        loop.call_soon_threadsafe(learning.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        return train(book, encoder)

    monkeypatch.setattr(IntentMatcher, "train", slowly)
    await office.publish(SECOND)
    refreshing = asyncio.create_task(office.intents.refresh())
    await learning.wait()
    assert office.intents.matcher is before
    assert office.intents.match([TEXT]).intent is None
    assert office.intents.book.version == IntentBook.parse(FIRST).version
    go_on.set()
    assert await refreshing
    assert office.intents.match([TEXT]).intent == "cantine"


async def test_titles_and_matters_follow_too(office: Office) -> None:
    await office.publish(THIRD)
    await office.intents.refresh(train=False)
    assert office.intents.title("piscine") == Bilingual("La piscine", "The pool")
    assert office.intents.title("voirie") == Bilingual("voirie", "voirie")
    assert office.intents.own_matters()["piscine"] == Bilingual("La piscine", "The pool")
    assert office.intents.match(["un trou dans la route"]).intent == "piscine"


async def test_the_rule_book_knows_the_answers_of_the_new_book(tmp_path: Path) -> None:
    unit = Unit()

    @asynccontextmanager
    async def read() -> AsyncIterator[Unit]:
        yield unit

    rules = RulesInForce(RuleBook.parse(book_with("")), read, ManualClock(OPEN), IntentBook.parse(FIRST))
    office = Office(tmp_path, rules.learn)
    answered = FIRST.replace("en: School meals}", "en: School meals}\n    reponse: {fr: À midi, en: At noon}")
    assert rules.book().matter("cantine").answer is None
    await office.publish(answered)
    await office.intents.refresh(train=False)
    assert rules.book().matter("cantine").answer == Bilingual("À midi", "At noon")


async def test_a_text_that_cannot_be_used_any_more_leaves_the_last_book_in_force(office: Office) -> None:
    version = RuleVersion(1, "of-another-release", "Awa", "why", OPEN, OPEN)
    await office.unit.intent_versions.add(version, "matieres: 3")
    assert not await office.intents.refresh()
    assert office.intents.match(["le menu de la cantine"]).intent == "cantine"


async def test_an_away_database_leaves_the_last_book_in_force(office: Office) -> None:
    office.is_away = True
    with pytest.raises(Unavailable):
        await office.intents.refresh()
    assert office.intents.match(["le menu de la cantine"]).intent == "cantine"
