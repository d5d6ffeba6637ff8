"""An account of the console: who may sign in, as what, and how they prove it. Pure."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NewType

from guichet.console.role import Role
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId
from guichet.core.language import Language

AccountId = NewType("AccountId", str)

LONGEST_LOGIN = 200


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    `login` is lower case (`read_login`). `password` is an argon2 hash, empty where only the provider of identities
    opens the account. `totp` is the secret of the second factor, `totp_step` the last step whose code was taken,
    `recovery` the digests of the codes left. `agent` is the agent they are, `openid` the provider's own id of them.
    """

    id: AccountId
    login: str
    name: str
    role: Role
    created_at: datetime
    language: Language = Language.FR
    password: str = field(default="", repr=False)
    totp: str | None = field(default=None, repr=False)
    totp_step: int = 0
    recovery: tuple[str, ...] = field(default=(), repr=False)
    agent: AgentId | None = None
    openid: str | None = None
    disabled_at: datetime | None = None

    @property
    def actor(self) -> str:
        """Their name in the audit trail."""
        return f"account:{self.id}"

    def evolve(self, **changes: Any) -> "Account":
        """Return a copy with changes."""
        return replace(self, **changes)


def read_login(text: str) -> str:
    """Return a login as it is kept: without spaces around it, lower case. Raises BadInput."""
    login = text.strip().lower()
    if not login or len(login) > LONGEST_LOGIN or any(letter.isspace() for letter in login):
        raise BadInput("a login is a name or an address without spaces, such as awa.diallo or awa.diallo@mairie.fr")
    return login
