"""The carrier's side of a run: the simulated carrier, whose webhooks pass the plan's steps."""

from collections import Counter
from collections.abc import Callable
from random import Random

import aiohttp

from guichet.carrier.simulator.leg import Ended
from guichet.carrier.simulator.log import Event
from guichet.carrier.simulator.mischief import Delay, Drop, Mischief, Repeat, TimeOut, Trouble
from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.signing import Scheme, headers
from guichet.carrier.simulator.simulator import Limits, Simulator, SimulatorSettings
from guichet.core.clock import Clock
from tests.faults.patience import SECONDS
from tests.faults.plan import Fault, Plan, Step
from tests.faults.process import Letterbox
from tests.journeys.world import ACCOUNT, PUBLIC, TOKEN

LATE_SECONDS = 0.03
"""Real: the webhooks after it are quicker."""
_TROUBLES: dict[Fault, Trouble] = {
    Fault.REPEATED: Repeat(2),
    Fault.UNANSWERED: TimeOut(),
    Fault.LATE: Delay(LATE_SECONDS),
    Fault.REORDERED: Delay(2 * LATE_SECONDS),
    Fault.DROPPED: Drop(),
    Fault.CARRIER_KILLED: Drop(),
}
_OF_THE_LOG = {"status", "twiml"}


class PlannedMischief(Mischief):
    """Lets each webhook pass a step of the plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._plan = plan
        self.is_cut = False
        """Whether the carrier is down: nothing that it has to tell is told."""
        self.strays = 0
        self.kill_gateway: Callable[[], None] = lambda: None
        self.cut_calls: Callable[[], None] = lambda: None
        self._stalling: Counter[str] = Counter()
        """The paths of webhooks under way on which the gateway is to stand still."""
        self._again: set[str] = set()

    def webhook(self, path: str) -> Trouble | None:
        """Return what goes wrong with a webhook to that path."""
        if self.is_cut:
            return Drop()
        if path in self._again:  # the second try of a dropped one
            self._again.discard(path)
            return Drop()
        route = path.partition("?")[0]
        is_callback = route.endswith("/status")
        fault = self._plan.at(Step.CALLBACK if is_callback else Step.WEBHOOK, route)
        if fault is Fault.DROPPED and not is_callback:
            self._again.add(path)
        if fault is Fault.GATEWAY_STALLED:
            self._stalling[path] += 1
        elif fault is not None:
            self._act_out(fault)
        return _TROUBLES.get(fault) if fault else None

    def is_to_stall(self, path: str) -> bool:
        """Whether the gateway is to stand still on a webhook that has come in; asked once for each."""
        is_one = self._stalling[path] > 0
        self._stalling[path] -= is_one
        return is_one

    def _act_out(self, fault: Fault) -> None:
        """Do what is more than trouble for this webhook."""
        if fault is Fault.STRAY:
            self.strays += 1
        elif fault is Fault.KILLED:
            self.kill_gateway()
        elif fault is Fault.CARRIER_KILLED:
            self.is_cut = True
            self.cut_calls()


class PlannedCarrier:
    """The simulated carrier."""

    def __init__(self, plan: Plan, gateway: str, clock: Clock) -> None:
        self.mischief = PlannedMischief(plan)
        self.mischief.cut_calls = self._cut_calls
        self.letterbox = Letterbox()
        self.simulator = Simulator(
            SimulatorSettings(
                account_sid=ACCOUNT,
                auth_token=TOKEN,
                gateway_url=gateway,
                public_url=PUBLIC,
                pace=Pace.instant(),
                limits=Limits(webhook_seconds=20.0, hold_seconds=600.0, reading_seconds=SECONDS),
                clock=clock,
            )
        )
        self.simulator.mischief = self.mischief
        self._gateway = gateway
        self._random = Random(plan.seed)

    def _cut_calls(self) -> None:
        """End every call, as when the carrier itself goes down."""
        for leg in list(self.simulator._switch._legs.values()):
            leg.interrupt(Ended("the carrier's fall"))

    async def send_strays(self, http: aiohttp.ClientSession) -> None:
        """Send copies of webhooks of the past, drawn from all."""
        while self.mischief.strays:
            self.mischief.strays -= 1
            past = self._webhooks()
            if past:
                await self._send_again(self._random.choice(past), http)

    async def send_all_again(self, http: aiohttp.ClientSession) -> None:
        """Send every webhook of the past once more."""
        for event in self._webhooks():
            await self._send_again(event, http)

    def _webhooks(self) -> list[Event]:
        logs = [*(call.log for call in self.simulator.calls), self.simulator.texting.log]
        return [event for log in logs for event in log.webhooks()]

    async def _send_again(self, event: Event, http: aiohttp.ClientSession) -> None:
        form = {name: value for name, value in event.details.items() if name not in _OF_THE_LOG}
        signed = headers(TOKEN, PUBLIC + event.what, form, Scheme.SHA1)
        try:
            async with http.post(self._gateway + event.what, data=form, headers=signed) as answer:
                await answer.read()
        except (TimeoutError, aiohttp.ClientError):
            return  # the gateway is down: so be it
