"""The flows that faults are injected into, each as what people do while time passes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from guichet.carrier.simulator.parties import Answers, Busy, NoAnswer
from guichet.routing.agent import Presence
from tests.faults.people import PICKS_UP, Town
from tests.journeys.people import AHMED, BRUNO, CATHERINE, CLAIRE, KATHERINE, LUCAS, keys, person, says

Story = Callable[[Town], Awaitable[None]]


def wants_certificate(born: str) -> Callable[[], Answers]:
    """Ask for a birth certificate: they will be called back."""
    return lambda: person(
        ("Dites en une phrase", says("je voudrais un acte de naissance")), ("date de naissance", keys(born))
    )


def wants_agent() -> Answers:
    """Ask for an agent, and hold."""
    return person(("Dites en une phrase", says("un agent")))


async def rounds(town: Town, *seconds: float) -> None:
    """Let time pass in such steps."""
    for step in seconds:
        await town.plant.pass_time(timedelta(seconds=step))
        await town.quiet()
        await town.plant.settled()


async def called_back(town: Town) -> None:
    """Ask to be called back; a minute later an agent signs in."""
    town.rings(CATHERINE, wants_certificate("03031985"))
    await town.quiet()
    await rounds(town, 20, 40)
    await town.hire("claire", CLAIRE)
    await rounds(town, 3, 3, 20, 45, 60, 120)


async def held(town: Town) -> None:
    """Hold for an agent who is there, or will be."""
    town.rings(AHMED, wants_agent)
    await town.quiet()
    await town.hire("claire", CLAIRE)
    await rounds(town, 3, 3, 5, 20, 45, 60)


async def written(town: Town) -> None:
    """Write, and then ask to be called tomorrow."""
    town.writes(LUCAS, "je voudrais un acte de naissance")
    await rounds(town, 1, 30, 60)
    town.writes(LUCAS, "DEPLACER demain après 14h")
    await town.hire("claire", CLAIRE)
    await rounds(town, 1, 30, 90, 27 * 3600, 3600, 3, 60, 120)


async def warned(town: Town) -> None:
    """Wait for so long that a warning goes before the call."""
    town.rings(CATHERINE, wants_certificate("03031985"))
    await town.quiet()
    await rounds(town, 60, 11 * 60)
    await town.hire("claire", CLAIRE)
    await town.presence("claire", Presence.AVAILABLE, Presence.PAUSE)
    await rounds(town, 3)
    await town.presence("claire", Presence.PAUSE, Presence.WRAP_UP)
    await rounds(town, 3, 20, 95)
    await town.presence("claire", Presence.WRAP_UP, Presence.AVAILABLE)
    await rounds(town, 3, 45, 60)


async def missed(town: Town) -> None:
    """Be engaged when called, then not at home, and pick up at last."""
    town.rings(CATHERINE, wants_certificate("03031985"), Busy())
    await town.quiet()
    await rounds(town, 20, 40)
    await town.hire("claire", CLAIRE)
    await rounds(town, 3, 3, 45, 60)
    town.answers(CATHERINE, NoAnswer())
    await rounds(town, 6 * 60, 45, 60)
    town.answers(CATHERINE, PICKS_UP)
    await rounds(town, 35 * 60, 45, 60)


async def rang_in(town: Town) -> None:
    """Ring again at the very moment at which the callback is being prepared."""
    town.rings(CATHERINE, wants_certificate("03031985"))
    await town.quiet()
    await rounds(town, 20, 40)
    await town.hire("claire", CLAIRE)
    town.rings(CATHERINE, wants_certificate("03031985"))
    await rounds(town, 3, 3, 20, 45, 60)


async def cancelled(town: Town) -> None:
    """Cancel by text at the very moment at which the callback is being prepared."""
    town.rings(CATHERINE, wants_certificate("03031985"))
    await town.quiet()
    await rounds(town, 20, 40)
    await town.hire("claire", CLAIRE)
    town.writes(CATHERINE, "ANNULER")
    await rounds(town, 3, 3, 20, 45, 60)


async def busy(town: Town) -> None:
    """Have all of it at once, with two agents."""
    town.rings(CATHERINE, wants_certificate("03031985"))
    town.writes(LUCAS, "je voudrais un acte de naissance")
    await town.quiet()
    await rounds(town, 60)
    town.rings(KATHERINE, wants_certificate("27091979"))
    await town.quiet()
    await rounds(town, 60, 11 * 60)
    await town.hire("claire", CLAIRE)
    town.rings(AHMED, wants_agent)
    await town.quiet()
    await rounds(town, 3, 3, 20)
    await town.hire("bruno", BRUNO)
    await rounds(town, 3, 20, 45, 60, 120)


STORIES: dict[str, Story] = {
    story.__name__: story for story in (called_back, held, written, warned, missed, rang_in, cancelled, busy)
}
STEPS = {
    "called_back": 180,
    "held": 110,
    "written": 230,
    "warned": 240,
    "missed": 400,
    "rang_in": 240,
    "cancelled": 150,
}
"""How many steps each flow has, and some to spare: those that come of a fault."""
