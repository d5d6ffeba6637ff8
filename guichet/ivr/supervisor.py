"""A supervisor's call: who they are by number and PIN, then what they put up or take down. Pure.

    number --> pin --+--> menu --1--> prepared --n--> lasts --hours--> confirm --1--> (put up) --> menu
      ^   wrong      |      |--2--> (closure) ----------^                  |--2--> menu
      +--------------+      |--3--> (all taken down) --> menu
     three wrong: end       +--9--> end

Every key that fits nothing is a miss; three in a row end the call. Who is wrong is never told what was wrong.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from guichet.core.ids import CallSid
from guichet.core.language import Bilingual, Language

MOST_MISSES = 3
MOST_WRONG = 3
"""Wrong PINs in a call."""
MOST_HOURS = 72
LONGEST_NUMBER = 16
CLOSURE = 0
"""The choice of a closure; prepared messages count from 1."""


class At(StrEnum):
    """Where the call stands."""

    NUMBER = "number"
    PIN = "pin"
    MENU = "menu"
    PREPARED = "prepared"
    LASTS = "lasts"
    CONFIRM = "confirm"
    END = "end"


@dataclass(frozen=True, slots=True)
class SupervisorCall:
    """The state of a call; `step` counts its answers, so that a repeated webhook changes nothing."""

    id: CallSid
    at: At = At.NUMBER
    step: int = 1
    number: str = ""
    wrong: int = 0
    misses: int = 0
    language: Language = Language.FR
    choice: int = CLOSURE
    hours: int = 0

    def evolve(self, **changes: Any) -> "SupervisorCall":
        """Return a copy with changes."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Check the PIN of the number given."""

    pin: str


@dataclass(frozen=True, slots=True)
class PutUp:
    """Put the chosen message up, or close."""

    lasts: timedelta


@dataclass(frozen=True, slots=True)
class TakeDown:
    """Take down everything that is up."""


Deed = CheckPin | PutUp | TakeDown


def take(call: SupervisorCall, keys: str, prepared: tuple[Bilingual, ...]) -> tuple[SupervisorCall, Deed | None]:
    """Take keys in: the next state, and what is to be done before it can be told."""
    call = call.evolve(step=call.step + 1)
    taken = _STEPS[call.at](call, keys, prepared) if keys else None
    return taken or (missed(call), None)


def checked(call: SupervisorCall, *, is_right: bool) -> SupervisorCall:
    """Go on after the PIN."""
    if is_right:
        return call.evolve(at=At.MENU, misses=0, wrong=0)
    wrong = call.wrong + 1
    return call.evolve(at=At.END if wrong >= MOST_WRONG else At.NUMBER, wrong=wrong, number="", misses=0)


def missed(call: SupervisorCall) -> SupervisorCall:
    """Count a key that fits nothing."""
    misses = call.misses + 1
    return call.evolve(misses=misses, at=At.END if misses >= MOST_MISSES else call.at)


_Taken = tuple[SupervisorCall, Deed | None] | None
"""None: the keys fit nothing."""


def _number(call: SupervisorCall, keys: str, _prepared: tuple[Bilingual, ...]) -> _Taken:
    if keys == "0":
        return call.evolve(language=Language.EN if call.language is Language.FR else Language.FR), None
    is_one = keys.isdecimal() and len(keys) <= LONGEST_NUMBER
    return (call.evolve(at=At.PIN, number=keys, misses=0), None) if is_one else None


def _pin(call: SupervisorCall, keys: str, _prepared: tuple[Bilingual, ...]) -> _Taken:
    return (call, CheckPin(keys)) if keys.isdecimal() else None


def _menu(call: SupervisorCall, keys: str, prepared: tuple[Bilingual, ...]) -> _Taken:
    call = call.evolve(misses=0)
    taken: dict[str, tuple[SupervisorCall, Deed | None]] = {
        "2": (call.evolve(at=At.LASTS, choice=CLOSURE), None),
        "3": (call, TakeDown()),
        "9": (call.evolve(at=At.END), None),
    }
    if prepared:
        taken["1"] = call.evolve(at=At.PREPARED), None
    return taken.get(keys)


def _prepared(call: SupervisorCall, keys: str, prepared: tuple[Bilingual, ...]) -> _Taken:
    is_one = keys.isdecimal() and 1 <= int(keys) <= len(prepared)
    return (call.evolve(at=At.LASTS, choice=int(keys), misses=0), None) if is_one else None


def _lasts(call: SupervisorCall, keys: str, _prepared: tuple[Bilingual, ...]) -> _Taken:
    is_one = keys.isdecimal() and 1 <= int(keys) <= MOST_HOURS
    return (call.evolve(at=At.CONFIRM, hours=int(keys), misses=0), None) if is_one else None


def _confirm(call: SupervisorCall, keys: str, _prepared: tuple[Bilingual, ...]) -> _Taken:
    menu = call.evolve(at=At.MENU, misses=0)
    return {"1": (menu, PutUp(timedelta(hours=call.hours))), "2": (menu, None)}.get(keys)


def _end(call: SupervisorCall, _keys: str, _prepared: tuple[Bilingual, ...]) -> _Taken:
    return call, None


_STEPS: dict[At, Callable[[SupervisorCall, str, tuple[Bilingual, ...]], _Taken]] = {
    At.NUMBER: _number,
    At.PIN: _pin,
    At.MENU: _menu,
    At.PREPARED: _prepared,
    At.LASTS: _lasts,
    At.CONFIRM: _confirm,
    At.END: _end,
}
