"""Reads lines and queues of a rule book. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.agent_rules_reader import seconds
from guichet.routing.condition_reader import language
from guichet.routing.document import Flaws, Item
from guichet.routing.hours import Hours
from guichet.routing.name_reader import keys, minutes, name_of, names_of, needed, priority_of
from guichet.routing.rule import Line, Place, Queue
from guichet.routing.text_reader import bilingual

LINE_KEYS = keys(
    number="numero", name="nom", language="langue", greeting="accueil", hours="horaires", fallback="secours"
)
QUEUE_KEYS = keys(
    name="nom",
    label="libelle",
    skills="competences",
    matters="demandes",
    target="objectif",
    priority="priorite",
    hours="horaires",
    wrap_up="apres_appel",
)


@dataclass(frozen=True, slots=True)
class LineReader:
    """Reads lines and queues; notes every flaw and gives what could be read."""

    flaws: Flaws
    region: str
    hours: Mapping[str, Hours]

    def line(self, item: Item) -> Line | None:
        """Read a line; None when it cannot be used."""
        fields = self.flaws.attempt(lambda: item.fields(LINE_KEYS, self.flaws), {})
        attempt = self.flaws.attempt
        number = attempt(lambda: self._number(needed(item, fields, "number", "numero")), None)
        spoken = attempt(lambda: language(needed(item, fields, "language", "langue")), None)
        greeting = attempt(lambda: bilingual(needed(item, fields, "greeting", "accueil")), None)
        hours = attempt(lambda: self._hours(item, fields.get("hours")), None)
        fallback = attempt(lambda: self._number(fields["fallback"]), None) if "fallback" in fields else None
        name = attempt(lambda: needed(item, fields, "name", "nom").text(), "")
        if number is None or spoken is None or greeting is None or hours is None:
            return None
        return Line(number, name, spoken, greeting, hours, fallback)

    def _number(self, item: Item) -> PhoneNumber:
        return item.parsed(
            lambda text: PhoneNumber.parse(text, self.region),
            "numéro de téléphone inexact ; écrivez « 01 99 00 12 34 » ou « +33199001234 »",
            "not a telephone number; write '01 99 00 12 34' or '+33199001234'",
        )

    def _hours(self, item: Item, named: Item | None) -> Hours:
        """Return the hours of that name; a book with one set of hours need not name it."""
        if named is not None:
            return named.one_of(self.hours, Bilingual("horaires inconnus", "unknown hours"))
        if len(self.hours) != 1:
            raise item.wrong("il manque « horaires » (lesquels ?)", "'hours' is missing (which ones?)")
        return next(iter(self.hours.values()))

    def queue(self, item: Item) -> Queue | None:
        """Read a queue; None when it has no name."""
        fields = self.flaws.attempt(lambda: item.fields(QUEUE_KEYS, self.flaws), {})
        attempt = self.flaws.attempt
        name = attempt(lambda: name_of(needed(item, fields, "name", "nom")), None)
        if name is None:
            return None
        skills = (
            attempt(lambda: names_of(fields["skills"]), frozenset[str]()) if "skills" in fields else frozenset({name})
        )
        matters = (
            attempt(lambda: names_of(fields["matters"]), frozenset[str]()) if "matters" in fields else frozenset[str]()
        )
        label = attempt(lambda: bilingual(fields["label"]), None) if "label" in fields else None
        return Queue(
            name=name,
            label=label or Bilingual(name, name),
            skills=skills,
            intents=matters,
            target_minutes=attempt(lambda: minutes(fields.get("target")), None) or 240,
            priority=attempt(lambda: priority_of(fields.get("priority")), None) or 0,
            hours=attempt(lambda: self._hours(item, fields.get("hours")), None) if "hours" in fields else None,
            wrap_up_seconds=attempt(lambda: seconds(fields["wrap_up"], 0), None) if "wrap_up" in fields else None,
            place=Place(item.line, item.column),
        )
