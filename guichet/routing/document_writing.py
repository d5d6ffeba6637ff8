"""Writing values as YAML that reads back as the same texts: as people write them where that can be. Pure."""

import json
from collections.abc import Mapping

import yaml

from guichet.routing.document import FlawedDocument, read


def clean(text: str) -> str:
    """Return a text on one line, without what cannot be written in a document."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def scalar(text: str, style: str | None = None, *, in_flow: bool) -> str:
    """Write a text: in the quotes that it had (`style`), as it is where that reads back as the same, else in quotes."""
    if style == "'" and text:
        return "'" + text.replace("'", "''") + "'"
    if style != '"' and _reads_back(text, in_flow=in_flow):
        return text
    return json.dumps(text, ensure_ascii=False)


def flow(value: object) -> str:
    """Write a text, a list or a mapping on one line."""
    match value:
        case str():
            return scalar(value, in_flow=True)
        case Mapping():
            return "{" + ", ".join(f"{scalar(key, in_flow=True)}: {flow(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case _:
            raise TypeError(f"{type(value).__name__} is nothing that is written here")


def block(value: object, indent: int) -> str:
    """Write a text or the lines of a mapping, each behind `indent` spaces; what is inside a list is on one line."""
    before = " " * indent
    if isinstance(value, str):
        return before + scalar(value, in_flow=False)
    if not isinstance(value, Mapping):
        return before + flow(value)
    return "\n".join(before + _pair(key, one, indent) for key, one in value.items())


def _pair(key: str, value: object, indent: int) -> str:
    name = scalar(key, in_flow=False)
    match value:
        case str():
            return f"{name}: {scalar(value, in_flow=False)}"
        case Mapping():
            return f"{name}:\n{block(value, indent + 2)}"
        case list() | tuple() if any(isinstance(one, Mapping) for one in value):
            lines = (f"{' ' * (indent + 2)}- {block(one, indent + 4).lstrip()}" for one in value)
            return "\n".join((f"{name}:", *lines))
        case _:
            return f"{name}: {flow(value)}"


def _reads_back(text: str, *, in_flow: bool) -> bool:
    """Whether a text written as it is means itself, behind a key and as one."""
    if not text or text != text.strip():
        return False
    try:
        node = read(f"{{k: {text}, l: m}}" if in_flow else f"k: {text}\nl: m").node
    except FlawedDocument:
        return False
    pairs = node.value
    if not isinstance(node, yaml.MappingNode) or len(pairs) != 2:
        return False
    value = pairs[0][1]
    return isinstance(value, yaml.ScalarNode) and not value.style and value.value == text
