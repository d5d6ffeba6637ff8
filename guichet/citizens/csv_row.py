"""A line of the administration's file into a citizen, or the reason why not. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from guichet.citizens.citizen import Citizen
from guichet.citizens.csv_file import CsvLine
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold

_DATE = re.compile(r"(?:(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})|(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}))(?:[T ][\d:.]+)?")
_BETWEEN_NUMBERS = re.compile(r"\s*(?:[/;,|\n]|\bou\b|\bor\b|\bet\b|\band\b)\s*")
_LANGUAGES = {
    **dict.fromkeys(("fr", "fra", "francais", "french"), Language.FR),
    **dict.fromkeys(("en", "eng", "anglais", "english"), Language.EN),
}
_YES = frozenset({"1", "oui", "o", "yes", "y", "true", "vrai", "x"})
_LONGEST = {"external_id": 200, "given_names": 200, "birth_name": 200, "usual_name": 200, "town": 200, "postcode": 16}


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong with a line, in plain words; `kept` tells whether the citizen was kept without that value."""

    number: int
    reason: Bilingual
    kept: bool = False


class _Unreadable(Exception):
    """The line gives no citizen."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(en)
        self.reason = Bilingual(fr, en)


def read_date(text: str, today: date) -> date | None:
    """Read a date written day first or ISO; None for an empty cell. Raises ValueError for one that is no past date."""
    if not text:
        return None
    fits = _DATE.fullmatch(text)
    if fits is None:
        raise ValueError(text)
    parts = fits.groups()
    year, month, day = parts[:3] if parts[0] else (parts[5], parts[4], parts[3])
    born = date(int(year), int(month), int(day))
    if not date(1880, 1, 1) <= born <= today:
        raise ValueError(text)
    return born


def _born(text: str, today: date) -> date | None:
    """Read the birth date or say what would be right."""
    try:
        return read_date(text, today)
    except ValueError:
        raise _Unreadable(
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
            raise _Unreadable(reason.fr, reason.en)
    for field, longest in _LONGEST.items():
        if len(texts.get(field, "")) > longest:
            raise _Unreadable(
                f"valeur trop longue dans une colonne ({longest} signes au plus)",
                f"a value is too long for its column (at most {longest} characters)",
            )
    return texts


def _phones(cells: tuple[str, ...], region: str) -> tuple[tuple[PhoneNumber, ...], int]:
    """Read every number of the cells; return them and how many could not be read."""
    written = [number for cell in cells for number in _BETWEEN_NUMBERS.split(cell) if number]
    read = [PhoneNumber.maybe(number, region) for number in written]
    numbers = tuple(dict.fromkeys(number for number in read if number is not None))
    return numbers, read.count(None)


def read_citizen(
    line: CsvLine, new_id: CitizenId, today: date, region: str = "FR"
) -> tuple[Citizen | None, tuple[LineFault, ...]]:
    """Return the citizen of a line, if it gives one, and its faults.

    A line without identifier or name, or with an impossible birth date, gives nobody; bad numbers are left out.
    `region` is the country of numbers written without its code.
    """
    if line.fault:
        return None, (
            LineFault(line.number, Bilingual(f"ligne illisible : {line.fault}", f"unreadable: {line.fault}")),
        )
    try:
        texts = _texts(line.values)
        born = _born(texts.get("birth_date", ""), today)
    except _Unreadable as error:
        return None, (LineFault(line.number, error.reason),)
    phones, lost = _phones(line.values.get("phone", ()), region)
    citizen = Citizen(
        id=new_id,
        **{name: texts[name] for name in ("external_id", "given_names", "birth_name")},
        **{name: texts.get(name, "") for name in ("usual_name", "email", "address", "postcode", "town")},
        birth_date=born,
        phones=phones,
        language=_LANGUAGES.get(fold(texts.get("language", ""))),
        never_call=fold(texts.get("never_call", "")) in _YES,
    )
    left_out = Bilingual(
        f"{lost} numéro(s) de téléphone illisible(s), laissé(s) de côté", f"{lost} unreadable phone number(s) left out"
    )
    return citizen, (LineFault(line.number, left_out, kept=True),) if lost else ()
