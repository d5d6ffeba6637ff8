"""Where accounts are kept: the port, and its twin in memory."""

from collections.abc import Sequence
from typing import Protocol

from guichet.console.account import Account, AccountId
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId


class AccountStore(Protocol):
    """The accounts, inside the current transaction. A login, an agent and a provider's id belong to one account."""

    async def add(self, account: Account) -> None:
        """Keep a new account. Raises Conflict when its login, agent or provider's id is another one's."""
        ...

    async def get(self, account_id: AccountId) -> Account:
        """Return an account. Raises NotFound."""
        ...

    async def by_login(self, login: str) -> Account | None:
        """Return the account of a login (`account.read_login`)."""
        ...

    async def by_openid(self, openid: str) -> Account | None:
        """Return the account of somebody whom the provider of identities knows by that."""
        ...

    async def of_agent(self, agent: AgentId) -> Account | None:
        """Return the account of an agent."""
        ...

    async def all(self) -> Sequence[Account]:
        """Return every account, by name."""
        ...

    async def save(self, account: Account) -> None:
        """Write a changed account. Raises NotFound, and Conflict as `add` does."""
        ...

    async def take_step(self, account_id: AccountId, step: int) -> bool:
        """Take a code's step of time, if no code of it or of a later one was taken: atomic."""
        ...

    async def take_recovery(self, account_id: AccountId, digest: str) -> bool:
        """Take a recovery code, if it is left: it opens once."""
        ...


class MemoryAccountStore:
    """The twin in memory. No method awaits anything, so that each is atomic."""

    def __init__(self) -> None:
        self._accounts: dict[AccountId, Account] = {}

    async def add(self, account: Account) -> None:
        """Keep a new account."""
        self._check(account)
        self._accounts[account.id] = account

    async def get(self, account_id: AccountId) -> Account:
        """Return an account."""
        if account_id not in self._accounts:
            raise NotFound("there is no such account")
        return self._accounts[account_id]

    async def by_login(self, login: str) -> Account | None:
        """Return the account of a login."""
        return next((one for one in self._accounts.values() if one.login == login), None)

    async def by_openid(self, openid: str) -> Account | None:
        """Return the account of a provider's id."""
        return next((one for one in self._accounts.values() if one.openid == openid), None)

    async def of_agent(self, agent: AgentId) -> Account | None:
        """Return the account of an agent."""
        return next((one for one in self._accounts.values() if one.agent == agent), None)

    async def all(self) -> Sequence[Account]:
        """Return every account."""
        return sorted(self._accounts.values(), key=lambda one: (one.name, one.id))

    async def save(self, account: Account) -> None:
        """Write a changed account."""
        await self.get(account.id)
        self._check(account)
        self._accounts[account.id] = account

    async def take_step(self, account_id: AccountId, step: int) -> bool:
        """Take a code's step."""
        account = await self.get(account_id)
        if step <= account.totp_step:
            return False
        self._accounts[account_id] = account.evolve(totp_step=step)
        return True

    async def take_recovery(self, account_id: AccountId, digest: str) -> bool:
        """Take a recovery code."""
        account = await self.get(account_id)
        if digest not in account.recovery:
            return False
        left = tuple(one for one in account.recovery if one != digest)
        self._accounts[account_id] = account.evolve(recovery=left)
        return True

    def _check(self, account: Account) -> None:
        for other in self._accounts.values():
            same = (
                other.login == account.login,
                account.agent is not None and other.agent == account.agent,
                account.openid is not None and other.openid == account.openid,
            )
            if other.id != account.id and any(same):
                raise Conflict(TAKEN)


TAKEN = "another account has this login, agent or identity"
