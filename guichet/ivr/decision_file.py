"""The decision file of a call: what was heard, who it may be, what is wanted, what was decided, and why. Pure.

Plain JSON values in `Contact.file`, for the agent, the supervisor and the citizen who asks. Keys pressed are never in
it, nor any number: of what was heard it has the masked text.
"""

from typing import Any

from guichet.citizens.citizen import Identification
from guichet.core.language import Bilingual
from guichet.ivr.call import At
from guichet.ivr.inputs import Answer, Decided, Failed, HoldEnded, Identified, Input, Keys, Silence, Spoken
from guichet.routing.decision import Decision
from guichet.routing.intent import IntentMatch

File = dict[str, Any]


def with_turn(file: File, number: int, asked: At, heard: Input, answers: tuple[Answer, ...]) -> File:
    """Return the file with a turn added, and what its answers say of who, what and the decision."""
    turn = {"turn": number, "asked": asked.value, **_heard(heard)}
    grown: File = {**file, "turns": [*file.get("turns", []), turn]}
    if isinstance(heard, Spoken):
        grown["heard"] = heard.shown or heard.text
        if heard.match is not None and asked not in {At.WHO, At.CHECK, At.NUMBER}:
            grown["intent"] = _intent(heard.match)
    for answer in answers:
        match answer:
            case Identified(identification):
                grown["citizen"] = _citizen(identification)
            case Decided(decision, agents_free):
                grown["decision"] = {**_decision(decision), "agents_free": agents_free}
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


def _citizen(identification: Identification) -> File:
    """Say who it may be, and why."""
    return {
        "certainty": identification.certainty.value,
        "candidates": [
            {
                "id": candidate.citizen.id,
                "score": round(candidate.score, 3),
                "because": [{**_both(reason.text), "weight": reason.weight} for reason in candidate.because],
            }
            for candidate in identification.candidates
        ],
    }


def _intent(match: IntentMatch) -> File:
    """Say what is wanted, and by which words."""
    runner_up = match.runner_up
    return {
        "intent": match.intent,
        "score": round(match.score, 3),
        "runner_up": {"intent": runner_up.intent, "score": round(runner_up.score, 3)} if runner_up else None,
        "because": list(match.because),
    }


def _decision(decision: Decision) -> File:
    """Say what was decided, by which rule of which version, and why."""
    return {
        "outcome": decision.outcome.value,
        "queue": decision.queue,
        "rule": decision.rule,
        "version": decision.version,
        "because": [_both(reason) for reason in decision.because],
    }


def _both(text: Bilingual) -> File:
    """Keep both languages."""
    return {"fr": text.fr, "en": text.en}
