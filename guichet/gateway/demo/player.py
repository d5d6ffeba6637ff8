"""Plays the contacts of the demonstration on the simulated carrier, and waits until each has had its effect."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Event, Kind
from guichet.carrier.simulator.parties import Action, Answers, HangUp, Moment, Press, Speak
from guichet.carrier.voice import synthesise
from guichet.core.errors import Unavailable
from guichet.gateway.demo.account import Account, of_call, of_text
from guichet.gateway.demo.scenario import AGENT_PHONE, CONTACTS, Call, Presses, Says, Texts
from guichet.gateway.demo.stage import Stage

EFFECT_SECONDS = 60.0
"""Longest wait for what a contact causes: jobs, texts, an agent's conversation."""
TALK_SECONDS = 6.0

Told = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Played:
    """A contact that has been played: its title and what became of it."""

    title: str
    account: Account


async def play(stage: Stage, begun: Callable[[str], None], told: Told) -> AsyncIterator[Played]:
    """Play every contact; `begun` gets each title, `told` what happens in a call while it happens."""
    stage.simulator.party(AGENT_PHONE, Answers([Press("1"), HangUp(TALK_SECONDS, Moment.BRIDGED)], ring=2))
    for contact in CONTACTS:
        begun(contact.title)
        match contact:
            case Call():
                yield Played(contact.title, await _call(stage, contact, told))
            case Texts():
                async for account in _texts(stage, contact):
                    yield Played(contact.title, account)


async def _call(stage: Stage, call: Call, told: Told) -> Account:
    """Play a call to its end, and everything it causes."""
    record, carried = stage.simulator.ring(call.number, call.line, Answers(react=Person(call).react))
    record.log.follow(told)
    try:
        await carried
    finally:
        carried.cancel()
    await stage.simulator.settled()
    if record.log.complaints:
        raise Unavailable("the simulated carrier complains: " + "; ".join(record.log.complaints))
    return await _until(lambda: of_call(stage.database, record.sid, _said(record)))


async def _texts(stage: Stage, texts: Texts) -> AsyncIterator[Account]:
    """Play texts, one after the other."""
    for body in texts.bodies:
        sid = await stage.simulator.text(texts.number, texts.line, body)
        yield await _until(lambda sid=sid, body=body: of_text(stage.database, sid, body))  # type: ignore[misc]


async def _until(look: Callable[[], Awaitable[Account]]) -> Account:
    """Look until the contact is over and all it has caused is done."""
    deadline = time.monotonic() + EFFECT_SECONDS
    while True:
        account = await look()
        if account.is_settled:
            return account
        if time.monotonic() > deadline:
            raise Unavailable(f"nothing came of a contact within {EFFECT_SECONDS:.0f} seconds: {account.waits_for}")
        await asyncio.sleep(0.1)


def _said(record: CallRecord) -> tuple[str, ...]:
    """Return what the person said and pressed."""
    said = {Kind.SPOKE: "{}", Kind.PRESSED: "[{}]"}
    return tuple(said[event.kind].format(event.what) for event in record.log.of(*said))


class Person:
    """Somebody on the phone: answers each question they have an answer to, once; the last one as often as asked."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._left = list(call.answers)

    def react(self, prompt: str) -> Action | None:
        """Choose what to do after a prompt."""
        for answer in self._left:
            piece, act = answer
            if piece.casefold() in prompt.casefold():
                self._left.remove(answer)
                return self._action(act)
        return None

    def _action(self, act: Says | Presses) -> Action:
        call = self._call
        match act:
            case Says(text):
                return Speak(synthesise(text, call.language, speed=call.speed, voice=call.voice), text)
            case Presses(keys):
                return Press(keys)
