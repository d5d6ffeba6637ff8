"""Signing in and out: a login and a password, the second factor where there is one, a session kept on our side."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from guichet.console.account import Account, AccountId, read_login
from guichet.console.audit import Entry
from guichet.console.limits import REMEMBERED, USUAL, Past, digest_of, may_try_at, network_of
from guichet.console.passwords import Passwords, read_password
from guichet.console.ports import BeginSignIn, SignInUnit
from guichet.console.role import Role
from guichet.console.session import HALF_OPEN, LONGEST, SEEN_AGAIN, Session, Stage, id_of, new_token
from guichet.console.session_store import Try
from guichet.core.clock import Clock
from guichet.core.errors import BadInput, Conflict, NotFound

log = structlog.get_logger(__name__)
LONGEST_AGENT = 300
NOBODY = "nobody"
"""Who tries a login that does not exist, in the trail."""


@dataclass(frozen=True, slots=True)
class Browser:
    """Where somebody signs in from: an IP address, and what the browser calls itself."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was opened, and what its cookie holds."""

    session: Session
    account: Account
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wrong:
    """The login, the password or the code is wrong: which, is not told."""


@dataclass(frozen=True, slots=True)
class Wait:
    """There were too many attempts: the next one is taken at a moment."""

    until: datetime


class SignIn:
    """Opens, finds and ends sessions. `read` opens a transaction that only reads; `forced` need a second factor."""

    def __init__(
        self, begin: BeginSignIn, read: BeginSignIn, passwords: Passwords, clock: Clock, forced: Collection[Role] = ()
    ) -> None:
        self._begin = begin
        self._read = read
        self._passwords = passwords
        self._clock = clock
        self._forced = frozenset(forced)

    def is_forced(self, account: Account) -> bool:
        """Whether somebody must have a second factor."""
        return account.role in self._forced

    async def sign_in(self, login: str, password: str, browser: Browser) -> Opened | Wrong | Wait:
        """Check a password, and open a session: half open where a second factor follows."""
        try:
            known = read_login(login)
        except BadInput:
            return Wrong()
        async with self._begin() as unit:
            attempt = await count_try(unit, known, browser, self._clock.now())
            account = await unit.accounts.by_login(known)
        if isinstance(attempt, Wait):
            return attempt
        kept = account.password if account and account.disabled_at is None else ""
        if not await self._passwords.is_right(kept, password) or account is None:
            await self._refused(account, browser)
            return Wrong()
        fresh = await self._passwords.hash(password) if self._passwords.is_outdated(kept) else None
        async with self._begin() as unit:
            await unit.tries.succeeded(attempt)
            if fresh is not None:
                account = account.evolve(password=fresh)
                await unit.accounts.save(account)
            return await open_session(unit, account, browser, self._clock.now(), self._stage(account))

    async def open_known(self, account: Account, browser: Browser) -> Opened:
        """Open a session for somebody whom the provider of identities knows."""
        async with self._begin() as unit:
            return await open_session(unit, account, browser, self._clock.now(), Stage.OPEN)

    async def find(self, token: str) -> tuple[Session, Account] | None:
        """Return the session of a cookie, if it is alive, and whose it is."""
        now = self._clock.now()
        async with self._read() as unit:
            session = await unit.sessions.get(id_of(token))
            if session is None or not session.is_alive(now):
                return None
            account = await unit.accounts.get(session.account)
        if account.disabled_at is not None:
            return None
        if now - session.seen_at >= SEEN_AGAIN:
            session = session.evolve(seen_at=now)
            async with self._begin() as unit:
                await unit.sessions.save(session)
        return session, account

    async def sign_out(self, session: Session) -> None:
        """End a session."""
        async with self._begin() as unit:
            await unit.sessions.end(session.id)
            await unit.audit.note(Entry(self._clock.now(), f"account:{session.account}", "sign_in.ended"))

    async def end(self, account: Account, session_id: str) -> None:
        """End one of somebody's own sessions. Raises NotFound for another's."""
        async with self._begin() as unit:
            session = await unit.sessions.get(session_id)
            if session is None or session.account != account.id:
                raise NotFound("there is no such session")
            await unit.sessions.end(session_id)
            await unit.audit.note(Entry(self._clock.now(), account.actor, "session.revoked"))

    async def end_others(self, session: Session) -> int:
        """End every other session of who has this one."""
        async with self._begin() as unit:
            count = await unit.sessions.end_all(session.account, but=session.id)
            detail = {"count": count}
            await unit.audit.note(Entry(self._clock.now(), f"account:{session.account}", "session.revoked", "", detail))
        return count

    async def sessions_of(self, account: AccountId) -> list[Session]:
        """Return somebody's sessions that are alive, last seen first."""
        async with self._read() as unit:
            return [one for one in await unit.sessions.of_account(account) if one.is_alive(self._clock.now())]

    async def change_password(self, session: Session, old: str, new: str) -> bool:
        """Change one's own password and end one's other sessions; False: the old one is wrong. Raises BadInput."""
        if not await self.is_own_password(session, old):
            return False
        async with self._read() as unit:
            account = await unit.accounts.get(session.account)
        hashed = await self._passwords.hash(read_password(new, account.login, account.name))
        async with self._begin() as unit:
            await unit.accounts.save((await unit.accounts.get(account.id)).evolve(password=hashed))
            await unit.sessions.end_all(account.id, but=session.id)
            await unit.audit.note(Entry(self._clock.now(), account.actor, "password.changed", f"account:{account.id}"))
        return True

    async def is_own_password(self, session: Session, password: str) -> bool:
        """Whether a session's owner gives their password. Raises Conflict while too many were wrong.

        Who has found a session open guesses as slowly as at the door.
        """
        async with self._begin() as unit:
            account = await unit.accounts.get(session.account)
            browser = Browser(session.address, session.user_agent)
            attempt = await count_try(unit, f"password of {account.id}", browser, self._clock.now())
        if isinstance(attempt, Wait):
            raise Conflict("too many wrong passwords: wait a while, then try again")
        if not await self._passwords.is_right(account.password, password):
            return False
        async with self._begin() as unit:
            await unit.tries.succeeded(attempt)
        return True

    def _stage(self, account: Account) -> Stage:
        if account.totp:
            return Stage.SECOND_FACTOR
        return Stage.SETTING_UP if self.is_forced(account) else Stage.OPEN

    async def _refused(self, account: Account | None, browser: Browser) -> None:
        """Note a refusal, for logins that exist and those that do not alike: who waits learns nothing from how long."""
        async with self._begin() as unit:
            detail = {"address": network_of(browser.address)}
            actor = account.actor if account else NOBODY
            await unit.audit.note(Entry(self._clock.now(), actor, "sign_in.refused", "", detail))


async def count_try(unit: SignInUnit, what: str, browser: Browser, now: datetime) -> Try | Wait:
    """Count an attempt at a login (or at a second factor), or say when the next may be made."""
    key, address = digest_of(what), network_of(browser.address)
    past = Past(await unit.tries.failures(key, address, now - REMEMBERED), await unit.tries.last_success(key, address))
    at = may_try_at(past, key, address, now)
    if at > now:
        log.warning("sign_in_too_often", until=at.isoformat())
        return Wait(at)
    attempt = Try(key, address, now)
    await unit.tries.add(attempt)
    await unit.tries.forget_before(now - USUAL)
    return attempt


async def open_session(unit: SignInUnit, account: Account, browser: Browser, now: datetime, stage: Stage) -> Opened:
    """Open a session under a new cookie: one that somebody knew before never gets rights."""
    token = new_token()
    lasts: timedelta = LONGEST if stage is Stage.OPEN else HALF_OPEN
    session = Session(
        id=id_of(token),
        account=account.id,
        stage=stage,
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
        address=network_of(browser.address),
        user_agent=browser.user_agent[:LONGEST_AGENT],
    )
    await unit.sessions.forget_expired(now)
    await unit.sessions.add(session)
    if stage is Stage.OPEN:
        detail = {"address": session.address}
        await unit.audit.note(Entry(now, account.actor, "sign_in.opened", "", detail))
    return Opened(session, account, token)
