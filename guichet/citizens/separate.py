"""The question that tells close candidates apart: what differs between them, and is known of each. Pure.

The name comes first wherever it separates: relatives know each other's birth dates, few give another's given name. Then
what proves who somebody is as well, the birth date or a file number; a postcode, which proves little, comes last.
"""

from collections.abc import Sequence

import numpy as np

from guichet.citizens.citizen import Certainty, Citizen, Identification, Item
from guichet.citizens.file_number import Agreement, agreement
from guichet.citizens.score import FilesHeld, similarity_of
from guichet.citizens.weights import FILE_AGREES, FILE_DIFFERS, WEIGHTS

CLOSE = 16.0
"""Who has more than one part in so many of the best one's chance is close to them."""
ORDER = (Item.NAME, Item.BIRTH_DATE, Item.FILE, Item.POSTCODE)
"""What is asked rather, where it separates enough."""
ENOUGH = 4.0
"""Bits between the right answer and each other candidate's, from which a question separates them."""


def close_ones(identified: Identification) -> tuple[Citizen, ...]:
    """Return the candidates who are as good as the best, with the best; nobody where it is clear who calls."""
    best = identified.best
    if best is None or identified.certainty is not Certainty.CHECK:
        return ()
    close = (one.citizen for one in identified.candidates if one.score * CLOSE > best.score)
    return tuple(close)


def separating(close: Sequence[Citizen], held: FilesHeld) -> Item | None:
    """Return the first item that separates all of them enough, else the one that separates the most; None if none does.

    `held` are the numbers of their files.
    """
    worth = {item: _bits_between(item, close, held) for item in ORDER}
    first = next((item for item in ORDER if worth[item] >= ENOUGH), None)
    most = max(ORDER, key=lambda item: worth[item])
    return first or (most if worth[most] > 1.0 else None)


def _bits_between(item: Item, close: Sequence[Citizen], held: FilesHeld) -> float:
    """Return the bits by which the right answer puts each candidate before the others, at the least; 0 if unknown."""
    if item is Item.FILE:
        return min(_file_bits_between(citizen, close, held) for citizen in close)
    known = [_as_said(item, citizen) for citizen in close]
    if not all(known):
        return 0.0
    similarity, curve = similarity_of(item, close), WEIGHTS.by_item[item]
    between = []
    for place, said in enumerate(known):
        found = similarity([said])
        if found is None:
            return 0.0
        bits = curve.bits(found)
        between.append(float(bits[place] - np.delete(bits, place).max()))
    return max(0.0, min(between))


def _file_bits_between(citizen: Citizen, close: Sequence[Citizen], held: FilesHeld) -> float:
    """Return the bits by which any of a citizen's file numbers puts them before the others."""
    own = held.get(citizen.id, ())
    others = [held.get(other.id, ()) for other in close if other is not citizen]
    if not own or not all(others):
        return 0.0
    alike = max(agreement([number], numbers) for number in own for numbers in others)
    return {Agreement.DIFFERENT: FILE_AGREES - FILE_DIFFERS, Agreement.NEAR: FILE_AGREES}.get(alike, 0.0)


def _as_said(item: Item, citizen: Citizen) -> str:
    """Return what a citizen would answer, as it is on record; empty where it is not."""
    match item:
        case Item.NAME:
            return citizen.full_name
        case Item.BIRTH_DATE:
            return f"{citizen.birth_date:%d%m%Y}" if citizen.birth_date else ""
        case Item.POSTCODE:
            return citizen.postcode
        case Item.FILE:
            return ""
