"""Read <Dial>: numbers, browser phones, a queue or a conference. Pure."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from guichet.carrier.simulator import attributes, grammar
from guichet.carrier.simulator.steps import (
    Dial,
    DialClient,
    DialConference,
    DialNumber,
    DialQueue,
    DialTarget,
)

Check = Callable[[Element], None]
Complain = Callable[[str], None]


def read_dial(element: Element, check: Check, complain: Complain) -> Dial:
    """Read <Dial> and whom it calls."""
    targets = [target for child in element for target in _dialled(child, check, complain)]
    if bare := attributes.text(element):
        targets.append(DialNumber(bare))
    if not targets:
        complain("<Dial> calls nobody")
    if len(targets) > grammar.MOST_NUMBERS:
        complain(f"<Dial> rings {grammar.MOST_NUMBERS} numbers at most")
    alone = [target for target in targets if isinstance(target, (DialQueue, DialConference))]
    if alone and len(targets) > 1:
        complain("<Queue> and <Conference> stand alone in <Dial>")
    return Dial(
        tuple(alone[:1] or targets[: grammar.MOST_NUMBERS]),
        attributes.target(element, "action"),
        timeout=attributes.number(element, "timeout", 30),
        caller_id=element.get("callerId", ""),
        hang_up_on_star=element.get("hangupOnStar") == "true",
        limit=attributes.number(element, "timeLimit", 14400),
    )


def _dialled(element: Element, check: Check, complain: Complain) -> list[DialTarget]:
    if element.tag not in grammar.CHILDREN["Dial"]:
        return []
    check(element)
    name, whisper, status = (
        attributes.text(element),
        attributes.target(element, "url", "method"),
        attributes.status(element),
    )
    match element.tag:
        case "Number":
            amd, keys = element.get("machineDetection", ""), element.get("sendDigits", "")
            return [DialNumber(name, whisper, status, keys, amd)]
        case "Client":
            identity = element.find("Identity")
            return [DialClient(attributes.text(identity) if identity is not None else name, whisper, status)]
        case "Queue":
            return [DialQueue(name, whisper)]
        case _:
            return [_conference(element, name, complain)]


def _conference(element: Element, name: str, complain: Complain) -> DialConference:
    if not name:
        complain("<Conference> has no name")
    return DialConference(
        name,
        starts=element.get("startConferenceOnEnter", "true") == "true",
        ends=element.get("endConferenceOnExit", "false") == "true",
        wait=attributes.target(element, "waitUrl", "waitMethod"),
        status=attributes.status(element),
        capacity=int(attributes.number(element, "maxParticipants", 250)),
    )
