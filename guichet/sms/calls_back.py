"""What a text says of when and where to call somebody back: DEPLACER, AUTRE NUMERO, "jeudi matin". Pure."""

import re
from dataclasses import dataclass

from guichet.callbacks.elsewhere import LONGEST_NAME, may_be_called
from guichet.core.phone import PhoneNumber
from guichet.core.text import fold
from guichet.transcripts.spoken.when import When
from guichet.transcripts.spoken.when_not import refuses

_POLITE = r"(?:je (?:veux|voudrais|souhaite) |j ai |pouvez vous |peut on |(?:can|could) you |bonjour |bjr |svp )*"
_MOVE = re.compile(
    _POLITE + r"(?:depla[cs]+(?:e|er|ez|ement)|depl|reporte[rz]?|report$|dec[ae]l+(?:e|er|ez|age)|repousse[rz]?"
    r"|change[rz]? (?:[ld] heure|d horaire|de (?:jour|date|moment|creneau)|le (?:rappel|jour|creneau)|la date)"
    r"|(?:un |une )?autre (?:moment|heure|horaire|jour|date|creneau)"
    r"|move(?:$| (?:it|my|the|call|to|on|at|next|to(?:morrow|day|night)|\w{3,6}day|\w\w \w{4}$))"
    r"|re?s?ch?edule|postpone|(?:an)?other (?:time|day|date|slot)|change (?:the |my )?(?:time|day|date|slot))\b"
)
_EVADES = re.compile(
    r"\b(?:plus (?:tard|tot)|later|earlier"
    r"|(?:pas|plus|not|in)(?: tres| vraiment)? ?(?:dispo|disponible|libre|available|free)"
    r"|(?:peux|pourrai|peut|can|could)(?: not|n t| t)? (?:pas )?(?:repondre|parler|decrocher|answer|talk|speak)"
    r"|can t (?:talk|answer|speak|take)|(?:i m|je suis) (?:busy|occupee?|en reunion|au travail|at work|in a meeting))\b"
)
"""Who cannot talk at the time of a call that they wait for wants another one."""
_NUMBER_WORD = r"(?:numeros?|numro|nunero|nmero|num|no|n|tel|telephone|portable|fixe)"
_NUMBER = re.compile(
    _POLITE + rf"(?:(?:sur |a )?(?:un )?(?:autre|nouveau) ?{_NUMBER_WORD}"
    rf"|chang(?:e|er|ez|ement) (?:de |le |mon )?{_NUMBER_WORD}"
    rf"|(?:pas|plus) (?:a |sur )?(?:ce|mon|le) (?:bon )?{_NUMBER_WORD}"
    r"|(?:use )?(?:an)?(?:other|different) (?:phone )?number|(?:my )?new (?:phone )?number"
    rf"|mon nouveau {_NUMBER_WORD}|change (?:my |the )?(?:phone )?number)\b"
)
_CALL_THERE = re.compile(
    r"\b(?:r?appel\w*|joindre|joign\w*|call|ring|phone|reach)\b"
    r".*\b(?:au|a|sur|le|plutot|numero|on|at|number|mobile|fixe)\b"
    r"|^(?:plutot )?(?:au|sur|on|at)\b"
)
"""A number that is named as the one to call."""
_CALL_ME = re.compile(r"\b(?:appel\w*|rappel\w*|call|ring|phone)\b")
_NAME = r"(?:(?:[Mm]me|[Mm]lle|[Mm]r?|[Mm]rs|[Mm]s|[Mm]iss)\.? )?[A-ZÀ-ÖØ-Þ][\w'’-]+(?: [A-ZÀ-ÖØ-Þ][\w'’-]+){0,2}"
_PERSON = re.compile(
    r"\b(?:[Dd]emand(?:er|ez|e)|[Aa]sk for|[Ss]peak (?:to|with)|[Pp]arl(?:er|ez) (?:à|a|avec)"
    r"|(?:[Rr]?[Aa]ppel\w*|[Cc]all) (?:mon|ma|my) (?:fille|fils|mari|femme|mère|mere|père|pere|frère|frere|sœur|soeur"
    rf"|daughter|son|husband|wife|mother|father|brother|sister|neighbour|voisin|voisine)) ({_NAME})"
)
_SHORT = 6
"""Words: a longer message that begins like a command, and lacks what the command needs, says something else."""
_DIGITS = re.compile(r"\+?\d(?:[ .\-/()]*\d){7,14}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says: `moves` and `changes` are the wishes themselves, `when` and `number` what they may hold.

    `person` is somebody else to ask for at that number.
    `refuses` is a time that does not suit ("pas demain"); `calls` says that a call is spoken of, `soon` that it may
    come at once, `evades` that they cannot talk at the time that was told, `redirects` that
    hardly more is said than the number to be called at.
    """

    moves: bool = False
    changes: bool = False
    when: When | None = None
    number: PhoneNumber | None = None
    person: str | None = None
    refuses: bool = False
    calls: bool = False
    soon: bool = False
    evades: bool = False
    redirects: bool = False


NOTHING_SAID = Said()


def said_of_calls(text: str, when: When | None, sender: PhoneNumber | None, *, soon: bool = False) -> Said:
    """Read a text; `when` is the time it says, if any, and `sender` who wrote it (whose country numbers may be of)."""
    plain, number = fold(text), number_said(text, sender)
    person = person_said(text) if number is not None else None
    is_short = len(plain.split()) <= _SHORT
    has_other = number is not None and person is not None and _CALL_ME.search(plain) is not None
    return Said(
        moves=_MOVE.match(plain) is not None and (when is not None or is_short),
        changes=has_other or (_NUMBER.match(plain) is not None and (number is not None or is_short)),
        when=when,
        number=number,
        person=person,
        refuses=when is not None and when.but is None and refuses(text),
        calls=_CALL_ME.search(plain) is not None,
        soon=soon,
        redirects=_is_only_number(text, number),
        evades=is_short and _EVADES.search(plain) is not None,
    )


def _is_only_number(text: str, number: PhoneNumber | None) -> bool:
    """Whether a text names the number at which to call, and says little more: `rappelez-moi au 06…`."""
    if number is None:
        return False
    rest = fold(_DIGITS.sub(" ", text))
    return len(rest.split()) <= _SHORT and _CALL_THERE.search(rest) is not None


def person_said(text: str) -> str | None:
    """Return whom a text says to ask for, as it is written: `demandez Mme Julie Martin`, `ask for Tom Hughes`."""
    found = _PERSON.search(text)
    return " ".join(found[1].split())[:LONGEST_NAME] if found else None


def number_said(text: str, sender: PhoneNumber | None) -> PhoneNumber | None:
    """Return the number in a text, if it may be called: an ordinary one, French or of the sender's country."""
    found = _DIGITS.search(text)
    number = PhoneNumber.maybe(found[0]) if found else None
    return number if number is not None and may_be_called(number, sender) else None
