"""Read <Stream>. Pure."""

from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from guichet.carrier.simulator import attributes, grammar
from guichet.carrier.simulator.steps import Stream


def read_stream(element: Element, connect: Element, complain: Callable[[str], None]) -> Stream:
    """Read <Stream> inside <Connect> or <Start>."""
    two_way = connect.tag == "Connect"
    url = element.get("url", "")
    parts = urlsplit(url)
    if parts.scheme != "wss":
        complain(f"31921: <Stream> wants a wss:// URL, not {parts.scheme or 'a relative one'}")
    if parts.query:
        complain("<Stream> loses its query string; use the path or <Parameter>")
    if two_way and element.get("track") not in {None, "inbound_track"}:
        complain("<Connect><Stream> hears the inbound track only")
    parameters = [(child.get("name", ""), child.get("value", "")) for child in element if child.tag == "Parameter"]
    for name, value in parameters:
        if not name or len(name + value) >= grammar.LONGEST_PARAMETER:
            complain("<Parameter> needs a name, and name and value under 500 characters")
    return Stream(
        parts._replace(query="", fragment="").geturl(),
        two_way,
        element.get("name", ""),
        element.get("track", "inbound_track"),
        tuple(parameters),
        attributes.target(element, "statusCallback", "statusCallbackMethod"),
        attributes.target(connect, "action"),
    )
