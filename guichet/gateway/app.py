"""The web application of the gateway: every feature's routes, the last catch, figures."""

import asyncio
import time
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from guichet.callbacks import web as callbacks_web
from guichet.callbacks.ringing import CONNECTED_PATH
from guichet.carrier.form import decode_form
from guichet.carrier.verbs import Hangup, Say
from guichet.carrier.web import empty_response, verbs_response
from guichet.carrier.webhooks import incoming_message
from guichet.console.api.web import problem_response
from guichet.core.errors import BadInput, Conflict, GuichetError, NotFound, Unavailable
from guichet.gateway import health
from guichet.gateway.api_services import PREFIX, api_routes
from guichet.gateway.checks import required, watched
from guichet.gateway.console_services import mount as mount_console
from guichet.gateway.privacy.tidy import tidy
from guichet.gateway.relay import RqHand
from guichet.gateway.services import Services
from guichet.ivr import script as said
from guichet.ivr import web as ivr_web
from guichet.ivr.stream import MediaStreams
from guichet.ivr.web import Voice
from guichet.sms import web as sms_web

TEXTS = "/sms/incoming"
FORGOTTEN_SECONDS = 600.0
"""Between two looks for calls whose end we were not told."""
TIDY_SECONDS = 86_400.0
"""Between two looks for what has been kept long enough."""
PATIENCE_SECONDS = 10.0
"""For a text: the carrier gives up after 15 s, and does not send it again."""
STATUS: dict[type[GuichetError], int] = {BadInput: 400, NotFound: 404, Conflict: 409, Unavailable: 503}

log = structlog.get_logger(__name__)


def application(services: Services, hand: RqHand | None, role: str = "all") -> web.Application:
    """Build the application of a role (`all`, `web` or `media`)."""
    figures = services.figures
    app = web.Application(middlewares=[_last_catch(services)], client_max_size=1 << 20)
    streams = MediaStreams(services.listening, services.check, duplex=services.duplex, ears=services.ears)
    if role in {"all", "web"}:
        voice = Voice(
            services.calls,
            services.hold,
            services.check,
            services.site,
            services.scripts.fallback,
            services.recordings,
            services.supervisors,
        )
        app.add_routes(ivr_web.routes(voice))
        app.add_routes(callbacks_web.routes(services.ringing, services.calling, services.check, services.site))
        app.add_routes(sms_web.routes(services.texts, services.check))
        app.add_routes(api_routes(services))
        mount_console(app, services)
    if role in {"all", "media"}:
        app.add_routes(streams.routes())

    async def refresh() -> None:
        figures.streams(streams.under_way)
        figures.spooled(len(services.spool.waiting()))
        if services.engine is not None:
            figures.recogniser(services.engine.load, is_up=services.engine.is_up)
        async with services.database.read() as unit:
            figures.jobs(await unit.jobs.counts())

    watch = health.Watch(health.Checks(required(services, hand, role), watched(services)))
    app.add_routes(health.routes(watch, figures.registry, refresh))

    async def close(_app: web.Application) -> None:
        await streams.close()
        await watch.close()

    app.on_shutdown.append(close)
    return app


def _last_catch(services: Services) -> Middleware:
    """Return the middleware that catches what no feature has: nobody is left in silence, no text is lost."""

    @web.middleware
    async def catch(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        route = _route(request)
        status = 500
        try:
            response = await (_in_time(handler, request) if route == TEXTS else handler(request))
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        except Exception as error:
            log.exception("request_failed", route=route, error=type(error).__name__)
            response = await _answer(services, request, route, error)
            status = response.status
        finally:
            services.figures.request(route, status, time.perf_counter() - started)
        return response

    return catch


async def _in_time(handler: Handler, request: web.Request) -> web.StreamResponse:
    """Answer, or raise TimeoutError."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await handler(request)


async def _answer(services: Services, request: web.Request, route: str, error: Exception) -> web.StreamResponse:
    """Answer a request that failed: an apology in a call, the spool for a text, a status for the rest."""
    if route == CONNECTED_PATH:
        # The two are connected whatever we answer, and hanging up is no verb there (13233).
        return empty_response()
    if route.startswith(PREFIX):
        return problem_response(error, request.headers.get("Accept-Language", ""))
    if route.startswith("/voice/") and request.method == "POST":
        sorry = tuple(Say(said.APOLOGY.to(language), language) for language in services.settings.languages)
        return verbs_response((*sorry, Hangup()), services.site)
    if route == TEXTS and not isinstance(error, BadInput):
        return await _spooled(services, request)
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return web.json_response(
        {"error": str(error) if isinstance(error, GuichetError) else "internal error"}, status=status
    )


async def _spooled(services: Services, request: web.Request) -> web.Response:
    """Keep a text on disk; with the disk full too, say so: a carrier with a fallback URL will use it."""
    form = dict(decode_form(await request.read()))
    try:
        await asyncio.to_thread(services.spool.keep, form)
    except OSError as error:
        log.exception("text_lost", message=form.get("MessageSid"), error=error.strerror)
        return web.json_response({"error": "neither the database nor the disk can keep this text"}, status=503)
    services.figures.text_spooled()
    log.warning("text_spooled", message=form.get("MessageSid"))
    return empty_response()


async def replay_spool(services: Services) -> None:
    """Take spooled texts in, for ever."""

    async def take(form: Mapping[str, str]) -> None:
        await services.texts.receive(incoming_message(form))

    await services.spool.run(take)


async def end_forgotten_calls(services: Services) -> None:
    """End the calls whose last webhooks were lost, for ever; a database that is away is asked again next time."""
    while True:
        try:
            await services.recordings.forget_expired()
            forgotten = await services.calls.end_forgotten()
            if forgotten:
                log.warning("calls_forgotten", calls=forgotten)
        except Unavailable as error:
            log.warning("calls_not_looked_after", reason=type(error).__name__)
        await asyncio.sleep(FORGOTTEN_SECONDS)


async def keep_tidy(services: Services) -> None:
    """Forget, once a day, what has been kept for as long as the rule book says; an away database is asked again."""
    while True:
        try:
            await tidy(services.database, services.rules.book().retention, services.clock.now())
        except Unavailable as error:
            log.warning("not_tidied", reason=type(error).__name__)
        await asyncio.sleep(TIDY_SECONDS)


def _route(request: web.Request) -> str:
    """Return the route's pattern: a path may hold a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
