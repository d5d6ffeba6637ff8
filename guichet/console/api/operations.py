"""The table of operations: all that is served, documented and tested. Pure."""

from guichet.console.api import agents, citizens, contacts, hooks, messages, reports, requests, rules
from guichet.console.api.operation import Operation


def all_operations() -> tuple[Operation, ...]:
    """Return every operation of the API."""
    parts = (citizens, requests, contacts, messages, agents, rules, reports, hooks)
    return tuple(operation for part in parts for operation in part.operations())
