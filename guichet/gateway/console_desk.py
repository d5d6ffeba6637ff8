"""The agents' desk, composed."""

from collections.abc import Iterator

from aiohttp import web

from guichet.console.case import Cases
from guichet.console.case_talk import CaseTalk
from guichet.console.case_web import CasePages
from guichet.console.case_work import CaseWork
from guichet.console.desk import Desks
from guichet.console.desk_web import DeskPages
from guichet.console.listening_web import ListeningPages
from guichet.console.live import Streams
from guichet.console.looking import Looking
from guichet.console.lookout import Lookout
from guichet.console.pages import Pages
from guichet.gateway.services import Services


def streams_of(services: Services) -> Streams:
    """Return what pages follow by: one look a second for all of them."""
    return Streams(Lookout(Looking(services.database.read, services.rules.book, services.clock)))


def desk_routes(services: Services, pages: Pages, streams: Streams) -> Iterator[web.RouteDef]:
    """Return the routes of the desk and of its cases."""
    database, clock, book = services.database, services.clock, services.rules.book
    presences = services.presences
    work = CaseWork(database.begin, services.offering, services.answering, presences, book, clock)
    talk = CaseTalk(database.begin, services.passing_on, services.incivilities, book, clock)
    desks = Desks(database.read, book, clock)
    cases = Cases(database.read, database.begin, services.intents.title, clock)
    yield from DeskPages(desks, work, presences, pages, streams, services.intents.title).routes()
    yield from CasePages(cases, work, talk, services.answering, pages, streams).routes()
    yield from ListeningPages(database.begin, services.settings.data_dir / "recordings", clock).routes()
