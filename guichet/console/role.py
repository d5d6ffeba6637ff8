"""The roles of those who sign in. Pure."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody does here; who may do what is in `permissions`."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
