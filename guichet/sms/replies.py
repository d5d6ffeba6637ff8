"""What we write: every text in French and English, made to fit one part. Pure.

GSM-7 has é è à ù but not ç ê â î ô û ë ï: the French here does without, so that a text is 160 characters and not 70.
A matter's title is shortened to fit, and left out where it would change the encoding.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import phonenumbers

from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.callbacks.waiting import Position
from guichet.citizens.speaking import Spoken, Standing
from guichet.core.language import Bilingual, Language
from guichet.core.phone import FRENCH_REGIONS, PhoneNumber
from guichet.sms.parts import Encoding, encoding_of, measure, plain, shortened
from guichet.sms.slot_replies import day_time

ONE_PART = 160
_TITLE_AT_LEAST = 8

EMERGENCY = Bilingual(
    "URGENCE : appelez le 112 ou écrivez au 114 par SMS. Samu 15, police 17, pompiers 18, sans-abri 115,"
    " violences 3919, suicide 3114.",
    "EMERGENCY: call 112, or text 114. Ambulance 15, police 17, fire 18, homeless 115, violence 3919, suicide 3114.",
)
SLOWED = Bilingual(
    "Nous avons bien tous vos messages ; un agent les lit. Nous n'y répondons plus un par un pour le moment."
    " Urgence : 112.",
    "We have all your messages; an agent reads them. We will not answer each of them for a while. Emergency: 112.",
)
OPTED_OUT = Bilingual(
    "C'est noté : nous ne vous écrirons plus. Pour recevoir de nouveau nos messages, envoyez START.",
    "Noted: we will not text you any more. To get our messages again, send START.",
)
OPTED_IN = Bilingual(
    "C'est noté : nous pouvons de nouveau vous écrire au sujet de vos demandes. Envoyez STOP pour ne plus recevoir"
    " de messages.",
    "Noted: we may text you about your requests again. Send STOP to get no more messages.",
)
HELP = Bilingual(
    "Ecrivez votre demande en une phrase. STATUT : où en est-elle. DEPLACER : l'heure d'appel. ANNULER."
    " AGENT : une personne. STOP : plus de messages. Urgence : 112.",
    "Write your request in one sentence. STATUS: where it stands. MOVE: time of the call. WITHDRAW: cancel it."
    " AGENT: a person. STOP: no messages. Emergency: 112.",
)
CALLED = Bilingual(
    "Votre demande {reference}{title} est enregistrée. Nous vous rappelons à ce numéro. Suivi : STATUT."
    " Annuler : ANNULER.",
    "Your request {reference}{title} is registered. We will call you back on this number. Follow: STATUS."
    " Cancel: WITHDRAW.",
)
WRITTEN = Bilingual(
    "Votre demande {reference}{title} est enregistrée. Un agent vous répond ou vous appelle. Suivi : STATUT."
    " Annuler : ANNULER.",
    "Your request {reference}{title} is registered. An agent will reply or call. Follow: STATUS. Cancel: WITHDRAW.",
)
JOINED = Bilingual(
    "Votre demande {reference}{title} est déjà enregistrée et garde sa place. Suivi : STATUT. Annuler : ANNULER.",
    "Your request {reference}{title} is already registered and keeps its place. Follow: STATUS. Cancel: WITHDRAW.",
)
STATUS_WAITING = Bilingual(
    "Votre demande {reference}{title} attend son tour : {ahead} avant vous. Annuler : ANNULER.",
    "Your request {reference}{title} is waiting: {ahead} before you. Cancel: WITHDRAW.",
)
PASSED_ON = Bilingual(
    "Merci. Votre réponse est transmise à l'agent, demande {reference}.",
    "Thank you. Your answer goes to the agent, request {reference}.",
)
STATUS_READ = Bilingual(
    "Votre message est lu : un agent prépare la réponse, demande {reference}{title}.",
    "Your message is read: an agent is preparing the answer, request {reference}{title}.",
)
STATUS_ASKED = Bilingual(
    "Un agent vous a posé une question, demande {reference}{title} : répondez à son message. Annuler : ANNULER.",
    "An agent has asked you a question, request {reference}{title}: reply to that message. Cancel: WITHDRAW.",
)
STATUS_SERVED = Bilingual(
    "Un agent s'occupe en ce moment de votre demande {reference}{title}.",
    "An agent is dealing with your request {reference}{title} right now.",
)
STATUS_MANY = Bilingual(
    "Vos demandes en cours : {references}. Pour en annuler une : ANNULER et sa référence.",
    "Your open requests: {references}. To cancel one: WITHDRAW and its reference.",
)
STATUS_NONE = Bilingual(
    "Vous n'avez pas de demande en cours à ce numéro. Ecrivez-nous votre demande en une phrase.",
    "You have no open request with this number. Write your request in one sentence.",
)
CANCELLED = Bilingual(
    "Votre demande {reference}{title} est annulée. Vous pouvez nous écrire de nouveau à tout moment.",
    "Your request {reference}{title} is cancelled. You can write to us again at any time.",
)
NO_SUCH = Bilingual(
    "Nous ne trouvons pas la demande {reference} à ce numéro. Suivi de vos demandes : STATUT.",
    "We cannot find request {reference} with this number. Your requests: STATUS.",
)
WHICH = Bilingual(
    "Votre demande porte-t-elle sur : 1. {first} 2. {second} ? Répondez 1 ou 2, ou AGENT.",
    "Is your request about: 1. {first} 2. {second}? Reply 1 or 2, or AGENT.",
)
AGAIN = Bilingual(
    "Nous n'avons pas compris votre message. Quelle est votre demande, en une phrase ? Ou répondez AGENT."
    " Urgence : 112.",
    "We did not understand your message. What is your request, in one sentence? Or reply AGENT. Emergency: 112.",
)
IN_DANGER = Bilingual(
    "Si quelqu'un est en danger : 112, ou 114 par SMS. Sinon, quelle est votre demande, en une phrase ?"
    " Ou répondez AGENT.",
    "If anybody is in danger: 112, or text 114. If not, what is your request, in one sentence? Or reply AGENT.",
)
RESUME = Bilingual(
    "Excusez-nous. Quelle est votre demande, en une phrase ? Ou répondez AGENT. Urgence : 112.",
    "Sorry. What is your request, in one sentence? Or reply AGENT. Emergency: 112.",
)
TAKEN_BACK = Bilingual(
    "C'est noté : la demande {reference} est annulée. Quelle est votre demande, en une phrase ? Ou répondez AGENT."
    " Urgence : 112.",
    "Noted: request {reference} is cancelled. What is your request, in one sentence? Or reply AGENT. Emergency: 112.",
)
FOR_WHOM = Bilingual(
    "Pour qui écrivez-vous ? Répondez MOI, ou le prénom et le nom de cette personne. Urgence : 112.",
    "Who are you writing for? Reply ME, or the first and last name of that person. Emergency: 112.",
)
WHO_WRITES = Bilingual(
    "Pour écrire au nom d'une autre personne, répondez par vos propres prénom, nom et date de naissance."
    " Sinon : PASSER.",
    "To write for another person, reply with your own first name, last name and date of birth. Otherwise: SKIP.",
)
WHO_AGAIN = Bilingual(
    "Nous n'avons pas pu le vérifier. Répondez par vos propres prénom, nom et date de naissance. Sinon : PASSER.",
    "We could not check that. Reply with your own first name, last name and date of birth. Otherwise: SKIP.",
)
MANDATE = Bilingual(
    "Mandat vérifié. La demande {reference}{title} de cette personne est enregistrée. Suivi : STATUT."
    " Annuler : ANNULER.",
    "Mandate checked. The request {reference}{title} of this person is registered. Follow: PROGRESS. Cancel: WITHDRAW.",
)
MANDATE_JOINED = Bilingual(
    "Mandat vérifié. La demande {reference}{title} de cette personne est déjà enregistrée et garde sa place.",
    "Mandate checked. The request {reference}{title} of this person is already registered and keeps its place.",
)
NO_MANDATE = Bilingual(
    "Votre demande {reference} est enregistrée. Sans mandat enregistré, nous ne disons rien du dossier d'une autre"
    " personne. Suivi : STATUT.",
    "Your request {reference} is registered. Without a mandate on record we say nothing of another person's file."
    " Follow: PROGRESS.",
)
WARNING = Bilingual(
    "Nous vous appelons dans quelques minutes depuis le {line} : demande {reference}{title}. Un autre moment :"
    " DEPLACER.",
    "We will call you in a few minutes from {line}: request {reference}{title}. Another time: MOVE.",
)
BY_TEXT = Bilingual(
    "Vous avez demandé à ne pas recevoir d'appel : un agent vous répond par SMS pour votre demande {reference}{title}."
    " Suivi : STATUT.",
    "You asked us never to call you: an agent will reply by text to your request {reference}{title}. Follow: STATUS.",
)
UNREACHED = Bilingual(
    "Nous n'avons pas pu vous joindre : demande {reference}{title}. Appelez le {line}, ou écrivez-nous quand vous"
    " rappeler.",
    "We could not reach you: request {reference}{title}. Call {line}, or write when to call you.",
)
ASK_TIME = Bilingual(
    "Quand pouvons-nous vous appeler ? Répondez par exemple : demain matin, jeudi 14h.",
    "When may we call you? Reply for example: tomorrow morning, Thursday 2pm.",
)
MOVED = Bilingual(
    "C'est noté : nous vous appellerons {when} depuis le {line}, demande {reference}{title}. Changer : DEPLACER.",
    "Noted: we will call you {when} from {line}, request {reference}{title}. Change: MOVE.",
)
NO_TIME = Bilingual(
    "Nous n'appelons pas à ce moment-là. Un autre moment ? Répondez par exemple : demain matin, jeudi 14h.",
    "We do not call at that time. Another time? Reply for example: tomorrow morning, Thursday 2pm.",
)
ASK_NUMBER = Bilingual(
    "A quel numéro pouvons-nous vous appeler ? Répondez par ce numéro, avec tous ses chiffres.",
    "At which number may we call you? Reply with that number, all its digits.",
)
NUMBER_CHANGED = Bilingual(
    "C'est noté : nous vous appellerons au numéro qui finit par {digits}, demande {reference}{title}."
    " Changer : AUTRE NUMERO.",
    "Noted: we will call the number ending in {digits}, request {reference}{title}. Change: OTHER NUMBER.",
)
OTHER_PERSON = Bilingual(
    "C'est noté : nous appellerons le numéro qui finit par {digits} et demanderons {person}, demande"
    " {reference}{title}.",
    "Noted: we will call the number ending in {digits} and ask for {person}, request {reference}{title}.",
)
MANY_TO_CHANGE = Bilingual(
    "Vos demandes en cours : {references}. Redites-le avec la référence de celle qui change.",
    "Your open requests: {references}. Say it again with the reference of the one to change.",
)
STATUS_CALL = Bilingual(
    "Votre demande {reference}{title} : nous vous appellerons {when}. Autre moment : DEPLACER. Annuler : ANNULER.",
    "Your request {reference}{title}: we will call you {when}. Another time: MOVE. Cancel: WITHDRAW.",
)
SERVED = Bilingual(
    "Votre demande {reference}{title} a été traitée : elle est close, nous ne vous rappellerons pas. Une question ?"
    " Ecrivez-nous.",
    "Your request {reference}{title} has been dealt with: it is closed, we will not call. A question? Write to us.",
)
ABOUT_REQUEST = {"warning": WARNING, "by_text": BY_TEXT, "unreached": UNREACHED, "served": SERVED}
"""Texts about a request that jobs ask for by name."""
_MANY = 5
_CHOICE = 40


def about(template: Bilingual, language: Language, request: Request, title: Bilingual) -> str:
    """Fill a text about a request: its reference, and as much of its title as fits one part."""
    text = template.to(language).replace("{line}", written_number(request.line))
    bare = text.replace("{reference}", request.reference).replace("{title}", "")
    room = ONE_PART - measure(bare).units - len(" ()")
    name = plain(title.to(language))
    if room < _TITLE_AT_LEAST or encoding_of(name) is Encoding.UCS2:
        return bare
    return text.replace("{reference}", request.reference).replace("{title}", f" ({shortened(name, room)})")


def about_call(template: Bilingual, language: Language, request: Request, title: Bilingual, **filled: Bilingual) -> str:
    """Fill a text about a callback, whose other blanks are given."""
    fr, en = template.fr, template.en
    for blank, value in filled.items():
        fr, en = fr.replace(f"{{{blank}}}", value.fr), en.replace(f"{{{blank}}}", value.en)
    return about(Bilingual(fr, en), language, request, title)


def call_time(moment: datetime, now: datetime, zone: ZoneInfo) -> Bilingual:
    """Say from when on somebody will be called, in the digits of a text: `jeudi 5/03 à partir de 9h00`."""
    local, day = moment.astimezone(zone), day_time(moment, now, zone)
    return Bilingual(
        f"{day.fr} à partir de {local.hour}h{local.minute:02}", f"{day.en} from {local.hour}:{local.minute:02}"
    )


def written_number(number: PhoneNumber) -> str:
    """Write a number of ours as people do where it belongs: `01 99 00 10 10`; a foreign one with its country code."""
    parsed = phonenumbers.parse(number.e164)
    style = phonenumbers.PhoneNumberFormat
    is_french = phonenumbers.region_code_for_country_code(parsed.country_code or 0) in FRENCH_REGIONS
    return phonenumbers.format_number(parsed, style.NATIONAL if is_french else style.INTERNATIONAL)


def confirmation(request: Request, language: Language, title: Bilingual, *, is_new: bool = True) -> str:
    """Say that a request is registered, or was already."""
    template = CALLED if request.kind is RequestKind.CALLBACK else WRITTEN
    return about(template if is_new else JOINED, language, request, title)


def for_another(spoken: Spoken, request: Request, language: Language, title: Bilingual, *, is_new: bool) -> str:
    """Say that a request for somebody else is registered, as the mandate allows; without one, always the same."""
    if spoken.standing is not Standing.MANDATE:
        return about(NO_MANDATE, language, request, title)
    return about(MANDATE if is_new else MANDATE_JOINED, language, request, title)


def status(request: Request, place: Position, language: Language, title: Bilingual) -> str:
    """Say where a request stands."""
    if request.state is RequestState.OFFERED and request.kind is RequestKind.TEXT:
        return about(STATUS_READ, language, request, title)
    if request.state is not RequestState.WAITING:
        return about(STATUS_SERVED, language, request, title)
    waiting = Bilingual(
        STATUS_WAITING.fr.replace("{ahead}", str(place.ahead)), STATUS_WAITING.en.replace("{ahead}", str(place.ahead))
    )
    return about(waiting, language, request, title)


def many(requests: Sequence[Request], language: Language) -> str:
    """Name several requests by their references (the five oldest)."""
    return named(STATUS_MANY, requests, language)


def named(template: Bilingual, requests: Sequence[Request], language: Language) -> str:
    """Fill a text with the references of several requests (the five oldest)."""
    references = ", ".join(request.reference for request in requests[:_MANY])
    return template.to(language).format(references=references)


def which(first: Bilingual, second: Bilingual, language: Language) -> str:
    """Ask which of two matters is meant."""
    names = [shortened(plain(title.to(language)), _CHOICE) for title in (first, second)]
    return WHICH.to(language).format(first=names[0], second=names[1])
