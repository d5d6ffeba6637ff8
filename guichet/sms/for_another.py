"""Writing for somebody else: what is asked about it, and what an answer means. Pure.

    a matter, from a number whose owner holds a mandate --> FOR WHOM -- a name --> WHO WRITES -- proved, or twice not
                                                              | MOI                   | PASSER      |
                                                              v                       v             v
                                                         the matter, theirs   without a mandate   as it allows

Whom the name means is not told before it is proved who writes: nobody learns by trying names who is on record.
"""

from dataclasses import dataclass
from typing import Any

from guichet.citizens.another_words import calls_for_another, calls_for_self
from guichet.citizens.birth_date import MONTHS
from guichet.citizens.speaking import Spoken, Standing
from guichet.core.ids import CitizenId
from guichet.core.text import words
from guichet.routing.intent_wording import plain_words

MOST_TRIES = 2
"""How often they may say who they are."""
LONGEST_NAME = 6
"""Words from which an answer is no name: with a matter in it, it is a new one."""
_SELF = frozenset({"moi", "me", "myself", "oui", "yes"})
_SKIP = frozenset({"passer", "passe", "pass", "skip", "non", "no", "nope", "personne", "nobody"})
_DONT_KNOW = ("je sais pas", "je ne sais pas", "i don t know", "je veux pas", "je ne veux pas", "i d rather not")
_AROUND_NAME = frozenset(words("ne nee n e le born on the date naissance of birth je m appelle suis i am my name is"))
UNPROVED = Spoken(Standing.NONE)
"""Who may do nothing for another: no mandate, or nobody could tell."""


@dataclass(frozen=True, slots=True)
class Helping:
    """What is remembered while we ask: the matter, whom they named, and whether they are to say who they are."""

    intent: str
    whom: CitizenId | None = None
    asks_who: bool = False
    tries: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return plain values: ids, and no name."""
        return {"intent": self.intent, "whom": self.whom, "asks_who": self.asks_who, "tries": self.tries}

    @classmethod
    def from_json(cls, values: dict[str, Any] | None) -> "Helping | None":
        """Read what `to_json` has written."""
        return None if values is None else cls(**values)


@dataclass(frozen=True, slots=True)
class Help:
    """What a text, and the record, say of writing for another.

    `holds`: somebody with that number holds a mandate. Where we have asked: `named` is whom the text names among those
    whom the mandates are about, `spoken` what the mandate allows, `is_proved` whether they are who they say.
    """

    for_another: bool = False
    for_self: bool = False
    holds: bool = False
    named: CitizenId | None = None
    spoken: Spoken = UNPROVED
    is_proved: bool = False


NO_HELP = Help()


@dataclass(frozen=True, slots=True)
class AskWho:
    """Ask who writes, before anything of somebody else's is said."""

    again: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """Serve the matter: for oneself (`spoken` None), or as a mandate allows."""

    intent: str
    spoken: Spoken | None


def says_for_another(text: str) -> bool:
    """Whether a text says that it is for somebody else, shorthand included: `c pr ma mere`."""
    return calls_for_another(" ".join(plain_words(text)))


def says_for_self(text: str) -> bool:
    """Whether a text says that it is for who writes, or for a child of theirs."""
    said = words(text)
    return calls_for_self(" ".join(plain_words(text))) or (bool(said) and all(word in _SELF for word in said))


def name_in(text: str) -> str:
    """Return the words of an answer that may be a name: `Jean Petit né le 3/5/1960` is `Jean Petit`."""
    kept = [word for word in text.replace(",", " ").split() if not any(sign.isdigit() for sign in word)]
    around = _AROUND_NAME | MONTHS.keys()
    return " ".join(word for word in kept if not all(part in around for part in words(word)))


def go_on(
    helping: Helping, text: str, intent: str | None, known: Help
) -> tuple[Helping | None, AskWho | Served] | None:
    """Take the answer to our question; None for a text that is none, but a matter of its own."""
    said = words(text)
    if _skips(said):
        return None, Served(helping.intent, UNPROVED)
    if helping.asks_who:
        if known.is_proved or helping.tries + 1 >= MOST_TRIES:
            return None, Served(helping.intent, known.spoken)
        return Helping(helping.intent, helping.whom, asks_who=True, tries=helping.tries + 1), AskWho(again=True)
    if intent is not None and len(said) > LONGEST_NAME:
        return None
    if says_for_self(text):
        return None, Served(helping.intent, None)
    return Helping(helping.intent, known.named, asks_who=True), AskWho()


def _skips(said: tuple[str, ...]) -> bool:
    plain = " ".join(said)
    return (bool(said) and all(word in _SKIP for word in said)) or any(phrase in plain for phrase in _DONT_KNOW)
