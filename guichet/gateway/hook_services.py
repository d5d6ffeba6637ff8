"""Composes what tells other systems."""

from guichet.console.hooks.addresses import Allowed
from guichet.console.hooks.sender import HttpSender
from guichet.console.hooks.service import Hooks
from guichet.core.clock import Clock
from guichet.gateway.database import Database
from guichet.gateway.settings import Settings


def hooks_of(settings: Settings, clock: Clock, database: Database) -> Hooks:
    """Return what makes deliveries. Raises BadInput for a HOOK_ALLOW that cannot be read."""
    return Hooks(database.begin, HttpSender(Allowed.parse(settings.hook_allow)), clock)
