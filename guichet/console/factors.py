"""The second factor of a session: giving its code, setting it up, doing without it."""

from guichet.console.account import Account
from guichet.console.audit import Entry
from guichet.console.ports import BeginSignIn, SignInUnit
from guichet.console.second_factor import digest_of, new_recovery_codes, new_secret, step_of
from guichet.console.session import Session, Stage
from guichet.console.sign_in import Browser, Opened, Wait, Wrong, count_try, open_session
from guichet.core.clock import Clock


class Factors:
    """Gives, sets up and removes second factors."""

    def __init__(self, begin: BeginSignIn, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock

    async def give(self, session: Session, code: str, browser: Browser) -> Opened | Wrong | Wait:
        """Open a session that is half open with a code of the application, or a recovery code: each opens once."""
        now = self._clock.now()
        async with self._begin() as unit:
            attempt = await count_try(unit, f"second factor of {session.account}", browser, now)
        if isinstance(attempt, Wait):
            return attempt
        async with self._begin() as unit:
            account = await unit.accounts.get(session.account)
            if not await self._is_right(unit, account, code):
                return Wrong()
            await unit.tries.succeeded(attempt)
            await unit.sessions.end(session.id)
            return await open_session(unit, account, browser, now, Stage.OPEN)

    async def offer(self, session: Session) -> str:
        """Return the secret to set the application up with: the same until it is confirmed."""
        if session.offered:
            return session.offered
        secret = new_secret()
        async with self._begin() as unit:
            await unit.sessions.save(session.evolve(offered=secret))
        return secret

    async def confirm(self, session: Session, code: str) -> tuple[str, ...]:
        """Take the application in once it shows the right code; return the recovery codes, nothing if it does not.

        Who has not signed in wholly cannot take the place of an application that is there.
        """
        now = self._clock.now()
        step = step_of(session.offered, code, now) if session.offered else None
        if step is None:
            return ()
        codes = new_recovery_codes()
        async with self._begin() as unit:
            account = await unit.accounts.get(session.account)
            if session.stage is not Stage.OPEN and (session.stage is not Stage.SETTING_UP or account.totp):
                return ()
            digests = tuple(digest_of(one) for one in codes)
            await unit.accounts.save(account.evolve(totp=session.offered, totp_step=step, recovery=digests))
            after = Stage.OPEN if session.stage is Stage.OPEN else Stage.SET_UP
            await unit.sessions.save(session.evolve(offered=None, stage=after))
            await unit.audit.note(Entry(now, account.actor, "second_factor.set_up", f"account:{account.id}"))
        return codes

    async def go_on(self, session: Session, browser: Browser) -> Opened | Wrong:
        """Open the session in which a second factor has just been set up."""
        if session.stage is not Stage.SET_UP:
            return Wrong()
        async with self._begin() as unit:
            account = await unit.accounts.get(session.account)
            await unit.sessions.end(session.id)
            return await open_session(unit, account, browser, self._clock.now(), Stage.OPEN)

    async def remove(self, session: Session) -> None:
        """Do without the second factor; that it is its owner who asks was made sure of (`SignIn.is_own_password`)."""
        async with self._begin() as unit:
            account = await unit.accounts.get(session.account)
            await unit.accounts.save(account.evolve(totp=None, recovery=()))
            subject = f"account:{account.id}"
            await unit.audit.note(Entry(self._clock.now(), account.actor, "second_factor.removed", subject))

    async def _is_right(self, unit: SignInUnit, account: Account, code: str) -> bool:
        step = step_of(account.totp, code, self._clock.now()) if account.totp else None
        if step is not None:
            return await unit.accounts.take_step(account.id, step)
        used = await unit.accounts.take_recovery(account.id, digest_of(code))
        if used:
            left = {"left": len(account.recovery) - 1}
            await unit.audit.note(Entry(self._clock.now(), account.actor, "recovery_code.used", "", left))
        return used
