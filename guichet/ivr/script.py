"""Every sentence of a call, in French and English, and what differs from one line to the next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers

from guichet.core.language import Bilingual, Language, counted
from guichet.core.phone import PhoneNumber
from guichet.ivr.matters import MENU, NAMES, name_of
from guichet.routing.intent import DANGER

MESSAGE_KEPT_A_DAY = Bilingual(
    "Il sera transcrit par une machine et gardé un jour.", "A machine transcribes it, and it is kept for one day."
)
MESSAGE_KEPT = Bilingual(
    "Il sera transcrit par une machine et gardé {count} jours.",
    "A machine transcribes it, and it is kept for {count} days.",
)
NOTICE = Bilingual(
    "Une machine transcrit vos paroles pour vous orienter. Le son n'est pas conservé.",
    "A machine transcribes your words to direct you. The sound is not kept.",
)
INFORMED = Bilingual(
    "Si cette information vous suffit, vous pouvez raccrocher.", "If this is all you need to know, you can hang up."
)
LETTERS_A_SECOND = 15.0
"""How fast a voice reads, at most: about 150 words a minute."""
OTHER_LANGUAGE = {
    Language.FR: (Language.EN, "For English, press 9."),
    Language.EN: (Language.FR, "Pour le français, tapez 9."),
}
"""The offer of the other language, in it."""
RELAYED = Bilingual(
    "Vous appelez par un service relais : nous vous passons un agent. Il n'y a rien à dire ni à taper, "
    "prenez votre temps.",
    "You are calling through a relay service: we are connecting you with an agent. There is nothing to say or press, "
    "take your time.",
)
NUMBER_RELAYED = Bilingual(
    "Pour vous rappeler, il nous faut votre numéro : dites-le ou tapez ses dix chiffres. Prenez votre temps.",
    "To call you back, we need your number: say it or key in its ten digits. Take your time.",
)
MATTER = Bilingual(
    "Dites en une phrase ce que vous souhaitez. "
    "Pour choisir avec les touches, tapez 8. Pour parler à un agent, tapez 0.",
    "Say in one sentence what you need. To choose with the keys, press 8. To speak to an agent, press 0.",
)
SELF = Bilingual(
    "Appelez-vous pour vous-même ? Dites oui ou non, ou tapez 1 pour oui, 2 pour non.",
    "Are you calling for yourself? Say yes or no, or press 1 for yes, 2 for no.",
)
OTHER = Bilingual(
    "Pour qui appelez-vous ? Dites le nom et le prénom de cette personne, ou tapez 2 pour continuer sans.",
    "Who are you calling for? Say their full name, or press 2 to go on without.",
)
MANDATE = Bilingual("Merci, vous pouvez parler pour cette personne.", "Thank you, you may speak for this person.")
NO_MANDATE = Bilingual(
    "Sans mandat enregistré pour cette demande, nous ne pouvons rien dire du dossier d'une autre personne. "
    "Nous prenons votre demande.",
    "Without a mandate on record for this matter, we can say nothing of another person's file. "
    "We take your request all the same.",
)
WHO = Bilingual("Quel est votre nom, avec votre prénom ?", "What is your full name?")
WHO_KEYS = Bilingual(
    "Dites votre nom et votre prénom. Ou tapez 1 pour donner votre date de naissance, 2 pour continuer sans.",
    "Say your full name. Or press 1 to give your date of birth instead, 2 to go on without.",
)
CHECK = Bilingual(
    "Pour vérifier votre identité, dites votre date de naissance, ou tapez-la en huit chiffres.",
    "To check who you are, say your date of birth, or key it in as eight digits: day, month, year.",
)
CHECK_KEYS = Bilingual(
    "Tapez votre date de naissance en huit chiffres : le jour, le mois et l'année. "
    "Par exemple, 0 3 0 3 1 9 8 5 pour le 3 mars 1985.",
    "Key in your date of birth as eight digits: day, month, year. "
    "For example, 0 3 0 3 1 9 8 5 for the 3rd of March 1985.",
)
OR_FILE = Bilingual(
    "Pour donner plutôt votre numéro de dossier, dites « numéro de dossier » ou tapez 5.",
    "To give your file number instead, say file number or press 5.",
)
OR_FILE_KEYS = Bilingual(
    "Pour donner plutôt votre numéro de dossier, tapez 5.", "To give your file number instead, press 5."
)
FILE = Bilingual(
    "Dites votre numéro de dossier, ou tapez ses chiffres, puis dièse.",
    "Say your file number, or key in its digits, then the hash key.",
)
FILE_KEYS = Bilingual(
    "Tapez les chiffres de votre numéro de dossier, sans les lettres, puis dièse.",
    "Key in the digits of your file number, without the letters, then the hash key.",
)
POSTCODE = Bilingual(
    "Quel est votre code postal ? Dites-le, ou tapez ses cinq chiffres.",
    "What is your postcode? Say it, or key in its five digits.",
)
NUMBER = Bilingual(
    "Votre numéro est masqué. Pour être rappelé, dites ou tapez un numéro de téléphone à dix chiffres.",
    "Your number is hidden. To be called back, say or key in a ten-digit telephone number.",
)
MORE = Bilingual(
    "Puis-je vous aider pour autre chose ? Dites oui ou non, ou tapez 1 pour oui, 2 pour non.",
    "Can I help you with anything else? Say yes or no, or press 1 for yes, 2 for no.",
)
IN_DANGER = Bilingual(
    "Quelqu'un est-il en danger ? Dites oui, ou tapez 1. Sinon, dites non, ou tapez 3.",
    "Is anybody in danger? Say yes, or press 1. If not, say no, or press 3.",
)
IF_NOT = Bilingual("Sinon, tapez 7.", "If not, press 7.")
AFTER_DANGER = Bilingual(
    "Pour réentendre ces numéros, tapez étoile. Pour une autre demande, tapez 1. Pour terminer, tapez 2.",
    "To hear these numbers again, press star. For anything else, press 1. To finish, press 2.",
)
NOTHING_HEARD = Bilingual("Je n'ai rien entendu.", "I did not hear anything.")
NOT_UNDERSTOOD = Bilingual("Je n'ai pas compris.", "I did not understand.")
WRONG_KEY = Bilingual("Cette touche n'est pas proposée.", "That key is not on offer.")
NOT_A_DATE = Bilingual("Je n'ai pas reconnu de date.", "I did not recognise a date.")
NOT_A_FILE = Bilingual("Je n'ai pas reconnu de numéro de dossier.", "I did not recognise a file number.")
NOT_A_POSTCODE = Bilingual("Je n'ai pas reconnu de code postal.", "I did not recognise a postcode.")
NOT_A_NUMBER = Bilingual("Je n'ai pas reconnu de numéro.", "I did not recognise a telephone number.")
CANNOT_HEAR = Bilingual(
    "Excusez-moi, je ne vous entends pas bien. Continuons avec les touches du téléphone.",
    "I am sorry, I cannot hear you well. Let us go on with the keys of your telephone.",
)
GAVE_UP = Bilingual(
    "Excusez-moi, je n'arrive pas à vous comprendre. Je m'occupe de vous autrement.",
    "I am sorry, I cannot understand you. Let me help you another way.",
)
ANYBODY_SILENT = Bilingual(
    "Je ne vous entends toujours pas. Nous allons vous rappeler.",
    "I still cannot hear you. We will call you back.",
)
CORRECTED = Bilingual("Excusez-moi. Reprenons.", "I am sorry. Let us start again.")
NOT_CHECKED = Bilingual("Merci. Je n'ai pas pu vérifier votre identité.", "Thank you. I could not check who you are.")
GO_ON = Bilingual("Continuons.", "Let us go on.")
MESSAGE_WISHED = Bilingual(
    "Un agent vous rappellera, vous gardez votre place. Laissez votre message après le bip, puis tapez dièse.",
    "An agent will call you back, you keep your place. Leave your message after the tone, then press hash.",
)
MESSAGE_OFFER = Bilingual(
    "Si vous voulez ajouter un message pour l'agent, parlez après le bip, puis tapez dièse. Sinon, raccrochez.",
    "If you want to add a message for the agent, speak after the tone, then press hash. Otherwise, hang up.",
)
CHECKED = Bilingual("Merci, c'est vérifié.", "Thank you, that is checked.")
HOLD = Bilingual(
    "Ne quittez pas, je vous mets en relation avec un agent.", "Please hold, I am connecting you with an agent."
)
HOLD_FAILED = Bilingual(
    "Excusez-nous, nous n'avons pas pu vous mettre en relation.", "We are sorry, we could not connect you."
)
THANKS = Bilingual("Merci de votre appel. Au revoir.", "Thank you for calling. Goodbye.")
KEPT_PLACE = Bilingual("Vous gardez votre place.", "You keep your place.")
TEXT_FOLLOWS = Bilingual("Un SMS de confirmation va vous parvenir.", "A text message will confirm it.")
ONE_MOMENT = Bilingual("Un instant, s'il vous plaît.", "One moment, please.")
PASSED_ON = Bilingual(
    "Je vous passe la personne qui peut vous répondre. Ne quittez pas.",
    "I am putting you through to somebody who can help. Please hold.",
)
CALLED_BACK = Bilingual(
    "Un agent vous rappellera, vous gardez votre place. Au revoir.",
    "An agent will call you back, you keep your place. Goodbye.",
)
APOLOGY = Bilingual(
    "Excusez-nous, un incident technique nous empêche de vous répondre.",
    "We are sorry, a technical problem keeps us from answering you.",
)
PRESS_FOR_DESK = Bilingual("Pour joindre l'accueil, tapez 1.", "To reach the front desk, press 1.")
CALL_LATER = Bilingual("Vous pouvez nous rappeler un peu plus tard.", "You can call again a little later.")


@dataclass(frozen=True, slots=True)
class Script:
    """What a line says of itself.

    `welcome` says who answers (« Bonjour, vous êtes en relation avec la mairie de Bellerive. »). `hears` are the
    languages with a recogniser, `closed` is said in the greeting when the desk is closed, `fallback` is a number where
    people answer. `sure` and `margin` (scores from 0 to 1) are what a matter needs not to be asked back, `likely` what
    it needs to be asked back at all, `clear` the mean confidence of its words, `longest` the number of turns after
    which a call is brought to its end. `message_seconds` is how long a recorded message may be (0: none is offered),
    `keeps_messages` for how many days its sound is kept. `urgent` is the urgent message in force, made of those of
    `urgent_ids`; `emergency` is what the rule book says of a danger. `relays_to_person`: calls of text relay
    services are put through to a person, without questions.
    """

    welcome: Bilingual
    language: Language = Language.FR
    languages: tuple[Language, ...] = (Language.FR, Language.EN)
    hears: frozenset[Language] = frozenset({Language.FR, Language.EN})
    closed: Bilingual | None = None
    fallback: PhoneNumber | None = None
    menu: tuple[str, ...] = MENU
    matters: Mapping[str, Bilingual] = field(default_factory=lambda: NAMES)
    sure: float = 0.55
    likely: float = 0.3
    margin: float = 0.1
    clear: float = 0.45
    longest: int = 24
    message_seconds: int = 0
    keeps_messages: int = 0
    urgent: Bilingual | None = None
    urgent_ids: tuple[str, ...] = ()
    emergency: Bilingual | None = None
    relays_to_person: bool = True

    @property
    def puts_relays_through(self) -> bool:
        """Whether who calls by a text relay service is put through without a question: somebody is there."""
        return self.relays_to_person and self.closed is None

    def greeting(self) -> Bilingual:
        """Say who answers, what is urgent, whether the desk is closed, and that a machine transcribes."""
        closed = self.closed or Bilingual("", "")
        urgent = self.announcement()
        return Bilingual(
            _spaced(urgent.fr, closed.fr, NOTICE.fr),
            _spaced(urgent.en, closed.en, NOTICE.en),
        )

    def announcement(self) -> Bilingual:
        """Say who answers, and the urgent message, which may be all that somebody has called for."""
        if self.urgent is None:
            return self.welcome
        return Bilingual(
            _spaced(self.welcome.fr, self.urgent.fr, INFORMED.fr),
            _spaced(self.welcome.en, self.urgent.en, INFORMED.en),
        )

    def urgent_seconds(self) -> float:
        """Return after how many seconds of the greeting the urgent message has been said; 0 without any."""
        if self.urgent is None:
            return 0.0
        return len(f"{self.welcome.to(self.language)} {self.urgent.to(self.language)}") / LETTERS_A_SECOND

    def menu_text(self) -> Bilingual:
        """Read the matters that have a key."""
        names = [self.matter(intent) for intent in self.menu]
        return Bilingual(
            " ".join(f"Pour {name.fr}, tapez {key}." for key, name in enumerate(names, 1))
            + " Pour une autre demande, tapez 7. Pour parler à un agent, tapez 0.",
            " ".join(f"For {name.en}, press {key}." for key, name in enumerate(names, 1))
            + " For anything else, press 7. To speak to an agent, press 0.",
        )

    def matter(self, intent: str | None) -> Bilingual:
        """Name a matter."""
        return name_of(intent, self.matters)

    def understood(self, intent: str | None) -> Bilingual:
        """Say which matter was understood."""
        name = self.matter(intent)
        return Bilingual(
            f"C'est noté, vous appelez pour {name.fr}. {IF_NOT.fr}",
            f"I see, you are calling about {name.en}. {IF_NOT.en}",
        )

    def choice(self, options: tuple[str, ...]) -> Bilingual:
        """Ask which of one or two matters is meant."""
        if options == (DANGER,):
            return IN_DANGER
        names = [self.matter(intent) for intent in options]
        return Bilingual(
            "Appelez-vous pour "
            + ", ou pour ".join(f"{name.fr} (tapez {key})" for key, name in enumerate(names, 1))
            + " ? Pour autre chose, tapez 3.",
            "Are you calling about "
            + ", or about ".join(f"{name.en} (press {key})" for key, name in enumerate(names, 1))
            + "? For something else, press 3.",
        )

    def message_offer(self, *, is_wished: bool = False) -> Bilingual:
        """Offer to record a message, or have it recorded where it is wished for, and say what becomes of it."""
        offer = MESSAGE_WISHED if is_wished else MESSAGE_OFFER
        if not self.keeps_messages:
            fate = Bilingual(
                "Il sera transcrit par une machine, puis effacé.", "A machine transcribes it, then it is deleted."
            )
        else:
            fate = counted(self.keeps_messages, MESSAGE_KEPT_A_DAY, MESSAGE_KEPT)
        return Bilingual(f"{offer.fr} {fate.fr}", f"{offer.en} {fate.en}")

    def hidden_end(self) -> Bilingual:
        """Tell a hidden caller what remains."""
        fr = "Sans numéro, nous ne pouvons pas vous rappeler. Vous pouvez nous rappeler sans masquer votre numéro"
        en = "Without a number, we cannot call you back. You can call again without hiding your number"
        if self.fallback is None:
            return Bilingual(f"{fr}.", f"{en}.")
        number = spoken_number(self.fallback)
        return Bilingual(f"{fr}, ou joindre l'accueil au {number}.", f"{en}, or reach the front desk on {number}.")


def confirmation(reference: str, *, is_new: bool, text_follows: bool, slot: Bilingual | None = None) -> Bilingual:
    """Confirm a callback aloud, with the slot they have chosen, and its reference said twice."""
    said = spoken_reference(reference)
    opening = (
        Bilingual(
            "Votre demande est enregistrée, un agent va vous rappeler.",
            "Your request is noted, an agent will call you back.",
        )
        if is_new
        else Bilingual(
            "Votre demande est bien en cours, un agent va vous rappeler.",
            "Your request is open, an agent will call you back.",
        )
    )
    text = TEXT_FOLLOWS if text_follows else Bilingual("", "")
    place = Bilingual("", "") if is_new else KEPT_PLACE
    if slot is not None:
        place = Bilingual("", "")
        opening = Bilingual(f"Un agent vous rappellera {slot.fr}.", f"An agent will call you back {slot.en}.")
    return Bilingual(
        _spaced(opening.fr, place.fr, f"Sa référence est {said}. Je répète : {said}.", text.fr),
        _spaced(opening.en, place.en, f"Its reference is {said}. I repeat: {said}.", text.en),
    )


def desk_number(number: PhoneNumber) -> Bilingual:
    """Say the number of the front desk."""
    spoken = spoken_number(number)
    return Bilingual(
        f"Vous pouvez aussi appeler l'accueil au {spoken}. Au revoir.",
        f"You can also call the front desk on {spoken}. Goodbye.",
    )


def other_language_offer(language: Language) -> tuple[Language, Bilingual]:
    """Return the other language than that, and its offer, which is said in it."""
    other, text = OTHER_LANGUAGE[language]
    return other, Bilingual(text, text)


def spoken_reference(reference: str) -> str:
    """Write a reference so that a voice spells it: `K7-4QX9` becomes `K, 7, 4, Q, X, 9`."""
    return ", ".join(letter for letter in reference if letter.isalnum())


def spoken_number(number: PhoneNumber) -> str:
    """Write a number so that a voice reads it in groups, the national way."""
    parsed = phonenumbers.parse(number.e164)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)


def _spaced(*parts: str) -> str:
    """Join sentences with single spaces."""
    return " ".join(part for part in parts if part)
