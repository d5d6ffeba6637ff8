"""How a request answered in writing, and a text of ours, stand: in words for citizens and agents. Pure."""

from datetime import datetime

from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.core.language import Bilingual
from guichet.sms.message import DeliveryState

_RECEIVED = Bilingual("reçu", "received")
_READ = Bilingual("lu", "read")
_ANSWERED = Bilingual("répondu", "answered")
_ASKED = Bilingual("question posée, réponse attendue", "question asked, answer awaited")
_ENDED = {
    RequestState.DONE: _ANSWERED,
    RequestState.CANCELLED: Bilingual("annulé", "cancelled"),
    RequestState.EXPIRED: Bilingual("expiré", "expired"),
    RequestState.EXHAUSTED: Bilingual("à reprendre par une personne", "for a person to look at"),
}
_DELIVERY = {
    DeliveryState.RECEIVED: Bilingual("reçu", "received"),
    DeliveryState.PENDING: Bilingual("à envoyer", "to be sent"),
    DeliveryState.SENDING: Bilingual("en cours d'envoi", "being sent"),
    DeliveryState.IN_DOUBT: Bilingual("envoi incertain, en cours de vérification", "in doubt, being looked up"),
    DeliveryState.QUEUED: Bilingual("chez l'opérateur", "with the carrier"),
    DeliveryState.SENT: Bilingual("envoyé", "sent"),
    DeliveryState.DELIVERED: Bilingual("remis", "delivered"),
    DeliveryState.UNDELIVERED: Bilingual("non remis", "not delivered"),
    DeliveryState.FAILED: Bilingual("échec de l'envoi", "could not be sent"),
    DeliveryState.REFUSED: Bilingual("refusé", "refused"),
    DeliveryState.WITHDRAWN: Bilingual("retiré avant l'envoi", "withdrawn before it was sent"),
}


def text_state(request: Request, now: datetime) -> Bilingual:
    """Say where a request that is answered in writing stands: received, read, a question asked, answered."""
    if request.state in _ENDED:
        return _ENDED[request.state]
    if request.state is not RequestState.WAITING:
        return _READ
    return _ASKED if awaits_reply(request, now) else _RECEIVED


def awaits_reply(request: Request, now: datetime) -> bool:
    """Whether an agent has asked the citizen something by text, and waits for their answer."""
    if request.asked_at is None or request.state is not RequestState.WAITING or request.kind is not RequestKind.TEXT:
        return False
    return request.not_before is not None and request.not_before > now


def delivery_in_words(state: DeliveryState) -> Bilingual:
    """Say where a text stands on its way."""
    return _DELIVERY[state]
