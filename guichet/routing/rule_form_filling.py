"""Writing what was filled into a form of the rule book into its text: only what is other than it was. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from guichet.routing.document import Item, read
from guichet.routing.document_editing import Key, Place, append, find, put, remove, rename
from guichet.routing.document_writing import clean
from guichet.routing.rule_book import BOOK_KEYS
from guichet.routing.rule_form import Field, Form, Group, Writes
from guichet.routing.rule_form_asks import MATTERS_OF_QUEUE, NAME_OF_QUEUE, Part, Words, is_french, key
from guichet.routing.rule_form_reader import NEW, form_of, words, written

GOES = "goes"
"""The field that takes its group out of the book."""


def fill(text: str, part: Part, given: Mapping[str, str]) -> str:
    """Return the text of a book with what was given for the fields of a part; a field that is not given stays.

    Raises FlawedDocument for a text that is no YAML.
    """
    form = form_of(text, part)
    french = is_french(read(text))
    if part is Part.MATTERS:
        return _with_matters(text, given, french=french)
    for group in form.groups:
        if not group.is_new and f"{group.key}.{GOES}" not in given:
            text = _filled(text, group, given, french=french)
    for group in reversed(form.groups):
        if group.can_go and f"{group.key}.{GOES}" in given:
            text = remove(text, group.place)
    for group in form.groups:
        if group.is_new:
            text = _with_new(text, form, group, given, french=french)
    return text


def _given(field: Field, given: Mapping[str, str]) -> str:
    """Return what was given for a field: what is there where nothing was."""
    return clean(given.get(field.name, field.value))


def _changed(group: Group, given: Mapping[str, str]) -> Iterator[tuple[Field, str]]:
    for field in group.fields:
        new = _given(field, given)
        if new != field.value:
            yield field, new


def _filled(text: str, group: Group, given: Mapping[str, str], *, french: bool) -> str:
    """Write the fields of a group that were changed; what is emptied goes last, so that the numbers stay true."""
    emptied: list[Place] = []
    for field, new in _changed(group, given):
        if group.is_rows and f".{NEW}." in field.name:
            continue
        match field.writes, new:
            case Writes.KEY, "":
                emptied.append(field.place)
            case Writes.KEY, _:
                text = rename(text, field.place, new)
            case Writes.LIST, "" if group.is_rows:
                continue  # a day without hours is told as a flaw, unless its name was emptied too
            case _, "":
                emptied.append(field.place)
            case _:
                text = put(text, field.place, _value(field, new, french=french))
    for place in reversed(emptied):
        text = remove(text, place)
    return _with_row(text, group, given) if group.is_rows else text


def _with_row(text: str, group: Group, given: Mapping[str, str]) -> str:
    """Write the days and ranges of a new row."""
    days, ranges = (clean(given.get(f"{group.key}.{NEW}.{name}", "")) for name in ("days", "ranges"))
    if not days and not ranges:
        return text
    return put(text, (*group.place, Key(days, {days: days}, days)), _ranges(ranges))


def _ranges(text: str) -> str | Sequence[str]:
    several = words(text)
    return several if len(several) > 1 else text


def _value(field: Field, text: str, *, french: bool) -> str | Sequence[str]:
    """Return what is written for a text: the book's word for a choice, a list for several."""
    if isinstance(field.choice, Words):
        word = field.choice.written.get(text)
        return text if word is None else word.fr if french else word.en
    if field.writes is not Writes.LIST:
        return text
    several = words(text)
    return several if field.label != "ranges" or len(several) > 1 else text


def _with_new(text: str, form: Form, group: Group, given: Mapping[str, str], *, french: bool) -> str:
    """Write what was filled in for a new element, if anything was."""
    if form.part is Part.HOURS:
        return _with_hours(text, group, given, french=french)
    filled = [(field, new) for field, new in _changed(group, given) if new]
    if not filled:
        return text
    fields: dict[str, object] = {}
    for field, new in filled:
        inner = fields
        steps = [step.written for step in field.place if isinstance(step, Key)][1:]
        for step in steps[:-1]:
            held = inner.setdefault(step, {})
            inner = held if isinstance(held, dict) else inner
        inner[steps[-1]] = _value(field, new, french=french)
    return append(text, (key(form.part.value, BOOK_KEYS, french=french),), fields)


def _with_hours(text: str, group: Group, given: Mapping[str, str], *, french: bool) -> str:
    """Write a new set of hours, with its first row."""
    name, days, ranges = (clean(given.get(field.name, "")) for field in group.fields)
    if not name:
        return text
    first = Key(days or "lundi-vendredi", {}, days or ("lundi-vendredi" if french else "Monday-Friday"))
    place = (key("hours", BOOK_KEYS, french=french), Key(name, {name: name}, name), first)
    return put(text, place, _ranges(ranges or ("fermé" if french else "closed")))


def _with_matters(text: str, given: Mapping[str, str], *, french: bool) -> str:
    """Move matters from the queue that names them to the one that was chosen; none: no queue names them."""
    wanted = {
        name.removeprefix("matters."): clean(queue) for name, queue in given.items() if name.startswith("matters.")
    }
    now = {field.name.removeprefix("matters."): field.value for field in form_of(text, Part.MATTERS).groups[0].fields}
    for matter, queue in wanted.items():
        if queue != now.get(matter, ""):
            text = _without_matter(text, matter, french=french)
            text = _with_matter(text, queue, matter, french=french) if queue else text
    return text


def _without_matter(text: str, matter: str, *, french: bool) -> str:
    """Take a matter out of every queue that names it."""
    for place, held in _lists(read(text), french=french):
        if held.is_list:
            at = [number for number, one in enumerate(held.items()) if written(one) == matter]
            for number in reversed(at):
                text = remove(text, (*place, number))
        elif written(held) == matter:
            text = remove(text, place)
    return text


def _with_matter(text: str, queue: str, matter: str, *, french: bool) -> str:
    root = read(text)
    place = (key("queues", BOOK_KEYS, french=french),)
    held = find(root, place)
    for number in range(len(held.items()) if held is not None and held.is_list else 0):
        here: Place = (*place, number)
        if _name(root, here, french=french) != queue:
            continue
        list_place = (*here, *MATTERS_OF_QUEUE.place(french=french))
        known = find(root, list_place)
        if known is None:
            return put(text, list_place, [matter])
        if known.is_text:
            return put(text, list_place, [*words(written(known)), matter])
        return append(text, list_place, matter)
    return text


def _name(root: Item, place: Place, *, french: bool) -> str:
    found = find(root, (*place, *NAME_OF_QUEUE.place(french=french)))
    return "" if found is None else written(found)


def _lists(root: Item, *, french: bool) -> Iterator[tuple[Place, Item]]:
    """Yield where queues name matters."""
    place = (key("queues", BOOK_KEYS, french=french),)
    held = find(root, place)
    for number in range(len(held.items()) if held is not None and held.is_list else 0):
        here: Place = (*place, number, *MATTERS_OF_QUEUE.place(french=french))
        found = find(root, here)
        if found is not None:
            yield here, found
