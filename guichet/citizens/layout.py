"""What a source was taken for, told before it is used, and its lines. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guichet.citizens.heads import HEADS, NEEDED
from guichet.citizens.import_run import Part
from guichet.core.errors import BadInput
from guichet.core.text import fold


@dataclass(frozen=True, slots=True)
class Reading:
    """How the source of a part is to be read: `columns` name theirs for our fields, `values` translate their codes.

    What is not named is detected: columns by their heads, encoding and separator from the file.
    """

    part: Part = Part.PEOPLE
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    encoding: str = ""
    separator: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a source is: its kind (`csv`, `json lines`, `sql`), encoding and separator where it has them.

    `columns` are the heads that fill each of our fields; `ignored` are those left aside.
    """

    kind: str
    encoding: str
    separator: str
    columns: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of data: its number in the source and texts by field; `fault` if it cannot be read.

    `nested` are the records that a line of JSON holds: files and mandates, as texts by field.
    """

    number: int
    values: Mapping[str, tuple[str, ...]]
    fault: str = ""
    nested: Mapping[Part, tuple[Mapping[str, tuple[str, ...]], ...]] = field(default_factory=dict)


def fields_of(heads: Sequence[str], reading: Reading) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Give each head to its field: as the reading names them, then by what is known; return the others aside."""
    known = {head: name for name, names in HEADS[reading.part].items() for head in names}
    chosen = {head: name for name, names in reading.columns.items() for head in names}
    columns: dict[str, tuple[str, ...]] = {}
    ignored = []
    for head in heads:
        name = chosen.get(head) or known.get(fold(head))
        if name is None or (head not in chosen and name in reading.columns):
            ignored.append(head)
        else:
            columns[name] = (*columns.get(name, ()), head)
    return columns, tuple(ignored)


def columns_of(
    heads: Sequence[str], reading: Reading, where: str
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the columns and those left aside. Raises BadInput where one that is needed or was named is not there."""
    unknown = [name for name in reading.columns if name not in HEADS[reading.part]]
    if unknown:
        raise BadInput(
            f"{where}: the mapping fills {', '.join(unknown)}, but the fields are: {', '.join(HEADS[reading.part])}"
        )
    absent = [head for names in reading.columns.values() for head in names if head not in heads]
    if absent:
        raise BadInput(f"{where}: the mapping names {', '.join(absent)}, but the columns are: {', '.join(heads)}")
    columns, ignored = fields_of(heads, reading)
    missing = [group for group in NEEDED[reading.part] if not any(name in columns for name in group)]
    if missing:
        wanted = "; ".join(f"{group[0]} ({', '.join(HEADS[reading.part][group[0]][:4])}…)" for group in missing)
        raise BadInput(f"{where}: no column for {wanted}; the columns are: {', '.join(heads)}")
    return columns, ignored


def cell(text: str) -> str:
    """Return what a cell holds: without the zero bytes of broken exports, which no database takes."""
    return text.replace("\0", "").strip()


def translated(values: Mapping[str, tuple[str, ...]], reading: Reading) -> dict[str, tuple[str, ...]]:
    """Replace their codes by our words, where the reading has some for a field."""
    codes = reading.values
    return {
        name: tuple(codes[name].get(text, text) for text in texts) if name in codes else texts
        for name, texts in values.items()
    }
