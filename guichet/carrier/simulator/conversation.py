"""Two bridged parties: who ends the conversation, and when. The planning is pure."""

import asyncio
from dataclasses import dataclass
from typing import Any

from guichet.carrier.simulator.leg import Ended, Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.parties import Moment


@dataclass(frozen=True, slots=True)
class Parting:
    """The conversation lasts so long; then the dialler hangs up, or the other does, or neither (a time limit)."""

    seconds: float
    dialler_leaves: bool = False
    other_leaves: bool = False


def parting(dialler: float | None, other: float | None, usual: float, limit: float) -> Parting:
    """Decide who leaves first, from when each means to (None: stays); else the other does, after `usual` seconds."""
    if dialler is None and other is None:
        other = usual
    first = min(seconds for seconds in (dialler, other) if seconds is not None)
    if limit < first:
        return Parting(limit)
    return Parting(first, dialler_leaves=dialler == first, other_leaves=dialler != first)


def means_to_leave(leg: Leg) -> float | None:
    """Return after how many seconds the person hangs up, if they mean to; uses up their HangUp."""
    action = leg.behaviour.hang_up(Moment.BRIDGED)
    plans = [seconds for seconds in (action.after if action else None, leg.patience) if seconds is not None]
    return min(plans, default=None)


async def converse(dialler: Leg, other: Leg, usual: float, limit: float) -> float:
    """Let both talk until one leaves; runs in the dialler's flow. Returns the seconds."""
    for leg, peer in ((dialler, other), (other, dialler)):
        leg.note(Kind.BRIDGED, "can talk", to=peer.record.sid)
    plan = parting(means_to_leave(dialler), means_to_leave(other), usual, limit)
    began = dialler.record.seconds
    talk: asyncio.Task[Any] = asyncio.create_task(_talk(dialler, other, plan.seconds))
    away = other.away
    waits = [talk, *(asyncio.create_task(event.wait()) for event in (other.over, away))]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
    if other.over.is_set() or away.is_set():
        return dialler.record.seconds - began
    if plan.dialler_leaves:
        await dialler.hang_up("person")
    if plan.other_leaves:
        other.interrupt(Ended("person"))
    return dialler.record.seconds - began


async def _talk(dialler: Leg, other: Leg, seconds: float) -> None:
    await dialler.last(seconds)
    other.record.seconds += seconds
