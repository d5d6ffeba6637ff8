"""Being called back elsewhere: ELSEWHERE (at which number), PERSON (whom to ask for there). Pure.

    WHEN, SLOT, AGREE ── 3, « un autre numéro » → ELSEWHERE ── a number → PERSON ── a name, 1, silence ──→ WHEN again
                                                     └── none, three times: WHEN, at the number they call from

The number is said back, so that a misheard one is heard and put right: the question comes again.
"""

from guichet.callbacks.elsewhere import LONGEST_NAME, may_be_called
from guichet.core.phone import PhoneNumber
from guichet.ivr import script as said
from guichet.ivr import slot_script, wishes
from guichet.ivr.asking import NUMBER_KEYS, Turned, ask, keep_keying, missed
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import Spoken
from guichet.ivr.moves import CallElsewhere, Tell
from guichet.ivr.script import Script


def ask_where(script: Script, call: Call) -> Turned:
    """Ask for the number."""
    return ask(script, call.evolve(at=At.ELSEWHERE, misses=0, keyed="", elsewhere=None))


def number_keys(script: Script, call: Call, digits: str) -> Turned:
    """Ten digits, in one go or in several."""
    keyed = call.keyed + digits
    if keyed.isdecimal() and len(keyed) < NUMBER_KEYS:
        return keep_keying(script, call.evolve(keyed=keyed), NUMBER_KEYS)
    return _number_given(script, call, keyed)


def number_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a number, or the wish to leave it at that."""
    if not heard.value and (wishes.wants_to_skip(heard.text) or wishes.is_no(heard.text)):
        return here(script, call)
    return _number_given(script, call, heard.value)


def _number_given(script: Script, call: Call, text: str | None) -> Turned:
    """Ask whom to ask for at that number, if it is one that may be called."""
    number = PhoneNumber.maybe(text)
    if number is None or not may_be_called(number, call.number):
        return missed(script, call, Tell(said.NOT_A_NUMBER))
    call = call.evolve(at=At.PERSON, elsewhere=number, keyed="", misses=0)
    return ask(script, call, Tell(slot_script.to_be_called_at(number)))


def here(script: Script, call: Call) -> Turned:
    """Leave it at the number they call from."""
    return ask(script, call.evolve(at=At.WHEN, elsewhere=None, keyed="", misses=0), Tell(said.GO_ON))


def person_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is nobody else, 2 is another number."""
    if digits == "2":
        return ask_where(script, call)
    return settled(script, call) if digits == "1" else missed(script, call, Tell(said.WRONG_KEY))


def person_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a name as it was heard; « moi », « non » is nobody else."""
    if wishes.is_no(heard.text) or wishes.is_yes(heard.text) or wishes.is_oneself(heard.text):
        return settled(script, call)
    return settled(script, call, wishes.without_asking(heard.text)[:LONGEST_NAME].strip() or None)


def settled(script: Script, call: Call, person: str | None = None) -> Turned:
    """Have them called there, and go on with when."""
    if call.elsewhere is None:
        return here(script, call)
    move = CallElsewhere(call.elsewhere, person)
    noted = Tell(slot_script.noted_where(call.elsewhere, for_another=person is not None))
    call, moves = ask(script, call.evolve(at=At.WHEN, elsewhere=None, keyed="", misses=0), noted)
    return call, (move, *moves)
