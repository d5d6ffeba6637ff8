"""What the form of the rule book asks, part by part: what supervisors change most, and where it stands. Pure.

Each field has a name, which is also the key of its label, and its place below that of its group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from guichet.core.language import Bilingual
from guichet.routing.calling_reader import CALLING_KEYS
from guichet.routing.condition_reader import FIELDS, LANGUAGES
from guichet.routing.decision import Outcome
from guichet.routing.document import Item, key_name
from guichet.routing.document_editing import Key
from guichet.routing.hold_reader import HOLD_KEYS, OVERFLOW_KEYS, SOUNDS, YES_NO
from guichet.routing.hours_reader import CLOSURE_KEYS
from guichet.routing.line_reader import LINE_KEYS, QUEUE_KEYS
from guichet.routing.rule_book import BOOK_KEYS
from guichet.routing.rule_reader import EMERGENCY_KEYS, MESSAGE_KEYS, OUTCOMES, RULE_KEYS
from guichet.routing.text_reader import TEXT_KEYS
from guichet.routing.view import Field as Seen

CONDITION_KEYS = {word: seen.value for word, seen in FIELDS.items()}


class Part(StrEnum):
    """A page of the form."""

    HOURS = "hours"
    CLOSURES = "closures"
    LINES = "lines"
    QUEUES = "queues"
    MATTERS = "matters"
    RULES = "rules"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Words:
    """A choice among words of the book: by canonical name what may stand there, how it is written, how it is shown."""

    known: Mapping[str, object]
    written: Mapping[str, Bilingual]
    shown: Mapping[str, Bilingual]

    def chosen(self, text: str) -> str:
        """Return the canonical name of what is written; the text itself where it means nothing."""
        meant = self.known.get(text, self.known.get(key_name(text)))
        return text if meant is None else str(meant)


@dataclass(frozen=True, slots=True)
class Names:
    """A choice among the names that another part gives: of hours, of queues."""

    part: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A field. `steps` lead to its value: canonical names, each with the keys known there."""

    name: str
    steps: tuple[tuple[str, Mapping[str, str]], ...]
    choice: Words | Names | None = None
    is_long: bool = False
    is_list: bool = False

    def place(self, *, french: bool) -> tuple[Key, ...]:
        """Return its place below that of its group, with the words of the book's language."""
        return tuple(key(name, known, french=french) for name, known in self.steps)


def key(name: str, known: Mapping[str, str], *, french: bool) -> Key:
    """Return the step to a key; where it has to be written, in the book's language."""
    others = [word for word, meant in known.items() if meant == name and word != name]
    is_own = not french or known is TEXT_KEYS or not others
    return Key(name, known, name if is_own and name in known else others[0])


def is_french(root: Item) -> bool:
    """Whether a book's keys are French, for the most part."""
    names = [key_name(one.text()) for one, _ in root.pairs() if one.is_text]
    english = sum(BOOK_KEYS.get(name) == name for name in names)
    return 2 * english <= len(names)


def _both(name: str, *steps: tuple[str, Mapping[str, str]]) -> tuple[Ask, Ask]:
    """Return the fields of a text in both languages."""
    return (
        Ask(f"{name}_fr", (*steps, ("fr", TEXT_KEYS)), is_long=True),
        Ask(f"{name}_en", (*steps, ("en", TEXT_KEYS)), is_long=True),
    )


_OUTCOME = Words(
    OUTCOMES,
    {
        Outcome.ANSWER: Bilingual("reponse", "answer"),
        Outcome.AGENT: Bilingual("agent", "agent"),
        Outcome.CALLBACK: Bilingual("rappel", "callback"),
        Outcome.EMERGENCY: Bilingual("urgence", "emergency"),
    },
    {
        Outcome.ANSWER: Bilingual("une réponse", "an answer"),
        Outcome.AGENT: Bilingual("un agent", "an agent"),
        Outcome.CALLBACK: Bilingual("un rappel", "a callback"),
        Outcome.EMERGENCY: Bilingual("les numéros d'urgence", "the emergency numbers"),
    },
)
_LANGUAGE = Words(
    LANGUAGES,
    {"fr": Bilingual("fr", "fr"), "en": Bilingual("en", "en")},
    {"fr": Bilingual("français", "French"), "en": Bilingual("anglais", "English")},
)
_YES, _NO = str(True), str(False)
_SOUND = Words(
    SOUNDS,
    {_YES: Bilingual("musique", "music"), _NO: Bilingual("silence", "silence")},
    {_YES: Bilingual("musique", "music"), _NO: Bilingual("silence", "silence")},
)
_LISTENS = Words(
    YES_NO,
    {_YES: Bilingual("oui", "yes"), _NO: Bilingual("non", "no")},
    {_YES: Bilingual("oui", "yes"), _NO: Bilingual("non", "no")},
)
_HOURS, _QUEUES = Names("hours"), Names("queues")

LINE: tuple[Ask, ...] = (
    Ask("number", (("number", LINE_KEYS),)),
    Ask("fallback", (("fallback", LINE_KEYS),)),
    Ask("language", (("language", LINE_KEYS),), _LANGUAGE),
    Ask("hours", (("hours", LINE_KEYS),), _HOURS),
    *_both("greeting", ("greeting", LINE_KEYS)),
)
_HOLD = ("hold", QUEUE_KEYS)
_OVERFLOW = (_HOLD, ("overflow", HOLD_KEYS))
HOLD: tuple[Ask, ...] = (
    Ask("hold_longest", (_HOLD, ("longest", HOLD_KEYS))),
    Ask("hold_sound", (_HOLD, ("sound", HOLD_KEYS)), _SOUND),
    Ask("hold_voice", (_HOLD, ("voice", HOLD_KEYS)), _LISTENS),
    Ask("overflow_to", (*_OVERFLOW, ("to", OVERFLOW_KEYS)), _QUEUES),
    Ask("overflow_agents", (*_OVERFLOW, ("agents", OVERFLOW_KEYS))),
    Ask("overflow_most", (*_OVERFLOW, ("most", OVERFLOW_KEYS))),
    Ask("overflow_wait", (*_OVERFLOW, ("wait", OVERFLOW_KEYS))),
    Ask("overflow_after", (*_OVERFLOW, ("after", OVERFLOW_KEYS))),
)
QUEUE: tuple[Ask, ...] = (
    Ask("label_fr", (("label", QUEUE_KEYS), ("fr", TEXT_KEYS))),
    Ask("label_en", (("label", QUEUE_KEYS), ("en", TEXT_KEYS))),
    Ask("target", (("target", QUEUE_KEYS),)),
    Ask("priority", (("priority", QUEUE_KEYS),)),
    Ask("hours", (("hours", QUEUE_KEYS),), _HOURS),
    Ask("wrap_up", (("wrap_up", QUEUE_KEYS),)),
    Ask("skills", (("skills", QUEUE_KEYS),), is_list=True),
    *HOLD,
)
DEFAULT: tuple[Ask, ...] = (
    Ask("then", (("then", RULE_KEYS),), _OUTCOME),
    Ask("queue", (("queue", RULE_KEYS),), _QUEUES),
    Ask("priority", (("priority", RULE_KEYS),)),
    Ask("target", (("target", RULE_KEYS),)),
)
RULE: tuple[Ask, ...] = (*DEFAULT, *_both("answer", ("answer", RULE_KEYS)))
EMERGENCY: tuple[Ask, ...] = (
    Ask("queue", (("queue", EMERGENCY_KEYS),), _QUEUES),
    Ask("priority", (("priority", EMERGENCY_KEYS),)),
    Ask("target", (("target", EMERGENCY_KEYS),)),
)
CLOSURE: tuple[Ask, ...] = (
    Ask("on", (("on", CLOSURE_KEYS),)),
    Ask("from", (("from", CLOSURE_KEYS),)),
    Ask("to", (("to", CLOSURE_KEYS),)),
    Ask("reason_fr", (("reason", CLOSURE_KEYS), ("fr", TEXT_KEYS))),
    Ask("reason_en", (("reason", CLOSURE_KEYS), ("en", TEXT_KEYS))),
)
MESSAGES: tuple[Ask, ...] = (
    *_both("closed", ("messages", BOOK_KEYS), ("closed", MESSAGE_KEYS)),
    *_both("emergency", ("messages", BOOK_KEYS), ("emergency", MESSAGE_KEYS)),
    *_both("announce", ("callbacks", BOOK_KEYS), ("announce", CALLING_KEYS)),
)
NAME_OF_LINE = Ask("name", (("name", LINE_KEYS),))
NAME_OF_QUEUE = Ask("name", (("name", QUEUE_KEYS),))
NAME_OF_RULE = Ask("name", (("name", RULE_KEYS),))
MATTERS_OF_RULE = Ask("matters", (("if", RULE_KEYS), (Seen.INTENT.value, CONDITION_KEYS)), is_list=True)
MATTERS_OF_QUEUE = Ask("matters", (("matters", QUEUE_KEYS),), is_list=True)
