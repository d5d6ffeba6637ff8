"""What a citizen hears who is called back, before they are connected, and the agent meanwhile. Pure.

Anybody may have picked up, or a machine: who calls is said in neutral words, and nothing of the matter. Only somebody
who presses 1 is connected.
"""

from guichet.carrier.verbs import DialNumber, Gather, Hangup, Redirect, Say, Verb
from guichet.core.ids import AttemptId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.calling import Missed

KEY_SECONDS = 6
"""How long somebody has to press a key after the announcement."""
RELAYED_SECONDS = 60
"""The same where a text relay service answers: all is typed and read first."""
RING_SECONDS = 25
MOST_ASKED = 2
"""How often the announcement is said to somebody who presses another key."""

CHOICE = Bilingual(
    "Pour parler à l'agent qui vous appelle, appuyez sur 1. Si ce n'est pas le bon moment, appuyez sur 2."
    " S'il s'agit d'une erreur, appuyez sur 3.",
    "To talk to the agent who is calling you, press 1. If this is not a good time, press 2."
    " If this is a mistake, press 3.",
)
_CONNECTED = Bilingual("Nous vous mettons en relation.", "We are connecting you now.")
_LATER = Bilingual(
    "C'est noté, nous vous rappellerons plus tard. Au revoir.", "Very well, we will call you again later. Goodbye."
)
_MISTAKE = Bilingual("Veuillez nous excuser. Au revoir.", "We are sorry to have bothered you. Goodbye.")
_CALLING = Bilingual("Nous appelons la personne, restez en ligne.", "We are calling them now, please hold on.")
_TOLD = {
    Missed.BUSY: Bilingual("La ligne est occupée.", "The line is busy."),
    Missed.NO_ANSWER: Bilingual("Personne ne répond.", "There is no answer."),
    Missed.MACHINE: Bilingual("Un répondeur a pris l'appel.", "An answering machine took the call."),
    Missed.WRONG_PERSON: Bilingual("Ce n'était pas la bonne personne.", "It was not the right person."),
    Missed.NOT_NOW: Bilingual(
        "La personne demande à être appelée plus tard.", "They have asked to be called at another time."
    ),
}
_NOT_REACHED = Bilingual("L'appel n'a pas abouti.", "The call could not be completed.")
_THANKS = Bilingual("Merci, au revoir.", "Thank you, goodbye.")


def call_citizen(attempt: AttemptId, number: PhoneNumber, line: PhoneNumber, tongue: Language) -> tuple[Verb, ...]:
    """Call the citizen from the agent's leg; the line is what they see."""
    query = f"attempt={attempt}"
    return (
        Say(_CALLING.to(tongue), tongue),
        DialNumber(
            number,
            action=f"/voice/agent/called?{query}",
            caller_id=line,
            whisper=f"/voice/citizen?{query}",
            timeout=RING_SECONDS,
            status=f"/voice/citizen/status?{query}",
        ),
    )


def greet(
    attempt: AttemptId, announce: Bilingual, language: Language, asked: int = 1, *, relayed: bool = False
) -> tuple[Verb, ...]:
    """Say who calls, and ask for a key; nobody presses one: the answer is asked for all the same."""
    action = f"/voice/citizen/answer?attempt={attempt}&asked={asked}"
    seconds = RELAYED_SECONDS if relayed else KEY_SECONDS
    prompts = (Say(announce.to(language), language), Say(CHOICE.to(language), language))
    return (Gather(action=action, prompts=prompts, timeout=seconds, digits=1, finish_on=""), Redirect(action))


def connect(language: Language) -> tuple[Verb, ...]:
    """Tell the citizen that they are being connected: the end of these verbs connects them."""
    return (Say(_CONNECTED.to(language), language),)


def part(why: Missed, language: Language, on_machine: Bilingual | None) -> tuple[Verb, ...]:
    """Take leave of somebody who is not connected; a machine hears what the rules say, or nothing."""
    text = {Missed.NOT_NOW: _LATER, Missed.WRONG_PERSON: _MISTAKE, Missed.MACHINE: on_machine}.get(why)
    return (Hangup(),) if text is None else (Say(text.to(language), language), Hangup())


def tell_agent(result: str, tongue: Language) -> tuple[Verb, ...]:
    """Tell the agent how the call ended that brought them nobody."""
    told = _TOLD.get(Missed(result), _NOT_REACHED) if result in set(Missed) else _NOT_REACHED
    return (Say(told.to(tongue), tongue), Say(_THANKS.to(tongue), tongue), Hangup())
