"""Pages: templates with the words, colours and rights of a visit. Templates are read once; everything is escaped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any

from aiohttp import hdrs, web
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from guichet.console.appearance import Appearance
from guichet.console.assets import Assets, logo_name
from guichet.console.moments import Moments
from guichet.console.permissions import ROOT
from guichet.console.visit import Visit
from guichet.console.wording import wording
from guichet.core.clock import Clock


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the menu: its path, and the key of its name. Who may not use it does not see it."""

    path: str
    key: str
    shortcut: str


class Pages:
    """Renders templates. `zone` gives the counter's time zone; `menu` what stands at the head of every page."""

    def __init__(
        self,
        assets: Assets,
        appearance: Appearance,
        clock: Clock,
        zone: Callable[[], tzinfo],
        menu: Sequence[Place] = (),
    ) -> None:
        self.assets = assets
        self._clock = clock
        self._zone = zone
        self._environment = Environment(
            loader=PackageLoader("guichet.console"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            root=ROOT,
            title=appearance.title,
            asset=assets.url,
            logo=assets.url(logo_name(appearance)),
            menu=tuple(menu),
        )

    @property
    def zone(self) -> tzinfo:
        """The counter's time zone."""
        return self._zone()

    def day(self, visit: Visit, day: date) -> str:
        """Write a day for a visitor."""
        return Moments(wording(visit.language), self._zone(), self._clock.now()).day(day)

    def page(self, visit: Visit, template: str, status: int = 200, **values: Any) -> web.Response:
        """Return a page."""
        return web.Response(text=self.text(visit, template, **values), content_type="text/html", status=status)

    def text(self, visit: Visit, template: str, **values: Any) -> str:
        """Return what a template says to a visitor."""
        words = wording(visit.language)
        now = self._clock.now()
        moments = Moments(words, self._zone(), now)
        return self._environment.get_template(template).render(
            visit=visit,
            t=words,
            n=words.count,
            moments=moments,
            now=now,
            form_token=_hidden(visit),
            said=words.known(f"said.{values.pop('said', '')}"),
            **values,
        )


def said_of(request: web.Request) -> str:
    """Return what the page before wants to be told: the key of a sentence, under `said.`."""
    return request.query.get("said", "")


def see(target: str) -> web.Response:
    """Send the browser on to a page."""
    return web.Response(status=303, headers={hdrs.LOCATION: target})


def back_to(path: str, said: str = "") -> web.Response:
    """Return the answer to a form: the browser goes on to a page, which tells what was done."""
    return see(f"{ROOT}{path}{f'?said={said}' if said else ''}")


def _hidden(visit: Visit) -> Markup:
    return Markup('<input type="hidden" name="form" value="{}">').format(visit.form_token)
