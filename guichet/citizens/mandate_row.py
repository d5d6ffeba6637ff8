"""A line of the administration's data into a mandate, or the reason why not. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guichet.citizens.line_fault import Unreadable
from guichet.citizens.mandate import Role
from guichet.citizens.written_date import written_date
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold

_ROLES = {
    Role.RELATIVE: (
        *("relative", "family", "proche", "famille", "parent", "mere", "pere", "fils", "fille", "conjoint", "epoux"),
        *("epouse", "frere", "soeur", "son", "daughter", "mother", "father", "husband", "wife", "procuration"),
    ),
    Role.GUARDIAN: (
        *("guardian", "tuteur", "tutrice", "tutelle", "curateur", "curatrice", "curatelle", "mjpm"),
        *("mandataire judiciaire", "habilitation familiale"),
    ),
    Role.SOCIAL_WORKER: (
        *("social worker", "social_worker", "travailleur social", "travailleuse sociale", "assistant social"),
        *("assistante sociale", "conseiller social", "conseillere sociale", "ccas", "aidants connect"),
    ),
    Role.CARER: ("carer", "aidant", "aidante", "aide a domicile", "auxiliaire de vie", "accompagnant"),
}
_ROLE_OF = {fold(word): role for role, words in _ROLES.items() for word in words}
_EVERYTHING = frozenset({"", "tout", "toutes", "tous", "all", "any", "everything"})
_BETWEEN_MATTERS = re.compile(r"[\s;,|/]+")
_MATTER = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class ToldMandate:
    """A mandate as its line tells it: of whom (`owner`), and to whom (`holder`), by their external ids."""

    owner: str
    role: Role
    holder: str = ""
    holder_name: str = ""
    holder_phone: PhoneNumber | None = None
    scope: tuple[str, ...] = ()
    until: date | None = None
    proof: str = ""


def read_mandate(values: Mapping[str, tuple[str, ...]], region: str) -> ToldMandate:
    """Read a mandate. Raises Unreadable: what cannot be understood must not give anybody a right."""
    texts = {field: next(filter(None, cells), "") for field, cells in values.items()}
    if not texts.get("external_id"):
        raise Unreadable("identifiant manquant", "the identifier is missing")
    if not texts.get("holder") and not texts.get("holder_name"):
        raise Unreadable("mandataire manquant", "the holder of the mandate is missing")
    return ToldMandate(
        owner=texts["external_id"],
        role=_role(texts.get("role", "")),
        holder=texts.get("holder", ""),
        holder_name=texts.get("holder_name", "")[:200],
        holder_phone=_phone(texts.get("holder_phone", ""), region),
        scope=_scope(values.get("scope", ())),
        until=_until(texts.get("until", "")),
        proof=texts.get("proof", "")[:200],
    )


def _role(text: str) -> Role:
    """Read a role."""
    role = _ROLE_OF.get(fold(text))
    if role is None:
        raise Unreadable(
            "qualité inconnue ; écrire proche, tuteur, travailleur social ou aidant",
            "unknown role; write relative, guardian, social_worker or carer",
        )
    return role


def _phone(text: str, region: str) -> PhoneNumber | None:
    """Read the holder's number."""
    number = PhoneNumber.maybe(text, region)
    if text and number is None:
        raise Unreadable("numéro du mandataire illisible", "the holder's number cannot be read")
    return number


def _scope(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Read the matters, by the names of the intent book; nothing or `tout` is all of them."""
    matters = tuple(dict.fromkeys(one for cell in cells for one in _BETWEEN_MATTERS.split(cell) if one))
    if all(fold(one) in _EVERYTHING for one in matters):
        return ()
    if not all(map(_MATTER.fullmatch, matters)):
        raise Unreadable(
            "portée illisible ; écrire les noms du livre des matières (aide_sociale, cantine_periscolaire) ou tout",
            "the scope cannot be read; write names of the intent book (aide_sociale, cantine_periscolaire) or all",
        )
    return matters


def _until(text: str) -> date | None:
    """Read the last day."""
    try:
        return written_date(text)
    except ValueError:
        raise Unreadable(
            "date de fin illisible ; écrire 31/12/2027 ou 2027-12-31",
            "the last day cannot be read; write 31/12/2027 or 2027-12-31",
        ) from None
