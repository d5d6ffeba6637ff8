"""Anybody may do anything: every call ends with a word, and nothing is left open that should not be."""

import asyncio
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guichet.carrier.simulator.parties import Action, HangUp, Machine, Moment, NoAnswer, Party, Press, StaySilent
from tests.journeys import aftermath
from tests.journeys.conftest import copy_of
from tests.journeys.people import (
    CATHERINE,
    CLAIRE,
    ENGLISH_LINE,
    HIDDEN,
    LANDLINE,
    LINE,
    LUCAS,
    MARTINS,
    accepts,
    agent,
    declines,
    says,
)
from tests.journeys.world import World, open_world

# More are worth a night: JOURNEY_EXAMPLES=500 pytest tests/journeys/test_random_people.py
EXAMPLES = int(os.environ.get("JOURNEY_EXAMPLES", "8"))

SENTENCES = (
    "je voudrais un acte de naissance",
    "i need help with my application for social housing",
    "quels sont vos horaires d'ouverture",
    "ça sent le gaz dans mon immeuble",
    "le trois mars mille neuf cent quatre-vingt-cinq",
    "je m'appelle catherine martin",
    "un agent",
    "non pas ça",
    "oui",
    "non merci",
    "je ne sais pas",
    "english please",
    "la girafe bleue",
)
KEYS = ("0", "1", "2", "3", "7", "8", "9", "*", "#", "03031985", "0639989902", "12")
BODIES = (*SENTENCES, "STATUT", "ANNULER", "Stop. Merci", "STOP", "START", "reprendre", "1", "merci")

actions: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from(SENTENCES).map(says),
    st.sampled_from(KEYS).map(Press),
    st.just(StaySilent()),
    st.builds(HangUp, st.sampled_from([0.0, 0.7, 9.0]), st.none() | st.sampled_from(list(Moment))),
)
calls = st.tuples(
    st.sampled_from([CATHERINE, MARTINS, LUCAS, LANDLINE, HIDDEN]),
    st.sampled_from([LINE, ENGLISH_LINE]),
    st.lists(actions, max_size=6),
)
texts = st.tuples(st.sampled_from([CATHERINE, LUCAS]), st.just(LINE), st.sampled_from(BODIES))
agents: st.SearchStrategy[Party] = st.sampled_from([accepts(), declines(), NoAnswer(), Machine()])


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(calls | texts, min_size=1, max_size=3), min_size=1, max_size=3),
    st.none() | agents,
)
async def test_whatever_people_do_every_call_ends_with_a_word_and_nothing_is_left_open(
    first_day: Path, rounds: list[list[tuple[str, str, list[Action] | str]]], party: Party | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_world(copy_of(first_day, Path(folder)), Path(folder)) as world:
            if party is not None:
                await world.hire(agent("claire", CLAIRE), party)
            for people in rounds:
                await _play(world, people)
                await world.move(timedelta(minutes=1))
            await world.move(timedelta(hours=1))
            await world.settled()
            await aftermath.check(world)


async def _play(world: World, people: list[tuple[str, str, list[Action] | str]]) -> None:
    """Let people call and write at once; those who hold in vain hold as long as one may."""
    calls = [world.ring(number, act, line) for number, line, act in people if not isinstance(act, str)]
    for number, line, act in people:
        if isinstance(act, str):
            await world.text(number, act, line)
    while await world.until_over_or_held(calls):
        await world.settled()
        await world.until_over_or_held(calls)
        await world.move(timedelta(minutes=11))
    await asyncio.gather(*(carried for _, carried in calls))
    await world.settled()
