"""The rule book: one YAML document that says how citizens are served, written by supervisors. Pure.

territoire: metropole            territory     public holidays, time zone (fuseau) and phone region
horaires: {mairie: …}            hours         named sets of ranges by day
fermetures: [{le: …}]            closures      exceptional days
files: [{nom: …}]                queues        who serves, which matters, within how long
lignes: [{numero: …}]            lines         the numbers, their language, greeting and hours
regles: [{nom, si, alors}]       rules         the first that applies wins
defaut: {alors: …}               default       when none does
urgence: {file: …}               emergency     who is told of a danger (which always comes first)
messages: {ferme: …}             messages      what citizens are told
rappels: {essais: 4, …}          callbacks     how citizens are called back (`routing.calling`)
masques: [{nom, forme}]          masks         what is taken out of transcripts besides (`routing.mask_reader`)
enregistrements: {proposer: oui} recordings    messages that callers may leave (`routing.recording`)
agents: {apres_appel: 1 min}     agents        how agents work (`routing.agent_rules`)
incivilites: {garder: 30}        incivility    what follows from abusive calls (`routing.incivility_rules`)
messages_urgents: {numero, prepares} urgent_messages  what supervisors put up by telephone (`routing.urgent_rules`)
relances: {toutes_les: 3, …}     reminders     what asking again adds to the urgency (`routing.following`)
abandons: {ouvrent: non}         abandoned     what calls that were given up join or open
relais: {numeros: [], …}         relays        text relay services, by number or SIP header (`routing.relays`)
sms: {prix: "0,0725 EUR", …}     texts         what texts cost, how fast they go, agents' templates (`routing.texting`)
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber
from guichet.routing.agent_rules import AgentRules
from guichet.routing.agent_rules_reader import AgentRulesReader
from guichet.routing.calling import CallRules
from guichet.routing.calling_reader import CallRulesReader
from guichet.routing.condition_reader import ConditionReader
from guichet.routing.conditions import intents_asked
from guichet.routing.document import Flaws, Item, read
from guichet.routing.following import Following
from guichet.routing.following_reader import FollowingReader
from guichet.routing.hours import Calendar, Closure, Hours
from guichet.routing.hours_reader import read_calendar, read_hours
from guichet.routing.incivility_reader import IncivilityReader
from guichet.routing.incivility_rules import IncivilityRules
from guichet.routing.intent_book import IntentBook
from guichet.routing.line_reader import LineReader
from guichet.routing.mask_reader import MaskReader
from guichet.routing.name_reader import keys
from guichet.routing.recording import RecordingRules
from guichet.routing.recording_reader import RecordingReader
from guichet.routing.relays import RelayRules, read_relays
from guichet.routing.retention import Retention, RetentionReader
from guichet.routing.rule import Line, Matter, Messages, Queue, Rule
from guichet.routing.rule_reader import NO_MESSAGES, RuleReader, read_messages
from guichet.routing.texting import TextRules
from guichet.routing.texting_reader import TextRulesReader
from guichet.routing.urgent_reader import UrgentReader
from guichet.routing.urgent_rules import UrgentRules
from guichet.transcripts.redaction.own import OwnPattern

T = TypeVar("T")

VERSION_LENGTH = 12
_NO_MATTER = Matter()

SAMPLE = Path(__file__).parent / "books" / "rules.yaml"
"""The book of a commune that does not exist, packaged; its numbers are those reserved for fiction (ARCEP, Ofcom)."""

BOOK_KEYS = keys(
    territory="territoire",
    time_zone="fuseau",
    hours="horaires",
    closures="fermetures",
    queues="files",
    lines="lignes",
    rules="regles",
    default="defaut",
    emergency="urgence",
    messages="messages",
    callbacks="rappels",
    masks="masques",
    recordings="enregistrements",
    agents="agents",
    incivility="incivilites",
    urgent_messages="messages_urgents",
    retention="conservation",
    texts="sms",
    reminders="relances",
    abandoned="abandons",
    relays="relais",
)
_NEEDED = {"hours": "horaires", "queues": "files", "lines": "lignes", "rules": "regles", "default": "defaut"}


@dataclass(frozen=True)
class RuleBook:
    """A book that can be used. `version` is a digest of its text; `rules` are in the order of the document.

    `matters` is what the intent book says (`knowing`), `emergency_closures` are those added by `closed_for`.
    """

    version: str
    calendar: Calendar
    hours: Mapping[str, Hours]
    queues: Mapping[str, Queue]
    lines: tuple[Line, ...]
    rules: tuple[Rule, ...]
    default: Rule
    emergency: Rule
    messages: Messages
    calling: CallRules = field(default_factory=CallRules)
    masks: tuple[OwnPattern, ...] = ()
    recordings: RecordingRules = field(default_factory=RecordingRules)
    agents: AgentRules = field(default_factory=AgentRules)
    incivility: IncivilityRules = field(default_factory=IncivilityRules)
    urgent: UrgentRules = field(default_factory=UrgentRules)
    retention: Retention = field(default_factory=Retention)
    texts: TextRules = field(default_factory=TextRules)
    following: Following = field(default_factory=Following)
    relays: RelayRules = field(default_factory=RelayRules)
    matters: Mapping[str, Matter] = field(default_factory=dict)
    emergency_closures: tuple[Closure, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "RuleBook":
        """Read a book; raises FlawedDocument with everything that is wrong in it."""
        return _read_book(text)

    @classmethod
    def load(cls, path: Path | None = None) -> "RuleBook":
        """Read a book from a file, the sample when None. Raises BadInput (FlawedDocument among them)."""
        return cls.parse(read_text(path))

    def knowing(self, intents: IntentBook) -> "RuleBook":
        """Return this book together with the answers and priorities of an intent book."""
        known = {one.name: Matter(one.answer, one.priority) for one in intents.intents if one.answer or one.priority}
        return replace(self, matters=known)

    def closed_for(self, closures: Iterable[Closure]) -> "RuleBook":
        """Return this book with further closures: those of an emergency."""
        further = tuple(closures)
        calendar = replace(self.calendar, closures=(*self.calendar.closures, *further))
        return replace(self, calendar=calendar, emergency_closures=(*self.emergency_closures, *further))

    @property
    def closed(self) -> tuple[tuple[datetime, datetime], ...]:
        """The emergency closures, as they are kept with a decision."""
        return tuple((closure.start, closure.end) for closure in self.emergency_closures)

    def wrap_up(self, queue: str) -> timedelta:
        """Return how long an agent writes up a conversation of a queue."""
        own = self.queues[queue].wrap_up_seconds if queue in self.queues else None
        return timedelta(seconds=self.agents.wrap_up_seconds if own is None else own)

    def matter(self, intent: str | None) -> Matter:
        """Return what the intent book says of a matter."""
        return self.matters.get(intent or "", _NO_MATTER)

    def line(self, number: PhoneNumber) -> Line | None:
        """Return the line of a number."""
        return self._lines_by_number.get(number)

    @cached_property
    def default_queue(self) -> Queue:
        """The queue of what nothing else gives a queue to."""
        return self.default.queue or next(iter(self.queues.values()))

    def queue_of(self, intent: str | None) -> Queue | None:
        """Return the queue to which a matter comes by itself."""
        return self._queues_by_intent.get(intent)

    def rules_for(self, intent: str | None) -> tuple[Rule, ...]:
        """Return the rules that may apply to a matter, in order: those that ask for another one are left out."""
        return self._rules_by_intent.get(intent, self._rules_for_others)

    @cached_property
    def _lines_by_number(self) -> dict[PhoneNumber, Line]:
        return {line.number: line for line in self.lines}

    @cached_property
    def _queues_by_intent(self) -> dict[str | None, Queue]:
        return {intent: queue for queue in self.queues.values() for intent in queue.intents}

    @cached_property
    def _rules_by_intent(self) -> dict[str | None, tuple[Rule, ...]]:
        named = {str(value) for rule in self.rules for value in (intents_asked(rule.condition) or ())}
        return {intent: self._rules_asking(intent) for intent in named}

    @cached_property
    def _rules_for_others(self) -> tuple[Rule, ...]:
        return self._rules_asking(None)

    def _rules_asking(self, intent: str | None) -> tuple[Rule, ...]:
        asked = ((rule, intents_asked(rule.condition)) for rule in self.rules)
        return tuple(rule for rule, intents in asked if intents is None or intent in intents)


def read_text(path: Path | None = None) -> str:
    """Return the text of a book in a file, of the sample when None. Raises BadInput."""
    try:
        return (path or SAMPLE).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"the rule book {path} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a document, each read as far as it can be."""

    fields: Mapping[str, Item]
    flaws: Flaws

    def all(self, part: str, read_one: Callable[[Item], T | None], names: Callable[[T], Iterable[object]]) -> list[T]:
        """Read a list of things, none of which may have a name of another."""
        if part not in self.fields:
            return []
        items = self.flaws.attempt(self.fields[part].items, None)
        if items == [] and part != "rules":
            self.flaws.add(self.fields[part].flaw("il en faut au moins une", "at least one is needed"))
        found: list[T] = []
        taken: set[object] = set()
        for item in items or []:
            one = read_one(item)
            if one is None:
                continue
            for name in names(one):
                if name in taken:
                    said = f"{name} est déjà pris plus haut", f"{name} is already taken above"
                    self.flaws.add(item.flaw(*said))
                taken.add(name)
            found.append(one)
        return found

    def hours(self) -> dict[str, Hours]:
        """Read the named sets of hours."""
        pairs = self.flaws.attempt(lambda: list(self.fields["hours"].pairs()), []) if "hours" in self.fields else []
        return {key.text(): read_hours(key.text(), value, self.flaws) for key, value in pairs}


def _read_book(text: str) -> RuleBook:
    flaws = Flaws()
    root = read(text)
    fields = root.fields(BOOK_KEYS, flaws)
    for english, french in _NEEDED.items():
        if english not in fields:
            flaws.add(root.flaw(f"il manque la partie « {french} »", f"the part '{english}' is missing"))
    parts = _Parts(fields, flaws)
    hours = parts.hours()
    calendar = read_calendar(fields, flaws)
    reader = LineReader(flaws, calendar.territory.region, hours)
    queues = {
        queue.name: queue for queue in parts.all("queues", reader.queue, lambda queue: (queue.name, *queue.intents))
    }
    lines = parts.all("lines", reader.line, lambda line: (line.name, line.number))
    rules = RuleReader(flaws, queues, ConditionReader(flaws, {line.name: line.number for line in lines}))
    book = RuleBook(
        version=hashlib.sha256(text.encode()).hexdigest()[:VERSION_LENGTH],
        calendar=calendar,
        hours=hours,
        queues=queues,
        lines=tuple(lines),
        rules=tuple(parts.all("rules", rules.rule, lambda rule: (rule.name,))),
        default=rules.default(fields.get("default")),
        emergency=rules.emergency(fields.get("emergency")),
        messages=read_messages(fields["messages"], flaws) if "messages" in fields else NO_MESSAGES,
        calling=CallRulesReader(flaws, hours, queues).read(fields.get("callbacks")),
        masks=MaskReader(flaws).read(fields.get("masks")),
        recordings=RecordingReader(flaws).read(fields.get("recordings")),
        agents=AgentRulesReader(flaws).read(fields.get("agents")),
        incivility=IncivilityReader(flaws, queues).read(fields.get("incivility")),
        urgent=UrgentReader(flaws, calendar.territory.region, frozenset(line.number for line in lines)).read(
            fields.get("urgent_messages")
        ),
        retention=RetentionReader(flaws).read(fields.get("retention")),
        texts=TextRulesReader(flaws, queues).read(fields.get("texts")),
        following=FollowingReader(flaws).read(fields),
        relays=read_relays(fields.get("relays"), calendar.territory.region, flaws),
    )
    flaws.check()
    return book
