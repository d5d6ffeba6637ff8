"""Asking: the open question, asking again, missing an answer, giving up, ending. Shared by the states. Pure."""

from typing import assert_never

from guichet.core.language import Bilingual, Language
from guichet.ivr import hold_script, slot_script
from guichet.ivr import script as said
from guichet.ivr.call import At, Call
from guichet.ivr.dangers import advice
from guichet.ivr.moves import (
    Abandon,
    Ask,
    CallElsewhere,
    CallSoon,
    Decide,
    End,
    Hold,
    Identify,
    Move,
    TakeMessage,
    Tell,
)
from guichet.ivr.script import Script
from guichet.routing.decision import Outcome
from guichet.routing.intent import AGENT
from guichet.transcripts.heard import Expectation, FileNumber, FreeSpeech, Postcode, SpokenDate, SpokenTime, Telephone

Turned = tuple[Call, tuple[Move, ...]]
"""The call after a step, and what is to be done."""

MISSES_TO_KEYS = 2
MISSES_TO_LEAVE = {
    At.MORE: 2,
    At.DANGER: 2,
    At.NUMBER: 3,
    At.WHEN: 2,
    At.SLOT: 3,
    At.AGREE: 3,
    At.ELSEWHERE: 3,
    At.PERSON: 2,
}
MISSES_ELSEWHERE = 4
RELAYED_PATIENCE = 3
"""How many times as often somebody may be missed for whom a relay service speaks: they type, it reads and speaks."""
FAILURES_TO_KEYS_ALONE = 2
BIRTH_DATE_KEYS = 8
NUMBER_KEYS = 10
POSTCODE_KEYS = 5
FILE_KEYS = 20
"""Keys of a file number at most."""
CHOOSING = frozenset({At.WHEN, At.SLOT, At.AGREE})
"""Where it is chosen when to be called back: a silence is an answer."""
_PROMPTS: dict[At, tuple[Bilingual, Bilingual]] = {
    At.SELF: (said.SELF, said.SELF),
    At.WHO: (said.WHO, said.WHO_KEYS),
    At.CHECK: (said.CHECK, said.CHECK_KEYS),
    At.FILE: (said.FILE, said.FILE_KEYS),
    At.POSTCODE: (said.POSTCODE, said.POSTCODE),
    At.OTHER: (said.OTHER, said.OTHER),
    At.NUMBER: (said.NUMBER, said.NUMBER),
    At.ELSEWHERE: (slot_script.WHERE, slot_script.WHERE),
    At.PERSON: (slot_script.PERSON, slot_script.PERSON_KEYS),
    At.MORE: (said.MORE, said.MORE),
    At.DANGER: (said.AFTER_DANGER, said.AFTER_DANGER),
}
"""The question of a state, by voice and by keys; elsewhere it is what is wanted."""
_EXPECTED: dict[At, tuple[Expectation, int]] = {
    At.CHECK: (SpokenDate(), BIRTH_DATE_KEYS),
    At.FILE: (FileNumber(), FILE_KEYS),
    At.POSTCODE: (Postcode(), POSTCODE_KEYS),
    **dict.fromkeys((At.NUMBER, At.ELSEWHERE), (Telephone(), NUMBER_KEYS)),
    **dict.fromkeys((At.SELF, At.LEAVE, At.MORE), (FreeSpeech(is_yes_no=True), 1)),
    **dict.fromkeys((At.WHEN, At.SLOT), (SpokenTime(), 1)),
    At.AGREE: (SpokenTime(is_yes_no=True), 1),
}
"""Where more than a matter and a key is expected: what is listened for, and how many keys."""


def can_hear(script: Script, call: Call) -> bool:
    """Whether speech is any use: there is a recogniser for the language, and it has not failed in this call."""
    return call.language in script.hears and call.failures < FAILURES_TO_KEYS_ALONE


def question(script: Script, call: Call) -> Ask:
    """Return the question that is open, by voice or by keys: what `*` repeats."""
    listen = can_hear(script, call)
    by_keys = call.by_keys or not listen
    if call.at is At.CHOICE:
        prompt = script.choice(call.options)
    elif call.at in CHOOSING:
        prompt = _about_slots(call, by_keys=not listen)
    elif call.at is At.NUMBER and call.relayed:
        prompt = said.NUMBER_RELAYED
    elif call.at is At.LEAVE:
        prompt = hold_script.sure(call.leaving, by_keys=by_keys)
    elif call.at in _PROMPTS:
        spoken, keyed = _PROMPTS[call.at]
        prompt = keyed if by_keys else spoken
        if call.at is At.CHECK and call.has_files:
            other = said.OR_FILE_KEYS if by_keys else said.OR_FILE
            prompt = Bilingual(f"{prompt.fr} {other.fr}", f"{prompt.en} {other.en}")
    else:
        prompt = script.menu_text() if by_keys else said.MATTER
    expects, keys = _EXPECTED.get(call.at, (FreeSpeech(), 1))
    return Ask(prompt, expects, keys, listen=listen)


def _about_slots(call: Call, *, by_keys: bool) -> Bilingual:
    """Return the question about when to be called back; slots have their keys in any case."""
    if call.at is At.SLOT:
        return slot_script.choice(call.offers, by_keys=by_keys)
    if call.at is At.AGREE:
        return slot_script.AGREE_KEYS if by_keys else slot_script.AGREE
    if call.slot is not None:
        return slot_script.has_slot(call.slot, by_keys=by_keys)
    return slot_script.WHEN_KEYS if by_keys else slot_script.WHEN


def ask(script: Script, call: Call, *before: Move) -> Turned:
    """Ask the open question."""
    return call, (*before, question(script, call))


def ask_again(script: Script, call: Call) -> Turned:
    """Say the last thing again: the question, with the answer or the emergency numbers before it."""
    call = call.evolve(keyed="")
    match call.at:
        case At.MORE if call.decision and call.decision.answer:
            return ask(script, call, Tell(call.decision.answer))
        case At.DANGER:
            return ask(script, call, Tell(advice(call.dangers, script.emergency), whole=True))
        case At.AGREE if call.slot:
            return ask(script, call, Tell(slot_script.noted(call.slot)))
        case _:
            return ask(script, call)


def keep_keying(script: Script, call: Call, keys: int) -> Turned:
    """Wait for the digits still missing of `keys`, saying nothing: the caller is typing."""
    expects = question(script, call).expects
    return call, (Ask(None, expects, keys=keys - len(call.keyed), listen=can_hear(script, call)),)


def missed(script: Script, call: Call, why: Tell) -> Turned:
    """Count a miss: ask again, by keys from the second on, and go on another way at the last."""
    if call.at is At.LEAVE:
        return hold_on(script, call)
    call = call.evolve(misses=call.misses + 1, keyed="")
    patience = RELAYED_PATIENCE if call.relayed else 1
    if call.misses >= MISSES_TO_LEAVE.get(call.at, MISSES_ELSEWHERE) * patience:
        return _without_answer(script, call)
    return ask(script, call.evolve(by_keys=call.by_keys or call.misses >= MISSES_TO_KEYS * patience), why)


def _without_answer(script: Script, call: Call) -> Turned:
    """Go on without the answer: who they are can be left open, what they want is for a person to ask."""
    match call.at:
        case At.MATTER | At.CHOICE:
            return give_up(call)
        case At.SELF:
            return decide_now(call.evolve(at=At.MATTER, for_another=False), Tell(said.GO_ON))
        case At.WHO | At.CHECK | At.FILE | At.POSTCODE | At.OTHER:
            return decide_now(call, Tell(said.GO_ON))
        case At.NUMBER:
            return no_number(script, call)
        case At.WHEN | At.SLOT | At.AGREE | At.ELSEWHERE | At.PERSON:
            return left_open(script, call)
        case At.MORE | At.DANGER | At.HOLD | At.LEAVE | At.MESSAGE | At.END:
            return end(call, Tell(said.THANKS))
    assert_never(call.at)


def hold_on(script: Script, call: Call) -> Turned:
    """Go on holding, at the same place: what was overheard was not meant."""
    return call.evolve(at=At.HOLD, leaving="", misses=0, keyed=""), (
        Tell(hold_script.STAY),
        Hold(listen=can_hear(script, call)),
    )


def left_open(script: Script, call: Call) -> Turned:
    """Leave it open when to call back: a slot that is theirs stays, else it is as soon as possible.

    A number that they have given counts, whoever may answer there.
    """
    given = (CallElsewhere(call.elsewhere, None),) if call.elsewhere else ()
    call, moves = confirmed(script, call) if call.slot is not None else soon(script, call)
    return call, (*given, *moves)


def soon(script: Script, call: Call) -> Turned:
    """Have them called as soon as possible."""
    return confirmed(script, call.evolve(slot=None), CallSoon())


def confirmed(script: Script, call: Call, *before: Move) -> Turned:
    """Confirm the callback aloud, then offer to take a message (not after a danger) or end."""
    slot = call.slot.told if call.slot else None
    words = said.confirmation(call.reference, is_new=not call.joined, text_follows=call.texts, slot=slot)
    if script.message_seconds and call.outcome != Outcome.EMERGENCY.value:
        call, moves = end(call, *before, Tell(words), Tell(script.message_offer()))
        return call.evolve(at=At.MESSAGE), (*moves[:-1], TakeMessage(script.message_seconds))
    return end(call, *before, Tell(words), Tell(said.THANKS))


def failed(script: Script, call: Call) -> Turned:
    """Go on by keys when nothing can be heard through our own fault; it is no miss of the caller's."""
    return ask(script, call.evolve(failures=call.failures + 1, by_keys=True, keyed=""), Tell(said.CANNOT_HEAR))


def give_up(call: Call) -> Turned:
    """Stop asking: an agent if one is free, else a callback; only a callback for somebody never heard."""
    why = said.ANYBODY_SILENT if call.silent and call.number else said.GAVE_UP
    call = call.evolve(gave_up=True, wants_agent=not call.silent, misses=0, keyed="")
    return call, (Tell(why), next_need(call))


def want_agent(call: Call) -> Turned:
    """Look for a person, asking nothing more."""
    call = call.evolve(wants_agent=True, misses=0, keyed="", intent=call.intent or AGENT)
    return call, (next_need(call),)


def next_need(call: Call) -> Identify | Decide:
    """Look the number up first, unless that was done or there is none."""
    return Identify() if call.number and not call.certainty else Decide()


def decide_now(call: Call, *before: Move) -> Turned:
    """Decide with what is known."""
    return call.evolve(misses=0, keyed=""), (*before, Decide())


def no_number(script: Script, call: Call) -> Turned:
    """Say what remains for somebody who cannot be called."""
    abandoned = (Abandon(),) if call.request else ()
    return end(call.evolve(outcome=call.outcome or "unreachable"), *abandoned, Tell(script.hidden_end()))


def fresh(call: Call) -> Call:
    """Return to the matter for another one."""
    return call.evolve(
        at=At.MATTER,
        intent=None,
        options=(),
        also=(),
        refused=(),
        misses=0,
        dangers=(),
        wants_agent=False,
        decision=None,
        standing="",
        represented=None,
    )


def end(call: Call, *before: Move) -> Turned:
    """End the call, forgetting what the caller said of themselves."""
    return call.forgetting().evolve(at=At.END), (*before, End())


def switch(script: Script, call: Call, language: Language | None) -> Turned:
    """Ask the question again in another language; what cannot be heard in it is asked by keys."""
    if language is None:
        return missed(script, call, Tell(said.WRONG_KEY))
    call = call.evolve(language=language, keyed="", by_keys=call.misses >= MISSES_TO_KEYS)
    return ask(script, call)


def other_language(script: Script, language: Language) -> Language | None:
    """Return the line's other language, if it has one."""
    return next((other for other in script.languages if other is not language), None)
