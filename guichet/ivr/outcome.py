"""What becomes of the call: the rules' decision carried out, hold, callback, NUMBER. Pure."""

from guichet.callbacks.elsewhere import may_be_called
from guichet.callbacks.request import RequestKind
from guichet.core.phone import PhoneNumber
from guichet.ivr import dangers, leaving_hold, wishes
from guichet.ivr import script as said
from guichet.ivr.another import without_mandate
from guichet.ivr.asking import (
    CHOOSING,
    NUMBER_KEYS,
    Turned,
    ask,
    can_hear,
    confirmed,
    fresh,
    keep_keying,
    missed,
    next_need,
    no_number,
)
from guichet.ivr.call import At, Call
from guichet.ivr.caller import who_to_ask
from guichet.ivr.choosing import ask_when
from guichet.ivr.inputs import Decided, RequestOpened, Spoken
from guichet.ivr.moves import Hold, OpenRequest, SendText, Tell
from guichet.ivr.script import Script
from guichet.routing.decision import Decision, Outcome
from guichet.routing.intent import DANGER


def decided(script: Script, call: Call, answer: Decided) -> Turned:
    """Do what the rules say; before a person gets the call, ask who it is (unless they are in a hurry for one)."""
    decision = answer.decision
    call = call.evolve(decision=decision)
    outcome = _possible_outcome(call, decision)
    if outcome is Outcome.EMERGENCY:
        return _emergency(script, call, agents_free=answer.agents_free)
    if outcome is Outcome.ANSWER and decision.answer is not None:
        return _answered(script, call.evolve(outcome=outcome.value), Tell(decision.answer))
    asked = who_to_ask(script, call)
    if asked is not None:
        told = (
            () if call.at is not At.MATTER or call.for_another is not None else (Tell(script.understood(call.intent)),)
        )
        return ask(script, call.evolve(at=asked, misses=0, keyed=""), *told)
    if call.for_another and not call.standing:
        return without_mandate(call)
    if outcome is Outcome.AGENT:
        return call, (OpenRequest(RequestKind.HOLD),)
    # What the rules say of a callback is that the desk is closed: the greeting of a closed line has said so.
    told = (Tell(decision.answer),) if decision.answer and script.closed is None else ()
    call, moves = _call_back(script, call)
    return call, (*told, *moves)


def _answered(script: Script, call: Call, answer: Tell) -> Turned:
    """Say the answer, then go on with the other matter of the same sentence, or ask for one."""
    if call.also:
        first, *rest = call.also
        other = fresh(call).evolve(intent=first, also=tuple(rest))
        return other, (answer, next_need(other))
    return ask(script, call.evolve(at=At.MORE, misses=0), answer)


def _possible_outcome(call: Call, decision: Decision) -> Outcome:
    """Bend the rules' outcome to what can be done in this call."""
    outcome = decision.outcome
    if outcome is Outcome.ANSWER and (call.wants_agent or call.gave_up or decision.answer is None):
        return Outcome.CALLBACK
    if outcome is Outcome.AGENT and (call.held or (call.gave_up and call.silent)):
        return Outcome.CALLBACK
    return outcome


def _emergency(script: Script, call: Call, *, agents_free: bool) -> Turned:
    """Say the numbers unless they have just been said; a person if one is there."""
    advice = Tell(dangers.advice(call.dangers, script.emergency), whole=True)
    told = () if call.at is At.DANGER else (advice, SendText("emergency"))
    call = call.evolve(at=At.DANGER, intent=call.intent or DANGER, outcome=Outcome.EMERGENCY.value)
    if agents_free and not call.held:
        return call, (*told, OpenRequest(RequestKind.HOLD))
    return ask(script, call, *told)


def _call_back(script: Script, call: Call) -> Turned:
    """Open the callback; a hidden caller is asked for a number first."""
    if call.number is None:
        return ask(script, call.evolve(at=At.NUMBER, misses=0, keyed=""))
    return call, (OpenRequest(RequestKind.CALLBACK),)


def may_choose(call: Call) -> bool:
    """Whether they may be asked when to call them: not in danger, nor who has not been heard."""
    return call.outcome != Outcome.EMERGENCY.value and call.at not in CHOOSING and not call.gave_up


def opened(script: Script, call: Call, request: RequestOpened) -> Turned:
    """Put on hold, ask when to call back where there is a choice, or confirm the callback aloud and end."""
    call = call.evolve(request=request.request, misses=0)
    is_emergency = call.outcome == Outcome.EMERGENCY.value
    if request.is_hold:
        outcome = call.outcome if is_emergency else Outcome.AGENT.value
        return call.evolve(at=At.HOLD, held=True, outcome=outcome), (
            Tell(said.HOLD),
            Hold(listen=can_hear(script, call)),
        )
    outcome = call.outcome if is_emergency else Outcome.CALLBACK.value
    call = call.evolve(
        outcome=outcome, reference=request.reference, joined=not request.is_new, texts=request.text_follows
    )
    instead = leaving_hold.opened(script, call, request) if call.leaving else None
    if instead is not None:
        return instead
    if request.offers and may_choose(call):
        return ask_when(script, call, request)
    return confirmed(script, call.evolve(slot=request.slot))


def number_keys(script: Script, call: Call, digits: str) -> Turned:
    """Ten digits, in one go or in several."""
    keyed = call.keyed + digits
    if keyed.isdecimal() and len(keyed) < NUMBER_KEYS:
        return keep_keying(script, call.evolve(keyed=keyed), NUMBER_KEYS)
    return _number_given(script, call, keyed)


def number_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a number, or the wish not to give one."""
    if not heard.value and (wishes.wants_to_skip(heard.text) or wishes.is_no(heard.text)):
        return no_number(script, call)
    return _number_given(script, call, heard.value)


def _number_given(script: Script, call: Call, text: str | None) -> Turned:
    """Call back at that number, if it is one."""
    number = PhoneNumber.maybe(text)
    if number is None or not may_be_called(number, None):
        return missed(script, call, Tell(said.NOT_A_NUMBER))
    return call.evolve(number=number, keyed="", misses=0), (OpenRequest(RequestKind.CALLBACK),)
