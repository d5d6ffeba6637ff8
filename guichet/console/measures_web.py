"""The pages of measures: by line, queue, matter, channel, hour or day; over time; as CSV; ready to be published."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from aiohttp import hdrs, web
from markupsafe import Markup

from guichet.console.audit import Entry
from guichet.console.charts import Series, lines
from guichet.console.figures import NOTHING, minutes, rate
from guichet.console.pages import Pages
from guichet.console.ports import BeginSignIn
from guichet.console.slices import FIGURES, MOST_DAYS, Figure, Measuring, figure_of
from guichet.console.visit import Visit, visit_of
from guichet.console.wording import Wording, wording
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.language import Bilingual
from guichet.routing.measures import By, Key, Measures, Period, Report
from guichet.routing.measures_in_words import report_as_csv
from guichet.routing.rule_book import RuleBook

_USUAL = timedelta(days=29)
_MICROSECONDS_OF_A_MINUTE = 60_000_000


class MeasuresPages:
    """Translates. `book` names lines and queues, `title` matters; exports are noted in the trail."""

    def __init__(
        self,
        measuring: Measuring,
        begin: BeginSignIn,
        book: Callable[[], RuleBook],
        title: Callable[[str], Bilingual],
        pages: Pages,
        clock: Clock,
    ) -> None:
        self._measuring = measuring
        self._begin = begin
        self._book = book
        self._title = title
        self._pages = pages
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Return the routes."""
        return [
            web.get("/measures", self._show),
            web.get("/measures/csv", self._csv),
            web.get("/measures/publication", self._publication),
        ]

    async def _show(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        figure = figure_of(request.query.get("figure", "answer_rate"))
        report, over_time = await self._measuring.look(*self._asked(request), figure, self._clock.now())
        words = wording(visit.language)
        written = partial(_written, words("point"))
        names = [self._pages.day(visit, one.first) for one in over_time.slices]
        rows = [(words("measures.all"), over_time.all)]
        rows += [(self._name(words, report.by, key), values) for key, values in over_time.groups.items()]
        return self._pages.page(
            visit,
            "measures.html",
            report=report,
            rows=[(self._name(words, report.by, key), one) for key, one in report.rows.items()],
            bys=tuple(By),
            figure=figure,
            figures=FIGURES,
            written=written,
            unit=words(f"measures.unit.{figure.kind}"),
            rate=partial(rate, point=words("point")),
            chart=_chart(words, figure, names, rows),
            over_time=[(name, [written(figure, value) for value in values]) for name, values in rows],
            slices=names,
            query=request.query_string,
        )

    async def _csv(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        report = await self._report(request)
        period = f"{report.period.first}_{report.period.last}"
        await self._note(visit, f"measures:{report.by.value}", {"period": period})
        name = f"guichet_{report.by.value}_{period}.csv"
        headers = {hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"'}
        return web.Response(text=report_as_csv(report), content_type="text/csv", charset="utf-8", headers=headers)

    async def _publication(self, request: web.Request) -> web.StreamResponse:
        visit = visit_of(request)
        report = await self._report(request)
        await self._note(visit, "measures:publication", {"period": f"{report.period.first}_{report.period.last}"})
        point = wording(visit.language)("point")
        told = {key: report.channels.get(key, Measures()) for key in ("voice", "sms")}
        return self._pages.page(
            visit,
            "measures_publication.html",
            report=report,
            channels=told,
            rate=partial(rate, point=point),
            minutes=minutes,
        )

    async def _note(self, visit: Visit, subject: str, detail: dict[str, Any]) -> None:
        async with self._begin() as unit:
            await unit.audit.note(Entry(self._clock.now(), visit.who.actor, "measures.exported", subject, detail))

    async def _report(self, request: web.Request) -> Report:
        period, by = self._asked(request)
        return await self._measuring.report(period, by, self._clock.now())

    def _asked(self, request: web.Request) -> tuple[Period, By]:
        """Read the form. Raises BadInput."""
        now = self._clock.now()
        zone = self._book().calendar.zone
        last = _day(request.query.get("to", "")) or now.astimezone(zone).date()
        first = _day(request.query.get("from", "")) or last - _USUAL
        if not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
            raise BadInput("the first day comes before the last, three years before at most")
        by = request.query.get("by", By.QUEUE.value)
        if by not in set(By):
            raise BadInput(f"measures are by {', '.join(By)}")
        return Period(first, last, zone), By(by)

    def _name(self, words: Wording, by: By, key: Key) -> str:
        """Return the name of a group as people know it."""
        if isinstance(key, date):
            return key.isoformat()
        if isinstance(key, int):
            return f"{key:02}–{key + 1:02} h"
        return self._named(words, by, key) if key else words("measures.none")

    def _named(self, words: Wording, by: By, key: str) -> str:
        """Return the name of a line, queue, matter or channel; one that has left its book keeps its key."""
        book = self._book()
        match by:
            case By.LINE:
                return next((line.name for line in book.lines if line.number.e164 == key), key)
            case By.QUEUE if key in book.queues:
                return book.queues[key].label.to(words.language)
            case By.MATTER:
                return self._title(key).to(words.language)
            case _:
                return words.known(f"channel.{key}", key)


def _day(text: str) -> date | None:
    """Read a day. Raises BadInput."""
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput("a day is written as 2026-03-31") from None
    if found is not None and not 1971 <= found.year <= 9000:
        raise BadInput("a day is of a year from 1971 on")
    return found


def _written(point: str, figure: Figure, value: float | None) -> str:
    """Write a value of a figure."""
    if value is None:
        return NOTHING
    return rate(value, point) if figure.kind == "rate" else minutes(value) if figure.kind == "wait" else f"{value:.0f}"


def _chart(
    words: Wording, figure: Figure, names: Sequence[str], rows: Sequence[tuple[str, Sequence[float | None]]]
) -> Markup:
    """Return the chart: rates in per cent, waits in minutes."""
    scale = {"rate": 100.0, "wait": 1 / _MICROSECONDS_OF_A_MINUTE, "count": 1.0}[figure.kind]
    series = [Series(name, [None if one is None else one * scale for one in values]) for name, values in rows]
    unit = words(f"measures.unit.{figure.kind}")
    return lines(f"{words(f'measure.{figure.name}')}{unit}", names, series, words("point"))
