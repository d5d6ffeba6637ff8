"""What agents hear before they take a caller, and what the caller hears as they are connected. Pure."""

from collections.abc import Sequence
from datetime import datetime

from guichet.callbacks.flag import WORDS, Flag
from guichet.callbacks.request import Request
from guichet.carrier.verbs import Gather, Hangup, Pause, Say, Verb
from guichet.core.ids import AttemptId
from guichet.core.language import Bilingual, Language
from guichet.routing.agent import Agent

_SOMEBODY = Bilingual("Un usager", "A citizen")
_JUST_NOW = Bilingual("depuis moins d'une minute", "for less than a minute")
_ONE_MINUTE = Bilingual("depuis une minute", "for one minute")
_MINUTES = Bilingual("depuis {count} minutes", "for {count} minutes")
_HOURS = Bilingual("depuis {count} heures", "for {count} hours")
_DAYS = Bilingual("depuis {count} jours", "for {count} days")
_CALL_BACK = Bilingual("Rappel à faire.", "A call to make.")
_WHISPER = Bilingual("{who} attend {since}. Sujet : {what}.", "{who} has been waiting {since}. About: {what}.")
_RELAYED = Bilingual(
    "Un service relais parle pour cette personne : laissez-lui le temps de lire et d'écrire.",
    "A text relay service speaks for them: leave them time to read and type.",
)
_ASK_FOR = Bilingual("Demandez {person}.", "Ask for {person}.")
_AND_ALSO = Bilingual(" ; et aussi : ", "; and also: ")
_SPEAKS = Bilingual("Cette personne parle {language}.", "They speak {language}.")
_LANGUAGES = {Language.FR: Bilingual("français", "French"), Language.EN: Bilingual("anglais", "English")}
_AGAIN = Bilingual("Appuyez sur 1 pour prendre l'appel.", "Press 1 to take the call.")
_PASSED_ON = Bilingual("De la part de {who}.", "Passed on by {who}.")
_FLAGGED = Bilingual("Attention, personne signalée : {what}.", "Mind: this person is flagged for {what}.")
_GONE = Bilingual("Cet appel n'attend plus. Merci, au revoir.", "This call is no longer waiting. Thank you, goodbye.")
_MOMENT = Bilingual("Un instant, la personne arrive.", "One moment, they are about to join.")
_CONNECTED = Bilingual("Nous vous mettons en relation.", "We are connecting you now.")

KEY_SECONDS = 5
"""How long an agent has to press 1 after the whisper."""


def tongue(agent: Agent) -> Language:
    """Return the language to speak to an agent in: French, unless they do not speak it."""
    return Language.FR if Language.FR in agent.languages or not agent.languages else min(agent.languages)


def since(moment: datetime, now: datetime) -> Bilingual:
    """Say how long ago: in minutes up to two hours, in hours up to two days, in days."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _JUST_NOW
    if minutes < 2 * 60:
        return _ONE_MINUTE if minutes == 1 else _MINUTES.format(count=minutes)
    hours = minutes // 60
    return _HOURS.format(count=hours) if hours < 2 * 24 else _DAYS.format(count=hours // 24)


def with_others(title: Bilingual, others: Sequence[Bilingual]) -> Bilingual:
    """Name a matter, and those that were asked for in the same breath."""
    fr, en = (_AND_ALSO.to(to).join(one.to(to) for one in (title, *others)) for to in (Language.FR, Language.EN))
    return Bilingual(fr, en)


def announce(
    request: Request,
    language: Language,
    who: Bilingual | None,
    title: Bilingual,
    now: datetime,
    by: str | None = None,
) -> str:
    """Say who waits (`on_the_line`; None: nobody known), since when and for what; `by` whom they are passed on."""
    text = _WHISPER.to(language).format(
        who=(who or _SOMEBODY).to(language),
        since=since(request.held_since or request.opened_at, now).to(language),
        what=title.to(language),
    )
    if by is not None:
        said = _PASSED_ON.to(language).format(who=by)
        text = f"{text} {said} {request.passed_note}".rstrip()
    if not request.holds:
        asked_for = f" {_ASK_FOR.to(language).format(person=request.ask_for)}" if request.ask_for else ""
        text = f"{_CALL_BACK.to(language)} {text}{asked_for}"
    if request.relayed:
        text = f"{text} {_RELAYED.to(language)}"
    if request.language is language:
        return text
    return f"{_SPEAKS.to(language).format(language=_LANGUAGES[request.language].to(language))} {text}"


def flagged(flag: Flag, language: Language) -> str:
    """Warn of a flag, before anything else is said."""
    return _FLAGGED.to(language).format(what=WORDS[flag.kind].to(language))


def ask(attempt: AttemptId, text: str, language: Language) -> tuple[Verb, ...]:
    """Whisper, then wait for a 1. Without any key the leg is ended, and its status callback finds the next agent."""
    prompts = (Say(text, language), Say(_AGAIN.to(language), language))
    action = f"/voice/agent/answer?attempt={attempt}"
    return (Gather(action=action, prompts=prompts, timeout=KEY_SECONDS, digits=1), Hangup())


def gone(language: Language) -> tuple[Verb, ...]:
    """Tell an agent that nobody waits any more."""
    return (Say(_GONE.to(language), language), Hangup())


def moment(language: Language) -> tuple[Verb, ...]:
    """Ask an agent to wait for a caller who is still being told something."""
    return (Say(_MOMENT.to(language), language), Pause(1))


def connected(language: Language) -> tuple[Verb, ...]:
    """Tell the caller that they are being connected."""
    return (Say(_CONNECTED.to(language), language),)
