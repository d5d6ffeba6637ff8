"""A CSV file from the administration: its encoding, separator and columns, told before it is used."""

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TextIO

from guichet.citizens.layout import Layout, Reading, SourceLine, cell, columns_of, fields_of, translated
from guichet.core.errors import BadInput

SEPARATORS = (";", ",", "\t", "|")
"""The usual ones; any other sign of the first line is tried after them."""
_IN_HEADS = frozenset(" \"'’_-.()°/")
"""Signs that stand inside the names of columns."""
_TOLD = re.compile(r"sep=(.)", re.IGNORECASE)
"""The line by which spreadsheets tell the separator, before the header."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_BLOCK = 1 << 20
LONGEST_LINE = 1_000_000
"""Signs of a line: a file without line ends must not be held in memory."""
LONGEST_HEADER = 50_000
AS_DETECTED = Reading()


def encoding_of(path: Path) -> str:
    """Return a file's encoding: a byte order mark decides, then UTF-8 if all of it is, then Windows-1252.

    A first letter with a zero byte beside it is UTF-16 without its mark.
    """
    with path.open("rb") as file:
        start = file.read(4)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        if marked is not None:
            return marked
        if b"\0" in start[:2]:
            return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
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


def text_lines(file: TextIO, path: Path) -> Iterator[str]:
    """Yield the lines of a file with their ends. Raises BadInput for one that is too long to be a line."""
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise BadInput(f"{path}: a line is longer than {LONGEST_LINE:,} signs: this is no file of lines")
        yield line


def detect(path: Path, reading: Reading = AS_DETECTED) -> Layout:
    """Look at a file and tell its layout. Raises BadInput if it is no file, is empty or lacks a needed column."""
    try:
        encoding = told_encoding(path, reading)
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            first = file.readline(LONGEST_HEADER).rstrip("\r\n")
            told = _TOLD.fullmatch(first)
            first = file.readline(LONGEST_HEADER).rstrip("\r\n") if told else first
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    if not first.strip():
        raise BadInput(f"{path}: the first line must name the columns, but it is empty")
    if len(first) == LONGEST_HEADER:
        raise BadInput(f"{path}: the first line must name the columns, but it is longer than {LONGEST_HEADER:,} signs")
    if len(reading.separator) > 1:
        raise BadInput(f"{path}: the separator is one character, not '{reading.separator}'")
    signs = (reading.separator,) if reading.separator else (told[1],) if told else _possible(first)
    heads = {separator: next(csv.reader([first], delimiter=separator)) for separator in signs}
    separator = max(signs, key=lambda sign: (len(fields_of(heads[sign], reading)[0]), len(heads[sign])))
    columns, ignored = columns_of(heads[separator], reading, str(path))
    return Layout("csv", encoding, separator, columns, ignored)


def _possible(first: str) -> tuple[str, ...]:
    """Return the signs of a header that may separate its columns, the usual ones first."""
    others = (sign for sign in first if not sign.isalnum() and sign not in _IN_HEADS)
    return tuple(dict.fromkeys((*SEPARATORS, *others)))


def lines(path: Path, layout: Layout, reading: Reading = AS_DETECTED) -> Generator[SourceLine, None, None]:
    """Read a file line by line, in constant memory; a line that cannot be read has a `fault`.

    The number of a line is that in the file; the header is 1.
    """
    with path.open(encoding=layout.encoding, errors="replace", newline="") as file:
        reader = csv.reader(text_lines(file, path), delimiter=layout.separator)
        heads = next(reader)
        if _TOLD.fullmatch(layout.separator.join(heads)):
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
            values = {field: tuple(cell(cells[place]) for place in own) for field, own in places.items()}
            yield SourceLine(number, translated(values, reading))
