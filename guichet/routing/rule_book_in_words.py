"""A rule book as things with names, each with its features in words: what differences are told of. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guichet.core.language import Bilingual, Language
from guichet.routing.agent_rules import AgentRules
from guichet.routing.calling import CallRules, Missed
from guichet.routing.condition_in_words import condition_in_words
from guichet.routing.decision import Outcome
from guichet.routing.hold_in_words import hold_in_words
from guichet.routing.hours import Closure, Hours
from guichet.routing.hours_in_words import hours_in_words
from guichet.routing.incivility_rules import IncivilityRules, Sequel
from guichet.routing.rule import Line, Queue, Rule
from guichet.routing.rule_book import RuleBook
from guichet.routing.urgent_rules import UrgentRules

Words = Bilingual | frozenset[Bilingual]
"""How a feature is said: a text, or a set of which some may come and others go."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A part of the book that has a name, or is alone of its kind: its features by their names."""

    kind: Bilingual
    name: str
    features: Mapping[Bilingual, Words]


NONE = Bilingual("rien", "nothing")
_DEFAULT = Bilingual("d'office", "as usual")
_YES, _NO = Bilingual("oui", "yes"), Bilingual("non", "no")
_SEQUELS = {
    Sequel.TEXT: Bilingual("par écrit", "in writing"),
    Sequel.CALLBACK: Bilingual("rappel", "callback"),
    Sequel.SUPERVISOR: Bilingual("superviseur", "supervisor"),
}
_WRAP_UP = Bilingual("après l'appel", "time to write up")
_LANGUAGES = {Language.FR: Bilingual("français", "French"), Language.EN: Bilingual("anglais", "English")}
_OUTCOMES = {
    Outcome.ANSWER: Bilingual("réponse", "answer"),
    Outcome.AGENT: Bilingual("agent", "agent"),
    Outcome.CALLBACK: Bilingual("rappel", "callback"),
    Outcome.EMERGENCY: Bilingual("urgence", "emergency"),
}
_MISSED = {
    Missed.BUSY: Bilingual("délais si occupé", "delays when busy"),
    Missed.NO_ANSWER: Bilingual("délais sans réponse", "delays without answer"),
    Missed.MACHINE: Bilingual("délais après un répondeur", "delays after a machine"),
    Missed.WRONG_PERSON: Bilingual("délais après une erreur", "delays after a wrong person"),
    Missed.NOT_NOW: Bilingual("délais si « plus tard »", "delays after 'not now'"),
    Missed.FAILED: Bilingual("délais après un échec", "delays after a failure"),
    Missed.CUT: Bilingual("délais après une coupure", "delays after a cut"),
}


def things(book: RuleBook) -> tuple[Thing, ...]:
    """Return every part of a book; rules are in their order."""
    return (
        _whole(book),
        *(_hours(hours) for hours in book.hours.values()),
        *(_line(line) for line in book.lines),
        *(_queue(queue) for queue in book.queues.values()),
        *(_rule(Bilingual("règle", "rule"), rule) for rule in book.rules),
        _rule(Bilingual("suite par défaut", "default outcome"), book.default),
        _rule(Bilingual("urgence", "emergency"), book.emergency),
        _messages(book),
        _calling(book.calling),
        _agents(book.agents),
        _incivility(book.incivility),
        _urgent(book.urgent),
    )


def duration_in_words(minutes: int) -> Bilingual:
    """Say a duration: `1 heure 30`, `5 minutes`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return Bilingual(f"{rest} minute{_s(rest)}", f"{rest} minute{_s(rest)}")
    fr, en = f"{hours} heure{_s(hours)}", f"{hours} hour{_s(hours)}"
    return Bilingual(f"{fr} {rest:02}", f"{en} {rest} minute{_s(rest)}") if rest else Bilingual(fr, en)


def seconds_in_words(seconds: int) -> Bilingual:
    """Say a short duration: `45 secondes`, `2 minutes`."""
    if seconds and seconds % 60 == 0:
        return duration_in_words(seconds // 60)
    return Bilingual(f"{seconds} seconde{_s(seconds)}", f"{seconds} second{_s(seconds)}") if seconds else NONE


def _s(number: int) -> str:
    return "s" if number > 1 else ""


def _whole(book: RuleBook) -> Thing:
    calendar = book.calendar
    return Thing(
        Bilingual("livre", "book"),
        "",
        {
            Bilingual("territoire", "territory"): calendar.territory.name,
            Bilingual("fuseau horaire", "time zone"): _same(calendar.zone.key),
            Bilingual("fermetures", "closures"): frozenset(map(_closure, calendar.closures)),
        },
    )


def _closure(closure: Closure) -> Bilingual:
    reason = closure.reason or Bilingual("", "")
    why = Bilingual(f" ({reason.fr})" if reason.fr else "", f" ({reason.en})" if reason.en else "")
    start, end = f"{closure.start:%d/%m/%Y %H:%M}", f"{closure.end:%d/%m/%Y %H:%M}"
    return Bilingual(f"du {start} au {end}{why.fr}", f"from {start} to {end}{why.en}")


def _hours(hours: Hours) -> Thing:
    on_holidays = hours_in_words(Hours("", (hours.on_holidays, *((),) * 6)))
    holidays = (
        Bilingual(on_holidays.fr.removeprefix("le lundi "), on_holidays.en.removeprefix("on Monday "))
        if hours.on_holidays
        else Bilingual("fermé", "closed")
    )
    return Thing(
        Bilingual("horaires", "hours"),
        hours.name,
        {
            Bilingual("semaine", "week"): hours_in_words(hours),
            Bilingual("jours fériés", "public holidays"): holidays,
        },
    )


def _line(line: Line) -> Thing:
    return Thing(
        Bilingual("ligne", "line"),
        line.name,
        {
            Bilingual("numéro", "number"): _same(line.number.e164),
            Bilingual("langue", "language"): _LANGUAGES[line.language],
            Bilingual("horaires", "hours"): _same(line.hours.name),
            Bilingual("accueil", "greeting"): _quoted(line.greeting),
            Bilingual("secours", "fallback"): _same(line.fallback.e164) if line.fallback else NONE,
        },
    )


def _queue(queue: Queue) -> Thing:
    return Thing(
        Bilingual("file", "queue"),
        queue.name,
        {
            Bilingual("libellé", "label"): _quoted(queue.label),
            Bilingual("demandes", "matters"): _set(queue.intents),
            Bilingual("compétences", "skills"): _set(queue.skills),
            Bilingual("objectif", "target"): duration_in_words(queue.target_minutes),
            Bilingual("priorité", "priority"): _same(str(queue.priority)),
            Bilingual("horaires", "hours"): _same(queue.hours.name)
            if queue.hours
            else Bilingual("ceux de la ligne", "those of the line"),
            _WRAP_UP: seconds_in_words(queue.wrap_up_seconds) if queue.wrap_up_seconds is not None else _DEFAULT,
            **hold_in_words(queue.hold),
        },
    )


def _rule(kind: Bilingual, rule: Rule) -> Thing:
    alone = kind.en != "rule"
    features: dict[Bilingual, Words] = {
        Bilingual("suite", "outcome"): _OUTCOMES[rule.outcome],
        Bilingual("file", "queue"): _same(rule.queue.name)
        if rule.queue
        else Bilingual("celle de la demande", "that of the matter"),
        Bilingual("priorité", "priority"): _same(str(rule.priority)) if rule.priority is not None else _DEFAULT,
        Bilingual("objectif", "target"): duration_in_words(rule.target_minutes) if rule.target_minutes else _DEFAULT,
        Bilingual("réponse", "answer"): _answer(rule),
    }
    if not alone:
        features = {Bilingual("conditions", "conditions"): condition_in_words(rule.condition), **features}
    return Thing(kind, "" if alone else rule.name, features)


def _answer(rule: Rule) -> Bilingual:
    if rule.answer is not None:
        return _quoted(rule.answer)
    return (
        Bilingual("celle du livre des matières", "that of the intent book") if rule.outcome is Outcome.ANSWER else NONE
    )


def _messages(book: RuleBook) -> Thing:
    emergency = book.messages.emergency
    return Thing(
        Bilingual("messages", "messages"),
        "",
        {
            Bilingual("fermé", "closed"): _quoted(book.messages.closed),
            Bilingual("urgence", "emergency"): _quoted(emergency) if emergency else _DEFAULT,
        },
    )


def _calling(calling: CallRules) -> Thing:
    delays = {
        _MISSED[missed]: Bilingual(
            ", ".join(duration_in_words(one).fr for one in minutes),
            ", ".join(duration_in_words(one).en for one in minutes),
        )
        for missed, minutes in calling.delays.items()
    }
    notice = duration_in_words(calling.notice_minutes) if calling.notice_minutes else NONE
    features: dict[Bilingual, Words] = {
        Bilingual("heures décentes", "decent hours"): hours_in_words(calling.hours),
        Bilingual("essais", "tries"): _same(str(calling.most_tries)),
        Bilingual("annonce", "announcement"): _quoted(calling.announce),
        Bilingual("répondeur", "answering machine"): _quoted(calling.on_machine) if calling.on_machine else NONE,
        Bilingual("préavis", "notice"): notice,
        **delays,
    }
    return Thing(Bilingual("rappels", "callbacks"), "", features)


def _agents(rules: AgentRules) -> Thing:
    return Thing(
        Bilingual("agents", "agents"),
        "",
        {
            _WRAP_UP: seconds_in_words(rules.wrap_up_seconds),
            Bilingual("prolongation", "extension"): seconds_in_words(rules.extension_seconds),
            Bilingual("appels sans réponse", "calls left unanswered"): _same(str(rules.unanswered)),
            Bilingual("pauses", "pauses"): frozenset(rules.pauses),
            Bilingual("prévenus par SMS", "told by text"): _YES if rules.text_absent else _NO,
        },
    )


def _incivility(rules: IncivilityRules) -> Thing:
    days = rules.flag_days
    return Thing(
        Bilingual("incivilités", "incivility"),
        "",
        {
            Bilingual("avertissement", "warning"): _quoted(rules.warning),
            Bilingual("signalement gardé", "flag kept"): Bilingual(f"{days} jour{_s(days)}", f"{days} day{_s(days)}"),
            Bilingual("suite", "sequel"): _SEQUELS[rules.sequel],
            Bilingual("superviseurs", "supervisors"): _same(rules.supervisors) if rules.supervisors else NONE,
            Bilingual("apaisement", "calm"): duration_in_words(rules.calm_minutes),
        },
    )


def _urgent(rules: UrgentRules) -> Thing:
    return Thing(
        Bilingual("messages urgents", "urgent messages"),
        "",
        {
            Bilingual("numéro des superviseurs", "supervisors' number"): _same(rules.number.e164)
            if rules.number
            else NONE,
            Bilingual("préparés", "prepared"): frozenset(map(_quoted, rules.prepared)),
        },
    )


def _same(text: str) -> Bilingual:
    return Bilingual(text, text)


def _quoted(text: Bilingual) -> Bilingual:
    """Quote a text: in both languages for everybody, since a supervisor writes both."""
    both = f"« {text.fr} » / « {text.en} »"
    return Bilingual(both, both)


def _set(names: Iterable[str]) -> frozenset[Bilingual]:
    return frozenset(map(_same, names))
