"""The webhooks of texts. The answer is empty: replies go by the outbox, so that no repeated webhook sends twice."""

from aiohttp import web

from guichet.carrier.form import Form
from guichet.carrier.signature import SignatureCheck
from guichet.carrier.web import empty_response, webhook
from guichet.carrier.webhooks import incoming_message, message_progress
from guichet.core.errors import BadInput
from guichet.core.ids import MessageId
from guichet.sms.service import SmsService


def routes(texts: SmsService, check: SignatureCheck) -> list[web.RouteDef]:
    """Return `/sms/incoming` and `/sms/status` (whose query carries our id of the text)."""

    async def incoming(_request: web.Request, form: Form) -> web.Response:
        await texts.receive(incoming_message(form))
        return empty_response()

    async def status(request: web.Request, form: Form) -> web.Response:
        message = request.query.get("message")
        if not message:
            raise BadInput("the message is missing in the address")
        await texts.progress(MessageId(message), message_progress(form))
        return empty_response()

    return [
        web.post("/sms/incoming", webhook(check, incoming)),
        web.post("/sms/status", webhook(check, status)),
    ]
