"""A file of JSON lines: one object a person, whose files and mandates may stand inside it."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from guichet.citizens.csv_file import AS_DETECTED, text_lines, told_encoding
from guichet.citizens.import_run import Part
from guichet.citizens.layout import Layout, Reading, SourceLine, cell, columns_of, fields_of, translated
from guichet.core.errors import BadInput
from guichet.core.text import fold

SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
LOOKED_AT = 200
"""Lines whose keys are taken for the columns: a key may be missing where it says nothing."""
_NESTED = {
    **dict.fromkeys(("files", "dossiers"), Part.FILES),
    **dict.fromkeys(("mandates", "mandats"), Part.MANDATES),
}
_PHONE_FIELDS = {
    **dict.fromkeys(("mobile", "portable"), "mobile"),
    **dict.fromkeys(("home", "landline", "fixe", "domicile"), "home_phone"),
    **dict.fromkeys(("work", "office", "professionnel", "bureau"), "work_phone"),
}


def is_json_lines(path: Path) -> bool:
    """Whether a file is one of JSON lines: by its name, or because it begins with an object."""
    if path.suffix.lower() in SUFFIXES:
        return True
    try:
        with path.open("rb") as file:
            return file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError:
        return False


def detect(path: Path, reading: Reading = AS_DETECTED) -> Layout:
    """Look at a file and tell its layout. Raises BadInput if it is no file, is empty or lacks a needed key."""
    try:
        encoding = told_encoding(path, reading)
        heads = dict[str, None]()
        for _, told in zip(range(LOOKED_AT), _objects(path, encoding), strict=False):
            heads.update(dict.fromkeys(key for key in told[1] if fold(key) not in _NESTED))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    if not heads:
        raise BadInput(f"{path}: no line of it is a JSON object; write one object a line, one line a person")
    columns, ignored = columns_of(list(heads), reading, str(path))
    return Layout("json lines", encoding, "", columns, ignored)


def lines(path: Path, layout: Layout, reading: Reading = AS_DETECTED) -> Generator[SourceLine, None, None]:
    """Read a file line by line, in constant memory; a line that is no object has a `fault`."""
    for number, told in _objects(path, layout.encoding):
        if not told:
            yield SourceLine(number, {}, "no JSON object")
            continue
        columns, _ = fields_of([key for key in told if fold(key) not in _NESTED], reading)
        yield SourceLine(number, translated(_values(told, columns), reading), nested=_nested(told))


def _objects(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line that is not blank, with its number: an object, empty where the line is none."""
    with path.open(encoding=encoding, errors="replace") as file:
        for number, line in enumerate(text_lines(file, path), 1):
            if line.strip():
                try:
                    told = msgspec.json.decode(line.encode())
                except (msgspec.DecodeError, RecursionError):
                    told = None
                yield number, told if isinstance(told, dict) else {}


def _values(told: Mapping[str, Any], columns: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the texts of an object by field; telephones that tell their kind go to its field."""
    found: dict[str, tuple[str, ...]] = {}
    for field, heads in columns.items():
        for head in heads:
            for value in told[head] if isinstance(told[head], list) else [told[head]]:
                for name, text in _phone(value) if field == "phone" and isinstance(value, dict) else [(field, value)]:
                    found[name] = (*found.get(name, ()), _text(text))
    return found


def _phone(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield a telephone number under its kind, and again as a shared one if it is."""
    number = _text(told.get("number", told.get("numero")))
    yield _PHONE_FIELDS.get(fold(_text(told.get("kind", told.get("type")))), "phone"), number
    if told.get("shared", told.get("partage")) is True:
        yield "shared_phone", number


def _nested(told: Mapping[str, Any]) -> dict[Part, tuple[dict[str, tuple[str, ...]], ...]]:
    """Return the files and mandates inside an object; whatever is no object is left out."""
    found: dict[Part, tuple[dict[str, tuple[str, ...]], ...]] = {}
    for key, value in told.items():
        part = _NESTED.get(fold(key))
        if part is not None and isinstance(value, list):
            inside = [one for one in value if isinstance(one, dict)]
            found[part] = tuple(_values(one, fields_of(list(one), Reading(part))[0]) for one in inside)
    return found


def _text(value: Any) -> str:
    """Write a value as a cell of a CSV file would have it."""
    if isinstance(value, bool):
        return "oui" if value else ""
    return "" if value is None or isinstance(value, dict | list) else cell(str(value))
