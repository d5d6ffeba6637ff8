"""Run TwiML on a leg: ask for a document, run its verbs in order, go where they lead, until the end.

Source of the control flow: https://www.twilio.com/docs/voice/twiml#twiml-verbs and the pages of each verb.
"""

import asyncio
from collections.abc import Mapping

from guichet.carrier.events import CallState
from guichet.carrier.simulator import twiml
from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import End, Outcome, VerbRunner
from guichet.carrier.simulator.parties import Moment
from guichet.carrier.simulator.steps import (
    Document,
    Hangup,
    Leave,
    Message,
    Redirect,
    Reject,
    Step,
    Target,
    dead_steps,
)
from guichet.carrier.simulator.webhooks import Ask, WebhookFailed, Webhooks

UNANSWERED = (Reject, Redirect, Message)
"""Verbs that do not answer a ringing call."""
APOLOGY = "We are sorry, an application error has occurred. Goodbye."
"""What Twilio says when it has no TwiML to run."""
HOLD_REAL_SECONDS = 0.05
"""A document of hold music takes at least this long in real time: instant callers must not flood the gateway."""
_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


class Flow:
    """Runs documents; the verb runners are given to it once they exist (they need it in turn)."""

    def __init__(self, webhooks: Webhooks, fallback: str | None, most_documents: int) -> None:
        self._webhooks = webhooks
        self._fallback = fallback
        self._most_documents = most_documents
        self._verbs: dict[type, VerbRunner] = {
            Redirect: self._redirect,
            Hangup: self._hangup,
            Leave: self._leave,
            Reject: self._reject,
        }

    def learn(self, verbs: Mapping[type, VerbRunner]) -> None:
        """Add the runners of more verbs."""
        self._verbs.update(verbs)

    async def run(self, leg: Leg, start: Ask | str, allowed: frozenset[type] | None = None) -> End:
        """Run documents from this one (a request, or TwiML at hand) to an end; strangers to `allowed` are skipped."""
        ask: Ask | str = start
        while True:
            if leg.on_hold:
                await leg.wait(HOLD_REAL_SECONDS, 0.0)
            else:
                leg.documents += 1
            if leg.documents > self._most_documents:
                leg.note(Kind.COMPLAINT, f"the call goes round in circles: {self._most_documents} documents")
                await leg.hang_up("person, out of patience")
            document, url = await self._document(leg, ask)
            if document is None:
                return End.FAILED
            outcome = await self._steps(leg, document, url, allowed)
            if leg.behaviour.end_turn():
                leg.note(Kind.SILENT, "nothing was said or pressed")
            if isinstance(outcome, End):
                return outcome
            ask = outcome

    def follow(self, target: Target | None, url: str, form: Mapping[str, str]) -> Ask:
        """Return the request to a URL found in the document at `url`; None, or an empty one, asks the same again."""
        if target is None or not target.url:
            return Ask(url, "POST", form)
        return Ask(self._webhooks.address.absolute(target.url, url), target.method, form)

    def tell(self, leg: Leg, target: Target, url: str, form: Mapping[str, str]) -> None:
        """Send a callback with the fields of the leg."""
        ask = self.follow(target, url, leg.record.form() | dict(form))
        self._webhooks.tell(ask, lambda path, details: leg.note(Kind.WEBHOOK, path, **details), leg.record.sid)

    async def _document(self, leg: Leg, ask: Ask | str) -> tuple[Document | None, str]:
        """Return the document and its URL; without one, the apology has been said."""
        if isinstance(ask, str):
            document, url = twiml.read(ask), self._webhooks.address.public + "/"
        else:
            url = ask.url
            try:
                document = await self._fetch(leg, ask)
            except WebhookFailed as failure:
                leg.note(Kind.ERROR, str(failure))
                if self._fallback is None or ask.url == self._fallback:
                    self._apologise(leg)
                    return None, url
                error = {"ErrorCode": str(failure.code), "ErrorUrl": ask.url}
                return await self._document(leg, Ask(self._fallback, "POST", error))
        for complaint in document.complaints:
            leg.note(Kind.COMPLAINT, complaint)
        if document.fatal is not None:
            leg.note(Kind.ERROR, document.fatal)
            self._apologise(leg)
            return None, url
        if dead := dead_steps(document.steps):
            leg.note(Kind.UNREACHABLE, " ".join(dead))
        return document, url

    def _apologise(self, leg: Leg) -> None:
        leg.record.move(CallState.IN_PROGRESS)
        leg.note(Kind.SAID, APOLOGY)

    async def _fetch(self, leg: Leg, ask: Ask) -> Document:
        request = Ask(ask.url, ask.method, leg.record.form() | dict(ask.form))
        task = self._webhooks.ask(request, lambda path, details: leg.note(Kind.WEBHOOK, path, **details))
        await asyncio.sleep(0)
        await leg.reach(Moment.WEBHOOK)
        answer = await asyncio.shield(task)
        if not answer.body.strip():
            raise WebhookFailed(12100, "an empty answer is no TwiML; answer <Response/>")
        if answer.content_type not in _TWIML_TYPES:
            raise WebhookFailed(12300, f"TwiML came as {answer.content_type}; it should be text/xml")
        return twiml.read(answer.body)

    async def _steps(self, leg: Leg, document: Document, url: str, allowed: frozenset[type] | None) -> Ask | End:
        if not document.steps:
            leg.record.move(CallState.IN_PROGRESS)
        for step in document.steps:
            name = type(step).__name__
            if allowed is not None and type(step) not in allowed:
                leg.note(Kind.COMPLAINT, f"13233: <{name}> may not stand here")
                continue
            if leg.record.state is CallState.RINGING and not isinstance(step, UNANSWERED):
                leg.record.move(CallState.IN_PROGRESS)
            leg.note(Kind.VERB, name)
            outcome = await self._verbs[type(step)](leg, step, url)
            if outcome is not None:
                return outcome
        return End.FINISHED

    async def _redirect(self, leg: Leg, step: Step, url: str) -> Outcome:  # noqa: ARG002 -- a verb runner
        return self.follow(step.target, url, {}) if isinstance(step, Redirect) else None

    async def _hangup(self, leg: Leg, step: Step, url: str) -> Outcome:  # noqa: ARG002 -- a verb runner
        return End.HUNG_UP

    async def _leave(self, leg: Leg, step: Step, url: str) -> Outcome:  # noqa: ARG002 -- a verb runner
        return End.LEFT

    async def _reject(self, leg: Leg, step: Step, url: str) -> Outcome:  # noqa: ARG002 -- a verb runner
        if leg.record.state is not CallState.RINGING:
            leg.note(Kind.COMPLAINT, "<Reject> of a call that was answered only hangs up")
            return End.HUNG_UP
        busy = isinstance(step, Reject) and step.reason == "busy"
        leg.record.move(CallState.BUSY if busy else CallState.NO_ANSWER)
        return End.REJECTED
