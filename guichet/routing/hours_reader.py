"""Reads the hours, the closures, the territory and the time zone of a rule book. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from zoneinfo import ZoneInfo

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.holidays_of import METROPOLITAN, TERRITORIES, Territory
from guichet.routing.hours import Calendar, Closure, Hours, Range
from guichet.routing.text_reader import bilingual
from guichet.routing.time_reader import days, local_moment, range_of_day

_HOLIDAYS = ("jours_feries", "ferie", "public_holidays", "holidays")
_SHUT = ("ferme", "closed")
CLOSURE_KEYS = {
    "le": "on",
    "on": "on",
    "du": "from",
    "from": "from",
    "au": "to",
    "to": "to",
    "motif": "reason",
    "reason": "reason",
}
_TERRITORIES = {name: territory for territory in TERRITORIES for name in (territory.name.fr, territory.name.en)}


def read_hours(name: str, item: Item, flaws: Flaws) -> Hours:
    """Read one set of hours: ranges by day."""
    week: list[tuple[Range, ...] | None] = [None] * 7
    on_holidays: tuple[Range, ...] = ()
    for key, value in flaws.attempt(lambda: list(item.pairs()), []):
        ranges = flaws.attempt(partial(_ranges, value), ())
        if key_name(key.text()) in _HOLIDAYS:
            on_holidays = ranges
            continue
        for day in flaws.attempt(partial(_days, key), ()):
            if week[day] is not None:
                flaws.add(key.flaw("un de ces jours est donné deux fois", "one of these days is given twice"))
            week[day] = ranges
    return Hours(name, tuple(ranges or () for ranges in week), on_holidays)


def _days(key: Item) -> tuple[int, ...]:
    return key.parsed(
        days,
        "jour inconnu ; écrivez « lundi », « lundi-vendredi », « tous les jours » ou « jours fériés »",
        "unknown day; write 'Monday', 'Monday-Friday', 'every day' or 'public holidays'",
    )


def _ranges(item: Item) -> tuple[Range, ...]:
    if item.is_text and key_name(item.text()) in _SHUT:
        return ()
    written = item.items() if item.is_list else [item]
    ranges = sorted(_range(each) for each in written)
    for earlier, later in pairwise(ranges):
        if later.start < earlier.end:
            raise item.wrong("ces plages se chevauchent", "these ranges overlap")
    return tuple(ranges)


def _range(item: Item) -> Range:
    return item.parsed(
        range_of_day,
        "plage horaire illisible ; écrivez « 8:30-12:00 », « 0:00-24:00 » ou « fermé »",
        "unreadable range; write '8:30-12:00', '0:00-24:00' or 'closed'",
    )


def read_calendar(fields: Mapping[str, Item], flaws: Flaws) -> Calendar:
    """Read territory, time zone and closures of the whole book."""
    territory = METROPOLITAN
    if "territory" in fields:
        unknown = Bilingual("territoire inconnu", "unknown territory")
        territory = flaws.attempt(lambda: fields["territory"].one_of(_TERRITORIES, unknown), METROPOLITAN)
    zone = flaws.attempt(lambda: _zone(fields.get("time_zone"), territory), ZoneInfo(territory.zone))
    written = flaws.attempt(fields["closures"].items, []) if "closures" in fields else []
    closures = [flaws.attempt(partial(_closure, each, flaws), None) for each in written]
    return Calendar(zone, territory, tuple(closure for closure in closures if closure))


def _zone(item: Item | None, territory: Territory) -> ZoneInfo:
    if item is None:
        return ZoneInfo(territory.zone)
    try:
        return ZoneInfo(item.text())
    except (OSError, ValueError, KeyError) as error:  # what zoneinfo raises for unknown and malformed names
        raise item.wrong(
            "fuseau horaire inconnu ; écrivez par exemple « Europe/Paris »",
            "unknown time zone; write 'Europe/Paris', for example",
        ) from error


def _closure(item: Item, flaws: Flaws) -> Closure:
    fields = item.fields(CLOSURE_KEYS, flaws)
    first = fields.get("on") or fields.get("from")
    last = fields.get("on") or fields.get("to")
    if first is None or last is None or ("on" in fields and ("from" in fields or "to" in fields)):
        raise item.wrong(
            "une fermeture a une date « le », ou deux : « du » et « au »",
            "a closure has one date 'on', or two: 'from' and 'to'",
        )
    start, _ = _moment(first)
    end, timed = _moment(last)
    end = end if timed else end + timedelta(days=1)
    if end <= start:
        raise last.wrong("la fermeture finit avant de commencer", "the closure ends before it starts")
    return Closure(start, end, bilingual(fields["reason"]) if "reason" in fields else None)


def _moment(item: Item) -> tuple[datetime, bool]:
    return item.parsed(
        local_moment,
        "date illisible ; écrivez « 2026-12-24 », « 24/12/2026 » ou « 2026-12-24 12:00 »",
        "unreadable date; write '2026-12-24', '24/12/2026' or '2026-12-24 12:00'",
    )
