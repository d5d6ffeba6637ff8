"""The pages of the rule book: versions, the draft, publishing, going back."""

from datetime import datetime, tzinfo

from aiohttp import web

from guichet.console.pages import Pages, back_to, said_of
from guichet.console.rule_desk import Look, RuleDesk
from guichet.console.rule_draft import Draft
from guichet.console.rule_replays import Replays
from guichet.console.shelf_desk import ShelfDesk
from guichet.console.visit import Visit, visit_of
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.routing.document import FlawedDocument

LONGEST = 200_000
"""Letters of a book."""


class RulesPages:
    """Translates."""

    def __init__(self, desk: RuleDesk, shelf: ShelfDesk, replays: Replays, pages: Pages, clock: Clock) -> None:
        self._desk = desk
        self._shelf = shelf
        self._replays = replays
        self._pages = pages
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/rules", self._overview),
            web.get("/rules/versions/{number}", self._version),
            web.get("/rules/draft", self._draft),
            web.post("/rules/draft", self._save),
            web.post("/rules/publish", self._publish),
            web.post("/rules/rollback", self._rollback),
            web.post("/rules/withdraw", self._withdraw),
        ]

    async def _overview(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        versions = await self._desk.versions()
        return self._pages.page(visit, "rules.html", versions=versions, said=said_of(request), flaw="")

    async def _version(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        number = _number(request.match_info["number"])
        text = await self._desk.text(number)
        versions = await self._desk.versions()
        version = next(one for one in versions.all if one.number == number)
        return self._pages.page(
            visit,
            "rule_version.html",
            version=version,
            text=text,
            differences=await self._desk.changed_by(number),
            state=versions.state(version, self._clock.now()),
        )

    async def _draft(self, request: web.Request) -> web.StreamResponse:
        said = said_of(request)
        return await self._shown(visit_of(request), said=said, said_key=said)

    async def _save(self, request: web.Request) -> web.StreamResponse:
        """Keep the text, or begin again; scripts are told what is to be said of the text, others see the page."""
        visit = visit_of(request)
        match visit.given("do"):
            case "discard":
                await self._desk.discard(visit.who)
                return back_to("/rules/draft", "draft_discarded")
            case "rebase":
                await self._desk.rebase(visit.who)
                return back_to("/rules/draft")
            case "from":
                await self._desk.start_from(visit.who, _number(visit.given("number")))
                return back_to("/rules/draft", "draft_begun")
            case _:
                draft = await self._desk.save(visit.who, text_of(visit))
        if "application/json" in request.headers.get("Accept", ""):
            look = await self._desk.look(draft.text)
            html = self._pages.text(visit, "rule_look.html", look=look)
            return web.json_response({"look": html, "flaws": [flaw.line for flaw in look.flaws]})
        return back_to("/rules/draft", "draft_saved")

    async def _publish(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        if "text" in visit.form:
            await self._desk.save(visit.who, text_of(visit))
        note, when = visit.given("note"), visit.given("at", 40)
        if not note:
            return await self._shown(visit, 400, flaw="rules.publish.why")
        try:
            at = _moment(when, self._pages.zone)
        except ValueError:
            return await self._shown(visit, 400, flaw="rules.publish.no_moment", note=note)
        try:
            version = await self._desk.publish(visit.who, note, at)
        except FlawedDocument:
            return await self._shown(visit, 400, flaw="rules.publish.flawed", note=note, at=when)
        except BadInput as refused:
            return await self._shown(visit, 400, flaw="rules.publish.refused", told=str(refused), note=note, at=when)
        return back_to("/rules", "rules_coming" if version.in_force_at > self._clock.now() else "rules_published")

    async def _rollback(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        note, to = visit.given("note"), visit.given("number", 12)
        if not note:
            return await self._refused(visit, "rules.publish.why")
        try:
            await self._desk.rollback(visit.who, note, _number(to) if to else None)
        except BadInput as refused:
            return await self._refused(visit, "rules.rollback.refused", str(refused))
        return back_to("/rules", "rules_rolled_back")

    async def _withdraw(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        await self._desk.withdraw(visit.who, _number(visit.given("number", 12)))
        return back_to("/rules", "rules_withdrawn")

    async def _refused(self, visit: Visit, flaw: str, told: str = "") -> web.StreamResponse:
        versions = await self._desk.versions()
        return self._pages.page(visit, "rules.html", 400, versions=versions, flaw=flaw, told=told)

    async def _shown(self, visit: Visit, status: int = 200, **values: object) -> web.StreamResponse:
        """Show the draft with everything that is to be said of it."""
        draft = await self._desk.draft(visit.who)
        look: Look = await self._desk.look(draft.text)
        versions = await self._desk.versions()
        known = {"flaw": "", "told": "", "note": "", "at": "", "said": "", "said_key": ""}
        return self._pages.page(
            visit,
            "rule_draft.html",
            status,
            draft=draft,
            look=look,
            flawed={flaw.line for flaw in look.flaws},
            is_late=_is_late(draft, versions.current.number, versions.current.origin),
            current=versions.current,
            shelf=await self._shelf.all(),
            begun_with={versions.current.number, versions.current.origin},
            runs=await self._replays.latest(visit.who),
            **{**known, **values},
        )


def _is_late(draft: Draft, number: int, origin: int) -> bool:
    """Whether somebody has published since the draft was begun."""
    return draft.based_on not in {number, origin}


def text_of(visit: Visit) -> str:
    """Return the text of the form: browsers send lines that end with CR and LF. Raises BadInput for an endless one."""
    text = visit.form.get("text", "").replace("\r\n", "\n")
    if len(text) > LONGEST:
        raise BadInput(f"a rule book is of {LONGEST} letters at most")
    return text if text.endswith("\n") else f"{text}\n"


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise BadInput("a version is a number")
    return int(text)


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """Read what a field of date and time gives, by the counter's clock. Raises ValueError."""
    return datetime.fromisoformat(text).replace(tzinfo=zone) if text else None
