"""The pages of a replay: started from the draft, followed while it runs, read when it is done."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from markupsafe import Markup

from guichet.console.charts import Series, bars
from guichet.console.following import follow
from guichet.console.pages import Pages, back_to
from guichet.console.rule_draft import Run, State
from guichet.console.rule_replays import Replays
from guichet.console.visit import Visit, visit_of
from guichet.console.wording import Wording, wording
from guichet.core.errors import BadInput
from guichet.routing.document import FlawedDocument

_SIDES = ("before", "after")


class ReplayPages:
    """Translates."""

    def __init__(self, replays: Replays, pages: Pages) -> None:
        self._replays = replays
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.post("/rules/replays", self._start),
            web.get("/rules/replays/{replay}", self._show),
            web.get("/rules/replays/{replay}/live", self._live),
        ]

    async def _start(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        days = visit.given("days", 6)
        if not days.isdecimal():
            raise BadInput("the days of a replay are a number")
        try:
            run = await self._replays.start(visit.who, int(days))
        except FlawedDocument:
            return back_to("/rules/draft", "draft_flawed")
        return back_to(f"/rules/replays/{run.id}")

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        run = await self._replays.find(visit.who, request.match_info["replay"])
        values = await self._values(visit, run)
        return self._pages.page(visit, "rule_replay.html", **values)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        latest = await self._replays.find(visit.who, request.match_info["replay"])

        async def render() -> str:
            nonlocal latest
            latest = await self._replays.find(visit.who, latest.id)
            return self._pages.text(visit, "rule_replay_state.html", **await self._values(visit, latest))

        return await follow(request, render, lambda: latest.state is not State.RUNNING)

    async def _values(self, visit: Visit, run: Run) -> dict[str, Any]:
        values: dict[str, Any] = {"run": run, "result": run.result, "waits": [], "kept": None, "waited": None}
        if run.result is None:
            return {**values, "heard": {}}
        words = wording(visit.language)
        names = [words("replay.all"), *_names(run.result)]
        waits = _rows(run.result)
        seen = [example["contact"] for change in run.result["changes"] for example in change["examples"]]
        values["heard"] = await self._replays.heard(seen)
        values["waits"] = list(zip(names, waits, strict=True))
        values["waited"] = _chart(words, "mean_wait", names, waits, "{:.1f} min")
        values["kept"] = _chart(words, "target_kept", names, waits, "{:.0%}")
        return values


def _names(result: Mapping[str, Any]) -> Sequence[str]:
    return sorted({*result["before"]["queues"], *result["after"]["queues"]})


def _rows(result: Mapping[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return both sides of everything together, then of each queue; a queue that a side has not is empty there."""
    rows = [(result["before"]["total"], result["after"]["total"])]
    rows += [
        (result["before"]["queues"].get(name, {}), result["after"]["queues"].get(name, {})) for name in _names(result)
    ]
    return rows


def _chart(
    words: Wording, figure: str, names: Sequence[str], rows: Sequence[tuple[dict[str, Any], dict[str, Any]]], form: str
) -> Markup:
    """Return bars of a figure, before and after."""
    values = [[row[side].get(figure) if row[side].get("cases") else None for row in rows] for side in range(2)]
    series = [Series(words(f"replay.{side}"), one) for side, one in zip(_SIDES, values, strict=True)]
    written = [["–" if value is None else form.format(value) for value in one] for one in values]
    return bars(words(f"replay.chart.{figure}"), names, series, written)
