"""Agents answer in writing: what they have in hand, with a template or in their own words, seen before it is sent.

take (callbacks.taking) -> conversation, templates, preview -> answer --closes--> done
                                                                  +--asks back--> waits for the citizen's reply
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from guichet.callbacks.booking import promised
from guichet.callbacks.letting_go import let_go_in_hand
from guichet.callbacks.lifecycle import Cause
from guichet.callbacks.request import Request, RequestKind
from guichet.callbacks.taking import ANSWERED, finish, own
from guichet.callbacks.windows import quiet_until
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import AgentId, MessageId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.sms import replies
from guichet.sms.composing import Addressee, compose, is_welcome
from guichet.sms.drafting import Draft, draft
from guichet.sms.message import Message
from guichet.sms.ports import Begin, Tools, Unit
from guichet.sms.undelivered import BY_AGENT

REPLY_AWAITED = timedelta(days=3)
"""How long a question of an agent's waits for the citizen's answer: then the request is due again."""
AT_ONCE = timedelta(minutes=30)
"""Who has written so lately is answered at any hour; to others a text goes at a decent one."""
ASKED_BACK = "a question asked by text"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A template filled for a request, and what sending it takes."""

    name: str
    label: Bilingual
    draft: Draft


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of an answer: the request, our text's id, and when it leaves if not at once."""

    request: Request
    message: MessageId
    leaves_at: datetime | None = None


class Answering:
    """Answers requests in writing. Agents take them by `callbacks.taking`, and have them in hand meanwhile."""

    def __init__(self, begin: Begin, read: Begin, tools: Tools) -> None:
        self._begin = begin
        self._read = read
        self._tools = tools

    async def conversation(self, request_id: RequestId) -> tuple[Message, ...]:
        """Return all texts about a request, both ways, oldest first. Raises NotFound."""
        async with self._read() as unit:
            await _known(unit, request_id)
            found = {message.id: message for message in await unit.messages.of_request(request_id)}
            for contact in await unit.requests.contacts_of(request_id):
                found.update({message.id: message for message in await unit.messages.of_contact(contact)})
        return tuple(sorted(found.values(), key=lambda message: (message.created_at, message.id)))

    async def templates(self, request_id: RequestId) -> tuple[Suggestion, ...]:
        """Return the rule book's templates for the matter of a request, filled. Raises NotFound."""
        async with self._read() as unit:
            request = await _known(unit, request_id)
        found = []
        for template in self._tools.book().texts.templates:
            if not template.intents or request.intent in template.intents:
                text = filled(template.text, request, self._tools.title(request.intent)).to(request.language)
                found.append(Suggestion(template.name, template.label, self._draft(request, text)))
        return tuple(found)

    async def preview(self, request_id: RequestId, text: str) -> Draft:
        """Measure what would be sent: typography made plain, parts, cost. Raises NotFound, BadInput."""
        async with self._read() as unit:
            request = await _known(unit, request_id)
        return self._draft(request, text)

    async def answer(
        self, agent_id: AgentId, request_id: RequestId, text: str, *, key: str, closes: bool = True
    ) -> Sent:
        """Send an agent's text about the request that they have in hand; `key` makes sending it twice harmless.

        One that `closes` answers it: the request is done. Else it asks the citizen something: the request waits for
        their reply, for REPLY_AWAITED at most, and stands at its place then. Raises BadInput for what is no text,
        NotFound, and Conflict where the agent does not have the request in hand or the person cannot be written to.
        """
        now = self._tools.clock.now()
        async with self._begin() as unit:
            request = await _known(unit, request_id)
            known = await unit.messages.by_key(_key(request, key))
            if known is not None:
                return Sent(request, known.id)
            request = await own(unit, request_id, agent_id)
            number = await _reachable(unit, request)
            later = await self._leaves_at(unit, request, number, now)
            to = self._to(request, number)
            await compose(unit, to, self._draft(request, text).text, _key(request, key), now, not_before=later)
            sent = await unit.messages.by_key(_key(request, key))
            if closes:
                request = await finish(unit, request_id, agent_id, ANSWERED, now)
            else:
                request = await self._asked_back(unit, agent_id, request, now)
        if sent is None:
            raise Conflict("the text could not be kept; try again")
        log.info("answered in writing", request=request.id, agent=agent_id, closes=closes, parts=sent.parts)
        return Sent(request, sent.id, later)

    async def _asked_back(self, unit: Unit, agent_id: AgentId, request: Request, now: datetime) -> Request:
        """Let the request wait for the citizen's answer."""
        if promised(request) is not None:
            raise Conflict("this person was promised a call at a time of theirs: answer them, or give the request back")
        waiting = await let_go_in_hand(unit, request, Cause(agent_id, now, ASKED_BACK), Presence.AVAILABLE)
        asked = waiting.evolve(kind=RequestKind.TEXT, not_before=now + REPLY_AWAITED, put_off_until=None, asked_at=now)
        if not await unit.requests.change(waiting, asked):
            raise Conflict("the request has changed meanwhile; try again")
        return asked

    async def _leaves_at(self, unit: Unit, request: Request, number: PhoneNumber, now: datetime) -> datetime | None:
        """Return when a text may leave: at once where it answers what has just been written."""
        last = await unit.messages.last_from(number, request.line)
        if last is not None and now - last.created_at < AT_ONCE:
            return None
        return quiet_until(self._tools.book(), number, now)

    def _to(self, request: Request, number: PhoneNumber) -> Addressee:
        return Addressee(number, request.line, request.language, request.contact, request.id, self._tools.book().texts)

    def _draft(self, request: Request, text: str) -> Draft:
        texts = self._tools.book().texts
        return draft(text, texts.price_to(request.number.e164) if request.number else texts.price)


def filled(template: Bilingual, request: Request, title: Bilingual) -> Bilingual:
    """Fill a template for a request."""
    line = replies.written_number(request.line)

    def fill(text: str, language: Language) -> str:
        blanks = {"reference": request.reference, "demande": title.to(language), "matter": title.to(language)}
        for name, value in {**blanks, "ligne": line, "line": line}.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    return Bilingual(fill(template.fr, Language.FR), fill(template.en, Language.EN))


async def _known(unit: Unit, request_id: RequestId) -> Request:
    request = await unit.requests.get(request_id)
    if request is None:
        raise NotFound("there is no such request")
    return request


async def _reachable(unit: Unit, request: Request) -> PhoneNumber:
    """Return the number to write to. Raises Conflict, with the reason, where nobody can be written to."""
    number = request.number
    if number is None or not number.can_receive_texts:
        raise Conflict("this person has no number that takes texts: call them, or give the request back")
    if not await is_welcome(unit, number, request.line):
        raise Conflict("this person has asked for no texts (STOP): call them, or give the request back")
    return number


def _key(request: Request, key: str) -> str:
    if not key or len(key) > 64:
        raise BadInput("an answer needs a key of 1 to 64 characters, the same when it is sent again")
    return f"{BY_AGENT}{request.id}:{key}"
