"""What callers hear when we fail: an apology in both languages, a key that rings the front desk, its number. Pure.

It needs the rule book in memory and nothing else. The first failure of a turn is tried again once; the second ends
the call, kindly and with a number.
"""

from guichet.carrier.verbs import DialNumber, Gather, Hangup, Redirect, Say, Verb
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr import script as said

FALLBACK_PATH = "/voice/fallback"
FALLBACK_ENDED_PATH = "/voice/fallback/ended"
KEY_SECONDS = 5


def apology(fallback: PhoneNumber | None, again: str | None) -> tuple[Verb, ...]:
    """Apologise; key 1 rings the desk; without a key the call goes on at `again`, or ends with the number said."""
    last: tuple[Verb, ...] = (Redirect(again),) if again else (*_farewell(fallback), Hangup())
    if fallback is None:
        return (*_both(said.APOLOGY), *last)
    gather = Gather(
        action=FALLBACK_PATH,
        prompts=(*_both(said.APOLOGY), *_both(said.PRESS_FOR_DESK)),
        timeout=KEY_SECONDS,
        digits=1,
        finish_on="",
    )
    return (gather, *last)


def ring_desk(fallback: PhoneNumber | None, line: PhoneNumber | None) -> tuple[Verb, ...]:
    """Ring the front desk; where there is none, say so."""
    if fallback is None:
        return (*_farewell(None), Hangup())
    return (DialNumber(fallback, action=FALLBACK_ENDED_PATH, caller_id=line),)


def after_desk(result: str, fallback: PhoneNumber | None) -> tuple[Verb, ...]:
    """End after the desk has been rung: it has spoken with the caller, or its number is said for another try."""
    if result in {"completed", "answered"}:
        return (Hangup(),)
    return (*_farewell(fallback), Hangup())


def _farewell(fallback: PhoneNumber | None) -> tuple[Say, ...]:
    """Say what the caller can do later."""
    if fallback is None:
        return _both(said.CALL_LATER)
    return _both(said.desk_number(fallback))


def _both(text: Bilingual) -> tuple[Say, ...]:
    """Say it in French, then in English: which one the caller speaks may not be known."""
    return tuple(Say(text.to(language), language) for language in (Language.FR, Language.EN))
