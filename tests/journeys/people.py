"""The people of the journeys: invented citizens of the sample, agents, and how they behave on the telephone."""

from collections.abc import Sequence

from guichet.carrier.simulator.parties import Action, Answers, HangUp, Moment, Press, Speak
from guichet.core.ids import AgentId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Agent, Presence
from tests.journeys.moments import OPEN
from tests.transcripts.voices import hum

LINE = "+33199001010"
ENGLISH_LINE = "+442079460010"
DESK = "+33199001099"

CATHERINE = "+33639981001"
"""Catherine Martin, born 3 March 1985; alone with this number."""
KATHERINE = "+33639981006"
"""Katherine Hughes, born 27 September 1979."""
AHMED = "+33639981009"
"""Ahmed Benali, born 1 January 1972."""
LUCAS = "+33639981019"
EMMA = "+33639981026"
MARTINS = "+33199001201"
"""The landline of Catherine, Julien and Léa Martin."""
STRANGER = "+33639989901"
"""In nobody's record; a mobile."""
LANDLINE = "+33199001212"
HIDDEN = "anonymous"

CLAIRE = "+33199002001"
BRUNO = "+33199002002"
SKILLS = ("accueil", "etat_civil", "enfance", "social", "technique", "tranquillite")

_VOICE = hum(0.6)
"""What the scripted recogniser takes for a voice; the words come from its script."""


def says(text: str) -> Speak:
    """Say a sentence."""
    return Speak(_VOICE, text)


def keys(pressed: str) -> Press:
    """Press keys."""
    return Press(pressed)


class Person:
    """Somebody who answers each question they have an answer to, once, and is silent otherwise.

    `answers` pair a piece of a prompt with what they do when they hear it. What was heard while nobody could answer
    (an answer, then the next question) counts too.
    """

    def __init__(self, *answers: tuple[str, Action | Sequence[Action]]) -> None:
        self._left = list(answers)

    def react(self, prompt: str) -> Action | Sequence[Action] | None:
        """Choose what to do after a prompt."""
        for answer in self._left:
            piece, act = answer
            if piece.casefold() in prompt.casefold():
                self._left.remove(answer)
                return act
        return None


def person(*answers: tuple[str, Action | Sequence[Action]]) -> Answers:
    """Return a person on the telephone."""
    return Answers(react=Person(*answers).react)


def agent(name: str, phone: str, *skills: str, languages: Sequence[Language] = tuple(Language)) -> Agent:
    """Return an agent who is available; without skills, one of every skill."""
    return Agent(
        id=AgentId(f"agent_{name}"),
        name=name.title(),
        phone=PhoneNumber.parse(phone),
        skills=frozenset(skills or SKILLS),
        languages=frozenset(languages),
        presence=Presence.AVAILABLE,
        since=OPEN,
    )


def accepts(talk: float = 30.0) -> Answers:
    """Return an agent who presses 1, talks for so many seconds and hangs up."""
    return Answers([Press("1"), HangUp(talk, Moment.BRIDGED)], ring=2)


def declines() -> Answers:
    """Return an agent who presses 2."""
    return Answers([Press("2")], ring=2)
