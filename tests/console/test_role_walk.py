"""Every route of the console with every role, and none: what the table says is what happens."""

from pathlib import Path

import pytest

from guichet.console.permissions import ROOT, TABLE, Needs, permission_of
from guichet.console.role import Role
from guichet.console.session import Stage
from guichet.core.language import Language
from guichet.gateway.app import application
from tests.console.browsing import Visitor, signed_in, visitor
from tests.console.units import account
from tests.journeys.world import World

DOCS = Path(__file__).parents[2] / "docs"
STREAMS = {f"{ROOT}/desk/live", f"{ROOT}/cases/{{request}}/live", f"{ROOT}/board/live"}
"""Answered for ever; who may not see them is refused all the same."""


def routes(world: World) -> set[tuple[str, str]]:
    """Return method and path of every route of the console."""
    return {
        (route.method, route.resource.canonical)
        for route in application(world.services, None).router.routes()
        if route.resource is not None and route.resource.canonical.startswith(f"{ROOT}/") and route.method != "HEAD"
    }


def filled(path: str) -> str:
    for part in (
        "{request}",
        "{outcome}",
        "{flag}",
        "{name}",
        "{number}",
        "{replay}",
        "{contact}",
        "{account}",
        "{part}",
    ):
        path = path.replace(part, "none")
    return path


async def ask(person: Visitor, method: str, path: str) -> int:
    page = await person.ask(method, filled(path), {} if method == "POST" else None)
    if page.status == 303 and "sign-in" in page.headers["Location"] and not path.startswith(f"{ROOT}/openid"):
        return 401
    return page.status


async def test_every_route_has_a_line_in_the_table_and_every_line_a_route(world: World) -> None:
    assert routes(world) == {(permission.method, permission.path) for permission in TABLE}


async def test_who_has_not_signed_in_is_sent_to_do_so(world: World) -> None:
    guarded = 0
    for permission in TABLE:
        nobody = visitor(world)
        await nobody.go(f"{ROOT}/sign-in")
        status = await ask(nobody, permission.method, permission.path)
        if permission.needs is Needs.NOTHING:
            assert status in {200, 303, 400, 403, 404}, permission
        else:
            assert status == 401, permission
            guarded += 1
    assert guarded >= 10


async def test_who_has_signed_in_by_half_sees_the_second_factor_and_nothing_else(world: World) -> None:
    for permission in TABLE:
        if permission.needs is Needs.OPEN:
            half = await signed_in(world, account("half"), Stage.SECOND_FACTOR)
            page = await half.ask(
                permission.method, filled(permission.path), {} if permission.method == "POST" else None
            )
            assert (page.status, page.headers["Location"]) == (303, f"{ROOT}/second-factor"), permission


@pytest.mark.parametrize("role", Role)
async def test_a_role_may_do_what_the_table_says_and_no_more(world: World, role: Role) -> None:
    for permission in TABLE:
        if permission.path in STREAMS and role in permission.roles:
            continue
        person = await signed_in(world, account(role.value, role=role))
        status = await ask(person, permission.method, permission.path)
        if permission.needs is Needs.OPEN and role not in permission.roles:
            assert status == 403, permission
        else:
            assert status in {200, 303, 400, 404, 409} or permission.needs is not Needs.OPEN, (permission, status)
            assert status < 500, permission


def test_a_route_of_no_line_is_for_nobody() -> None:
    assert permission_of("GET", f"{ROOT}/forgotten") is None


@pytest.mark.parametrize(("language", "file"), [(Language.EN, "security.md"), (Language.FR, "securite.md")])
def test_the_guide_shows_the_table(language: Language, file: str) -> None:
    text = (DOCS / file).read_text("utf-8")
    for row in rows(language):
        assert row in text, row


def rows(language: Language) -> list[str]:
    """Return the lines of the guide's table: what may be done, and a tick for each role."""
    found: dict[str, frozenset[Role]] = {}
    for permission in TABLE:
        what = permission.what.to(language)
        assert found.setdefault(what, permission.roles) == permission.roles, what
    return [
        f"| {what} | {' | '.join('×' if role in roles else '–' for role in Role)} |" for what, roles in found.items()
    ]
