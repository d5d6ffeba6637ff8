"""Texts with signs that nobody types are served as any other: some telephones and gateways put them there."""

import pytest

from tests.journeys import aftermath
from tests.journeys.people import LUCAS
from tests.journeys.world import World


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\u202e", "\ufffe", "\u0301", "\U0001f600"])
async def test_a_text_with_a_sign_that_nobody_types_opens_its_request(any_world: World, sign: str) -> None:
    await any_world.text(LUCAS, f"je voudrais un acte de naissance{sign}")
    (request,) = (await aftermath.check(any_world)).requests
    assert (request.intent, request.state) == ("etat_civil_acte", "waiting")
