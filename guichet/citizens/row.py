"""A line of the administration's data into a citizen, their files and mandates, or the reason why not. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guichet.citizens.case_file import CaseFile
from guichet.citizens.citizen import Citizen, PhoneKind, Preferred
from guichet.citizens.import_run import Part
from guichet.citizens.layout import SourceLine
from guichet.citizens.line_fault import LineFault, Unreadable
from guichet.citizens.mandate_row import ToldMandate, read_mandate
from guichet.citizens.written_date import past_date
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual, Language, counted
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold

_BETWEEN_NUMBERS = re.compile(r"\s*(?:[/;,|\n]|\bou\b|\bor\b|\bet\b|\band\b)\s*")
_BETWEEN_EMAILS = re.compile(r"[\s;,|]+")
_ONE_LOST = Bilingual(
    "{count} numéro de téléphone illisible, laissé de côté", "{count} unreadable phone number left out"
)
_LOST = Bilingual(
    "{count} numéros de téléphone illisibles, laissés de côté", "{count} unreadable phone numbers left out"
)
_LANGUAGES = {
    **dict.fromkeys(("fr", "fra", "francais", "french"), Language.FR),
    **dict.fromkeys(("en", "eng", "anglais", "english"), Language.EN),
}
_YES = frozenset({"1", "oui", "o", "yes", "y", "true", "vrai", "x"})
_CHANNELS = {
    **dict.fromkeys(("voice", "phone", "telephone", "appel", "call"), Preferred.VOICE),
    **dict.fromkeys(("sms", "text", "texto"), Preferred.SMS),
    **dict.fromkeys(("email", "e mail", "mail", "courriel"), Preferred.EMAIL),
    **dict.fromkeys(("post", "letter", "courrier", "lettre"), Preferred.POST),
}
_LONGEST = {
    **dict.fromkeys(("external_id", "given_names", "birth_name", "usual_name", "birth_place", "town"), 200),
    "postcode": 16,
    "address": 500,
    "email": 320,
    "notes": 4000,
    "file_number": 64,
    "file_kind": 200,
    "file_state": 200,
}
_KIND_OF_FIELD = {
    "mobile": PhoneKind.MOBILE,
    "home_phone": PhoneKind.HOME,
    "work_phone": PhoneKind.WORK,
    "phone": None,
    "shared_phone": None,
}
"""The fields that hold numbers; the kind of those that tell none is guessed nowhere."""


@dataclass(frozen=True, slots=True)
class ToldFile:
    """A file, of whom by their external id."""

    owner: str
    file: CaseFile


@dataclass(frozen=True, slots=True)
class Read:
    """What a line gave: whom it is about (their key, empty if unreadable), what it says of them, and its faults.

    A bad line about somebody still says that they are in the source.
    """

    external_id: str = ""
    citizen: Citizen | None = None
    files: tuple[ToldFile, ...] = ()
    mandates: tuple[ToldMandate, ...] = ()
    faults: tuple[LineFault, ...] = ()


def _born(text: str, today: date) -> date | None:
    """Read the birth date or say what would be right."""
    try:
        return past_date(text, today)
    except ValueError:
        raise Unreadable(
            "date de naissance illisible ; écrire 31/12/1980 ou 1980-12-31",
            "the birth date cannot be read; write 31/12/1980 or 1980-12-31",
        ) from None


def _texts(values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Take the first filled cell of each field, and check what must be there and how long it may be."""
    texts = {field: next(filter(None, cells), "") for field, cells in values.items()}
    needed = {
        "external_id": Bilingual("identifiant manquant", "the identifier is missing"),
        "given_names": Bilingual("prénom manquant", "the given name is missing"),
        "birth_name": Bilingual("nom manquant", "the family name is missing"),
    }
    if not texts.get("birth_name"):
        texts["birth_name"] = texts.get("usual_name", "")
    for field, reason in needed.items():
        if not texts.get(field):
            raise Unreadable(reason.fr, reason.en)
    for field, longest in _LONGEST.items():
        if len(texts.get(field, "")) > longest:
            raise Unreadable(
                f"valeur trop longue dans une colonne ({longest} signes au plus)",
                f"a value is too long for its column (at most {longest} characters)",
            )
    return texts


def _phones(
    values: Mapping[str, tuple[str, ...]], region: str
) -> tuple[dict[PhoneNumber, PhoneKind | None], frozenset[PhoneNumber], int]:
    """Read every number of a line, with its kind if one is told; those called shared; how many cannot be read."""
    kinds: dict[PhoneNumber, PhoneKind | None] = {}
    shared, lost = set[PhoneNumber](), 0
    for field in (name for name in values if name in _KIND_OF_FIELD):
        for written in (number for cell in values[field] for number in _BETWEEN_NUMBERS.split(cell) if number):
            number = PhoneNumber.maybe(written, region)
            if number is None:
                lost += 1
                continue
            kinds[number] = kinds.get(number) or _KIND_OF_FIELD[field]
            if field == "shared_phone":
                shared.add(number)
    return kinds, frozenset(shared), lost


def _emails(cells: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return the first address, and the others."""
    found = tuple(dict.fromkeys(one for cell in cells for one in _BETWEEN_EMAILS.split(cell) if one))
    return next(iter(found), ""), found[1:]


def read_person(line: SourceLine, new_id: CitizenId, today: date, region: str = "FR") -> Read:
    """Return what a line says of a person.

    A line without identifier or name, or with an impossible birth date, gives nobody; bad numbers are left out.
    `region` is the country of numbers written without its code.
    """
    if line.fault:
        return Read(faults=(LineFault.unreadable(line),))
    external_id = next(filter(None, line.values.get("external_id", ())), "")
    try:
        texts = _texts(line.values)
        born = _born(texts.get("birth_date", ""), today)
    except Unreadable as error:
        return Read(external_id, faults=(LineFault(line.number, error.reason),))
    kinds, shared, lost = _phones(line.values, region)
    email, other_emails = _emails(line.values.get("email", ()))
    citizen = Citizen(
        id=new_id,
        external_id=texts["external_id"],
        given_names=texts["given_names"],
        birth_name=texts["birth_name"],
        usual_name=texts.get("usual_name", ""),
        birth_date=born,
        birth_place=texts.get("birth_place", ""),
        phones=tuple(kinds),
        phone_kinds=tuple(kind or PhoneKind.OTHER for kind in kinds.values()) if any(kinds.values()) else (),
        shared_phones=shared,
        email=email,
        other_emails=other_emails,
        address=texts.get("address", ""),
        postcode=texts.get("postcode", ""),
        town=texts.get("town", ""),
        language=_LANGUAGES.get(fold(texts.get("language", ""))),
        channel=_CHANNELS.get(fold(texts.get("channel", ""))),
        never_call=fold(texts.get("never_call", "")) in _YES,
        notes=texts.get("notes", ""),
    )
    faults = (LineFault(line.number, counted(lost, _ONE_LOST, _LOST), kept=True),) if lost else ()
    inside = [read_file_line(one) for one in _inside(line, Part.FILES, external_id)]
    return Read(
        external_id,
        citizen,
        (*_own_file(external_id, texts), *(file for one in inside for file in one.files)),
        faults=(*faults, *(LineFault(fault.number, fault.reason, kept=True) for one in inside for fault in one.faults)),
    )


def _own_file(owner: str, texts: Mapping[str, str]) -> tuple[ToldFile, ...]:
    """Return the file that a person's own line names."""
    number = texts.get("file_number", "")
    if not number:
        return ()
    return (ToldFile(owner, CaseFile(number, texts.get("file_kind", ""), texts.get("file_state", ""))),)


def _inside(line: SourceLine, part: Part, owner: str) -> list[SourceLine]:
    """Return the records of a part that stand inside a person's line, as lines of that part."""
    return [SourceLine(line.number, {**told, "external_id": (owner,)}) for told in line.nested.get(part, ())]


def read_inner_mandates(line: SourceLine, region: str = "FR") -> Read:
    """Return the mandates that stand inside a person's line."""
    owner = next(filter(None, line.values.get("external_id", ())), "")
    inside = [read_mandate_line(one, region) for one in _inside(line, Part.MANDATES, owner)]
    mandates = tuple(mandate for one in inside for mandate in one.mandates)
    return Read(owner, mandates=mandates, faults=tuple(fault for one in inside for fault in one.faults))


def read_file_line(line: SourceLine, _region: str = "FR") -> Read:
    """Return the file that a line of files tells."""
    if line.fault:
        return Read(faults=(LineFault.unreadable(line),))
    texts = {field: next(filter(None, cells), "") for field, cells in line.values.items()}
    owner, number = texts.get("external_id", ""), texts.get("number", "")
    if not owner or not number:
        reason = Bilingual("identifiant ou numéro de dossier manquant", "the identifier or the file number is missing")
        return Read(owner, faults=(LineFault(line.number, reason),))
    file = CaseFile(number[:64], texts.get("kind", "")[:200], texts.get("state", "")[:200])
    return Read(owner, files=(ToldFile(owner, file),))


def read_mandate_line(line: SourceLine, region: str = "FR") -> Read:
    """Return the mandate that a line of mandates tells."""
    if line.fault:
        return Read(faults=(LineFault.unreadable(line),))
    try:
        mandate = read_mandate(line.values, region)
    except Unreadable as error:
        return Read(faults=(LineFault(line.number, error.reason),))
    return Read(mandate.owner, mandates=(mandate,))
