"""What a gateway looks at: without the required it is not ready; what is missed is told, and done without."""

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.gateway.health import Check
from guichet.gateway.relay import RqHand
from guichet.gateway.services import Services

SPEECH = "speech"


def indispensable(services: Services, hand: RqHand | None) -> dict[str, Check]:
    """Return the checks without which the gateway does not start."""

    async def queue() -> None:
        if hand is not None:
            await hand.check()

    return {"database": services.database.check, "redis": queue}


def required(services: Services, hand: RqHand | None, role: str = "all") -> dict[str, Check]:
    """Return the checks without which the gateway is not ready: media nodes need a recogniser too."""

    async def speech() -> None:
        if not any(services.recogniser.speaks(language) for language in services.settings.languages):
            raise Unavailable("there is no speech model at all: callers use the keys; run `guichet models install fr`")
        if services.engine is not None and not services.engine.is_up:
            raise Unavailable("the recogniser process is down (it is being started again): callers use the keys")

    checks = indispensable(services, hand)
    return {**checks, SPEECH: speech} if role != "web" else checks


def watched(services: Services) -> dict[str, Check]:
    """Return the checks that are told: without a model, a language is served by keys."""

    def model(language: Language) -> Check:
        async def check() -> None:
            if not services.recogniser.speaks(language):
                raise Unavailable(
                    f"no speech model for '{language}': callers use the keys; run `guichet models install {language}`"
                )

        return check

    return {f"model {language}": model(language) for language in services.settings.languages}
