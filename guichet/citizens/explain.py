"""Why a citizen is a candidate, in plain words: what was heard, what the record says, how they agree. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from guichet.citizens.birth_date import date_similarity
from guichet.citizens.citizen import Citizen, Evidence, Item, Reason
from guichet.citizens.names import best_split, name_forms, name_said, piece_similarity
from guichet.citizens.phonetic import sound
from guichet.citizens.postcode import plain, postcode_readings, postcode_similarity
from guichet.core.language import Bilingual

SAME = Bilingual("identique", "the same")
SOUNDS_SAME = Bilingual("son identique", "sounds the same")
CLOSE = Bilingual("proche", "close")
DIFFERENT = Bilingual("différent", "different")
_HEARD = Bilingual("{what} « {heard} », fiche « {held} », {how}", "{what} “{heard}”, record “{held}”, {how}")


class Weighed(NamedTuple):
    """What each item weighs for one citizen, in bits; zero where nothing was heard or nothing is on record."""

    name: float = 0.0
    birth_date: float = 0.0
    postcode: float = 0.0
    phone: float = 0.0
    file: float = 0.0


def _sentence(what: Bilingual, heard: str, held: Bilingual, how: Bilingual) -> Bilingual:
    """Put a reason into words."""
    return Bilingual(
        _HEARD.fr.format(what=what.fr, heard=heard, held=held.fr, how=how.fr),
        _HEARD.en.format(what=what.en, heard=heard, held=held.en, how=how.en),
    )


def _agreement(similarity: float, same: float = 0.999, close: float = 0.75) -> Bilingual:
    """Name a similarity."""
    if similarity >= same:
        return SAME
    return CLOSE if similarity >= close else DIFFERENT


def _name_agreement(said: str, forms: Sequence[str], similarity: float) -> Bilingual:
    """Name the agreement of a name: written the same, sounding the same, close or different."""
    if said in forms:
        return SAME
    if said and sound(said) in {sound(form) for form in forms}:
        return SOUNDS_SAME
    return _agreement(similarity, same=2.0)


def _name_reasons(evidence: Evidence, citizen: Citizen, weight: float) -> list[Reason]:
    """Explain given and family name; the weight of the whole is shared by how much each agrees."""
    answers = evidence.heard(Item.NAME)
    if not answers:
        return []
    forms = name_forms(citizen)
    given, family = best_split([reading for answer in answers for reading in answer], forms)
    likeness = piece_similarity(given, forms.given), piece_similarity(family, forms.family)
    shares = [part / sum(likeness) if sum(likeness) else 0.5 for part in likeness]
    told = (
        (Bilingual("prénom entendu", "given name heard"), given, forms.given, citizen.given_names),
        (Bilingual("nom entendu", "family name heard"), family, forms.family, name_said(family, citizen)),
    )
    return [
        Reason(
            _sentence(what, said, Bilingual(held, held), _name_agreement(said, known, similar)),
            round(weight * share, 2),
        )
        for (what, said, known, held), similar, share in zip(told, likeness, shares, strict=True)
        if said
    ]


def _best_reading(answers: Sequence[Sequence[str]], similarities: Sequence[float]) -> str:
    """Return the reading that agrees best, the first of equals."""
    readings = [reading for answer in answers for reading in answer]
    return readings[max(range(len(readings)), key=lambda place: (similarities[place], -place))]


def _date_similarities(evidence: Evidence, citizens: Sequence[Citizen]) -> list[list[float]]:
    """Return for each citizen how alike each reading of the birth date is, -1 where it cannot be read.

    All citizens at once: most of what it costs is for each reading, not for each date.
    """
    dates = [citizen.birth_date or date.min for citizen in citizens]
    found = [date_similarity([reading], dates) for answer in evidence.heard(Item.BIRTH_DATE) for reading in answer]
    return [[-1.0 if one is None else float(one[place]) for one in found] for place in range(len(dates))]


def _date_reason(evidence: Evidence, born: date, similar: Sequence[float], weight: float) -> list[Reason]:
    """Explain the birth date."""
    answers = evidence.heard(Item.BIRTH_DATE)
    if not similar or max(similar) < 0:
        return []
    what = Bilingual("date de naissance entendue", "birth date heard")
    held = Bilingual(f"{born:%d/%m/%Y}", f"{born:%d/%m/%Y}")
    # Two digits of the year leave the century open, as people do; nothing was heard that differs.
    how = _agreement(max(similar), same=0.965, close=0.8)
    feminine = Bilingual("différente", "different") if how is DIFFERENT else how
    return [Reason(_sentence(what, _best_reading(answers, similar), held, feminine), round(weight, 2))]


def _postcode_reason(evidence: Evidence, postcode: str, weight: float) -> list[Reason]:
    """Explain the postcode."""
    answers = evidence.heard(Item.POSTCODE)
    found = [postcode_similarity([reading], [plain(postcode)]) for answer in answers for reading in answer]
    similar = [-1.0 if one is None else float(one[0]) for one in found]
    if not similar or max(similar) < 0:
        return []
    best = _best_reading(answers, similar)
    how = SAME if plain(postcode) in postcode_readings(best) else _agreement(max(similar), same=2.0, close=0.6)
    what = Bilingual("code postal entendu", "postcode heard")
    return [Reason(_sentence(what, best, Bilingual(postcode, postcode), how), round(weight, 2))]


def _phone_reason(evidence: Evidence, citizen: Citizen, weight: float) -> list[Reason]:
    """Explain the calling number, without telling it."""
    if evidence.phone is None or evidence.phone not in citizen.phones:
        return []
    text = Bilingual("le numéro appelant est sur la fiche", "the calling number is on the record")
    return [Reason(text, round(weight, 2))]


def _file_reason(weight: float) -> list[Reason]:
    """Explain the file number, without telling it: who reads the reason has the record beside it."""
    if not weight:
        return []
    text = (
        Bilingual("le numéro de dossier entendu est sur la fiche", "the file number heard is on the record")
        if weight > 0
        else Bilingual(
            "le numéro de dossier entendu n'est pas sur la fiche", "the file number heard is not on the record"
        )
    )
    return [Reason(text, round(weight, 2))]


def reasons(
    evidence: Evidence, citizens: Sequence[Citizen], weighed: Sequence[Weighed]
) -> tuple[tuple[Reason, ...], ...]:
    """Explain candidates, the weightiest reason of each first."""
    similar = _date_similarities(evidence, citizens)
    return tuple(_reasons(evidence, *one) for one in zip(citizens, weighed, similar, strict=True))


def _reasons(evidence: Evidence, citizen: Citizen, bits: Weighed, similar: Sequence[float]) -> tuple[Reason, ...]:
    """Explain a candidate; `similar` are the likenesses of each reading of the birth date."""
    told = _name_reasons(evidence, citizen, bits.name) + _phone_reason(evidence, citizen, bits.phone)
    if citizen.birth_date is not None:
        told += _date_reason(evidence, citizen.birth_date, similar, bits.birth_date)
    if citizen.postcode:
        told += _postcode_reason(evidence, citizen.postcode, bits.postcode)
    told += _file_reason(bits.file)
    return tuple(sorted(told, key=lambda reason: -abs(reason.weight)))
