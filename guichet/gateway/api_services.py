"""Composes the API: its tools out of the services, its routes out of the table of operations."""

from functools import partial

from aiohttp import web

from guichet.citizens.service import CitizenService
from guichet.console.api import web as api_web
from guichet.console.api.operations import all_operations
from guichet.console.api.ports import Tools
from guichet.console.hooks.addresses import Allowed
from guichet.gateway.privacy.erased_key import read_key
from guichet.gateway.services import Services

PREFIX = "/api"


def api_routes(services: Services) -> list[web.RouteDef]:
    """Return the routes below `/api/`."""
    tools = Tools(
        begin=services.database.begin,
        read=services.database.read,
        clock=services.clock,
        book=services.rules.book,
        intents=lambda: services.intents.book,
        title=services.intents.title,
        identify=CitizenService(services.database.read).identify,
        erased_key=partial(read_key, services.settings.data_dir),
        allowed=Allowed.parse(services.settings.hook_allow),
        a_minute=services.settings.api_rate,
    )
    return api_web.routes(tools, all_operations())
