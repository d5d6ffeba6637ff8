"""Reads what every part of the rule book has: keys in two languages, names, priorities, durations. Pure."""

from collections.abc import Mapping

from guichet.routing.document import Item, key_name
from guichet.routing.time_reader import duration


def keys(**names: str) -> dict[str, str]:
    """Return the canonical name of each key: the English one, also written as the French one given."""
    return {**{french: english for english, french in names.items()}, **{name: name for name in names}}


def needed(item: Item, fields: Mapping[str, Item], name: str, french: str) -> Item:
    """Return a field that must be there."""
    if name not in fields:
        raise item.wrong(f"il manque « {french} »", f"'{name}' is missing")
    return fields[name]


def name_of(item: Item) -> str:
    """Read a name that others refer to: small letters, digits and `_`."""
    name = item.text()
    if not name or not name.isascii() or key_name(name) != name:
        right = key_name(name) or "etat_civil"
        raise item.wrong(f"nom mal écrit ; écrivez-le « {right} »", f"badly written name; write it '{right}'")
    return name


def names_of(item: Item) -> frozenset[str]:
    """Read one name or a list of names."""
    return frozenset(name_of(each) for each in (item.items() if item.is_list else [item]))


def minutes(item: Item | None) -> int | None:
    """Read a duration in minutes."""
    if item is None:
        return None
    return item.parsed(
        duration,
        "durée illisible ; écrivez « 30 min » ou « 4 h »",
        "unreadable duration; write '30 min' or '4 h'",
    )


def priority_of(item: Item | None) -> int | None:
    """Read a priority, from 0 to 100."""
    if item is None:
        return None
    said = ("une priorité va de 0 à 100", "a priority goes from 0 to 100")
    value = item.parsed(int, *said)
    if not 0 <= value <= 100:
        raise item.wrong(*said)
    return value
