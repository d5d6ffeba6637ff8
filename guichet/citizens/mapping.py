"""A mapping file: where the administration's data is, and which of its columns fill our fields. TOML.

source = "etat-civil"              # people of other sources are left alone; may be left out, as what follows
partial = false                    # true: the file holds some of the people only, nobody is taken to have left

[people]                           # without `from` or `query`: the file given to the command
separator = ";"
encoding = "cp1252"
columns = {external_id = "NUM", given_names = "PRENOMS", birth_name = "NOM", mobile = ["TEL1", "TEL2"]}
values.language = {F = "fr", A = "en"}

[files]
from = "dossiers.csv"              # beside this file
columns = {external_id = "NUM", number = "NUMDOS", kind = "TYPE", state = "ETAT"}

[mandates]
query = "SELECT usager, mandataire, qualite, portee, fin, piece FROM mandats ORDER BY usager, mandataire"
columns = {external_id = "usager", holder = "mandataire", role = "qualite", scope = "portee", until = "fin"}
"""

from pathlib import Path

import msgspec

from guichet.citizens.import_run import Part
from guichet.citizens.layout import Reading
from guichet.core.errors import BadInput


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one part is read."""

    from_: str = msgspec.field(default="", name="from")
    query: str = ""
    separator: str = ""
    encoding: str = ""
    columns: dict[str, str | list[str]] = {}
    values: dict[str, dict[str, str]] = {}

    def reading(self, part: Part) -> Reading:
        """Return how the part's source is to be read."""
        columns = {name: (heads,) if isinstance(heads, str) else tuple(heads) for name, heads in self.columns.items()}
        return Reading(part, columns, self.values, self.encoding, self.separator)


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping file."""

    source: str = ""
    partial: bool = False
    people: _Section = _Section()
    files: _Section | None = None
    mandates: _Section | None = None

    def section(self, part: Part) -> _Section | None:
        """Return the section of a part; None where the mapping has none."""
        match part:
            case Part.PEOPLE:
                return self.people
            case Part.FILES:
                return self.files
            case Part.MANDATES:
                return self.mandates


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises BadInput with the place of what is wrong."""
    try:
        mapping = msgspec.toml.decode(path.read_bytes(), type=Mapping)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: {error}") from error
    for part in Part:
        section = mapping.section(part)
        if section is not None and section.from_ and section.query:
            raise BadInput(f"{path}: [{part}] has both `from` and `query`; leave one")
        if section is not None and part is not Part.PEOPLE and not section.from_ and not section.query:
            raise BadInput(f"{path}: [{part}] needs `from` (a file beside this one) or `query`")
    if len(mapping.source) > 64:
        raise BadInput(f"{path}: the name of the source is longer than 64 characters")
    return mapping
