"""When to be called back: WHEN (as soon as possible, or when), SLOT (which of some slots), AGREE (right?). Pure.

    callback decided → WHEN ── 1, « dès que possible », silence ────────────────→ confirmed, END
                         │ 3 another number (`elsewhere`)
                         │ 2        ┌──────────── full, closed ─────────┐
                         ├────────→ SLOT ── a key, « le premier » ──────│───────→ confirmed, END
                         │           ↑ │  └─ silence, the last key ─────│───────→ confirmed, END
                         │      2, « non » │ another time               │
                         └ a time ───│─────┴──→ looked up ── free ──→ AGREE ────→ confirmed, END
                                     └──────────────────────────────────┘  yes, silence

The request is open before anything is asked: who hangs up is called as soon as possible, or in the slot they have.
"""

from guichet.callbacks.slots import Offer
from guichet.ivr import slot_script as said
from guichet.ivr import wishes
from guichet.ivr.asking import Turned, ask, confirmed, left_open, missed, soon
from guichet.ivr.call import At, Call
from guichet.ivr.elsewhere import ask_where
from guichet.ivr.inputs import RequestOpened, SlotBooked, SlotFound, Spoken
from guichet.ivr.moves import BookSlot, CallSoon, FindSlot, Tell
from guichet.ivr.script import KEPT_PLACE, NOT_UNDERSTOOD, WRONG_KEY, Script


def ask_when(script: Script, call: Call, opened: RequestOpened) -> Turned:
    """Ask when, where there is anything to choose from."""
    call = call.evolve(at=At.WHEN, offers=opened.offers, slot=opened.slot, misses=0, keyed="")
    if opened.slot:
        return ask(script, call)
    place = (Tell(KEPT_PLACE),) if call.joined else ()
    return ask(script, call, Tell(said.TO_BE_CALLED), *place)


def when_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is as soon as possible (or the slot they have), 2 reads slots, 3 is another number."""
    if digits == "1":
        return left_open(script, call)
    if digits == "2":
        return ask(script, call.evolve(at=At.SLOT, misses=0))
    return ask_where(script, call) if digits == "3" else missed(script, call, Tell(WRONG_KEY))


def slot_keys(script: Script, call: Call, digits: str) -> Turned:
    """Each slot has its key, and so has as soon as possible."""
    place = int(digits) if digits.isdecimal() else 0
    if 1 <= place <= len(call.offers):
        return call, (BookSlot(call.offers[place - 1]),)
    return soon(script, call) if place == len(call.offers) + 1 else missed(script, call, Tell(WRONG_KEY))


def agree_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 agrees, 2 does not."""
    if digits == "1":
        return confirmed(script, call)
    return _another(script, call) if digits == "2" else missed(script, call, Tell(WRONG_KEY))


def spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a time, as soon as possible, another number, which of the slots, yes or no."""
    if wishes.wants_other_number(heard.text):
        return ask_where(script, call)
    if wishes.wants_soon(heard.text):
        return soon(script, call)
    if call.at is At.SLOT and (place := _place_said(call, heard.text)) is not None:
        return call, (BookSlot(call.offers[place]),)
    return call, (FindSlot(tuple((heard.value or heard.text).split("\n"))),)


def _place_said(call: Call, text: str) -> int | None:
    place = wishes.chosen_place(text)
    return place if place is not None and place < len(call.offers) else None


def _without_time(script: Script, call: Call, text: str) -> Turned:
    """Take yes or no: no to a slot is another one, to choosing at all or to every slot as soon as possible."""
    if wishes.is_no(text) or wishes.is_correction(text):
        return _another(script, call) if call.at is At.AGREE else left_open(script, call)
    if call.at is At.AGREE:
        return confirmed(script, call) if wishes.is_yes(text) else missed(script, call, Tell(NOT_UNDERSTOOD))
    return missed(script, call.evolve(at=At.SLOT), Tell(said.NOT_A_TIME))


def _another(script: Script, call: Call) -> Turned:
    """Give the slot back and read others; corrections count as misses, so that they end."""
    call, moves = missed(script, call.evolve(at=At.SLOT, slot=None), Tell(said.ANOTHER))
    return call, (CallSoon(), *moves)


def answered(script: Script, call: Call, answer: SlotFound | SlotBooked) -> Turned:
    """Go on with what was found or booked."""
    return booked(script, call, answer) if isinstance(answer, SlotBooked) else found(script, call, answer)


def found(script: Script, call: Call, answer: SlotFound) -> Turned:
    """Book what suits; offer what is near; ask again where no time was understood."""
    if answer.best is not None:
        # Said, not pressed: what was misheard can be put right before it counts.
        return call.evolve(at=At.AGREE, offers=_others(call, answer.best)), (BookSlot(answer.best),)
    if not answer.is_time:
        return _without_time(script, call, answer.said)
    why = Tell(said.FULL if answer.is_full else said.NOT_THEN)
    return missed(script, call.evolve(at=At.SLOT, offers=answer.near or call.offers), why)


def booked(script: Script, call: Call, answer: SlotBooked) -> Turned:
    """Confirm what was chosen by key; have what was said agreed to; offer others where somebody was quicker."""
    if answer.slot is None:
        return missed(script, call.evolve(at=At.SLOT, offers=answer.near or call.offers), Tell(said.FULL))
    call = call.evolve(slot=answer.slot)
    return ask(script, call, Tell(said.noted(answer.slot))) if call.at is At.AGREE else confirmed(script, call)


def _others(call: Call, best: Offer) -> tuple[Offer, ...]:
    return tuple(offer for offer in call.offers if offer != best)
