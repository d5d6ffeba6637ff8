from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from guichet.console.identities import account_of
from guichet.console.openid import Beginning, Identity, OpenId, Provider
from guichet.core.clock import ManualClock
from guichet.core.errors import Forged, Unavailable
from tests.console.provider import CLIENT, SECRET, LocalProvider, provider
from tests.console.units import NOON, MemoryUnit, account

BACK = "https://guichet.example/console/openid/callback"


@pytest.fixture
async def local() -> AsyncIterator[LocalProvider]:
    async with provider(ManualClock(NOON)) as running:
        yield running


def client(local: LocalProvider, clock: ManualClock | None = None, **changes: Any) -> OpenId:
    known = {"issuer": local.base, "client_id": CLIENT, "client_secret": SECRET, "redirect_uri": BACK}
    return OpenId(Provider(**{**known, **changes}), clock or ManualClock(NOON))


async def identity(local: LocalProvider, openid: OpenId) -> Identity:
    address, kept = await openid.begin()
    assert address.startswith(f"{local.base}/authorize?")
    return await openid.finish(local.consent(address), kept)


async def test_who_comes_back_is_known_by_the_claim_of_the_settings(local: LocalProvider) -> None:
    assert await identity(local, client(local)) == Identity(f"{local.base} 42", "Awa@mairie.example")
    local.claims["uid"] = "adiallo"
    assert (await identity(local, client(local, claim="uid"))).login == "adiallo"


async def test_a_provider_that_tells_the_address_in_a_signed_answer_only_is_understood(local: LocalProvider) -> None:
    local.claims, local.told = {"sub": "42"}, {"email": "awa@mairie.example"}
    assert (await identity(local, client(local))).login == "awa@mairie.example"
    local.told = {"sub": "43", "email": "awa@mairie.example"}
    with pytest.raises(Forged):
        await identity(local, client(local))


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"iss": "https://evil.example"},
        {"exp": int((NOON - timedelta(minutes=3)).timestamp())},
        {"exp": None},
        {"sub": None},
        {"email_verified": False},
        {"email": ""},
    ],
)
async def test_an_identity_that_is_not_for_us_and_of_now_is_refused(local: LocalProvider, lies: dict[str, Any]) -> None:
    local.lies = lies
    with pytest.raises(Forged):
        await identity(local, client(local))


async def test_a_signature_of_another_key_is_refused(local: LocalProvider) -> None:
    local.signs_with = rsa.generate_private_key(65537, 2048)
    with pytest.raises(Forged):
        await identity(local, client(local))


async def test_a_provider_may_change_its_keys(local: LocalProvider) -> None:
    openid = client(local)
    await identity(local, openid)
    local.key = rsa.generate_private_key(65537, 2048)
    assert (await identity(local, openid)).login == "Awa@mairie.example"


async def test_an_answer_to_another_browser_is_refused(local: LocalProvider) -> None:
    openid = client(local)
    address, kept = await openid.begin()
    answer = local.consent(address)
    for wrong in ({**answer, "state": "another"}, {"code": answer["code"]}, {"state": kept.state, "error": "denied"}):
        with pytest.raises(Forged):
            await openid.finish(wrong, kept)
    with pytest.raises(Forged):
        await openid.finish(answer, Beginning(kept.state, kept.nonce, "another verifier"))


async def test_a_code_opens_once(local: LocalProvider) -> None:
    openid = client(local)
    address, kept = await openid.begin()
    answer = local.consent(address)
    await openid.finish(answer, kept)
    with pytest.raises(Forged):
        await openid.finish(answer, kept)


async def test_a_provider_that_is_away_or_another_one_is_told() -> None:
    with pytest.raises(Unavailable):
        await OpenId(Provider("http://127.0.0.1:9", CLIENT, SECRET, BACK), ManualClock(NOON)).begin()


async def test_a_provider_that_calls_itself_otherwise_is_refused(local: LocalProvider) -> None:
    local.base, base = "https://evil.example", local.base
    with pytest.raises(Unavailable):
        await OpenId(Provider(base, CLIENT, SECRET, BACK), ManualClock(NOON)).begin()


async def test_an_identity_is_linked_to_the_account_it_names_once_for_all() -> None:
    unit, clock = MemoryUnit(), ManualClock(NOON)
    await unit.accounts.add(account("awa"))
    first = Identity("issuer 42", "AWA")
    found = await account_of(unit, first, clock)
    assert found
    assert found.openid == "issuer 42"
    renamed = await account_of(unit, Identity("issuer 42", "awa.diallo"), clock)
    assert renamed == found
    assert await account_of(unit, Identity("issuer 43", "awa"), clock) is None
    assert await account_of(unit, Identity("issuer 44", "not a login"), clock) is None
    await unit.accounts.save(found.evolve(disabled_at=NOON))
    assert await account_of(unit, first, clock) is None
    assert await unit.done() == ["identity.linked"]
