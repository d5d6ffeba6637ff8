"""Making and changing accounts: what the command line and administrators do."""

from dataclasses import dataclass, field

from guichet.console.account import Account, AccountId, read_login
from guichet.console.audit import Entry
from guichet.console.passwords import Passwords, read_password
from guichet.console.ports import BeginSignIn
from guichet.console.role import Role
from guichet.core.clock import Clock
from guichet.core.ids import AgentId, new_id
from guichet.core.language import Language


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account as it shall be. What is None stays as it is; a new account needs a password, or a provider."""

    login: str
    name: str | None = None
    role: Role | None = None
    password: str | None = field(default=None, repr=False)
    agent: AgentId | None = None
    language: Language | None = None
    forget_second_factor: bool = False
    is_disabled: bool | None = None


class Accounts:
    """Makes and changes accounts."""

    def __init__(self, begin: BeginSignIn, passwords: Passwords, clock: Clock) -> None:
        self._begin = begin
        self._passwords = passwords
        self._clock = clock

    async def put(self, wanted: Wanted, actor: str) -> tuple[Account, bool]:
        """Make an account, or change the one of that login; return it, and whether it is new.

        A new password, role or the end of an account ends its sessions. Raises BadInput, and Conflict for an agent
        who has an account already.
        """
        login = read_login(wanted.login)
        hashed = None
        if wanted.password is not None:
            hashed = await self._passwords.hash(read_password(wanted.password, login, wanted.name or ""))
        now = self._clock.now()
        async with self._begin() as unit:
            before = await unit.accounts.by_login(login)
            account = before or Account(AccountId(new_id("acc")), login, wanted.name or login, Role.AGENT, now)
            changes = {
                "name": wanted.name,
                "role": wanted.role,
                "password": hashed,
                "agent": wanted.agent,
                "language": wanted.language,
            }
            account = account.evolve(**{name: value for name, value in changes.items() if value is not None})
            if wanted.forget_second_factor:
                account = account.evolve(totp=None, recovery=())
            if wanted.is_disabled is not None:
                account = account.evolve(disabled_at=now if wanted.is_disabled else None)
            await (unit.accounts.add if before is None else unit.accounts.save)(account)
            if before is not None and (hashed or wanted.role not in (None, before.role) or wanted.is_disabled):
                await unit.sessions.end_all(account.id)
            changed = sorted(name for name, value in changes.items() if value is not None)
            action = "account.made" if before is None else "account.changed"
            detail = {"changed": changed, "role": account.role.value}
            await unit.audit.note(Entry(now, actor, action, f"account:{account.id}", detail))
        return account, before is None
