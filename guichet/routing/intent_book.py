"""The intent book: what citizens may want, in their words. Read from YAML with French or English keys. Pure.

matieres:
  cimetiere_concession:
    titre: {fr: Cimetière et concessions, en: Cemetery and burial plots}
    exemples:
      fr: [je voudrais renouveler la concession de mes parents]
      en: [I want to renew my parents' burial plot]
    mots_cles: [concession, cimetière]   # may be left out, as what follows
    sauf: [concession automobile]        # these words silence the keywords
    reponse: {fr: "...", en: "..."}
    pour: tous                           # or verifies: what is answered is for people whose identity is checked
    priorite: 0
hors_sujet: [quel temps fera-t-il demain]
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from typing import Final, TypeVar

from rapidfuzz import fuzz

from guichet.core.errors import NotFound
from guichet.core.language import Bilingual, Language
from guichet.routing.document import Flaw, FlawedDocument, Item, read
from guichet.routing.intent import AGENT, DANGER

T = TypeVar("T")

BOOK_KEYS: Final = {"matieres": "intents", "matières": "intents", "intents": "intents"} | dict.fromkeys(
    ("hors_sujet", "out_of_scope", "oos"), "out_of_scope"
)
INTENT_KEYS: Final = {
    "titre": "title",
    "title": "title",
    "exemples": "examples",
    "examples": "examples",
    "mots_cles": "keywords",
    "mots_clés": "keywords",
    "keywords": "keywords",
    "sauf": "unless",
    "unless": "unless",
    "reponse": "answer",
    "réponse": "answer",
    "answer": "answer",
    "pour": "audience",
    "for": "audience",
    "priorite": "priority",
    "priorité": "priority",
    "priority": "priority",
}
LANGUAGE_KEYS: Final = {"fr": "fr", "francais": "fr", "français": "fr", "en": "en", "anglais": "en", "english": "en"}
_AUDIENCES: Final = dict.fromkeys(("tous", "everybody", "everyone", "all"), False) | dict.fromkeys(
    ("verifies", "checked"), True
)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class Intent:
    """A matter: its name in scripts, its title, examples by language, keywords and what silences them.

    `answer` is what can be said at once; with `for_checked`, whatever answers this matter is said to people whose
    identity is checked, and to nobody else. `priority` orders requests (higher first).
    """

    name: str
    title: Bilingual
    examples: dict[Language, tuple[str, ...]]
    keywords: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    answer: Bilingual | None = None
    priority: int = 0
    for_checked: bool = False

    def texts(self) -> Iterator[str]:
        """Yield the examples of every language."""
        for texts in self.examples.values():
            yield from texts


@dataclass(frozen=True, slots=True)
class IntentBook:
    """Every matter, in the book's order, and examples of what is none; `version` is a short digest of the text."""

    intents: tuple[Intent, ...]
    out_of_scope: tuple[str, ...] = ()
    version: str = ""
    _by_name: dict[str, Intent] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {intent.name: intent for intent in self.intents})

    @classmethod
    def parse(cls, text: str) -> "IntentBook":
        """Read a book. Raises FlawedDocument with all flaws found, each with its line."""
        return _parse(text)

    @classmethod
    def packaged(cls) -> "IntentBook":
        """Return the sample book of a French commune."""
        return cls.parse(packaged_text())

    def find(self, name: str) -> Intent | None:
        """Return the matter of that name, if the book has it."""
        return self._by_name.get(name)

    def intent(self, name: str) -> Intent:
        """Return the matter of that name. Raises NotFound."""
        found = self.find(name)
        if found is None:
            raise NotFound(f"the intent book has no '{name}'")
        return found

    def is_for_checked(self, name: str | None) -> bool:
        """Whether what answers a matter is for people whose identity is checked; False for one not in the book."""
        found = self.find(name or "")
        return found is not None and found.for_checked

    @property
    def for_checked(self) -> tuple[str, ...]:
        """The matters that are for people whose identity is checked."""
        return tuple(intent.name for intent in self.intents if intent.for_checked)


def packaged_text() -> str:
    """Return the text of the sample book."""
    return (resources.files("guichet.routing") / "books" / "intents.yaml").read_text(encoding="utf-8")


def _parse(text: str) -> IntentBook:
    fields = read(text).fields(BOOK_KEYS)
    if "intents" not in fields:
        raise FlawedDocument([Flaw(1, 1, Bilingual("il manque « matieres: »", "'intents:' is missing"))])
    flaws: list[Flaw] = []
    intents: list[Intent] = []
    seen: dict[str, str] = {}
    for key, value in fields["intents"].pairs():
        intent = _gather(flaws, partial(_intent, key, value))
        if intent is not None:
            intents.append(intent)
            flaws.extend(_repeated(intent, value, seen))
    if not intents and not flaws:
        flaws.append(fields["intents"].flaw("il faut au moins une matière", "at least one intent is needed"))
    elsewhere: tuple[str, ...] = ()
    if "out_of_scope" in fields:
        elsewhere = _gather(flaws, lambda: _texts(fields["out_of_scope"])) or ()
    if flaws:
        raise FlawedDocument(flaws)
    return IntentBook(tuple(intents), elsewhere, hashlib.sha256(text.encode()).hexdigest()[:12])


def _gather(flaws: list[Flaw], parse: Callable[[], T]) -> T | None:
    """Parse a part; what is wrong in it joins the flaws, so that all are told at once."""
    try:
        return parse()
    except FlawedDocument as error:
        flaws.extend(error.flaws)
        return None


def _intent(key: Item, value: Item) -> Intent:
    name = _name(key)
    fields = value.fields(INTENT_KEYS)
    for needed, french in (("title", "titre"), ("examples", "exemples")):
        if needed not in fields:
            raise key.wrong(f"« {name} » n'a pas de « {french} »", f"'{name}' has no '{needed}'")
    return Intent(
        name=name,
        title=_bilingual(fields["title"]),
        examples=_examples(fields["examples"]),
        keywords=_texts(fields["keywords"]) if "keywords" in fields else (),
        unless=_texts(fields["unless"]) if "unless" in fields else (),
        answer=_bilingual(fields["answer"]) if "answer" in fields else None,
        priority=_priority(fields["priority"]) if "priority" in fields else 0,
        for_checked=_for_checked(name, fields["audience"]) if "audience" in fields else False,
    )


def _for_checked(name: str, value: Item) -> bool:
    unknown = Bilingual("pour qui ? « tous » ou « verifies » ; ici :", "for whom? 'everybody' or 'checked'; here:")
    for_checked = value.one_of(_AUDIENCES, unknown)
    if for_checked and name == DANGER:
        raise value.wrong(
            f"« {DANGER} » est pour tous : personne n'attend d'être vérifié en cas de danger",
            f"'{DANGER}' is for everybody: nobody waits to be checked in danger",
        )
    return for_checked


def _name(key: Item) -> str:
    name = key.text()
    if not _NAME.fullmatch(name):
        raise key.wrong(
            f"« {name} » : un nom s'écrit en minuscules sans accents, chiffres et « _ » admis",
            f"'{name}': a name is lower-case letters without accents, digits and '_'",
        )
    for binding in (DANGER, AGENT):
        if name != binding and fuzz.ratio(name, binding) >= 88:
            raise key.wrong(f"« {name} » : vouliez-vous « {binding} » ?", f"'{name}': did you mean '{binding}'?")
    return name


def _bilingual(value: Item) -> Bilingual:
    texts = {language: item.text() for language, item in value.fields(LANGUAGE_KEYS).items()}
    for language in Language:
        if not texts.get(language):
            raise value.wrong(f"il manque le texte « {language}: »", f"the text '{language}:' is missing")
    return Bilingual(texts["fr"], texts["en"])


def _examples(value: Item) -> dict[Language, tuple[str, ...]]:
    examples = {Language(language): _texts(item) for language, item in value.fields(LANGUAGE_KEYS).items()}
    if not any(examples.values()):
        raise value.wrong("il faut au moins un exemple", "at least one example is needed")
    return examples


def _texts(value: Item) -> tuple[str, ...]:
    texts: list[str] = []
    for item in value.items():
        text = item.text()
        if not text:
            raise item.wrong("cette ligne est vide", "this line is empty")
        texts.append(text)
    return tuple(texts)


def _priority(value: Item) -> int:
    priority = value.parsed(int, "la priorité est un nombre entier", "the priority is a whole number")
    if not -100 <= priority <= 100:
        raise value.wrong("la priorité va de -100 à 100", "the priority goes from -100 to 100")
    return priority


def _repeated(intent: Intent, value: Item, seen: dict[str, str]) -> Iterator[Flaw]:
    """Tell the examples that an earlier matter has too: no matcher can tell these apart."""
    for text in intent.texts():
        other = seen.setdefault(text.casefold(), intent.name)
        if other != intent.name:
            yield value.flaw(
                f"« {text} » est déjà un exemple de « {other} »", f"'{text}' is already an example of '{other}'"
            )
