"""Read the text and attributes of a TwiML element; wrong values have been complained about by `grammar`. Pure."""

from xml.etree.ElementTree import Element

from guichet.carrier.simulator.steps import StatusHook, Target


def text(element: Element) -> str:
    """Return the text before the first child."""
    return (element.text or "").strip()


def number(element: Element, name: str, default: float) -> float:
    """Return an attribute as a number; what is no number has been complained about, and counts as the default."""
    value = element.get(name, "")
    return float(value) if value.isdecimal() else default


def target(element: Element, name: str, method: str = "method") -> Target | None:
    """Return the URL of an attribute, with the method of another, if there is one."""
    url = element.get(name)
    return Target(url, element.get(method, "POST")) if url else None


def status(element: Element) -> StatusHook | None:
    """Return where a leg reports, and which events."""
    where = target(element, "statusCallback", "statusCallbackMethod")
    if where is None:
        return None
    return StatusHook(where, tuple(element.get("statusCallbackEvent", "completed").split()))
