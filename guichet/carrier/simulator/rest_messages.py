"""REST paths of texts: send, list, look up."""

from aiohttp import web

from guichet.carrier.simulator.calls import API_VERSION
from guichet.carrier.simulator.grammar import LONGEST_TEXT
from guichet.carrier.simulator.messages import Messages, TextRecord
from guichet.carrier.simulator.rest import AnsweredFirst, date, matching, page, refuse, within
from guichet.carrier.simulator.texting import Texting
from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber


def routes(account: str, messages: Messages, texting: Texting) -> list[web.RouteDef]:
    """Return the paths."""
    root = f"/2010-04-01/Accounts/{account}/Messages"

    async def create(request: web.Request) -> web.StreamResponse:
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        text = _order(messages, form)
        status_url = form.get("StatusCallback")
        return AnsweredFirst(message_json(account, text), 201, lambda: texting.send(text, status_url))

    async def list_(request: web.Request) -> web.StreamResponse:
        fields = {"To": "to", "From": "from"}
        texts = [
            message_json(account, text)
            for text in reversed(messages.all)
            if within(request, "DateSent", text.made)
            and matching(request, fields, (("to", text.to), ("from", text.from_)))
        ]
        return page(request, "messages", texts)

    async def fetch(request: web.Request) -> web.StreamResponse:
        return web.json_response(message_json(account, messages.get(request.match_info["sid"])))

    return [
        web.post(f"{root}.json", create),
        web.get(f"{root}.json", list_),
        web.get(root + "/{sid}.json", fetch),
    ]


def message_json(account: str, text: TextRecord) -> dict[str, object]:
    """Return a text as Twilio writes it."""
    return {
        "sid": text.sid,
        "account_sid": account,
        "api_version": API_VERSION,
        "from": text.from_,
        "to": text.to,
        "body": text.body,
        "status": text.state,
        "direction": text.direction,
        "num_segments": str(text.segments),
        "num_media": "0",
        "error_code": text.error,
        "error_message": None,
        "messaging_service_sid": None,
        "date_created": date(text.made),
        "date_updated": date(text.made),
        "date_sent": date(text.made),
        "price": None,
        "price_unit": "USD",
        "uri": f"/{API_VERSION}/Accounts/{account}/Messages/{text.sid}.json",
        "subresource_uris": {},
    }


def _order(messages: Messages, form: dict[str, str]) -> TextRecord:
    """Read a request to send a text; refuses as Twilio does."""
    to, from_, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not to:
        refuse(21604, "A 'To' phone number is required.")
    if not from_:
        refuse(21603, "A 'From' phone number is required.")
    if not body:
        refuse(21602, "Message body is required.")
    if len(body) > LONGEST_TEXT:
        refuse(21617, f"The concatenated message body exceeds the {LONGEST_TEXT} character limit.")
    try:
        PhoneNumber.parse(to)
    except BadInput:
        refuse(21211, "The 'To' number is not a valid phone number.")
    if (to, from_) in messages.opted_out:
        refuse(21610, "Attempt to send to unsubscribed recipient")
    return TextRecord(from_=from_, to=to, body=body, direction="outbound-api", state="queued")
