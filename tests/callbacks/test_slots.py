import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.callbacks.booking import board, book_slot, call_soon, find, promised, wait_for_choice
from guichet.callbacks.joining import new_request
from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.slots import (
    Slot,
    Taken,
    by_half_days,
    capacity,
    nearest,
    slot_in_words,
    slots_between,
    suiting,
    with_room,
)
from guichet.callbacks.windows import counter_hours, home_calendar, may_ring
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.routing.hours import is_open
from guichet.routing.rule_book import RuleBook
from guichet.transcripts.spoken.when import When
from tests.callbacks.world import BOOK, NOON, Begin, agent, demand, memory_unit, transactions
from tests.conftest import BACKENDS, SQL_BACKENDS, Engines

PARIS = ZoneInfo("Europe/Paris")
TOMORROW = date(2026, 3, 4)
PLANNED = RuleBook.parse(
    BOOK
    + """
rappels:
  creneaux:
    duree: 1 h
    appel: 30 min
    presence:
      - {file: etat_civil, horaires: guichet, agents: 1}
      - {file: etat_civil, horaires: guichet, agents: 2}
"""
)
"""Three agents, each of whom makes two calls an hour."""
ONE_CALL = RuleBook.parse(BOOK + "rappels: {creneaux: {duree: 1 h, appel: 1 h}}")


def asked(number: str = "+33612345678", contact: str = "con_1") -> Request:
    return new_request(demand(contact, number=PhoneNumber(number)), NOON)


def at(hour: int, day: date = TOMORROW, minutes: int = 60) -> Slot:
    """Return the slot that begins at an hour of Paris."""
    starts = datetime.combine(day, time(hour), PARIS).astimezone(UTC)
    return Slot(starts, starts + timedelta(minutes=minutes))


def wish(hour: int, until: int, day: date = TOMORROW) -> When:
    return When(day, time(hour), time(until))


def day_of(book: RuleBook, request: Request, day: date = TOMORROW) -> tuple[Slot, ...]:
    starts = datetime.combine(day, time(), PARIS)
    return slots_between(book, request, starts, starts + timedelta(days=1))


def test_the_slots_of_a_day_are_inside_the_counters_hours() -> None:
    assert day_of(ONE_CALL, asked()) == tuple(at(hour) for hour in range(8, 18))
    assert day_of(ONE_CALL, asked(), date(2026, 3, 7)) == ()
    assert day_of(ONE_CALL, asked(), date(2026, 5, 1)) == (), "a public holiday"


def test_slots_are_at_a_decent_hour_where_the_citizen_lives() -> None:
    # At 13 in Paris it is 8 in Guadeloupe.
    assert [slot.starts.astimezone(PARIS).hour for slot in day_of(ONE_CALL, asked("+590690123456"))] == [
        13,
        14,
        15,
        16,
        17,
    ]


def test_a_book_without_slots_offers_none() -> None:
    assert day_of(RuleBook.parse(BOOK + "rappels: {creneaux: aucun}"), asked()) == ()


@given(
    st.sampled_from(["+33612345678", "+590690123456", "+687751234", "+262692123456"]),
    st.integers(0, 365 * 24 * 60),
    st.sampled_from([5, 15, 30, 60, 120]),
)
@settings(deadline=None)
def test_every_moment_of_a_slot_may_be_called_in(number: str, minutes: int, length: int) -> None:
    book = RuleBook.parse(BOOK + f"rappels: {{creneaux: {{duree: {length} min, appel: 5 min}}}}")
    since, request = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes), asked(number)
    slots = slots_between(book, request, since, since + timedelta(days=2))
    assert all(first.ends <= second.starts for first, second in pairwise(slots))
    for slot in slots:
        assert slot.ends - slot.starts == timedelta(minutes=length)
        for moment in (slot.starts, slot.ends - timedelta(minutes=1)):
            assert is_open(counter_hours(book, request), book.calendar, moment)
            assert may_ring(book, request, moment)


def test_the_agents_planned_say_how_many_callbacks_fit() -> None:
    assert capacity(PLANNED, "etat_civil", at(9), at_work=50) == 6
    assert capacity(PLANNED, "etat_civil", at(20), at_work=50) == 0, "nobody is planned in the evening"
    assert capacity(PLANNED, "social", at(9), at_work=4) == 8, "without a plan those who are at work count"
    assert capacity(PLANNED, "social", at(9), at_work=0) == 2, "somebody will come when the counter opens"


def test_what_is_promised_takes_its_place_in_every_slot_it_meets() -> None:
    slots = [at(hour) for hour in (9, 10, 11)]
    half = Slot(at(9).starts + timedelta(minutes=30), at(10).ends - timedelta(minutes=30))
    assert with_room(ONE_CALL, "etat_civil", slots, [Taken(half, 1)], 1) == (at(11),)
    assert with_room(ONE_CALL, "etat_civil", slots, [Taken(half, 1)], 2) == tuple(slots)


@pytest.mark.parametrize(
    ("wished", "first"),
    [
        (Slot(at(14).starts, at(23).ends), 14),
        (at(9), 9),
        (Slot(at(14).starts + timedelta(minutes=30), at(15).ends), 15),
        (Slot(at(14).starts + timedelta(minutes=30), at(15).starts + timedelta(minutes=30)), 15),
        (Slot(at(17).starts + timedelta(minutes=30), at(18).starts + timedelta(minutes=30)), 17),
        (at(20), None),
    ],
)
def test_the_slot_that_suits_a_wish_best(wished: Slot, first: int | None) -> None:
    found = suiting([at(hour) for hour in range(8, 18)], wished)
    assert (found[0] if found else None) == (at(first) if first else None)


def test_instead_of_a_full_slot_the_nearest_are_offered_and_not_all_on_one_half_day() -> None:
    free = [at(hour, TOMORROW + timedelta(days=ahead)) for ahead in (0, 1) for hour in (9, 10, 11, 15, 16)]
    assert nearest(free, at(14), PARIS, 3) == (at(11), at(15), at(16))
    assert nearest(free, at(10), PARIS, 4) == (at(9), at(10), at(15), at(16))


def test_by_half_days_each_morning_and_afternoon_is_offered_once() -> None:
    free = [at(hour, TOMORROW + timedelta(days=ahead)) for ahead in (0, 1) for hour in (9, 10, 15)]
    assert by_half_days(free, PARIS, 3) == (at(9), at(15), at(9, TOMORROW + timedelta(days=1)))


@pytest.mark.parametrize(
    ("slot", "zone", "said"),
    [
        (
            at(14, date(2026, 3, 3)),
            PARIS,
            Bilingual("aujourd'hui entre 14 heures et 15 heures", "today between 2 pm and 3 pm"),
        ),
        (at(11), PARIS, Bilingual("demain entre 11 heures et midi", "tomorrow between 11 am and noon")),
        (
            at(14, date(2026, 4, 1)),
            ZoneInfo("America/Guadeloupe"),
            Bilingual("mercredi 1er avril entre 8 heures et 9 heures", "on Wednesday 1 April between 8 am and 9 am"),
        ),
    ],
)
def test_a_slot_is_said_on_the_citizens_clock(slot: Slot, zone: ZoneInfo, said: Bilingual) -> None:
    assert slot_in_words(slot, NOON, zone) == said


@pytest.fixture(params=BACKENDS)
async def begin(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[Begin]:
    async with transactions(request.param, engines) as begin:
        yield begin


async def opened(begin: Begin, *contacts: str) -> list[Request]:
    """Let people of different numbers wait for a callback."""
    found = [asked(f"+3361234{place:04}", contact) for place, contact in enumerate(contacts, 1000)]
    async with begin() as unit:
        for request in found:
            await unit.requests.open(request)
    return found


async def test_a_slot_is_promised_until_it_is_full_and_given_back_by_whom_it_was_promised_to(begin: Begin) -> None:
    first, second = await opened(begin, "con_1", "con_2")
    async with begin() as unit:
        booked = await book_slot(unit, ONE_CALL, first.id, at(9), NOON)
        assert booked is not None
        assert (booked.not_before, promised(booked)) == (at(9).starts, at(9))
        assert await unit.requests.get(first.id) == booked
        assert await book_slot(unit, ONE_CALL, second.id, at(9), NOON) is None
        assert await book_slot(unit, ONE_CALL, first.id, at(9), NOON) is not None, "their own place is free for them"
        assert await unit.requests.slots_taken("etat_civil", at(8).starts, at(12).ends, but=second.id) == [
            Taken(at(9), 1)
        ]
        assert await unit.requests.slots_taken("social", at(8).starts, at(12).ends, but=second.id) == []
        assert await unit.requests.slots_taken("etat_civil", at(10).starts, at(12).ends, but=second.id) == []
        await call_soon(unit, first.id, NOON)
        soon = await unit.requests.get(first.id)
        assert soon is not None
        assert soon.not_before is not None
        assert (promised(soon), soon.not_before < NOON + timedelta(minutes=1)) == (None, True)
        assert await book_slot(unit, ONE_CALL, second.id, at(9), NOON) is not None


async def test_the_slot_of_a_request_that_has_ended_is_free_again(begin: Begin) -> None:
    first, second = await opened(begin, "con_1", "con_2")
    async with begin() as unit:
        booked = await book_slot(unit, ONE_CALL, first.id, at(9), NOON)
        assert booked is not None
        cancelled, event = move_request(booked, Move.CANCEL, Cause("citizen", NOON))
        await unit.requests.change(booked, cancelled, event)
        assert await book_slot(unit, ONE_CALL, first.id, at(9), NOON) is None
        assert await book_slot(unit, ONE_CALL, second.id, at(9), NOON) is not None


@pytest.mark.parametrize("slot", [at(9, date(2026, 3, 2)), at(20), at(9, minutes=30)])
async def test_what_is_past_closed_or_no_slot_is_not_promised(slot: Slot) -> None:
    unit, request = memory_unit(), asked()
    await unit.requests.open(request)
    assert await book_slot(unit, ONE_CALL, request.id, slot, NOON) is None


@pytest.mark.parametrize("backend", SQL_BACKENDS)
async def test_however_many_ask_at_once_no_slot_is_promised_too_often(backend: str, engines: Engines) -> None:
    async with transactions(backend, engines) as begin:
        requests = await opened(begin, *(f"con_{number}" for number in range(12)))

        async def asks(request: Request) -> Slot | None:
            async with begin() as unit:
                booked = await book_slot(unit, PLANNED, request.id, at(9), NOON)
            return promised(booked) if booked else None

        slots = Counter(await asyncio.gather(*map(asks, requests)))
        assert slots == {at(9): 6, None: 6}


async def test_agents_at_work_make_the_room_where_nothing_is_planned() -> None:
    unit = memory_unit(agent("Anne"), agent("Brice"), agent("Zoe", presence=Presence.AWAY))
    people = [asked(f"+3361234{place:04}", f"con_{place}") for place in range(1000, 1003)]
    for request in people:
        await unit.requests.open(request)
    booked = [await book_slot(unit, ONE_CALL, request.id, at(9), NOON) for request in people]
    assert [request is not None for request in booked] == [True, True, False]


async def test_a_full_slot_has_others_near_and_a_closed_day_too() -> None:
    unit, request = memory_unit(), asked(contact="con_2")
    other = asked("+33612340001")
    for each in (request, other):
        await unit.requests.open(each)
    await book_slot(unit, ONE_CALL, other.id, at(14), NOON)
    full = await find(unit, ONE_CALL, request, wish(14, 15), NOON)
    assert (full.best, full.is_full, full.near[:2]) == (None, True, (at(11), at(13)))
    after = await find(unit, ONE_CALL, request, wish(14, 23), NOON)
    assert after.best == at(15)
    closed = await find(unit, ONE_CALL, request, wish(14, 15, date(2026, 3, 8)), NOON)
    assert (closed.best, closed.is_full, len(closed.near)) == (None, False, 3)
    far = await find(unit, ONE_CALL, request, wish(14, 15, date(2026, 7, 1)), NOON)
    assert (far.best, far.near) == (None, ())


async def test_who_chooses_is_not_called_meanwhile_unless_they_have_a_slot() -> None:
    unit, request = memory_unit(), asked()
    await unit.requests.open(request)
    until = NOON + timedelta(minutes=3)
    await wait_for_choice(unit, request.id, until, NOON)
    waits = await unit.requests.get(request.id)
    assert waits is not None
    assert waits.not_before == until
    await book_slot(unit, ONE_CALL, request.id, at(9), NOON)
    await wait_for_choice(unit, request.id, until, NOON)
    kept = await unit.requests.get(request.id)
    assert kept is not None
    assert promised(kept) == at(9)
    assert promised(kept.evolve(not_before=at(9).ends)) is None, "put off beyond it, it is no promise any more"
    assert promised(kept.evolve(kind=RequestKind.HOLD)) is None


async def test_a_board_shows_all_slots_and_those_with_room() -> None:
    unit, request = memory_unit(), asked()
    seen = await board(unit, ONE_CALL, request, NOON, at(10).starts)
    assert seen.free == seen.slots == (*(at(hour, date(2026, 3, 3)) for hour in range(13, 18)), at(8), at(9))
    assert home_calendar(ONE_CALL, request).zone.key == "Europe/Paris"
