"""Who is calling: what to ask for it, WHO (name) by keys and by voice, and what is made of the answers. Pure."""

from guichet.citizens.citizen import Certainty, Identification, Item
from guichet.ivr import script as said
from guichet.ivr import wishes
from guichet.ivr.another import another_to_ask
from guichet.ivr.asking import Turned, ask, can_hear, decide_now, missed
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Spoken
from guichet.ivr.moves import Decide, Identify, Tell
from guichet.ivr.script import Script

CHECKS = frozenset({At.CHECK, At.FILE})
CHECK_TRIES = 2
"""Birth dates and file numbers that may be tried, together."""
READINGS = 8
"""Readings of a name that are kept: later ones are noise."""
_SEPARATES: dict[str, At] = {
    Item.NAME.value: At.WHO,
    Item.BIRTH_DATE.value: At.CHECK,
    Item.FILE.value: At.FILE,
    Item.POSTCODE.value: At.POSTCODE,
}
"""The question of each item that may tell candidates apart."""


def who_to_ask(script: Script, call: Call) -> At | None:
    """Return the question that tells who calls, or for whom; None when it was asked, is of no use, or would only delay.

    Whether they call for themselves comes first, for whom they call last: only who is known can hold a mandate.
    """
    if call.for_another is None and not call.wants_agent and not call.gave_up and (call.other_said or call.mandated):
        return At.SELF
    return _own_name(script, call) or _proof(call) or another_to_ask(script, call)


def _proof(call: Call) -> At | None:
    """Return the check, where somebody known by number and name wants what is for checked people; once."""
    is_kept_back = call.decision is not None and call.decision.kept_back
    was_asked = call.is_proved or call.tries or call.at in {*CHECKS, At.OTHER} or call.wants_agent or call.gave_up
    return At.CHECK if is_kept_back and call.citizen is not None and not was_asked else None


def _own_name(script: Script, call: Call) -> At | None:
    """Return the question that tells who calls."""
    was_asked = bool(call.at is not At.MATTER or call.names or call.tries)
    if was_asked or call.wants_agent or call.gave_up or call.certainty == Certainty.SURE.value:
        return None
    if not can_hear(script, call):
        return At.CHECK if call.candidates else None
    return At.CHECK if call.candidates == 1 else _SEPARATES.get(call.separating, At.WHO)


def identified(script: Script, call: Call, identification: Identification, *, mandated: bool = False) -> Turned:
    """Keep what is known of who calls; ask on where a name left a doubt."""
    certainty, best = identification.certainty, identification.best
    known = call.evolve(certainty=certainty.value, candidates=len(identification.candidates), citizen=None)
    separating = identification.separating
    known = known.evolve(
        mandated=known.mandated or mandated,
        separating=separating.value if separating else "",
        has_files=identification.has_files,
    )
    if call.at is At.POSTCODE:
        # It tells candidates apart, and proves nothing: neighbours know it.
        return ask(script, known.evolve(at=At.CHECK, certainty=_unproved(certainty), misses=0, keyed=""))
    if certainty is Certainty.SURE and best is not None:
        known = known.evolve(citizen=best.citizen.id)
        return known, ((Tell(said.CHECKED), Decide()) if call.at in CHECKS else (Decide(),))
    if call.at is At.WHO and certainty is Certainty.CHECK:
        return ask(script, known.evolve(at=_next_question(known), misses=0, keyed=""))
    if call.at in CHECKS:
        return _not_checked(script, known)
    return known, (Decide(),)


def _unproved(certainty: Certainty) -> str:
    """Return what is certain before anything is proved."""
    return (Certainty.CHECK if certainty is Certainty.SURE else certainty).value


def _next_question(call: Call) -> At:
    """Return what is asked after a name that leaves a doubt: what separates those who bear it, else the birth date."""
    at = _SEPARATES.get(call.separating, At.CHECK)
    if at is At.WHO or (at is At.POSTCODE and call.postcodes):
        return At.CHECK
    return at


def _not_checked(script: Script, call: Call) -> Turned:
    """Let an answer that proves nothing be given once more, either one; what was wrong is not said."""
    call = call.evolve(at=At.CHECK, tries=call.tries + 1, birth_dates=(), files=(), keyed="")
    if call.tries < CHECK_TRIES:
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
