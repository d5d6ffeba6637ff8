"""The contacts of the demonstration: invented people of the sample commune, what each says, keys or writes. Pure.

A person answers what is asked, as people do: `answers` pairs a piece of the question with what they do then. Whoever
has no answer to a question stays silent.
"""

from dataclasses import dataclass

from guichet.core.language import Language

FRENCH_LINE = "+33199001010"
ENGLISH_LINE = "+442079460010"
AGENT_NAME = "Claire Fontaine"
AGENT_PHONE = "+33199002001"
AGENT_SKILLS = ("social", "accueil", "tranquillite")


CALLED_BACK = "+33639981006"
"""The first caller, who is called back in the end."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """An agent who comes to work later."""

    name: str
    phone: str
    skills: tuple[str, ...]


CALLER_BACK = Colleague("Paul Roy", "+33199002002", ("etat_civil",))


@dataclass(frozen=True, slots=True)
class Says:
    """Speaks a sentence."""

    text: str


@dataclass(frozen=True, slots=True)
class Presses:
    """Presses keys."""

    keys: str


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody who rings; each of `answers` is used once. `voice` and `speed` are py-nanotts'."""

    title: str
    number: str
    line: str
    language: Language
    answers: tuple[tuple[str, Says | Presses], ...]
    voice: str = ""
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Texts:
    """Somebody who writes, one text after the other."""

    title: str
    number: str
    line: str
    bodies: tuple[str, ...]


CONTACTS: tuple[Call | Texts, ...] = (
    Call(
        "A spoken call in English, for a birth certificate",
        CALLED_BACK,
        ENGLISH_LINE,
        Language.EN,
        (
            ("what you need", Says("Hello, I would like a birth certificate please.")),
            ("date of birth", Says("the twenty seventh of September nineteen seventy nine")),
        ),
    ),
    Call(
        "A spoken call from a number that two people share: she says who she is, and an agent answers",
        "+33199001240",
        ENGLISH_LINE,
        Language.EN,
        (
            ("what you need", Says("I need help with my application for social housing.")),
            ("full name", Says("My name is Margaret Bennett.")),
            ("date of birth", Says("the third of March nineteen forty eight")),
        ),
    ),
    Call(
        "A call in French by keys alone",
        "+33639981009",
        FRENCH_LINE,
        Language.FR,
        (
            ("Dites en une phrase", Presses("8")),
            ("Pour un acte d'état civil, tapez 1", Presses("1")),
            ("date de naissance", Presses("01011972")),
        ),
    ),
    Call("A caller who says nothing at all", "+33199001212", FRENCH_LINE, Language.FR, ()),
    Call(
        "A smell of gas",
        "+33639981026",
        ENGLISH_LINE,
        Language.EN,
        (
            ("what you need", Says("There is a smell of gas in my building.")),
            ("To finish, press 2", Presses("2")),
        ),
        voice="en-US",
        speed=0.9,
    ),
    Texts(
        "Texts in French: a request, a reminder of it, and no more texts",
        "+33639981019",
        FRENCH_LINE,
        (
            "bjr jvoudrai un rdv pr ma carte didentite svp",
            "jattend toujours pr le rdv de ma carte didentité",
            "Stop. Merci",
        ),
    ),
)
