"""What the console needs of a transaction. Pure."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from guichet.console.account_store import AccountStore
from guichet.console.audit import AuditStore
from guichet.console.session_store import SessionStore, TryStore


class SignInUnit(Protocol):
    """One transaction over who may sign in, and the trail of it."""

    @property
    def accounts(self) -> AccountStore:
        """The accounts."""
        ...

    @property
    def sessions(self) -> SessionStore:
        """The sessions."""
        ...

    @property
    def tries(self) -> TryStore:
        """The attempts to sign in."""
        ...

    @property
    def audit(self) -> AuditStore:
        """The audit trail."""
        ...


BeginSignIn = Callable[[], AbstractAsyncContextManager[SignInUnit]]
"""Opens a transaction; leaving the block commits, an exception rolls back."""
