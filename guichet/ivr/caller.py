"""Who is calling: WHO (name) and CHECK (birth date), by keys and by voice. Pure."""

from datetime import date

from guichet.citizens.citizen import Certainty, Identification
from guichet.ivr import script as said
from guichet.ivr import wishes
from guichet.ivr.another import another_to_ask
from guichet.ivr.asking import BIRTH_DATE_KEYS, Turned, ask, can_hear, decide_now, keep_keying, missed
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Spoken
from guichet.ivr.moves import Decide, Identify, Tell
from guichet.ivr.script import Script

BIRTH_DATE_TRIES = 2
READINGS = 8
"""Readings of a name that are kept: later ones are noise."""
FIRST_YEAR = 1900


def who_to_ask(script: Script, call: Call) -> At | None:
    """Return the question that tells who calls, or for whom; None when it was asked, is of no use, or would only delay.

    Whether they call for themselves comes first, for whom they call last: only who is known can hold a mandate.
    """
    if call.for_another is None and not call.wants_agent and not call.gave_up and (call.other_said or call.mandated):
        return At.SELF
    return _own_name(script, call) or another_to_ask(script, call)


def _own_name(script: Script, call: Call) -> At | None:
    """Return the question that tells who calls."""
    was_asked = bool(call.at is not At.MATTER or call.names or call.tries)
    if was_asked or call.wants_agent or call.gave_up or call.certainty == Certainty.SURE.value:
        return None
    if not can_hear(script, call):
        return At.CHECK if call.candidates else None
    return At.CHECK if call.candidates == 1 else At.WHO


def identified(script: Script, call: Call, identification: Identification, *, mandated: bool = False) -> Turned:
    """Keep what is known of who calls; ask the birth date where a name left a doubt."""
    certainty, best = identification.certainty, identification.best
    known = call.evolve(certainty=certainty.value, candidates=len(identification.candidates), citizen=None)
    known = known.evolve(mandated=known.mandated or mandated)
    if certainty is Certainty.SURE and best is not None:
        known = known.evolve(citizen=best.citizen.id)
        return known, ((Tell(said.CHECKED), Decide()) if call.at is At.CHECK else (Decide(),))
    if call.at is At.WHO and certainty is Certainty.CHECK:
        return ask(script, known.evolve(at=At.CHECK, misses=0, keyed=""))
    if call.at is At.CHECK:
        return _not_checked(script, known)
    return known, (Decide(),)


def _not_checked(script: Script, call: Call) -> Turned:
    """Let a birth date that proves nothing be given once more; what was wrong is not said."""
    call = call.evolve(tries=call.tries + 1, birth_dates=(), keyed="")
    if call.tries < BIRTH_DATE_TRIES:
        return ask(script, call, Tell(said.NOT_CHECKED))
    return call, (Tell(said.NOT_CHECKED), Tell(said.GO_ON), Decide())


def who_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 gives the birth date instead of the name, 2 goes on without either."""
    if digits == "1":
        return ask(script, call.evolve(at=At.CHECK, misses=0, by_keys=True))
    if digits == "2":
        return decide_now(call, Tell(said.GO_ON))
    return missed(script, call, Tell(said.WRONG_KEY))


def who_spoken(_script: Script, call: Call, heard: Spoken) -> Turned:
    """Take every reading of the name; do not insist with those who will not say."""
    if wishes.wants_to_skip(heard.text):
        return decide_now(call, Tell(said.GO_ON))
    return call.evolve(names=(heard.readings or (heard.text,))[:READINGS]), (Identify(),)


def check_keys(script: Script, call: Call, digits: str) -> Turned:
    """Eight digits, in one go or in several."""
    keyed = call.keyed + digits
    if keyed.isdecimal() and len(keyed) < BIRTH_DATE_KEYS:
        return keep_keying(script, call.evolve(keyed=keyed), BIRTH_DATE_KEYS)
    born = birth_date(keyed)
    if born is None:
        return missed(script, call, Tell(said.NOT_A_DATE))
    return call.evolve(birth_dates=(born,), keyed=""), (Identify(),)


def check_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a date, or the wish not to give one."""
    if heard.value:
        return call.evolve(birth_dates=(heard.value,)), (Identify(),)
    if wishes.wants_to_skip(heard.text):
        return decide_now(call, Tell(said.GO_ON))
    return missed(script, call, Tell(said.NOT_A_DATE))


def birth_date(keyed: str) -> str | None:
    """Read JJMMAAAA (eight digits) as ISO 8601; None for what is no day, or no birth date of the living."""
    if len(keyed) != BIRTH_DATE_KEYS or not keyed.isdecimal():
        return None
    try:
        born = date(int(keyed[4:]), int(keyed[2:4]), int(keyed[:2]))
    except ValueError:
        return None
    return born.isoformat() if born.year >= FIRST_YEAR else None
