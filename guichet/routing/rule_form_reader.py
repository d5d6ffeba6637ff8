"""Reads a part of the rule book as a form, leniently: the book may have flaws, which are to be mended there. Pure."""

from collections.abc import Iterable, Iterator, Mapping

import yaml

from guichet.core.language import Bilingual
from guichet.routing.document import Item, read
from guichet.routing.document_editing import Key, Nth, Place, find
from guichet.routing.rule_book import BOOK_KEYS
from guichet.routing.rule_form import Field, Form, Group, Option, Writes
from guichet.routing.rule_form_asks import (
    CLOSURE,
    DEFAULT,
    EMERGENCY,
    LINE,
    MATTERS_OF_QUEUE,
    MATTERS_OF_RULE,
    MESSAGES,
    NAME_OF_LINE,
    NAME_OF_QUEUE,
    NAME_OF_RULE,
    QUEUE,
    RULE,
    Ask,
    Names,
    Part,
    Words,
    is_french,
    key,
)

NEW = "new"
"""The key of the group, and of the row, that is empty: what is written there is added."""
_LISTS: Mapping[Part, tuple[Ask | None, tuple[Ask, ...], tuple[Ask, ...]]] = {
    Part.LINES: (NAME_OF_LINE, LINE, (NAME_OF_LINE, *LINE)),
    Part.QUEUES: (NAME_OF_QUEUE, QUEUE, (NAME_OF_QUEUE, *QUEUE)),
    Part.RULES: (NAME_OF_RULE, RULE, (NAME_OF_RULE, MATTERS_OF_RULE, *RULE)),
    Part.CLOSURES: (None, CLOSURE, CLOSURE),
}
"""Of each part that is a list: what names an element, what is asked of it, and of a new one."""


def form_of(text: str, part: Part, matters: Mapping[str, Bilingual] | None = None) -> Form:
    """Return a part of a book; `matters` are those of the intent book. Raises FlawedDocument for what is no YAML."""
    return Form(part, tuple(_Reader(read(text)).groups(part, matters or {})))


class _Reader:
    """Reads the parts of a book leniently."""

    def __init__(self, root: Item) -> None:
        self._root = root
        self._french = is_french(root)

    def groups(self, part: Part, matters: Mapping[str, Bilingual]) -> Iterator[Group]:
        """Yield the groups of a part."""
        match part:
            case Part.HOURS:
                yield from self._hours()
            case Part.MESSAGES:
                yield Group("messages", "messages", (), self._fields("messages", (), MESSAGES))
            case Part.MATTERS:
                yield self._matters(matters)
            case _:
                yield from self._list(part)
        if part is Part.RULES:
            for name, asks in (("default", DEFAULT), ("emergency", EMERGENCY)):
                place = (self._key(name),)
                yield Group(name, name, place, self._fields(name, place, asks))

    def _key(self, name: str) -> Key:
        return key(name, BOOK_KEYS, french=self._french)

    def _list(self, part: Part) -> Iterator[Group]:
        named, asks, new = _LISTS[part]
        place = (self._key(part.value),)
        for number in range(_length(find(self._root, place))):
            here, name = (*place, number), f"{part.value}.{number}"
            title = self._written((*here, *named.place(french=self._french))) if named else ""
            can_go = part in {Part.RULES, Part.CLOSURES}
            yield Group(name, title, here, self._fields(name, here, asks), can_go=can_go)
        name = f"{part.value}.{NEW}"
        # Nothing stands there yet: its fields are found nowhere, and are empty.
        here = (*place, 10**6)
        yield Group(name, "", place, self._fields(name, here, new), is_new=True)

    def _fields(self, group: str, place: Place, asks: Iterable[Ask]) -> tuple[Field, ...]:
        return tuple(self._field(f"{group}.{ask.name}", (*place, *ask.place(french=self._french)), ask) for ask in asks)

    def _field(self, name: str, place: Place, ask: Ask) -> Field:
        value = self._written(place)
        value = ask.choice.chosen(value) if isinstance(ask.choice, Words) and value else value
        options = self._options(ask.choice, value) if ask.choice else ()
        writes = Writes.LIST if ask.is_list else Writes.TEXT
        return Field(name, ask.name, value, place, writes, ask.choice, options, ask.is_long)

    def _options(self, choice: Words | Names, value: str) -> tuple[Option, ...]:
        if isinstance(choice, Words):
            options = [Option(name, label) for name, label in choice.shown.items()]
        else:
            options = [Option(name, Bilingual(name, name)) for name in self._names(choice.part)]
        if value and value not in {one.value for one in options}:
            options.append(Option(value, Bilingual(f"{value} ?", f"{value} ?")))
        return (Option("", Bilingual("–", "–")), *options)

    def _names(self, part: str) -> list[str]:
        place = (self._key(part),)
        if part == Part.HOURS.value:
            return [name for name, _ in _pairs(find(self._root, place))]
        own = NAME_OF_QUEUE.place(french=self._french)
        return [
            name
            for number in range(_length(find(self._root, place)))
            if (name := self._written((*place, number, *own)))
        ]

    def _hours(self) -> Iterator[Group]:
        place = (self._key("hours"),)
        for number, (name, days) in enumerate(_pairs(find(self._root, place))):
            here: Place = (*place, Nth(number))
            rows: list[Field] = []
            for at, (day, ranges) in enumerate(_pairs(days)):
                spot = (*here, Nth(at))
                rows.append(Field(f"hours.{number}.{at}.days", "days", day, spot, Writes.KEY))
                rows.append(Field(f"hours.{number}.{at}.ranges", "ranges", written(ranges), spot, Writes.LIST))
            rows += self._row(f"hours.{number}.{NEW}", here)
            yield Group(f"hours.{number}", name, here, tuple(rows), is_rows=True)
        name_of_set = Field(f"hours.{NEW}.name", "name", "", place)
        yield Group(f"hours.{NEW}", "", place, (name_of_set, *self._row(f"hours.{NEW}.{NEW}", place)), is_new=True)

    @staticmethod
    def _row(name: str, place: Place) -> list[Field]:
        spot = (*place, Nth(10**6))
        return [
            Field(f"{name}.days", "days", "", spot, Writes.KEY),
            Field(f"{name}.ranges", "ranges", "", spot, Writes.LIST),
        ]

    def _matters(self, matters: Mapping[str, Bilingual]) -> Group:
        """Return which queue each matter comes to by itself; those that the book alone knows are there too."""
        of_queue = self._queues_of_matters()
        titles = {**matters, **{name: Bilingual(name, name) for name in of_queue if name not in matters}}
        choice = Names("queues")
        fields = (
            Field(
                f"matters.{name}",
                "",
                of_queue.get(name, ""),
                (),
                choice=choice,
                options=self._options(choice, of_queue.get(name, "")),
                title=title,
            )
            for name, title in titles.items()
        )
        return Group("matters", "matters", (), tuple(fields))

    def _queues_of_matters(self) -> dict[str, str]:
        """Return the queue of each matter that one names, the first if there are two."""
        place, found = (self._key("queues"),), dict[str, str]()
        for number in range(_length(find(self._root, place))):
            here = (*place, number)
            queue = self._written((*here, *NAME_OF_QUEUE.place(french=self._french)))
            for name in words(self._written((*here, *MATTERS_OF_QUEUE.place(french=self._french)))):
                found.setdefault(name, queue)
        return found

    def _written(self, place: Place) -> str:
        found = find(self._root, place)
        return "" if found is None else written(found)


def written(item: Item) -> str:
    """Return what is written in a text, or in a list of texts with commas between; nothing for anything else."""
    if item.is_text:
        return " ".join(item.text().split())
    if item.is_list and all(one.is_text for one in item.items()):
        return ", ".join(one.text() for one in item.items())
    return ""


def words(text: str) -> list[str]:
    """Return the texts between commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


def _pairs(item: Item | None) -> list[tuple[str, Item]]:
    if item is None or not isinstance(item.node, yaml.MappingNode):
        return []
    return [(str(name.value).strip(), Item(value)) for name, value in item.node.value]


def _length(item: Item | None) -> int:
    return len(item.items()) if item is not None and item.is_list else 0
