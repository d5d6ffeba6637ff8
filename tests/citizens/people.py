"""Invented citizens for the tests of this folder."""

from datetime import date
from typing import Any

from guichet.citizens.citizen import Citizen
from guichet.core.ids import CitizenId, new_id
from guichet.core.phone import PhoneNumber

HOME = PhoneNumber("+33199001201")
MOBILE = PhoneNumber("+33600001001")


def citizen(external_id: str, given: str, family: str, **others: Any) -> Citizen:
    """Make a citizen; the birth date may be given as ISO text."""
    if isinstance(others.get("birth_date"), str):
        others["birth_date"] = date.fromisoformat(others["birth_date"])
    return Citizen(CitizenId(new_id("cit")), external_id, given, family, **others)


CATHERINE = citizen(
    "1",
    "Katherine",
    "Lefèvre",
    usual_name="Martin",
    birth_date="1985-03-03",
    phones=(HOME, MOBILE),
    postcode="38790",
    town="Valclair",
)
JULIEN = citizen("2", "Julien", "Martin", birth_date="1983-09-17", phones=(HOME,), postcode="38790")
ANSELME = citizen("3", "Anselme", "Aubry", birth_date="1950-12-31", phones=(HOME,), postcode="38790")
OLIVER = citizen("4", "Oliver", "Hughes", birth_date="1977-04-11", postcode="S6 3YB")
HELENE = citizen("5", "Hélène", "de La Tour", birth_date="1968-11-04", postcode="38790")
EVERYBODY = (CATHERINE, JULIEN, ANSELME, OLIVER, HELENE)
