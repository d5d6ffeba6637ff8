"""The simulated carrier of the commands: the one that runs at the carrier's address, or one of our own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol
from urllib.parse import urlsplit

from guichet.carrier.simulator.control import call_lines, text_lines
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import Action
from guichet.carrier.simulator.remote import Lines, NobodyThere, connect
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from guichet.core.errors import BadInput, Unavailable
from guichet.gateway.settings import Settings

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
SIMULATOR_PORT = 8090


class Citizen(Protocol):
    """A simulator, here or elsewhere, whose answers are JSON lines."""

    def call(self, from_: str, to: str, actions: Sequence[Action]) -> Lines:
        """Place a call."""
        ...

    def text(self, message: tuple[str, str, str], wait: float) -> Lines:
        """Send a text (from, to, body) and watch for answers."""
        ...


class InProcess:
    """A simulator of our own, for the duration of the command."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def call(self, from_: str, to: str, actions: Sequence[Action]) -> Lines:
        """Place a call."""
        return call_lines(self._simulator, from_, to, actions)

    def text(self, message: tuple[str, str, str], wait: float) -> Lines:
        """Send a text."""
        return text_lines(self._simulator, message, wait)


def api_port(settings: Settings) -> int:
    """Return the port at which the gateway looks for its carrier on this machine."""
    parts = urlsplit(settings.twilio_api_url)
    return parts.port or SIMULATOR_PORT if parts.hostname in LOCAL_HOSTS else SIMULATOR_PORT


def carrier(settings: Settings, gateway: str, pace: Pace, port: int) -> Simulator:
    """Return a simulator for the account and address of the settings; raises BadInput without an account."""
    account, tokens = settings.twilio_account_sid, settings.twilio_auth_tokens
    if not account or not tokens:
        raise BadInput(
            "no carrier account; set GUICHET_TWILIO_ACCOUNT_SID and GUICHET_TWILIO_AUTH_TOKENS as for the gateway"
        )
    return Simulator(SimulatorSettings(account, tokens[0], gateway, settings.public_url, api_port=port, pace=pace))


@asynccontextmanager
async def listening(simulator: Simulator) -> AsyncIterator[Simulator]:
    """Open a simulator; raises Unavailable when its port is taken."""
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(simulator)
        except OSError as error:
            port = simulator.settings.api_port
            raise Unavailable(f"port {port} cannot be listened on ({error.strerror}); give another") from error
        yield simulator


@asynccontextmanager
async def citizen_of(settings: Settings, gateway: str, pace: Pace) -> AsyncIterator[Citizen]:
    """Find the running simulator that the gateway uses, or be one: at that same address if it is this machine's."""
    url, port = settings.twilio_api_url, 0
    own = carrier(settings, gateway, pace, port)
    if url:
        try:
            async with connect(url, settings.twilio_account_sid, settings.twilio_auth_tokens[0]) as remote:
                yield remote
                return
        except NobodyThere:
            if urlsplit(url).hostname not in LOCAL_HOSTS:
                raise
            own = carrier(settings, gateway, pace, api_port(settings))
    async with listening(own) as simulated:
        yield InProcess(simulated)
