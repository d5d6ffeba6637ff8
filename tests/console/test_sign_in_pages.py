import re
from datetime import timedelta

import pyotp
import pytest

from guichet.console.door import is_within
from guichet.console.role import Role
from guichet.console.session import IDLE
from tests.console.browsing import employed, signed_in, visitor
from tests.console.units import SECRET, account
from tests.journeys.world import World

RIGHT = {"login": "awa", "password": SECRET}


async def test_somebody_signs_in_with_a_password_and_out_again(world: World) -> None:
    await employed(world, account())
    awa = visitor(world)
    page = await awa.go("/console")
    assert (page.status, page.url) == (200, "/console/sign-in")
    page = await awa.go("/console/sign-in", RIGHT)
    assert page.status == 200
    assert "Awa" in page.words
    page = await awa.go("/console/sign-out", {})
    assert "Vous êtes déconnecté." in page.words
    assert (await awa.go("/console/account")).url.startswith("/console/sign-in")


async def test_cookies_are_bound_to_the_host_and_hidden_from_scripts(world: World) -> None:
    await employed(world, account())
    awa = visitor(world)
    await awa.go("/console/sign-in")
    page = await awa.ask("POST", "/console/sign-in", RIGHT)
    (line,) = [one for one in page.headers.getall("Set-Cookie") if one.startswith("__Host-guichet=")]  # type: ignore[attr-defined]
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in line
    assert "Domain" not in line


async def test_who_was_sent_to_sign_in_comes_to_the_page_they_wanted_and_to_no_other_host(world: World) -> None:
    await employed(world, account())
    awa = visitor(world)
    page = await awa.go("/console/sessions?x=1")
    assert 'name="next" value="/console/sessions?x=1"' in page.text
    page = await awa.ask("POST", "/console/sign-in", {**RIGHT, "next": "/console/sessions?x=1"})
    assert page.headers["Location"] == "/console/sessions?x=1"
    for elsewhere in ("https://evil.example/", "//evil.example", "/console/\\evil", "/console//evil.example", "/voice"):
        fresh = visitor(world)
        await fresh.go("/console/sign-in")
        page = await fresh.ask("POST", "/console/sign-in", {**RIGHT, "next": elsewhere})
        assert page.headers["Location"] == "/console/", elsewhere


async def test_a_wrong_password_is_told_without_saying_what_is_wrong_and_then_made_to_wait(world: World) -> None:
    await employed(world, account())
    awa = visitor(world)
    await awa.go("/console/sign-in")
    for _ in range(5):
        page = await awa.go("/console/sign-in", {"login": "awa", "password": "wrong <b>"})
        assert page.status == 403
        assert "L’identifiant ou le mot de passe n’est pas le bon." in page.words
    page = await awa.go("/console/sign-in", RIGHT)
    assert page.status == 429
    assert "Trop d’essais." in page.words
    world.clock.move(timedelta(seconds=31))
    assert (await awa.go("/console/sign-in", RIGHT)).status == 200


async def test_a_form_that_another_page_made_is_refused(world: World) -> None:
    awa = await signed_in(world)
    awa.token = "0" * 64
    assert (await awa.go("/console/language", {"language": "en"})).status == 403
    await awa.go("/console/account")
    awa.headers["Sec-Fetch-Site"] = "cross-site"
    assert (await awa.go("/console/language", {"language": "en"})).status == 403
    awa.headers["Sec-Fetch-Site"] = "same-origin"
    page = await awa.go("/console/language", {"language": "en", "back": "/console/account"})
    assert (page.status, page.url) == (200, "/console/account")
    assert '<html lang="en">' in page.text


async def test_a_stranger_reads_the_page_in_the_language_of_the_browser_or_their_choice(world: World) -> None:
    guest = visitor(world)
    guest.headers["Accept-Language"] = "en-GB,en;q=0.9"
    assert "Sign in" in (await guest.go("/console/sign-in")).words
    await guest.go("/console/language", {"language": "fr", "back": "/console/sign-in"})
    assert "Se connecter" in (await guest.go("/console/sign-in")).words


async def test_an_idle_session_is_over(world: World) -> None:
    awa = await signed_in(world)
    assert (await awa.go("/console/account")).url == "/console/account"
    world.clock.move(IDLE)
    assert (await awa.go("/console/account")).url.startswith("/console/sign-in")


async def test_a_supervisor_sets_a_second_factor_up_and_then_signs_in_with_it(world: World) -> None:
    await employed(world, account("sam", role=Role.SUPERVISOR))
    sam = visitor(world)
    await sam.go("/console/sign-in")
    page = await sam.go("/console/sign-in", {"login": "sam", "password": SECRET})
    assert page.url == "/console/second-factor"
    assert (await sam.go("/console/account")).url == "/console/second-factor"
    assert "<svg" in page.text
    assert "style=" not in page.text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page.text)
    assert secret
    assert (await sam.go("/console/second-factor", {"code": "000000"})).status == 403
    page = await sam.go("/console/second-factor", {"code": pyotp.TOTP(secret[1]).at(world.clock.now())})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", page.text)
    assert len(codes) == 10
    page = await sam.go("/console/second-factor", {})
    assert page.status == 200
    assert (await sam.go("/console/account")).url == "/console/account"
    await sam.go("/console/sign-out", {})
    await sam.go("/console/sign-in", {"login": "sam", "password": SECRET})
    page = await sam.go("/console/second-factor", {"code": codes[0]})
    assert (await sam.go("/console/account")).url == "/console/account"


async def test_who_has_found_a_session_open_does_not_exchange_the_second_factor(world: World) -> None:
    claire = await signed_in(world, account("claire", totp="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
    page = await claire.go("/console/account")
    page = await claire.go("/console/account/second-factor", {"password": "wrong"})
    assert "<svg" not in page.text
    assert "Le mot de passe actuel n’est pas le bon." in page.words
    page = await claire.go("/console/account/second-factor", {"password": SECRET})
    assert "<svg" in page.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/console//evil.example",
        "/console/\\evil",
        "/console/\r\nX: y",
        "/other",
    ],
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    assert not is_within(elsewhere)
    assert is_within("/console/cases/req_1?said=noted")


async def test_sessions_are_seen_and_ended(world: World) -> None:
    here, there = await signed_in(world), await signed_in(world)
    page = await here.go("/console/sessions")
    assert page.text.count("<tr>") == 3
    other = re.search(r'name="session" value="([0-9a-f]{64})"', page.text)
    assert other
    page = await here.go("/console/sessions/end", {"session": other[1]})
    assert "C’est terminé." in page.words
    assert (await there.go("/console/account")).url.startswith("/console/sign-in")
    third = await signed_in(world)
    await here.go("/console/sessions/end", {"session": "others"})
    assert (await third.go("/console/account")).url.startswith("/console/sign-in")
    assert (await here.go("/console/sessions/end", {"session": "0" * 64})).status == 404


async def test_a_password_is_changed(world: World) -> None:
    awa = await signed_in(world)
    new = "le vent tourne au nord"
    flaws = [
        ({"old": SECRET, "new": new, "again": "autre"}, 400),
        ({"old": SECRET, "new": "court", "again": "court"}, 400),
        ({"old": "wrong", "new": new, "again": new}, 400),
    ]
    for form, status in flaws:
        assert (await awa.go("/console/account/password", form)).status == status
    page = await awa.go("/console/account/password", {"old": SECRET, "new": new, "again": new})
    assert "Le mot de passe est changé" in page.words


@pytest.mark.parametrize("path", ["/console/nothing", "/console/cases", "/console/static/none.css"])
async def test_what_does_not_exist_is_a_page_that_says_so(world: World, path: str) -> None:
    awa = await signed_in(world)
    page = await awa.go(path)
    assert page.status == 404
    assert "Introuvable" in page.words


async def test_pages_are_not_kept_and_run_nothing_that_is_not_ours(world: World) -> None:
    awa = await signed_in(world)
    page = await awa.go("/console/account")
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", page.text)
    loaded = re.findall(r'(?:href|src)="(/console/static/[^"]+)"', page.text)
    assert len(loaded) >= 4
    total = len(page.text)
    for address in set(loaded):
        asset = await awa.go(address)
        assert "immutable" in asset.headers["Cache-Control"]
        total += len(asset.text)
    assert total < 150_000
