"""Leaving the hold queue: HOLD ends, LEAVE asks back who was overheard. Pure.

    HOLD ── bridged ─────────────────────────────────────────────→ END
      │ ↑── hung up ─────────────────────────────────────────────→ END
      │ └──────────── no, silence ─────────────┐
      ├─ words for a wish ("asked") ──→ LEAVE ─┤
      │                                        └ yes ──┐
      ├─ a key, or let out ────────────────────────────┴→ a callback, a message, a text, at the same place
      └─ failed ────────────────────────────────────────→ a callback

What was said on hold may have been for somebody else: it counts when it is confirmed. Whoever asks back keeps their
place, and an agent who is found meanwhile waits for them.
"""

from guichet.callbacks.request import RequestKind
from guichet.ivr import hold_script, wishes
from guichet.ivr import script as said
from guichet.ivr.asking import Turned, ask, end, hold_on
from guichet.ivr.call import At, Call
from guichet.ivr.hold_wishes import Wish
from guichet.ivr.inputs import HoldEnded, RequestOpened, Spoken
from guichet.ivr.moves import Abandon, OpenRequest, Served, StepOut, TakeMessage, Tell
from guichet.ivr.script import Script

ASKED = "asked"
"""How somebody leaves the queue whom we have overheard."""


def hold_ended(script: Script, call: Call, ended: HoldEnded) -> Turned:
    """Bridged ends kindly, hanging up abandons the request, a wish is done, anything else becomes a callback."""
    if ended.result == "bridged":
        return end(call, Served(), Tell(said.THANKS))
    if ended.result == "hangup":
        return end(call if ended.was_served else call.evolve(outcome="abandoned"), Abandon())
    if ended.result == ASKED:
        return ask(script, call.evolve(at=At.LEAVE, leaving=ended.wish or Wish.CALLBACK.value, misses=0), StepOut())
    if ended.result != "leave":
        call, moves = _instead(script, call.evolve(leaving=""))
        return call, (Tell(said.HOLD_FAILED), *moves)
    return _instead(script, call.evolve(leaving=ended.wish))


def leave_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is yes, anything else is no."""
    return _instead(script, call) if digits == "1" else hold_on(script, call)


def leave_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Yes, or the same wish again, is yes; anything else is no."""
    return _instead(script, call) if wishes.is_yes(heard.text) else hold_on(script, call)


def _instead(script: Script, call: Call) -> Turned:
    """Do what they want instead of holding; a hidden caller is asked for a number first."""
    if call.number is None:
        return ask(script, call.evolve(at=At.NUMBER, misses=0, keyed=""))
    if call.leaving == Wish.TEXT.value and call.number.can_receive_texts:
        return call, (OpenRequest(RequestKind.TEXT),)
    return call, (OpenRequest(RequestKind.CALLBACK),)


def opened(script: Script, call: Call, request: RequestOpened) -> Turned | None:
    """Say what follows for who wanted to leave a message or to write; None for a callback."""
    if request.is_hold:
        return None
    if call.leaving == Wish.TEXT.value and request.is_text:
        return end(call, Tell(hold_script.WRITE_TO_US), Tell(said.THANKS))
    if call.leaving == Wish.MESSAGE.value and script.message_seconds:
        call, moves = end(call, Tell(script.message_offer(is_wished=True)))
        return call.evolve(at=At.MESSAGE), (*moves[:-1], TakeMessage(script.message_seconds))
    return None
