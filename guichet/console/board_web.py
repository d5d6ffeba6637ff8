"""The page of the live board: a snapshot, and a stream that renews it within two seconds."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from aiohttp import web

from guichet.console.board import HOURS, Board, Boards
from guichet.console.charts import Series, lines
from guichet.console.figures import minutes, rate
from guichet.console.following import follow
from guichet.console.pages import Pages
from guichet.console.visit import Visit, visit_of
from guichet.console.wording import wording
from guichet.routing.rule_book import RuleBook


class BoardPages:
    """Translates. `book` names the queues."""

    def __init__(self, boards: Boards, book: Callable[[], RuleBook], pages: Pages) -> None:
        self._boards = boards
        self._book = book
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [web.get("/board", self._show), web.get("/board/live", self._live)]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        return self._pages.page(visit, "board.html", **self._values(visit, await self._boards.now()))

    async def _live(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)

        async def render() -> str:
            return self._pages.text(visit, "board_state.html", **self._values(visit, await self._boards.now()))

        return await follow(request, render)

    def _values(self, visit: Visit, board: Board) -> dict[str, Any]:
        words = wording(visit.language)
        hours = [f"{at} h" for at in range(HOURS)]
        usual, today = board.figures.usual, board.figures.hours
        series = [Series(words("board.usual"), usual), Series(words("board.today"), _ended(today))]
        labels = {name: queue.label.to(visit.language) for name, queue in self._book().queues.items()}
        return {
            "board": board,
            "labels": labels,
            "chart": lines(words("board.chart"), hours, series, words("point")),
            "hours": list(zip(hours, today, usual, strict=True)),
            "rate": partial(rate, point=words("point")),
            "minutes": minutes,
        }


def _ended(hours: Sequence[int | None]) -> list[int | None]:
    """Return the hours that are over: what is left of this one would look like a fall."""
    seen = sum(one is not None for one in hours)
    return [one if at + 1 < seen else None for at, one in enumerate(hours)]
