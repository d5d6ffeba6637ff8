"""A batch of an import, saved inside one transaction: people, files, mandates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from guichet.citizens.case_file import CaseFile
from guichet.citizens.erased import ErasedKey
from guichet.citizens.line_fault import LineFault
from guichet.citizens.mandate import Mandate
from guichet.citizens.mandate_row import ToldMandate
from guichet.citizens.ports import ImportUnit
from guichet.citizens.row import Read
from guichet.citizens.store import Saved, Seen
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual

Numbered = tuple[int, Read]
"""What was read of a line, and the line's number."""
UNKNOWN_OWNER = Bilingual("personne inconnue : importer d'abord les personnes", "unknown person: import people first")
_UNKNOWN_HOLDER = Bilingual(
    "mandataire inconnu : importer d'abord les personnes", "unknown holder: import people first"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a batch: the part's own records, files that came with people, and faults found in saving."""

    saved: Saved = field(default_factory=Saved)
    files: Saved = field(default_factory=Saved)
    faults: tuple[LineFault, ...] = ()


_ERASED = Bilingual(
    "personne effacée à sa demande : laissée de côté ; à retirer du fichier",
    "this person was erased: left out; take them out of the file",
)


async def without_erased(unit: ImportUnit, batch: Sequence[Numbered], key: ErasedKey) -> list[Numbered]:
    """Leave out who was erased, with the reason in place of the person."""
    erased = await unit.erased.among(key, _distinct(read.external_id for _, read in batch))
    return [
        (number, Read(faults=(LineFault(number, _ERASED),)) if read.external_id in erased else read)
        for number, read in batch
    ]


async def save_people(unit: ImportUnit, batch: Sequence[Numbered], seen: Seen) -> Kept:
    """Save people and the files that came with them; whoever has a bad line is in the source all the same."""
    saved = await unit.citizens.save_all([read.citizen for _, read in batch if read.citizen is not None])
    await unit.citizens.see(_distinct(read.external_id for _, read in batch), seen)
    return Kept(saved, (await save_files(unit, batch, seen)).saved)


async def save_files(unit: ImportUnit, batch: Sequence[Numbered], seen: Seen) -> Kept:
    """Save files of known people."""
    told = [(number, file) for number, read in batch for file in read.files]
    if not told:
        return Kept()
    ids = await unit.citizens.ids_of(_distinct(file.owner for _, file in told))
    known = [(ids[file.owner], file.file) for _, file in told if file.owner in ids]
    faults = tuple(LineFault(number, UNKNOWN_OWNER) for number, file in told if file.owner not in ids)
    return Kept(await _files(unit, known, seen), faults=faults)


async def _files(unit: ImportUnit, files: Sequence[tuple[CitizenId, CaseFile]], seen: Seen) -> Saved:
    """Save files."""
    return await unit.records.save_files(files, seen) if files else Saved()


async def save_mandates(unit: ImportUnit, batch: Sequence[Numbered], seen: Seen) -> Kept:
    """Save mandates whose two sides are known; a holder without a key is somebody from outside."""
    told = [(number, mandate) for number, read in batch for mandate in read.mandates]
    if not told:
        return Kept()
    ids = await unit.citizens.ids_of(_distinct(key for _, mandate in told for key in (mandate.owner, mandate.holder)))
    faults = tuple(LineFault(number, reason) for number, one in told if (reason := missing(one, ids)) is not None)
    mandates = [_mandate(one, ids) for _, one in told if missing(one, ids) is None]
    return Kept(await unit.records.save_mandates(mandates, seen) if mandates else Saved(), faults=faults)


def missing(told: ToldMandate, known: Iterable[str]) -> Bilingual | None:
    """Say which side of a mandate is not known, if one is not."""
    if told.owner not in known:
        return UNKNOWN_OWNER
    return _UNKNOWN_HOLDER if told.holder and told.holder not in known else None


def _mandate(told: ToldMandate, ids: Mapping[str, CitizenId]) -> Mandate:
    """Return a mandate between people we know."""
    return Mandate(
        citizen=ids[told.owner],
        role=told.role,
        holder=ids.get(told.holder),
        holder_name=told.holder_name,
        holder_phone=told.holder_phone,
        scope=told.scope,
        until=told.until,
        proof=told.proof,
    )


def _distinct(keys: Iterable[str]) -> list[str]:
    """Return keys, each once."""
    return list(dict.fromkeys(filter(None, keys)))
