"""The turns of a call in its contact's decision file (`routing.decision_file`). Pure.

Keys pressed are never in it, nor any number: of what was heard it has the masked text.
"""

from guichet.callbacks.slots import Offer
from guichet.ivr.call import At
from guichet.ivr.inputs import (
    Answer,
    Decided,
    Failed,
    HoldEnded,
    Identified,
    Input,
    Keys,
    Represented,
    Silence,
    SlotBooked,
    Spoken,
)
from guichet.routing.decision_file import File, of_citizen, of_decision, of_grounds, of_intent

_MATTERS = frozenset({At.MATTER, At.CHOICE, At.MORE, At.DANGER, At.HOLD, At.END})
"""Where words are about a matter."""


def with_turn(file: File, number: int, asked: At, heard: Input, answers: tuple[Answer, ...]) -> File:
    """Return the file with a turn added, and what its answers say of who, what and the decision."""
    turn = {"turn": number, "asked": asked.value, **_heard(heard)}
    grown: File = {**file, "turns": [*file.get("turns", []), turn]}
    if isinstance(heard, Spoken):
        grown["heard"] = heard.shown or heard.text
        if heard.match is not None and asked in _MATTERS:
            grown["intent"] = of_intent(heard.match)
    for answer in answers:
        grown |= _told(answer)
    return grown


def _told(answer: Answer) -> File:
    """Say what an answer tells."""
    match answer:
        case Identified(identification):
            return {"citizen": of_citizen(identification)}
        case Represented(spoken):
            return {"mandate": spoken.as_file()}
        case Decided(decision, agents_free, grounds):
            decided = {"decision": {**of_decision(decision), "agents_free": agents_free}}
            return decided if grounds is None else {**decided, "grounds": of_grounds(grounds)}
        case SlotBooked(Offer(slot)):
            return {"slot": {"from": slot.starts.isoformat(), "to": slot.ends.isoformat()}}
        case _:
            return {}


def _heard(heard: Input) -> File:
    """Say how a turn was answered."""
    match heard:
        case Spoken():
            return {"by": "speech", "heard": heard.shown or heard.text, "confidence": round(heard.confidence, 3)}
        case Keys():
            return {"by": "keys"}
        case Silence():
            return {"by": "silence"}
        case Failed():
            return {"by": "failure"}
        case HoldEnded(result):
            return {"by": "hold", "result": result}
        case _:
            return {"by": "other"}
