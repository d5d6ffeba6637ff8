import pytest

from guichet.core.again import TRIES, again_on_conflict
from guichet.core.errors import Conflict


class Step:
    """A step that finds somebody quicker so many times."""

    def __init__(self, conflicts: int) -> None:
        self.left = conflicts
        self.done = 0

    @again_on_conflict
    async def take(self, word: str) -> str:
        """Do it."""
        self.done += 1
        self.left -= 1
        if self.left >= 0:
            raise Conflict("somebody was quicker")
        return word


@pytest.mark.parametrize("conflicts", range(TRIES))
async def test_a_step_is_done_again_until_nobody_is_quicker(conflicts: int) -> None:
    step = Step(conflicts)
    assert await step.take("mine") == "mine"
    assert step.done == conflicts + 1


async def test_a_step_is_not_done_for_ever() -> None:
    step = Step(100)
    with pytest.raises(Conflict):
        await step.take("mine")
    assert step.done == TRIES
