"""What is said about when to call somebody back. Pure."""

from collections.abc import Sequence

from guichet.callbacks.slots import Offer
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.ivr.script import spoken_number

TO_BE_CALLED = Bilingual("Nous allons vous rappeler.", "We are going to call you back.")
WHEN = Bilingual(
    "Pour être rappelé dès que possible, tapez 1. Pour choisir un moment, tapez 2, ou dites-le, "
    "par exemple : demain après 14 heures. Pour être rappelé à un autre numéro, tapez 3.",
    "To be called back as soon as possible, press 1. To choose a time, press 2, or say it, "
    "for example: tomorrow after 2 pm. To be called on another number, press 3.",
)
WHEN_KEYS = Bilingual(
    "Pour être rappelé dès que possible, tapez 1. Pour choisir un moment, tapez 2. Pour un autre numéro, tapez 3.",
    "To be called back as soon as possible, press 1. To choose a time, press 2. For another number, press 3.",
)
WHERE = Bilingual(
    "À quel numéro devons-nous vous appeler ? Dites-le, ou tapez ses dix chiffres.",
    "At which number shall we call you? Say it, or key in its ten digits.",
)
PERSON = Bilingual(
    "Si nous devons demander une autre personne, dites son nom. Sinon, tapez 1. Pour corriger le numéro, tapez 2.",
    "If we shall ask for somebody else there, say their name. Otherwise, press 1. To correct the number, press 2.",
)
PERSON_KEYS = Bilingual(
    "Pour continuer, tapez 1. Pour corriger le numéro, tapez 2.", "To go on, press 1. To correct the number, press 2."
)
OR_SAY = Bilingual("Vous pouvez aussi dire un autre moment.", "You can also say another time.")
AGREE = Bilingual(
    "Si ce moment ne vous convient pas, tapez 2, ou dites le moment que vous préférez.",
    "If this is not right for you, press 2, or say which time you prefer.",
)
AGREE_KEYS = Bilingual("Si ce moment ne vous convient pas, tapez 2.", "If this is not right for you, press 2.")
NOT_A_TIME = Bilingual("Je n'ai pas reconnu de moment.", "I did not recognise a time.")
FULL = Bilingual("Ce moment est complet.", "That time is full.")
NOT_THEN = Bilingual("Nous n'appelons pas à ce moment-là.", "We do not call at that time.")
ANOTHER = Bilingual("Choisissons un autre moment.", "Let us choose another time.")


def has_slot(slot: Offer, *, by_keys: bool) -> Bilingual:
    """Ask who has a slot already whether it stays."""
    fr, en = ("", "") if by_keys else (", ou dites le nouveau moment", ", or say the new time")
    return Bilingual(
        f"Nous devons vous rappeler {slot.told.fr}. Pour garder ce moment, tapez 1. Pour en changer, tapez 2{fr}.",
        f"We are to call you back {slot.told.en}. To keep this time, press 1. To change it, press 2{en}.",
    )


def choice(offers: Sequence[Offer], *, by_keys: bool) -> Bilingual:
    """Read slots with their keys; the next key is as soon as possible."""
    soon, told = len(offers) + 1, [offer.told for offer in offers]
    fr = " ".join(f"Pour {words.fr}, tapez {key}." for key, words in enumerate(told, 1))
    en = " ".join(f"For {words.en.removeprefix('on ')}, press {key}." for key, words in enumerate(told, 1))
    other = Bilingual("", "") if by_keys else Bilingual(f" {OR_SAY.fr}", f" {OR_SAY.en}")
    return Bilingual(
        f"{fr} Pour être rappelé dès que possible, tapez {soon}.{other.fr}",
        f"{en} To be called back as soon as possible, press {soon}.{other.en}",
    )


def to_be_called_at(number: PhoneNumber) -> Bilingual:
    """Say a number back, as it was understood."""
    told = spoken_number(number)
    return Bilingual(f"J'ai compris : {told}.", f"I understood: {told}.")


def noted_where(number: PhoneNumber, *, for_another: bool) -> Bilingual:
    """Say where they will be called; whom we shall ask for is not said: a name may be misheard."""
    told = spoken_number(number)
    fr = " et demanderons cette personne" if for_another else ""
    en = " and ask for this person" if for_another else ""
    return Bilingual(f"C'est noté : nous appellerons le {told}{fr}.", f"Noted: we will call {told}{en}.")


def noted(slot: Offer) -> Bilingual:
    """Say which slot has been kept for them, to be put right if need be."""
    return Bilingual(
        f"C'est noté : nous vous rappellerons {slot.told.fr}.", f"Noted: we will call you back {slot.told.en}."
    )
