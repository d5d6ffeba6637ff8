from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.closing import closed_message, opening_told
from guichet.routing.decide import decide
from guichet.routing.decision import Outcome
from guichet.routing.hours import closure_at, is_open, next_opening
from guichet.routing.memory_urgent_store import MemoryUrgentStore
from guichet.routing.rule_book import RuleBook
from guichet.routing.sql_urgent_store import SqlUrgentStore
from guichet.routing.urgent import LONGEST, MOST_LETTERS, Urgent, as_one, heard_on
from guichet.routing.urgent_store import UrgentStore
from tests.conftest import BACKENDS, Engines
from tests.routing.books import BOOK, LINE, OPEN, book_with, facts, read

FLOOD = Bilingual("La rue Haute est inondée.", "Rue Haute is flooded.")


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[UrgentStore]:
    if request.param == "memory":
        yield MemoryUrgentStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlUrgentStore(connection)


def message(number: int = 1, **changes: Any) -> Urgent:
    put_up = OPEN + timedelta(minutes=number)
    known: dict[str, Any] = {"id": f"urg_{number}", "text": FLOOD, "closes": False, "line": None, "author": "Awa"}
    return Urgent(**{**known, "put_up_at": put_up, "expires_at": put_up + timedelta(hours=2), **changes})


async def test_messages_are_up_until_they_expire_or_are_taken_down(store: UrgentStore) -> None:
    first, second = message(1, line=LINE), message(2, closes=True)
    await store.add(first)
    await store.add(second)
    now = OPEN + timedelta(minutes=5)
    assert await store.up(OPEN) == ()
    assert await store.up(now) == (second, first)
    assert await store.take_down(second.id, now)
    assert not await store.take_down(second.id, now)
    assert await store.up(now) == (first,)
    assert await store.up(first.expires_at) == ()
    assert [one.taken_down_at for one in await store.all()] == [now, None]
    assert len(await store.all(limit=1)) == 1


def test_callers_hear_what_is_for_their_line_or_for_all_latest_first() -> None:
    every = [message(1), message(2, line=LINE), message(3, line=PhoneNumber("+33199001020"))]
    now = OPEN + timedelta(minutes=10)
    assert [one.id for one in heard_on(every, LINE, now)] == ["urg_2", "urg_1"]
    assert heard_on(every, LINE, OPEN + timedelta(days=1)) == ()
    assert as_one(()) is None
    both = as_one(every[:2])
    assert both is not None
    assert both.en == "Rue Haute is flooded. Rue Haute is flooded."


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": Bilingual("Oui", " ")},
        {"text": Bilingual("x" * (MOST_LETTERS + 1), "x")},
        {"expires_at": OPEN},
        {"expires_at": OPEN + LONGEST + timedelta(hours=1)},
        {"closes": True, "line": LINE},
    ],
)
def test_what_nobody_could_listen_to_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        message(**wrong)


def test_an_emergency_closure_closes_every_counter_until_it_expires() -> None:
    closing = message(0, closes=True, expires_at=OPEN + timedelta(hours=1))
    book = read("- {nom: Agent, si: {demande: aide_sociale}, alors: agent}")
    during = OPEN + timedelta(minutes=30)
    closed = book.closed_for([closing.closure(book.calendar.zone)])
    hours = closed.lines[0].hours
    assert is_open(hours, book.calendar, during)
    assert not is_open(hours, closed.calendar, during)
    assert next_opening(hours, closed.calendar, during) == closing.expires_at
    assert decide(book, facts("aide_sociale", now=during, agents_free=True)).outcome is Outcome.AGENT
    decision = decide(closed, facts("aide_sociale", now=during, agents_free=True))
    assert (decision.outcome, decision.version) == (Outcome.CALLBACK, book.version)
    assert decision.opens_at == closing.expires_at


def test_the_reason_of_a_closure_is_said() -> None:
    written = "fermetures:\n  - {le: 2026-03-04, motif: {fr: pont de Noël., en: Christmas}}\n"
    book = RuleBook.parse(written + book_with("", BOOK))
    hours = book.lines[0].hours
    assert closed_message(book, OPEN, opening_told(book, hours, OPEN)) == Bilingual(
        "Fermeture exceptionnelle : pont de Noël. Nos services sont fermés. Ils rouvrent demain à 8 heures 30.",
        "Exceptional closure: Christmas. Our services are closed. They open again tomorrow at 8:30 am.",
    )
    answer = decide(book, facts("aide_sociale")).answer
    assert answer is not None
    assert answer.en.startswith("Exceptional closure: Christmas.")
    assert closure_at(book.calendar, OPEN + timedelta(days=1)) is None
    evening = OPEN + timedelta(days=1, hours=10)
    later = closed_message(book, evening, opening_told(book, hours, evening))
    assert later.en.startswith("Our services are closed.")
