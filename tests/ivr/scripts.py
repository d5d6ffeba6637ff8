"""A script, decisions and people that the tests of this package share."""

from guichet.citizens.citizen import Candidate, Certainty, Citizen, Identification
from guichet.core.ids import CitizenId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.ivr.inputs import Decided, Identified, RequestOpened, Spoken
from guichet.ivr.script import Script
from guichet.routing.decision import Decision, Outcome
from guichet.routing.intent import IntentMatch, RunnerUp

CALLER = PhoneNumber.parse("+33612345678")
LINE = PhoneNumber.parse("+33142345678")
FRONT_DESK = PhoneNumber.parse("+33142345600")
WELCOME = Bilingual("Bonjour, ici la mairie de Bellerive.", "Hello, this is Bellerive town hall.")
SCRIPT = Script(WELCOME, fallback=FRONT_DESK)
DEAF = Script(WELCOME, hears=frozenset({Language.EN}), fallback=FRONT_DESK)

LEA = Citizen(CitizenId("ci_lea"), "1", "Léa", "Martin")
PAUL = Citizen(CitizenId("ci_paul"), "2", "Paul", "Martin")
NOBODY = Identified(Identification(Certainty.UNKNOWN))
ONE = Identified(Identification(Certainty.CHECK, (Candidate(LEA, 0.6, ()),)))
HOUSEHOLD = Identified(Identification(Certainty.CHECK, (Candidate(LEA, 0.6, ()), Candidate(PAUL, 0.6, ()))))
SURE = Identified(Identification(Certainty.SURE, (Candidate(LEA, 0.97, ()),)))

CALLBACK = RequestOpened(RequestId("rq_1"), "K7-4QX9", text_follows=True)
HELD = RequestOpened(RequestId("rq_1"), "K7-4QX9", is_hold=True)


def decided(outcome: Outcome, *, answer: Bilingual | None = None, free: bool = False) -> Decided:
    return Decided(Decision(outcome, "etat-civil", "r1", "v1", answer=answer), agents_free=free)


ANSWERED = decided(Outcome.ANSWER, answer=Bilingual("Nous ouvrons à 9 heures.", "We open at 9."))


def says(
    text: str, intent: str | None = None, score: float = 0.9, runner_up: str | None = None, second: float = 0.1
) -> Spoken:
    other = RunnerUp(runner_up, second) if runner_up else None
    return Spoken(text, (text,), match=IntentMatch(text, intent, score, other))
