"""What travels over the control API: actions and parties as JSON, both ways. Pure."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from guichet.carrier.simulator.parties import (
    Action,
    Answers,
    Busy,
    HangUp,
    Machine,
    NoAnswer,
    Party,
    Press,
    Speak,
    StaySilent,
)
from guichet.core.errors import BadInput


def write_action(action: Action) -> dict[str, object]:
    """Return an action as JSON knows it."""
    match action:
        case Speak(mulaw, label):
            return {"do": "speak", "mulaw": base64.b64encode(mulaw).decode(), "label": label}
        case Press(keys):
            return {"do": "press", "keys": keys}
        case StaySilent():
            return {"do": "stay_silent"}
        case HangUp(after):
            return {"do": "hang_up", "after": after}


def read_action(body: Mapping[str, Any]) -> Action:
    """Read an action; raises BadInput."""
    try:
        match body["do"]:
            case "speak":
                return Speak(base64.b64decode(body["mulaw"], validate=True), str(body.get("label", "")))
            case "press":
                return Press(str(body["keys"]))
            case "stay_silent":
                return StaySilent()
            case "hang_up":
                return HangUp(after=float(body.get("after", 0)))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise BadInput(f"not an action: {error}") from error
    raise BadInput(f"nobody can {body['do']!r}: use speak, press, stay_silent or hang_up")


def read_actions(bodies: Sequence[Mapping[str, Any]]) -> tuple[Action, ...]:
    """Read a script; raises BadInput."""
    return tuple(read_action(body) for body in bodies)


def read_party(body: Mapping[str, Any]) -> Party:
    """Read who is at the end of a number; raises BadInput."""
    match body.get("party", "answers"):
        case "answers":
            return Answers(read_actions(body.get("actions", ())))
        case "busy":
            return Busy()
        case "no_answer":
            return NoAnswer()
        case "machine":
            return Machine()
    raise BadInput("a party is answers, busy, no_answer or machine")
