"""A CSV file from the administration: its encoding, separator and columns, told before it is used."""

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guichet.core.errors import BadInput
from guichet.core.text import fold

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 1 << 20
_HEADS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("id", "identifiant", "external id", "id externe", "numero usager", "numero citoyen", "matricule"),
    "given_names": (
        "given names",
        "given name",
        "first name",
        "first names",
        "forename",
        "forenames",
        "prenom",
        "prenoms",
    ),
    "birth_name": (
        *("birth name", "family name", "last name", "surname", "maiden name"),
        *("nom", "nom de naissance", "nom de famille", "nom naissance"),
    ),
    "usual_name": (
        "usual name",
        "married name",
        "nom d usage",
        "nom usage",
        "nom usuel",
        "nom marital",
        "nom d epouse",
    ),
    "birth_date": (
        *("birth date", "date of birth", "birthdate", "dob", "birthday"),
        *("date de naissance", "date naissance", "ne le", "nee le", "ne e le", "naissance"),
    ),
    "phone": (
        *("phone", "phones", "phone number", "telephone", "telephones", "tel", "numero de telephone", "numero"),
        *("telephone fixe", "tel fixe", "fixe", "landline", "home phone"),
        *("mobile", "mobile phone", "portable", "telephone portable", "telephone mobile", "tel portable", "tel mobile"),
    ),
    "email": ("email", "e mail", "mail", "courriel", "adresse electronique", "adresse mail", "adresse e mail"),
    "address": ("address", "street", "adresse", "adresse postale", "rue", "voie"),
    "postcode": ("postcode", "post code", "postal code", "zip", "zip code", "code postal", "cp"),
    "town": ("town", "city", "ville", "commune", "localite"),
    "language": ("language", "langue"),
    "never_call": ("never call", "do not call", "ne jamais appeler", "ne pas appeler"),
}
_FIELD_OF = {head: field for field, heads in _HEADS.items() for head in heads}
_NEEDED = ("external_id", "given_names", "birth_name")


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """What was detected: encoding, separator, the column heads that fill each of our fields, and those left aside."""

    encoding: str
    separator: str
    columns: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line of data: its number in the file (the header is 1) and texts by field; `fault` if it cannot be read."""

    number: int
    values: Mapping[str, tuple[str, ...]]
    fault: str = ""


def _encoding(path: Path) -> str:
    """Return the file's encoding: a byte order mark decides, then UTF-8 if all of it is, then Windows-1252."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _columns(heads: list[str]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Give each known head to its field; return the others aside."""
    columns: dict[str, tuple[str, ...]] = {}
    ignored = []
    for head in heads:
        field = _FIELD_OF.get(fold(head))
        if field is None:
            ignored.append(head)
        else:
            columns[field] = (*columns.get(field, ()), head)
    return columns, tuple(ignored)


def detect(path: Path) -> CsvLayout:
    """Look at a file and tell its layout. Raises BadInput if it is no file, is empty or lacks a needed column."""
    try:
        encoding = _encoding(path)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            first = file.readline().rstrip("\r\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    if not first.strip():
        raise BadInput(f"{path}: the first line must name the columns, but it is empty")
    readings = {separator: next(csv.reader([first], delimiter=separator)) for separator in SEPARATORS}
    separator = max(SEPARATORS, key=lambda sign: (len(_columns(readings[sign])[0]), len(readings[sign])))
    columns, ignored = _columns(readings[separator])
    missing = [field for field in _NEEDED if field not in columns]
    if missing:
        wanted = "; ".join(f"{field} ({', '.join(_HEADS[field][:4])}…)" for field in missing)
        raise BadInput(f"{path}: no column for {wanted}; the columns are: {', '.join(readings[separator])}")
    return CsvLayout(encoding, separator, columns, ignored)


def lines(path: Path, layout: CsvLayout) -> Iterator[CsvLine]:
    """Read a file line by line, in constant memory; a line that cannot be read has a `fault`."""
    with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=layout.separator)
        heads = next(reader)
        places = {field: [heads.index(head) for head in names] for field, names in layout.columns.items()}
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield CsvLine(number, {}, str(error))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heads):
                yield CsvLine(number, {}, f"{len(cells)} columns instead of {len(heads)}")
                continue
            cells += [""] * (len(heads) - len(cells))
            values = {field: tuple(cells[place].strip() for place in own) for field, own in places.items()}
            yield CsvLine(number, values)
