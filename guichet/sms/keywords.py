"""Words that command: opt-out and opt-in, STATUT, ANNULER, AGENT, AIDE; with accents, punctuation, courtesy. Pure.

A keyword counts only where the whole message says nothing else: every word must belong to the vocabulary of that
command (courtesy, "vos SMS", "je ne veux plus recevoir"…). "Stop. Merci" is an opt-out; "stop devant l'école", "arrêt
de bus" and "fin du mois" are about something.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from guichet.core.text import words

LONGEST = 16
"""Words: a longer message says something else too."""


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
    """A command found; `reference` is that of a request named with it, such as `K7-4QX9`."""

    command: Command
    reference: str | None = None


CARRIER_STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
CARRIER_START = frozenset({"start", "yes", "unstop"})
CARRIER_HELP = frozenset({"help", "info"})
"""Whole messages that the carrier itself obeys and answers before we are told.

Source: https://help.twilio.com/articles/223134027
"""


def vocabulary(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


COURTESY = vocabulary(
    "bonjour bonsoir bjr bsr salut slt coucou hello hi dear merci mrc mci thanks thank thx ty svp stp please pls plz"
    " sil s il vous te plait plais cordialement cdt cdlt beaucoup bien bonne journee soiree monsieur madame mr mme ok"
)
_THANKS = vocabulary(
    "merci mrc mci ok okay oui non d accord dac parfait super top note recu compris entendu thanks thank thx ty yes no"
    " noted received understood great perfect fine"
)
_STOP_WORD = re.compile(
    r"sto+p+(?:e|er|ez|ez|all|sms)?|ar+et+(?:e|er|ez|es|s)?|fin|end|cancel|quit|revoke"
    r"|opt(?:ed)?out|des+ab+on+(?:er|ez|e|es|ement|nement|e moi)?|desins\w+|unsu[bs]*cri\w+"
)
_MILD = frozenset({"fin", "end", "cancel", "quit", "revoke", "arret", "arrets", "arrete", "arretes"})
"""Stop words that name other things as well: beside them only courtesy, or else texts must be spoken of."""
_ABOUT_TEXTS = vocabulary(
    "sms texto textos texte textes message messages msg msgs mess notification notifications alerte alertes pub pubs"
    " publicite publicites spam text texts texting messaging"
)
_AROUND_STOP = (
    vocabulary(
        "je j ne n veux voudrais souhaite desire me m moi nous veuillez merci de d des du aux a au les l le la vos ces"
        " tous toutes tout toute mon ma mes numero liste envoi envois envoyer envoyez recevoir plus pas jamais"
        " i want wish to do don t not no more stop stopped sending send receive receiving get getting me your my"
        " these any the from of list number remove us all opt out"
    )
    | _ABOUT_TEXTS
    | COURTESY
)
_NO_MORE = re.compile(
    r"\b(?:plus|pas|jamais) (?:recevoir|de|d|vos|aucun)\b.*\b(?:sms|textos?|messages?|msgs?)\b"
    r"|\bplus rien recevoir\b|\bno more (?:sms|texts?|messages?)\b|\bremove me\b|\bopt out\b|\bstop all\b"
    r"|\b(?:do not|don t) (?:want to )?(?:text|send|receive|get)\b"
)
_AROUND_COMMAND = COURTESY | vocabulary(
    "je j veux voudrais souhaite svp ma mon mes la le les l un une de du d a au demande demandes rappel rappels dossier"
    " i want would like d to my the a an of request requests callback call cancel please"
)
_START_WORDS = frozenset({"start", "unstop", "reprendre", "reprise", "reabonner", "reabonnement", "reactiver"})
_WORDS: dict[Command, frozenset[str]] = {
    Command.STATUS: vocabulary("statut statuts status etat avancement progress"),
    Command.CANCEL: vocabulary("annuler annule annulez annulation anuler anule withdraw withdrawn withdrawal"),
    Command.AGENT: vocabulary("agent agents conseiller conseillere conseil humain operateur operatrice advisor human"),
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
_REFERENCE = re.compile(r"\b([2-9A-HJ-NP-Z]{2})[- ]?([2-9A-HJ-NP-Z]{4})\b")


def keyword(text: str) -> Keyword | None:
    """Return the command that a whole message is, if it is one."""
    reference = _reference(text)
    said = words(_REFERENCE.sub(" ", text.upper())) if reference else words(text)
    if not said or len(said) > LONGEST:
        return None
    if is_opt_out(said):
        return Keyword(Command.STOP)
    if _only(said, _START_WORDS, COURTESY | _ABOUT_TEXTS | {"les", "vos", "me", "je", "veux"}):
        return Keyword(Command.START)
    for command, own in _WORDS.items():
        if _only(said, own, _AROUND[command]):
            return Keyword(command, reference)
    return None


def reference_in(text: str) -> str | None:
    """Return the reference of a request that a text names, such as `K7-4QX9`."""
    return _reference(text)


def without_reference(text: str) -> str:
    """Return a text without the reference it names: `2H-4QX9` is no hour."""
    found, written = _named(text), text.upper()
    # Upper case for a few letters is longer: the words are the same for who reads them.
    kept = text if len(written) == len(text) else written
    return f"{kept[: found.start()]} {kept[found.end() :]}" if found else text


def is_opt_out(said: tuple[str, ...]) -> bool:
    """Say whether folded words are an opt-out and nothing else."""
    stops = [word for word in said if _STOP_WORD.fullmatch(word)]
    rest = [word for word in said if not _STOP_WORD.fullmatch(word)]
    if any(word not in _AROUND_STOP for word in rest):
        return False
    if _NO_MORE.search(" ".join(said)):
        return True
    if not stops:
        return False
    if all(word in _MILD for word in stops):
        return all(word in COURTESY for word in rest) or any(word in _ABOUT_TEXTS for word in rest)
    return True


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
