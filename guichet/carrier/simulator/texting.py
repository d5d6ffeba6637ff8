"""Texts under way: a citizen's to the gateway, ours to a citizen with its delivery callbacks, and <Message>."""

from collections.abc import Mapping

from guichet.carrier.simulator import twiml
from guichet.carrier.simulator.calls import API_VERSION, geography
from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.log import CallLog, Event, Kind
from guichet.carrier.simulator.messages import Messages, TextRecord, fate
from guichet.carrier.simulator.outcome import Outcome
from guichet.carrier.simulator.steps import Document, Message, Redirect, Step
from guichet.carrier.simulator.webhooks import Answer, Ask, WebhookFailed, Webhooks

_MOST_DOCUMENTS = 20


class Texting:
    """Sends and delivers; `log` records every webhook about texts, and complaints about their answers."""

    def __init__(self, webhooks: Webhooks, messages: Messages, account: str, incoming: str) -> None:
        self._webhooks = webhooks
        self._messages = messages
        self._account = account
        self._incoming = incoming
        self.log = CallLog()

    async def receive(self, from_: str, to: str, body: str) -> TextRecord:
        """Carry a citizen's text to the gateway and send what its TwiML answers; errors are in the log."""
        text = TextRecord(from_=from_, to=to, body=body, direction="inbound", state="received")
        self._messages.add(text)
        if (automatic := self._messages.keyword(from_, to, body)) is not None:
            answer = TextRecord(from_=to, to=from_, body=automatic, direction="outbound-reply", state="delivered")
            self._messages.add(answer)
        ask = Ask(self._incoming, "POST", {})
        for _ in range(_MOST_DOCUMENTS):
            try:
                document = await self._document(ask, text)
            except WebhookFailed as failure:
                self._note(Kind.ERROR, str(failure))
                return text
            following = self._run(document, text, ask.url)
            if following is None:
                return text
            ask = following
        self._note(Kind.COMPLAINT, "the answers to a text go round in circles")
        return text

    def send(self, text: TextRecord, status_url: str | None) -> TextRecord:
        """Take a text of ours: it is queued, sent and delivered (or not), with a callback for each state."""
        self._messages.add(text)
        text.told = status_url or ""
        error = self._webhooks.mischief.text_errors.get(text.to)
        for state in fate(text, self._webhooks.mischief.text_errors):
            code = error if state.value == "undelivered" else None
            if status_url is not None:
                form = self._delivery(text, state.value, code)
                self._webhooks.tell(Ask(status_url, "POST", form), self._note_webhook, text.sid)
            text.state, text.error = state.value, code
        return text

    async def verb(self, leg: Leg, step: Message, url: str) -> Outcome:
        """Run <Message> in a call."""
        sender, to = step.sender or leg.record.to, step.to or leg.record.from_
        text = self._reply(step, sender, to, url)
        leg.note(Kind.TEXTED, step.body, to=to, sid=text.sid)
        return None

    def _run(self, document: Document, text: TextRecord, url: str) -> Ask | None:
        for complaint in document.complaints:
            self._note(Kind.COMPLAINT, complaint)
        if document.fatal is not None:
            self._note(Kind.ERROR, document.fatal)
        for step in document.steps:
            match step:
                case Message():
                    self._reply(step, step.sender or text.to, step.to or text.from_, url)
                case Redirect(target):
                    return Ask(self._webhooks.address.absolute(target.url, url), target.method, {})
                case _:
                    self._note(Kind.COMPLAINT, _stranger(step))
        return None

    def _reply(self, step: Message, sender: str, to: str, url: str) -> TextRecord:
        status = step.status or step.action
        text = TextRecord(from_=sender, to=to, body=step.body, direction="outbound-reply", state="queued")
        if (to, sender) in self._messages.opted_out:
            text.state, text.error = "failed", 21610
            return self._messages.add(text)
        return self.send(text, self._webhooks.address.absolute(status.url, url) if status is not None else None)

    async def _document(self, ask: Ask, text: TextRecord) -> Document:
        answer: Answer = await self._webhooks.ask(
            Ask(ask.url, ask.method, self._arrival(text) | dict(ask.form)), self._note_webhook
        )
        if not answer.body.strip() or answer.status == 204:
            return Document()
        if answer.content_type not in {"text/xml", "application/xml"}:
            raise WebhookFailed(12300, f"TwiML came as {answer.content_type}; it should be text/xml")
        return twiml.read(answer.body)

    def _arrival(self, text: TextRecord) -> dict[str, str]:
        fields = {
            "AccountSid": self._account,
            "ApiVersion": API_VERSION,
            "MessageSid": text.sid,
            "SmsMessageSid": text.sid,
            "SmsSid": text.sid,
            "SmsStatus": "received",
            "From": text.from_,
            "To": text.to,
            "Body": text.body,
            "NumMedia": "0",
            "NumSegments": str(text.segments),
        }
        return fields | geography("From", "To")

    def _delivery(self, text: TextRecord, state: str, error: int | None) -> dict[str, str]:
        fields = {
            "AccountSid": self._account,
            "ApiVersion": API_VERSION,
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": state,
            "SmsStatus": state,
            "From": text.from_,
            "To": text.to,
        }
        return fields if error is None else fields | {"ErrorCode": str(error)}

    def _note(self, kind: Kind, what: str) -> None:
        self.log.add(Event(0.0, kind, what))

    def _note_webhook(self, path: str, details: Mapping[str, str]) -> None:
        self.log.add(Event(0.0, Kind.WEBHOOK, path, details))


def _stranger(step: Step) -> str:
    return f"12200: <{type(step).__name__}> has no place in the answer to a text"
