"""One step of a text conversation: what a message asks for, given what was asked before. Pure.

    message --> keyword (the whole message) ---------> OptOut | OptIn | Explain | TellStatus | CancelRequest | Matter
            --> DEPLACER, AUTRE NUMERO, with or without what they need, or the answer to our question,
                or only a time while a callback is open -> MoveCallback | ChangeNumber
            --> for whom, who writes, when asked ----> AskWho | Matter (`for_another`)
            --> 1 to 5, "très satisfait", after the survey -> Rate
            --> after a question of an agent's ------> Reply: it is theirs to read
            --> 1 or 2, after a question ------------> Matter
            --> "non, pas ca", after what we made of their last -> TakeBack, with the matter said instead
            --> thanks, or only digits out of turn --> Silent, or as not understood
            --> matter understood, danger first -----> Matter (of two that are close, the one they wait for)
            --> not understood, first time ----------> AskWhich (the likeliest two) | AskAgain
            --> not understood, second time ---------> Matter(agent_humain): a person reads it

At most one thing is asked at a time, and nobody is asked for ever: `misses` bounds it.
"""

from dataclasses import replace

from guichet.routing.intent import AGENT, DANGER, IntentMatch
from guichet.sms.about_call import about_call
from guichet.sms.acts import (
    Act,
    AskAgain,
    AskWhich,
    CancelRequest,
    Explain,
    Matter,
    OptIn,
    OptOut,
    Rate,
    Reply,
    Silent,
    TakeBack,
    TellStatus,
)
from guichet.sms.for_another import UNPROVED, Served, go_on
from guichet.sms.keywords import Command, is_thanks, keyword
from guichet.sms.not_that import refuses_both, says_not_that
from guichet.sms.survey import score_in
from guichet.sms.talk import MOST_MISSES, Incoming, Talk, place_picked

CLOSE = 0.2
"""Scores that differ by less are told apart by what the person waits for already."""
ABOUT_ANOTHER = frozenset({"rendez_vous", "suivi_dossier"})
"""Matters that are about another one: who waits for something means that."""


def step(talk: Talk, incoming: Incoming) -> tuple[Talk, Act]:
    """Return what to do about a message, and what to remember."""
    act = _obeyed(incoming) or _command(incoming)
    if act is not None:
        return Talk(), act
    is_danger = incoming.match.intent == DANGER
    about_open = None if is_danger else _corrected(talk, incoming) or _about_open(talk, incoming)
    if about_open is not None:
        return about_open
    picked = _picked(talk, incoming) or _rated(talk, incoming)
    if picked is not None:
        return Talk(), picked
    if not talk.misses and is_thanks(incoming.text):
        return talk, Silent()
    if incoming.match.intent is not None and any(letter.isalpha() for letter in incoming.text):
        return Talk(), _wanted(_meant(incoming.match.intent, incoming.match, incoming.waits_for), incoming)
    return _missed(talk, incoming)


def _corrected(talk: Talk, incoming: Incoming) -> tuple[Talk, Act] | None:
    """Take back what we understood, for the matter that was said with it; refuse both of the two asked back."""
    intent, lately = incoming.match.intent, incoming.lately
    if incoming.asked is not None:
        return None
    if talk.choices:
        return (Talk(misses=talk.misses), AskAgain()) if intent is None and refuses_both(incoming.text) else None
    if lately is None or not says_not_that(incoming.text):
        return None
    other = _wanted(intent, incoming) if intent not in (None, lately.intent) else None
    return Talk(misses=0 if other else 1), TakeBack(lately.reference, other)


def _about_open(talk: Talk, incoming: Incoming) -> tuple[Talk, Act] | None:
    """Take what is about something they wait for already: our question for whom, an agent's question, or a callback."""
    helped = _helped(talk, incoming)
    if helped is not None:
        return helped
    replied = _replied(incoming)
    return (Talk(), replied) if replied is not None else about_call(talk, incoming)


def _replied(incoming: Incoming) -> Reply | None:
    """Take what follows a question of an agent's for its answer, but for a wish about a call."""
    said = incoming.calls
    if said.moves or said.changes:
        return None
    if incoming.asked is not None:
        return Reply(incoming.asked)
    adds = incoming.told is not None and incoming.match.intent is None and not is_thanks(incoming.text)
    return Reply(incoming.told) if adds and incoming.told is not None else None


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
    if found is None or (found.everyday and incoming.match.intent is not None and not incoming.waits_for):
        return None
    acts: dict[Command, Act] = {
        Command.STOP: OptOut(confirm=not incoming.opted_out),
        Command.START: OptIn(confirm=True),
        Command.STATUS: TellStatus(found.reference),
        Command.CANCEL: CancelRequest(found.reference),
        Command.AGENT: _matter(AGENT),
        Command.HELP: Explain(),
    }
    return acts[found.command]


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


def _picked(talk: Talk, incoming: Incoming) -> Act | None:
    place = place_picked(incoming.text)
    return _wanted(talk.choices[place], incoming) if place is not None and place < len(talk.choices) else None


def _rated(talk: Talk, incoming: Incoming) -> Act | None:
    """Take the answer to the question how they were served, unless another was asked since."""
    score = score_in(incoming.text) if incoming.surveyed and not (talk.choices or talk.asked or talk.misses) else None
    return None if score is None or incoming.match.intent == DANGER else Rate(score)


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
        return Talk(misses=misses), AskAgain(is_danger_near=DANGER in (first, second))
    return Talk((first, second), misses), AskWhich((first, second))
