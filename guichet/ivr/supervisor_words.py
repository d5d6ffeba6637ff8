"""What a supervisor hears who puts up an urgent message by telephone, in French and English. Pure."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from guichet.core.language import Bilingual, counted
from guichet.ivr.supervisor import CLOSURE, MOST_HOURS, At, SupervisorCall
from guichet.routing.urgent import CLOSED, Urgent

NUMBER = Bilingual(
    "Ligne des superviseurs. Tapez votre numéro, puis dièse.",
    "Supervisors' line. Key in your number, then hash.",
)
OTHER_LANGUAGE = Bilingual("For English, press 0, then hash.", "Pour le français, tapez 0, puis dièse.")
PIN = Bilingual("Tapez votre code, puis dièse.", "Key in your PIN, then hash.")
NOT_KNOWN = Bilingual("Numéro ou code inexact.", "That number or PIN is not right.")
NOT_OFFERED = Bilingual("Cette touche n'est pas proposée.", "That key is not on offer.")
NOTHING_UP = Bilingual("Aucun message n'est en cours.", "No message is up.")
_ONE_UP = Bilingual("Un message est en cours, jusqu'au {until}.", "One message is up, until {until}.")
_SOME_UP = Bilingual("{count} messages sont en cours, jusqu'au {until}.", "{count} messages are up, until {until}.")
_PREPARED = Bilingual("Pour diffuser un message préparé, tapez 1.", "To put up a prepared message, press 1.")
MENU = Bilingual(
    "Pour fermer le guichet, tapez 2. Pour tout retirer, tapez 3. Pour terminer, tapez 9. Puis dièse.",
    "To close the counter, press 2. To take everything down, press 3. To finish, press 9. Then hash.",
)
_ONE = Bilingual("Tapez {key} pour : {text}", "Press {key} for: {text}")
LASTS = Bilingual(
    f"Pour combien d'heures ? Tapez un nombre de 1 à {MOST_HOURS}, puis dièse.",
    f"For how many hours? Key in a number from 1 to {MOST_HOURS}, then hash.",
)
_CONFIRM = Bilingual(
    "Les appelants entendront pendant {hours} : {text} Pour diffuser, tapez 1. Pour renoncer, tapez 2. Puis dièse.",
    "Callers will hear for {hours}: {text} To put it up, press 1. To give up, press 2. Then hash.",
)
_HOUR, _HOURS = Bilingual("{count} heure", "{count} hour"), Bilingual("{count} heures", "{count} hours")
_CLOSES = Bilingual("Le guichet sera fermé.", "The counter will be closed.")
DONE = Bilingual("C'est en ligne.", "It is up.")
TAKEN_DOWN = Bilingual("Tout est retiré.", "Everything is taken down.")
GOODBYE = Bilingual("Au revoir.", "Goodbye.")


def question(call: SupervisorCall, prepared: Sequence[Bilingual], up: Sequence[Urgent], zone: ZoneInfo) -> str:
    """Return what is asked where the call stands; moments are told in the time zone of the book."""
    parts = {
        At.NUMBER: (NUMBER, OTHER_LANGUAGE),
        At.PIN: (PIN,),
        At.MENU: (standing(up, zone), *((_PREPARED,) if prepared else ()), MENU),
        At.PREPARED: tuple(_one(key, one) for key, one in enumerate(prepared, 1)),
        At.LASTS: (LASTS,),
        At.CONFIRM: _confirm(call, prepared),
        At.END: (GOODBYE,),
    }
    return " ".join(part.to(call.language) for part in parts[call.at])


def _one(key: int, text: Bilingual) -> Bilingual:
    return Bilingual(_ONE.fr.format(key=key, text=text.fr), _ONE.en.format(key=key, text=text.en))


def _confirm(call: SupervisorCall, prepared: Sequence[Bilingual]) -> tuple[Bilingual, ...]:
    text, hours = chosen(call, prepared), counted(call.hours, _HOUR, _HOURS)
    french, english = _CONFIRM.fr.format(hours=hours.fr, text=text.fr), _CONFIRM.en.format(hours=hours.en, text=text.en)
    heard = Bilingual(french, english)
    return (_CLOSES, heard) if call.choice == CLOSURE else (heard,)


def chosen(call: SupervisorCall, prepared: Sequence[Bilingual]) -> Bilingual:
    """Return the text that a supervisor has chosen; a book published meanwhile may have fewer."""
    if call.choice == CLOSURE or call.choice > len(prepared):
        return CLOSED
    return prepared[call.choice - 1]


def standing(up: Sequence[Urgent], zone: ZoneInfo) -> Bilingual:
    """Say what is up, and until when."""
    if not up:
        return NOTHING_UP
    until = max(one.expires_at for one in up).astimezone(zone)
    hour = counted(until.hour, _HOUR, _HOURS).fr + (f" {until:%M}" if until.minute else "")
    told = Bilingual(f"{until:%d/%m} à {hour}", f"{until:%H:%M} on {until:%d/%m}")
    text = _ONE_UP if len(up) == 1 else _SOME_UP
    return Bilingual(text.fr.format(count=len(up), until=told.fr), text.en.format(count=len(up), until=told.en))
