"""A small rule book for tests, to be changed by replacing lines."""

from datetime import UTC, datetime
from typing import Any

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Facts
from guichet.routing.rule_book import RuleBook

LINE = PhoneNumber("+33199001010")
OPEN = datetime(2026, 3, 4, 9, tzinfo=UTC)
CLOSED = datetime(2026, 3, 4, 19, tzinfo=UTC)

BOOK = """\
horaires:
  mairie:
    lundi-vendredi: [8:30-12:00, 13:30-17:30]
  nuit:
    tous les jours: 20:00-6:00
files:
  - {nom: accueil, objectif: 4 h, demandes: [agent_humain]}
  - {nom: social, objectif: 2 h, priorite: 5, demandes: [aide_sociale], competences: [social, logement]}
  - {nom: astreinte, horaires: nuit, demandes: [eau_assainissement]}
lignes:
  - nom: standard
    numero: 01 99 00 10 10
    langue: fr
    horaires: mairie
    accueil: {fr: Bonjour., en: Hello.}
regles:
#RULES
defaut: {alors: rappel, file: accueil}
"""


def book_with(rules: str, text: str = BOOK) -> str:
    """Return the book with these rules (written at the margin)."""
    indented = "".join(f"  {line}\n" for line in rules.strip().splitlines())
    return text.replace("regles:\n#RULES\n", f"regles:\n{indented}" if rules.strip() else "regles: []\n")


def read(rules: str = "") -> RuleBook:
    """Read the book with these rules."""
    return RuleBook.parse(book_with(rules))


def facts(intent: str | None = None, **known: Any) -> Facts:
    """Return the facts of a call in French, in opening hours, of somebody unknown, with no agent free."""
    values: dict[str, Any] = {"line": LINE, "channel": "voice", "language": Language.FR, "now": OPEN}
    return Facts(**{**values, "intent": intent, "certainty": "unknown", **known})
