"""The web application of the gateway: every feature's routes, the last catch, figures."""

import time
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client import CollectorRegistry

from guichet.callbacks import web as callbacks_web
from guichet.carrier.form import decode_form
from guichet.carrier.verbs import Hangup, Say
from guichet.carrier.web import empty_response, verbs_response
from guichet.carrier.webhooks import incoming_message
from guichet.core.errors import BadInput, Conflict, GuichetError, NotFound, Unavailable
from guichet.core.language import Language
from guichet.gateway import health
from guichet.gateway.figures import Figures
from guichet.gateway.relay import RqHand
from guichet.gateway.services import Services
from guichet.ivr import script as said
from guichet.ivr import web as ivr_web
from guichet.ivr.stream import MediaStreams
from guichet.ivr.web import Voice
from guichet.sms import web as sms_web

TEXTS = "/sms/incoming"
SPEECH = "speech"
STATUS: dict[type[GuichetError], int] = {BadInput: 400, NotFound: 404, Conflict: 409, Unavailable: 503}

log = structlog.get_logger(__name__)


def application(services: Services, hand: RqHand | None, role: str = "all") -> web.Application:
    """Build the application of a role (`all`, `web` or `media`)."""
    figures = Figures(CollectorRegistry())
    app = web.Application(middlewares=[_last_catch(services, figures)], client_max_size=1 << 20)
    if role in {"all", "web"}:
        voice = Voice(services.calls, services.hold, services.check, services.site, services.scripts.fallback)
        app.add_routes(ivr_web.routes(voice))
        app.add_routes(callbacks_web.routes(services.ringing, services.calling, services.check, services.site))
        app.add_routes(sms_web.routes(services.texts, services.check))
    if role in {"all", "media"}:
        streams = MediaStreams(services.listening, services.check)
        app.add_routes(streams.routes())

        async def close_streams(_app: web.Application) -> None:
            await streams.close()

        app.on_shutdown.append(close_streams)

    async def refresh() -> None:
        async with services.database.read() as unit:
            figures.jobs(await unit.jobs.counts())
        figures.spooled(len(services.spool.waiting()))

    checks = health.Checks(required(services, hand, role), watched(services) if role != "web" else {})
    app.add_routes(health.routes(checks, figures.registry, refresh))
    return app


def required(services: Services, hand: RqHand | None, role: str = "all") -> dict[str, health.Check]:
    """Return the checks without which the gateway is not ready, and (but for speech) does not start."""

    async def database() -> None:
        await services.database.check()

    async def queue() -> None:
        if hand is not None:
            await hand.check()

    async def speech() -> None:
        if services.engine is not None and not services.engine.is_up:
            raise Unavailable("the recogniser process is down (it is being started again): callers use the keys")
        if not any(services.recogniser.speaks(language) for language in services.settings.languages):
            raise Unavailable("there is no speech model at all: callers use the keys; run `guichet models install fr`")

    checks: dict[str, health.Check] = {"database": database, "redis": queue}
    return {**checks, SPEECH: speech} if role != "web" else checks


def watched(services: Services) -> dict[str, health.Check]:
    """Return the checks that are told: without a model, a language is served by keys."""

    def model(language: Language) -> health.Check:
        async def check() -> None:
            if not services.recogniser.speaks(language):
                raise Unavailable(
                    f"no speech model for '{language}': callers use the keys; run `guichet models install {language}`"
                )

        return check

    return {f"model {language}": model(language) for language in services.settings.languages}


def _last_catch(services: Services, figures: Figures) -> Middleware:
    """Return the middleware that catches what no feature has: nobody is left in silence, no text is lost."""

    @web.middleware
    async def catch(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        route = _route(request)
        status = 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as answer:
            status = answer.status
            raise
        except Exception as error:
            log.exception("request_failed", route=route, error=type(error).__name__)
            response = await _answer(services, request, route, error)
            status = response.status
        finally:
            figures.request(route, status, time.perf_counter() - started)
        return response

    return catch


async def _answer(services: Services, request: web.Request, route: str, error: Exception) -> web.StreamResponse:
    """Answer a request that failed: an apology in a call, the spool for a text, a status for the rest."""
    if route.startswith("/voice/") and request.method == "POST":
        sorry = tuple(Say(said.APOLOGY.to(language), language) for language in services.settings.languages)
        return verbs_response((*sorry, Hangup()), services.site)
    if route == TEXTS and not isinstance(error, BadInput):
        services.spool.keep(dict(decode_form(await request.read())))
        return empty_response()
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500)
    return web.json_response(
        {"error": str(error) if isinstance(error, GuichetError) else "internal error"}, status=status
    )


async def replay_spool(services: Services) -> None:
    """Take spooled texts in, for ever."""

    async def take(form: Mapping[str, str]) -> None:
        await services.texts.receive(incoming_message(form))

    await services.spool.run(take)


def _route(request: web.Request) -> str:
    """Return the route's pattern: a path may hold a token."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"
