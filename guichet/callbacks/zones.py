"""Where a number's owner lives, as far as its country code tells: time zone and public holidays. Pure."""

from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers

from guichet.core.phone import PhoneNumber
from guichet.routing.holidays_of import METROPOLITAN, TERRITORIES, Territory
from guichet.routing.hours import Calendar

_FRENCH = {territory.region: territory for territory in reversed(TERRITORIES) if territory.region != "FR"}
_ABROAD = {
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "DE": "Europe/Berlin",
    "DZ": "Africa/Algiers",
    "ES": "Europe/Madrid",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LU": "Europe/Luxembourg",
    "MA": "Africa/Casablanca",
    "MC": "Europe/Monaco",
    "PT": "Europe/Lisbon",
    "SN": "Africa/Dakar",
    "TN": "Africa/Tunis",
}
"""Countries of one time zone (or where nearly everybody lives in one) whose people call French counters."""


def home_of(number: PhoneNumber, counter: Calendar) -> Calendar:
    """Return the calendar of a number's owner: their territory's, or the counter's where the number does not tell.

    A number of metropolitan France may be anywhere in it: the counter's own territory then says the holidays. Numbers
    from abroad keep the counter's holidays with their own clock.
    """
    region = _region(number)
    if region in _FRENCH:
        return _calendar(_FRENCH[region].zone, _FRENCH[region])
    if region == "FR":
        same = counter.territory.zone == METROPOLITAN.zone
        return _calendar(METROPOLITAN.zone, counter.territory if same else METROPOLITAN)
    zone = _ABROAD.get(region or "")
    return _calendar(zone, counter.territory) if zone else _calendar(str(counter.zone), counter.territory)


def _region(number: PhoneNumber) -> str | None:
    region = phonenumbers.region_code_for_number(phonenumbers.parse(number.e164))
    return str(region) if region else _by_prefix(number)


def _by_prefix(number: PhoneNumber) -> str | None:
    """Return the region of a number of no known range, by its country code."""
    region = phonenumbers.region_code_for_country_code(phonenumbers.parse(number.e164).country_code or 0)
    return str(region) if region else None


@cache
def _calendar(zone: str, territory: Territory) -> Calendar:
    """Return one object for one place: opening hours are remembered by object."""
    return Calendar(ZoneInfo(zone), territory)
