"""The forms of named drafts: what is written is kept under a name, taken up again, deleted."""

from aiohttp import web

from guichet.console.pages import back_to
from guichet.console.rule_desk import RuleDesk
from guichet.console.rules_web import text_of
from guichet.console.shelf_desk import ShelfDesk
from guichet.console.visit import visit_of
from guichet.core.errors import BadInput, Conflict
from guichet.routing.draft_shelf import LONGEST_NAME, LONGEST_NOTE


class ShelfForms:
    """Translates; the draft's page shows the shelf and tells what was done."""

    def __init__(self, shelf: ShelfDesk, desk: RuleDesk) -> None:
        self._shelf = shelf
        self._desk = desk

    def routes(self) -> list[web.RouteDef]:
        """Return the route."""
        return [web.post("/rules/drafts", self._do)]

    async def _do(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        name = visit.given("name", LONGEST_NAME + 1)
        try:
            match visit.given("do"):
                case "keep":
                    if "text" in visit.form:
                        await self._desk.save(visit.who, text_of(visit))
                    await self._shelf.keep(visit.who, name, visit.given("note", LONGEST_NOTE))
                    said = "draft_kept"
                case "take":
                    await self._shelf.take_up(visit.who, name, over=bool(visit.given("over")))
                    said = "draft_taken"
                case "delete":
                    await self._shelf.delete(visit.who, name)
                    said = "draft_deleted"
                case _:
                    raise BadInput("a draft is kept, taken up or deleted")
        except Conflict:
            is_keeping = visit.given("do") == "keep"
            return back_to("/rules/draft", "draft_name_taken" if is_keeping else "draft_unkept")
        return back_to("/rules/draft", said)
