"""Accounts in SQL, the same on SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.console.account import Account, AccountId
from guichet.console.account_store import TAKEN
from guichet.console.role import Role
from guichet.console.tables import accounts
from guichet.core.errors import Conflict, NotFound
from guichet.core.ids import AgentId
from guichet.core.language import Language


class SqlAccountStore:
    """An AccountStore on one connection, inside its transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, account: Account) -> None:
        """Keep a new account."""
        await self._write(sa.insert(accounts).values(**_row(account)))

    async def get(self, account_id: AccountId) -> Account:
        """Return an account."""
        found = await self._one(accounts.c.id == account_id)
        if found is None:
            raise NotFound("there is no such account")
        return found

    async def by_login(self, login: str) -> Account | None:
        """Return the account of a login."""
        return await self._one(accounts.c.login == login)

    async def by_openid(self, openid: str) -> Account | None:
        """Return the account of a provider's id."""
        return await self._one(accounts.c.openid == openid)

    async def of_agent(self, agent: AgentId) -> Account | None:
        """Return the account of an agent."""
        return await self._one(accounts.c.agent == agent)

    async def all(self) -> Sequence[Account]:
        """Return every account."""
        query = sa.select(accounts).order_by(accounts.c.name, accounts.c.id)
        return [_account(row) for row in await self._connection.execute(query)]

    async def save(self, account: Account) -> None:
        """Write a changed account."""
        await self.get(account.id)
        await self._write(sa.update(accounts).where(accounts.c.id == account.id).values(**_row(account)))

    async def take_step(self, account_id: AccountId, step: int) -> bool:
        """Take a code's step: one statement checks as it writes."""
        fresh = sa.and_(accounts.c.id == account_id, accounts.c.totp_step < step)
        taken = sa.update(accounts).where(fresh).values(totp_step=step).returning(accounts.c.id)
        return (await self._connection.execute(taken)).first() is not None

    async def take_recovery(self, account_id: AccountId, digest: str) -> bool:
        """Take a recovery code; the row is locked where the database can."""
        query = sa.select(accounts.c.recovery).where(accounts.c.id == account_id).with_for_update()
        left = (await self._connection.execute(query)).scalar_one_or_none() or []
        if digest not in left:
            return False
        rest = [one for one in left if one != digest]
        await self._connection.execute(sa.update(accounts).where(accounts.c.id == account_id).values(recovery=rest))
        return True

    async def _one(self, condition: sa.ColumnElement[bool]) -> Account | None:
        row = (await self._connection.execute(sa.select(accounts).where(condition))).first()
        return None if row is None else _account(row)

    async def _write(self, statement: sa.Insert | sa.Update) -> None:
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(statement)
        except IntegrityError as error:
            raise Conflict(TAKEN) from error


def _row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "role": account.role.value,
        "language": account.language.value,
        "password": account.password,
        "totp": account.totp,
        "totp_step": account.totp_step,
        "recovery": list(account.recovery),
        "agent": account.agent,
        "openid": account.openid,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        id=AccountId(row.id),
        login=row.login,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        language=Language(row.language),
        password=row.password,
        totp=row.totp,
        totp_step=row.totp_step,
        recovery=tuple(row.recovery),
        agent=AgentId(row.agent) if row.agent else None,
        openid=row.openid,
        disabled_at=row.disabled_at,
    )
