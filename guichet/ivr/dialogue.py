"""The dialogue of a call: a state machine from what the caller does to what we say and do. Pure.

    greeting ──→ MATTER ←──────────────────────────────┐
                   │  unsure → CHOICE (two matters)    │ yes, or another matter
                   │  look up the number, decide       │
                   ├─ answer ───────────────────→ MORE ┤
                   │                                   └ no, silence ────→ END
                   ├─ words or record suggest it → SELF (for yourself?) ── no: OTHER (for whom?), once WHO and CHECK
                   │                                                          have told who calls; then the mandate
                   ├─ nobody or several have the number → WHO (name), or what separates the several
                   ├─ one candidate ────────────────────→ CHECK (birth date) ↔ FILE (file number), two tries in all
                   ├─ candidates left that only their postcode separates → POSTCODE, then CHECK
                   │      decide again, knowing who
                   ├─ agent ────→ HOLD ── bridged, hung up (`leaving_hold`) → END
                   │                └── left, failed ──┐
                   └─ callback ←───────────────────────┘
                        ├─ number hidden → NUMBER ── none given ─────────→ END
                        ├─ slots to choose from → WHEN (`choosing`) ──┐   WHEN ↔ ELSEWHERE, PERSON (`elsewhere`)
                        └─ reference said ←───────────────────────────┘ ── MESSAGE, where one may be left → END

    anywhere: danger → numbers at once → HOLD if somebody is free, else DANGER (again, another matter, end)
              « un agent », 0 → decide, wanting an agent      * → the question again
              « non, pas ça », 7 → MATTER                     9, the other language → the question in it
              misses: 2 → keys offered, 4 → an agent or a callback; `longest` turns → the same

The states' own moves are in `matter`, `caller`, `outcome`, `choosing` and `elsewhere`; what they share is in `asking`.
Nothing that a citizen's record holds is ever said: what is spoken comes from the script and the rules' public answers.
A step ends with Ask, Hold, End, or with a need, which another step answers in the same turn.
"""

from collections.abc import Callable
from typing import assert_never

from guichet.citizens.another_words import calls_for_another
from guichet.core.phone import PhoneNumber
from guichet.ivr import (
    another,
    asking,
    caller,
    checking,
    choosing,
    dangers,
    elsewhere,
    leaving_hold,
    matter,
    outcome,
    wishes,
)
from guichet.ivr import script as said
from guichet.ivr.asking import Turned
from guichet.ivr.call import At, Call
from guichet.ivr.inputs import (
    Decided,
    Failed,
    FromCaller,
    HoldEnded,
    Identified,
    Input,
    Keys,
    Represented,
    RequestOpened,
    Silence,
    SlotBooked,
    SlotFound,
    Spoken,
)
from guichet.ivr.moves import Tell
from guichet.ivr.script import Script
from guichet.routing.intent import AGENT, DANGER
from guichet.transcripts.spoken.taken_back import takes_back

LAST_TURNS = 6
"""Turns that a call of the longest length still has for being brought to its end."""

NAMED = frozenset({At.WHO, At.CHECK, At.FILE, At.POSTCODE, At.OTHER})
"""Where words say who calls, or for whom."""
NO_MATTER = frozenset({*NAMED, At.NUMBER, At.LEAVE, At.ELSEWHERE, At.PERSON, *asking.CHOOSING})
"""Where words are a name, a date, a number or a time, and no matter."""
AFTER_MATTER = frozenset({At.SELF, *NAMED, At.NUMBER, At.WHEN, At.MORE, At.DANGER})
"""Where « non, pas ça » is about the matter that was understood."""
NOT_THAT = "7"
"""The key of « non, pas ça »: in the menu it is that of another matter, and no date begins with it."""
NOT_THAT_BY_KEY = frozenset({At.SELF, At.WHO, At.OTHER, At.CHECK, At.WHEN, At.MORE})
TYPING = frozenset({At.CHECK, At.FILE, At.POSTCODE, At.NUMBER, At.ELSEWHERE})
"""Where a key is a digit of a number."""


def begin(script: Script, number: PhoneNumber | None = None, *, relayed: bool = False) -> Turned:
    """Open a call from a number (None when hidden): the greeting, the other language, the first question.

    Whom a text relay service speaks for is asked nothing, where somebody is there: they are put through.
    """
    call = Call(
        language=script.language,
        number=number,
        urgent=script.urgent_ids,
        urgent_seconds=script.urgent_seconds(),
        relayed=relayed,
    )
    greeting = Tell(script.greeting(), whole=True)
    if relayed and script.puts_relays_through:
        return call, (greeting, Tell(said.RELAYED))
    if asking.other_language(script, call.language) is None:
        return asking.ask(script, call, greeting)
    language, offer = said.other_language_offer(call.language)
    return asking.ask(script, call, greeting, Tell(offer, language))


def step(script: Script, call: Call, heard: Input) -> Turned:
    """Go on from what came in. Any input is answered in any state."""
    if call.at in {At.END, At.MESSAGE}:
        return asking.end(call, Tell(said.THANKS))
    match heard:
        case Identified() | Represented() | Decided() | RequestOpened() | SlotFound() | SlotBooked():
            return _answered(script, call, heard)
        case HoldEnded() if call.at is At.HOLD:
            return leaving_hold.hold_ended(script, call, heard)
        case _:
            return _from_caller(script, call.evolve(turns=call.turns + 1), _as_caller(heard))


def _answered(
    script: Script, call: Call, answer: Identified | Represented | Decided | RequestOpened | SlotFound | SlotBooked
) -> Turned:
    """Go on with what the dialogue needed to know."""
    match answer:
        case Identified(identification, mandated):
            return caller.identified(script, call, identification, mandated=mandated)
        case Represented():
            return another.represented(call, answer)
        case Decided():
            return outcome.decided(script, call, answer)
        case RequestOpened():
            return outcome.opened(script, call, answer)
        case SlotFound() | SlotBooked():
            return choosing.answered(script, call, answer)
    assert_never(answer)


def _as_caller(heard: FromCaller | HoldEnded) -> FromCaller:
    """Take the end of a hold that nobody was in as a failure of ours."""
    return Failed() if isinstance(heard, HoldEnded) else heard


def _from_caller(script: Script, call: Call, heard: FromCaller) -> Turned:
    """Sort out what came from the caller; a call that lasts too long is brought to its end."""
    if call.turns > script.longest + LAST_TURNS:
        return asking.end(call, Tell(said.GAVE_UP), Tell(said.THANKS))
    if call.turns > script.longest and not call.gave_up:
        return asking.give_up(call)
    match heard:
        case Silence():
            return _silence(script, call)
        case Failed():
            return asking.failed(script, call)
        case Keys(digits):
            return _keys(script, call.evolve(silent=False), digits)
        case Spoken():
            return _spoken(script, call.evolve(silent=False), heard)
    assert_never(heard)


def _silence(script: Script, call: Call) -> Turned:
    """Ask again; when to be called back may be left open."""
    if call.relayed and call.turns == 1 and script.puts_relays_through:
        return asking.want_agent(call)
    if call.at is At.LEAVE:
        return asking.hold_on(script, call)
    if call.at in asking.CHOOSING and (not call.relayed or call.misses):
        return asking.left_open(script, call)
    if call.at is At.PERSON:
        return elsewhere.settled(script, call)
    return asking.missed(script, call, Tell(said.NOTHING_HEARD))


def _keys(script: Script, call: Call, pressed: str) -> Turned:
    """Take keys: those that mean the same everywhere, then those of the question."""
    digits = pressed.replace("#", "")
    if not digits or "*" in digits:
        return asking.ask_again(script, call)
    if digits == "0" and not call.keyed and call.at is not At.LEAVE:
        return asking.want_agent(call)
    if digits == "9" and call.at not in TYPING:
        return asking.switch(script, call, asking.other_language(script, call.language))
    if digits == NOT_THAT and call.at in NOT_THAT_BY_KEY and not call.keyed:
        return matter.correct(script, call)
    return _BY_KEYS[call.at](script, call, digits)


def _spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take words: danger first, then what works everywhere, then the question's own answers."""
    first = _before_all(script, call, heard)
    if first is not None:
        return first
    language = wishes.asked_language(heard.text) or (heard.language if call.at is At.MATTER else None)
    if language is not None and language is not call.language and language in script.languages:
        if matter.sure_matter(script, heard) is None:
            return asking.switch(script, call, language)
        call = call.evolve(language=language)
    if _is_correction(call, heard):
        return matter.correct(script, call, heard)
    if call.at not in NO_MATTER and calls_for_another(heard.text):
        call = call.evolve(other_said=True)
    return _BY_VOICE[call.at](script, call, heard)


def _before_all(script: Script, call: Call, heard: Spoken) -> Turned | None:
    """Take what works everywhere, danger before all."""
    if call.at is At.DANGER and wishes.denies_danger(heard.text):
        return matter.correct(script, call, heard)
    if _is_danger(script, call, heard):
        return matter.danger(script, call, dangers.kinds_of_danger(heard.text))
    if call.at is not At.LEAVE and _wants_agent(script, call, heard):
        return asking.want_agent(call)
    return asking.ask_again(script, call) if wishes.wants_repeat(heard.text) else None


def _is_danger(script: Script, call: Call, heard: Spoken) -> bool:
    """Whether the words mean danger: by the matcher, and in a name or a date by plain words as well."""
    if heard.match is None or heard.match.intent != DANGER or heard.match.score < script.likely:
        return False
    return call.at not in NO_MATTER or bool(dangers.kinds_of_danger(heard.text))


def _is_correction(call: Call, heard: Spoken) -> bool:
    """Whether what was understood is taken back; a date or a number that was said as well is the answer."""
    if call.at in TYPING and heard.value:
        return False
    return (call.at in NAMED and wishes.is_correction(heard.text)) or (
        call.at in AFTER_MATTER and takes_back(heard.text)
    )


def _wants_agent(script: Script, call: Call, heard: Spoken) -> bool:
    """Whether a person is wanted: by plain words anywhere, by the matcher where a matter may be said."""
    if wishes.wants_agent(heard.text):
        return True
    return call.at not in NO_MATTER and matter.sure_matter(script, heard) == AGENT


def _left_hold(script: Script, call: Call, _heard: object) -> Turned:
    """On hold nothing is asked: whoever answers has fallen out of the queue."""
    return leaving_hold.hold_ended(script, call, HoldEnded("error"))


_BY_KEYS: dict[At, Callable[[Script, Call, str], Turned]] = {
    At.MATTER: matter.matter_keys,
    At.CHOICE: matter.choice_keys,
    At.SELF: another.self_keys,
    At.OTHER: another.other_keys,
    At.WHO: caller.who_keys,
    At.CHECK: checking.check_keys,
    At.FILE: checking.file_keys,
    At.POSTCODE: checking.postcode_keys,
    At.NUMBER: outcome.number_keys,
    At.WHEN: choosing.when_keys,
    At.SLOT: choosing.slot_keys,
    At.AGREE: choosing.agree_keys,
    At.ELSEWHERE: elsewhere.number_keys,
    At.PERSON: elsewhere.person_keys,
    At.MORE: matter.more_keys,
    At.DANGER: matter.danger_keys,
    At.HOLD: _left_hold,
    At.LEAVE: leaving_hold.leave_keys,
}
_BY_VOICE: dict[At, Callable[[Script, Call, Spoken], Turned]] = {
    At.MATTER: matter.matter_spoken,
    At.CHOICE: matter.choice_spoken,
    At.SELF: another.self_spoken,
    At.OTHER: another.other_spoken,
    At.WHO: caller.who_spoken,
    At.CHECK: checking.check_spoken,
    At.FILE: checking.file_spoken,
    At.POSTCODE: checking.postcode_spoken,
    At.NUMBER: outcome.number_spoken,
    At.WHEN: choosing.spoken,
    At.SLOT: choosing.spoken,
    At.AGREE: choosing.spoken,
    At.ELSEWHERE: elsewhere.number_spoken,
    At.PERSON: elsewhere.person_spoken,
    At.MORE: matter.more_spoken,
    At.DANGER: matter.danger_spoken,
    At.HOLD: _left_hold,
    At.LEAVE: leaving_hold.leave_spoken,
}
