"""What a condition sees of a contact, and how each thing seen is said to a supervisor or an agent. Pure."""

from collections.abc import Callable
from enum import StrEnum

from guichet.core.language import Bilingual
from guichet.routing.decision import Facts
from guichet.routing.hours import Calendar, Hours, is_open


class Field(StrEnum):
    """What a condition may look at; the value is the attribute of View."""

    INTENT = "intent"
    LANGUAGE = "language"
    CHANNEL = "channel"
    CERTAINTY = "certainty"
    LINE = "line"
    OPEN = "open"
    AGENTS_FREE = "agents_free"
    WANTS_AGENT = "wants_agent"
    CALLER_KNOWN = "caller_known"
    HOUR = "hour"
    DAY = "day"


class View:
    """The facts of one contact as conditions see them.

    `hour` is in minutes from local midnight, `day` is 0 for Monday, `line` is the number in E.164. `open` follows
    `hours`, which the decision sets to those of the queue of the rule it looks at.
    """

    __slots__ = (
        "_opened",
        "agents_free",
        "calendar",
        "caller_known",
        "certainty",
        "channel",
        "day",
        "hour",
        "hours",
        "intent",
        "language",
        "line",
        "now",
        "wants_agent",
    )

    def __init__(self, facts: Facts, calendar: Calendar, hours: Hours) -> None:
        self.intent = facts.intent
        self.language = facts.language
        self.channel = facts.channel
        self.certainty = facts.certainty
        self.line = facts.line.e164
        self.agents_free = facts.agents_free
        self.wants_agent = facts.wants_agent
        self.caller_known = facts.caller_known
        self.now = facts.now
        self.calendar = calendar
        self.hours = hours
        local = facts.now.astimezone(calendar.zone)
        self.hour = local.hour * 60 + local.minute
        self.day = local.weekday()
        self._opened: dict[Hours, bool] = {}

    @property
    def open(self) -> bool:
        """Whether the counter is open now, by the hours in force for the rule looked at."""
        known = self._opened.get(self.hours)
        if known is None:
            known = self._opened[self.hours] = is_open(self.hours, self.calendar, self.now)
        return known


DAYS = (
    Bilingual("lundi", "Monday"),
    Bilingual("mardi", "Tuesday"),
    Bilingual("mercredi", "Wednesday"),
    Bilingual("jeudi", "Thursday"),
    Bilingual("vendredi", "Friday"),
    Bilingual("samedi", "Saturday"),
    Bilingual("dimanche", "Sunday"),
)

_LANGUAGES = {
    "fr": Bilingual("la langue est le français", "the language is French"),
    "en": Bilingual("la langue est l'anglais", "the language is English"),
}
_CHANNELS = {
    "voice": Bilingual("la personne appelle", "the person calls"),
    "sms": Bilingual("la personne écrit par SMS", "the person writes by SMS"),
}
_CERTAINTIES = {
    "sure": Bilingual("l'identité est sûre", "the identity is sure"),
    "check": Bilingual("l'identité est à vérifier", "the identity is to be checked"),
    "unknown": Bilingual("l'identité est inconnue", "the identity is unknown"),
}
_OPEN = (
    Bilingual("le guichet est fermé", "the counter is closed"),
    Bilingual("le guichet est ouvert", "the counter is open"),
)
_FREE = (Bilingual("aucun agent n'est libre", "no agent is free"), Bilingual("un agent est libre", "an agent is free"))
_WANTS = (
    Bilingual("la personne ne demande pas d'agent", "the person does not ask for an agent"),
    Bilingual("la personne demande un agent", "the person asks for an agent"),
)
_KNOWN = (
    Bilingual("la personne n'est pas reconnue", "the person is not recognised"),
    Bilingual("la personne est reconnue", "the person is recognised"),
)

_YES_OR_NO = {
    Field.OPEN: _OPEN,
    Field.AGENTS_FREE: _FREE,
    Field.WANTS_AGENT: _WANTS,
    Field.CALLER_KNOWN: _KNOWN,
}


def said_intent(intent: str | None) -> Bilingual:
    """Say what is asked for."""
    if intent is None:
        return Bilingual("la demande n'est pas comprise", "the matter is not understood")
    return Bilingual(f"la demande est « {intent} »", f"the matter is '{intent}'")


def _said_channel(view: View) -> Bilingual:
    other = Bilingual(f"le canal est {view.channel}", f"the channel is {view.channel}")
    return _CHANNELS.get(view.channel, other)


def _said_hour(view: View) -> Bilingual:
    hours, minutes = divmod(view.hour, 60)
    return Bilingual(f"il est {hours} h {minutes:02}", f"it is {hours}:{minutes:02}")


def _said_day(view: View) -> Bilingual:
    day = DAYS[view.day]
    return Bilingual(f"nous sommes {day.fr}", f"it is {day.en}")


_SAID: dict[Field, Callable[[View], Bilingual]] = {
    Field.INTENT: lambda view: said_intent(view.intent),
    Field.LANGUAGE: lambda view: _LANGUAGES[view.language],
    Field.CHANNEL: _said_channel,
    Field.CERTAINTY: lambda view: _CERTAINTIES.get(view.certainty, _CERTAINTIES["unknown"]),
    Field.LINE: lambda _: Bilingual("la ligne appelée est celle de la règle", "the line called is that of the rule"),
    Field.OPEN: lambda view: _OPEN[view.open],
    Field.AGENTS_FREE: lambda view: _FREE[view.agents_free],
    Field.WANTS_AGENT: lambda view: _WANTS[view.wants_agent],
    Field.CALLER_KNOWN: lambda view: _KNOWN[view.caller_known],
    Field.HOUR: _said_hour,
    Field.DAY: _said_day,
}


def yes_or_no(field: Field, *, is_so: bool) -> Bilingual:
    """Say a field that is only so or not so: the counter, free agents, the wish for one, a known person."""
    return _YES_OR_NO[field][is_so]


def said(field: Field, view: View) -> Bilingual:
    """Say what a field is, as part of a sentence."""
    return _SAID[field](view)
