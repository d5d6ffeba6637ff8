"""Words that command: opt-out and opt-in, STATUT, ANNULER, AGENT, AIDE; with accents, punctuation, courtesy. Pure.

A keyword counts only where the whole message says nothing else: every word must belong to the vocabulary of that
command, nearly spelt (`anuler`), or the message is one of its everyday sayings (`sayings`). STOP is in `opt_out`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA

from guichet.core.text import vocabulary, words
from guichet.sms.opt_out import ABOUT_TEXTS, COURTESY, is_opt_out
from guichet.sms.sayings import saying

LONGEST = 16
"""Words: a longer message says something else too."""
_SHORTEST = 5
"""Letters of a word that may be a command word spelt wrongly."""


class Command(StrEnum):
    """What a keyword asks for."""

    STOP = "stop"
    START = "start"
    STATUS = "status"
    CANCEL = "cancel"
    AGENT = "agent"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Keyword:
    """A command found; `reference` is that of a request named with it, such as `K7-4QX9`.

    `everyday`: it is said in everyday words, which may be about something else where nothing is open.
    """

    command: Command
    reference: str | None = None
    everyday: bool = False


CARRIER_STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
CARRIER_START = frozenset({"start", "yes", "unstop"})
CARRIER_HELP = frozenset({"help", "info"})
"""Whole messages that the carrier itself obeys and answers before we are told.

Source: https://help.twilio.com/articles/223134027
"""


_THANKS = vocabulary(
    "merci mrc mci ok okay oui non d accord dac parfait super top note recu compris entendu thanks thank thx ty yes no"
    " noted received understood great perfect fine"
)
_AROUND_COMMAND = COURTESY | vocabulary(
    "je j veux voudrais souhaite svp ma mon mes la le les l un une de du d a au demande demandes rappel rappels dossier"
    " i want would like d to my the a an of request requests callback call cancel please"
)
_START_WORDS = frozenset({"start", "unstop", "reprendre", "reprise", "reabonner", "reabonnement", "reactiver"})
_WORDS: dict[Command, frozenset[str]] = {
    Command.STATUS: vocabulary("statut statuts status etat avancement progress"),
    Command.CANCEL: vocabulary("annuler annule annulez annulation anule cancel withdraw withdrawn withdrawal"),
    Command.AGENT: vocabulary(
        "agent agents conseiller conseillere conseil humain operateur operatrice advisor human agen"
    ),
    Command.HELP: vocabulary("aide aider help info infos guide commandes commands"),
}
_AROUND: dict[Command, frozenset[str]] = {
    Command.STATUS: _AROUND_COMMAND | vocabulary("quel est what is savoir connaitre"),
    Command.CANCEL: _AROUND_COMMAND,
    Command.AGENT: COURTESY
    | vocabulary(
        "je j veux voudrais souhaite parler avec a un une vrai vraie i want would like d to speak talk with an the"
    ),
    Command.HELP: COURTESY,
}
_NEAR = vocabulary("statut status annuler annulez annulation deplacer withdraw progress conseiller")
"""Command words long enough to be known by one wrong letter: `agent` is not, it would be `argent`."""
_REFERENCE = re.compile(r"\b([2-9A-HJ-NP-Z]{2})[- ]?([2-9A-HJ-NP-Z]{4})\b")


def keyword(text: str) -> Keyword | None:
    """Return the command that a whole message is, if it is one."""
    reference = _reference(text)
    said = words(without_reference(text))
    if not said or len(said) > LONGEST:
        return Keyword(Command.HELP) if text.strip(" !") in {"?", "??"} else None
    if is_opt_out(said):
        return Keyword(Command.STOP)
    if _only(said, _START_WORDS, COURTESY | ABOUT_TEXTS | {"les", "vos", "me", "je", "veux"}):
        return Keyword(Command.START)
    near = tuple(map(_nearly, said))
    for command, own in _WORDS.items():
        if _only(near, own, _AROUND[command]):
            return Keyword(command, reference)
    everyday = saying(said)
    return Keyword(Command(everyday), reference, everyday=True) if everyday else None


def reference_in(text: str) -> str | None:
    """Return the reference of a request that a text names, such as `K7-4QX9`."""
    return _reference(text)


def without_reference(text: str) -> str:
    """Return a text without the reference it names: `2H-4QX9` is no hour."""
    found, written = _named(text), text.upper()
    # Upper case for a few letters is longer: the words are the same for who reads them.
    kept = text if len(written) == len(text) else written
    return f"{kept[: found.start()]} {kept[found.end() :]}" if found else text


def is_thanks(text: str) -> bool:
    """Say whether a message only thanks or acknowledges: it wants no answer."""
    said = words(text)
    return any(word in _THANKS for word in said) and all(word in _THANKS or word in COURTESY for word in said)


def obeyed_by_carrier(text: str) -> Command | None:
    """Return the command that the carrier has obeyed and answered itself, for a whole message of one of its words."""
    alone = text.strip().lower()
    if alone in CARRIER_STOP:
        return Command.STOP
    if alone in CARRIER_START:
        return Command.START
    return Command.HELP if alone in CARRIER_HELP else None


def _nearly(word: str) -> str:
    """Return the command word that a word is, but for one letter; else the word."""
    if len(word) < _SHORTEST or word in _NEAR:
        return word
    return next((known for known in sorted(_NEAR) if OSA.distance(word, known, score_cutoff=1) <= 1), word)


def _only(said: tuple[str, ...], own: frozenset[str], around: frozenset[str]) -> bool:
    """Say whether there is a word of `own`, and none but those and words around."""
    return any(word in own for word in said) and all(word in own or word in around for word in said)


def _reference(text: str) -> str | None:
    found = _named(text)
    return f"{found[1]}-{found[2]}" if found else None


def _named(text: str) -> re.Match[str] | None:
    """Find a reference; one without any digit must be written with its hyphen (`AGENTS` is a word)."""
    for found in _REFERENCE.finditer(text.upper()):
        if "-" in found[0] or any(letter.isdigit() for letter in found[0]):
            return found
    return None
