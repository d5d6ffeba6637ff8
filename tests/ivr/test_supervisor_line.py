"""The supervisors' line: who they are by number and PIN, then messages put up and taken down by keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.verbs import Gather, Hangup, Say, Verb
from guichet.core.clock import ManualClock
from guichet.core.ids import CallSid
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.supervisor import MOST_MISSES, At, CheckPin, PutUp, SupervisorCall, TakeDown, checked, take
from guichet.ivr.supervisor_line import SupervisorLine
from guichet.ivr.supervisor_sql_store import SqlSupervisorStore
from guichet.ivr.supervisor_store import Done, MemorySupervisorStore, Supervisor, SupervisorStore
from guichet.routing.memory_urgent_store import MemoryUrgentStore
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent import CLOSED
from tests.conftest import BACKENDS, Engines
from tests.routing.books import book_with

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
FLOOD = Bilingual("La rivière déborde : la mairie est fermée.", "The river is in flood: the town hall is closed.")
BOOK = RuleBook.parse(
    book_with("")
    + f"""
messages_urgents:
  numero: 01 99 00 10 98
  prepares:
    - {{fr: "{FLOOD.fr}", en: "{FLOOD.en}"}}
"""
)
CALL = CallSid("CA1")


class PlainSecrets:
    """PINs that are their own hashes."""

    async def is_right(self, kept: str, password: str) -> bool:
        """Compare."""
        return bool(kept) and kept == password


@dataclass
class Unit:
    """What supervisors touch."""

    supervisors: MemorySupervisorStore = field(default_factory=MemorySupervisorStore)
    urgent_messages: MemoryUrgentStore = field(default_factory=MemoryUrgentStore)


class Line:
    """A line with one supervisor: number 4711, PIN 123456."""

    def __init__(self) -> None:
        self.unit = Unit()
        self.clock = ManualClock(NOON)
        self.unit.supervisors.supervisors["4711"] = Supervisor("4711", "Sonia", "123456")
        self.service = SupervisorLine(self._begin, self.clock, lambda: BOOK, PlainSecrets())

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Unit]:
        yield self.unit

    async def keys(self, *pressed: str, call: CallSid = CALL) -> str:
        """Press keys, one prompt after the other; return what is heard last."""
        verbs = await self.service.open(call)
        for keys in pressed:
            verbs = await self.service.turn(call, _step(verbs), keys)
        self.verbs = verbs
        return heard(verbs)

    async def up(self) -> list[tuple[Bilingual, bool, datetime]]:
        """Return what is up."""
        return [(one.text, one.closes, one.expires_at) for one in await self.unit.urgent_messages.up(self.clock.now())]

    @property
    def deeds(self) -> list[str]:
        """What was noted."""
        return [done.deed for done in self.unit.supervisors.notes]


def heard(verbs: tuple[Verb, ...]) -> str:
    first = verbs[0]
    says = first.prompts if isinstance(first, Gather) else verbs
    return " ".join(one.text for one in says if isinstance(one, Say))


def _step(verbs: tuple[Verb, ...]) -> int:
    first = verbs[0]
    assert isinstance(first, Gather)
    return int(first.action.partition("step=")[2])


async def test_a_prepared_message_is_put_up_for_some_hours() -> None:
    line = Line()
    assert "Tapez votre numéro" in await line.keys()
    assert FLOOD.fr in await line.keys("4711", "123456", "1", call=CallSid("CA2"))
    said = await line.keys("4711", "123456", "1", "1", "4", "1", call=CallSid("CA3"))
    assert said.startswith("C'est en ligne. Un message est en cours, jusqu'au 04/03 à 17 heures.")
    assert await line.up() == [(FLOOD, False, NOON + timedelta(hours=4))]
    assert line.deeds[-2:] == ["signed in", "put up"]


async def test_the_counter_is_closed_and_opened_again_in_english() -> None:
    line = Line()
    said = await line.keys("0", "4711", "123456", "2", "2")
    assert said == (
        "The counter will be closed. Callers will hear for 2 hours: Our services are closed because of exceptional"
        " circumstances. To put it up, press 1. To give up, press 2. Then hash."
    )
    await line.service.turn(CALL, 6, "1")
    assert await line.up() == [(CLOSED, True, NOON + timedelta(hours=2))]
    assert (await line.keys("4711", "123456", "3", call=CallSid("CA2"))).startswith("Tout est retiré. Aucun message")
    assert await line.up() == []
    assert line.deeds == ["signed in", "closed", "signed in", "taken down"]


async def test_one_hour_is_told_as_one() -> None:
    line = Line()
    assert "entendront pendant 1 heure : " in await line.keys("4711", "123456", "1", "1", "1")
    assert "will hear for 1 hour: " in await line.keys("0", "4711", "123456", "2", "1", call=CallSid("CA2"))


async def test_giving_up_puts_nothing_up() -> None:
    line = Line()
    assert "Aucun message n'est en cours." in await line.keys("4711", "123456", "1", "1", "4", "2")
    assert await line.up() == []
    assert await line.keys("4711", "123456", "9", call=CallSid("CA2")) == "Au revoir."
    assert line.verbs[-1] == Hangup()


@pytest.mark.parametrize("wrong", [("4711", "999999"), ("4712", "123456")])
async def test_three_wrong_pins_end_the_call_and_never_tell_what_was_wrong(wrong: tuple[str, str]) -> None:
    line = Line()
    assert (await line.keys(*wrong)).startswith("Numéro ou code inexact. Ligne des superviseurs.")
    assert await line.keys(*wrong * 3, call=CallSid("CA2")) == "Numéro ou code inexact. Au revoir."
    assert line.verbs[-1] == Hangup()
    assert set(line.deeds) == {"wrong PIN"}


async def test_five_wrong_pins_in_a_row_lock_the_number_for_a_while() -> None:
    line = Line()
    for call in ("CA1", "CA2"):
        await line.keys(*("4711", "999999") * 3, call=CallSid(call))
    assert "Numéro ou code inexact." in await line.keys("4711", "123456", call=CallSid("CA3"))
    line.clock.move(timedelta(minutes=16))
    assert "Aucun message n'est en cours." in await line.keys("4711", "123456", call=CallSid("CA4"))


async def test_a_disabled_number_is_good_for_nothing() -> None:
    line = Line()
    await line.unit.supervisors.put(Supervisor("4711", "Sonia", "123456", disabled_at=NOON))
    assert "Numéro ou code inexact." in await line.keys("4711", "123456")


async def test_a_repeated_webhook_puts_nothing_up_twice() -> None:
    line = Line()
    await line.keys("4711", "123456", "1", "1", "4")
    for _ in range(2):
        assert "Un message est en cours" in heard(await line.service.turn(CALL, 6, "1"))
    assert len(await line.up()) == 1
    assert "Un message est en cours" in heard(await line.service.open(CALL))


async def test_a_call_that_we_have_lost_begins_again() -> None:
    assert "Tapez votre numéro" in heard(await Line().service.turn(CallSid("CA9"), 5, "1"))


def test_only_the_number_of_the_rule_book_is_the_supervisors() -> None:
    service = Line().service
    assert service.is_ours(PhoneNumber("+33199001098"))
    assert not service.is_ours(PhoneNumber("+33199001010"))


@given(st.lists(st.sampled_from(["", "0", "1", "2", "3", "9", "42", "73", "123456", "*"]), max_size=40), st.booleans())
def test_whatever_is_pressed_nothing_is_done_before_the_pin_and_nobody_loops(keys: list[str], is_right: bool) -> None:
    call, signed_in = SupervisorCall(CALL), False
    for one in keys:
        if call.at is At.END:
            break
        before = call
        call, deed = take(call, one, (FLOOD,))
        if isinstance(deed, CheckPin):
            call = checked(call, is_right=is_right)
            signed_in = is_right
        assert signed_in or not isinstance(deed, PutUp | TakeDown)
        assert call.step == before.step + 1
        assert call.misses < MOST_MISSES or call.at is At.END
        if isinstance(deed, PutUp):
            assert timedelta(0) < deed.lasts <= timedelta(hours=72)


@asynccontextmanager
async def stores(backend: str, engines: Engines) -> AsyncIterator[SupervisorStore]:
    if backend == "memory":
        yield MemorySupervisorStore()
        return
    async with engines(backend) as engine, engine.begin() as connection:
        yield SqlSupervisorStore(connection)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_supervisors_their_calls_and_deeds_are_kept(backend: str, engines: Engines) -> None:
    sonia = Supervisor("4711", "Sonia", "hash")
    call = SupervisorCall(CALL, At.MENU, 3, "4711", language=Language.EN, hours=4)
    async with stores(backend, engines) as store:
        assert await store.find("4711") is None
        await store.put(sonia)
        locked = sonia.evolve(wrong=2, locked_until=NOON)
        await store.put(locked)
        assert await store.find("4711") == locked
        assert list(await store.everybody()) == [locked]
        await store.save(call, NOON)
        await store.save(call.evolve(step=4), NOON)
        assert await store.call(CALL) == call.evolve(step=4)
        assert await store.call(CallSid("CA0")) is None
        first, second = Done(CALL, "4711", "signed in", NOON), Done(CALL, "4711", "put up", NOON, "urg_1")
        await store.note(first)
        await store.note(second)
        assert list(await store.done()) == [second, first]
