"""The pages of teaching: an example, what it changes, its publication; the versions of the intent book."""

from collections.abc import Callable
from functools import partial

from aiohttp import web

from guichet.console.figures import rate
from guichet.console.pages import Pages, back_to, said_of
from guichet.console.training import Lesson, Training
from guichet.console.visit import Visit, visit_of
from guichet.console.wording import wording
from guichet.core.errors import BadInput, NotFound
from guichet.core.language import Bilingual, Language
from guichet.routing.intent_book import IntentBook

OUT_OF_SCOPE = "hors_sujet"


class TrainingPages:
    """Translates. `intents` gives the book in force, `title` names matters."""

    def __init__(
        self, training: Training, intents: Callable[[], IntentBook], title: Callable[[str], Bilingual], pages: Pages
    ) -> None:
        self._training = training
        self._intents = intents
        self._title = title
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/training", self._show),
            web.post("/training", self._try),
            web.post("/training/publish", self._publish),
            web.post("/training/rollback", self._rollback),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        typed = {name: request.query.get(name, "")[:400] for name in ("intent", "language", "example")}
        return await self._page(visit_of(request), typed=typed, said=said_of(request))

    async def _page(self, visit: Visit, status: int = 200, **values: object) -> web.Response:
        known = {"flaw": "", "told": "", "found": None, "based_on": 0, "typed": visit.form, "said": ""}
        return self._pages.page(
            visit,
            "training.html",
            status,
            intents=self._intents().intents,
            out_of_scope=OUT_OF_SCOPE,
            versions=await self._training.versions(),
            titled=self._title,
            rate=partial(rate, point=wording(visit.language)("point")),
            **{**known, **values},
        )

    async def _try(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        try:
            number, found = await self._training.tried(_lesson(visit))
        except (BadInput, NotFound) as refused:
            return await self._page(visit, 400, flaw="training.no", told=str(refused))
        return await self._page(visit, found=found, based_on=number)

    async def _publish(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        based_on = visit.given("based_on", 9)
        try:
            await self._training.teach(visit.who, _lesson(visit), int(based_on) if based_on.isdecimal() else 0)
        except (BadInput, NotFound) as refused:
            return await self._page(visit, 400, flaw="training.no", told=str(refused))
        return back_to("/training", "lesson_published")

    async def _rollback(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        try:
            await self._training.rollback(visit.who, visit.given("note"))
        except BadInput as refused:
            return await self._page(visit, 400, flaw="training.no", told=str(refused))
        return back_to("/training", "lesson_taken_back")


def _lesson(visit: Visit) -> Lesson:
    """Read the form. Raises BadInput."""
    intent, language = visit.given("intent", 64), visit.given("language", 2)
    if language not in set(Language) or not intent:
        raise BadInput("choose a matter and a language")
    return Lesson(None if intent == OUT_OF_SCOPE else intent, Language(language), visit.given("example", 400))
