"""Public holidays and time zones of French territories. Pure.

Dates come from the `holidays` library (Code du travail, art. L3133-1, L3134-13 for Alsace-Moselle, L3422-2 overseas).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from guichet.core.language import Bilingual


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory: the `holidays` subdivision ("" for none), the phone region (ISO 3166) and the IANA time zone."""

    name: Bilingual
    subdivision: str
    region: str
    zone: str


METROPOLITAN = Territory(Bilingual("metropole", "metropolitan"), "", "FR", "Europe/Paris")

TERRITORIES = (
    METROPOLITAN,
    Territory(Bilingual("alsace_moselle", "alsace_moselle"), "57", "FR", "Europe/Paris"),
    Territory(Bilingual("guadeloupe", "guadeloupe"), "971", "GP", "America/Guadeloupe"),
    Territory(Bilingual("martinique", "martinique"), "972", "MQ", "America/Martinique"),
    Territory(Bilingual("guyane", "french_guiana"), "973", "GF", "America/Cayenne"),
    Territory(Bilingual("la_reunion", "reunion"), "974", "RE", "Indian/Reunion"),
    Territory(Bilingual("mayotte", "mayotte"), "976", "YT", "Indian/Mayotte"),
    Territory(Bilingual("saint_pierre_et_miquelon", "saint_pierre_and_miquelon"), "PM", "PM", "America/Miquelon"),
    Territory(Bilingual("saint_barthelemy", "saint_barthelemy"), "BL", "BL", "America/St_Barthelemy"),
    Territory(Bilingual("saint_martin", "saint_martin"), "MF", "MF", "America/Marigot"),
    Territory(Bilingual("wallis_et_futuna", "wallis_and_futuna"), "WF", "WF", "Pacific/Wallis"),
    Territory(Bilingual("polynesie_francaise", "french_polynesia"), "PF", "PF", "Pacific/Tahiti"),
    Territory(Bilingual("nouvelle_caledonie", "new_caledonia"), "NC", "NC", "Pacific/Noumea"),
)


@lru_cache(maxsize=256)
def holidays_of(territory: Territory, year: int) -> Mapping[date, Bilingual]:
    """Return the public holidays of a year, with their names."""
    import holidays  # it takes a tenth of a second, and checking a rule book needs none

    def names(language: str) -> dict[date, str]:
        subdivision = territory.subdivision or None
        return dict(holidays.country_holidays("FR", subdiv=subdivision, years=year, language=language).items())

    english = names("en_US")
    return MappingProxyType({day: Bilingual(name, english[day]) for day, name in sorted(names("fr").items())})
