"""The pages where a draft of the rule book is written in a form, a part a page; the text stays its author's own."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from aiohttp import web

from guichet.console.pages import Pages, back_to, said_of
from guichet.console.rule_desk import Look, RuleDesk
from guichet.console.visit import Visit, visit_of
from guichet.core.errors import NotFound
from guichet.core.language import Bilingual
from guichet.routing.condition_in_words import condition_in_words
from guichet.routing.document import FlawedDocument
from guichet.routing.intent_book import IntentBook
from guichet.routing.rule_form import Form, with_flaws
from guichet.routing.rule_form_asks import Part
from guichet.routing.rule_form_filling import fill
from guichet.routing.rule_form_reader import form_of

_UNREADABLE = "rules.form.unreadable"


class RuleFormPages:
    """Translates. `intents` gives the intent book in force: its matters go to queues."""

    def __init__(self, desk: RuleDesk, intents: Callable[[], IntentBook], pages: Pages) -> None:
        self._desk = desk
        self._intents = intents
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/rules/form/{part}", self._show), web.post("/rules/form/{part}", self._save)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        return await self._page(visit_of(request), _part(request), said=said_of(request))

    async def _save(self, request: web.Request) -> web.StreamResponse:
        """Write what was changed into the draft; a draft that was changed elsewhere meanwhile is shown first."""
        visit, part = visit_of(request), _part(request)
        draft = await self._desk.draft(visit.who)
        if visit.given("digest") != _digest(draft.text):
            return await self._page(visit, part, 409, flaw="rules.form.moved", typed=visit.form)
        try:
            text = await asyncio.to_thread(fill, draft.text, part, visit.form)
        except FlawedDocument:
            return await self._page(visit, part, 400)
        await self._desk.save(visit.who, text)
        return back_to(f"/rules/form/{part.value}", "draft_saved")

    async def _page(
        self,
        visit: Visit,
        part: Part,
        status: int = 200,
        *,
        flaw: str = "",
        said: str = "",
        typed: Mapping[str, str] | None = None,
    ) -> web.StreamResponse:
        draft = await self._desk.draft(visit.who)
        look = await self._desk.look(draft.text)
        try:
            form = await asyncio.to_thread(self._form, draft.text, part, look)
        except FlawedDocument:
            form, flaw = Form(part, (), look.flaws), _UNREADABLE
        return self._pages.page(
            visit,
            "rule_form.html",
            status,
            parts=tuple(Part),
            form=_with_typed(form, typed or {}),
            look=look,
            hints=_conditions(look) if part is Part.RULES else {},
            digest=_digest(draft.text),
            flaw=flaw,
            said=said,
        )

    def _form(self, text: str, part: Part, look: Look) -> Form:
        titles = {intent.name: intent.title for intent in self._intents().intents}
        return with_flaws(text, form_of(text, part, titles), look.flaws, look.warnings)


def _part(request: web.Request) -> Part:
    """Return the part that a path names. Raises NotFound."""
    name = request.match_info["part"]
    if name not in set(Part):
        raise NotFound("the form has no such part")
    return Part(name)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _with_typed(form: Form, typed: Mapping[str, str]) -> Form:
    """Return a form with what somebody has typed: nothing of it is lost."""
    if not typed:
        return form
    groups = (
        replace(group, fields=tuple(replace(one, value=typed.get(one.name, one.value)) for one in group.fields))
        for group in form.groups
    )
    return replace(form, groups=tuple(groups))


def _conditions(look: Look) -> dict[str, Bilingual]:
    """Return in words when each rule applies, by the key of its group."""
    rules = look.book.rules if look.book else ()
    return {f"rules.{number}": condition_in_words(rule.condition) for number, rule in enumerate(rules)}
