"""Changing values of a YAML document in its text, so that all else stays as it was written, comments too. Pure.

A place is a path of steps from the root: a key (in either language), the number of an element, or `Nth` pair.
Each change composes the text anew: documents are short, and no change can spoil the place of another.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from guichet.routing.document import Item, key_name, read
from guichet.routing.document_writing import block, flow, scalar

WIDTH = 110
"""Columns that a line which is written here keeps to, where it can."""


@dataclass(frozen=True, slots=True)
class Key:
    """The value of a key, by its canonical name; `known` gives the canonical name of each accepted key.

    `written` is how the key is written where it is not there yet.
    """

    name: str
    known: Mapping[str, str] = field(hash=False)
    written: str


@dataclass(frozen=True, slots=True)
class Nth:
    """The value of the pair of that number, of a mapping whose keys are anything: days, names."""

    number: int


Step = Key | Nth | int
Place = tuple[Step, ...]
Value = str | Sequence[str]
"""A text, or a list of texts."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A node on the way: the pair's key, where it is of a pair, and whether something around it is in brackets."""

    node: yaml.Node
    key: yaml.Node | None = None
    in_flow: bool = False


def find(root: Item, place: Place) -> Item | None:
    """Return what stands at a place; None where there is nothing."""
    way = _way(root.node, place)
    return Item(way[-1].node) if len(way) > len(place) else None


def key_of(root: Item, place: Place) -> Item | None:
    """Return the key of what stands at a place."""
    way = _way(root.node, place)
    key = way[-1].key if len(way) > len(place) else None
    return Item(key) if key is not None else None


def end_of(text: str, item: Item) -> int:
    """Return the offset behind the last letter of an item."""
    return _end(text, item.node)


def put(text: str, place: Place, value: Value) -> str:
    """Write a value at a place, in the style of what stands there; keys on the way are made where they are missing.

    Raises FlawedDocument for a text that cannot be read, LookupError for an element of a list that is not there.
    """
    way = _way(read(text).node, place)
    last = way[-1]
    missing = place[len(way) - 1 :]
    if not missing:
        return _replaced(text, last, value)
    if not isinstance(last.node, yaml.MappingNode):
        return _replaced(text, last, _nested(missing, value))
    return _with_pair(text, last, missing, value)


def rename(text: str, place: Place, name: str) -> str:
    """Write another key for what stands at a place."""
    last = _way(read(text).node, place)[-1]
    return text if last.key is None else _replaced(text, _Found(last.key, None, last.in_flow), name)


def remove(text: str, place: Place) -> str:
    """Take out what stands at a place with its key; what holds nothing any more goes with it."""
    way = _way(read(text).node, place)
    if len(way) <= len(place):
        return text
    held = way[-2].node
    if len(held.value) == 1 and len(place) > 1:
        return remove(text, place[:-1])
    at = next(number for number, one in enumerate(held.value) if _value_node(one) is way[-1].node)
    return _without(text, held, at, in_flow=_is_flow(held))


def append(text: str, place: Place, fields: Mapping[str, object] | str) -> str:
    """Write one more element behind the last of a list: a text, or `key: value` lines; the list is made if need be."""
    way = _way(read(text).node, place)
    held = way[-1].node
    if len(way) <= len(place) or not isinstance(held, yaml.SequenceNode) or not held.value:
        return _first(text, way, place, fields)
    last = _end(text, held.value[-1])
    if held.flow_style:
        return _wrapped(text, last, flow(fields), held.value[0].start_mark.column)
    indent = held.start_mark.column
    place_of = _line_end(text, last)
    return f"{text[:place_of]}\n{' ' * indent}- {block(fields, indent + 2).lstrip()}{text[place_of:]}"


def _first(text: str, way: list[_Found], place: Place, fields: Mapping[str, object] | str) -> str:
    """Write the first element of a list that is not there, or is empty."""
    if len(way) > len(place):
        last = way[-1]
        return _with_slice(text, last, f"[{flow(fields)}]")
    return _with_pair(text, way[-1], place[len(way) - 1 :], [fields])


def _way(node: yaml.Node, place: Place) -> list[_Found]:
    """Return the nodes on the way to a place, the root first, as far as there are any."""
    way = [_Found(node)]
    for step in place:
        here = way[-1]
        found = _step(here.node, step)
        if found is None:
            break
        key, value = found
        way.append(_Found(value, key, here.in_flow or _is_flow(here.node)))
    return way


def _step(node: yaml.Node, step: Step) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(step, int):
        held = node.value if isinstance(node, yaml.SequenceNode) else []
        return (None, held[step]) if step < len(held) else None
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    if isinstance(step, Nth):
        return pairs[step.number] if step.number < len(pairs) else None
    for key, value in pairs:
        name = str(key.value).strip()
        if (step.known.get(name) or step.known.get(key_name(name))) == step.name:
            return key, value
    return None


def _is_flow(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _value_node(one: "yaml.Node | tuple[yaml.Node, yaml.Node]") -> yaml.Node:
    return one[1] if isinstance(one, tuple) else one


def _start(one: "yaml.Node | tuple[yaml.Node, yaml.Node]") -> int:
    return int((one[0] if isinstance(one, tuple) else one).start_mark.index)


def _end(text: str, node: yaml.Node) -> int:
    """Return where a node really ends: marks of blocks stand behind the comments that follow."""
    start = int(node.start_mark.index)
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        return max(start, _end(text, _value_node(node.value[-1])))
    return start + len(text[start : int(node.end_mark.index)].rstrip())


def _line_end(text: str, offset: int) -> int:
    at = text.find("\n", offset)
    return len(text) if at < 0 else at


def _line_start(text: str, offset: int) -> int:
    return text.rfind("\n", 0, offset) + 1


def _replaced(text: str, found: _Found, value: object) -> str:
    """Write a value over a node."""
    node = found.node
    if isinstance(value, str) and isinstance(node, yaml.ScalarNode):
        if node.style in {">", "|"} and not found.in_flow and len(value) > WIDTH // 2:
            return _with_slice(text, found, _folded(text, node, value))
        return _with_slice(text, found, scalar(value, node.style, in_flow=found.in_flow))
    written = scalar(value, in_flow=found.in_flow) if isinstance(value, str) else flow(value)
    return _with_slice(text, found, written)


def _folded(text: str, node: yaml.Node, value: str) -> str:
    """Write a long text as the folded block that it was, with its indent."""
    lines = text[int(node.start_mark.index) : _end(text, node)].split("\n")[1:]
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=2)
    broken = textwrap.wrap(value, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return ">-\n" + "\n".join(f"{' ' * indent}{line}" for line in broken)


def _with_slice(text: str, found: _Found, written: str) -> str:
    """Write over a node; a block that began on a line of its own is written behind its key."""
    node, key = found.node, found.key
    start, end = int(node.start_mark.index), _end(text, node)
    if key is not None:
        after = text.find(":", int(key.end_mark.index), start) + 1
        gap = text[after:start]
        if not after:
            written = f": {written}"
        elif not gap or (not gap.strip() and "\n" in gap):
            start, written = after, f" {written}"
    return text[:start] + written + text[end:]


def _nested(steps: Sequence[Step], value: object) -> object:
    """Return a value inside the keys that lead to it. Raises LookupError where a step is no key."""
    for step in reversed(steps):
        match step:
            case Key(written=written):
                value = {written: value}
            case _:
                raise LookupError("there is no such element")
    return value


def _with_pair(text: str, found: _Found, missing: Place, value: object) -> str:
    """Write one more pair behind the last of a mapping."""
    pair, node = _nested(missing, value), found.node
    if found.in_flow or _is_flow(node):
        inner = flow(pair)[1:-1]
        if not node.value:
            return _with_slice(text, found, f"{{{inner}}}")
        return _wrapped(text, _end(text, node.value[-1][1]), inner, node.value[0][0].start_mark.column)
    place = _line_end(text, _end(text, node.value[-1][1]))
    return f"{text[:place]}\n{block(pair, node.value[0][0].start_mark.column)}{text[place:]}"


def _wrapped(text: str, place: int, written: str, indent: int) -> str:
    """Write an element behind another one in brackets, on a line of its own where the line would become too long."""
    is_long = place - _line_start(text, place) + len(written) + 3 > WIDTH
    between = f",\n{' ' * indent}" if is_long else ", "
    return text[:place] + between + written + text[place:]


def _without(text: str, held: yaml.Node, at: int, *, in_flow: bool) -> str:
    """Take an element out of a list, or a pair out of a mapping, that has others."""
    starts = [_start(one) for one in held.value]
    ends = [_end(text, _value_node(one)) for one in held.value]
    if in_flow:
        start, end = (ends[at - 1], ends[at]) if at else (starts[0], starts[1])
        return text[:start] + text[end:]
    line = _line_start(text, starts[at])
    if isinstance(held, yaml.MappingNode) and text[line : starts[at]].strip():
        # The first pair of a list's element stands behind its dash, which the next one takes.
        behind = _line_end(text, ends[at])
        between = text[behind : starts[at + 1]]
        return text[: starts[at]] + text[behind if "#" in between else starts[at + 1] :]
    return text[:line] + text[_line_end(text, ends[at]) + 1 :]
