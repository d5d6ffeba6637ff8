"""Calling for somebody else: SELF (for yourself?), OTHER (for whom?), and what the mandate allows. Pure.

Whatever is wrong with a mandate, none, another matter, over, the caller hears the same: nobody learns who is on record.
"""

from guichet.citizens.another_words import calls_for_another, calls_for_self
from guichet.citizens.citizen import Certainty
from guichet.citizens.speaking import Standing
from guichet.ivr import script as said
from guichet.ivr import wishes
from guichet.ivr.asking import Turned, can_hear, decide_now, missed
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Represented, Spoken
from guichet.ivr.moves import Decide, Represent, Tell
from guichet.ivr.script import Script

READINGS = 8
"""Readings of a name that are kept: later ones are noise."""


def another_to_ask(script: Script, call: Call) -> At | None:
    """Return the question for whom they call, once it is known who they are, or that their number holds mandates."""
    if not call.for_another or call.standing or call.others or call.at is At.OTHER or not can_hear(script, call):
        return None
    return At.OTHER if call.certainty == Certainty.SURE.value or call.mandated else None


def self_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is for oneself, 2 for another."""
    if digits in {"1", "2"}:
        return _told(call, for_another=digits == "2")
    return missed(script, call, Tell(said.WRONG_KEY))


def self_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Yes, no, or for whom."""
    if calls_for_another(heard.text) or wishes.is_no(heard.text):
        return _told(call, for_another=True)
    if calls_for_self(heard.text) or wishes.is_yes(heard.text):
        return _told(call, for_another=False)
    return missed(script, call, Tell(said.NOT_UNDERSTOOD))


def _told(call: Call, *, for_another: bool) -> Turned:
    """Go on to who they are."""
    return decide_now(call.evolve(at=At.MATTER, for_another=for_another))


def other_keys(script: Script, call: Call, digits: str) -> Turned:
    """2 goes on without."""
    return without_mandate(call) if digits == "2" else missed(script, call, Tell(said.WRONG_KEY))


def other_spoken(_script: Script, call: Call, heard: Spoken) -> Turned:
    """Take every reading of the name; do not insist with those who will not say."""
    if wishes.wants_to_skip(heard.text):
        return without_mandate(call)
    return call.evolve(others=(heard.readings or (heard.text,))[:READINGS], misses=0), (Represent(),)


def represented(call: Call, answer: Represented) -> Turned:
    """Go on as the mandate allows."""
    spoken = answer.spoken
    call = call.evolve(standing=spoken.standing.value, represented=spoken.citizen)
    return call, (Tell(said.MANDATE if spoken.standing is Standing.MANDATE else said.NO_MANDATE), Decide())


def without_mandate(call: Call) -> Turned:
    """Look the mandate up where a name was said before; else go on without any."""
    if call.others:
        return call, (Represent(),)
    return call.evolve(standing=Standing.NONE.value, misses=0, keyed=""), (Tell(said.NO_MANDATE), Decide())
