"""The page of a case, where it is worked to its end, and what is done there."""

from datetime import date
from typing import Any

from aiohttp import hdrs, web

from guichet.callbacks.flag import WORDS, Incivility
from guichet.callbacks.passing_on import ToAgent, ToQueue
from guichet.callbacks.taking import Taken
from guichet.console.answers import Measured
from guichet.console.case import SURE, Case, Cases
from guichet.console.case_talk import CaseTalk
from guichet.console.case_work import CaseWork, Conclusion
from guichet.console.live import Streams
from guichet.console.lookout import CaseOf
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.visit import Visit, visit_of
from guichet.console.wording import wording
from guichet.console.work import Outcome
from guichet.core.errors import BadInput, Conflict
from guichet.core.ids import AgentId, CitizenId, ContactId, RequestId, new_id
from guichet.sms.answering import Answering
from guichet.sms.drafting import LONGEST as LONGEST_TEXT

TYPED = ("note", "body", "template", "outcome", "next_step", "follow_up", "word")
"""The fields that are kept while somebody types."""
LONGEST = 4000


class CasePages:
    """Translates."""

    def __init__(
        self, cases: Cases, work: CaseWork, talk: CaseTalk, answering: Answering, pages: Pages, streams: Streams
    ) -> None:
        self._cases = cases
        self._work = work
        self._talk = talk
        self._pages = pages
        self._streams = streams
        self._answering = answering

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/cases/{request}", self._show),
            web.get("/cases/{request}/live", self._follow),
            web.post("/cases/{request}/take", self._take),
            web.post("/cases/{request}/release", self._give_back),
            web.post("/cases/{request}/call", self._call),
            web.post("/cases/{request}/draft", self._keep_draft),
            web.post("/cases/{request}/note", self._note),
            web.post("/cases/{request}/answer", self._answer),
            web.post("/cases/{request}/outcome", self._conclude),
            web.post("/cases/{request}/flag", self._flag),
            web.post("/cases/{request}/pass", self._pass_on),
            web.post("/cases/{request}/wrong-person", self._wrong_person),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        case = await self._cases.of(_id(request), visit.who)
        await self._cases.seen(case, visit.who)
        if case.is_in_my_hands:
            await self._work.keep(visit.who, case.request.id)
        body = case.draft.get("body", "")
        return self._pages.page(
            visit,
            "case.html",
            said=said_of(request),
            case=case,
            sure=SURE,
            answers=await self._answering.templates(case.request.id),
            body=body,
            measured=await self._measured(case.request.id, body),
            outcomes=tuple(Outcome),
            key=new_id("form"),
            **await self._around(case, visit),
        )

    async def _around(self, case: Case, visit: Visit) -> dict[str, Any]:
        """Return what the regions that follow show besides the case."""
        return {
            "incivilities": await self._talk.flags(case.request.id),
            "kinds": WORDS,
            "queues": self._talk.queues,
            "colleagues": await self._talk.colleagues(case.request, visit.who) if case.is_mine else (),
        }

    async def _follow(self, request: web.Request) -> web.StreamResponse:
        visit, request_id = visit_of(request), _id(request)
        await self._cases.of(request_id, visit.who)

        async def region() -> str:
            case = await self._cases.of(request_id, visit.who)
            return self._pages.text(visit, "case_live.html", case=case, sure=SURE, **await self._around(case, visit))

        return await self._streams.follow(request, CaseOf(request_id), region)

    async def _measured(self, request_id: RequestId, body: str) -> Measured:
        """Measure what is being written, as it would be sent."""
        return Measured(await self._answering.preview(request_id, body[:LONGEST_TEXT]) if body.strip() else None)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        taken = await self._work.take(visit_of(request).who, _id(request))
        return _back(request, "not_taken" if isinstance(taken, Taken) else "taken")

    async def _give_back(self, request: web.Request) -> web.StreamResponse:
        await self._work.give_back(visit_of(request).who, _id(request))
        return back_to("/desk", "given_back")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        await self._work.call(visit_of(request).who, _id(request))
        return _back(request, "called")

    async def _keep_draft(self, request: web.Request) -> web.StreamResponse:
        """Keep what is typed; tell scripts what the text would take."""
        visit = visit_of(request)
        await self._work.keep_draft(visit.who, _id(request), _typed(visit))
        if "json" not in request.headers.get(hdrs.ACCEPT, ""):
            return _back(request, "draft")
        words = wording(visit.language)
        told = {"saved": words("case.saved")}
        if "body" in visit.form:
            measured = await self._measured(_id(request), visit.form["body"])
            told |= {"count": measured.in_words(words), "dear": measured.dear_in_words(words)}
        return web.json_response(told)

    async def _note(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        await self._work.note(visit.who, _id(request), visit.form.get("note", ""))
        return _back(request, "noted")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        """Send the text; or begin it from a template, or only count it: what works without scripts."""
        visit, request_id, do = visit_of(request), _id(request), visit_of(request).given("do")
        if do in {"template", "count"}:
            typed = _typed(visit)
            if do == "template":
                typed["body"] = await self._filled(visit, request_id)
            await self._work.keep_draft(visit.who, request_id, typed)
            return _back(request, "draft", "#answer")
        closes = do != "ask"
        await self._work.answer(
            visit.who, request_id, visit.form.get("body", ""), visit.given("key", 64), closes=closes
        )
        return back_to("/desk", "answered" if closes else "asked")

    async def _filled(self, visit: Visit, request_id: RequestId) -> str:
        """Return the text of the template that was chosen; without one, what was written."""
        chosen = visit.given("template")
        found = [one.draft.text for one in await self._answering.templates(request_id) if one.name == chosen]
        return found[0] if found else visit.form.get("body", "")

    async def _conclude(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        outcome, day = visit.given("outcome"), visit.given("follow_up")
        if outcome not in set(Outcome):
            raise BadInput("choose how the case ends")
        conclusion = Conclusion(Outcome(outcome), visit.given("next_step"), _day(day) if day else None)
        await self._work.keep_draft(visit.who, _id(request), _typed(visit))
        await self._work.conclude(visit.who, _id(request), conclusion)
        return back_to("/desk", "concluded")

    async def _flag(self, request: web.Request) -> web.StreamResponse:
        """Call a supervisor, flag incivility, or end a call for it."""
        visit, request_id = visit_of(request), _id(request)
        kind, what = visit.given("kind"), visit.given("what") or Incivility.OTHER.value
        if kind not in {"help", "incivility", "end"} or what not in set(Incivility):
            raise BadInput("a flag is 'help', 'incivility' or 'end', for insults, threats, discrimination or other")
        match kind:
            case "help":
                await self._work.call_for_help(visit.who, request_id)
                return _back(request, "flag_help")
            case "incivility":
                await self._talk.flag(visit.who, request_id, Incivility(what))
                return _back(request, "flag_incivility")
            case _:
                await self._talk.end_call(visit.who, request_id, Incivility(what))
                return _back(request, "ended")

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        await self._work.keep_draft(visit.who, _id(request), _typed(visit))
        try:
            await self._talk.pass_on(visit.who, _id(request), _aim(visit.given("to")), visit.given("word", 300))
        except Conflict:
            return _back(request, "not_passed")
        await self._work.keep_draft(visit.who, _id(request), {"word": ""})
        return _back(request, "passed_on")

    async def _wrong_person(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        right = CitizenId(visit.given("right")) if visit.given("right") else None
        contact = ContactId(visit.given("contact"))
        goes_on = await self._work.wrong_person(visit.who, _id(request), contact, right)
        return back_to(f"/cases/{goes_on}", "undone")


def _id(request: web.Request) -> RequestId:
    return RequestId(request.match_info["request"])


def _back(request: web.Request, said: str, place: str = "") -> web.Response:
    response = back_to(f"/cases/{_id(request)}", said)
    response.headers[hdrs.LOCATION] += place
    return response


def _typed(visit: Visit) -> dict[str, str]:
    return {name: visit.form[name][:LONGEST] for name in TYPED if name in visit.form}


def _aim(text: str) -> ToQueue | ToAgent:
    """Read to whom a conversation is passed on: `queue:social`, `agent:agent_01…`."""
    kind, _, name = text.partition(":")
    match kind:
        case "queue":
            return ToQueue(name)
        case "agent":
            return ToAgent(AgentId(name))
        case _:
            raise BadInput("choose to whom the conversation is passed on: a queue, or a colleague")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("a day is written 2026-03-31") from None
