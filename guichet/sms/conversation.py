"""One step of a text conversation: what a message asks for, given what was asked before. Pure.

    message --> keyword (the whole message) ---------> OptOut | OptIn | Explain | TellStatus | CancelRequest | Matter
            --> DEPLACER, AUTRE NUMERO, with or without what they need, or the answer to our question,
                or only a time while a callback is open -> MoveCallback | ChangeNumber
            --> for whom, who writes, when asked ----> AskWho | Matter (`for_another`)
            --> 1 or 2, after a question ------------> Matter
            --> thanks, or only digits out of turn --> Silent, or as not understood
            --> matter understood, danger first -----> Matter (of two that are close, the one they wait for)
            --> not understood, first time ----------> AskWhich (the likeliest two) | AskAgain
            --> not understood, second time ---------> Matter(agent_humain): a person reads it

At most one thing is asked at a time, and nobody is asked for ever: `misses` bounds it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from guichet.callbacks.slots import Slot
from guichet.citizens.speaking import Spoken
from guichet.core.phone import PhoneNumber
from guichet.core.text import words
from guichet.routing.intent import AGENT, DANGER, IntentMatch
from guichet.sms.calls_back import NOTHING_SAID, Said
from guichet.sms.for_another import NO_HELP, UNPROVED, AskWho, Help, Helping, Served, go_on
from guichet.sms.keywords import Command, is_thanks, keyword, reference_in
from guichet.transcripts.spoken.when import When

MOST_MISSES = 2
CLOSE = 0.2
"""Scores that differ by less are told apart by what the person waits for already."""
ABOUT_ANOTHER = frozenset({"rendez_vous", "suivi_dossier"})
"""Matters that are about another one: who waits for something means that."""
_PICKED = {
    **dict.fromkeys(("1", "un", "one", "premier", "premiere", "first"), 0),
    **dict.fromkeys(("2", "deux", "two", "deuxieme", "second"), 1),
    **dict.fromkeys(("3", "trois", "three", "troisieme", "third"), 2),
}


@dataclass(frozen=True, slots=True)
class Talk:
    """What is remembered between two messages: matters asked back, and misses since the last progress.

    `asked` is what was asked about a callback (`time` or `number`), and `reference` of which request; `slots` were
    offered by number; `helping` what we have asked about somebody whom they write for.
    """

    choices: tuple[str, ...] = ()
    misses: int = 0
    asked: str = ""
    reference: str | None = None
    slots: tuple[Slot, ...] = ()
    helping: Helping | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for the contact's file."""
        values: dict[str, Any] = {"choices": list(self.choices), "misses": self.misses}
        if self.helping is not None:
            values["helping"] = self.helping.to_json()
        slots = [[slot.starts.isoformat(), slot.ends.isoformat()] for slot in self.slots]
        return {**values, "asked": self.asked, "reference": self.reference, "slots": slots} if self.asked else values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Talk":
        """Read what `to_json` has written; anything else is a new talk."""
        choices, misses = tuple(values.get("choices", ())), int(values.get("misses", 0))
        slots = tuple(Slot(*map(datetime.fromisoformat, slot)) for slot in values.get("slots", ()))
        helping = Helping.from_json(values.get("helping"))
        return cls(choices, misses, str(values.get("asked", "")), values.get("reference"), slots, helping)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message and what it looks like.

    `obeyed` is the command that the carrier has obeyed and answered itself, `nearest` the likeliest matter even where
    `match` found none, `opted_out` whether they have said STOP before, `waits_for` the matters of their open requests.
    `calls` is what it says of being called back, and `awaits_call` whether a callback of theirs is open. `help` is what
    is known of writing for somebody else.
    """

    text: str
    match: IntentMatch
    nearest: str | None = None
    obeyed: Command | None = None
    opted_out: bool = False
    waits_for: frozenset[str] = frozenset()
    calls: Said = NOTHING_SAID
    awaits_call: bool = False
    help: Help = NO_HELP


@dataclass(frozen=True, slots=True)
class Silent:
    """Nothing is to be said: the carrier has answered, or they only thank."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Write to them no more; confirm it unless that has been done."""

    confirm: bool


@dataclass(frozen=True, slots=True)
class OptIn:
    """They may be written to again."""

    confirm: bool


@dataclass(frozen=True, slots=True)
class Explain:
    """Say what can be done by text."""


@dataclass(frozen=True, slots=True)
class TellStatus:
    """Say where their requests stand."""


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """Cancel their request, or the one named."""

    reference: str | None


@dataclass(frozen=True, slots=True)
class MoveCallback:
    """Call them at that time (None: ask for it), about the request named or their only one.

    `slot` is one that was offered; `soon` says that as soon as possible is meant.
    """

    when: When | None
    reference: str | None = None
    slot: Slot | None = None
    soon: bool = False


@dataclass(frozen=True, slots=True)
class ChangeNumber:
    """Call them at that number (None: ask for it), about the request named or their only one."""

    number: PhoneNumber | None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """Serve a matter by the rules.

    `asks_whom`: ask first whom it is for, where somebody is going to deal with it. `spoken` is what may be done for
    another (None: it is for who writes).
    """

    intent: str
    wants_agent: bool = False
    asks_whom: bool = False
    spoken: Spoken | None = None


@dataclass(frozen=True, slots=True)
class AskWhich:
    """Ask which of two matters is meant."""

    choices: tuple[str, str]


@dataclass(frozen=True, slots=True)
class AskAgain:
    """Ask what it is about: nothing could be made of it."""


Act = (
    Silent
    | OptOut
    | OptIn
    | Explain
    | TellStatus
    | CancelRequest
    | MoveCallback
    | ChangeNumber
    | Matter
    | AskWhich
    | AskAgain
    | AskWho
)


def step(talk: Talk, incoming: Incoming) -> tuple[Talk, Act]:
    """Return what to do about a message, and what to remember."""
    act = _obeyed(incoming) or _command(incoming)
    if act is not None:
        return Talk(), act
    asked = None if incoming.match.intent == DANGER else _helped(talk, incoming) or _about_call(talk, incoming)
    if asked is not None:
        return asked
    picked = _picked(talk, incoming.text)
    if picked is not None:
        return Talk(), _wanted(picked, incoming)
    if not talk.misses and is_thanks(incoming.text):
        return talk, Silent()
    if incoming.match.intent is not None and any(letter.isalpha() for letter in incoming.text):
        return Talk(), _wanted(_meant(incoming.match.intent, incoming.match, incoming.waits_for), incoming)
    return _missed(talk, incoming)


def _obeyed(incoming: Incoming) -> Act | None:
    match incoming.obeyed:
        case Command.STOP:
            return OptOut(confirm=False)
        case Command.START if incoming.opted_out:
            return OptIn(confirm=False)
        case Command.HELP:
            return Silent()
        case _:
            return None


def _command(incoming: Incoming) -> Act | None:
    found = keyword(incoming.text)
    if found is None:
        return None
    acts: dict[Command, Act] = {
        Command.STOP: OptOut(confirm=not incoming.opted_out),
        Command.START: OptIn(confirm=True),
        Command.STATUS: TellStatus(),
        Command.CANCEL: CancelRequest(found.reference),
        Command.AGENT: _matter(AGENT),
        Command.HELP: Explain(),
    }
    return acts[found.command]


def _about_call(talk: Talk, incoming: Incoming) -> tuple[Talk, Act] | None:
    """Take a wish about a callback: said at once, in answer to our question, or a time and nothing else."""
    said = incoming.calls
    when = None if said.refuses else said.when
    reference = reference_in(incoming.text) or talk.reference
    move = MoveCallback(when, reference, soon=said.soon)
    place = _place(incoming.text)
    if place is not None and place < len(talk.slots):
        return Talk(), MoveCallback(None, reference, slot=talk.slots[place])
    if said.moves or (talk.asked == "time" and said.when is not None):
        return _asked_back("time", reference, move, missing=when is None)
    if said.changes or (talk.asked == "number" and said.number is not None):
        return _asked_back("number", reference, ChangeNumber(said.number, reference), missing=said.number is None)
    if talk.asked and incoming.match.intent is None and not is_thanks(incoming.text) and talk.misses + 1 < MOST_MISSES:
        again = MoveCallback(None, reference) if talk.asked == "time" else ChangeNumber(None, reference)
        return Talk(misses=talk.misses + 1, asked=talk.asked, reference=reference), again
    is_only_time = incoming.match.intent in (None, AGENT) or said.calls
    if incoming.awaits_call and said.when is not None and is_only_time:
        return _asked_back("time", reference, move, missing=when is None)
    return None


def _asked_back(what: str, reference: str | None, act: Act, *, missing: bool) -> tuple[Talk, Act]:
    return (Talk(asked=what, reference=reference) if missing else Talk()), act


def _helped(talk: Talk, incoming: Incoming) -> tuple[Talk, Act] | None:
    """Take the answer to a question about somebody whom they write for."""
    if talk.helping is None:
        return None
    gone_on = go_on(talk.helping, incoming.text, incoming.match.intent, incoming.help)
    if gone_on is None:
        return None
    helping, act = gone_on
    if isinstance(act, Served):
        return Talk(), Matter(act.intent, spoken=act.spoken)
    return Talk(helping=helping), act


def _wanted(intent: str, incoming: Incoming) -> Matter:
    """Return the matter, and whom it may be for: to be asked where a mandate may allow it, else it allows nothing."""
    matter, known = _matter(intent), incoming.help
    if intent in (AGENT, DANGER) or known.for_self:
        return matter
    if known.holds:
        return replace(matter, asks_whom=True)
    return replace(matter, spoken=UNPROVED) if known.for_another else matter


def _picked(talk: Talk, text: str) -> str | None:
    place = _place(text)
    return talk.choices[place] if place is not None and place < len(talk.choices) else None


def _place(text: str) -> int | None:
    """Return which of several is picked, by a word alone."""
    said = words(text)
    return _PICKED.get(said[0]) if len(said) == 1 else None


def _meant(intent: str, match: IntentMatch, waits_for: frozenset[str]) -> str:
    """Return the matter of a match; a reminder names it in few words, and is about what they wait for."""
    if intent in waits_for or intent == DANGER or not waits_for:
        return intent
    second = match.runner_up
    if second is not None and second.intent in waits_for:
        is_close = match.score - second.score < CLOSE
        return second.intent if is_close or intent in ABOUT_ANOTHER else intent
    return next(iter(waits_for)) if intent in ABOUT_ANOTHER and len(waits_for) == 1 else intent


def _matter(intent: str) -> Matter:
    return Matter(intent, wants_agent=intent == AGENT)


def _missed(talk: Talk, incoming: Incoming) -> tuple[Talk, Act]:
    misses = talk.misses + 1
    if misses >= MOST_MISSES:
        return Talk(), _matter(AGENT)
    second = incoming.match.runner_up.intent if incoming.match.runner_up else None
    first = incoming.nearest
    if first is None or second is None or DANGER in (first, second) or first == second:
        return Talk(misses=misses), AskAgain()
    return Talk((first, second), misses), AskWhich((first, second))
