"""What kind of number a run is: by its check key, by what was announced, by its shape. Pure."""

from collections.abc import Callable

from stdnum import luhn
from stdnum.fr import nif, nir

from guichet.transcripts.redaction import cues
from guichet.transcripts.redaction.harmless import is_harmless
from guichet.transcripts.redaction.kinds import Kind
from guichet.transcripts.redaction.numerals import writings
from guichet.transcripts.redaction.runs import Run

_LENGTHS = {
    Kind.PHONE: (8, 15),
    Kind.NIR: (7, 15),
    Kind.TAX: (9, 14),
    Kind.CARD: (12, 19),
    Kind.IBAN: (10, 34),
    Kind.FILE: (3, 24),
    Kind.ADDRESS: (5, 5),
    Kind.NUMBER: (2, 40),
}
"""Digits that a number has at least and at most to be what was announced."""
_CHECKS: tuple[tuple[int, Kind, Callable[[str], bool]], ...] = (
    (15, Kind.NIR, lambda digits: bool(nir.is_valid(digits))),
    (16, Kind.CARD, lambda digits: digits[0] in "23456" and bool(luhn.is_valid(digits))),
    (13, Kind.TAX, lambda digits: digits[0] in "0123" and bool(nif.is_valid(digits))),
)


def classify(run: Run) -> Kind | None:
    """Return the kind of a run, NUMBER where nothing tells, None where it may stay."""
    digits = "".join(group.digits for group in run.groups)
    announced, away = cues.before(run.sentence, run.start, run.language)
    fitting = announced if announced is not None and _fits(digits, announced) else None
    checked = _checked(run, len(digits), announced) if len(digits) >= 11 else None
    if checked is not None:
        return checked
    if fitting is not None and away <= cues.NEAR and not _is_unmeant(run, fitting):
        return fitting
    if len(digits) <= 8 and is_harmless(run):
        return None
    shaped = _shaped(run, digits) if len(digits) >= 8 else None
    return shaped or fitting or _told_after(run, digits) or Kind.NUMBER


def _told_after(run: Run, digits: str) -> Kind | None:
    """Return what is said of a number after it; of a short one only that it is a file's."""
    later = cues.after(run.sentence, run.end, run.language)
    is_believed = later is not None and (len(digits) >= 8 or later is Kind.FILE)
    return later if is_believed and later is not None and _fits(digits, later) else None


def _fits(digits: str, kind: Kind) -> bool:
    """Tell whether a number is long enough, and not too long, for what was announced."""
    shortest, longest = _LENGTHS.get(kind, (99, 99))
    return shortest <= len(digits) <= longest


def _is_unmeant(run: Run, announced: Kind) -> bool:
    """Tell whether a harmless number only stands near a word: `carte de 18 euros`, `dossier depuis 2019`."""
    return announced in (Kind.FILE, Kind.NUMBER) and len(run.groups) <= 2 and is_harmless(run)


def _checked(run: Run, length: int, announced: Kind | None) -> Kind | None:
    """Return the kind whose check key fits a way to write the number; the unnatural ones only for what is announced."""
    for wanted, kind, is_valid in _CHECKS:
        if wanted == length or (length - 4 <= wanted <= length + 4 and announced in (None, kind)):
            for digits in writings(run.words, run.language, wanted):
                if is_valid(digits):
                    return kind
    return None


def _shaped(run: Run, digits: str) -> Kind | None:
    """Return the kind whose shape a number has: the natural way to write it first, then the others."""
    lengths = (len(digits), *(other for other in (10, 11) if other != len(digits) and len(digits) in (8, 9, 10, 11)))
    for length in lengths:
        written = [digits] if length == len(digits) else list(writings(run.words, run.language, length))
        for number in written:
            kind = _shape(run, number)
            if kind is not None:
                return kind
    return None


def _shape(run: Run, number: str) -> Kind | None:
    """Return the kind whose shape a number has."""
    if _is_phone(run, number):
        return Kind.PHONE
    if len(number) in (13, 15) and number[0] in "12" and (1 <= int(number[3:5]) <= 12 or 20 <= int(number[3:5]) <= 42):
        return Kind.NIR
    return Kind.CARD if len(number) == 16 and number[0] in "23456" else None


def _is_phone(run: Run, number: str) -> bool:
    """Tell whether a number looks like a telephone number: French, British, or international."""
    if run.sentence.plain(run.start - 1) in ("+", "plus") or number.startswith("00"):
        return 10 <= len(number.removeprefix("00")) <= 15
    if number.startswith("0") and number[1] != "0":
        return len(number) == 10 or (len(number) == 11 and number[1] in "123578")
    return len(number) == 11 and number.startswith("33")
