"""Where a year ends that is written or said: `2019`, `mille neuf cent trente`, `nineteen eighty five`. Pure."""

from guichet.core.language import Language
from guichet.transcripts.redaction.harmless import is_year
from guichet.transcripts.redaction.numerals import Group, longest_group, small_groups, usual
from guichet.transcripts.redaction.sentence import Sentence


def year_end(sentence: Sentence, start: int) -> int:
    """Return where a year that begins here, after a comma perhaps, ends; the start if there is none."""
    first = start + 1 if sentence.plain(start) in (",", "de", "of") else start
    if first >= len(sentence.pieces):
        return start
    piece = sentence.pieces[first]
    if piece.is_digits:
        is_two = len(piece.text) == 2 and first == start and not sentence.plain(first + 1).startswith(("h", ":"))
        return first + 1 if is_year(piece.text) or is_two else start
    said = [usual(plain, sentence.language) for plain in sentence.plains(first, first + 8)]
    end = _said_year(said, sentence.language)
    return first + end if end else start


def _said_year(said: list[str], language: Language) -> int:
    """Return how many words say a year: `mille neuf cent trente`, `quatre vingt cinq`, `nineteen eighty five`."""
    whole = longest_group(said, 0, language)
    if whole is None or (len(whole.digits) > 2 and not is_year(whole.digits)):
        return 0
    if is_year(whole.digits):
        return whole.end
    in_two = _said_in_two(said, whole, language) if whole.end < len(said) else 0
    if in_two:
        return in_two
    is_other = said[whole.end : whole.end + 1] in (["h"], ["heure"], ["heures"], ["euros"], ["am"], ["pm"])
    return whole.end if len(whole.digits) == 2 and not is_other else 0


def _said_in_two(said: list[str], first: Group, language: Language) -> int:
    """Return how many words say a year in parts: `nineteen eighty five`, `twenty oh five`, `zéro cinq`."""
    rest = list(small_groups(said, first.end, language))
    if not rest or first.digits not in ("0", "19", "20"):
        return 0
    last = rest[-1]
    if first.digits == "0":
        return last.end
    if len(last.digits) == 2:
        return last.end
    more = list(small_groups(said, last.end, language)) if last.end < len(said) else []
    return more[-1].end if last.digits == "0" and more and len(more[-1].digits) == 1 else 0
