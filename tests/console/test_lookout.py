"""One look a second serves every open page; nobody looks where nobody follows."""

import asyncio
from collections.abc import Collection

from guichet.console.lookout import CaseOf, DeskOf, Lookout, Seen, Subject
from guichet.core.errors import Unavailable
from guichet.core.ids import AgentId, RequestId

DESK = DeskOf(AgentId("agent_1"), helps=False)
CASE = CaseOf(RequestId("req_1"))
PATIENCE = 20.0


class World:
    """What there is to be seen; `looks` are those that were taken."""

    def __init__(self) -> None:
        self.stamps: dict[Subject, str] = {DESK: "free", CASE: "waiting"}
        self.over: set[str] = set()
        self.looks: list[int] = []
        self.is_away = False
        self.looked = asyncio.Event()

    async def look(self, subjects: Collection[Subject], sessions: Collection[str]) -> Seen:
        """Look."""
        self.looks.append(len(subjects))
        self.looked.set()
        if self.is_away:
            raise Unavailable("the database is away")
        return Seen({one: self.stamps[one] for one in subjects}, frozenset(self.over & set(sessions)))


def nobody_left() -> bool:
    return False


async def looked(world: World, more: int = 1) -> None:
    """Wait for so many further looks."""
    wanted = len(world.looks) + more
    async with asyncio.timeout(PATIENCE):
        while len(world.looks) < wanted:
            world.looked.clear()
            await world.looked.wait()


async def test_fifty_pages_of_one_desk_are_one_look() -> None:
    world = World()
    lookout = Lookout(world.look, seconds=0.0)
    pages = [lookout.follow(DESK, f"session {n}", nobody_left) for n in range(50)]
    followers = [page.__enter__() for page in pages]
    await looked(world)
    assert [one.stamp for one in followers] == ["free"] * 50
    assert set(world.looks) == {1}
    for page in pages:
        page.__exit__(None, None, None)
    assert lookout.followers == 0


async def test_only_those_are_woken_for_whom_something_is_new() -> None:
    world = World()
    lookout = Lookout(world.look, seconds=0.0)
    with lookout.follow(DESK, "one", nobody_left) as desk, lookout.follow(CASE, "two", nobody_left) as case:
        await looked(world, 2)
        desk.woken.clear()
        case.woken.clear()
        world.stamps[CASE] = "taken"
        await looked(world, 2)
        assert (desk.woken.is_set(), case.woken.is_set(), case.stamp) == (False, True, "taken")


async def test_the_looking_ends_with_the_last_page_and_begins_with_the_next() -> None:
    world = World()
    lookout = Lookout(world.look, seconds=0.0)
    for _ in range(2):
        with lookout.follow(DESK, "one", nobody_left):
            await looked(world)
        await asyncio.sleep(0.01)
        taken = len(world.looks)
        await asyncio.sleep(0.01)
        assert len(world.looks) == taken


async def test_a_database_that_is_away_is_met_again() -> None:
    world = World()
    world.is_away = True
    lookout = Lookout(world.look, seconds=0.0)
    with lookout.follow(DESK, "one", nobody_left) as desk:
        await looked(world, 2)
        assert desk.stamp is None
        world.is_away = False
        await looked(world, 2)
        assert desk.stamp == "free"


async def test_whose_session_is_over_is_woken_to_leave_and_who_has_left_is_woken_to_go() -> None:
    world = World()
    lookout = Lookout(world.look, seconds=0.0)
    gone = False
    with lookout.follow(DESK, "one", lambda: gone) as one, lookout.follow(DESK, "two", nobody_left) as two:
        await looked(world, 2)
        one.woken.clear()
        two.woken.clear()
        gone = True
        world.over.add("two")
        await looked(world, 2)
        assert (one.woken.is_set(), two.woken.is_set(), two.is_over) == (True, True, True)
