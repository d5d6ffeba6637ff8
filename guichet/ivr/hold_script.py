"""What is said to people on hold, and about leaving it. Pure."""

from collections.abc import Sequence

from guichet.core.language import Bilingual
from guichet.ivr.hold_wishes import Wish

STILL_HOLDING = Bilingual(
    "Merci de patienter. Pour être rappelé sans attendre, tapez 1.",
    "Thank you for waiting. To be called back instead, press 1.",
)
LATER = Bilingual("L'attente est plus longue que prévu.", "The wait is longer than expected.")
UNSERVED = Bilingual(
    "Aucun agent n'est plus là pour vous répondre.", "There is no agent any more who can take your call."
)
STAY = Bilingual("Vous restez en ligne et gardez votre place.", "You stay on the line and keep your place.")
ANOTHER_DESK = Bilingual(
    "Je cherche aussi un agent dans un autre service.", "I am looking for an agent at another desk too."
)
WRITE_TO_US = Bilingual(
    "Vous allez recevoir un SMS. Répondez-y avec votre question : un agent vous écrira, et vous gardez votre place.",
    "You are about to receive a text message. Reply with your question: an agent will write back, and you keep your "
    "place.",
)
_CHOICES = {
    Wish.CALLBACK: Bilingual("Pour être rappelé sans attendre, tapez 1", "To be called back instead, press 1"),
    Wish.MESSAGE: Bilingual("Pour laisser un message, tapez 2", "To leave a message, press 2"),
    Wish.TEXT: Bilingual("Pour continuer par SMS, tapez 3", "To go on by text message, press 3"),
}
_OR_SAY = {
    Wish.CALLBACK: Bilingual("ou dites « rappelez-moi »", 'or say "call me back"'),
    Wish.MESSAGE: Bilingual("ou dites « laisser un message »", 'or say "leave a message"'),
    Wish.TEXT: Bilingual("ou dites « par SMS »", 'or say "by text"'),
}
_SURE = {
    Wish.CALLBACK: Bilingual("Voulez-vous être rappelé sans attendre ?", "Do you want to be called back instead?"),
    Wish.MESSAGE: Bilingual("Voulez-vous laisser un message ?", "Do you want to leave a message?"),
    Wish.TEXT: Bilingual("Voulez-vous continuer par SMS ?", "Do you want to go on by text message?"),
}
_ANSWER = Bilingual(
    "Dites oui, ou tapez 1. Sinon, restez en ligne.", "Say yes, or press 1. Otherwise, stay on the line."
)
_ANSWER_KEYS = Bilingual("Si oui, tapez 1. Sinon, restez en ligne.", "If so, press 1. Otherwise, stay on the line.")


def standing(ahead: int, minutes: int | None) -> Bilingual:
    """Tell a caller on hold how many are before them, and the expected wait in minutes where it is known."""
    if ahead <= 0:
        place = Bilingual("Vous êtes le prochain.", "You are next.")
    elif ahead == 1:
        place = Bilingual("Une personne est avant vous.", "One person is before you.")
    else:
        place = Bilingual(f"{ahead} personnes sont avant vous.", f"{ahead} people are before you.")
    if minutes is None:
        return place
    if minutes <= 1:
        wait = Bilingual("L'attente est d'environ une minute.", "The wait is about one minute.")
    else:
        wait = Bilingual(f"L'attente est d'environ {minutes} minutes.", f"The wait is about {minutes} minutes.")
    return Bilingual(f"{place.fr} {wait.fr}", f"{place.en} {wait.en}")


def choices(offered: Sequence[Wish], *, by_voice: bool) -> Bilingual:
    """Read what they can do instead of holding, with the keys and, where they are heard, the words."""
    fr, en = [], []
    for wish in offered:
        key, words = _CHOICES[wish], _OR_SAY[wish]
        fr.append(f"{key.fr}, {words.fr}." if by_voice else f"{key.fr}.")
        en.append(f"{key.en}, {words.en}." if by_voice else f"{key.en}.")
    return Bilingual(" ".join(fr), " ".join(en))


def sure(wish: str, *, by_keys: bool) -> Bilingual:
    """Ask somebody whom we have overheard whether they meant it."""
    asked, answer = _SURE[Wish(wish)], _ANSWER_KEYS if by_keys else _ANSWER
    return Bilingual(f"{asked.fr} {answer.fr}", f"{asked.en} {answer.en}")
