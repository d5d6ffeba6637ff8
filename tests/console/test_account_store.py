from collections.abc import AsyncIterator

import pytest

from guichet.console.account import AccountId
from guichet.console.account_sql_store import SqlAccountStore
from guichet.console.account_store import AccountStore, MemoryAccountStore
from guichet.console.role import Role
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language
from tests.conftest import BACKENDS, Engines
from tests.console.units import NOON, account


@pytest.fixture(params=BACKENDS)
async def store(request: pytest.FixtureRequest, engines: Engines) -> AsyncIterator[AccountStore]:
    if request.param == "memory":
        yield MemoryAccountStore()
        return
    async with engines(request.param) as engine, engine.begin() as connection:
        yield SqlAccountStore(connection)


FULL = account(
    "awa",
    role=Role.SUPERVISOR,
    language=Language.EN,
    totp="JBSWY3DPEHPK3PXP",
    totp_step=7,
    recovery=("one", "two"),
    agent=AgentId("agent_awa"),
    openid="https://id.example 42",
    disabled_at=NOON,
)


async def test_an_account_is_kept_whole_and_found_by_each_of_its_names(store: AccountStore) -> None:
    await store.add(FULL)
    assert await store.get(FULL.id) == FULL
    assert await store.by_login("awa") == FULL
    assert await store.by_openid("https://id.example 42") == FULL
    assert await store.of_agent(AgentId("agent_awa")) == FULL
    assert await store.by_login("paul") is None
    assert await store.of_agent(AgentId("agent_paul")) is None
    with pytest.raises(NotFound):
        await store.get(AccountId("acc_paul"))


async def test_accounts_are_listed_by_name(store: AccountStore) -> None:
    second, first = account("paul", name="Roy"), account("awa", name="Diallo")
    await store.add(second)
    await store.add(first)
    assert list(await store.all()) == [first, second]


@pytest.mark.parametrize(
    "other", [account("awa"), account("paul", agent=FULL.agent), account("paul", openid=FULL.openid)]
)
async def test_a_login_an_agent_and_an_identity_belong_to_one_account(store: AccountStore, other: object) -> None:
    await store.add(FULL)
    taken = other.evolve(id=AccountId("acc_paul"))  # type: ignore[attr-defined]
    with pytest.raises(Conflict):
        await store.add(taken)
    await store.add(account("lea", id=AccountId("acc_lea")))
    with pytest.raises(Conflict):
        await store.save(taken.evolve(id=AccountId("acc_lea")))
    assert [one.login for one in await store.all()] == ["awa", "lea"]


async def test_a_changed_account_is_written_over_the_one_of_its_id(store: AccountStore) -> None:
    await store.add(account())
    await store.save(account().evolve(role=Role.AUDITOR, agent=None))
    assert (await store.get(account().id)).role is Role.AUDITOR
    with pytest.raises(NotFound):
        await store.save(account("paul"))


async def test_a_code_and_a_recovery_code_are_taken_once(store: AccountStore) -> None:
    await store.add(FULL)
    assert await store.take_step(FULL.id, 8)
    assert not await store.take_step(FULL.id, 8)
    assert not await store.take_step(FULL.id, 7)
    assert await store.take_recovery(FULL.id, "two")
    assert not await store.take_recovery(FULL.id, "two")
    assert (await store.get(FULL.id)).recovery == ("one",)
