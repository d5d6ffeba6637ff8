"""Whose account an identity of the provider opens: the one linked to it, else the one whose login it names."""

from guichet.console.account import Account, read_login
from guichet.console.audit import Entry
from guichet.console.openid import Identity
from guichet.console.ports import SignInUnit
from guichet.core.clock import Clock
from guichet.core.errors import BadInput


async def account_of(unit: SignInUnit, identity: Identity, clock: Clock) -> Account | None:
    """Return the account, linking it the first time; None: nobody here, or no longer.

    An account that is linked to another identity is not opened by its login.
    """
    account = await unit.accounts.by_openid(identity.openid)
    if account is None:
        try:
            account = await unit.accounts.by_login(read_login(identity.login))
        except BadInput:
            return None
        if account is None or account.openid is not None:
            return None
        account = account.evolve(openid=identity.openid)
        await unit.accounts.save(account)
        await unit.audit.note(Entry(clock.now(), account.actor, "identity.linked", f"account:{account.id}"))
    return account if account.disabled_at is None else None
