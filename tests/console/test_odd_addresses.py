"""Addresses and fields that nobody types are refused in words, on every database; none of them breaks a page."""

import pytest

from guichet.console.role import Role
from tests.console.browsing import Visitor, signed_in
from tests.console.units import account
from tests.journeys.world import World


@pytest.fixture
async def ada(any_world: World) -> Visitor:
    return await signed_in(any_world, account("ada", role=Role.ADMINISTRATOR))


@pytest.mark.parametrize(
    "path",
    [
        "audit?from=0001-01-01&to=0001-01-01",
        "audit?from=9999-12-31&to=9999-12-31",
        "audit/csv?to=9999-12-31",
        "audit?actor=a%00b",
        "search?q=%00",
        "team/agents/a%00b",
        "recordings/%00",
    ],
)
async def test_an_odd_address_is_refused_in_words(ada: Visitor, path: str) -> None:
    page = await ada.go(f"/console/{path}")
    assert page.status in {400, 404}, page.words


async def test_a_zero_byte_in_a_form_is_left_out(ada: Visitor) -> None:
    given = {"name": "Zo\0é", "phone": "+33639980001", "language:fr": "yes", "skill:accueil": "2"}
    page = await ada.go("/console/team/new/agent", given)
    assert page.status in {200, 303}, page.words
    assert "Zoé" in (await ada.go("/console/team")).words
