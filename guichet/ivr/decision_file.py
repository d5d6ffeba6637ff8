"""The turns of a call in its contact's decision file (`routing.decision_file`). Pure.

Keys pressed are never in it, nor any number: of what was heard it has the masked text.
"""

from guichet.ivr.call import NO_MATTER as NAMES_AND_NUMBERS
from guichet.ivr.call import At
from guichet.ivr.inputs import Answer, Decided, Failed, HoldEnded, Identified, Input, Keys, Represented, Silence, Spoken
from guichet.routing.decision_file import File, of_citizen, of_decision, of_intent

NO_MATTER = NAMES_AND_NUMBERS | {At.SELF}


def with_turn(file: File, number: int, asked: At, heard: Input, answers: tuple[Answer, ...]) -> File:
    """Return the file with a turn added, and what its answers say of who, what and the decision."""
    turn = {"turn": number, "asked": asked.value, **_heard(heard)}
    grown: File = {**file, "turns": [*file.get("turns", []), turn]}
    if isinstance(heard, Spoken):
        grown["heard"] = heard.shown or heard.text
        if heard.match is not None and asked not in NO_MATTER:
            grown["intent"] = of_intent(heard.match)
    for answer in answers:
        match answer:
            case Identified(identification):
                grown["citizen"] = of_citizen(identification)
            case Represented(spoken):
                grown["mandate"] = {"standing": spoken.standing.value, "role": spoken.role and spoken.role.value}
            case Decided(decision, agents_free):
                grown["decision"] = {**of_decision(decision), "agents_free": agents_free}
            case _:
                continue
    return grown


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
