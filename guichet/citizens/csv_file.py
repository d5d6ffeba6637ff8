"""A CSV file from the administration: its encoding, separator and columns, told before it is used."""

import codecs
import csv
from collections.abc import Generator
from pathlib import Path

from guichet.citizens.layout import Layout, Reading, SourceLine, columns_of, fields_of, translated
from guichet.core.errors import BadInput

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 1 << 20
AS_DETECTED = Reading()


def encoding_of(path: Path) -> str:
    """Return a file's encoding: a byte order mark decides, then UTF-8 if all of it is, then Windows-1252."""
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


def told_encoding(path: Path, reading: Reading) -> str:
    """Return the encoding that the reading names, or that of the file. Raises BadInput for one that does not exist."""
    if not reading.encoding:
        return encoding_of(path)
    try:
        return codecs.lookup(reading.encoding).name
    except LookupError:
        raise BadInput(f"{path}: there is no encoding '{reading.encoding}'; write utf-8, cp1252 or latin-1") from None


def detect(path: Path, reading: Reading = AS_DETECTED) -> Layout:
    """Look at a file and tell its layout. Raises BadInput if it is no file, is empty or lacks a needed column."""
    try:
        encoding = told_encoding(path, reading)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            first = file.readline().rstrip("\r\n")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    if not first.strip():
        raise BadInput(f"{path}: the first line must name the columns, but it is empty")
    if len(reading.separator) > 1:
        raise BadInput(f"{path}: the separator is one character, not '{reading.separator}'")
    signs = (reading.separator,) if reading.separator else SEPARATORS
    heads = {separator: next(csv.reader([first], delimiter=separator)) for separator in signs}
    separator = max(signs, key=lambda sign: (len(fields_of(heads[sign], reading)[0]), len(heads[sign])))
    columns, ignored = columns_of(heads[separator], reading, str(path))
    return Layout("csv", encoding, separator, columns, ignored)


def lines(path: Path, layout: Layout, reading: Reading = AS_DETECTED) -> Generator[SourceLine, None, None]:
    """Read a file line by line, in constant memory; a line that cannot be read has a `fault`.

    The number of a line is that in the file; the header is 1.
    """
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
                yield SourceLine(number, {}, str(error))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(heads):
                yield SourceLine(number, {}, f"{len(cells)} columns instead of {len(heads)}")
                continue
            cells += [""] * (len(heads) - len(cells))
            values = {field: tuple(cells[place].strip() for place in own) for field, own in places.items()}
            yield SourceLine(number, translated(values, reading))
