"""The console as an application to be mounted under /console/: the door, and the routes that others bring."""

from collections.abc import Iterable

from aiohttp import web

from guichet.console.door import Door

LARGEST = 1 << 18
"""Bytes of a form: what people type."""


def application(door: Door, routes: Iterable[web.RouteDef]) -> web.Application:
    """Build the application. A route that has no line in `permissions.TABLE` is refused to everybody."""
    app = web.Application(middlewares=[door.middleware()], client_max_size=LARGEST)
    app.on_response_prepare.append(door.prepare)
    app.add_routes(routes)
    return app
