"""A part of the rule book as a form: groups of fields with what is written there, and what is wrong at each. Pure.

The book may have flaws: whatever can be found in its text is shown, so that it can be mended here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from guichet.core.language import Bilingual
from guichet.routing.document import Flaw, Item, read
from guichet.routing.document_editing import Place, find, key_of
from guichet.routing.rule_form_asks import (
    Names,
    Part,
    Words,
)


class Writes(Enum):
    """What a field writes: a text, a list of texts, or the key itself."""

    TEXT = auto()
    LIST = auto()
    KEY = auto()


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values that a field may have."""

    value: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the form, the key of its label or its own `title`, what the book has there, and where."""

    name: str
    label: str
    value: str
    place: Place
    writes: Writes = Writes.TEXT
    choice: Words | Names | None = None
    options: tuple[Option, ...] = ()
    is_long: bool = False
    flaws: tuple[Flaw, ...] = ()
    title: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one thing: a line, a queue, a rule. `can_go`: it may be taken out; `is_new`: it is to be filled."""

    key: str
    title: str
    place: Place
    fields: tuple[Field, ...]
    can_go: bool = False
    is_new: bool = False
    is_rows: bool = False
    flaws: tuple[Flaw, ...] = ()
    warnings: tuple[Flaw, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A part as a form. `elsewhere` are the flaws that belong to none of its groups."""

    part: Part
    groups: tuple[Group, ...]
    elsewhere: tuple[Flaw, ...] = field(default=())


def with_flaws(text: str, form: Form, flaws: Sequence[Flaw], warnings: Sequence[Flaw]) -> Form:
    """Return a form that tells each flaw at its field, else at its group; of warnings those of its groups."""
    root = read(text)
    left = list(flaws)
    groups = []
    for group in form.groups:
        spans = [(one, _span(root, one.place, one.writes)) for one in group.fields]
        groups.append(replace(group, fields=tuple(replace(one, flaws=tuple(_taken(at, left))) for one, at in spans)))
    for number, group in enumerate(groups):
        span = None if group.is_new else _span(root, group.place)
        told = tuple(_taken(span, list(warnings)))
        groups[number] = replace(group, flaws=tuple(_taken(span, left)), warnings=told)
    return replace(form, groups=tuple(groups), elsewhere=tuple(left))


_Spot = tuple[int, int]
"""Line and column, from 1."""


def _taken(span: tuple[_Spot, _Spot] | None, left: list[Flaw]) -> Iterator[Flaw]:
    """Yield the flaws that lie in a span, and take them off those that are left."""
    if span is None:
        return
    for flaw in [one for one in left if span[0] <= (one.line, one.column) < span[1]]:
        left.remove(flaw)
        yield flaw


def _span(root: Item, place: Place, writes: Writes | None = None) -> tuple[_Spot, _Spot] | None:
    """Return where something stands: a key alone, a value alone, or (None) what belongs to a group."""
    found, named = (find(root, place), key_of(root, place)) if place else (None, None)
    if found is None:
        return None
    value = found.line, found.column
    if writes is Writes.KEY:
        return ((named.line, named.column), value) if named else None
    start = (named.line, named.column) if writes is None and named else value
    end = int(found.node.end_mark.line) + 1, int(found.node.end_mark.column) + 1
    return start, max(end, (value[0], value[1] + 1))
